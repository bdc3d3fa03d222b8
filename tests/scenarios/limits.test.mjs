// scenario: a person who floods is told to wait; everybody else goes on; and what was refused has changed nothing.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';

let t;
before(async () => {
	t = await demo();
});
after(() => t.stop());

const questions = async () => Number((await t.instance.pg.sql('plenum_owner', 'plenum', 'select count(*) from question'))[0][0]);

test('too many calls at once on one socket are busy, by name', async () => {
	const loud = await connect(t.access, 'attendees 3');
	// While the table is held no call can end, however fast the machine is.
	const held = t.instance.pg.sql('plenum_owner', 'plenum', 'begin; lock table question in access exclusive mode; select pg_sleep(60); commit').catch(() => {});
	const holder = async () => (await t.instance.pg.sql('plenum_owner', 'plenum', "select pid from pg_locks where relation = 'question'::regclass and mode = 'AccessExclusiveLock' and granted"))[0]?.[0];
	let pid;
	while (!(pid = await holder())) await sleep(50);
	const refused = new Map();
	const calls = Promise.all(Array.from({ length: 120 }, (_, i) => loud.call('qa.list', { talk: t.access.talk }).then(() => true, (error) => !refused.set(i, error))));
	const over = () => [...refused.keys()].filter((i) => i >= 64).length;
	for (const end = Date.now() + 45000; over() < 120 - 64 && Date.now() < end;) await sleep(20);
	await t.instance.pg.sql('plenum_owner', 'plenum', `select pg_cancel_backend(${pid})`);
	await held;
	const answered = await calls;
	// What waits too long for the table is refused as well, on a slow machine: the first 64 were at least taken.
	assert.equal(over(), 120 - 64);
	assert.ok(answered.slice(0, 64).some((good) => good), 'of the first 64 some were served');
	for (const { fault, data } of refused.values()) {
		assert.equal(fault, 'busy');
		assert.ok(data.retry_after_ms > 0);
	}
	loud.close();
});

test('a flood of one person is limited; another is served; a later call goes through', async () => {
	const loud = await connect(t.access, 'attendees 4');
	const quiet = await connect(t.access, 'attendees 5');
	let limited = null;
	// At once, so that nothing comes into the bucket meanwhile; those that are more than a socket may have under way come out of it as well.
	for (let round = 0; round < 30 && !limited; round++) {
		const results = await Promise.allSettled(Array.from({ length: 400 }, () => loud.call('qa.list', { talk: t.access.talk })));
		limited = results.find(({ status, reason }) => status === 'rejected' && reason.fault === 'limit.rate')?.reason ?? null;
	}
	assert.ok(limited, 'the bucket has a bottom');
	assert.ok(limited.data.retry_after_ms > 0);
	assert.ok((await quiet.call('qa.list', { talk: t.access.talk })).questions);
	await sleep(limited.data.retry_after_ms + 200);
	assert.ok((await loud.call('qa.list', { talk: t.access.talk })).questions);
	loud.close();
	quiet.close();
});

test('the eleventh question of a person in a talk is refused and not kept', async () => {
	const eager = await connect(t.access, 'attendees 6');
	const begun = await questions();
	for (let i = 0; i < 10; i++) {
		await eager.call('qa.ask', { question: uuid(), talk: t.access.talk, text: `Question ${i} of one person` });
		// A minute later; three at once and one every 15 s are another limit.
		await t.instance.pg.sql('plenum_owner', 'plenum', "update question set created = created - interval '1 minute'");
	}
	await assert.rejects(eager.call('qa.ask', { question: uuid(), talk: t.access.talk, text: 'One more' }), { fault: 'limit.rate' });
	assert.equal(await questions(), begun + 10);
	eager.close();
});
