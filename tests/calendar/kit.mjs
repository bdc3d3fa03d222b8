// tests: what the tests of calendars share: requests as bytes, calls as somebody, changes to the programme, the real HAProxy configuration.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../support/port.mjs';

export const run = promisify(execFile);
export const here = path.dirname(fileURLToPath(import.meta.url));
export const top = path.resolve(here, '../..');
export const access = JSON.parse(readFileSync(process.env.PLENUM_ACCESS, 'utf8'));
export const base = process.env.PLENUM_BASE;
export const uuid = () => randomUUID();
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const folder = mkdtempSync(path.join(tmpdir(), 'plenum-calendar-'));

// One request, exactly with these headers. {status, headers, body}: the body as bytes.
export function ask(url, { method = 'GET', headers = {}, agent, body, ca } = {}) {
	return new Promise((resolve, reject) => {
		const request = (url.startsWith('https:') ? https : http).request(url, { method, headers, agent: agent ?? false, rejectUnauthorized: !!ca, ca }, (response) => {
			const parts = [];
			response.on('data', (part) => parts.push(part));
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
		});
		request.setTimeout(60000, () => request.destroy(new Error(`${method} ${url}: no answer`)));
		request.on('error', reject);
		request.end(body);
	});
}

export async function call(method, params, token = access.tokens.organiser) {
	const { status, body } = await ask(`${base}/rpc`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
	const reply = JSON.parse(body);
	if (status !== 200 || reply.error) throw Object.assign(new Error(`${method}: ${reply.error?.data?.fault ?? status}`), { fault: reply.error?.data?.fault });
	return reply.result;
}
export const write = (method, params, token) => call(method, { ...params, key: uuid() }, token);
// A calendar of the first attendee (or of who), by its options.
export const feed = (options, who = access.tokens.attendees[0]) => write('feed.create', { label: 'Test', scope: 'all', ...options }, who);

export async function sql(text) {
	const { stdout } = await run('psql', ['-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', process.env.PLENUM_TEST_OWNER_DSN, '-c', text], { maxBuffer: 1 << 27 });
	return stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
}

export async function plenum(args) {
	const { stdout } = await run(path.join(process.env.PLENUM_BIN, 'plenum'), [...args, '--dsn', process.env.PLENUM_TEST_DSN], { maxBuffer: 1 << 26,
		env: { ...process.env, PLENUM_KEY_DIR: path.join(path.dirname(process.env.PLENUM_ACCESS), 'keys'), PLENUM_BASE_URL: base } });
	return stdout;
}

// Asks until it is so: what was committed reaches every worker within 2 s. Less and less often: an address may be asked sixty times an hour.
export async function until(what, test, ms = 60000) {
	let pause = 50;
	for (const deadline = Date.now() + ms; ; await sleep((pause = Math.min(3000, pause * 1.4)))) {
		const answer = await what();
		if (test(answer)) return answer;
		if (Date.now() > deadline) throw new Error(`not so after ${ms} ms`);
	}
}

// So on every worker: a connection comes to any of them, and on a loaded machine one may hear of a change long after another. The last answer.
export async function everywhere(what, test, ms = 60000) {
	let pause = 50;
	for (const deadline = Date.now() + ms; ; await sleep((pause = Math.min(3000, pause * 1.4)))) {
		let answer;
		let good = 0;
		for (; good < 8 && test((answer = await what())); good++);
		if (good === 8) return answer;
		if (Date.now() > deadline) throw new Error(`not so everywhere after ${ms} ms`);
	}
}

// A figure that is published every second, once it has been the same for some of them.
export async function settled(read) {
	for (let same = 0, last = await read(); ;) {
		await sleep(1100);
		const now = await read();
		same = now === last ? same + 1 : 0;
		last = now;
		if (same >= 2) return now;
	}
}

// A figure of /metrics, all workers together.
export async function figure(name) {
	const { body } = await ask(`${base}/metrics`);
	return [...String(body).matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\d+)$`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);
}

export const unfold = (text) => String(text).replace(/\r\n[ \t]/g, '');
// UID without domain → the lines of its event.
export const eventsOf = (text) => new Map([...unfold(text).matchAll(/BEGIN:VEVENT\r\n([\s\S]*?)END:VEVENT\r\n/g)].map(([, lines]) => [/^UID:(.*)@/m.exec(lines)[1], lines]));

// Another plenumd on the same database, with its own environment. {base, stop()}.
export async function another(env) {
	const port = await freePort();
	const dir = path.dirname(process.env.PLENUM_ACCESS);
	const config = path.join(folder, `${port}.conf`);
	writeFileSync(config, readFileSync(path.join(dir, 'plenum.conf'), 'utf8').replace(/^listen = .*$/m, `listen = 127.0.0.1:${port}`), { mode: 0o600 });
	const child = spawn(path.join(process.env.PLENUM_BIN, 'plenumd'), ['--config', config, '--workers', '1'], { stdio: 'ignore', env: { ...process.env, ...env } });
	const ended = new Promise((resolve) => child.on('exit', resolve));
	const where = `http://127.0.0.1:${port}`;
	await until(() => ask(`${where}/readyz`).catch(() => ({ status: 0 })), ({ status }) => status === 200, 60000);
	return { base: where, stop: () => (child.kill('SIGTERM'), ended) };
}

// deploy/haproxy/haproxy.cfg on ports of our own. {http, https, log(), stop()}.
export async function haproxy() {
	const [plain, tls, operator] = [await freePort(), await freePort(), await freePort()];
	await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${folder}/key`, '-out', `${folder}/cert`, '-days', '1', '-subj', '/CN=localhost']);
	writeFileSync(`${folder}/site.pem`, readFileSync(`${folder}/cert`, 'utf8') + readFileSync(`${folder}/key`, 'utf8'));
	const config = readFileSync(path.join(top, 'deploy/haproxy/haproxy.cfg'), 'utf8')
		.replace('bind :80', `bind 127.0.0.1:${plain}`)
		.replace('bind :443 ssl crt /etc/haproxy/certs/', `bind 127.0.0.1:${tls} ssl crt ${folder}/site.pem`)
		.replace('log /dev/log local0 info', 'log stdout format raw local0 info')
		.replace(/^\t(user|group|maxconn) .*\n/gm, '')
		.replace('127.0.0.1:8404', `127.0.0.1:${operator}`)
		.replace('127.0.0.1:8480', new URL(base).host);
	writeFileSync(`${folder}/haproxy.cfg`, config);
	const child = spawn('/usr/sbin/haproxy', ['-db', '-f', `${folder}/haproxy.cfg`], { stdio: ['ignore', 'pipe', 'pipe'] });
	let log = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
	const where = { http: `http://127.0.0.1:${plain}`, https: `https://127.0.0.1:${tls}`, log: () => log, stop: () => child.kill('SIGKILL') };
	await until(() => ask(`${where.https}/healthz`).catch(() => ({ status: 0 })), ({ status }) => status === 200);
	return where;
}
