// scenario: who gets a WebSocket: only the one legal handshake gets 101; and what HTTP it is not.
import assert from 'node:assert/strict';
import net from 'node:net';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';

let t;
let host;

before(async () => {
	t = await demo();
	host = new URL(t.access.base).host;
});
after(() => t.stop());

// Sends bytes, returns all that comes until an answer's head is there or the other side closes.
function exchange(bytes, ms = 45000) {
	return new Promise((resolve) => {
		const [address, port] = host.split(':');
		const socket = net.connect({ host: address, port: Number(port) });
		let text = '';
		const timer = setTimeout(() => socket.destroy(), ms);
		socket.on('connect', () => socket.write(bytes));
		socket.on('data', (data) => {
			text += data.toString('latin1');
			if (/^HTTP\/1\.1 \d+/.test(text) && text.includes('\r\n\r\n')) socket.destroy();
		});
		socket.on('error', () => {});
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(text);
		});
	});
}

async function status(options = {}) {
	const { method = 'GET', path = '/ws', version = '1.1', headers = {} } = options;
	const all = { Host: host, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13',
		'Sec-WebSocket-Protocol': 'plenum.v1', Origin: t.access.base, ...headers };
	const lines = Object.entries(all).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\r\n`).join('');
	const answer = await exchange(`${method} ${path} HTTP/${version}\r\n${lines}\r\n`);
	return Number(answer.match(/^HTTP\/1\.\d (\d+)/)?.[1] ?? 0);
}

test('the legal ones', async () => {
	assert.equal(await status(), 101);
	assert.equal(await status({ headers: { Origin: null } }), 101, 'programs have no Origin');
	assert.equal(await status({ headers: { Connection: 'keep-alive, Upgrade' } }), 101);
});

const bad = {
	'a foreign Origin': { headers: { Origin: 'https://elsewhere.example' } },
	'Origin null': { headers: { Origin: 'null' } },
	'our Origin as a prefix': () => ({ headers: { Origin: `${t.access.base}.elsewhere.example` } }),
	'our host on another port': () => ({ headers: { Origin: `http://127.0.0.1:1` } }),
	'no sub-protocol': { headers: { 'Sec-WebSocket-Protocol': null } },
	'another sub-protocol': { headers: { 'Sec-WebSocket-Protocol': 'plenum.v2' } },
	'POST': { method: 'POST', headers: { 'Content-Length': '0' } },
	'version 8': { headers: { 'Sec-WebSocket-Version': '8' } },
	'no version': { headers: { 'Sec-WebSocket-Version': null } },
	'no key': { headers: { 'Sec-WebSocket-Key': null } },
	'h2c': { path: '/', headers: { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA' } },
	'h2c at /ws': { headers: { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA' } },
	'another path': { path: '/wss' },
	'HTTP/1.0': { version: '1.0' },
};
for (const [name, options] of Object.entries(bad)) {
	test(`refused: ${name}`, async () => {
		const got = await status(typeof options === 'function' ? options() : options);
		assert.notEqual(got, 101);
	});
}

test('an HTTP/2 preface gets no HTTP/2', async () => {
	const answer = await exchange('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00');
	assert.ok(!answer.includes('\x00\x00'), 'no SETTINGS frame');
});

test('paths that climb out, long lines, and nothing at all', async () => {
	for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '//etc/passwd'])
		assert.ok(!(await exchange(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).includes('root:'), path);
	const long = await exchange(`GET /${'a'.repeat(40000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
	assert.ok(!/^HTTP\/1\.1 2/.test(long));
	assert.equal(await status(), 101, 'and it still works');
});

test('the pages carry their security headers', async () => {
	for (const path of ['/', '/attend', '/moderate', '/kiosk']) {
		const response = await fetch(t.access.base + path);
		assert.equal(response.status, 200, path);
		assert.match(response.headers.get('content-security-policy') ?? '', /default-src|script-src/, path);
		assert.ok(!/unsafe-inline.*script|script-src[^;]*unsafe-inline/.test(response.headers.get('content-security-policy')), path);
		assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
		assert.match(response.headers.get('permissions-policy') ?? '', path === '/kiosk' ? /^camera=\(self\), microphone=\(\)/ : path === '/attend' ? /^camera=\(self\), microphone=\(self\)/ : /^camera=\(\), microphone=\(\)/, `${path}: only a door and a speaker's page may ask for the camera`);
		await response.arrayBuffer();
	}
});
