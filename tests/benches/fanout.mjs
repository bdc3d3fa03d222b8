// tests: what one event to 5,000 sockets costs: µs of processor time per delivered frame, beside a bare send() loop, Node's ws and nchan; and kB per idle socket.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { childrenOf } from '../../deploy/lib/instance.mjs';
import { Child, Clients, HERE, compile, cpuOf, freePort, listening, machine, median, round, rssOf, sleep, table } from './support/kit.mjs';
import { demo } from '../support/instance.mjs';

const SOCKETS = Number(process.env.BENCH_SOCKETS ?? 5000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const EVENTS = 40;
const EVERY_MS = 200;
const BURST = 20;
const BURSTS = 10;
const SIZE = 256;

const nowUs = () => Math.round((performance.timeOrigin + performance.now()) * 1000);
const dir = mkdtempSync(path.join(os.tmpdir(), 'plenum-bench-'));
const running = [];

// One JSON text of exactly so many bytes that says when it was made.
function filled(size) {
	const head = `{"at":${nowUs()},"fill":"`;
	return `${head}${'x'.repeat(Math.max(0, size - head.length - 2))}"}`;
}

// Each peer: {name, pid, clients, publish(n)}: n events in one go, SIZE bytes of text a frame.

/*
 * Events take the way of every write: rows in the channel log and the hint that another worker of the same database would send. What the
 * worker spends on reading them counts as its own.
 */
async function ours(client) {
	const { instance, stop } = await demo({ workers: 1, durable: true, limit: 1800 });
	running.push({ stop });
	const psql = new Child('psql', ['-X', '-q', '-A', '-t', '-d', instance.pg.dsn('plenum_owner')], { env: { ...process.env, PGOPTIONS: '' } });
	running.push(psql);
	const conference = await psql.ask('select id from conference where is_default;');
	const [worker] = instance.workerPids();
	const where = { port: instance.port, path: '/ws', protocol: 'plenum.v1', guest: '', channel: 'schedule' };
	// Whatever is allocated with the first socket and the first event is not a socket's.
	const first = new Clients(client, 100, where);
	await first.ready();
	let head = Number(await psql.ask(`select head from channel where conference = '${conference}' and name = 'schedule';`));
	const publish = async (n) => {
		const rows = [];
		for (let i = 0; i < n; i++) {
			const around = `{"jsonrpc":"2.0","method":"event","params":{"channel":"schedule","position":${++head},"type":"slot.changed","data":}}`;
			rows.push(`row('schedule','slot.changed','${filled(SIZE - around.length)}')::ev`);
		}
		const done = await psql.ask(`select count(*) from channel_append('${conference}', array[${rows.join(',')}]); notify plenum;`);
		if (done !== String(n)) throw new Error(`channel_append said ${done}`);
	};
	await publish(1);
	await first.arrived(100);
	await first.stop();
	await sleep(1500);
	const before = rssOf(worker);
	const clients = new Clients(client, SOCKETS, where);
	running.push(clients);
	await clients.ready();
	await sleep(1000);
	return { name: 'plenumd', pid: worker, clients, publish, kb: (rssOf(worker) - before) / SOCKETS };
}

async function byLines(name, client, file, args) {
	const port = await freePort();
	const server = new Child(file, [...args, String(port)]);
	running.push(server);
	await listening(port);
	const before = rssOf(server.pid);
	const clients = new Clients(client, SOCKETS, { port });
	running.push(clients);
	await clients.ready();
	const publish = async (n) => server.tell(Array(n).fill(SIZE).join('\n'));
	return { name, pid: server.pid, clients, publish, kb: (rssOf(server.pid) - before) / SOCKETS };
}

async function nchan(client) {
	const port = await freePort();
	const conf = path.join(dir, 'nginx.conf');
	writeFileSync(conf, `
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${dir}/nginx.pid; error_log ${dir}/nginx.log error;
events { worker_connections ${SOCKETS + 1000}; use epoll; multi_accept on; }
http {
	access_log off; tcp_nodelay on; keepalive_timeout 600s;
	client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi; uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
	nchan_shared_memory_size 128M;
	server {
		listen 127.0.0.1:${port} backlog=4096;
		location = /sub { nchan_subscriber websocket; nchan_channel_id bench; nchan_subscriber_first_message newest; nchan_websocket_ping_interval 0; }
		location = /pub { nchan_publisher http; nchan_channel_id bench; nchan_message_buffer_length 100; nchan_message_timeout 1m; }
	}
}
`);
	const server = new Child('/usr/sbin/nginx', ['-p', dir, '-c', conf]);
	running.push({ stop: async () => {
		server.child.kill('SIGTERM');
		await server.stop();
	} });
	await listening(port);
	await sleep(300);
	const [worker] = childrenOf(server.pid);
	const before = rssOf(worker);
	const clients = new Clients(client, SOCKETS, { port, path: '/sub' });
	running.push(clients);
	await clients.ready();
	const publish = async (n) => {
		for (let i = 0; i < n; i++) {
			const response = await fetch(`http://127.0.0.1:${port}/pub`, { method: 'POST', body: filled(SIZE) });
			await response.text();
			if (response.status >= 300) throw new Error(`nchan: ${response.status}`);
		}
	};
	return { name: 'nchan', pid: worker, clients, publish, kb: (rssOf(worker) - before) / SOCKETS };
}

/*
 * Steps of so many events; returns µs per frame and per event, and what the clients saw. The next step waits until this one has arrived
 * everywhere: on a busy machine two would otherwise become one frame.
 */
async function measure(peer, steps, each, everyMs) {
	peer.clients.name = peer.name;
	await peer.clients.stats('reset');
	const began = cpuOf(peer.pid);
	let due = Date.now();
	for (let i = 0; i < steps; i++) {
		await peer.publish(each);
		await peer.clients.arrived((i + 1) * each * SOCKETS);
		due = Math.max(due + everyMs, Date.now());
		await sleep(due - Date.now());
	}
	const cpu = cpuOf(peer.pid) - began;
	const stats = await peer.clients.stats('ages');
	return { ...stats, us: cpu / stats.events, usFrame: cpu / stats.frames, eventsPerFrame: stats.events / stats.frames, size: stats.bytes / stats.frames };
}

async function bench() {
	const client = compile('wsclient', ['support/ws']);
	const peers = [
		await byLines('raw send()', client, compile('rawsend'), []),
		await ours(client),
		await byLines('Node ws', client, process.execPath, [path.join(HERE, 'support/wsserver.mjs')]),
		await nchan(client),
	];
	const single = new Map(peers.map((peer) => [peer, []]));
	const burst = new Map(peers.map((peer) => [peer, []]));
	for (let i = 0; i < ROUNDS; i++) {
		for (const peer of peers) {
			await measure(peer, 2, 1, EVERY_MS);
			single.get(peer).push(await measure(peer, EVENTS, 1, EVERY_MS));
			burst.get(peer).push(await measure(peer, BURSTS, BURST, 500));
		}
	}
	return peers.map((peer) => {
		const of = (runs, what) => median(runs.get(peer).map((run) => run[what]));
		return {
			name: peer.name, kb: peer.kb, us: of(single, 'usFrame'), rounds: single.get(peer).map((run) => round(run.usFrame)),
			size: of(single, 'size'), perFrame: of(single, 'eventsPerFrame'), p50: of(single, 'p50_us') / 1000, p99: of(single, 'p99_us') / 1000,
			burst: of(burst, 'us'), burstRounds: burst.get(peer).map((run) => round(run.us)), burstPerFrame: of(burst, 'eventsPerFrame'),
		};
	});
}

let results;
try {
	results = await bench();
} finally {
	for (const thing of running.reverse()) await thing.stop().catch((error) => console.error(String(error)));
	rmSync(dir, { recursive: true, force: true });
}

const [raw, plenumd, ws, nginx] = results;
console.log(`\n${SOCKETS} sockets, ${SIZE} bytes of text a frame, ${ROUNDS} rounds (median), one process serving; ${machine()}\n`);
table(['', 'µs/frame', 'rounds', '× raw', 'p50 ms', 'p99 ms', 'burst µs/event', 'rounds', 'events/frame', 'kB/socket'],
	results.map((r) => [r.name, r.us.toFixed(2), r.rounds.join(' '), (r.us / raw.us).toFixed(2), r.p50.toFixed(1), r.p99.toFixed(1), r.burst.toFixed(2),
		r.burstRounds.join(' '), r.burstPerFrame.toFixed(1), r.kb.toFixed(2)]));
console.log(`\nplenumd's frames: ${plenumd.size.toFixed(1)} bytes, ${plenumd.perFrame.toFixed(3)} events each; latency from making the event (plenumd: before its insert and commit) to the client's read\n`);
console.log(JSON.stringify({
	bench: 'fanout', sockets: SOCKETS, us_per_frame: round(plenumd.us), raw: round(raw.us), ws: round(ws.us), nchan: round(nginx.us),
	kb_per_socket: round(plenumd.kb), ratio_raw: round(plenumd.us / raw.us), ratio_ws: round(plenumd.us / ws.us), ratio_nchan: round(plenumd.us / nginx.us),
	burst: { us_per_event: round(plenumd.burst), raw: round(raw.burst), ws: round(ws.burst), nchan: round(nginx.burst) },
	p50_ms: round(plenumd.p50, 1), p99_ms: round(plenumd.p99, 1),
}));
