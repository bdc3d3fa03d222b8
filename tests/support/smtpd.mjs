// tests: a real SMTP server (aiosmtpd) on the loopback, and what it was told.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sleep } from './client.mjs';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'smtpd.py');

export class Relay {
	constructor(options = {}) {
		this.events = [];
		this.options = options;
	}

	async start() {
		this.child = spawn('/usr/bin/python3', [script, JSON.stringify(this.options)], { stdio: ['pipe', 'pipe', 'inherit'] });
		createInterface({ input: this.child.stdout }).on('line', (line) => this.events.push(JSON.parse(line)));
		this.port = (await this.wait((e) => e.event === 'ready')).port;
		return this;
	}

	// The first event that meets a condition, now or later.
	async wait(condition, ms = 120000) {
		for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(30)) {
			const found = this.events.find(condition);
			if (found) return found;
		}
		throw new Error(`the relay did not hear of it within ${ms} ms: ${JSON.stringify(this.events.map(({ data, ...e }) => e)).slice(-2000)}`);
	}

	async mood(mood) {
		const before = this.count('mood');
		this.child.stdin.write(`${JSON.stringify(mood)}\n`);
		for (const deadline = Date.now() + 60000; this.count('mood') === before; await sleep(10))
			if (Date.now() > deadline) throw new Error('the relay does not answer');
	}

	count(event, to) {
		return this.events.filter((e) => e.event === event && (!to || e.to === to)).length;
	}

	messages(to) {
		return this.events.filter((e) => e.event === 'message' && (!to || e.to === to));
	}

	message(to, nth = 1) {
		return this.wait((e) => e.event === 'message' && e.to === to && this.messages(to).length >= nth);
	}

	stop() {
		this.child?.kill('SIGKILL');
	}
}

export const header = (text, name) => text.split('\r\n\r\n')[0].replace(/\r\n[ \t]/g, ' ').split('\r\n')
	.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))?.slice(name.length + 2);

// The parts of a message, decoded: {type, text}.
export function parts(text) {
	const type = header(text, 'content-type') ?? 'text/plain';
	const boundary = type.match(/boundary="([^"]+)"/)?.[1];
	const body = text.slice(text.indexOf('\r\n\r\n') + 4);
	if (boundary) return body.split(`--${boundary}`).slice(1, -1).flatMap((part) => parts(part.replace(/^\r\n/, '').replace(/\r\n$/, '')));
	const encoding = header(text, 'content-transfer-encoding') ?? '7bit';
	if (encoding === 'base64') return [{ type, text: Buffer.from(body, 'base64').toString() }];
	if (encoding !== 'quoted-printable') return [{ type, text: body }];
	const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
	return [{ type, text: Buffer.from(bytes, 'latin1').toString() }];
}
