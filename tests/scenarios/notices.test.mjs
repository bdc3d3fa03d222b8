// scenario: announcements reach their audience and no one else, change, end and are counted; news of releases is held, can be stopped, calms down before it is mailed, and survives kills.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, connectAgain, sleep, uuid } from '../support/client.mjs';
import { connectTo } from '../support/workers.mjs';

let t;
let here; // attends in the room
let away; // takes part online
let organiser;
let desk;
let kiosk;
let slot;
const open = [];

const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
const announce = (more) => ({ notice: uuid(), audience: 'all', urgency: 'info', text: { en: 'Lunch is served', da: 'Frokosten er klar' }, key: uuid(), ...more });

async function join(who, worker) {
	const client = await connectTo(t.instance, worker, who);
	open.push(client);
	return client;
}

// Everything that waits for real time comes nearer by so many seconds.
async function pass(seconds) {
	const less = (...columns) => columns.map((column) => `${column} = ${column} - interval '${seconds} seconds'`).join(', ');
	await sql(`with a as (update due set ${less('at')} where kind like 'news%'), b as (update star set ${less('at')}),
		c as (update news_held set ${less('first_at', 'changed_at')}) update news_mail set ${less('first_at', 'changed_at', 'sent_at')}`);
}

// Until the jobs that are due have been done.
async function settled() {
	for (let i = 0; i < 1200; i++) {
		const [[n]] = await sql(`select count(*) from due where kind like 'news%' and at <= now()`);
		if (Number(n) === 0) return;
		await sleep(50);
	}
	assert.fail('jobs that were due were not done');
}

const mailFiles = () => readdirSync(t.instance.mailDir).filter((name) => name.endsWith('.eml')).map((name) => readFileSync(path.join(t.instance.mailDir, name), 'utf8'));
const mailsTo = (email, what) => mailFiles().filter((text) => text.includes(`\r\nTo: <${email}>\r\n`) && text.includes(what));

async function mailed(email, what, n, ms = 60000) {
	for (const deadline = Date.now() + ms; mailsTo(email, what).length < n && Date.now() < deadline;) await sleep(100);
	assert.equal(mailsTo(email, what).length, n, `mails to ${email} about ${what}`);
}

before(async () => {
	t = await demo({ durable: true });
	const [one, two] = t.instance.workerPids();
	// Attendee 24 takes part online.
	here = await join('attendees 0', one);
	away = await join('attendees 23', two);
	organiser = await join('organiser', two);
	desk = await join('desk', one);
	kiosk = await join('kiosks 0', two);
	const [[id, session, start]] = await sql(`select p.slot, p.session, lower(p.during) from published p
		where p.conference = '${t.access.conference}' and not p.cancelled and lower(p.during) > plenum_now(p.conference) + interval '3 hours'
			and not exists (select from news_hearers(p.conference, p.session))
		order by lower(p.during) desc, p.slot limit 1`);
	slot = { id, session, start: new Date(start) };
	assert.equal(here.hello.person.mode, 'on_site');
	assert.equal(away.hello.person.mode, 'online');
	await here.subscribe(['notice:all', 'notice:on-site', `person:${here.hello.person.id}`]);
	await away.subscribe(['notice:all', 'notice:online', `person:${away.hello.person.id}`]);
	await kiosk.subscribe(['notice:all', 'notice:on-site']);
	await organiser.subscribe(['notice:organiser', 'notice:online', 'notice:on-site']);
});
after(async () => {
	for (const client of open) client.close();
	await t.stop();
});

test('an audience is decided on the server', async () => {
	const names = ['notice:online', 'notice:on-site', 'notice:speaker', 'notice:organiser', 'notice:nobody', 'notice', 'notice:all:mod'];
	const answers = await here.subscribe(names);
	assert.deepEqual(names.map((name) => answers[name].fault ?? 'heard'), ['denied', 'heard', 'denied', 'denied', 'not_found', 'not_found', 'not_found']);
	assert.equal((await kiosk.subscribe(['notice:online']))['notice:online'].fault, 'denied');
	const guest = await connect(t.access, { guest: '' });
	open.push(guest);
	const heard = await guest.subscribe(['notice:all', 'notice:on-site']);
	assert.deepEqual(heard['notice:all'].snapshot, { notices: [] });
	assert.equal(heard['notice:on-site'].fault, 'denied');
	assert.equal((await desk.subscribe(['notice:online']))['notice:online'].fault, undefined, 'staff hear both modes');
});

test('what is announced to people online reaches no one else; edits and the end arrive; a latecomer sees what holds', async () => {
	const params = announce({ audience: 'online', urgency: 'important' });
	const { version, recipients } = await desk.call('notice.publish', params);
	assert.equal(version, 1);
	const [[online]] = await sql(`select count(*) from person where conference = '${t.access.conference}' and mode = 'online'`);
	assert.equal(recipients, Number(online));
	const told = await away.waitEvent('notice:online', 'notice.published', ({ id }) => id === params.notice);
	assert.deepEqual(told.data.text, params.text);
	await organiser.waitEvent('notice:online', 'notice.published', ({ id }) => id === params.notice);
	await organiser.call('notice.edit', { notice: params.notice, expect_version: 1, urgency: 'urgent', text: { en: 'Later' }, key: uuid() });
	const edited = await away.waitEvent('notice:online', 'notice.edited', ({ id }) => id === params.notice);
	assert.deepEqual([edited.data.urgency, edited.data.text, edited.data.version], ['urgent', { en: 'Later' }, 2]);
	await assert.rejects(desk.write('notice.edit', { notice: params.notice, expect_version: 1, urgency: 'info' }), { fault: 'conflict' });
	const late = await join('attendees 27', t.instance.workerPids()[0]);
	const { 'notice:online': joined } = await late.subscribe(['notice:online']);
	assert.deepEqual(joined.snapshot.notices.map(({ id, version: v }) => [id, v]), [[params.notice, 2]]);
	await desk.write('notice.withdraw', { notice: params.notice, expect_version: 2 });
	await away.waitEvent('notice:online', 'notice.withdrawn', ({ id }) => id === params.notice);
	for (const client of [here, kiosk]) assert.deepEqual(client.log.filter(({ kind, data }) => kind === 'event' && data?.id === params.notice), []);
	assert.deepEqual(away.violations, []);
});

test('kiosks and people who come hear what is for them; readers are counted once, on every worker', async () => {
	const params = announce({ audience: 'on_site' });
	await organiser.call('notice.publish', params);
	for (const client of [here, kiosk]) await client.waitEvent('notice:on-site', 'notice.published', ({ id }) => id === params.notice);
	await Promise.all([here, kiosk, here, away, kiosk].map((client) => client.call('notice.read', { notice: params.notice })));
	await organiser.waitTally('notice:organiser', params.notice, 2);
	const { notices } = await desk.call('notice.list', {});
	const row = notices.find(({ id }) => id === params.notice);
	assert.deepEqual([row.read, row.stations, row.channel], [2, 1, 'notice:on-site']);
	await organiser.waitEvent('notice:organiser', 'notice.listed', ({ id }) => id === params.notice);
	await assert.rejects(here.call('notice.list', {}), { fault: 'denied' });
	await assert.rejects(here.write('notice.publish', announce({ key: undefined })), { fault: 'denied' });
});

test('what is for a room is told where that room is watched', async () => {
	const channel = `room:${t.access.room}`;
	await kiosk.subscribe([channel]);
	const params = announce({ audience: 'room', room: t.access.room });
	await desk.call('notice.publish', params);
	const told = await kiosk.waitEvent(channel, 'notice.published', ({ id }) => id === params.notice);
	assert.equal(told.data.room, t.access.room);
	const { [channel]: joined } = await away.subscribe([channel]);
	assert.deepEqual(joined.snapshot.notices.map(({ id }) => id), [params.notice]);
	assert.deepEqual(here.log.filter(({ kind, data }) => kind === 'event' && data?.id === params.notice), []);
});

test('who changes to online stops hearing what is for people who come, at once', async () => {
	const person = await join('attendees 5', t.instance.workerPids()[0]);
	await person.subscribe(['notice:on-site']);
	await organiser.write('people.import', { rows: [{ email: 'attendee6@example.org', name: 'Attendee 6', mode: 'online' }] });
	const changed = await person.wait(({ kind }) => kind === 'session.changed', 'session.changed');
	assert.equal(changed.mode, 'online');
	const params = announce({ audience: 'on_site' });
	await organiser.call('notice.publish', params);
	await here.waitEvent('notice:on-site', 'notice.published', ({ id }) => id === params.notice);
	const { 'notice:on-site': again, 'notice:online': other } = await person.subscribe(['notice:on-site', 'notice:online']);
	assert.equal(again.fault, 'denied');
	assert.equal(other.fault, undefined);
	assert.deepEqual(person.events('notice:on-site'), []);
});

test('bad announcements are refused by name and change nothing', async () => {
	const [[before_]] = await sql('select count(*) from notice');
	const bad = [
		[{ audience: 'everybody' }, 'bad_request'], [{ audience: 'room' }, 'bad_request'], [{ audience: 'room', room: uuid() }, 'not_found'],
		[{ until: '2021-05-01T10:00:00Z' }, 'notice.until'], [{ until: 'soon' }, 'bad_request'], [{ text: { en: '' } }, 'bad_request'],
		[{ text: { en: 'x'.repeat(5001) } }, 'limit.size'], [{ text: { en: 'æ'.repeat(5000), da: 'ø'.repeat(2100) } }, 'limit.size'], [{ text: 'Lunch' }, 'bad_request'], [{ notice: 'lunch' }, 'bad_request'],
		[{ urgency: 'panic' }, 'bad_request'],
	];
	for (const [more, fault] of bad) await assert.rejects(desk.call('notice.publish', announce(more)), { fault }, JSON.stringify(more).slice(0, 60));
	assert.deepEqual(await sql('select count(*) from notice'), [[before_]]);
});

const starred = (client, value = true) => client.write('star.set', { session: slot.session, value });

// Moves the slot in the draft, releases it and has the news of it held.
async function release(minutes) {
	const at = (more) => new Date(slot.start.getTime() + (minutes + more) * 60000).toISOString();
	await sql(`update slot set starts = '${at(0)}', ends = '${at(20)}', version = version + 1 where id = '${slot.id}'`);
	return organiser.write('release.publish', {});
}

// Returns what is attached. B23: the mail carries the slot as the calendars have it, byte for byte: the same UID, the same SEQUENCE.
async function carries(text) {
	const [head] = text.split('\r\n\r\n');
	assert.equal(head.match(/^Content-Type: /gm).length, 1);
	const [, boundary] = /^Content-Type: multipart\/mixed; boundary="([^"]+)"\r?$/m.exec(head);
	const parts = text.split(`--${boundary}`);
	assert.deepEqual([parts.length, parts[3]], [4, '--\r\n']);
	assert.match(parts[1], /^\r\nContent-Type: multipart\/alternative; [^]*\r\nContent-Type: text\/plain; charset=utf-8\r\n/);
	const [about, encoded] = parts[2].split('\r\n\r\n');
	assert.match(about, /^\r\nContent-Type: text\/calendar; charset=utf-8; name="programme.ics"\r$/m);
	assert.ok(encoded.split('\r\n').every((line) => line.length <= 76));
	const file = Buffer.from(encoded, 'base64').toString();
	const event = (ics) => ics.slice(ics.indexOf('BEGIN:VEVENT'), ics.indexOf('END:VEVENT'));
	for (const where of [`/slot/${slot.id}.ics`, '/schedule.ics']) {
		let served = '';
		// A worker may be a moment behind.
		for (let i = 0; i < 100 && !served.includes(event(file)); i++) {
			if (i) await sleep(100);
			served = await (await fetch(t.access.base + where)).text();
		}
		assert.ok(served.includes(event(file)), `${where} has\n${served.slice(0, 2000)}\nthe mail\n${file}`);
	}
	assert.match(event(file), new RegExp(`\r\nUID:${slot.id}@slots\\.plenum\r\n`));
	assert.match(event(file), /\r\nSEQUENCE:\d+\r\n/);
	assert.doesNotMatch(file, /METHOD|ATTENDEE|ORGANIZER/);
	assert.ok(file.startsWith('BEGIN:VCALENDAR\r\n') && file.endsWith('END:VCALENDAR\r\n'));
	return file;
}

test('a star reaches one\'s other devices; twelve releases in ten minutes are one notice and one mail', async () => {
	const second = await join('attendees 0', t.instance.workerPids()[1]);
	const own = `person:${here.hello.person.id}`;
	const { [own]: joined } = await second.subscribe([own]);
	assert.deepEqual([joined.snapshot.mode, joined.snapshot.stars, joined.snapshot.news], ['on_site', [], []]);
	await starred(here);
	await second.waitEvent(own, 'star.changed', ({ session, value }) => session === slot.session && value);
	for (let i = 1; i <= 12; i++) {
		await release(i * 5);
		// Held for sixty; the rest is for a slow machine.
		await pass(35);
	}
	assert.equal(here.events(own).filter(({ type }) => type === 'news.added').length, 0, 'held');
	await pass(30);
	const added = await here.waitEvent(own, 'news.added', ({ slot: about }) => about === slot.id);
	assert.equal(added.data.kind, 'moved');
	assert.equal(new Date(added.data.after.start).getTime(), slot.start.getTime() + 3600000);
	await settled();
	await pass(180);
	await mailed('attendee1@example.org', 'attend#/slot/', 1);
	const [text] = mailsTo('attendee1@example.org', 'attend#/slot/');
	assert.ok(text.includes(`${t.access.base}/`) && !text.includes('{base}'), text);
	assert.match(text, /CEST/);
	assert.match(text, /\nSubject: New time: /);
	await carries(text);
	for (let i = 0; i < 4; i++) {
		await pass(200);
		await settled();
	}
	await sleep(1500);
	await mailed('attendee1@example.org', 'attend#/slot/', 1);
	assert.equal(here.events(own).filter(({ type }) => type === 'news.added').length, 1);
	await here.call('news.read', { news: added.data.id });
	await second.waitEvent(own, 'news.read', ({ id }) => id === added.data.id);
});

test('a stopped release tells nobody, and neither does one that is taken back', async () => {
	await starred(away);
	const own = `person:${away.hello.person.id}`;
	const { release: number, hold } = await release(200);
	assert.equal(hold.people, 2, 'whom it will reach');
	assert.ok(Date.parse(hold.until) > Date.now() + 30000, hold.until);
	await pass(30);
	const params = { release: number, key: uuid() };
	const stopped = await organiser.call('release.stop', params, { bytes: true });
	assert.equal(JSON.parse(stopped).people, 2);
	assert.equal(await organiser.call('release.stop', params, { bytes: true }), stopped);
	await assert.rejects(organiser.write('release.stop', { release: number }), { fault: 'release.sent' });
	await release(300);
	await pass(10);
	await release(60);
	for (let i = 0; i < 6; i++) {
		await pass(200);
		await settled();
	}
	assert.deepEqual(away.events(own).filter(({ type }) => type === 'news.added'), []);
	await mailed('attendee24@example.org', 'attend#/slot/', 0, 0);
});

test('kills between commit and mail lose none and double none', async () => {
	const params = announce({ mail: true, text: { en: 'The bus leaves at five' } });
	const { recipients } = await desk.call('notice.publish', params);
	await release(120);
	await pass(61);
	for (let i = 0; i < 3; i++) {
		let victim;
		while (!([victim] = t.instance.workerPids())[0]) await sleep(50);
		process.kill(victim, 'SIGKILL');
		await sleep(400);
	}
	const { port } = t.instance.pg;
	t.instance.pg.kill();
	await t.instance.pg.start(port);
	for (let i = 0; i < 5; i++) {
		await sleep(1500);
		await pass(180);
	}
	// What a dead worker had taken is free again when its lease is over.
	await sql('update outbox set lease = null where sent is null');
	for (let i = 0; i < 600; i++) {
		const [[n]] = await sql(`select (select count(*) from outbox where sent is null) + (select count(*) from due where kind like 'news%')`);
		if (Number(n) === 0) break;
		await pass(60);
		await sleep(200);
	}
	const bus = mailFiles().filter((text) => text.includes('The bus leaves at five\r\n'));
	assert.equal(bus.length, recipients);
	assert.equal(new Set(bus.map((text) => text.match(/\r\nTo: <(.*)>/)[1])).size, recipients, 'one a person');
	await mailed('attendee24@example.org', 'attend#/slot/', 1);
	const [[news]] = await sql(`select count(*) from news where person = '${away.hello.person.id}' and read is null`);
	assert.equal(Number(news), 1);
});

test('a cancellation is mailed with the slot as the calendars have it now', async () => {
	await sql(`update slot set cancelled = true, version = version + 1 where id = '${slot.id}'`);
	// Those of the tests before were cut off by the kills.
	const again = await connectAgain(t.access, 'organiser', { reconnect: true });
	open.push(again);
	await again.persist('release.publish', { key: uuid() });
	for (let i = 0; i < 100 && mailsTo('attendee1@example.org', '\nSubject: Cancelled: ').length === 0; i++) {
		await pass(100);
		await settled();
		await sleep(200);
	}
	await mailed('attendee1@example.org', '\nSubject: Cancelled: ', 1);
	const [text] = mailsTo('attendee1@example.org', '\nSubject: Cancelled: ');
	const file = await carries(text);
	assert.match(file, /\r\nSTATUS:CANCELLED\r\n/);
});
