// scenario: coming back: from the ring, from the log after a restart, by snapshot when the cursor is of no use; never a partial replay.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { BIN, demo } from '../support/instance.mjs';
import { connect, uuid } from '../support/client.mjs';
import { connectTo } from '../support/workers.mjs';

const run = promisify(execFile);
let t;
let talk;
let channel;
let moderator;
let asked = 0;

before(async () => {
	t = await demo();
	talk = t.access.talk;
	channel = `talk:${talk}`;
	moderator = await connect(t.access, 'moderator', { reconnect: true });
});
after(async () => {
	moderator.close();
	await t.stop();
});

// Approved questions: one event each on the talk's channel.
async function publish(n) {
	const asker = await connect(t.access, `attendees ${(5 + asked) % 40}`);
	for (let i = 0; i < n; i++) {
		const question = uuid();
		await asker.persist('qa.ask', { question, talk, text: `Question ${++asked}` });
		await moderator.persist('qa.approve', { question, expect_version: 1, key: uuid() });
	}
	asker.close();
}

// A reader of the channel on each worker: what all of them have heard, no worker is behind of.
async function onEvery(who) {
	const readers = [];
	for (const pid of t.instance.workerPids()) readers.push(await connectTo(t.instance, pid, who));
	for (const reader of readers) await reader.subscribe([channel]);
	return readers;
}

test('a new subscriber gets a snapshot and what comes after it', async () => {
	await publish(2);
	const client = await connect(t.access, 'attendees 0');
	const reply = (await client.subscribe([channel]))[channel];
	assert.equal(reply.snapshot.questions.length, 2);
	assert.ok(reply.epoch);
	await publish(1);
	const event = await client.waitEvent(channel, 'question.added');
	assert.equal(event.position, reply.position + 1);
	client.close();
});

test('a cursor gets exactly what was missed, on any worker', async () => {
	const first = await connect(t.access, 'attendees 0');
	await first.subscribe([channel]);
	const since = first.cursor(channel);
	first.close();
	await publish(3);
	for (let i = 0; i < 6; i++) {
		const back = await connect(t.access, 'attendees 0');
		const reply = (await back.subscribe([{ name: channel, since }]))[channel];
		assert.ok(reply.events, 'events, not a snapshot');
		// A worker that has not read the newest yet sends it behind its reply.
		await back.wait(({ kind, channel: name, position }) => kind === 'event' && name === channel && position === since.position + 3, 'the third event');
		assert.deepEqual(back.events(channel).map(({ position }) => position), [1, 2, 3].map((n) => since.position + n));
		assert.deepEqual(back.violations, []);
		back.close();
	}
});

test('after a restart the log fills in what the ring lost', async () => {
	const client = await connect(t.access, 'attendees 0');
	await client.subscribe([channel]);
	const since = { ...client.cursor(channel), position: client.cursor(channel).position - 3 };
	client.close();
	await t.instance.stopGateway();
	await t.instance.startGateway();
	const back = await connect(t.access, 'attendees 0');
	const reply = (await back.subscribe([{ name: channel, since }]))[channel];
	assert.equal(reply.events.length, 3);
	assert.deepEqual(back.violations, []);
	back.close();
});

test('a reader who reconnects by itself misses nothing across a restart', async () => {
	const reader = await connect(t.access, 'attendees 1', { reconnect: true });
	try {
		await reader.subscribe([channel]);
		await publish(1);
		await t.instance.stopGateway();
		await t.instance.startGateway();
		await publish(2);
		await reader.wait((entry) => entry.kind === 'event' && entry.data.text === `Question ${asked}`, 'the last question');
		assert.deepEqual(reader.violations, []);
		assert.ok(!reader.log.slice(1).some((entry) => entry.kind === 'snapshot' && reader.log.indexOf(entry) > 1), 'events, no second snapshot');
	} finally {
		reader.close();
	}
});

test('another epoch, a cursor from the future: a snapshot', async () => {
	const client = await connect(t.access, 'attendees 2');
	const { position, epoch } = (await client.subscribe([channel]))[channel];
	for (const since of [{ epoch: 'another', position }, { epoch, position: position + 1000 }]) {
		const other = await connect(t.access, 'attendees 2');
		const reply = (await other.subscribe([{ name: channel, since }]))[channel];
		assert.ok(reply.snapshot, JSON.stringify(since));
		assert.equal(reply.position, position);
		other.close();
	}
	client.close();
});

test('too far behind: a snapshot, never a part', async () => {
	const client = await connect(t.access, 'attendees 2');
	const { epoch, position } = (await client.subscribe([channel]))[channel];
	const others = await onEvery('attendees 2');
	await t.instance.pg.sql('plenum_owner', 'plenum', `do $$ begin
		for i in 1..6 loop
			perform channel_append('${t.access.conference}', (select array_agg(row('${channel}', 'talk.started', '{"n":1}')::ev) from generate_series(1, 100)));
		end loop; end $$`);
	// On every worker: to one that is behind it is not yet too far.
	for (const one of [client, ...others]) await one.wait((entry) => entry.kind === 'event' && entry.position === position + 600, 'the last appended event');
	const back = await connect(t.access, 'attendees 2');
	const reply = (await back.subscribe([{ name: channel, since: { epoch, position: 1 } }]))[channel];
	assert.ok(reply.snapshot && !reply.events, `${reply.events?.length} events`);
	for (const one of [client, back, ...others]) one.close();
});

test('channels one may not hear or that are not there', async () => {
	const client = await connect(t.access, 'attendees 3');
	const names = { [`${channel}:mod`]: 'denied', draft: 'denied', [`person:${uuid()}`]: 'denied', [`list:${t.access.list}`]: 'denied',
		[`talk:${uuid()}`]: 'not_found', 'talk:x': 'not_found', nonsense: 'not_found' };
	const replies = await client.subscribe(Object.keys(names));
	for (const [name, fault] of Object.entries(names)) {
		const got = replies[name].fault;
		assert.ok(got === fault || (got === 'denied' && fault === 'not_found'), `${name}: ${got}, not ${fault}`);
	}
	const guest = await connect(t.access, { guest: '' });
	const open = await guest.subscribe(['schedule', 'now', channel]);
	assert.ok(open.schedule.snapshot && open.now.snapshot);
	assert.equal(open[channel].fault, 'denied');
	const document = await fetch(new URL(open.schedule.snapshot.snapshot_url, t.access.base));
	assert.equal(document.status, 200);
	assert.ok((await document.json()).slots.length > 0);
	guest.close();
	client.close();
});

test('unsubscribed is quiet', async () => {
	const client = await connect(t.access, 'attendees 4');
	await client.subscribe([channel]);
	await client.call('channel.unsubscribe', { channels: [channel] });
	const before = client.log.length;
	await publish(1);
	await new Promise((resolve) => setTimeout(resolve, 400));
	assert.equal(client.log.slice(before).filter(({ kind }) => kind === 'event').length, 0);
	client.close();
});

// The command line tells what would go, does it, and does it no second time; no gateway serves what it had in memory.
test('somebody is erased: their session ends, and a cursor of before gets a snapshot without them', async () => {
	const plenum = async (...words) => {
		try {
			const { stdout } = await run(path.join(BIN, 'plenum'), words, { env: { ...process.env, PLENUM_CONFIG: t.instance.configFile } });
			return { status: 0, out: stdout };
		} catch (error) {
			return { status: error.code, out: error.stdout + error.stderr };
		}
	};
	const asker = await connect(t.access, 'attendees 30');
	const { person } = await asker.call('people.get', {});
	const question = uuid();
	await asker.persist('qa.ask', { question, talk, text: 'Shall this be forgotten?' });
	await moderator.persist('qa.approve', { question, expect_version: 1, key: uuid() });
	const readers = await onEvery('attendees 31');
	const since = readers[0].cursor(channel);
	const before = { epoch: since.epoch, position: since.position - 1 };

	const dry = await plenum('erase', '--email', person.email, '--dry-run', '--json');
	assert.equal(dry.status, 0, dry.out);
	assert.equal(JSON.parse(dry.out).conferences[0].rows.question, 1);
	const done = await plenum('erase', '--email', person.email);
	assert.equal(done.status, 0, done.out);
	assert.match(done.out, /erased, or their name taken out[^]*1 {2}question/);
	assert.equal(await asker.waitClose(), 4451);
	for (const reader of readers) await reader.wait((m) => m.kind === 'resync' && m.channels.includes(channel), 'resync');
	for (let i = 0; i < 4; i++) {
		const back = await connect(t.access, 'attendees 31');
		const reply = (await back.subscribe([{ name: channel, since: before }]))[channel];
		assert.ok(reply.snapshot, 'no events of before');
		assert.ok(!JSON.stringify(reply).includes('forgotten'));
		back.close();
	}
	for (const reader of readers) reader.close();
	assert.match((await plenum('erase', '--email', person.email)).out, /^nothing known of that address/);
	assert.equal((await plenum('erase')).status, 2);
	const nowhere = await plenum('erase', '--email', person.email, '--conference', 'nowhere');
	assert.equal(nowhere.status, 1);
	assert.match(nowhere.out, /not_found/);
});
