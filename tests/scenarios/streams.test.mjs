// scenario: streams over real sockets: what staff decide reaches players of every worker; what is wrong is refused and changes nothing.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { BIN, demo } from '../support/instance.mjs';
import { RpcError, connect, post, sleep, uuid } from '../support/client.mjs';

let t;
let staff;
let organiser;
let watchers;
let guest;
let room;
let channel;

before(async () => {
	t = await demo();
	room = `room:${t.access.room}`;
	channel = `captions:${t.access.room}`;
	staff = await connect(t.access, 'moderator');
	organiser = await connect(t.access, 'organiser');
	guest = await connect(t.access, { guest: '' });
	// Enough that both workers have some: each connection meets a worker by chance.
	watchers = await Promise.all(Array.from({ length: 12 }, (_, i) => connect(t.access, `attendees ${i}`)));
	for (const one of watchers) await one.subscribe([room, channel]);
});
after(async () => {
	for (const one of [staff, organiser, guest, ...watchers]) one.close();
	await t.stop();
});

const write = (who, method, params) => who.call(method, { key: uuid(), ...params });
const refused = (promise, fault) => assert.rejects(promise, (error) => error instanceof RpcError && (fault === undefined || error.fault === fault));
const state = () => t.instance.pg.sql('plenum_owner', 'plenum', `select (select count(*) from stream), (select count(*) from stream_host),
	(select sum(version) from stream), (select count(*) from room_live), (select count(*) from channel_event where type in ('stream.changed', 'caption.added')), (select count(*) from reply),
	(select sum(revision) from published)`).then(JSON.stringify);
const policy = async () => (await fetch(`${t.access.base}/attend`)).headers.get('content-security-policy');

test('a stream, a switch and a hold reach every open player', async () => {
	const stream = uuid();
	const reply = await write(staff, 'stream.set', { stream, room: t.access.room, kind: 'hls', url: 'https://cdn.example.org/live.m3u8', label: 'Hall', language: 'en' });
	assert.equal(reply.version, 1);
	for (const one of watchers) await one.waitEvent(room, 'stream.changed', (doc) => doc.current === stream && doc.hold === null);
	const other = uuid();
	await write(staff, 'stream.set', { stream: other, room: t.access.room, kind: 'hls', url: 'https://cdn.example.org/da.m3u8', language: 'da' });
	await write(staff, 'stream.switch', { room: t.access.room, stream: other });
	for (const one of watchers) await one.waitEvent(room, 'stream.changed', (doc) => doc.current === other && doc.switched);
	const text = { en: 'We know. Back in about 3 minutes', da: 'Vi ved det. Tilbage om ca. 3 minutter' };
	await write(staff, 'stream.hold', { room: t.access.room, hold: true, text });
	for (const one of watchers) await one.waitEvent(room, 'stream.changed', (doc) => doc.hold?.text.da === text.da);
	const late = await connect(t.access, 'attendees 20');
	const snapshot = await late.subscribe([room]);
	assert.equal(snapshot[room].snapshot.streams.hold.text.en, text.en);
	late.close();
	await write(staff, 'stream.hold', { room: t.access.room, hold: false });
	for (const one of watchers) await one.waitEvent(room, 'stream.changed', (doc) => doc.current === other && doc.hold === null);
});

test('a captioner sends lines over POST /rpc', async () => {
	const { body } = await post(t.access, 'caption.add', { room: t.access.room, text: 'Good morning and welcome.', language: 'en', key: uuid() }, { token: t.access.tokens.moderator });
	assert.equal(body.error, undefined, JSON.stringify(body));
	for (const one of watchers) await one.waitEvent(channel, 'caption.added', (line) => line.text === 'Good morning and welcome.');
});

test('players are counted: the number for everybody, how they fare for staff', async () => {
	await staff.subscribe([`${room}:mod`]);
	await Promise.all(watchers.map((one, i) => one.call('player.report', { room: t.access.room, state: i < 3 ? 'stalled' : 'playing' })));
	await watchers[0].waitTally(room, 'joined', 12);
	await staff.waitTally(`${room}:mod`, 'playing', 9);
	await staff.waitTally(`${room}:mod`, 'stalled', 3);
	const denied = await watchers[0].subscribe([`${room}:mod`]);
	assert.equal(denied[`${room}:mod`].fault, 'denied');
	// Two leave by saying so, the others by silence.
	await watchers[0].call('player.report', { room: t.access.room, state: 'left' });
	await staff.waitTally(`${room}:mod`, 'joined', 11);
	const heard = [staff.log.length, watchers[1].log.length];
	await t.instance.pg.sql('plenum_owner', 'plenum', `update player set seen = seen - interval '2 minutes'; update due set at = now() where kind = 'presence'`);
	await staff.waitTally(`${room}:mod`, 'joined', 0, undefined, heard[0]);
	await watchers[1].waitTally(room, 'joined', 0, undefined, heard[1]);
});

test('a link is for those who may: a guest reads it nowhere', async () => {
	const stream = uuid();
	const { slots } = await guest.call('schedule.get');
	const slot = slots.find((each) => each.room === t.access.room);
	await write(staff, 'stream.set', { stream, room: t.access.room, kind: 'link', url: 'https://meet.example.org/hidden-door' });
	await write(staff, 'stream.switch', { room: t.access.room, stream });
	assert.equal((await watchers[0].call('stream.join', { slot: slot.id })).url, 'https://meet.example.org/hidden-door');
	for (const [method, params] of [['stream.join', { slot: slot.id }], ['stream.get', { room: t.access.room }], ['player.report', { room: t.access.room, state: 'playing' }]])
		await refused(guest.call(method, params), 'auth.required');
	const heard = await guest.subscribe([room, channel, `${room}:mod`]);
	for (const name of [room, channel, `${room}:mod`]) assert.equal(heard[name].fault, 'denied', name);
	for (const where of ['/schedule.json', '/schedule.ics', '/schedule.xml', '/now.json', '/conference.json', `/j/${slot.id}`, '/attend']) {
		const text = await (await fetch(t.access.base + where, { redirect: 'manual' })).text();
		assert.ok(!text.includes('hidden-door'), where);
	}
	assert.ok(!JSON.stringify(watchers[1].log).includes('hidden-door'), 'not even in an event');
	await write(staff, 'stream.remove', { stream, expect_version: 1 });
});

test('what is wrong is refused by name and changes nothing', async () => {
	await write(organiser, 'stream.hosts', { embed: ['video.example.org'] });
	const before = await state();
	const set = (more) => write(staff, 'stream.set', { stream: uuid(), room: t.access.room, kind: 'hls', url: 'https://cdn.example.org/x.m3u8', ...more });
	await refused(set({ kind: 'embed', url: 'https://evil.example.org/' }), 'stream.host');
	await refused(set({ kind: 'embed', url: 'https://video.example.org@evil.example.org/' }), 'stream.host');
	await refused(set({ kind: 'embed', url: 'https://video.example.org.evil.example/' }), 'stream.host');
	for (const url of ['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', 'http://cdn.example.org/x', 'https://a.example.org/\r\nset-cookie: x=1', 'https://a.example.org/\n',
		'https://a.example.org; script-src *', 'https:// a.example.org/', '//a.example.org/', 'https://a.example.org/"', 'https://å.example.org/', 'blob:https://a.example.org/x'])
		await refused(set({ url }), 'stream.url');
	await refused(set({ captions_url: 'javascript:1' }), 'stream.url');
	await refused(set({ url: `https://a.example.org/${'x'.repeat(400)}` }), 'limit.size');
	await refused(set({ starts: '2021-05-02T10:00:00Z', ends: '2021-05-02T09:59:59Z' }), 'bad_request');
	await refused(set({ starts: 'soon' }), 'bad_request');
	await refused(set({ room: uuid() }), 'not_found');
	await refused(write(watchers[0], 'stream.set', { stream: uuid(), room: t.access.room, kind: 'hls', url: 'https://cdn.example.org/x' }), 'denied');
	await refused(write(watchers[0], 'stream.hold', { room: t.access.room, hold: true }), 'denied');
	await refused(write(watchers[0], 'caption.add', { room: t.access.room, text: 'x' }), 'denied');
	await refused(write(staff, 'stream.hosts', { embed: [] }), 'denied');
	for (const host of ["*", "'unsafe-inline'", 'a.example; script-src *', 'https://a.example', 'a b', ''])
		await refused(write(organiser, 'stream.hosts', { media: [host] }), 'stream.host');
	await refused(write(staff, 'stream.hold', { room: t.access.room, hold: true, text: { en: 'a\u202eb' } }), 'bad_request');
	await refused(watchers[0].call('player.report', { room: uuid(), state: 'playing' }), 'not_found');
	await refused(watchers[0].call('player.report', { room: t.access.room, state: 'gone' }), 'bad_request');
	assert.equal(await state(), before);
});

test('the page\'s policy follows the lists, without a restart', async () => {
	const first = await policy();
	assert.match(first, /default-src 'none'.*require-trusted-types-for 'script'/);
	const etag = (await fetch(`${t.access.base}/attend`)).headers.get('etag');
	await write(organiser, 'stream.hosts', { embed: ['video.example.org', 'player.example.net'], media: ['cdn.example.com:8443', '127.0.0.1:9'] });
	const end = Date.now() + 45000;
	let text = first;
	while (!text.includes('player.example.net') && Date.now() < end) {
		await sleep(250);
		text = await policy();
	}
	assert.match(text, /frame-src [^;]*https:\/\/player\.example\.net[^;]*https:\/\/video\.example\.org/);
	for (const name of ['media-src', 'connect-src']) {
		const part = text.split('; ').find((each) => each.startsWith(name));
		assert.match(part, / https:\/\/cdn\.example\.com:8443/);
		assert.match(part, / http:\/\/127\.0\.0\.1:9/);
		assert.match(part, / https:\/\/cdn\.example\.org/, 'where the entries come from');
	}
	assert.doesNotMatch(text, /\*|unsafe|script-src 'self' /);
	// A browser that kept the page under the old policy gets it anew.
	const page = (known) => fetch(`${t.access.base}/attend`, { headers: { 'if-none-match': known } });
	// A worker that has not heard yet has the old one still.
	const becomes = async (known, status) => {
		for (let answer; ; await sleep(250)) {
			answer = await page(known);
			await answer.arrayBuffer();
			if (answer.status === status || Date.now() > end) return answer;
		}
	};
	const again = await becomes(etag, 200);
	assert.equal(again.status, 200);
	assert.equal((await becomes(again.headers.get('etag'), 304)).status, 304);
	for (const page of ['/organise', '/moderate', '/kiosk', '/']) assert.doesNotMatch((await fetch(t.access.base + page)).headers.get('content-security-policy'), /example/);
});

test('doctor computes the uplink and does not bless streams from the gateway\'s host', async () => {
	// Not synchronously: whoever cannot answer a ping meanwhile is sent away.
	const doctor = (...args) => new Promise((resolve) => {
		execFile(path.join(BIN, 'plenum'), ['doctor', ...args, '--config', t.instance.configFile], (error, stdout) => resolve({ status: error ? error.code : 0, stdout }));
	});
	await t.instance.pg.sql('plenum_owner', 'plenum', `update room set online_capacity = 500 where id = '${t.access.room}'`);
	const well = await doctor('--renditions', '3000,1000,500,100');
	assert.match(well.stdout, /500 places online x 3000 kbit\/s = 1500\.0 Mbit\/s/);
	assert.match(well.stdout, /1 streamed room x 4600 kbit\/s \(all renditions\) = 4\.6 Mbit\/s/);
	assert.match(well.stdout, /ok {2}stream https:\/\/cdn\.example\.org/);
	assert.match((await doctor('--online', '2000')).stdout, /2000 places online x 2800 kbit\/s \(assumed/);
	await write(staff, 'stream.set', { stream: uuid(), room: t.access.room, kind: 'hls', url: `http://${new URL(t.access.base).hostname}:8080/live.m3u8` });
	const ill = await doctor();
	assert.equal(ill.status, 1);
	assert.match(ill.stdout, /!! {2}stream http:\/\/127\.0\.0\.1:8080\/live\.m3u8: not ok/);
	assert.doesNotMatch((await doctor('--start')).stdout, /stream|uplink/, 'and the gateway starts all the same');
});

test('attendance leaves as CSV for those who agreed', async () => {
	const one = watchers[4];
	await write(one, 'presence.consent', { value: true, notice: 1 });
	await t.instance.pg.sql('plenum_owner', 'plenum', `update conference set clock_offset = (select lower(during) + interval '1 minute' - now() from published where room = '${t.access.room}' order by 1 limit 1)`);
	await one.call('player.report', { room: t.access.room, state: 'playing' });
	await watchers[5].call('player.report', { room: t.access.room, state: 'playing' });
	await sleep(1100);
	await one.call('player.report', { room: t.access.room, state: 'left' });
	const csv = await t.instance.plenum(['export', 'presence']);
	assert.match(csv, /^email,name,session,talk,room,kind,from,to,notice\r\n/);
	assert.equal(csv.trim().split('\r\n').length, 3, csv);
	assert.ok(csv.includes(one.hello.person.name) && !csv.includes(watchers[5].hello.person.name));
	assert.equal((await one.call('presence.get')).intervals.length, 2);
	await write(one, 'presence.consent', { value: false });
	assert.equal((await t.instance.plenum(['export', 'presence'])).trim().split('\r\n').length, 1);
});
