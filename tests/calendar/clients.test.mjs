// tests: what six clients read is what the database says: every instant and every text of a congress, of DST days, of a programme edited at random (B04, B05, B25, B30, B40).
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { before } from 'node:test';
import { access, ask, base, eventsOf, feed, folder, plenum, sql, top, until, uuid, write } from './kit.mjs';
import { missing, readAll } from './readers.mjs';

const congress = path.resolve(top, '../shared/data/38c3-schedule.xml');
const shared = existsSync(congress) ? congress : '/work/shared/data/38c3-schedule.xml';

before(() => assert.deepEqual(missing(), [], 'run deploy/install test'));

// What the database says a calendar of all slots must hold.
async function truth(slug) {
	const rows = await sql(`select json_build_object('uid', p.slot || '@slots.plenum', 'start', extract(epoch from lower(p.during))::bigint,
		'end', extract(epoch from upper(p.during))::bigint, 'first', (lower(p.during) at time zone k.zone)::date, 'after', (upper(p.during) at time zone k.zone)::date,
		'day', (lower(p.during) at time zone k.zone)::time = '00:00' and (upper(p.during) at time zone k.zone)::time = '00:00',
		'cancelled', p.cancelled, 'slot', p.slot, 'title', p.content ->> 'title', 'room', p.content ->> 'room', 'venue', k.venue,
		'subtitle', p.content ->> 'subtitle', 'abstract', coalesce(nullif(p.content ->> 'abstract', ''), p.content ->> 'description'), 'url', p.content ->> 'url',
		'speakers', (select string_agg(x ->> 'name', ', ') from jsonb_array_elements(p.content -> 'speakers') x),
		'links', (select json_agg(json_build_object('title', x ->> 'title', 'url', x ->> 'url')) from jsonb_array_elements(coalesce(nullif(p.content -> 'extra' -> 'attachments', 'null'), '[]')
			|| coalesce(nullif(p.content -> 'extra' -> 'links', 'null'), '[]')) x))
		from published p join conference k on k.id = p.conference where k.slug = '${slug}'`);
	return new Map(rows.map(([text]) => JSON.parse(text)).map((row) => [row.uid, row]));
}

const join = (slug, row) => `${base}${slug === 'favrholm' ? '' : `/e/${slug}`}/j/${row.slot}`;
function expected(slug, row) {
	const parts = [join(slug, row), row.speakers, row.subtitle, row.abstract].filter(Boolean);
	const links = (row.links ?? []).filter(({ url }) => url).map(({ title, url }) => `${title || 'Link'}: ${url}`);
	return {
		start: row.day ? row.first : row.start, end: row.day ? row.after : row.end,
		summary: `${row.cancelled ? 'AFLYST/CANCELLED: ' : ''}${row.title}`.normalize('NFC'),
		description: [...parts, ...(links.length ? [links.join('\n')] : [])].join('\n\n').normalize('NFC'),
		location: [row.room, row.venue].filter(Boolean).join(', ').normalize('NFC'),
		url: /^https:/.test(row.url ?? '') ? row.url : join(slug, row),
	};
}

// What python3-icalendar 4.0.3, and khal with it, does to texts: %2C is a comma to it, of "\\," only the comma is left, and a backslash before an n is a line break. The other four read them as they are.
const quirk = (text) => text.replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%3B/g, ';').replace(/%5C/g, '\\').replace(/\\([,;])/g, '$1').replace(/\\n/g, '\n');
const QUIRKS = { icalendar: quirk, khal: quirk };
/** Byte for byte after NFC; only where a text has what one of those two cannot read, what it makes of it. */
const TRIGGER = /%(2C|3A|3B|5C)|\\/i;
const reads = (client, text) => (QUIRKS[client] && TRIGGER.test(text) ? QUIRKS[client](text) : text);

// The file itself, as RFC 5545 says it is to be read: no reader's ways between it and the source.
function strict(source) {
	const plain = (lines, name) => (new RegExp(`^${name}(?:;[^:]*)?:(.*)\\r$`, 'm').exec(lines)?.[1] ?? '').replace(/\\([\\;,nN])/g, (_, c) => (/n/i.test(c) ? '\n' : c)).normalize('NFC');
	return Object.fromEntries([...eventsOf(source)].map(([slot, lines]) => [`${slot}@slots.plenum`,
		{ summary: plain(lines, 'SUMMARY'), location: plain(lines, 'LOCATION'), description: plain(lines, 'DESCRIPTION'), url: /^URL(?:;[^:]*)?:(.*)\r$/m.exec(lines)?.[1] ?? '' }]));
}

async function compare(slug, url, { texts = true } = {}) {
	const { status, body } = await ask(url);
	assert.equal(status, 200);
	const file = path.join(folder, `${uuid()}.ics`);
	writeFileSync(file, body);
	const [seen, rows] = [await readAll(file, String(body)), await truth(slug)];
	assert.equal(Object.keys(seen).length, 6);
	const own = strict(body);
	for (const [uid, row] of rows) {
		const { summary, location, url: where, description } = expected(slug, row);
		assert.deepEqual([own[uid].summary, own[uid].location, own[uid].url], [summary, location, where], 'the file itself');
		if (Buffer.byteLength(description) < 4000) assert.equal(own[uid].description, description, 'the file itself: description');
	}
	for (const [client, events] of Object.entries(seen)) {
		assert.deepEqual(Object.keys(events).sort(), [...rows.keys()].sort(), `${client}: which events`);
		for (const [uid, row] of rows) {
			const want = expected(slug, row);
			// khal prints whole days as midnights, the last day included.
			const when = client === 'khal' && row.day ? [Date.parse(want.start) / 1000, Date.parse(want.end) / 1000 - 86400] : [want.start, want.end];
			assert.deepEqual([events[uid].start, events[uid].end], when, `${client}: ${row.title}: when`);
			if (!texts) continue;
			const same = (name) => assert.equal(TRIGGER.test(want[name]) ? reads(client, events[uid][name]) : events[uid][name], reads(client, want[name]), `${client}: ${name}`);
			for (const name of ['summary', 'location', 'url']) same(name);
			// Beyond 4,000 octets it is cut.
			if (events[uid].description !== undefined && Buffer.byteLength(want.description) < 4000) same('description');
		}
	}
	return seen;
}

const NASTY = ['Comma, semicolon; backslash \\ alone', 'Quotes "double" \'single\' and a: colon', 'Æblegrød på Østerbro 🎉 語語語 e\u0301 Å',
	`${'long '.repeat(60)}\\,;${'ord, '.repeat(60)}`, 'METHOD:CANCEL', '=?utf-8?Q?x?= %20 & <b>'];
const WHEN = [
	['2026-07-01T09:00:00+02:00', '01:00', 'July'], ['2026-01-15T09:00:00+01:00', '01:00', 'January'],
	['2026-03-29T01:30:00+01:00', '01:00', 'Over the hour that is not there'], ['2026-03-29T03:00:00+02:00', '01:00', 'Right behind it'],
	['2026-10-25T02:30:00+02:00', '00:20', 'The first 02:30'], ['2026-10-25T02:30:00+01:00', '00:20', 'The second 02:30'], ['2026-10-25T01:30:00+02:00', '03:00', 'Over both'],
	['2026-06-30T23:30:00+02:00', '01:00', 'Over midnight'], ['2026-07-02T00:00:00+02:00', '24:00', 'All day'], ['2026-12-31T23:30:00+01:00', '01:00', 'Over the year'],
];

async function dstConference() {
	const days = new Map();
	WHEN.forEach(([date, duration, title], i) => {
		const guid = `00000000-0000-4000-8000-0000000001${String(i).padStart(2, '0')}`;
		const event = { guid, id: i + 1, date, start: date.slice(11, 16), duration, room: `Room ${i}`, slug: `dst-${i + 1}-x`, url: `https://example.org/${i}`, title: `${title}: ${NASTY[i % NASTY.length]}`.slice(0, 480),
			subtitle: NASTY[(i + 1) % NASTY.length], track: 'Tid', type: 'talk', language: 'da', abstract: `${NASTY[(i + 2) % NASTY.length]}\nSecond line\n\nThird, ${NASTY[i % NASTY.length]}`, description: '',
			persons: [{ guid: `00000000-0000-4000-8000-0000000002${String(i).padStart(2, '0')}`, name: `Søren O'Neill, Dr.; ${i}` }], links: [{ title: 'Slides; final, really', url: `https://example.org/s/${i}?a=1&b=2` }] };
		const key = date.slice(0, 10);
		days.set(key, { ...(days.get(key) ?? {}), [event.room]: [event] });
	});
	const list = [...days.keys()].sort();
	const file = path.join(folder, 'dst.json');
	writeFileSync(file, JSON.stringify({ schedule: { version: '1', base_url: 'https://example.org/', conference: { acronym: 'dst26', title: 'Days of all kinds', start: list[0], end: list.at(-1), daysCount: list.length,
		timeslot_duration: '00:05', time_zone_name: 'Europe/Copenhagen', tracks: [{ name: 'Tid', slug: 'tid', color: '#336699' }], rooms: WHEN.map((_, i) => ({ name: `Room ${i}`, guid: `00000000-0000-4000-8000-0000000003${String(i).padStart(2, '0')}` })),
		days: list.map((date, i) => ({ index: i + 1, date, day_start: `${date}T04:00:00+01:00`, day_end: `${date}T23:59:00+01:00`, rooms: days.get(date) })) } } }));
	await plenum(['import', 'schedule', file, '--into', 'dst', '--zone', 'Europe/Copenhagen', '--publish']);
}

test('six clients read the sample programme', () => compare('favrholm', `${base}/schedule.ics`));

test('B04 B05 six clients read every text and instant of July, January, DST days, midnight, whole days and the year\'s end', async () => {
	await dstConference();
	assert.equal((await truth('dst')).size, WHEN.length);
	await compare('dst', `${base}/e/dst/schedule.ics`);
});

test('B40 venue time gives six clients the same instants as UTC', async () => {
	const token = (await plenum(['token', '--role', 'organiser', '--email', 'dst@example.org', '--into', 'dst'])).trim();
	const { url } = await feed({ time: 'venue', alarm: 30 }, token);
	const seen = await compare('dst', url);
	const body = String((await ask(url)).body);
	assert.ok(body.includes('DTSTART;TZID=Europe/Copenhagen:20260701T090000\r\n'));
	// The hour that is there twice stays in UTC, both times.
	assert.ok(body.includes('DTSTART:20261025T003000Z') && body.includes('DTSTART:20261025T013000Z'));
	for (const client of ['icalendar', 'ical.js', 'vobject'])
		assert.deepEqual(new Set(Object.values(seen[client]).map(({ alarms }) => alarms)), new Set([0, 1]), `B39 ${client}: an alarm, but not on whole days`);
});

test('six clients read every instant and text of 38C3', { skip: !existsSync(shared) && 'the file is not here' }, async () => {
	await plenum(['import', 'schedule', shared, '--into', 'congress', '--publish']);
	const seen = await compare('congress', `${base}/e/congress/schedule.ics`);
	assert.equal(Object.keys(seen.khal).length, 1007);
});

test('B25 CONFERENCE is read by ical.js and python-icalendar; the link is the URL and the first line as well', async () => {
	const [[room]] = await sql("select p.room from published p join conference k on k.id = p.conference where k.slug = 'favrholm' limit 1");
	for (const [language, label] of [['da', 'Dansk tolkning'], ['en', 'Floor: original']])
		await write('stream.set', { stream: uuid(), room, kind: 'hls', url: `https://cdn.example.org/${language}.m3u8`, label, language });
	const { body } = await until(() => ask(`${base}/room/${room}/schedule.ics`), (answer) => (String(answer.body).match(/LANGUAGE=/g) ?? []).length >= 2);
	const file = path.join(folder, 'streams.ics');
	writeFileSync(file, body);
	const seen = await readAll(file, String(body));
	for (const client of ['icalendar', 'ical.js']) {
		for (const [uid, event] of Object.entries(seen[client])) {
			const link = `${base}/j/${uid.split('@')[0]}`;
			assert.deepEqual(event.conferences.map(({ uri, feature, label, language }) => [uri, feature, label, language]),
				[[link, 'VIDEO', 'Dansk tolkning', 'da'], [link, 'VIDEO', 'Floor: original', 'en']]);
			assert.equal(event.url, link);
			assert.equal(event.description.split('\n')[0], link);
		}
	}
});

test('B30 an empty calendar is one event for six clients', async () => {
	const { url } = await feed({ scope: 'speaking' }, access.tokens.attendees[35]);
	const { body } = await ask(url);
	const file = path.join(folder, 'empty.ics');
	writeFileSync(file, body);
	for (const [client, events] of Object.entries(await readAll(file, String(body)))) assert.equal(Object.keys(events).length, 1, client);
});

test('six clients agree with the database on a programme edited 200 times at random', async () => {
	const slots = (await sql("select l.id from slot l join conference k on k.id = l.conference where k.slug = 'dst' order by 1")).map(([id]) => id);
	let seed = 11;
	const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
	const edits = [];
	for (let i = 0; i < 200; i++) {
		const slot = slots[random(slots.length)];
		const kind = random(4);
		// A slot may get longer or move by a month; no time is wrong for a calendar.
		if (kind === 0) edits.push(`update slot set ends = ends + interval '${random(300)} minutes', version = version + 1 where id = '${slot}'`);
		else if (kind === 1) edits.push(`update slot set starts = starts + d.d, ends = ends + d.d, version = version + 1 from (select interval '${random(40000) - 20000} minutes' as d) d where id = '${slot}'`);
		else if (kind === 2) edits.push(`update session set title = 'Edit ${i}, \\ ; æ' where id = (select session from slot where id = '${slot}')`);
		else edits.push(`update slot set cancelled = not cancelled, version = version + 1 where id = '${slot}'`);
	}
	await sql(edits.join(';\n'));
	const token = (await plenum(['token', '--role', 'organiser', '--email', 'dst2@example.org', '--into', 'dst'])).trim();
	await sql("update slot set overlap_ok = true where conference = (select id from conference where slug = 'dst')");
	const [[before]] = await sql("select count(*) from release r join conference k on k.id = r.conference where k.slug = 'dst'");
	await write('release.publish', {}, token);
	// Far enough back on the conference's clock that nothing cancelled has left.
	await sql("update conference set clock_offset = '2026-01-01'::timestamptz - now() where slug = 'dst'");
	const { url } = await feed({ time: 'venue' }, token);
	for (const where of [url, (await feed({ time: 'utc' }, token)).url]) await compare('dst', where);
	const [[after]] = await sql("select count(*) from release r join conference k on k.id = r.conference where k.slug = 'dst'");
	assert.ok(Number(after) > Number(before));
});
