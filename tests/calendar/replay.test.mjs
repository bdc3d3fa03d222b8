// tests: clients that keep what they have: two hundred random edits later it is what the calendar holds (B22, B32, B33, B37).
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { access, ask, base, call, eventsOf, everywhere, feed, folder, plenum, run, sleep, sql, top, until, uuid, write } from './kit.mjs';

const EDITS = 200;

// Updates an event only when LAST-MODIFIED is absent or newer; deletes by UID what left (bitfireAT/icsx5).
class Icsx5 {
	events = new Map();
	headers = {};
	async fetch(url) {
		const { status, headers, body } = await ask(url, { headers: this.headers });
		if (status === 304) return;
		this.headers = { 'if-none-match': headers.etag, 'if-modified-since': headers['last-modified'] };
		const found = eventsOf(body);
		const modified = (lines) => /^LAST-MODIFIED:(.*)\r$/m.exec(lines)?.[1];
		for (const [uid, lines] of found) {
			const known = this.events.get(uid);
			if (!known || !modified(lines) || modified(lines) > modified(known)) this.events.set(uid, lines);
		}
		for (const uid of this.events.keys()) if (!found.has(uid)) this.events.delete(uid);
	}
}

// Knows If-Modified-Since alone (Apple).
class DateOnly {
	events = new Map();
	headers = {};
	async fetch(url) {
		const { status, headers, body } = await ask(url, { headers: this.headers });
		if (status === 304) return;
		this.headers = { 'if-modified-since': headers['last-modified'] };
		this.events = eventsOf(body);
	}
}

test('B32 B33 a client that goes by LAST-MODIFIED and one that goes by dates alone have all of it after 200 random edits', async () => {
	await plenum(['import', 'schedule', path.join(top, 'tests/fixtures/schedule/small.json'), '--into', 'replay', '--publish']);
	const token = (await plenum(['token', '--role', 'organiser', '--email', 'replay@example.org', '--into', 'replay'])).trim();
	const slots = (await sql("select l.id from slot l join conference k on k.id = l.conference where k.slug = 'replay' order by 1")).map(([id]) => id);
	const sessions = (await sql("select s.id from session s join conference k on k.id = s.conference where k.slug = 'replay' order by 1")).map(([id]) => id);
	await sql("update slot set overlap_ok = true where conference = (select id from conference where slug = 'replay')");
	const all = `${base}/e/replay/schedule.ics`;
	const clients = [new Icsx5(), new DateOnly()];
	let seed = 5;
	const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
	let [fetches, left] = [0, 0];
	for (let i = 0; i < EDITS; i++) {
		const [slot, session] = [slots[random(slots.length)], sessions[random(sessions.length)]];
		const kind = random(6);
		// Taking back a release that added a slot takes the slot out again.
		if (kind === 0) await sql(`insert into slot (conference, session, room, starts, ends, overlap_ok) select conference, session, room, starts + interval '${i} days', ends + interval '${i} days', true from slot where id = '${slot}'`);
		else if (kind === 1) await sql(`update slot set cancelled = not cancelled, version = version + 1 where id = '${slot}'`);
		else if (kind === 2) await sql(`update session set title = 'Edit ${i}' where id = '${session}'`);
		else if (kind === 3) await sql(`update slot set starts = starts + interval '${random(90)} minutes', ends = ends + interval '2 hours', version = version + 1 where id = '${slot}'`);
		else if (kind === 4) await sql(`update room set name = 'Room ${i}' where id = (select room from slot where id = '${slot}')`);
		if (kind < 5) await write('release.publish', {}, token).catch((error) => assert.equal(error.fault, 'release.nothing'));
		if (kind === 0) for (const client of clients) await client.fetch(all);
		if (kind === 5 || (kind === 0 && random(2) === 0)) await write('release.revert', {}, token).catch((error) => assert.ok(error.fault));
		// They come now and then, in no order, and not always after the last edit.
		for (const client of clients) {
			if (random(3) > 0) continue;
			const had = [...client.events.keys()];
			await client.fetch(all);
			fetches++;
			if (had.some((uid) => !client.events.has(uid))) left++;
		}
	}
	// What was committed reaches every worker; until then two may answer differently.
	let etag = '';
	const { body } = await everywhere(() => ask(all), ({ headers }) => headers.etag === etag || ((etag = headers.etag), false));
	const want = eventsOf(body);
	for (const client of clients) {
		await client.fetch(all);
		assert.deepEqual([...client.events].sort(), [...want].sort(), client.constructor.name);
	}
	assert.ok(fetches > EDITS / 2 && left > 0, `${fetches} fetches, ${left} times something left`);
});

const VDIRSYNCER = `[general]
status_path = "FOLDER/status/"
[pair one]
a = "local"
b = "feed"
collections = null
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "FOLDER/local/"
fileext = ".ics"
[storage feed]
type = "http"
url = "URL"
`;

// The lines of vdirsyncer that say what went where.
async function synchronise(config) {
	const { stdout, stderr } = await run('vdirsyncer', ['-c', config, 'sync'], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
	return (stdout + stderr).split('\n').filter((line) => /Copying|Deleting/.test(line));
}

test('B22 B37 vdirsyncer: a second sync transfers nothing; an un-starred session is deleted, for khal too', async () => {
	const who = access.tokens.attendees[7];
	const { sessions } = await call('schedule.get', {}, who);
	const { url } = await feed({ scope: 'stars' }, who);
	for (const { id } of sessions.slice(0, 3)) await write('star.set', { session: id, value: true }, who);
	const dir = path.join(folder, uuid());
	mkdirSync(path.join(dir, 'local'), { recursive: true });
	mkdirSync(path.join(dir, 'status'));
	const config = path.join(dir, 'config');
	writeFileSync(config, VDIRSYNCER.replaceAll('FOLDER', dir).replace('URL', url));
	const events = (await everywhere(() => ask(url), ({ body }) => eventsOf(body).size >= 3 && !String(body).includes('UID:empty'))).body;
	const summaries = () => readdirSync(path.join(dir, 'local')).map((file) => /^SUMMARY:(.*)\r?$/m.exec(readFileSync(path.join(dir, 'local', file), 'utf8'))?.[1]).sort();
	await run('vdirsyncer', ['-c', config, 'discover'], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
	assert.equal((await synchronise(config)).length, eventsOf(events).size);
	assert.deepEqual(await synchronise(config), []);
	await write('star.set', { session: sessions[0].id, value: false }, who);
	await everywhere(() => ask(url), ({ body }) => eventsOf(body).size < eventsOf(events).size);
	assert.ok((await synchronise(config)).every((line) => line.includes('Deleting')));
	assert.deepEqual(await synchronise(config), []);
	const kept = [...eventsOf((await ask(url)).body).values()].map((lines) => /^SUMMARY:(.*)\r$/m.exec(lines)[1]).sort();
	assert.deepEqual(summaries(), kept);
	const khal = path.join(dir, 'khal');
	writeFileSync(khal, `[calendars]\n[[one]]\npath = ${dir}/local\n[sqlite]\npath = ${dir}/khal.db\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n`);
	const { stdout } = await run('khal', ['-c', khal, 'list', '--format', '{title}', '--day-format', '', '2021-05-01', '10d'], { env: { ...process.env, HOME: dir, LC_ALL: 'C.UTF-8' } });
	assert.deepEqual(stdout.split('\n').filter(Boolean).sort(), kept);
});
