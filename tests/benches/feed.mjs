// tests: calendars: 5,000 sessions from the database to bytes, and what a 304 costs beside nginx's static one and an empty libwebsockets handler on the same core.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { childrenOf } from '../../deploy/lib/instance.mjs';
import { BUILD, Child, HERE, compile, cpuOf, freePort, listening, machine, median, round, sleep } from './support/kit.mjs';
import { demo } from '../support/instance.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 5000);
const MS = Number(process.env.BENCH_MS ?? 3000);
const CORE = '0';
const dir = mkdtempSync(path.join(os.tmpdir(), 'plenum-bench-'));
const running = [];

const pin = (pid) => execFileSync('taskset', ['-a', '-p', '-c', CORE, String(pid)], { stdio: 'ignore' });

function compileWith(name, libraries) {
	const out = path.join(BUILD, name);
	execFileSync('gcc', ['-std=c17', '-D_GNU_SOURCE', '-O2', '-g', '-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers', '-o', out, path.join(HERE, `${name}.c`), ...libraries], { stdio: 'inherit' });
	return out;
}

// A conference of so many sessions, each with an abstract of 250 letters, as 38C3's shorter ones.
const programme = (n) => `
	insert into conference (slug, title, venue, zone, starts, ends) values ('big', 'Big', 'Somewhere', 'Europe/Copenhagen', '2026-07-01', '2026-07-05');
	insert into room (conference, guid, name, ord) select k.id, 'r' || i, 'Room ' || i, i from conference k, generate_series(1, 60) i where slug = 'big';
	insert into track (conference, name, color, slug) select k.id, 'Topic ' || i, '#336699', 't' || i from conference k, generate_series(1, 10) i where slug = 'big';
	insert into session (conference, guid, number, title, subtitle, abstract, track)
	select k.id, gen_random_uuid(), i, 'Session number ' || i || ', with a title of usual length', case when i % 3 = 0 then 'A subtitle' else '' end,
		repeat('What people will hear here, in one more sentence. ', 5), (select t.id from track t where t.conference = k.id and t.name = 'Topic ' || (1 + i % 10))
	from conference k, generate_series(1, ${n}) i where slug = 'big';
	insert into talk (conference, session, ord, title) select conference, id, 0, title from session where conference = (select id from conference where slug = 'big');
	insert into slot (conference, session, room, starts, ends, overlap_ok)
	select s.conference, s.id, (select r.id from room r where r.conference = s.conference and r.name = 'Room ' || (1 + s.number % 60)),
		'2026-07-01 08:00Z'::timestamptz + (s.number / 60) * interval '30 minutes', '2026-07-01 08:25Z'::timestamptz + (s.number / 60) * interval '30 minutes', true
	from session s where s.conference = (select id from conference where slug = 'big');
	select count(*) from (select release_apply(k.id, null, '') from conference k where slug = 'big') x;`;

// A connection of its own: a kept one may lead to a worker that is no more.
const get = (url) => new Promise((resolve, reject) => {
	http.get(url, { agent: false }, (response) => {
		const parts = [];
		response.on('data', (part) => parts.push(part));
		response.on('end', () => resolve({ status: response.statusCode, etag: response.headers.etag, body: Buffer.concat(parts) }));
	}).on('error', reject);
});

async function figure(base, name) {
	const text = String((await get(`${base}/metrics`)).body);
	return Number(new RegExp(`^${name}\\{worker="0"\\} (\\d+)$`, 'm').exec(text)[1]);
}

async function plenumd() {
	const { instance, stop } = await demo({ workers: 1, limit: 1800 });
	running.push({ stop });
	const sql = programme(SESSIONS);
	execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', instance.pg.dsn('plenum_owner'), '-c', sql], { stdio: ['ignore', 'ignore', 'inherit'] });
	return instance;
}

// Cold each time: the worker is a new one. {ms, hold, bytes}: time on the loop in all, the longest piece, the size.
async function render(instance) {
	await instance.stopGateway();
	await instance.startGateway();
	const { base } = instance;
	const answer = await get(`${base}/e/big/schedule.ics`);
	const bytes = answer.body.length;
	if (answer.status !== 200) throw new Error(`schedule.ics: ${answer.status}`);
	await sleep(2200);
	const events = await figure(base, 'plenum_calendar_events_total');
	if (events !== SESSIONS) throw new Error(`${events} events made, ${SESSIONS} expected`);
	return { ms: (await figure(base, 'plenum_calendar_us_total')) / 1000, hold: (await figure(base, 'plenum_calendar_max_us')) / 1000, bytes };
}

async function nginx() {
	const port = await freePort();
	writeFileSync(path.join(dir, 'schedule.ics'), 'x'.repeat(13000));
	writeFileSync(path.join(dir, 'nginx.conf'), `
${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log ${dir}/nginx.log error;
events { worker_connections 1024; use epoll; multi_accept on; }
http {
	access_log off; tcp_nodelay on; keepalive_timeout 600s; keepalive_requests 1000000000; open_file_cache max=100;
	types { text/calendar ics; }
	client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi; uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
	server { listen 127.0.0.1:${port} backlog=4096; root ${dir}; etag on; }
}
`);
	const server = new Child('/usr/sbin/nginx', ['-p', dir, '-c', path.join(dir, 'nginx.conf')]);
	running.push({ stop: async () => {
		server.child.kill('SIGTERM');
		await server.stop();
	} });
	await listening(port);
	await sleep(300);
	return { name: 'nginx, a static file', port, pid: childrenOf(server.pid)[0], path: '/schedule.ics' };
}

async function empty() {
	const port = await freePort();
	const server = new Child(compileWith('lwsempty', ['-lwebsockets', '-luv']), [String(port)]);
	running.push(server);
	await listening(port);
	return { name: 'an empty lws handler', port, pid: server.pid, path: '/' };
}

// 304s for each second of processor time.
function measure(load, peer) {
	const before = cpuOf(peer.pid);
	const [answers, unchanged] = execFileSync('taskset', ['-c', '1', load, String(peer.port), peer.path, peer.etag, '16', String(MS)], { encoding: 'utf8' }).split(' ').map(Number);
	if (unchanged !== answers || answers === 0) throw new Error(`${peer.name}: ${unchanged} of ${answers} were 304`);
	return answers / ((cpuOf(peer.pid) - before) / 1e6);
}

async function bench() {
	const load = compile('httpload');
	const instance = await plenumd();
	const renders = [];
	for (let i = 0; i < ROUNDS; i++) renders.push(await render(instance));
	const ours = { name: 'plenumd', port: instance.port, pid: instance.workerPids()[0], path: '/schedule.ics' };
	const peers = [ours, await nginx(), await empty()];
	for (const peer of peers) {
		pin(peer.pid);
		peer.etag = (await get(`http://127.0.0.1:${peer.port}${peer.path}`)).etag ?? '"x"';
		peer.rates = [];
	}
	for (let i = 0; i < ROUNDS; i++) for (const peer of peers) peer.rates.push(measure(load, peer));
	const ratio = (peer) => round(median(ours.rates.map((rate, i) => rate / peer.rates[i])), 3);
	console.log(machine());
	console.log(`\n${SESSIONS} sessions, cold: ${renders.map(({ ms, hold, bytes }) => `${round(ms, 1)} ms on the loop, ${round(hold, 2)} ms at most at a time, ${round(bytes / 1e6)} MB`).join(' · ')}\n`);
	for (const { name, rates } of peers) console.log(`${name.padEnd(24)} ${Math.round(median(rates)).toString().padStart(8)} 304s a processor second   (${rates.map(Math.round).join(' ')})`);
	console.log(JSON.stringify({ bench: 'feed', [`render_${SESSIONS}_ms`]: round(median(renders.map(({ ms }) => ms)), 1), ratio_nginx: ratio(peers[1]), ratio_empty: ratio(peers[2]), max_hold_ms: round(median(renders.map(({ hold }) => hold)), 2),
		mb: round(renders[0].bytes / 1e6), polls_per_s: Math.round(median(ours.rates)) }));
}

try {
	await bench();
} finally {
	for (const one of running.reverse()) await one.stop();
	rmSync(dir, { recursive: true, force: true });
}
