// scenario: opening a session: the first message, tickets, sign-in by mail, entry code and desk, devices; and roles that bite while sockets are open.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { Client, RpcError, auth, connect, post, sleep, uuid } from '../support/client.mjs';
import { mailTo, sixDigits } from '../support/mail.mjs';

let t;
const seen = new Set();

before(async () => {
	t = await demo();
});
after(() => t.stop());

const silent = () => new Client(t.access.ws, null).open();

test('the first message is session.open, in time, and small', async () => {
	const other = await silent();
	await assert.rejects(other.call('qa.list', { talk: t.access.talk }), { fault: 'auth.required' });
	assert.equal(await other.waitClose(), 4401);
	const large = await silent();
	large.call('session.open', { token: 'x'.repeat(3000) }).catch(() => {});
	const code = await large.waitClose();
	assert.ok([4401, 4400, 1009].includes(code), String(code));
	const begun = Date.now();
	const late = await silent();
	assert.equal(await late.waitClose(), 4408);
	assert.ok(Date.now() - begun > 4000);
});

async function signIn(email) {
	const { body } = await auth(t.access, 'start', { email });
	const code = sixDigits(await mailTo(t.instance.mailDir, email, seen));
	return auth(t.access, 'finish', { request: body.request, code });
}

test('by mail: the cookie, the ticket, once', async () => {
	const done = await signIn('attendee51@example.org');
	assert.equal(done.status, 200);
	assert.match(done.set, /^__Host-plenum-favrholm=/);
	for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) assert.ok(done.set.includes(attribute), attribute);
	const { body } = await auth(t.access, 'ticket', {}, { cookie: done.cookie });
	const results = await Promise.allSettled(Array.from({ length: 8 }, () => connect(t.access, { ticket: body.ticket })));
	const won = results.filter(({ status }) => status === 'fulfilled');
	assert.equal(won.length, 1, 'eight at once, one wins');
	assert.equal(won[0].value.hello.person.name, 'Attendee 51');
	for (const { reason } of results.filter(({ status }) => status === 'rejected')) assert.equal(reason.fault, 'auth.required');
	won[0].value.close();
	const noCookie = await auth(t.access, 'ticket', {});
	assert.equal(noCookie.status, 401);
	const foreign = await auth(t.access, 'ticket', {}, { cookie: done.cookie, origin: 'https://elsewhere.example' });
	assert.equal(foreign.status, 403);
});

test('an unknown address looks the same; a code has five tries', async () => {
	const known = await auth(t.access, 'start', { email: 'attendee52@example.org' });
	const unknown = await auth(t.access, 'start', { email: 'nobody@example.org' });
	assert.equal(known.status, unknown.status);
	assert.deepEqual(Object.keys(known.body), Object.keys(unknown.body));
	const code = sixDigits(await mailTo(t.instance.mailDir, 'attendee52@example.org', seen));
	const wrong = String((Number(code) + 1) % 1000000).padStart(6, '0');
	for (let i = 0; i < 5; i++) assert.equal((await auth(t.access, 'finish', { request: known.body.request, code: wrong })).status >= 400, true);
	const right = await auth(t.access, 'finish', { request: known.body.request, code });
	assert.ok(right.status >= 400, 'the right code after five wrong ones');
	assert.ok((await auth(t.access, 'finish', { request: unknown.body.request, code: '123456' })).status >= 400);
});

test('by entry code, and the owner is told', async () => {
	const email = 'attendee1@example.org';
	const done = await auth(t.access, 'entry', { email, entry_code: t.access.codes[0] });
	assert.equal(done.status, 200, JSON.stringify(done.body));
	assert.equal(done.body.person.name, 'Attendee 1');
	const mail = await mailTo(t.instance.mailDir, email, seen);
	assert.ok(!mail.includes(t.access.codes[0]), 'the mail does not repeat the code');
	const other = { email: 'attendee9@example.org' };
	for (let i = 0; i < 5; i++) assert.ok((await auth(t.access, 'entry', { ...other, entry_code: t.access.codes[0] })).status >= 400);
	assert.ok((await auth(t.access, 'entry', { ...other, entry_code: t.access.codes[8] })).status >= 400, 'the right code after five wrong ones');
});

test('by a code from the desk, once', async () => {
	const desk = await connect(t.access, 'desk');
	const { people } = await desk.call('people.find', { text: 'Attendee 53' });
	const { code } = await desk.write('login.issue', { person: people[0].id });
	assert.match(code, /^[A-Z]{8}$/);
	const done = await auth(t.access, 'desk', { code });
	assert.equal(done.status, 200, JSON.stringify(done.body));
	assert.ok((await auth(t.access, 'desk', { code })).status >= 400, 'a second time');
	const logged = await t.instance.pg.sql('plenum_owner', 'plenum', `select count(*) from audit where actor = '${desk.hello.person.id}' and subject like '%${people[0].id}%'`);
	assert.equal(logged[0][0], '1');
	desk.close();
});

test('signing out ends the session behind the socket', async () => {
	const done = await signIn('attendee54@example.org');
	const { body } = await auth(t.access, 'ticket', {}, { cookie: done.cookie });
	const client = await connect(t.access, { ticket: body.ticket });
	await auth(t.access, 'logout', {}, { cookie: done.cookie });
	const code = await client.waitClose();
	assert.ok(code >= 4450 && code < 4500 || code === 4403, String(code));
	assert.equal((await auth(t.access, 'ticket', {}, { cookie: done.cookie })).status, 401);
});

test('a role taken away bites within two seconds, on the open socket and over POST', async () => {
	const moderator = await connect(t.access, 'moderator');
	const channel = `talk:${t.access.talk}:mod`;
	const asker = await connect(t.access, 'attendees 3');
	await moderator.subscribe([channel]);
	assert.ok(moderator.hello.roles.includes('moderator'));
	// As the organiser's import does it: the roles of a row are the person's roles.
	const organiser = await connect(t.access, 'organiser');
	const { rows } = await organiser.write('people.import', { rows: [{ email: 'moderator@example.org', name: 'Moderator of the sample', roles: ['attendee'] }] });
	assert.notEqual(rows[0].result, 'refused', JSON.stringify(rows));
	// Within two seconds, which a loaded machine makes more: until both the socket and POST, on whichever worker, refuse.
	const nothing = () => ({ question: uuid(), expect_version: 1, key: uuid() });
	const isOut = async () => {
		const said = await moderator.call('qa.approve', nothing()).catch((error) => error);
		const { status, body } = await post(t.access, 'qa.approve', nothing(), { token: t.access.tokens.moderator });
		return (!(said instanceof RpcError) || said.fault === 'denied') && (status === 401 || body.error?.data?.fault === 'denied');
	};
	for (let good = 0, tries = 0; good < 6; tries++) {
		good = (await isOut()) ? good + 1 : 0;
		if (tries > 300) assert.fail('the role still holds');
		if (!good) await sleep(100);
	}
	const question = uuid();
	await asker.call('qa.ask', { question, talk: t.access.talk, text: 'Who hears this?' });
	await sleep(500);
	assert.ok(!JSON.stringify(moderator.log.filter(({ kind }) => kind === 'event')).includes(question), 'events still come');
	await assert.rejects(moderator.write('qa.approve', { question, expect_version: 1 }), (error) => !(error instanceof RpcError) || error.fault === 'denied');
	const { body, status } = await post(t.access, 'qa.approve', { question, expect_version: 1, key: uuid() }, { token: t.access.tokens.moderator });
	assert.ok(status === 401 || body.error.data.fault === 'denied');
	for (const client of [moderator, asker, organiser]) client.close();
});

test('a revoked kiosk is out', async () => {
	const kiosk = await connect(t.access, 'kiosks 1');
	const desk = await connect(t.access, 'desk');
	await desk.write('device.revoke', { station: kiosk.hello.station.id });
	assert.equal(await kiosk.waitClose(), 4451);
	await assert.rejects(connect(t.access, 'kiosks 1'), (error) => ['auth.required', 'auth.expired'].includes(error.fault));
	desk.close();
});

test('a kiosk may do what kiosks do and nothing else', async () => {
	const kiosk = await connect(t.access, 'kiosks 0');
	assert.equal(kiosk.hello.person, null);
	assert.deepEqual(kiosk.hello.roles, ['kiosk']);
	await assert.rejects(kiosk.call('people.find', { text: 'Attendee' }), { fault: 'denied' });
	await assert.rejects(kiosk.call('checkin.stats', { list: uuid() }), (error) => ['denied', 'not_found'].includes(error.fault));
	const replies = await kiosk.subscribe([`list:${t.access.list}`, `list:${uuid()}`, `station:${kiosk.hello.station.id}`, `station:${uuid()}`]);
	assert.ok(replies[`list:${t.access.list}`].snapshot);
	assert.ok(replies[`station:${kiosk.hello.station.id}`].snapshot);
	assert.equal(Object.values(replies).filter(({ fault }) => fault).length, 2);
	kiosk.close();
});

test('guests look and do not touch', async () => {
	const guest = await connect(t.access, { guest: 'favrholm' });
	assert.deepEqual(guest.hello.roles, ['guest']);
	assert.equal(guest.hello.person, null);
	assert.ok((await guest.call('now.get')).rooms.length > 0);
	await assert.rejects(guest.call('qa.list', { talk: t.access.talk }), { code: -32001 });
	await assert.rejects(connect(t.access, { guest: 'nowhere' }), RpcError);
	guest.close();
});
