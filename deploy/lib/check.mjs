// deploy: the main job end to end over real sockets, one line a step: `deploy/demo --check`. Its instance is its own and is gone afterwards.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Events } from '../../tests/support/sse.mjs';
import { RpcError, auth, connect, post, sleep, uuid } from '../../tests/support/client.mjs';
import { mailTo, sixDigits } from '../../tests/support/mail.mjs';
import { Instance, TOP } from './instance.mjs';
import { seed } from './seed.mjs';

async function refused(promise, fault) {
	await assert.rejects(promise, (error) => error instanceof RpcError && (fault === undefined || error.fault === fault));
}

const steps = [
	['the programme is imported and published', async (t) => {
		const guest = await connect(t.access, { guest: '' });
		const programme = await guest.call('schedule.get');
		guest.close();
		assert.equal(programme.zone, 'Europe/Copenhagen');
		assert.ok(programme.slots.length >= 8 && programme.sessions.length >= 8, 'sessions and slots');
		const slot = programme.slots.find((each) => programme.sessions.find(({ id }) => id === each.session).talks.some(({ id }) => id === t.access.talk));
		assert.equal(slot.room, t.access.room);
		return `${programme.slots.length} slots in ${programme.rooms.length} rooms, ${programme.tracks.length} tracks`;
	}],
	['an attendee signs in by mailed code', async (t) => {
		const email = 'attendee50@example.org';
		const { body } = await auth(t.access, 'start', { email });
		const code = sixDigits(await mailTo(t.instance.mailDir, email));
		const wrong = await auth(t.access, 'finish', { request: body.request, code: code === '000000' ? '000001' : '000000' });
		assert.notEqual(wrong.status, 200);
		const done = await auth(t.access, 'finish', { request: body.request, code });
		assert.equal(done.status, 200, JSON.stringify(done.body));
		t.cookie = done.cookie;
		const { body: ticket } = await auth(t.access, 'ticket', {}, { cookie: t.cookie });
		t.signedIn = await connect(t.access, { ticket: ticket.ticket }, { origin: t.access.base });
		assert.deepEqual(t.signedIn.hello.roles, ['attendee']);
		await refused(connect(t.access, { ticket: ticket.ticket }), 'auth.required');
		return `as ${done.body.person.name}, by a ticket that works once`;
	}],
	['people subscribe', async (t) => {
		t.asker = await connect(t.access, 'attendees 0', { reconnect: true });
		t.reader = await connect(t.access, 'attendees 1', { reconnect: true });
		t.moderator = await connect(t.access, 'moderator', { reconnect: true });
		t.stage = await connect(t.access, 'organiser', { reconnect: true });
		const talk = `talk:${t.access.talk}`;
		await t.asker.subscribe(['schedule', talk, `person:${t.asker.hello.person.id}`]);
		await t.reader.subscribe(['schedule', 'now', talk]);
		await t.signedIn.subscribe([talk]);
		await t.moderator.subscribe([talk, `${talk}:mod`]);
		await t.stage.subscribe([`stage:${t.access.room}`, `list:${t.access.list}`]);
		const denied = await t.reader.subscribe([`${talk}:mod`]);
		assert.equal(denied[`${talk}:mod`].fault, 'denied');
		return 'attendees, moderator and stage; the moderators’ channel is refused to an attendee';
	}],
	['a question is asked and no attendee sees it', async (t) => {
		t.question = uuid();
		t.text = 'How soon does a finding from the lab reach the patient’s bed?';
		const reply = await t.asker.call('qa.ask', { question: t.question, talk: t.access.talk, text: t.text });
		assert.equal(reply.state, 'pending');
		const seen = await t.moderator.waitEvent(`talk:${t.access.talk}:mod`, 'question.added', (question) => question.id === t.question);
		assert.equal(seen.data.text, t.text);
		const { questions } = await t.reader.call('qa.list', { talk: t.access.talk });
		assert.ok(!questions.some(({ id }) => id === t.question));
		await sleep(300);
		assert.ok(!t.reader.log.some((entry) => JSON.stringify(entry).includes(t.question)));
		await refused(t.reader.write('qa.approve', { question: t.question, expect_version: 1 }), 'denied');
		return 'pre-moderation holds';
	}],
	['the moderator approves it', async (t) => {
		const reply = await t.moderator.write('qa.approve', { question: t.question, expect_version: 1 });
		assert.equal(reply.state, 'approved');
		t.version = reply.version;
		await t.reader.waitEvent(`talk:${t.access.talk}`, 'question.added', ({ id }) => id === t.question);
		await refused(t.moderator.write('qa.stage', { question: t.question, expect_version: 1 }), 'conflict');
		return 'attendees see it; a stale version is refused';
	}],
	['votes are counted', async (t) => {
		await Promise.all([t.reader.call('qa.vote', { question: t.question, value: 1, seq: 1 }), t.signedIn.call('qa.vote', { question: t.question, value: 1, seq: 1 })]);
		await t.reader.call('qa.vote', { question: t.question, value: 1, seq: 1 });
		await t.reader.waitTally(`talk:${t.access.talk}`, t.question, 2);
		return 'two votes, one sent twice: the tick says 2';
	}],
	['it goes on stage', async (t) => {
		const reply = await t.moderator.write('qa.stage', { question: t.question, expect_version: t.version });
		assert.equal(reply.state, 'on_stage');
		const staged = await t.stage.waitEvent(`stage:${t.access.room}`, 'question.staged', (data) => data.question?.id === t.question);
		assert.equal(staged.data.question.text, t.text);
		return 'the stage screen shows its words';
	}],
	['a kiosk is paired by code', async (t) => {
		const { body: pairing } = await auth(t.access, 'device', { kind: 'kiosk' });
		await t.stage.write('device.confirm', { user_code: pairing.user_code, name: 'Kiosk C', list: t.access.list });
		let token;
		for (let i = 0; i < 20 && !token; i++) {
			const poll = await auth(t.access, 'device/poll', { device_code: pairing.device_code });
			if (poll.status === 200) token = poll.body.token;
			else await sleep(500);
		}
		assert.ok(token, 'no token after the confirmation');
		t.kiosk = await connect(t.access, { token });
		assert.equal(t.kiosk.hello.station.name, 'Kiosk C');
		return `${pairing.user_code} confirmed by the organiser`;
	}],
	['a person is admitted once', async (t) => {
		const admit = (client) => client.call('checkin.admit', { list: t.access.list, code: t.access.codes[0], scan_id: uuid(), direction: 'entry' });
		const first = await admit(t.kiosk);
		assert.equal(first.verdict, 'admitted', JSON.stringify(first));
		t.other = await connect(t.access, 'kiosks 0');
		const second = await admit(t.other);
		assert.equal(second.verdict, 'refused');
		assert.equal(second.reason, 'duplicate');
		assert.ok(second.first.at && second.first.station === 'Kiosk C', JSON.stringify(second.first));
		await t.stage.waitEvent(`list:${t.access.list}`, 'scan.judged', ({ verdict }) => verdict === 'refused');
		return `the second kiosk says: already at ${second.first.station}, ${second.first.at}`;
	}],
	['a calendar reads the feed', async (t) => {
		const url = t.access.feeds.public;
		const response = await fetch(url);
		const text = await response.text();
		assert.equal(response.status, 200);
		assert.match(text, /^BEGIN:VCALENDAR\r\n/);
		const events = text.match(/^BEGIN:VEVENT\r$/gm).length;
		const again = await fetch(url, { headers: { 'if-none-match': response.headers.get('etag') } });
		assert.equal(again.status, 304);
		return `${events} events, then 304`;
	}],
	['a calendar of one’s own follows a star', async (t) => {
		const url = t.access.feeds.personal[0];
		const { slots } = await t.asker.call('schedule.get');
		const slot = slots.find(({ room, state }) => room !== t.access.room && state === 'planned');
		const shows = async (wanted) => {
			for (let i = 0; i < 18; i++) {
				const text = await (await fetch(url)).text();
				assert.match(text, /^BEGIN:VEVENT\r$/m);
				if (text.includes(`UID:${slot.id}@`) === wanted) return;
				await sleep(250);
			}
			assert.fail(`the calendar ${wanted ? 'lacks' : 'still has'} the slot`);
		};
		await shows(false);
		await t.asker.write('star.set', { session: slot.session, value: true });
		await shows(true);
		await t.asker.write('star.set', { session: slot.session, value: false });
		await shows(false);
		return 'starred: there; un-starred: gone; at an address that is a secret';
	}],
	['a delay reaches everybody', async (t) => {
		const { slots } = await t.asker.call('schedule.get');
		const here = slots.filter((slot) => slot.room === t.access.room && slot.state === 'planned');
		const [first, next] = here;
		await t.asker.write('star.set', { session: next.session, value: true });
		await t.moderator.write('slot.start', { slot: first.id });
		await t.reader.waitEvent('schedule', 'slot.started', ({ id }) => id === first.id);
		const begun = Date.now();
		await t.moderator.write('slot.add_time', { slot: first.id, seconds: 1500 });
		const { data } = await t.reader.waitEvent('schedule', 'expected.changed', (change) => change.slots.some(({ slot }) => slot === next.id));
		const ms = Date.now() - begun;
		const late = Math.round((Date.parse(data.slots.find(({ slot }) => slot === next.id).expected_start) - Date.parse(next.start)) / 60000);
		assert.ok(late >= 5, `${late} minutes late`);
		const { data: news } = await t.asker.waitEvent(`person:${t.asker.hello.person.id}`, 'news.added', ({ slot, kind }) => slot === next.id && kind === 'expected');
		const { rooms } = await (await fetch(`${t.access.base}/now.json`)).json();
		assert.equal(rooms.find(({ room }) => room === t.access.room).now.slot, first.id);
		await t.moderator.write('slot.on_time', { room: t.access.room });
		await t.reader.waitEvent('schedule', 'expected.changed', (change) => change.slots.some(({ slot, expected_start }) => slot === next.id && Date.parse(expected_start) === Date.parse(next.start)));
		return `${late} minutes, in ${ms} ms; who starred “${news.title}” is told; one press says “we are on time”`;
	}],
	['an announcement arrives', async (t) => {
		await t.reader.subscribe(['notice:all']);
		await t.stage.subscribe(['notice:organiser']);
		const notice = uuid();
		const text = { en: 'Lunch is served in the Forum.', da: 'Frokosten er serveret i Forum.' };
		const { recipients } = await t.stage.write('notice.publish', { notice, audience: 'all', urgency: 'important', text });
		const { data } = await t.reader.waitEvent('notice:all', 'notice.published', ({ id }) => id === notice);
		assert.deepEqual(data.text, text);
		await t.reader.call('notice.read', { notice });
		await t.stage.waitTally('notice:organiser', notice, 1);
		await t.stage.write('notice.withdraw', { notice, expect_version: data.version });
		await t.reader.waitEvent('notice:all', 'notice.withdrawn', ({ id }) => id === notice);
		return `to ${recipients} people; one has read it, and it is taken back`;
	}],
	['the programme lies beside the gateway as plain files', async (t) => {
		const page = path.join(t.instance.bundleDir, 'favrholm', 'current', 'index.html');
		for (let i = 0; i < 200 && !existsSync(page); i++) await sleep(50);
		const text = readFileSync(page, 'utf8');
		assert.match(text, /<\/html>\n$/);
		assert.doesNotMatch(text, /<script/);
		return `${text.match(/<article /g).length} slots on a page without scripts, with calendar and frab files`;
	}],
	['where WebSocket is blocked: server-sent events and POST', async (t) => {
		const talk = `talk:${t.access.talk}`;
		const events = new Events(t.access.base, [{ name: talk }], { cookie: t.cookie, origin: t.access.base });
		assert.equal(await events.opened, 200);
		await events.wait((message) => message.id === 0 && message.result, 'subscribe reply');
		const question = uuid();
		const asked = await post(t.access, 'qa.ask', { question, talk: t.access.talk, text: 'Does this work from a hospital network?' }, { cookie: t.cookie, origin: t.access.base });
		assert.equal(asked.body.result?.state, 'pending', asked.text);
		await t.moderator.write('qa.approve', { question, expect_version: 1 });
		await events.wait((message) => message.method === 'event' && message.params.data.id === question, 'question.added');
		events.close();
		const foreign = await post(t.access, 'qa.list', { talk: t.access.talk }, { cookie: t.cookie, origin: 'https://elsewhere.example' });
		assert.equal(foreign.status, 403);
		return 'asked by POST, heard as an event; a foreign Origin is refused';
	}],
	['a worker is killed; everybody resumes', async (t) => {
		const [victim] = t.instance.workerPids();
		process.kill(victim, 'SIGKILL');
		await askThrough(t, 'Asked while a worker was being replaced');
		return `SIGKILL of process ${victim}: no gap, no duplicate`;
	}],
	['the gateway is restarted; everybody resumes', async (t) => {
		const code = await t.instance.stopGateway('SIGTERM');
		assert.equal(code, 0, `plenumd ended with ${code}`);
		await t.instance.startGateway();
		await askThrough(t, 'Asked after the gateway was restarted');
		for (const client of [t.asker, t.reader, t.moderator, t.stage]) assert.deepEqual(client.violations, []);
		assert.ok(t.reader.opens >= 2, 'the reader came back by itself');
		return 'every cursor continued at its next position';
	}],
];

// One more question from asker over moderator to reader, across whatever just happened.
async function askThrough(t, text) {
	const question = uuid();
	await t.asker.persist('qa.ask', { question, talk: t.access.talk, text });
	await t.moderator.persist('qa.approve', { question, expect_version: 1, key: uuid() });
	await t.reader.waitEvent(`talk:${t.access.talk}`, 'question.added', ({ id }) => id === question, 20000);
	assert.deepEqual(t.reader.violations, []);
}

export async function check({ bin, workers = 2, at }) {
	const dir = mkdtempSync(path.join(TOP, '.local', 'check-'));
	const t = { instance: new Instance({ dir, bin, workers, bundle: true }) };
	let failed = 0;
	const stop = async () => {
		for (const one of [t.asker, t.reader, t.signedIn, t.moderator, t.stage, t.kiosk, t.other]) one?.close();
		await t.instance.stop().catch((error) => console.error(String(error)));
		t.instance.pg.remove();
	};
	const interrupted = () => stop().finally(() => process.exit(130));
	process.once('SIGINT', interrupted);
	process.once('SIGTERM', interrupted);
	let name = 'the demo starts';
	const begun = Date.now();
	try {
		await t.instance.startDatabase();
		await seed(t.instance, { at });
		await t.instance.startGateway();
		t.access = t.instance.access;
		console.log('ok      the demo starts: migrated, loaded, ready');
		for (const [title, step] of steps) {
			name = title;
			console.log(`ok      ${name}: ${await step(t)}`);
		}
	} catch (error) {
		failed++;
		console.log(`FAILED  ${name}\n${error.stack ?? error}`);
		console.log(t.instance.logTail());
	}
	await stop();
	const report = t.instance.report();
	if (report) {
		failed++;
		console.log(`FAILED  plenumd’s log\n${report}`);
	}
	if (failed) console.log(`check failed; the logs stay in ${dir}`);
	else {
		rmSync(dir, { recursive: true, force: true });
		console.log(`check passed in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
	}
	return failed === 0;
}
