// scenario: stopping politely: bye, what was begun is finished, 4550, exit 0; and a worker that dies is replaced.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';
import { connectTo, workerOf } from '../support/workers.mjs';

let t;

before(async () => {
	t = await demo();
});
after(() => t.stop());

test('SIGTERM of a worker: its sockets hear bye, then 4550; the other serves on; a new one comes', async () => {
	const [one, two] = t.instance.workerPids();
	const leaving = await connectTo(t.instance, one, 'attendees 0');
	const staying = await connectTo(t.instance, two, 'attendees 1');
	process.kill(one, 'SIGTERM');
	const bye = await leaving.wait((entry) => entry.kind === 'bye', 'bye');
	assert.equal(bye.after.length, 2);
	assert.ok(bye.after[0] <= bye.after[1]);
	assert.equal(await leaving.waitClose(60000), 4550);
	assert.equal((await staying.call('qa.list', { talk: t.access.talk })).talk, t.access.talk);
	for (let i = 0; i < 400 && t.instance.workerPids().filter((pid) => pid !== one).length < 2; i++) await sleep(100);
	const fresh = t.instance.workerPids().find((pid) => pid !== one && pid !== two);
	assert.ok(fresh, 'a new worker');
	const client = await connectTo(t.instance, fresh, 'attendees 2');
	assert.equal(workerOf(t.instance, client), fresh);
	for (const each of [staying, client]) each.close();
});

test('SIGKILL of a worker: the parent replaces it', async () => {
	const [victim] = t.instance.workerPids();
	process.kill(victim, 'SIGKILL');
	for (let i = 0; i < 400; i++) {
		await sleep(100);
		const now = t.instance.workerPids();
		if (now.length === 2 && !now.includes(victim)) break;
	}
	assert.equal(t.instance.workerPids().length, 2);
	const client = await connect(t.access, 'attendees 0', { reconnect: true });
	assert.ok(await client.persist('qa.list', { talk: t.access.talk }));
	client.close();
});

test('SIGTERM of the parent: every acknowledged write is there, exit 0', async () => {
	const client = await connect(t.access, 'attendees 5', { reconnect: false });
	const acked = [];
	let stopped = false;
	const asking = (async () => {
		for (let i = 0; i < 8 && !stopped; i++) {
			const question = uuid();
			try {
				await client.call('qa.ask', { question, talk: t.access.talk, text: `Draining ${i}` });
				acked.push(question);
			} catch {
				stopped = true;
			}
			await sleep(20);
		}
	})();
	for (const end = Date.now() + 30000; acked.length < 2 && !stopped && Date.now() < end;) await sleep(5);
	const code = await t.instance.stopGateway('SIGTERM', 60000);
	await asking;
	assert.equal(code, 0);
	const rows = await t.instance.pg.sql('plenum_owner', 'plenum', "select id from question where text like 'Draining %'");
	const stored = new Set(rows.map(([id]) => id));
	assert.ok(acked.length > 0);
	for (const id of acked) assert.ok(stored.has(id), `acknowledged and lost: ${id}`);
	await t.instance.startGateway();
	const back = await connect(t.access, 'attendees 5');
	assert.ok(back.hello);
	back.close();
});
