// tests: what benchmarks of the database share: its processor time, pgbench, and the services without sockets (dispatch.c).
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { childrenOf } from '../../../deploy/lib/instance.mjs';
import { BUILD, Child, HERE, cpuOf, sleep } from './kit.mjs';

// Begins to count the processor time of a cluster's processes; what is returned says how much it was, in µs. Those that end meanwhile are lost.
export function databaseCpu(instance) {
	const look = () => new Map([instance.pg.pid, ...childrenOf(instance.pg.pid)].flatMap((pid) => {
		try {
			return [[pid, cpuOf(pid)]];
		} catch {
			return [];
		}
	}));
	const before = look();
	return () => [...look()].reduce((sum, [pid, us]) => sum + us - (before.get(pid) ?? 0), 0);
}

// On a machine that others work on, too: their sessions wait for ours. Each of PostgreSQL's processes is a session of its own, for the scheduler.
export function goAhead(instance) {
	if (!process.env.BENCH_AHEAD) return;
	for (const pid of ['self', instance.gateway?.pid, instance.pg.pid, ...childrenOf(instance.pg.pid)].filter(Boolean)) {
		try {
			writeFileSync(`/proc/${pid}/autogroup`, '-15');
		} catch {
			// It has ended, or did so a moment ago.
		}
	}
}


function compileServices() {
	const build = process.env.PLENUM_BIN;
	const libraries = execFileSync('pkg-config', ['--cflags', '--libs', 'libpq', 'libuv', 'jansson', 'libjwt', 'libcrypto', 'libical', 'libxml-2.0'], { encoding: 'utf8' }).trim().split(/\s+/);
	const archives = execFileSync('find', [build, '-maxdepth', '1', '-name', '*.a'], { encoding: 'utf8' }).trim().split('\n');
	mkdirSync(BUILD, { recursive: true });
	const out = path.join(BUILD, 'dispatch');
	execFileSync('gcc', ['-std=c17', '-D_GNU_SOURCE', '-O2', '-g', '-Wall', '-Wextra', '-Werror', '-I', path.resolve(HERE, '../..'), '-I', path.join(build, 'generated'), '-o', out,
		path.join(HERE, 'dispatch.c'), '-Wl,--start-group', ...archives, '-Wl,--end-group', ...libraries, '-lunistring'], { stdio: 'inherit' });
	return out;
}

// dispatch.c against the services of this build: answers a line by a line.
export const dispatcherOf = (instance, access) => new Child(compileServices(), [instance.pg.dsn('plenum_app'), access.conference, instance.keyDir]);

// More SQL than fits an argument.
export const feed = (instance, text) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', instance.pg.dsn('plenum_owner')], { input: text, maxBuffer: 1 << 28, stdio: ['pipe', 'ignore', 'inherit'] });

// Transactions a second of a script, prepared, by pgbench.
export async function pgbench(instance, file, clients, seconds) {
	const dsn = new URL(instance.pg.dsn('plenum_owner'));
	const whole = promisify(execFile)('/usr/lib/postgresql/15/bin/pgbench', ['-n', '-M', 'prepared', '-f', file, '-c', String(clients), '-j', '2', '-T', String(seconds),
		'-h', dsn.hostname, '-p', dsn.port, '-U', dsn.username, 'plenum'], { env: { ...process.env, PGPASSWORD: dsn.password } });
	await sleep(500);
	goAhead(instance);
	const out = (await whole).stdout;
	const [, tps] = /tps = ([\d.]+)/.exec(out) ?? [];
	if (!tps) throw new Error(`pgbench said ${out}`);
	return Number(tps);
}
