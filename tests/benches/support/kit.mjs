// tests: what benchmarks share: compiling their C programs, measuring a process, a free port, medians, the table.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { portIsFree } from '../../../deploy/lib/postgres.mjs';

export const HERE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const BUILD = path.resolve(HERE, '../../build/bench');
// Read by tests/support/instance.mjs, which is therefore imported after this file.
process.env.PLENUM_BIN ??= path.resolve(HERE, '../../build/release');
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// tests/benches/NAME.c, and what it shares with others → build/bench/NAME
export function compile(name, more = []) {
	mkdirSync(BUILD, { recursive: true });
	const out = path.join(BUILD, name);
	execFileSync('gcc', ['-std=c17', '-D_GNU_SOURCE', '-O2', '-g', '-Wall', '-Wextra', '-Werror', '-I', HERE, '-o', out, ...[name, ...more].map((each) => path.join(HERE, `${each}.c`))], { stdio: 'inherit' });
	return out;
}

export function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

export async function listening(port, ms = 20000) {
	for (const deadline = Date.now() + ms; await portIsFree(port); await sleep(50)) if (Date.now() > deadline) throw new Error(`nobody listens on ${port}`);
}

/*
 * Time on a processor in µs, of all threads: the scheduler's own account, because the ticks in /proc/PID/stat are 10 ms. In a thread that
 * ends it is lost; none of the servers measured here ends threads.
 */
export function cpuOf(pid) {
	let ns = 0;
	for (const thread of readdirSync(`/proc/${pid}/task`)) ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
	return ns / 1000;
}

// Resident kB.
export function rssOf(pid) {
	return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

export const load = () => os.loadavg()[0];
export const sorted = (values) => [...values].sort((a, b) => a - b);
// The value that so large a share of sorted ones do not exceed.
export const at = (values, share) => values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const round = (value, digits = 2) => Number(value.toFixed(digits));

// A child that is ours to end; its lines are answers.
export class Child {
	constructor(file, args, options = {}) {
		this.child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
		this.lines = [];
		this.waiting = [];
		this.ended = null;
		this.exited = new Promise((resolve) => this.child.on('exit', (code, signal) => {
			this.ended = signal ?? code;
			for (const { reject } of this.waiting) reject(new Error(`${path.basename(file)} ended (${this.ended})`));
			resolve();
		}));
		let rest = '';
		this.child.stdout?.on('data', (data) => {
			rest += data;
			for (let stop = rest.indexOf('\n'); stop >= 0; stop = rest.indexOf('\n')) {
				const line = rest.slice(0, stop);
				rest = rest.slice(stop + 1);
				const next = this.waiting.shift();
				if (next) next.resolve(line);
				else this.lines.push(line);
			}
		});
		this.child.stdin?.on('error', () => {});
	}

	get pid() {
		return this.child.pid;
	}

	tell(line) {
		this.child.stdin.write(`${line}\n`);
	}

	// The next line it says.
	line() {
		if (this.lines.length > 0) return Promise.resolve(this.lines.shift());
		if (this.ended !== null) return Promise.reject(new Error(`ended (${this.ended})`));
		return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
	}

	async ask(line) {
		this.tell(line);
		return this.line();
	}

	async stop() {
		if (this.ended !== null) return;
		this.child.stdin?.end();
		const late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
		await this.exited;
		clearTimeout(late);
	}
}

// Many sockets (wsclient.c).
export class Clients extends Child {
	constructor(file, sockets, { port, ...more }) {
		const args = Object.entries({ port, sockets, ...more }).flatMap(([name, value]) => [`--${name}`, String(value)]);
		super(file, args);
		this.sockets = sockets;
	}

	async stats(what = 'stats') {
		return JSON.parse(await this.ask(what));
	}

	// Until all are subscribed.
	async ready(ms = 60000) {
		for (const deadline = Date.now() + ms; ; await sleep(50)) {
			const stats = await this.stats();
			if (stats.gone > 0) throw new Error(`${stats.gone} sockets were closed`);
			if (stats.ready === this.sockets) return;
			if (Date.now() > deadline) throw new Error(`${stats.ready} of ${this.sockets} sockets after ${ms} ms`);
		}
	}

	// Until so many events have arrived.
	async arrived(events, ms = 30000) {
		for (const deadline = Date.now() + ms; ; await sleep(20)) {
			const stats = await this.stats();
			if (stats.gone > 0) throw new Error(`${this.name}: ${stats.gone} sockets were closed`);
			if (stats.events >= events) return;
			if (Date.now() > deadline) throw new Error(`${this.name}: ${stats.events} of ${events} events after ${ms} ms`);
		}
	}
}

export function machine() {
	const cpus = os.cpus();
	return `${cpus.length} × ${cpus[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, Linux ${os.release()}`;
}

export function table(header, rows) {
	const all = [header, ...rows].map((row) => row.map(String));
	const widths = header.map((_, i) => Math.max(...all.map((row) => row[i].length)));
	for (const row of all) console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('   '));
}
