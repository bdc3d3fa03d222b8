// deploy: one running Plenum for a demo or a test: a private PostgreSQL, the schema, the sample conference, plenumd; with what it takes to break it on purpose.
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Postgres, gatewayPort, portIsFree } from './postgres.mjs';

const run = promisify(execFile);
export const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Sanitizers print these; a test whose gateway did is red.
const REPORT = /(ERROR: (Address|Leak)Sanitizer|runtime error:|Assertion .* failed).*/;

function get(url) {
	return new Promise((resolve) => {
		const request = http.get(url, { timeout: 2000, agent: false }, (response) => {
			response.resume();
			resolve(response.statusCode);
		});
		request.on('timeout', () => request.destroy());
		request.on('error', () => resolve(0));
	});
}

// Processes whose parent is pid.
export function childrenOf(pid) {
	const children = [];
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
			const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (Number(parent) === pid && state !== 'Z') children.push(Number(name));
		} catch {
			// It ended while we looked.
		}
	}
	return children;
}

export class Instance {
	#calls = 0;

	constructor({ dir, bin, web = path.join(TOP, 'build/web'), workers, port, bundle = false }) {
		mkdirSync(dir, { recursive: true });
		this.dir = path.resolve(dir);
		this.bin = path.resolve(bin);
		this.web = web;
		this.workers = workers;
		this.wantedPort = port;
		this.accessFile = path.join(this.dir, 'access.json');
		this.configFile = path.join(this.dir, 'plenum.conf');
		this.logFile = path.join(this.dir, 'plenumd.log');
		this.mailDir = path.join(this.dir, 'mail');
		this.bundleDir = bundle ? path.join(this.dir, 'bundle') : null;
		this.filesDir = path.join(this.dir, 'files');
		this.keyDir = path.join(this.dir, 'keys');
		this.heartbeatFile = path.join(this.dir, 'heartbeat');
		for (const sub of [this.mailDir, this.filesDir, this.keyDir, ...(bundle ? [this.bundleDir] : [])]) mkdirSync(sub, { recursive: true, mode: 0o700 });
		this.pg = new Postgres(path.join(this.dir, 'pg'));
		this.gateway = null;
	}

	get base() {
		return `http://127.0.0.1:${this.port}`;
	}

	get access() {
		return JSON.parse(readFileSync(this.accessFile, 'utf8'));
	}

	// Starts the cluster, makes it first when there is none, and brings the schema up to date.
	async startDatabase({ durable = true } = {}) {
		if (!this.pg.exists) await this.pg.make({ durable });
		else if (!this.pg.pid) {
			this.pg.durable(durable);
			await this.pg.start();
		}
		this.port = this.wantedPort ?? gatewayPort(this.pg.port);
		this.writeConfig();
		await this.plenum(['migrate', '--dsn', this.pg.dsn('plenum_owner')]);
	}

	writeConfig(more = {}) {
		const settings = {
			dsn: this.pg.dsn('plenum_app'),
			listen: `127.0.0.1:${this.port}`,
			base_url: this.base,
			web_dir: this.web,
			mail_dir: this.mailDir,
			...(this.bundleDir ? { bundle_dir: this.bundleDir } : {}),
			files_dir: this.filesDir,
			erased_list: path.join(this.dir, 'erased.list'),
			key_dir: this.keyDir,
			...(this.workers ? { workers: this.workers } : {}),
			venue_networks: '127.0.0.0/8',
			...more,
		};
		const text = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join('');
		writeFileSync(this.configFile, text, { mode: 0o600 });
	}

	// Runs the organiser's command line on this instance; with --json among the arguments the result is parsed.
	async plenum(args) {
		const env = { ...process.env, PLENUM_CONFIG: this.configFile, PLENUM_DSN: this.pg.dsn('plenum_app'), PLENUM_BASE_URL: this.base,
			PLENUM_MAIL_DIR: this.mailDir, PLENUM_KEY_DIR: this.keyDir };
		try {
			const { stdout } = await run(path.join(this.bin, 'plenum'), args, { env, maxBuffer: 1 << 26 });
			return args.includes('--json') ? JSON.parse(stdout) : stdout;
		} catch (error) {
			throw new Error(`plenum ${args.slice(0, 3).join(' ')}: ${(error.stderr || error.message).trim()}`);
		}
	}

	// Any method, called in-process as the organiser, or for a person by their id.
	call(method, params, slug, person) {
		return this.plenum(['call', method, JSON.stringify(params), ...(slug ? ['--into', slug] : []), ...(person ? ['--as', person] : []), '--json']);
	}

	// Several of them by one process: [{method, params, as?}] → their results in order.
	async calls(list, slug) {
		if (list.length === 0) return [];
		const file = path.join(this.dir, `calls-${process.pid}-${this.#calls++}.jsonl`);
		writeFileSync(file, list.map((call) => `${JSON.stringify(call)}\n`).join(''), { mode: 0o600 });
		try {
			return (await this.plenum(['calls', file, '--into', slug])).trimEnd().split('\n').map((line) => JSON.parse(line));
		} finally {
			rmSync(file);
		}
	}

	/*
	 * The conference's clock stands while the demo does: whatever time went by since the last heartbeat is taken off its offset, before
	 * anybody can look.
	 */
	async continueClock() {
		if (!existsSync(this.heartbeatFile)) return;
		const stood = (Date.now() - Number(readFileSync(this.heartbeatFile, 'utf8'))) / 1000;
		await this.pg.sql('plenum_owner', 'plenum',
			`update conference set clock_offset = clock_offset - make_interval(secs => ${Math.max(0, stood)}) where clock_offset <> interval '0'`);
	}

	beat() {
		writeFileSync(this.heartbeatFile, String(Date.now()));
	}

	// Starts plenumd and waits until it is ready. Its own process group: Ctrl-C is for us to pass on.
	async startGateway(env = {}) {
		if (!(await portIsFree(this.port))) throw new Error(`port ${this.port} is in use: choose another with --port`);
		const log = openSync(this.logFile, 'a');
		const args = ['--config', this.configFile, ...(this.workers ? ['--workers', String(this.workers)] : [])];
		this.gateway = spawn(path.join(this.bin, 'plenumd'), args, { stdio: ['ignore', log, log], detached: true, env: { ...process.env, ...env } });
		closeSync(log);
		const gateway = this.gateway;
		let ended = null;
		gateway.exited = new Promise((resolve) => {
			gateway.on('error', (error) => resolve((ended = String(error))));
			gateway.on('exit', (code, signal) => resolve((ended = signal ?? code)));
		});
		this.beat();
		this.heart ??= setInterval(() => this.beat(), 2000);
		this.heart.unref();
		for (const deadline = Date.now() + 60000; ; await sleep(50)) {
			if (ended !== null) throw new Error(`plenumd ended (${ended}):\n${this.logTail()}`);
			// Each connection may meet another worker: all that answer must be ready.
			const answers = await Promise.all(Array.from({ length: 12 }, () => get(`${this.base}/readyz`)));
			if (answers.every((status) => status === 200)) break;
			if (Date.now() > deadline) throw new Error(`plenumd is not ready after 60 s:\n${this.logTail()}`);
		}
		if (existsSync(this.accessFile)) this.writeAccess({ ...this.access });
	}

	// What moves from start to start (addresses, process, passwords) is renewed; tokens and ids stay.
	writeAccess(access) {
		const here = (url) => this.base + new URL(url, this.base).pathname;
		const renewed = {
			...access,
			base: this.base,
			ws: `${this.base.replace(/^http/, 'ws')}/ws`,
			feeds: { public: here(access.feeds.public), personal: access.feeds.personal.map(here) },
			pid: this.gateway?.pid ?? 0,
			dsn: this.pg.dsn('plenum_owner'),
			app_dsn: this.pg.dsn('plenum_app'),
			data_directory: this.pg.data,
			mail: this.mailDir,
		};
		const partial = `${this.accessFile}.new`;
		writeFileSync(partial, `${JSON.stringify(renewed, null, '\t')}\n`, { mode: 0o600 });
		renameSync(partial, this.accessFile);
	}

	logTail(lines = 15) {
		return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').split('\n').slice(-lines - 1).join('\n') : '';
	}

	workerPids() {
		return this.gateway ? childrenOf(this.gateway.pid) : [];
	}

	// Ends plenumd with a signal and waits for it; SIGKILL when it does not follow within the time.
	async stopGateway(signal = 'SIGTERM', ms = 30000) {
		const gateway = this.gateway;
		if (!gateway) return null;
		this.gateway = null;
		if (gateway.exitCode === null && gateway.signalCode === null) {
			gateway.kill(signal);
			const late = setTimeout(() => {
				for (const pid of childrenOf(gateway.pid)) kill(pid);
				gateway.kill('SIGKILL');
			}, ms);
			await gateway.exited;
			clearTimeout(late);
		}
		this.beat();
		return gateway.signalCode ?? gateway.exitCode;
	}

	async stop() {
		const workers = this.workerPids();
		await this.stopGateway();
		for (const pid of workers) if (isPlenum(pid)) kill(pid);
		if (this.heart) clearInterval(this.heart);
		this.heart = null;
		await this.pg.stop();
	}

	// What a sanitizer or an assertion said in plenumd's log, or null.
	report() {
		const text = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
		const found = text.search(REPORT);
		return found < 0 ? null : text.slice(found, found + 6000);
	}
}

function kill(pid) {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// Gone already.
	}
}

function isPlenum(pid) {
	try {
		return /plenumd/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
	} catch {
		return false;
	}
}
