// scenario: releases over real sockets: a part, a conflict solved, an empty conference made by calls alone, a newer file, a worker killed in the middle, the feed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { demo } from '../support/instance.mjs';
import { RpcError, connect, post, sleep, uuid } from '../support/client.mjs';
import { connectTo } from '../support/workers.mjs';

const run = promisify(execFile);
let t;
let one;
let two;
let reader;
let folder;

before(async () => {
	t = await demo();
	folder = mkdtempSync(path.join(tmpdir(), 'plenum-release-'));
	const [first, second] = t.instance.workerPids();
	one = await connectTo(t.instance, first, 'organiser');
	two = await connectTo(t.instance, second, 'organiser');
	reader = await connectTo(t.instance, second, 'attendees 0');
	await reader.subscribe(['schedule']);
});
after(async () => {
	for (const client of [one, two, reader]) client?.close();
	if (folder) rmSync(folder, { recursive: true, force: true });
	await t?.stop();
});

const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
const refused = (promise, fault) => assert.rejects(promise, (error) => error instanceof RpcError && error.fault === fault);
const later = (instant, minutes) => new Date(Date.parse(instant) + minutes * 60000).toISOString();

// The last slot of each room in the draft: it has time behind it.
async function lastSlots() {
	const { slots } = await one.call('draft.get');
	const last = new Map();
	for (const slot of slots.filter((s) => s.state === 'planned')) if (!(last.get(slot.room)?.end > slot.end)) last.set(slot.room, slot);
	return [...last.values()];
}

const stretch = (client, slot, minutes) => client.write('slot.move', { slot: slot.id, end: later(slot.end, minutes), expect_version: slot.version });

test('a part is released; the rest stays in the draft, and readers on the other worker see the part alone', async () => {
	const [a, b] = await lastSlots();
	await stretch(one, a, 5);
	await stretch(one, b, 5);
	const { changes } = await one.call('release.preview');
	assert.deepEqual(changes.map((c) => c.fields), [['end', 'duration'], ['end', 'duration']]);
	const { release, changes: n, positions } = await one.write('release.publish', { slots: [a.id], note: 'Only one' });
	assert.equal(n, 1);
	for (let i = 0; i < 600 && reader.cursor('schedule').position < positions.schedule; i++) await sleep(50);
	const told = reader.events('schedule').filter(({ type }) => type.startsWith('slot.')).map(({ type, data }) => [type, data.id, data.end]);
	assert.deepEqual(told, [['slot.moved', a.id, later(a.end, 5)]]);
	assert.deepEqual((await one.call('release.preview')).changes.map((c) => c.slot), [b.id]);
	const seen = await reader.call('schedule.get');
	assert.equal(seen.release, release);
	assert.equal(seen.slots.find((s) => s.id === b.id).end, b.end);
	// Taken back, it is in the preview again and can be released again.
	await one.write('release.revert', {});
	assert.equal((await reader.call('schedule.get')).slots.find((s) => s.id === a.id).end, a.end);
	assert.equal((await one.call('release.preview')).changes.length, 2);
	await one.write('release.publish', {});
	assert.equal((await reader.call('schedule.get')).slots.find((s) => s.id === a.id).end, later(a.end, 5));
	assert.equal((await reader.call('schedule.get', { release })).slots.find((s) => s.id === b.id).end, b.end);
});

test('two organisers at once: the second is shown what the first did, and goes on from there', async () => {
	const [slot] = await lastSlots();
	const results = await Promise.allSettled([stretch(one, slot, 5), stretch(two, slot, 10)]);
	const lost = results.find((r) => r.status === 'rejected');
	assert.deepEqual(results.map((r) => r.status).sort(), ['fulfilled', 'rejected']);
	assert.equal(lost.reason.fault, 'conflict');
	const { current } = lost.reason.data;
	assert.equal(current.version, slot.version + 1);
	await stretch(two, current, 1);
	const { slots } = await one.call('draft.get');
	assert.equal(slots.find((s) => s.id === slot.id).end, later(current.end, 1));
});

test('an empty conference is made and published by calls alone', async () => {
	await t.instance.plenum(['conference', 'create', 'anew', '--title', 'Anew', '--zone', 'Europe/Copenhagen', '--starts', '2021-10-30', '--ends', '2021-10-31']);
	const { token } = await t.instance.plenum(['token', '--role', 'organiser', '--email', 'o@example.org', '--into', 'anew', '--json']);
	const call = async (method, params, keyed = true) => {
		const { body } = await post(t.access, method, keyed ? { ...params, key: uuid() } : params, { token });
		if (body.error) throw new RpcError(body.error, method);
		return body.result;
	};
	const [room, track, speaker, session, pause] = Array.from({ length: 5 }, uuid);
	await call('conference.edit', { title: 'A new conference', expect_version: 1 });
	await call('room.save', { room, name: 'Hall', capacity: 90, online_capacity: 400 });
	await call('track.save', { track, name: 'Homes', color: '#2266aa' });
	await call('speaker.save', { speaker, name: 'Grace Hopper' });
	await call('session.save', { session, title: 'Opening', track, talks: [{ title: 'Welcome', speakers: [speaker] }, { title: 'Keynote' }] });
	await call('session.save', { session: pause, title: 'Coffee', kind: 'break', talks: [] });
	await call('people.grant', { email: 'helper@example.org', name: 'Helper', role: 'moderator', value: true });
	await refused(call('slot.create', { session, room, start: '2021-10-31T02:15', end: '2021-10-31T04:00' }), 'time.ambiguous');
	await call('slot.create', { session, room, start: '2021-10-30T09:00', end: '2021-10-30T10:00', anchor: true });
	const { slot } = await call('slot.create', { session: pause, room, start: '2021-10-30T09:50', end: '2021-10-30T10:30', min_s: 600 });
	assert.equal((await call('release.preview', {}, false)).overlaps.length, 1);
	await refused(call('release.publish', {}), 'slot.overlap');
	assert.equal((await call('schedule.get', {}, false)).release, 0);
	await call('slot.move', { slot, start: '2021-10-30T10:00', expect_version: 1 });
	const { release, changes } = await call('release.publish', { note: 'First' });
	assert.deepEqual([release, changes], [1, 2]);
	const doc = await call('schedule.get', {}, false);
	assert.equal(doc.conference.title, 'A new conference');
	assert.deepEqual(doc.slots.map((s) => [s.start, s.end]), [['2021-10-30T07:00:00.000Z', '2021-10-30T08:00:00.000Z'], ['2021-10-30T08:00:00.000Z', '2021-10-30T08:30:00.000Z']]);
	assert.deepEqual(doc.tracks.map((x) => [x.id, x.name, x.color]), [[track, 'Homes', '#2266aa']]);
	assert.equal(doc.sessions.find((s) => s.id === session).talks[0].speakers[0].name, 'Grace Hopper');
	assert.match(await (await fetch(`${t.access.base}/e/anew/schedule.ics`)).text(), /SUMMARY:Opening/);
});

test('a newer file into a live conference is a draft with a diff, matched by guid', async () => {
	await one.write('release.publish', {}).catch(() => {});
	const file = path.join(folder, 'newer.json');
	const doc = await (await fetch(`${t.access.base}/schedule.json`)).json();
	const events = doc.schedule.conference.days.flatMap((day) => Object.values(day.rooms).flat());
	events[0].title = 'Renamed in the file';
	const guid = events[0].guid;
	writeFileSync(file, JSON.stringify(doc));
	const before_ = await reader.call('schedule.get');
	await t.instance.plenum(['import', 'schedule', file, '--into', 'favrholm']);
	const { changes } = await one.call('release.preview');
	assert.equal(changes.length, 1);
	assert.ok(changes[0].fields.includes('title'), String(changes[0].fields));
	assert.equal(changes[0].after.title, 'Renamed in the file');
	assert.equal(before_.sessions.find((s) => s.guid === guid).id, changes[0].after.session);
	assert.equal((await reader.call('schedule.get')).release, before_.release);
	await one.write('release.publish', { slots: [changes[0].slot] });
	assert.equal((await reader.call('schedule.get')).sessions.find((s) => s.guid === guid).title, 'Renamed in the file');
});

// The kernel may still hand a connection to the worker that was just killed.
async function comeBack() {
	for (let tries = 0; ; tries++) {
		try {
			return await connect(t.access, 'organiser', { reconnect: true });
		} catch (error) {
			if (tries === 300) throw error;
			await sleep(100);
		}
	}
}

test('a worker killed under a release: with the same key it happened once, and the answer is the same', async () => {
	for (let i = 0; i < 4; i++) {
		const [slot] = await lastSlots();
		await stretch(two, slot, 1);
		const [[releases]] = await sql(`select count(*) from release where conference = '${t.access.conference}'`);
		const [victim] = t.instance.workerPids();
		const client = await connectTo(t.instance, victim, 'organiser');
		const params = { note: `Round ${i}`, key: uuid() };
		const cut = client.call('release.publish', params).catch((error) => error);
		await sleep([0, 5, 15, 40][i]);
		process.kill(victim, 'SIGKILL');
		await cut;
		client.close();
		const again = await comeBack();
		const first = await again.persist('release.publish', params);
		assert.deepEqual(await again.call('release.publish', params), first);
		again.close();
		assert.deepEqual(await sql(`select count(*), max(number) from release where conference = '${t.access.conference}'`),
			[[String(Number(releases) + 1), String(first.release)]]);
		// All of it or none: what is seen, what is remembered and what was told belong to one transaction.
		assert.deepEqual(await sql(`select count(*) from slot_revision v join published p on p.slot = v.slot
			where v.conference = '${t.access.conference}' and v.release = ${first.release} and p.revision = v.revision and p.during = v.during`), [['1']]);
		assert.deepEqual(await sql(`select count(*) from channel_event e join channel c on c.id = e.channel
			where c.conference = '${t.access.conference}' and e.type = 'release.published' and e.data ->> 'release' = '${first.release}'`), [['1']]);
		for (let wait = 0; wait < 400 && t.instance.workerPids().length < 2; wait++) await sleep(100);
		two.close();
		two = await comeBack();
		one.close();
		one = await comeBack();
	}
});

test('the releases are a feed that a strict parser reads, and each has an address', async () => {
	const response = await fetch(`${t.access.base}/releases.atom`);
	assert.match(response.headers.get('content-type'), /^application\/atom\+xml/);
	const file = path.join(folder, 'releases.atom');
	writeFileSync(file, await response.text());
	await run('xmllint', ['--noout', '--nonet', file]);
	const count = async (what) => Number((await run('xmllint', ['--xpath', `count(//*[local-name()='${what}'])`, file])).stdout);
	const { releases } = await one.call('release.list');
	assert.equal(await count('entry'), releases.length);
	const again = await fetch(`${t.access.base}/releases.atom`, { headers: { 'if-none-match': response.headers.get('etag') } });
	assert.equal(again.status, 304);
	const link = await fetch(`${t.access.base}/e/favrholm/release/1`, { redirect: 'manual' });
	assert.deepEqual([link.status, link.headers.get('location')], [303, '/e/favrholm/attend#/release/1']);
	assert.equal((await fetch(`${t.access.base}/release/x`)).status, 404);
});
