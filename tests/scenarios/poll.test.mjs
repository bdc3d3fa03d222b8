// scenario: polls between two workers: who hears the counts, two opened at once, votes while it ends
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { post, uuid } from '../support/client.mjs';
import { connectTo } from '../support/workers.mjs';

let t;
let talk;
const here = {};
const there = {};
const write = (client, method, params) => client.call(method, { ...params, key: uuid() });
const fault = (promise) => promise.then(() => null, (e) => e.fault);

before(async () => {
	t = await demo();
	talk = t.access.talk;
	const [one, two] = t.instance.workerPids();
	here.ann = await connectTo(t.instance, one, 'attendees 0');
	there.bob = await connectTo(t.instance, two, 'attendees 1');
	here.mod = await connectTo(t.instance, one, 'moderator');
	there.org = await connectTo(t.instance, two, 'organiser');
	await there.bob.subscribe([`talk:${talk}`, `stage:${t.access.room}`]);
});
after(async () => {
	for (const client of [...Object.values(here), ...Object.values(there)]) client.close();
	await t.stop();
});

async function draft(results = 'after_vote', kind = 'single') {
	const poll = uuid();
	await write(here.mod, 'poll.create', { poll, talk, question: 'Which?', options: ['One', 'Two'], kind, results });
	return poll;
}
async function options(poll) {
	const { polls } = await here.mod.call('poll.list', { talk });
	return polls.find(({ id }) => id === poll).options.map(({ id }) => id);
}
/** One answer of channel.subscribe: its fault, or its tally. */
async function hears(client, poll) {
	const { channels: [reply] } = await client.call('channel.subscribe', { channels: [{ name: `poll:${poll}` }] });
	if (!reply.fault) await client.call('channel.unsubscribe', { channels: [`poll:${poll}`] });
	return reply.fault ?? reply.tally;
}

/** The counts, once so many voters are among them: what a worker knows follows the acknowledgement by a moment. */
async function counted(client, poll, voters) {
	for (const end = Date.now() + 45000; ;) {
		const tally = new Map(await hears(client, poll));
		if (tally.get('voters') === voters) return tally;
		assert.ok(Date.now() < end, `${voters} voters are heard of`);
	}
}

test('counts are heard by who has voted, and by nobody else but moderators', async () => {
	const poll = await draft();
	assert.equal(await hears(there.bob, poll), 'denied', 'a draft');
	await write(here.mod, 'poll.open', { poll, expect_version: 1 });
	const [one] = await options(poll);
	assert.equal(await hears(there.bob, poll), 'denied');
	await here.ann.call('poll.vote', { poll, options: [one], seq: 1 });
	assert.equal(await hears(there.bob, poll), 'denied', 'that another has voted changes nothing');
	const tally = await counted(here.ann, poll, 1);
	assert.equal(tally.get(one), 1);
	assert.ok(Array.isArray(await hears(there.org, poll)));
	assert.equal(await hears(there.bob, uuid()), 'denied', 'no such poll is told from no right to it');
	await there.bob.call('poll.vote', { poll, options: [one], seq: 1 });
	await counted(there.bob, poll, 2);
	await write(here.mod, 'poll.close', { poll, expect_version: 2 });
	const closed = await there.bob.waitEvent(`talk:${talk}`, 'poll.closed', ({ id }) => id === poll);
	assert.deepEqual(closed.data.counts.at(-1), ['voters', 2]);
});

test('two polls opened at once on two workers: one runs', async () => {
	for (let round = 0; round < 5; round++) {
		const [a, b] = [await draft(), await draft()];
		const faults = await Promise.all([fault(write(here.mod, 'poll.open', { poll: a, expect_version: 1 })), fault(write(there.org, 'poll.open', { poll: b, expect_version: 1 }))]);
		assert.deepEqual([...faults].sort(), [null, 'poll.running'].sort());
		const won = faults[0] === null ? a : b;
		await write(here.mod, 'poll.close', { poll: won, expect_version: 2 });
		await write(there.org, 'poll.remove', { poll: won === a ? b : a, expect_version: 1 });
	}
});

test('votes on both workers while it ends: those that were acknowledged are those that count', async () => {
	const tokens = t.access.tokens.attendees;
	for (let round = 0; round < 3; round++) {
		const poll = await draft('after_close');
		await write(here.mod, 'poll.open', { poll, expect_version: 1 });
		const ids = await options(poll);
		const cast = tokens.map((token, i) => post(t.access, 'poll.vote', { poll, options: [ids[i % 2]], seq: 1 }, { token }).then(({ body }) => body.error?.data.fault ?? null));
		const ended = fault(write(there.org, 'poll.close', { poll, expect_version: 2 }));
		const answers = await Promise.all(cast);
		assert.equal(await ended, null);
		assert.deepEqual(answers.filter((x) => x !== null && !['poll.closed', 'busy'].includes(x)), []);
		const { polls } = await here.mod.call('poll.list', { talk });
		const counts = new Map(polls.find(({ id }) => id === poll).counts);
		const acknowledged = answers.filter((x) => x === null).length;
		assert.equal(counts.get('voters'), acknowledged);
		assert.equal(counts.get(ids[0]) + counts.get(ids[1]), acknowledged);
	}
});
