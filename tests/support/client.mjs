// tests: a client of plenum.v1 that keeps a record: calls, subscriptions with cursors, reconnecting, and every event with a check for gaps and duplicates.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const WebSocket = createRequire(path.join(top, 'web/package.json'))('ws');
export { WebSocket };

// For a machine with ten times the work.
const PATIENCE = Number(process.env.PLENUM_PATIENCE || 45000);

export const uuid = () => randomUUID();
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A refusal by the gateway: `fault` is its stable name.
export class RpcError extends Error {
	constructor(error, method) {
		super(`${method}: ${error.data?.fault ?? error.code} (${error.message})`);
		this.code = error.code;
		this.data = error.data ?? {};
		this.fault = this.data.fault;
	}
}

// The socket went away before the answer came.
export class Closed extends Error {
	constructor(code, reason) {
		super(`closed ${code} ${reason}`);
		this.code = code;
	}
}

// The bytes of the result with that id in a frame, which may be a batch: up to the brace that closes it.
function resultBytes(text, id) {
	const mark = `"id":${id},"result":`;
	const start = text.indexOf(mark) + mark.length;
	let depth = 0;
	for (let i = start, quoted = false; i < text.length; i++) {
		if (text[i] === '\\') i++;
		else if (text[i] === '"') quoted = !quoted;
		else if (!quoted && text[i] === '{') depth++;
		else if (!quoted && text[i] === '}' && --depth === 0) return text.slice(start, i + 1);
	}
	return null;
}

// What a close code asks of the client (docs/protocol.md).
const comesBack = (code) => code < 4400 || code >= 4500;

export class Client {
	// who: {token} | {ticket} | {guest}; reconnect: come back by itself with the same credentials and cursors.
	constructor(url, who, { reconnect = false, origin, headers, pong = true } = {}) {
		Object.assign(this, { url, who, reconnect, origin, headers, pong });
		this.nextId = 1;
		this.waiting = new Map();
		this.channels = new Map();
		this.log = [];
		this.violations = [];
		this.notes = [];
		this.listeners = new Set();
		this.hello = null;
		this.closed = null;
		this.opens = 0;
		this.ended = false;
	}

	async open() {
		const ws = new WebSocket(this.url, ['plenum.v1'], { origin: this.origin, headers: this.headers, perMessageDeflate: false, handshakeTimeout: 20000 });
		this.ws = ws;
		await new Promise((resolve, reject) => {
			ws.once('open', resolve);
			ws.once('error', reject);
			ws.once('unexpected-response', (_request, response) => reject(Object.assign(new Error(`HTTP ${response.statusCode}`), { status: response.statusCode })));
		});
		ws.on('error', () => {});
		this.closed = new Promise((resolve) => {
			ws.on('close', (code, reason) => {
				this.gone(ws, code, String(reason));
				resolve(code);
			});
		});
		ws.on('message', (data) => this.frame(String(data)));
		if (this.who) this.hello = await this.call('session.open', this.who);
		this.opens++;
		if (this.channels.size > 0) await this.resume();
		return this;
	}

	gone(ws, code, reason) {
		if (ws !== this.ws) return;
		this.closeCode = code;
		for (const { reject } of this.waiting.values()) reject(new Closed(code, reason));
		this.waiting.clear();
		this.note('close', { code, reason });
		if (this.reconnect && !this.ended && comesBack(code)) this.comeBack();
	}

	// One at a time: a connection that breaks while it is being opened is tried again by the same loop.
	async comeBack() {
		if (this.comingBack) return;
		this.comingBack = true;
		let wait = 100;
		if (this.closeCode >= 4550 && this.byeAfter) wait = this.byeAfter[0] + Math.random() * Math.min(1000, this.byeAfter[1] - this.byeAfter[0]);
		while (!this.ended) {
			await sleep(wait * (0.5 + Math.random()));
			try {
				await this.open();
				this.comingBack = false;
				return;
			} catch (error) {
				this.note('retry', { error: String(error) });
				this.ws.terminate();
				wait = Math.min(2000, wait * 1.5);
			}
		}
	}

	// Sends one call; resolves with its result (with `bytes`, as it was written), rejects with RpcError or Closed.
	call(method, params = {}, { bytes = false } = {}) {
		const id = this.nextId++;
		return new Promise((resolve, reject) => {
			if (this.ws.readyState !== WebSocket.OPEN) {
				reject(new Closed(0, 'not connected'));
				return;
			}
			this.waiting.set(id, { resolve, reject, method, bytes });
			this.ws.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
		});
	}

	// A write with a fresh idempotency key.
	write(method, params = {}) {
		return this.call(method, { ...params, key: uuid() });
	}

	// The same write again and again until it is answered for good: what a page does around a broken connection.
	async persist(method, params, { ms = PATIENCE, ...how } = {}) {
		for (const deadline = Date.now() + ms; ; ) {
			try {
				return await this.call(method, params, how);
			} catch (error) {
				const again = error instanceof Closed || ['busy', 'unknown_outcome', 'limit.rate', 'auth.required'].includes(error.fault);
				if (!again || Date.now() > deadline) throw error;
				await sleep(Math.min(1000, error.data?.retry_after_ms ?? 100) * (0.5 + Math.random()));
			}
		}
	}

	raw(text) {
		this.ws.send(text);
	}

	frame(text) {
		const body = JSON.parse(text);
		for (const message of Array.isArray(body) ? body : [body]) this.message(message, text);
	}

	message(message, text) {
		if (message.method !== undefined) {
			this.notified(message);
			return;
		}
		const call = this.waiting.get(message.id);
		if (!call) {
			this.note('reply', message);
			return;
		}
		this.waiting.delete(message.id);
		// Positions in a subscribe reply count before any event behind it in the same frame.
		if (call.method === 'channel.subscribe' && message.result) this.subscribed(message.result.channels);
		if (message.error) call.reject(new RpcError(message.error, call.method));
		else call.resolve(call.bytes ? resultBytes(text, message.id) : message.result);
	}

	notified({ method, params }) {
		if (method === 'event') this.event(params);
		else if (method === 'ping') {
			this.note('ping', params);
			if (this.pong) this.ws.send('{"jsonrpc":"2.0","method":"pong"}');
		} else {
			if (method === 'bye') this.byeAfter = params.after;
			this.note(method, params);
			if (method === 'resync' && this.reconnect) this.resume(params.channels).catch(() => {});
		}
	}

	event({ channel, position, type, data }) {
		const state = this.channels.get(channel);
		if (!state) {
			this.violations.push(`event on ${channel}, which is not subscribed`);
			return;
		}
		if (position !== state.position + 1) this.violations.push(`${channel}: ${position} after ${state.position}`);
		state.position = position;
		this.note('event', { channel, position, type, data });
	}

	note(kind, what) {
		const entry = { kind, ...what };
		this.log.push(entry);
		for (const listener of [...this.listeners]) listener(entry);
	}

	subscribed(channels) {
		for (const { name, epoch, position, events, snapshot, tally, fault } of channels) {
			if (fault) continue;
			const known = this.channels.get(name);
			if (events) {
				if (!known) this.channels.set(name, { epoch, position: events.length ? events[0].position - 1 : position });
				for (const event of events) this.event({ channel: name, ...event });
				const state = this.channels.get(name);
				if (state.position !== position) this.violations.push(`${name}: reply says ${position}, its events end at ${state.position}`);
				Object.assign(state, { epoch, position });
			} else {
				this.channels.set(name, { epoch, position });
				this.note('snapshot', { channel: name, position, snapshot });
			}
			if (tally) this.note('tick', { channel: name, tally });
		}
	}

	// names: channel names, or {name, since}. Returns the reply's channels by name.
	async subscribe(names, options = {}) {
		const channels = names.map((name) => (typeof name === 'string' ? { name, ...(options.since ? { since: options.since } : {}) } : name));
		// Known before the reply, so that an event in the same frame has its place.
		for (const { name, since } of channels) if (since) this.channels.set(name, { ...since });
		const { channels: replies } = await this.call('channel.subscribe', { channels });
		return Object.fromEntries(replies.map((reply) => [reply.name, reply]));
	}

	cursor(name) {
		const { epoch, position } = this.channels.get(name);
		return { epoch, position };
	}

	// What the server has no time for is asked again, as a page does.
	async resume(names = [...this.channels.keys()]) {
		const { channels } = await this.call('channel.subscribe', { channels: names.map((name) => ({ name, since: this.cursor(name) })) });
		const faults = channels.filter(({ fault }) => fault);
		const busy = faults.filter(({ fault }) => fault === 'busy').map(({ name }) => name);
		if (faults.length > 0 && this.log.at(-1)?.kind !== 'faults') this.note('faults', { channels: faults });
		if (busy.length === 0) return;
		await sleep(200 + 300 * Math.random());
		await this.resume(busy);
	}

	events(channel) {
		return this.log.filter((entry) => entry.kind === 'event' && entry.channel === channel);
	}

	// The first log entry, past or future, that matches. A condition that holds is not waited for.
	wait(match, what = 'an entry', ms = PATIENCE) {
		const found = this.log.find(match);
		if (found) return Promise.resolve(found);
		return new Promise((resolve, reject) => {
			const listener = (entry) => {
				if (!match(entry)) return;
				clearTimeout(timer);
				this.listeners.delete(listener);
				resolve(entry);
			};
			const timer = setTimeout(() => {
				this.listeners.delete(listener);
				reject(new Error(`no ${what} within ${ms} ms; last: ${JSON.stringify(this.log.slice(-3)).slice(0, 600)}`));
			}, ms);
			this.listeners.add(listener);
		});
	}

	waitEvent(channel, type, match = () => true, ms = PATIENCE) {
		return this.wait((entry) => entry.kind === 'event' && entry.channel === channel && entry.type === type && match(entry.data), `${type} on ${channel}`, ms);
	}

	// after: the length of the log before what is to change it, where the same count may have been heard earlier.
	waitTally(channel, key, value, ms = PATIENCE, after = 0) {
		return this.wait((entry) => entry.kind === 'tick' && entry.channel === channel && this.log.indexOf(entry) >= after && entry.tally.some(([k, v]) => k === key && v === value),
			`tick ${key} = ${value} on ${channel}`, ms);
	}

	waitClose(ms = PATIENCE) {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`still open after ${ms} ms`)), ms);
			this.closed.then((code) => {
				clearTimeout(timer);
				resolve(code);
			});
		});
	}

	close() {
		this.ended = true;
		this.ws?.close();
	}
}

// Connects and opens a session: connect(access, 'moderator'), connect(access, 'kiosks 1'), connect(access, 'stations desk'), connect(access, {guest: ''}).
export async function connect(access, who, options) {
	let credentials = who;
	if (typeof who === 'string') {
		const [kind, index] = who.split(' ');
		const tokens = access.tokens[kind];
		credentials = { token: Array.isArray(tokens) ? tokens[Number(index ?? 0)] : tokens[index] ?? tokens };
	}
	return new Client(options?.url ?? access.ws, credentials, options).open();
}

// What becomes of a connection whose worker dies before it takes it, or before it has answered the first message.
export const gone = (error) => error instanceof Closed || /^ECONN|socket hang up/.test(error.code || error.message);

// As a page does behind a worker that has just gone.
export async function connectAgain(access, who, options) {
	for (let left = 50; ; left--) {
		try {
			return await connect(access, who, options);
		} catch (error) {
			if (!left || !gone(error)) throw error;
			await sleep(200);
		}
	}
}

// On a connection of its own: one that has been idle is closed by the gateway after five seconds, and what is sent on it just then is lost.
const ALONE = { connection: 'close' };

// One call over POST /rpc. Returns {status, body, headers}.
export async function post(access, method, params, { token, cookie, origin, id = 1, path: where = '/rpc', body } = {}) {
	const headers = { 'content-type': 'application/json', ...ALONE };
	if (token) headers.authorization = `Bearer ${token}`;
	if (cookie) headers.cookie = cookie;
	if (origin) headers.origin = origin;
	const response = await fetch(access.base + where, { method: 'POST', headers, body: body ?? JSON.stringify({ jsonrpc: '2.0', id, method, params }) });
	const text = await response.text();
	let json = null;
	try {
		json = JSON.parse(text);
	} catch {
		// Not JSON: `text` says what it is.
	}
	return { status: response.status, body: json, text, headers: response.headers };
}

// The addresses under /auth, as a page of ours would call them.
export async function auth(access, what, params, { cookie, origin = access.base } = {}) {
	const headers = { 'content-type': 'application/json', origin, ...ALONE };
	if (cookie) headers.cookie = cookie;
	const response = await fetch(`${access.base}/auth/${what}`, { method: 'POST', headers, body: JSON.stringify(params) });
	const text = await response.text();
	const set = response.headers.get('set-cookie');
	return { status: response.status, body: text ? JSON.parse(text) : null, cookie: set ? set.split(';')[0] : null, set };
}
