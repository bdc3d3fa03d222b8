// tests: the door: forty stations scan twice a second each; how many durable admissions a second one worker's connections take, beside the same statement one row a transaction; a snapshot of 25,000 tickets; 10,000 kept scans sent.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at, load, machine, median, round, sleep, sorted, table } from './support/kit.mjs';
import { databaseCpu, dispatcherOf, feed, goAhead, pgbench } from './support/database.mjs';
import { demo } from '../support/instance.mjs';
import { SnapshotFile } from '../../web/kiosk/snapshot.js';
import { connect, uuid } from '../support/client.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const STATIONS = Number(process.env.BENCH_STATIONS ?? 40);
const DOOR_SECONDS = Number(process.env.BENCH_DOOR_SECONDS ?? 20);
// One round takes at most so many codes of those who have not come yet.
const CODES = Number(process.env.BENCH_CODES ?? 150000);
const TICKETS = Number(process.env.BENCH_TICKETS ?? 25000);
const KEPT = Number(process.env.BENCH_KEPT ?? 10000);
const A_CALL = 50;
const CLIENTS = 8;
const EVERY_MS = 500;
const ADMIT = readFileSync(new URL('../../sql/queries/checkin/admit.sql', import.meta.url), 'utf8');
const dir = mkdtempSync(path.join(os.tmpdir(), 'plenum-bench-'));
const running = [];

// So many people with a registration and a code each: [{code, lookup}]; and the file dispatch.c reads them from.
async function registered(instance, access, dispatcher, n) {
	const tag = uuid().slice(0, 8);
	const file = path.join(dir, tag);
	const made = JSON.parse(await dispatcher.ask(`codes ${n} ${file}`));
	if (made.codes !== n) throw new Error(`codes: ${JSON.stringify(made)}`);
	const codes = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' '));
	feed(instance, `create temporary table c (i serial, lookup bytea, row_key bytea, sealed bytea); copy c (lookup, row_key, sealed) from stdin;
${codes.map(([, ...stored]) => stored.map((bytes) => `\\${bytes}`).join('\t')).join('\n')}
\\.
		with p as (insert into person (conference, email, name) select '${access.conference}', '${tag}-' || i || '@example.org', 'Somebody ' || i from c returning id, conference, email
		), r as (insert into registration (person, conference) select id, conference from p)
		insert into entry_code (conference, person, generation, lookup, row_key, sealed) select p.conference, p.id, 1, c.lookup, c.row_key, c.sealed from p join c on p.email = '${tag}-' || c.i || '@example.org';
		analyze person; analyze entry_code;`);
	return { codes: codes.map(([code, lookup]) => ({ code, lookup })), file };
}

// Kiosks that stand nowhere yet: [{id, token}]
const stations = async (instance, access, n) => (await instance.calls(Array.from({ length: n }, (_, i) => ({ method: 'kiosk.create', params: { name: `Bench kiosk ${i}`, kind: 'kiosk' } })), access.slug)).map(({ station, token }) => ({ id: station, token }));

const standAt = (instance, kiosks, list) => instance.pg.sql('plenum_owner', 'plenum', `update station set list = '${list}' where id in (${kiosks.map(({ id }) => `'${id}'`).join()})`);

// Each station with its socket, twice a second, all at moments of their own: {p50, p95, p99} of scan to verdict, in ms.
async function door(access, kiosks, list, codes) {
	const clients = await Promise.all(kiosks.map(({ token }) => connect(access, { token })));
	const took = [];
	const verdicts = new Map();
	const each = Math.floor(codes.length / clients.length);
	await Promise.all(clients.map(async (client, station) => {
		await sleep((EVERY_MS * station) / clients.length);
		const begun = performance.now();
		const answers = [];
		for (let i = 0; i < each; i++) {
			await sleep(Math.max(0, begun + i * EVERY_MS - performance.now()));
			const sent = performance.now();
			answers.push(client.call('checkin.admit', { list, code: codes[station * each + i].code, scan_id: uuid() }).then(({ verdict }) => {
				took.push(performance.now() - sent);
				verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
			}));
		}
		await Promise.all(answers);
	}));
	for (const client of clients) client.close();
	if (verdicts.get('admitted') !== each * clients.length) throw new Error(`verdicts: ${JSON.stringify([...verdicts])}`);
	const ms = sorted(took);
	return { scans: took.length, p50: at(ms, 0.5), p95: at(ms, 0.95), p99: at(ms, 0.99) };
}

// The very statement, its parameters arrays of one: what pgbench runs.
function script(access, list, station) {
	const one = (value, type) => `array[${value}]::${type}[]`;
	const values = [`'${access.conference}'::uuid`, one(`'${station}'`, 'uuid'), one(`'${list}'`, 'uuid'), one("(select lookup from bench_code where i = (select nextval('bench_turn')))", 'bytea'), one('false', 'boolean'),
		one('gen_random_uuid()', 'uuid'), one("'entry'", 'text'), one('null', 'timestamptz'), one(`'${station}'`, 'uuid'), one('null', 'uuid'),
		one('null', 'uuid'), one('null', 'bigint'), one('null', 'bigint'), one('null', 'bigint')];
	const file = path.join(dir, 'admit.sql');
	const text = ADMIT.split('\n').filter((line) => !line.trim().startsWith('--')).join('\n').replace(/\$1::uuid/g, values[0]).replace(/\$(\d+)::[a-z]+\[\]/g, (_, n) => values[n - 1]);
	writeFileSync(file, `${text.trim()};\n`);
	return file;
}

async function ceiling(instance, access, dispatcher, list, station) {
	const sql = (text) => instance.pg.sql('plenum_owner', 'plenum', text);
	const { codes, file } = await registered(instance, access, dispatcher, CODES);
	goAhead(instance);
	const cpu = databaseCpu(instance);
	const run = JSON.parse(await dispatcher.ask(`admit ${list} ${station} ${file} ${SECONDS}`));
	const ours = { perSecond: run.acked / run.seconds, batch: run.a_batch, worker: run.cpu_us / run.acked, database: cpu() / run.acked };
	if (run.faults > 0) throw new Error(`${run.faults} scans were refused`);
	const [[admitted]] = await sql(`select count(*) from admission where list = '${list}'`);
	// Those that have not come yet: for pgbench.
	const left = codes.slice(run.acked);
	if (left.length < 1000) throw new Error('no codes are left: BENCH_CODES');
	feed(instance, `set client_min_messages = warning; drop table if exists bench_code; drop sequence if exists bench_turn; create sequence bench_turn;
		create table bench_code (i bigserial primary key, lookup bytea not null); copy bench_code (lookup) from stdin;
${left.map(({ lookup }) => `\\${lookup}`).join('\n')}
\\.
		analyze bench_code;`);
	const one = await pgbench(instance, script(access, list, station), CLIENTS, Math.max(10, SECONDS));
	const [[rows]] = await sql(`select count(*) from admission where list = '${list}'`);
	return { load: load(), ours, acked: run.acked, admitted: Number(admitted), one, oneRows: Number(rows) - Number(admitted) };
}

// From asking to every row at hand, as the kiosk's page reads it: {seconds, server, bytes}
async function snapshot(access, kiosk, list, n) {
	const began = performance.now();
	const reply = await fetch(`${access.base}/snapshot/${list}`, { headers: { authorization: `Bearer ${kiosk.token}` } });
	const bytes = await reply.arrayBuffer();
	const came = performance.now();
	const file = new SnapshotFile(bytes);
	if (reply.status !== 200 || file.index.size < n) throw new Error(`snapshot: ${reply.status}, ${file.index.size} rows`);
	return { load: load(), seconds: (performance.now() - began) / 1000, server: (came - began) / 1000, mb: bytes.byteLength / 1e6, rows: file.index.size };
}

// What a station kept while it was alone, fifty a call, one call after the other, as its page sends it.
async function upload(access, kiosk, list, codes) {
	const client = await connect(access, { token: kiosk.token });
	const boot = uuid();
	const wall = Date.now() - codes.length * 1000;
	const scans = codes.map(({ code }, i) => ({ scan_id: uuid(), code, direction: 'entry', scanned_at: new Date(wall + i * 1000).toISOString(), mono: i * 1000, seq: i + 1, offset_ms: 0, uncert_ms: 50, shown: { verdict: 'admitted' } }));
	const began = performance.now();
	let admitted = 0;
	for (let i = 0; i < scans.length; i += A_CALL) {
		for (;;) {
			try {
				const { scans: told } = await client.call('checkin.upload', { sent_at: new Date().toISOString(), sent_mono: codes.length * 1000, boot_id: boot, list, scans: scans.slice(i, i + A_CALL) });
				admitted += told.filter(({ verdict }) => verdict === 'admitted').length;
				break;
			} catch (error) {
				if (error.fault !== 'limit.rate') throw error;
				await sleep(error.data.retry_after_ms ?? 100);
			}
		}
	}
	client.close();
	if (admitted !== scans.length) throw new Error(`upload: ${admitted} of ${scans.length} admitted`);
	return { load: load(), seconds: (performance.now() - began) / 1000 };
}

const doors = [];
const tops = [];
const snapshots = [];
const uploads = [];
try {
	const { instance, access, stop } = await demo({ workers: 2, durable: true, limit: 3000 });
	running.push({ stop });
	const sql = (text) => instance.pg.sql('plenum_owner', 'plenum', text);
	const newList = async () => (await sql(`insert into checkin_list (conference, name) values ('${access.conference}', 'Door ${uuid()}') returning id`))[0][0];
	const dispatcher = dispatcherOf(instance, access);
	running.push(dispatcher);
	const kiosks = await stations(instance, access, STATIONS);
	const scans = Math.floor((DOOR_SECONDS * 1000) / EVERY_MS) * STATIONS;
	for (let i = 0; i < ROUNDS; i++) {
		const { codes } = await registered(instance, access, dispatcher, scans);
		goAhead(instance);
		const list = await newList();
		await standAt(instance, kiosks, list);
		doors.push({ load: load(), ...(await door(access, kiosks, list, codes)) });
	}
	await registered(instance, access, dispatcher, TICKETS);
	for (let i = 0; i < ROUNDS; i++) {
		const list = await newList();
		await standAt(instance, kiosks.slice(0, 1), list);
		goAhead(instance);
		snapshots.push(await snapshot(access, kiosks[0], list, TICKETS));
		const { codes } = await registered(instance, access, dispatcher, KEPT);
		uploads.push(await upload(access, kiosks[0], list, codes));
	}
	await instance.stopGateway();
	for (let i = 0; i < ROUNDS; i++) {
		const list = await newList();
		const [[station]] = await sql(`insert into station (conference, name, kind, list) values ('${access.conference}', 'Bench ${i}', 'kiosk', '${list}') returning id`);
		tops.push(await ceiling(instance, access, dispatcher, list, station));
		const { acked, admitted } = tops.at(-1);
		if (acked !== admitted) throw new Error(`${acked} were acknowledged, ${admitted} are in`);
	}
} finally {
	for (const thing of running.reverse()) await thing.stop().catch((error) => console.error(String(error)));
	rmSync(dir, { recursive: true, force: true });
}

const rows = (runs) => (name, of, digits = 0) => [name, ...runs.map((run) => of(run).toFixed(digits)), median(runs.map(of)).toFixed(digits)];
const head = ['', ...Array.from({ length: ROUNDS }, (_, i) => `round ${i + 1}`), 'median'];
console.log(`\n${machine()}\n\n${STATIONS} stations, each a scan every ${EVERY_MS} ms for ${DOOR_SECONDS} s, two workers: from the socket to the verdict\n`);
const d = rows(doors);
table(head, [d('load (1 min) before', (r) => r.load, 1), d('scans', (r) => r.scans), d('p50, ms', (r) => r.p50, 1), d('p95, ms', (r) => r.p95, 1), d('p99, ms', (r) => r.p99, 1)]);
console.log(`\nDurable admissions a second, each of somebody new, one worker's connections; ${SECONDS} s each\n`);
const c = rows(tops);
table(head, [c('load (1 min) after', (r) => r.load, 1), c('dispatcher', (r) => r.ours.perSecond), c('scans a statement', (r) => r.ours.batch, 1), c('worker, processor µs a scan', (r) => r.ours.worker, 1),
	c('PostgreSQL, processor µs a scan', (r) => r.ours.database, 1), c(`one row a transaction, ${CLIENTS} connections`, (r) => r.one), c('of which admitted', (r) => r.oneRows), c('ratio', (r) => r.ours.perSecond / r.one, 2)]);
console.log(`\nA snapshot of ${TICKETS} tickets and more, from asking to all of it at hand; ${KEPT} kept scans, ${A_CALL} a call, to the last answer\n`);
const s = rows(snapshots);
const u = rows(uploads);
table(head, [s('rows', (r) => r.rows), s('snapshot, s', (r) => r.seconds, 2), s('of which server and line, s', (r) => r.server, 2), s('snapshot, MB', (r) => r.mb, 2), u('upload, s', (r) => r.seconds, 1)]);
const mid = (list, of, digits = 1) => round(median(list.map(of)), digits);
console.log();
console.log(JSON.stringify({ bench: 'checkin', stations: STATIONS, scans: mid(doors, (r) => r.scans, 0), verdict_p50_ms: mid(doors, (r) => r.p50), verdict_p95_ms: mid(doors, (r) => r.p95), verdict_p99_ms: mid(doors, (r) => r.p99),
	admissions_per_s: mid(tops, (r) => r.ours.perSecond, 0), pgbench_per_s: mid(tops, (r) => r.one, 0), ratio: mid(tops, (r) => r.ours.perSecond / r.one, 2),
	snapshot_s: mid(snapshots, (r) => r.seconds, 2), snapshot_mb: mid(snapshots, (r) => r.mb, 2), upload_10k_s: mid(uploads, (r) => r.seconds) }));
