// tests: reads server-sent events as a browser would where WebSocket is blocked.
import http from 'node:http';

export class Events {
	constructor(base, channels, { cookie, guest, token, origin } = {}) {
		const url = new URL('/events', base);
		url.searchParams.set('channels', JSON.stringify(channels));
		if (guest !== undefined) url.searchParams.set('guest', guest);
		const headers = { accept: 'text/event-stream', ...(cookie ? { cookie } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}), ...(origin ? { origin } : {}) };
		this.messages = [];
		this.waiters = new Set();
		this.opened = new Promise((resolve, reject) => {
			this.request = http.get(url, { headers }, (response) => {
				this.status = response.statusCode;
				this.type = response.headers['content-type'];
				let text = '';
				response.setEncoding('utf8');
				response.on('data', (chunk) => {
					text += chunk;
					for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
						this.block(text.slice(0, end));
						text = text.slice(end + 2);
					}
				});
				response.on('error', () => {});
				resolve(this.status);
			});
			this.request.on('error', reject);
		});
	}

	block(block) {
		const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n');
		if (data === '') return;
		const body = JSON.parse(data);
		for (const message of Array.isArray(body) ? body : [body]) {
			this.messages.push(message);
			for (const waiter of [...this.waiters]) waiter(message);
		}
	}

	wait(match, what, ms = 45000) {
		const found = this.messages.find(match);
		if (found) return Promise.resolve(found);
		return new Promise((resolve, reject) => {
			const waiter = (message) => {
				if (!match(message)) return;
				clearTimeout(timer);
				this.waiters.delete(waiter);
				resolve(message);
			};
			const timer = setTimeout(() => {
				this.waiters.delete(waiter);
				reject(new Error(`no ${what} within ${ms} ms over server-sent events`));
			}, ms);
			this.waiters.add(waiter);
		});
	}

	close() {
		this.request.destroy();
	}
}
