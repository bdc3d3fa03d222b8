// scenario: T21 of security-reliability.md §10: half an hour of scans that a station kept while it was alone goes out over a line that breaks at random bytes, and all of it five times.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Closed, connect, sleep, uuid } from '../support/client.mjs';
import { cutProxy } from '../support/cut_proxy.mjs';
import { chance } from '../support/hall_history.mjs';
import { demo } from '../support/instance.mjs';

const SCANS = Number(process.env.UPLOAD_SCANS ?? 2000);
const PEOPLE = Math.floor(SCANS * 0.9);
const TAKEN = 20;
const HALF_HOUR = 30 * 60e3;
const A_CALL = 50;
const TIMES = 5;
const r = chance(21);

let t;
let list;
let kiosk;
let other;
let codes;
let scans;
const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);

async function station(name) {
	const { station: id, token } = await t.instance.plenum(['kiosk', 'create', '--name', name, '--kind', 'kiosk', '--list', list, '--into', t.access.slug, '--json']);
	return { id, name, token };
}

before(async () => {
	t = await demo();
	({ list } = await t.instance.plenum(['list', 'create', '--name', 'Side door', '--into', t.access.slug, '--json']));
	kiosk = await station('Alone');
	other = await station('Together');
	await sql(`with p as (insert into person (conference, email, name) select '${t.access.conference}', 'upload-' || i || '@example.org', 'Guest ' || i from generate_series(1, ${PEOPLE}) i returning id, conference)
		insert into registration (person, conference) select id, conference from p`);
	const emails = Array.from({ length: PEOPLE }, (_, i) => `upload-${i + 1}@example.org`);
	codes = [];
	for (let i = 0; i < emails.length; i += 500) codes.push(...(await t.instance.call('people.codes', { emails: emails.slice(i, i + 500), limit: 500 }, t.access.slug)).codes.map(({ code }) => code));
});
after(() => t.stop());

test('while the station is alone, another lets twenty of its people in', async () => {
	const client = await connect(t.access, { token: other.token });
	for (const code of codes.slice(0, TAKEN)) assert.equal((await client.call('checkin.admit', { list, code, scan_id: uuid(), direction: 'entry' })).verdict, 'admitted');
	client.close();
});

test('2,000 scans, the line cut at random bytes, all of it sent five times: each counts once', async () => {
	const boot = uuid();
	const mono = 5e6;
	const begun = Date.now();
	const wall = begun - HALF_HOUR;
	// A message holds 16 KiB: what is the same for all of a call is said once. Everybody once, then some again, whom the station refused by what it knew.
	scans = Array.from({ length: SCANS }, (_, i) => ({ scan_id: uuid(), code: codes[i % PEOPLE], direction: 'entry', scanned_at: new Date(wall + (i * HALF_HOUR) / SCANS).toISOString(), mono: mono + Math.floor((i * HALF_HOUR) / SCANS),
		seq: i + 1, offset_ms: 0, uncert_ms: 50, shown: i < PEOPLE ? { verdict: 'admitted' } : { verdict: 'refused', reason: 'duplicate' } }));
	const proxy = await cutProxy(t.instance.port);
	const client = await connect(t.access, { token: kiosk.token }, { url: proxy.url, reconnect: true });
	await client.subscribe([`station:${kiosk.id}`]);
	const told = new Map();
	try {
		for (let time = 0; time < TIMES; time++) {
			for (let i = 0; i < scans.length; i += A_CALL) {
				const params = () => ({ sent_at: new Date().toISOString(), sent_mono: mono + HALF_HOUR + Date.now() - begun, boot_id: boot, list, scans: scans.slice(i, i + A_CALL) });
				if (r.below(0.2)) proxy.cutAfter(1 + Math.floor(r.next() * JSON.stringify(params()).length));
				for (;;) {
					try {
						for (const result of (await client.call('checkin.upload', params())).scans) {
							assert.equal(result.fault, undefined, JSON.stringify(result));
							const before = told.get(result.scan_id);
							assert.equal(result.verdict, before ?? result.verdict, 'repeated, it is the same answer');
							told.set(result.scan_id, result.verdict);
						}
						break;
					} catch (error) {
						if (error.code === 1009 || (!(error instanceof Closed) && !['busy', 'unknown_outcome', 'limit.rate'].includes(error.fault))) throw error;
						await sleep(50);
					}
				}
			}
		}
		console.log(`${SCANS} scans, ${TIMES} times, ${proxy.cuts} cuts`);
		assert.ok(proxy.cuts > 5);
		assert.equal(told.size, SCANS);
	} finally {
		client.close();
		proxy.stop();
	}
});

test('each is there once, in its order, with both its times', async () => {
	const rows = await sql(`select scan_id, station_seq, extract(epoch from scanned_at) * 1000, extract(epoch from at) * 1000, received is not null from scan where list = '${list}' and station = '${kiosk.id}' order by station_seq`);
	assert.equal(rows.length, SCANS);
	assert.deepEqual(rows.map(([id]) => id), scans.map(({ scan_id }) => scan_id));
	for (const [i, [, seq, scanned, , received]] of rows.entries()) {
		assert.equal(Number(seq), i + 1);
		assert.equal(Math.round(Number(scanned)), Date.parse(scans[i].scanned_at));
		assert.equal(received, 't');
	}
	// The clock it is put by is the conference's: half an hour from the first to the last.
	const span = Number(rows.at(-1)[3]) - Number(rows[0][3]);
	assert.ok(Math.abs(span - (HALF_HOUR * (SCANS - 1)) / SCANS) < 60e3, String(span));
	const [[admissions]] = await sql(`select count(*) from admission where list = '${list}' and undone is null`);
	assert.equal(Number(admissions), PEOPLE);
});

test('whoever was let in at both doors is listed, and nobody else', async () => {
	const conflicts = await sql(`select kind, count(*) from conflict where list = '${list}' and settled is null group by kind order by kind`);
	assert.deepEqual(conflicts, [['double_entry', String(TAKEN)]]);
	const desk = await connect(t.access, 'desk');
	assert.equal((await desk.call('conflict.list')).conflicts.filter((c) => c.list === list).length, TAKEN);
	assert.equal((await desk.call('checkin.stats', { list })).admitted, PEOPLE);
	desk.close();
});
