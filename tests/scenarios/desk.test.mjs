// scenario: two moderators, a chair and an organiser at one session's desk, over sockets of two workers.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { RpcError, auth, connect, uuid } from '../support/client.mjs';

let t;
let ana;
let ben;
let boss;
let asker;
let session;
let other;
let desk;
let mod;
const question = uuid();

const refused = (promise, fault) => assert.rejects(promise, (error) => error instanceof RpcError && error.fault === fault);
const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);

before(async () => {
	t = await demo();
	ana = await connect(t.access, 'moderator');
	boss = await connect(t.access, 'organiser');
	asker = await connect(t.access, 'attendees 0');
	const token = (await t.instance.plenum(['token', '--role', 'moderator', '--email', 'ben@example.org', '--name', 'Ben Second'])).trim();
	ben = await connect(t.access, { token });
	const { sessions, slots } = await boss.call('schedule.get');
	session = sessions.find((each) => each.talks.some(({ id }) => id === t.access.talk)).id;
	other = slots.find((each) => each.session !== session).session;
	desk = `desk:${session}`;
	mod = `talk:${t.access.talk}:mod`;
	await ana.subscribe([desk, mod]);
	await ben.subscribe([desk, mod]);
	await asker.call('qa.ask', { question, talk: t.access.talk, text: 'Who is on this?' });
});
after(async () => {
	for (const one of [ana, ben, boss, asker]) one.close();
	await t.stop();
});

test('each sees who else is there and what they are on', async () => {
	await ana.call('qa.here', { session });
	await ben.call('qa.here', { session });
	await ana.waitEvent(desk, 'moderator.changed', ({ moderators }) => moderators.length === 2 && moderators.some(({ name }) => name === 'Ben Second'));
	const { claim } = await ana.call('qa.claim', { question, value: true });
	assert.equal(claim.by.id, ana.hello.person.id);
	await ben.waitEvent(mod, 'claim.changed', (data) => data.question === question && data.claim?.by.id === ana.hello.person.id);
	await refused(ben.call('qa.claim', { question, value: true }), 'qa.claimed');
	await refused(asker.call('qa.claim', { question, value: true }), 'denied');
	const denied = await asker.subscribe([desk, `chair:${session}`]);
	assert.equal(denied[desk].fault, 'denied');
	assert.equal(denied[`chair:${session}`].fault, 'denied');
});

test('a socket that dies takes its claim and its place with it, when the lease is over', async () => {
	// Ben goes on being there, however long ago he came.
	await ben.call('qa.here', { session });
	ana.ended = true;
	ana.ws.terminate();
	await sql(`update claim set until = now() - interval '1 second'; update moderator_here set seen = now() - interval '51 seconds' where person = '${ana.hello.person.id}';
		update due set at = now() where kind in ('claim', 'here')`);
	await ben.waitEvent(mod, 'claim.changed', (data) => data.question === question && data.claim === null);
	await ben.waitEvent(desk, 'moderator.changed', ({ moderators }) => moderators.length === 1 && moderators[0].name === 'Ben Second');
	await ben.call('qa.claim', { question, value: true });
	ana = await connect(t.access, 'moderator');
	const back = await ana.subscribe([desk, mod]);
	assert.deepEqual(back[desk].snapshot.moderators.map(({ name }) => name), ['Ben Second']);
});

test('the desk is handed over where both can see it, with what was claimed', async () => {
	await ana.call('qa.here', { session });
	// Half a minute, from now.
	await ben.call('qa.claim', { question, value: true });
	await ben.write('desk.take', { session });
	await ben.write('desk.offer', { session, to: ana.hello.person.id, note: 'Two questions wait' });
	await ana.waitEvent(desk, 'desk.changed', ({ offer }) => offer?.note === 'Two questions wait' && offer.by.name === 'Ben Second');
	const { claims } = await ana.write('desk.accept', { session });
	assert.deepEqual(claims, [question]);
	await ben.waitEvent(desk, 'desk.changed', ({ lead, offer }) => lead?.id === ana.hello.person.id && offer === null);
});

test('a chair joins with the code, once, and answers what is sent behind the stage', async () => {
	const { code } = await ana.write('chair.invite', { session, name: 'Prof. Chair' });
	const joined = await auth(t.access, 'chair', { code });
	assert.equal(joined.status, 200, JSON.stringify(joined.body));
	assert.equal(joined.cookie, null);
	assert.equal((await auth(t.access, 'chair', { code })).body.fault, 'auth.code');
	await ben.waitEvent(desk, 'chair.changed', ({ chairs }) => chairs.length === 1 && chairs[0].name === 'Prof. Chair');
	const chair = await connect(t.access, { token: joined.body.token });
	assert.deepEqual(chair.hello.roles, ['chair']);
	assert.equal(chair.hello.station.session, session);
	const heard = await chair.subscribe([`chair:${session}`, `chair:${other}`, desk, mod]);
	assert.equal(heard[`chair:${session}`].snapshot.session, session);
	for (const name of [`chair:${other}`, desk, mod]) assert.equal(heard[name].fault, 'denied', name);
	const message = uuid();
	await ben.call('backstage.send', { message, session, audience: 'chair', text: 'One more, then close' });
	await chair.waitEvent(`chair:${session}`, 'backstage.sent', ({ id }) => id === message);
	await refused(ben.call('backstage.ack', { message }), 'denied');
	await chair.call('backstage.ack', { message });
	await ben.waitEvent(desk, 'backstage.acked', ({ id, acked }) => id === message && acked.name === 'Prof. Chair');
	await refused(chair.call('backstage.send', { message: uuid(), session: other, audience: 'desk', text: 'x' }), 'denied');
	await refused(chair.write('qa.approve', { question, expect_version: 1 }), 'denied');
	await ana.write('chair.revoke', { station: chair.hello.station.id });
	assert.equal(await chair.waitClose(), 4451);
	await assert.rejects(connect(t.access, { token: joined.body.token }));
});

test('a moderator whose role was taken is refused at once and hears nothing more', async () => {
	await boss.write('people.grant', { person: ben.hello.person.id, role: 'moderator', value: false });
	await refused(ben.write('qa.approve', { question, expect_version: 1 }), 'denied');
	await ben.wait(({ kind, roles }) => kind === 'session.changed' && !roles.includes('moderator'), 'session.changed');
	const before = ben.log.length;
	await ana.write('desk.take', { session });
	await ana.write('qa.approve', { question, expect_version: 1 });
	await ana.waitEvent(mod, 'question.updated', ({ id, state }) => id === question && state === 'approved');
	const again = await ben.subscribe([desk, mod]);
	assert.equal(again[desk].fault, 'denied');
	assert.equal(again[mod].fault, 'denied');
	assert.deepEqual(ben.log.slice(before).filter(({ kind }) => kind === 'event'), []);
});
