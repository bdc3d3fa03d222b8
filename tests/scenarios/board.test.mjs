// scenario: two chairs of one session of short talks press at once, over sockets of two workers, and one worker is killed in between: each press counts once, both see the same, the door and the clock reach them.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { RpcError, auth, connect, uuid } from '../support/client.mjs';
import { connectTo, workerOf } from '../support/workers.mjs';

let t;
let boss;
let one;
let two;
let session;
let board;
let talks;
let standby;

const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
const fault = (promise) => promise.then(() => 'done', (error) => (error instanceof RpcError ? error.fault : error.message));
const seen = async (client) => (await client.persist('talk.board', { session })).talks.map(({ title, state, added_s, ord }) => ({ title, state, added_s, ord }));

// A chair's phone with a name of its own, on this worker or any.
async function chair(name, pid) {
	const { code } = await boss.write('chair.invite', { session, name });
	const { body } = await auth(t.access, 'chair', { code });
	return pid ? connectTo(t.instance, pid, { token: body.token }, { reconnect: true }) : connect(t.access, { token: body.token }, { reconnect: true });
}

before(async () => {
	t = await demo();
	boss = await connect(t.access, 'organiser', { reconnect: true });
	const [[id]] = await sql(`select a.session from abstract a where a.conference = '${t.access.conference}' and a.outcome = 'standby' order by a.rank limit 1`);
	session = id;
	board = `board:${session}:mod`;
	await t.instance.plenum(['conference', 'clock', t.access.slug, '--at', '2021-05-02T09:40:00+02:00']);
	one = await chair('Chair One');
	two = await chair('Chair Two', -workerOf(t.instance, one));
	for (const each of [one, two]) await each.subscribe([board]);
	({ talks, standby } = await one.call('talk.board', { session }));
});
after(async () => {
	for (const each of [one, two, boss]) each?.close();
	await t.stop();
});

test('three quarters of an hour before, the alarm names who is nowhere, and the door takes one off it', async () => {
	const { alarms } = await one.call('talk.board', { session });
	assert.equal(alarms.length, talks.length);
	await sql(`with s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, at) select gen_random_uuid(), l.conference, l.id, g.person, '${talks[0].speaker.person}', '\\x00', plenum_now(l.conference) from checkin_list l join role_grant g on g.conference = l.conference and g.role = 'organiser' where l.id = '${t.access.list}' returning *) insert into admission (conference, list, person, scan, at) select conference, list, person, scan_id, at from s`);
	for (const each of [one, two]) await each.waitEvent(board, 'board.presence', (data) => data.person === talks[0].speaker.person && data.in_building);
	assert.ok((await two.call('talk.board', { session })).alarms.every((x) => x.talk !== talks[0].id));
});

test('the same press by both at once counts once; another order than was seen is refused', async () => {
	const abstract = standby[0].abstract;
	const replies = await Promise.all([one, two].map((each) => each.write('talk.promote', { talk: talks[4].id, abstract })));
	assert.equal(replies[0].talk, replies[1].talk);
	assert.deepEqual(replies.map((x) => !!x.noop).sort(), [false, true]);
	const waiting = async () => (await one.call('talk.board', { session })).talks.filter((x) => x.state === 'waiting').map((x) => x.id);
	const was = await waiting();
	const turned = [...was].reverse();
	const swapped = [was[1], was[0], ...was.slice(2)];
	assert.deepEqual((await Promise.all([fault(one.write('talk.order', { session, talks: turned, was })), fault(two.write('talk.order', { session, talks: swapped, was }))])).sort(), ['conflict', 'done']);
	const now = await waiting();
	assert.ok([turned, swapped].some((x) => x.join() === now.join()));
	await one.write('talk.order', { session, talks: was, was: now });

	const starts = await Promise.all([one, two].map((each) => fault(each.write('talk.start', { talk: talks[0].id }))));
	assert.deepEqual(starts.sort(), ['done', 'talk.state']);
	const added = await Promise.all([one, two].map((each) => fault(each.write('talk.add_time', { talk: talks[0].id, seconds: 60, expect_added: 0 }))));
	assert.deepEqual(added.sort(), ['conflict', 'done']);
	await Promise.all([one, two].map((each) => each.write('talk.pause', { talk: talks[0].id })));
	// One starts the next, the other says that the one who speaks goes on: whichever is first, both see one thing.
	await Promise.all([fault(one.write('talk.start', { talk: talks[1].id })), fault(two.write('talk.resume', { talk: talks[0].id }))]);
	const rows = await seen(one);
	assert.deepEqual(rows, await seen(two));
	assert.equal(rows.filter((x) => x.state === 'on' || x.state === 'paused').length, 1);
	assert.equal(rows[0].added_s, 60);
});

test('a worker killed under a press: sent again under its key it is there once, and both boards agree with the table', async () => {
	const key = uuid();
	const pressed = one.persist('talk.no_show', { talk: talks[2].id, value: true, key }, { ms: 60000 });
	process.kill(workerOf(t.instance, one), 'SIGKILL');
	await pressed;
	await one.persist('talk.no_show', { talk: talks[2].id, value: true, key }, { ms: 60000 });
	await two.waitEvent(board, 'board.changed', (data) => data.talks?.find((x) => x.id === talks[2].id)?.state === 'no_show');
	const [[events, replies]] = await sql(`select (select count(*) from channel_event e join channel c on c.id = e.channel where c.conference = '${t.access.conference}' and c.name = 'talk:${talks[2].id}' and e.type = 'talk.no_show'), (select count(*) from reply where key = '${key}')`);
	assert.deepEqual([events, replies], ['1', '1']);
	await one.persist('talk.start', { talk: talks[3].id, key: uuid() }, { ms: 60000 });
	await two.waitEvent(board, 'board.changed', (data) => data.talks?.find((x) => x.id === talks[3].id)?.state === 'on');
	const rows = await seen(two);
	assert.deepEqual(rows, await seen(boss));
	assert.deepEqual(rows.map((x) => x.ord), rows.map((x) => x.ord).sort((a, b) => a - b));
	assert.deepEqual(rows.map((x) => x.state), ['done', 'done', 'no_show', 'on', 'waiting', 'no_show']);
});
