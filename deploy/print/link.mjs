// deploy: a program's connection to plenumd: plenum.v1 over WebSocket, opened again by itself; a call waits through a break and is sent again.
import { EventEmitter } from 'node:events';
import WebSocket from 'ws';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Fault extends Error {
	constructor(error) {
		super(error.message);
		this.fault = error.data?.fault ?? 'internal';
		this.retry = error.data?.retry_after_ms ?? (['busy', 'limit.rate', 'unknown_outcome'].includes(this.fault) ? 1000 : 0);
	}
}

// Emits open (the session), event (channel, type, data), down, refused (why): the last one means that trying again is of no use.
export class Link extends EventEmitter {
	constructor({ server, token, channels }) {
		super();
		Object.assign(this, { url: `${server.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`, token, channels, calls: new Map(), nextId: 1, attempt: 0, up: false, ended: false });
	}

	start() {
		const ws = new WebSocket(this.url, ['plenum.v1'], { perMessageDeflate: false, handshakeTimeout: 10000 });
		this.ws = ws;
		ws.on('error', () => {});
		ws.on('open', () => this.send(0, 'session.open', { token: this.token }));
		ws.on('message', (data) => this.frame(String(data)));
		ws.on('close', (code) => this.closed(ws, code));
		this.listen(15000);
		return this;
	}

	// Nothing heard for so long: the other side is gone, whatever the socket believes.
	listen(ms) {
		clearTimeout(this.silence);
		this.silence = setTimeout(() => this.ws.terminate(), ms);
	}

	closed(ws, code) {
		if (ws !== this.ws || this.ended) return;
		clearTimeout(this.silence);
		this.up = false;
		this.emit('down', code);
		for (const call of this.calls.values()) call.sent = false;
		// 4450 and 4451: the token is over or was revoked, and only a person can give another.
		if ((code >= 4400 && code < 4450) || code === 4450 || code === 4451) return void this.emit('refused', code);
		const ceiling = Math.min(30000, 500 * 2 ** Math.min(this.attempt++, 6));
		setTimeout(() => this.ended || this.start(), 100 + Math.random() * ceiling);
	}

	send(id, method, params) {
		this.ws.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
	}

	frame(text) {
		const body = JSON.parse(text);
		this.listen(40000);
		for (const message of [body].flat()) {
			if (message.method === 'event') this.emit('event', message.params.channel, message.params.type, message.params.data);
			else if (message.method === 'ping') this.ws.send('{"jsonrpc":"2.0","method":"pong"}');
			// Whatever was missed is in what is asked next: no cursor is kept.
			else if (message.method === 'resync') this.subscribe();
			else if (message.id === 0) this.opened(message);
			else if (message.id !== undefined) this.answered(message);
		}
	}

	opened({ result, error }) {
		if (error) {
			const fault = new Fault(error);
			if (fault.retry) this.ws.close();
			else {
				this.stop();
				this.emit('refused', fault.fault);
			}
			return;
		}
		this.attempt = 0;
		this.up = true;
		this.subscribe();
		for (const [id, call] of this.calls) if (!call.sent) this.go(id, call);
		this.emit('open', result);
	}

	subscribe() {
		this.call('channel.subscribe', { channels: this.channels.map((name) => ({ name })) }).catch((error) => this.emit('refused', error.fault));
	}

	go(id, call) {
		call.sent = true;
		this.send(id, call.method, call.params);
	}

	async answered({ id, result, error }) {
		const call = this.calls.get(id);
		if (!call) return;
		const fault = error && new Fault(error);
		if (fault?.retry) {
			await sleep(fault.retry * (0.75 + Math.random() / 2));
			if (this.up && this.calls.has(id)) this.go(id, call);
			return;
		}
		this.calls.delete(id);
		if (fault) call.reject(fault);
		else call.resolve(result);
	}

	call(method, params) {
		return new Promise((resolve, reject) => {
			const id = this.nextId++;
			const call = { method, params, sent: false, resolve, reject };
			this.calls.set(id, call);
			if (this.up) this.go(id, call);
		});
	}

	stop() {
		this.ended = true;
		clearTimeout(this.silence);
		this.ws?.close();
	}
}
