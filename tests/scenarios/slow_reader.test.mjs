// scenario: one who does not read gets resync or is closed, and does not hold up those who do.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, sleep } from '../support/client.mjs';

let t;

before(async () => {
	t = await demo({ workers: 1 });
});
after(() => t.stop());

const EVENTS = 40;
const BATCHES = 40;

test('a slow reader resyncs; the others get everything', async () => {
	const channel = `talk:${t.access.talk}`;
	const slow = await connect(t.access, 'attendees 0');
	const quick = await connect(t.access, 'attendees 1');
	await slow.subscribe([channel]);
	await quick.subscribe([channel]);
	const start = quick.cursor(channel).position;
	slow.ws.pause();
	const delays = [];
	for (let i = 0; i < BATCHES; i++) {
		const begun = Date.now();
		await t.instance.pg.sql('plenum_owner', 'plenum', `select 1 from channel_append('${t.access.conference}', (select array_agg(row('${channel}', 'talk.started',
			json_build_object('batch', ${i}, 'padding', repeat('x', 12000)))::ev) from generate_series(1, ${EVENTS})))`);
		await quick.wait((entry) => entry.kind === 'event' && entry.position === start + (i + 1) * EVENTS, `batch ${i}`, 60000);
		delays.push(Date.now() - begun);
	}
	assert.deepEqual(quick.violations, []);
	assert.equal(quick.events(channel).length, BATCHES * EVENTS);
	console.log(`the median batch took ${delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)]} ms beside a reader that stands still`);
	const cursor = slow.cursor(channel);
	slow.ws.resume();
	const outcome = await Promise.race([
		slow.wait((entry) => entry.kind === 'resync', 'resync', 60000).then(() => 'resync'),
		slow.closed.then((code) => `closed ${code}`),
	]);
	// On a slow machine it is closed for answering no ping either, and the code may not reach one whose buffers are full.
	assert.ok(['resync', 'closed 4510', 'closed 4511', 'closed 1006'].includes(outcome), outcome);
	assert.deepEqual(slow.violations, [], 'in order as far as it got');
	assert.ok(slow.cursor(channel).position < start + BATCHES * EVENTS, 'it did not get everything');
	if (outcome === 'resync') {
		await sleep(200);
		const reply = (await slow.subscribe([{ name: channel, since: slow.cursor(channel) }]))[channel];
		assert.ok(reply.snapshot || reply.events);
		assert.equal(reply.position, start + BATCHES * EVENTS);
	}
	assert.ok(cursor.position >= start);
	for (const client of [slow, quick]) client.close();
});
