// scenario: what no programme may hold is refused by name over /rpc and changes nothing; line breaks, control and bidi characters are never more than text.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { post, sleep, uuid } from '../support/client.mjs';
import { demo } from '../support/instance.mjs';
import { unchanged } from '../support/unchanged.mjs';

let t;
let draft;
before(async () => {
	t = await demo();
	draft = await done('draft.get', {});
});
after(() => t?.stop());

const call = async (method, params) => (await post(t.access, method, { ...params, ...(/\.get$|preview$/.test(method) ? {} : { key: uuid() }) }, { token: t.access.tokens.organiser })).body;
const done = async (method, params) => {
	const { result, error } = await call(method, params);
	assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`);
	return result;
};

const TABLES = ['conference', 'room', 'track', 'speaker', 'session', 'talk', 'talk_speaker', 'slot', 'published', 'slot_revision', 'release', 'expected', 'news', 'news_held', 'news_mail',
	'notice', 'stream', 'stream_host', 'room_live', 'outbox', 'reply', 'channel', 'channel_event', 'audit'];
// Every row of every table that a refused request could have changed.
const state = async () => JSON.stringify(await t.instance.pg.sql('plenum_owner', 'plenum',
	TABLES.map((name) => `select '${name}', count(*), md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from ${name} x`).join(' union all ')));

async function refused(cases) {
	await unchanged(state, async () => {
		for (const [name, method, params, fault] of cases) {
			const { error } = await call(method, params);
			assert.equal(error?.data?.fault, fault, `${name}: ${JSON.stringify(error)}`);
		}
	});
}

test('times, places and people that cannot be', async () => {
	const [slot] = draft.slots;
	const { session, room } = slot;
	const make = (start, end) => ({ session, room, start, end });
	const stream = { stream: uuid(), room, kind: 'embed', url: 'https://evil.example/x' };
	await refused([
		['a time that is there twice', 'slot.create', make('2021-10-31T02:30', '2021-10-31T04:00'), 'time.ambiguous'],
		['a time that does not exist', 'slot.create', make('2021-03-28T02:30', '2021-03-28T04:00'), 'time.missing'],
		['moved to a time that does not exist', 'slot.move', { slot: slot.id, start: '2021-03-28T02:30', expect_version: slot.version }, 'time.missing'],
		['no day', 'slot.create', make('2021-02-30T10:00', '2021-02-30T11:00'), 'bad_request'],
		['end before start', 'slot.create', make('2021-05-02T10:00', '2021-05-02T09:00'), 'bad_request'],
		['end at start', 'slot.create', make('2021-05-02T10:00', '2021-05-02T10:00'), 'bad_request'],
		['moved to end before its start', 'slot.move', { slot: slot.id, end: '2020-05-02T10:00', expect_version: slot.version }, 'bad_request'],
		['anchor and elastic', 'slot.create', { ...make('2021-05-02T20:00', '2021-05-02T21:00'), anchor: true, min_s: 60 }, 'bad_request'],
		['a release of nothing', 'release.publish', {}, 'release.nothing'],
		['a release of no slots', 'release.publish', { slots: [] }, 'release.nothing'],
		['a release of what is no slot', 'release.publish', { slots: [uuid()] }, 'not_found'],
		['a host that is not on the list', 'stream.set', stream, 'stream.host'],
		['an address with another scheme', 'stream.set', { ...stream, kind: 'link', url: 'javascript:alert(1)' }, 'stream.url'],
		['an address of two lines', 'stream.set', { ...stream, kind: 'link', url: 'https://a.example/\r\nX-Evil: 1' }, 'stream.url'],
		['a host that is a policy', 'stream.hosts', { embed: ["a.example; script-src 'unsafe-inline'"] }, 'stream.host'],
		['an announcement that is over', 'notice.publish', { notice: uuid(), audience: 'all', urgency: 'info', until: '2001-01-01T00:00:00Z', text: { en: 'x' } }, 'notice.until'],
		['a colour that is none', 'track.save', { track: uuid(), name: 'X', color: 'red;}' }, 'bad_request'],
	]);
});

test('two in one room, one person in two places: the draft may hold it, no release does', async () => {
	const speaker = uuid();
	await done('speaker.save', { speaker, name: 'Ada' });
	const rooms = draft.rooms.map(({ id }) => id);
	const made = [];
	for (const room of [rooms[0], rooms[0], rooms[1]]) {
		const session = uuid();
		await done('session.save', { session, title: 'Twice', talks: [{ title: 'Twice', speakers: made.length ? [speaker] : [] }] });
		made.push((await done('slot.create', { session, room, start: '2021-05-02T21:00', end: '2021-05-02T22:00' })).slot);
	}
	await refused([
		['two in one room', 'release.publish', { slots: [made[0], made[1]] }, 'slot.overlap'],
		['a speaker in two places', 'release.publish', { slots: [made[1], made[2]] }, 'slot.speaker_busy'],
		['all of it', 'release.publish', {}, 'slot.overlap'],
	]);
	for (const slot of made) await done('slot.cancel', { slot, expect_version: 1 });
});

const EVIL = 'Evil\r\nX-Evil: 1\u0007\u202e\u2066<script>alert(1)</script>&"\u2028';

test('line breaks, control and bidi characters never become more than text', async () => {
	const session = uuid();
	const room = uuid();
	const said = {};
	const attempt = async (name, method, params) => {
		const { error, result } = await call(method, params);
		said[name] = error?.data?.fault ?? 'taken';
		assert.ok(error === undefined || ['bad_request'].includes(error.data.fault), `${name}: ${JSON.stringify(error)}`);
		return result;
	};
	const clean = (text) => text.replace(/[\r\n\u0007\u2028]/g, ' ');
	if (!await attempt('room', 'room.save', { room, name: EVIL })) await done('room.save', { room, name: 'Hall <script>alert(1)</script>&"' });
	if (!await attempt('title', 'session.save', { session, title: EVIL, abstract: EVIL })) {
		if (!await attempt('title of one line', 'session.save', { session, title: clean(EVIL), abstract: EVIL })) await done('session.save', { session, title: 'Evil <script>alert(1)</script>&"', abstract: 'x' });
	}
	await done('slot.create', { session, room, start: '2021-05-02T22:30', end: '2021-05-02T23:00' });
	await attempt('label', 'stream.set', { stream: uuid(), room, kind: 'link', url: 'https://example.org/a', label: EVIL });
	const { slots } = await done('draft.get', {});
	await attempt('note', 'release.publish', { slots: [slots.find((x) => x.session === session).id], note: EVIL }) ?? await done('release.publish', { slots: [slots.find((x) => x.session === session).id] });
	await attempt('notice', 'notice.publish', { notice: uuid(), audience: 'role', role: 'moderator', urgency: 'info', text: { en: EVIL }, mail: true })
		?? await done('notice.publish', { notice: uuid(), audience: 'role', role: 'moderator', urgency: 'info', text: { en: 'Evil: <script>alert(1)</script>' }, mail: true });
	console.log(JSON.stringify(said));

	const get = async (where) => (await fetch(t.access.base + where)).text();
	for (const where of ['/schedule.xml', '/releases.atom']) {
		const file = path.join(t.instance.dir, path.basename(where));
		const text = await get(where);
		writeFileSync(file, text);
		execFileSync('xmllint', ['--noout', '--nonet', file]);
		assert.ok(!/<script/i.test(text), `${where} has text, not elements`);
		assert.ok(text.includes('Evil'), where);
	}
	const ics = await get('/schedule.ics');
	assert.match(ics, /SUMMARY:Evil/);
	assert.ok(!/^X-Evil/im.test(ics), 'no line of its own in a calendar');
	assert.ok(!/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f\u0085\u2028\u2029]/.test(ics.replace(/\t/g, '')), 'no control characters in a calendar');
	assert.ok(!/<script/i.test((await get('/attend')).replace(/<script[^>]*src=/g, '')), 'not in a page');
	JSON.parse(await get('/schedule.json'));
	const mails = () => readdirSync(t.instance.mailDir, { recursive: true }).map((name) => path.join(t.instance.mailDir, name)).filter((file) => /\.eml$|\.mail$|\.txt$/.test(file)).map((file) => readFileSync(file, 'utf8')).filter((text) => /Evil/.test(text));
	for (let i = 0; i < 600 && mails().length === 0; i++) await sleep(100);
	assert.ok(mails().length > 0, readdirSync(t.instance.mailDir).slice(0, 5).join());
	for (const mail of mails()) {
		const head = mail.split(/\r?\n\r?\n/)[0];
		assert.ok(!/^X-Evil/im.test(head), head);
		assert.ok(!/[\u202a-\u202e\u2066-\u2069\u2028\u0007]/.test(head), head);
		const words = [...head.matchAll(/=\?utf-8\?[bq]\?([^?]*)\?=/gi)].map(([all, text]) => (/\?b\?/i.test(all) ? Buffer.from(text, 'base64').toString() : decodeURIComponent(text.replace(/=/g, '%')))).join('');
		assert.ok(!/[\r\n\u0007\u2028\u202a-\u202e\u2066-\u2069]/.test(words), `subject: ${JSON.stringify(words)}`);
	}
});
