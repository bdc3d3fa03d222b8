// scenario: a room runs late: guests on the other worker hear it in one push, lunch stays, the delay becomes the plan, and a worker killed in between loses nothing.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';
import { connectTo } from '../support/workers.mjs';

let t;
let guest;
let moderator;
let organiser;
let schedule;
const rooms = {};

const slotOf = (title, doc = schedule) => {
	const { id } = doc.sessions.find((session) => session.title === title);
	return doc.slots.find((slot) => slot.session === id);
};
const minutes = (from, to) => (Date.parse(to) - Date.parse(from)) / 60000;
const expected = (room) => guest.events('schedule').filter(({ type, data }) => type === 'expected.changed' && data.room === room);

before(async () => {
	t = await demo({ durable: true });
	await t.instance.plenum(['conference', 'clock', 'favrholm', '--at', '2021-05-02T10:22:00+02:00']);
	const [one, two] = t.instance.workerPids();
	guest = await connectTo(t.instance, two, { guest: '' }, { reconnect: true });
	moderator = await connectTo(t.instance, one, 'moderator', { reconnect: true });
	organiser = await connectTo(t.instance, one, 'organiser', { reconnect: true });
	schedule = await guest.call('schedule.get');
	for (const { id, name } of schedule.rooms) rooms[name] = id;
	await moderator.subscribe([`room:${rooms.Forum}`, `room:${rooms.Auditorium}`]);
	// What the clock's leap changes is looked at a second later, and told another second later.
	for (const end = Date.now() + 60000; ; await sleep(200)) {
		const [[due]] = await t.instance.pg.sql('plenum_owner', 'plenum', `select count(*) from due where kind in ('expect', 'now') and at < now() + interval '2 seconds'`);
		if (due === '0') break;
		assert.ok(Date.now() < end, 'the leap has been looked at');
	}
	await guest.subscribe(['schedule', 'now']);
});
after(async () => {
	for (const client of [guest, moderator, organiser]) client?.close();
	await t.stop();
});

test('a guest may not hear a room, and nobody but staff may press', async () => {
	const { channels: [reply] } = await guest.call('channel.subscribe', { channels: [{ name: `room:${rooms.Forum}` }] });
	assert.equal(reply.fault, 'denied');
	const attendee = await connect(t.access, 'attendees 3');
	for (const [method, params] of [['slot.start', { slot: slotOf('Lunch').id }], ['slot.on_time', { room: rooms.Forum }], ['slot.apply_delay', { room: rooms.Forum }]])
		await assert.rejects(attendee.write(method, params), { fault: 'denied' });
	await assert.rejects(moderator.write('slot.apply_delay', { room: rooms.Forum }), { fault: 'denied' });
	attendee.close();
});

test('a delay reaches the schedule and what is on now in one push', async () => {
	const first = slotOf('Short talks: Genomics and molecular diagnostics');
	const second = slotOf('Short talks: Targeted and cell-based therapies');
	await moderator.write('slot.start', { slot: first.id });
	await guest.waitEvent('schedule', 'slot.started', ({ id }) => id === first.id);
	await guest.waitEvent('now', 'now.changed', ({ rooms: list }) => list.some(({ room, now }) => room === rooms.Auditorium && now?.slot === first.id && now.state === 'running'));
	// Of this room: the clock tells of the others in between.
	const told = () => guest.events('schedule').filter(({ data }) => [rooms.Auditorium, first.id, second.id].some((id) => JSON.stringify(data).includes(id))).length;
	const shown = () => guest.events('now').map(({ data }) => JSON.stringify(data.rooms.find(({ room }) => room === rooms.Auditorium))).filter((one, i, all) => one !== all[i - 1]).length;
	const before = { schedule: told(), now: shown() };
	const reply = await moderator.write('slot.add_time', { slot: first.id, seconds: 900 });
	assert.equal(reply.added, 900);
	const { data } = await guest.waitEvent('schedule', 'expected.changed', ({ slots }) => slots.some(({ slot }) => slot === second.id));
	const late = data.slots.find(({ slot }) => slot === second.id);
	assert.ok(minutes(second.start, late.expected_start) >= 11, JSON.stringify(late));
	assert.equal(data.slots.find(({ slot }) => slot === first.id).added, 900);
	await guest.waitEvent('now', 'now.changed', ({ rooms: list }) => list.some(({ room, next }) => room === rooms.Auditorium && next?.expected_start === late.expected_start));
	assert.equal(told(), before.schedule + 1, 'one event on schedule');
	assert.equal(shown(), before.now + 1, 'one event on now');
	assert.equal(slotOf('Keynote: And back again', await guest.call('schedule.get')).expected_start, undefined, 'the keynote is an anchor');
});

test('lunch does not move: who runs the room is warned', async () => {
	const talks = slotOf('Short talks: Data and AI for clinical decisions');
	const lunch = slotOf('Lunch');
	assert.equal(lunch.anchor, true);
	await moderator.write('slot.start', { slot: talks.id });
	await moderator.write('slot.add_time', { slot: talks.id, seconds: 4200 });
	const { data } = await moderator.waitEvent(`room:${rooms.Forum}`, 'schedule.alarm', ({ alarm }) => alarm !== null);
	assert.equal(data.alarm.slot, lunch.id);
	assert.ok(data.alarm.deficit_s >= 420, JSON.stringify(data));
	await guest.waitEvent('schedule', 'expected.changed', ({ alarm }) => alarm?.slot === lunch.id);
	for (const { data: told } of expected(rooms.Forum)) assert.ok(!told.slots.some(({ slot }) => slot === lunch.id), 'lunch is never told to move');
	const doc = await guest.call('schedule.get');
	assert.equal(slotOf('Lunch', doc).expected_start, undefined);
	assert.equal(slotOf('Short talks: Data and AI for clinical decisions', doc).expected_end, lunch.start, 'shown to end when lunch begins');
	await moderator.write('slot.add_time', { slot: talks.id, seconds: -3600 });
	await moderator.waitEvent(`room:${rooms.Forum}`, 'schedule.alarm', ({ alarm }) => alarm === null);
});

test('the delay becomes the plan: a release of just these slots, and no drift is left', async () => {
	const second = slotOf('Short talks: Targeted and cell-based therapies');
	const late = slotOf('Short talks: Targeted and cell-based therapies', await guest.call('schedule.get'));
	const reply = await organiser.write('slot.apply_delay', { room: rooms.Auditorium });
	assert.equal(reply.changes, 1);
	const moved = await guest.waitEvent('schedule', 'slot.moved', ({ id }) => id === second.id);
	assert.equal(moved.data.start, late.expected_start);
	await guest.waitEvent('schedule', 'release.published', ({ release }) => release === reply.release);
	const doc = await guest.call('schedule.get');
	const planned = slotOf('Short talks: Targeted and cell-based therapies', doc);
	assert.deepEqual([planned.start, planned.end, planned.expected_start, planned.expected_end], [late.expected_start, late.expected_end, undefined, undefined]);
	assert.equal(slotOf('Keynote: And back again', doc).start, slotOf('Keynote: And back again').start);
	await assert.rejects(organiser.write('slot.apply_delay', { room: rooms.Auditorium }), { fault: 'release.nothing' });
	await assert.rejects(organiser.write('slot.apply_delay', { room: uuid() }), { fault: 'not_found' });
});

test('a worker killed after the press loses nothing and tells it once', async () => {
	const talks = slotOf('Short talks: Biomarkers and patient stratification');
	const press = { slot: talks.id, key: uuid() };
	const [one] = t.instance.workerPids();
	const sent = moderator.call('slot.start', press).catch((error) => error);
	process.kill(one, 'SIGKILL');
	await sent;
	const reply = await moderator.persist('slot.start', press);
	assert.equal(reply.slot, talks.id);
	assert.equal(JSON.stringify(await moderator.persist('slot.start', press)), JSON.stringify(reply));
	await guest.waitEvent('schedule', 'slot.started', ({ id }) => id === talks.id);
	await moderator.persist('slot.add_time', { slot: talks.id, seconds: 600, key: uuid() });
	await guest.waitEvent('schedule', 'expected.changed', ({ slots }) => slots.some(({ slot, added }) => slot === talks.id && added === 600));
	assert.equal(guest.events('schedule').filter(({ type, data }) => type === 'slot.started' && data.id === talks.id).length, 1);
	assert.deepEqual(guest.violations, []);
	assert.deepEqual(moderator.violations, []);
});

test('a room on time is on time for everybody', async () => {
	await moderator.persist('slot.on_time', { room: rooms['Lab Stage'], key: uuid() });
	const doc = await guest.call('schedule.get');
	const talks = slotOf('Short talks: Biomarkers and patient stratification', doc);
	assert.deepEqual([talks.started, talks.expected_end, talks.added], [talks.start, undefined, undefined]);
	const sign = await fetch(`${t.access.base}/now.json`);
	assert.equal(sign.status, 200);
	const again = await fetch(`${t.access.base}/now.json`, { headers: { 'if-none-match': sign.headers.get('etag') } });
	assert.ok(again.status === 304 || again.headers.get('etag') !== sign.headers.get('etag'));
});

test('two rooms begin at the same moment: what is on names both, whichever was told last', async () => {
	const next = Object.fromEntries((await guest.call('now.get')).rooms.map((room) => [room.room, room.next?.slot]));
	const [a, b] = [next[rooms.Forum], next[rooms.Auditorium]];
	assert.ok(a && b);
	const first = t.instance.pg.sql('plenum_owner', 'plenum',
		`select slot_start('${t.access.conference}', '${moderator.hello.person.id}', '${uuid()}', '\\x00', '${a}', null); select pg_sleep(1.5)`);
	await sleep(500);
	await Promise.all([first, moderator.persist('slot.start', { slot: b, key: uuid() })]);
	const told = () => guest.events('now').at(-1).data.rooms;
	const both = () => [a, b].every((slot) => told().some(({ now }) => now?.slot === slot));
	for (const end = Date.now() + 45000; !both() && Date.now() < end;) await sleep(50);
	assert.ok(both(), `both are on: ${JSON.stringify(told())}`);
});
