// tests: calendars over HTTP: validators, methods, secrets, what clients try before they believe (B10–B20, B26, B38).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { access, another, ask, base, call, eventsOf, everywhere, feed, figure, haproxy, plenum, settled, sleep, sql, until, write } from './kit.mjs';

const url = `${base}/schedule.ics`;
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
let proxy;
before(async () => {
	proxy = await haproxy();
});
after(() => proxy?.stop());

test('B08 two processes, each with another time zone and language, write the same bytes', async () => {
	const one = access.tokens.attendees[3];
	await write('star.set', { session: (await call('schedule.get', {}, one)).sessions[0].id, value: true }, one);
	const own = [await feed({ time: 'venue', alarm: 15, place: 'link' }, one), await feed({ scope: 'stars', cancelled: 'drop' }, one)].map((made) => new URL(made.url).pathname);
	const { rooms } = await call('schedule.get', {}, one);
	const paths = ['/schedule.ics', `/room/${rooms[0].id}/schedule.ics`, `/slot/${[...eventsOf((await ask(url)).body).keys()][0]}.ics`, ...own];
	const there = await another({ TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', LANGUAGE: 'tr' });
	const here = await another({ TZ: 'America/New_York', LC_ALL: 'C', LANG: 'C' });
	try {
		for (const where of paths) {
			const [a, b, c] = await Promise.all([base, there.base, here.base].map((from) => ask(from + where)));
			assert.equal(a.status, 200, where);
			assert.match(String(a.body), /BEGIN:VEVENT/);
			for (const other of [b, c]) {
				assert.deepEqual(String(other.body), String(a.body), where);
				assert.equal(other.headers.etag, a.headers.etag);
				assert.equal(other.headers['last-modified'], a.headers['last-modified']);
			}
		}
	} finally {
		await Promise.all([there.stop(), here.stop()]);
	}
});

test('B10 Last-Modified grows when something leaves; If-Modified-Since with the old value gets the new calendar', async () => {
	const who = access.tokens.attendees[1];
	const { url: own } = await feed({ scope: 'stars' }, who);
	const { sessions } = await call('schedule.get', {}, who);
	const values = [];
	for (const value of [true, false]) {
		await write('star.set', { session: sessions[0].id, value }, who);
		const shown = await everywhere(() => ask(own), ({ body }) => String(body).includes('UID:empty') !== value);
		values.push(shown);
	}
	const [starred, empty] = values.map(({ headers }) => headers['last-modified']);
	assert.ok(Date.parse(empty) > Date.parse(starred));
	assert.equal((await ask(own, { headers: { 'if-modified-since': starred } })).status, 200);
	assert.equal((await ask(own, { headers: { 'if-modified-since': empty } })).status, 304);
});

test('B11 If-None-Match: exact, in a list, weak, *, garbage; it counts before If-Modified-Since', async () => {
	const { headers: { etag, 'last-modified': modified } } = await ask(url);
	assert.match(etag, /^"[0-9a-f]{32}"$/);
	for (const value of [etag, `"x", ${etag}`, `W/${etag}`, '*', `"a",W/"b" , W/${etag}`])
		assert.equal((await ask(url, { headers: { 'if-none-match': value } })).status, 304, value);
	for (const value of ['"x"', 'garbage', etag.slice(0, -2), etag.slice(1, -1), ',,,', '"'])
		assert.equal((await ask(url, { headers: { 'if-none-match': value, 'if-modified-since': modified } })).status, 200, value);
	for (const value of ['yesterday', 'Thu, 01 Jan 1970 00:00:00 GMT', ''])
		assert.equal((await ask(url, { headers: { 'if-modified-since': value } })).status, 200, value);
});

test('B12 a 304 has no body, costs no rendering and no query', async () => {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	const first = await ask(url, { agent });
	const renders = await settled(() => figure('plenum_calendars_total'));
	const began = Date.now();
	const statements = await figure('plenum_db_statements_total');
	for (let i = 0; i < 1000; i++) {
		const same = await ask(url, { agent, headers: { 'if-none-match': first.headers.etag } });
		assert.equal(same.status, 304);
		assert.equal(same.body.length, 0);
		assert.equal(same.headers.etag, first.headers.etag);
		assert.ok(same.headers['cache-control'].includes('max-age=300'));
		assert.equal(same.headers['content-length'], undefined);
	}
	agent.destroy();
	assert.equal(await settled(() => figure('plenum_calendars_total')), renders);
	// What the workers do by themselves every second is not ours.
	const own = (await figure('plenum_db_statements_total')) - statements;
	assert.ok(own < 100 + (Date.now() - began) / 10, `${own} statements`);
});

test('B13 HEAD has the headers of GET, with the length, and no body', async () => {
	const { url: own } = await feed({});
	for (const where of [url, own, `${base}/slot/${[...eventsOf((await ask(url)).body).keys()][0]}.ics`]) {
		const [got, head] = [await ask(where), await ask(where, { method: 'HEAD' })];
		assert.equal(head.status, 200);
		assert.equal(head.body.length, 0);
		const kept = ({ date, connection, ...rest }) => rest;
		assert.deepEqual(kept(head.headers), kept(got.headers));
		assert.equal(Number(head.headers['content-length']), got.body.length);
		assert.equal(head.headers['x-robots-tag'], 'noindex');
		assert.equal(head.headers['referrer-policy'], 'no-referrer');
		assert.equal(head.headers['set-cookie'], undefined);
		assert.equal(head.headers['cache-control'], where === own ? 'private, max-age=300' : 'public, max-age=300');
	}
});

test('B14 PROPFIND, REPORT, PUT, DELETE and POST 405 with Allow, OPTIONS 204: through the HAProxy of deploy/', async () => {
	const { url: own } = await feed({});
	const where = proxy.https + new URL(own).pathname;
	for (const [method, status, headers] of [['PROPFIND', 405, { depth: '0' }], ['REPORT', 405, {}], ['PUT', 405, { 'if-match': '"x"' }], ['DELETE', 405, {}], ['PATCH', 405, {}],
		['MKCALENDAR', 405, {}], ['POST', 405, { 'content-length': '0' }], ['OPTIONS', 204, {}]]) {
		const answer = await ask(where, { method, headers });
		assert.equal(answer.status, status, method);
		assert.match(answer.headers.allow, /^GET, HEAD, OPTIONS$/, method);
	}
	// Without a proxy too, where libwebsockets knows the method.
	for (const [method, status] of [['PUT', 405], ['DELETE', 405], ['POST', 405], ['OPTIONS', 204]])
		assert.equal((await ask(own, { method, headers: { 'content-length': '0' } })).status, status, method);
});

test('B15 any Accept, any Accept-Encoding: the calendar as it is', async () => {
	const plain = await ask(url);
	for (const headers of [{}, { accept: 'application/json' }, { accept: 'text/html' }, { 'accept-encoding': 'gzip, br' }]) {
		const answer = await ask(url, { headers });
		assert.equal(answer.status, 200);
		assert.equal(answer.headers['content-type'], 'text/calendar; charset=utf-8');
		assert.equal(answer.headers['content-encoding'], undefined);
		assert.equal(answer.headers.vary, undefined);
		assert.deepEqual(answer.body, plain.body);
	}
});

test('B16 http, which is what webcal becomes, leads to https in one step', async () => {
	const { url: own } = await feed({});
	const where = new URL(own).pathname;
	for (const method of ['GET', 'HEAD', 'POST']) {
		const answer = await ask(proxy.http + where, { method, headers: { 'content-length': '0' } });
		assert.equal(answer.status, 308);
		assert.equal(answer.headers.location, `https://${new URL(proxy.http).host}${where}`);
	}
	assert.equal((await ask(proxy.https + where)).status, 200);
});

test('B17 a revoked address says so on every worker, and is gone from the memory of each after 30 days; others go on', async () => {
	const [gone, stays] = [await feed({ label: 'Private words' }), await feed({})];
	for (let i = 0; i < 8; i++) assert.equal(eventsOf((await ask(gone.url)).body).size > 1, true);
	await write('feed.revoke', { feed: gone.feed }, access.tokens.attendees[0]);
	const isOff = ({ status, body }) => status === 200 && String(body).includes('SUMMARY:This calendar link was switched off');
	await everywhere(() => ask(gone.url), isOff);
	for (let i = 0; i < 4; i++) {
		const answer = await ask(gone.url);
		assert.ok(isOff(answer));
		assert.equal(eventsOf(answer.body).size, 1);
		assert.ok(!String(answer.body).includes('Private words'));
		assert.ok(!String(answer.body).includes(gone.url.split('/')[4]));
	}
	assert.ok(eventsOf((await ask(stays.url)).body).size > 1);
	// The thirty days end while every worker has the tombstone in its memory: first both show it, then both say it is gone.
	const isGone = ({ status }) => status === 410;
	let held = false;
	let old;
	for (const seconds of [6, 30, 120]) {
		old = await feed({});
		await everywhere(() => ask(old.url), ({ body }) => eventsOf(body).size > 1);
		await write('feed.revoke', { feed: old.feed }, access.tokens.attendees[0]);
		await sql(`update feed set revoked = now() - interval '30 days' + interval '${seconds} seconds' where id = '${old.feed}'`);
		held = await everywhere(() => ask(old.url), isOff, seconds * 1000).then(() => true, () => false);
		if (held) break;
	}
	assert.ok(held, 'each worker had it in its memory');
	const answer = await everywhere(() => ask(old.url), isGone, 180000);
	assert.ok(!String(answer.body).includes('BEGIN:'));
	// And one that nobody asked for in those days.
	const unseen = await feed({});
	await sql(`update feed set revoked = now() - interval '31 days' where id = '${unseen.feed}'`);
	assert.ok(isGone(await ask(unseen.url)));
});

test('B18 after a rotation the old address ends at once, or a day later', async () => {
	const { feed: id, url: first } = await feed({});
	const live = async (where) => eventsOf((await ask(where)).body).size > 1;
	assert.ok(await live(first));
	const { url: second } = await write('feed.rotate', { feed: id, keep_hours: 24 }, access.tokens.attendees[0]);
	assert.ok((await live(first)) && (await live(second)));
	const { url: third } = await write('feed.rotate', { feed: id, keep_hours: 0 }, access.tokens.attendees[0]);
	await until(() => live(second), (is) => !is);
	await until(() => live(first), (is) => !is);
	assert.ok(await live(third));
});

test('B19 a token is in no log, no error page, no address that we send people to', async () => {
	const { feed: id, url: own } = await feed({});
	const token = own.split('/')[4];
	const paths = [`/c/${token}/schedule.ics`, `/c/${token}/x`, `/c/${token}`, `/e/favrholm/c/${token}/schedule.ics`, `/c/${token}x/schedule.ics`];
	const pages = [];
	for (const where of paths) {
		for (const at of [base, proxy.https]) pages.push(await ask(at + where), await ask(at + where, { method: 'PUT', headers: { 'content-length': '0' } }));
		await ask(proxy.http + where);
	}
	for (const page of pages) {
		if (page.status === 200) continue;
		assert.ok(!String(page.body).includes(token), String(page.body));
		assert.ok(!JSON.stringify(page.headers).includes(token));
	}
	await write('feed.revoke', { feed: id }, access.tokens.attendees[0]);
	await sleep(500);
	const log = readFileSync(path.join(path.dirname(process.env.PLENUM_ACCESS), 'plenumd.log'), 'utf8');
	assert.ok(log.length > 0 && !log.includes(token));
	assert.ok(proxy.log().length > 0 && !proxy.log().includes(token), proxy.log().split('\n').find((line) => line.includes(token)));
	const kept = await sql("select count(*) from (select to_jsonb(r) as x from reply r union all select to_jsonb(e) from channel_event e union all select to_jsonb(f) from feed f union all select to_jsonb(t) from feed_token t) y where x::text like '%" + token + "%'");
	assert.deepEqual(kept, [['0']]);
});

test('B20 an unknown token and none at all look the same, and how long they take is told; a burst ends in 429 with Retry-After', async () => {
	const strange = ['a'.repeat(32), 'x', 'A1'.repeat(16), '%00', `${'y'.repeat(70)}`];
	const answers = [];
	for (const token of strange) answers.push(await ask(`${base}/c/${token}/schedule.ics`));
	for (const { status, headers, body } of answers) {
		assert.equal(status, 404);
		assert.equal(String(body), String(answers[0].body));
		const { date, ...rest } = headers;
		const { date: _, ...first } = answers[0].headers;
		assert.deepEqual(rest, first);
	}
	// How long each takes: a known length, a wrong one in the right form, one that was never given out. Told, and not judged: a loaded machine has its own times.
	const took = new Map([['right form, unknown', []], ['wrong form', []], ['known, switched off long ago', []]]);
	const { feed: off, url: known } = await feed({}, access.tokens.attendees[8]);
	await sql(`update feed set revoked = now() - interval '31 days' where id = '${off}'`);
	const one = new http.Agent({ keepAlive: true, maxSockets: 1 });
	for (let i = 0; i < 30; i++) {
		// A token a worker has not heard of each time: what it knows it answers from memory.
		const letters = Array.from({ length: 32 }, () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor(Math.random() * 32)]).join('');
		for (const [name, where] of [['right form, unknown', `${base}/c/${letters}/schedule.ics`], ['wrong form', `${base}/c/${letters.slice(1)}/schedule.ics`], ['known, switched off long ago', known]]) {
			const began = performance.now();
			const { status } = await ask(where, { agent: one });
			took.get(name).push(performance.now() - began);
			assert.equal(status, where === known ? 410 : 404);
		}
	}
	one.destroy();
	for (const [name, all] of took) console.log(`B20 ${name}: median ${median(all).toFixed(2)} ms of ${all.length}`);
	const { url: own } = await feed({});
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	let refused;
	for (let i = 0; i < 80 && !refused; i++) {
		const answer = await ask(own, { agent });
		if (answer.status !== 200) refused = { ...answer, i };
	}
	agent.destroy();
	assert.equal(refused?.status, 429);
	assert.ok(refused.i >= 60 && Number(refused.headers['retry-after']) > 0);
	// The public one is everybody's.
	assert.equal((await ask(url)).status, 200);
});

test('B26 a join link without sign-in leads to the page that asks, never to a stream', async () => {
	const { sessions, slots, rooms } = await call('schedule.get', {}, access.tokens.attendees[0]);
	assert.ok(sessions.length && rooms.length);
	const room = slots[0].room;
	await write('stream.set', { stream: crypto.randomUUID(), room, kind: 'hls', url: 'https://cdn.example.org/secret.m3u8', label: 'Floor', language: 'en' });
	for (const where of [`${base}/room/${room}/schedule.ics`, url]) {
		const shown = await everywhere(() => ask(where), ({ body }) => String(body).includes('CONFERENCE'));
		assert.ok(!String(shown.body).includes('cdn.example.org'));
	}
	const answer = await ask(`${base}/j/${slots[0].id}`);
	assert.equal(answer.status, 303);
	assert.ok(answer.headers.location.startsWith('/attend'));
	assert.ok(!JSON.stringify(answer.headers).includes('cdn.example.org') && !String(answer.body).includes('cdn.example.org'));
});

/*
 * Thunderbird's detection (comm/calendar/providers/ics/CalICSProvider.sys.mjs and caldav's, calUtils' detectors), step by step as it decides:
 * CalDAV is tried first and must find nothing; then for ICS attemptHead, attemptGet, attemptDAVLocation and attemptPut, until one answers.
 */
const isCalendar = ({ headers, body }) => /^text\/calendar/.test(headers['content-type'] ?? '') || String(body).includes('BEGIN:VCALENDAR');
async function thunderbird(where) {
	const tried = [];
	const attempt = async (name, method, headers, body) => {
		const answer = await ask(where, { method, headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0', ...headers, ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}) }, body });
		tried.push([name, answer.status]);
		return answer;
	};
	const dav = '<?xml version="1.0" encoding="UTF-8"?>\n<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:resourcetype/><D:owner/><D:displayname/><D:current-user-principal/><C:calendar-home-set/></D:prop></D:propfind>';
	const xml = { 'content-type': 'text/xml; charset=utf-8', depth: '0' };
	// CalDAV: a 207 with a collection would make it an account that is written to.
	const collection = await attempt('caldav', 'PROPFIND', xml, dav);
	if (collection.status === 207) return { kind: 'caldav', tried };
	const found = [];
	const head = await attempt('head', 'HEAD', { accept: 'text/calendar' });
	if (head.status === 200 && /^text\/calendar/.test(head.headers['content-type'] ?? '')) found.push(where);
	const got = await attempt('get', 'GET', { accept: 'text/calendar' });
	if (got.status === 200 && isCalendar(got)) found.push(where);
	const listed = await attempt('dav', 'PROPFIND', { ...xml, depth: '1' }, dav);
	if (listed.status === 207) found.push('a folder of calendars');
	// Refused as a conflict the place can be written to, and is shown as one.
	const put = await attempt('put', 'PUT', { 'if-match': 'asdf', 'content-type': 'text/calendar; charset=utf-8' }, 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n');
	const writable = [409, 412, 200, 201, 204].includes(put.status) || /\b(1|calendar-access)\b/.test(head.headers.dav ?? '');
	return { kind: 'ics', calendars: [...new Set(found)], writable, tried, name: /^X-WR-CALNAME:(.*)\r$/m.exec(String(got.body))?.[1], body: String(got.body) };
}

test('B38 what Thunderbird tries, in its order and with its headers, finds one calendar, to be read', async () => {
	for (const { url: own } of [await feed({}), { url }]) {
		const where = proxy.https + new URL(own).pathname;
		const seen = await thunderbird(where);
		assert.equal(seen.kind, 'ics');
		assert.deepEqual(seen.calendars, [where], 'one, at the address that was given');
		assert.equal(seen.writable, false, JSON.stringify(seen.tried));
		assert.deepEqual(seen.tried, [['caldav', 405], ['head', 200], ['get', 200], ['dav', 405], ['put', 405]]);
		assert.ok(seen.name, 'and it has a name to be listed by');
		// The same file afterwards: what was tried changed nothing.
		assert.equal(String((await ask(where)).body), seen.body);
	}
});

test('who fetched last is told by family and release', async () => {
	const who = access.tokens.attendees[2];
	const { feed: id, url: own } = await feed({ label: 'Google' }, who);
	await ask(own, { headers: { 'user-agent': 'Mozilla/5.0 (compatible; Google-Calendar-Importer)' } });
	const { feeds } = await until(() => call('feed.list', {}, who), ({ feeds: list }) => list.find((f) => f.id === id)?.fetched);
	const mine = feeds.find((f) => f.id === id);
	assert.equal(mine.fetched.agent, 'Google');
	assert.equal(mine.fetched.version, mine.version);
});

test('the command line writes the same calendar', async () => {
	const served = String((await ask(url)).body);
	const written = await plenum(['export', 'schedule', '--format', 'ics']);
	assert.deepEqual([...eventsOf(written).keys()], [...eventsOf(served).keys()]);
});
