// tests: a tus 1.0.0 client of few lines, that can also do what a good one never does.
import http from 'node:http';
import { uuid } from './client.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');

export class Tus {
	constructor(base, token) {
		Object.assign(this, { base, token });
	}

	// One request; cut: so many bytes of the body leave, then the line is dead.
	send(method, path, headers = {}, body = null, { cut = null, version = '1.0.0' } = {}) {
		return new Promise((resolve, reject) => {
			const request = http.request(new URL(path, this.base), { method, agent: false, headers: {
				...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...(version ? { 'tus-resumable': version } : {}),
				...(body || method === 'POST' || method === 'PATCH' ? { 'content-length': body?.length ?? 0 } : {}), ...headers } });
			request.on('response', (response) => {
				const parts = [];
				response.on('data', (part) => parts.push(part));
				response.on('end', () => {
					const bytes = Buffer.concat(parts);
					let json = null;
					if (response.headers['content-type'] === 'application/json' && bytes.length > 0) json = JSON.parse(bytes);
					resolve({ status: response.statusCode, headers: response.headers, bytes, fault: json?.fault ?? null });
				});
				response.on('error', reject);
			});
			request.on('error', reject);
			if (cut === null) request.end(body ?? undefined);
			else request.write(body.subarray(0, cut), () => setImmediate(() => request.destroy(new Error('cut'))));
		});
	}

	create({ id = uuid(), kind = 'slides', subject, name = 'talk.pdf', size }) {
		const metadata = Object.entries({ id, kind, subject, filename: name }).map(([key, value]) => `${key} ${base64(value)}`).join(',');
		return this.send('POST', '/files', { 'upload-length': size, 'upload-metadata': metadata }).then((answer) => ({ ...answer, id }));
	}

	patch(id, offset, bytes, options) {
		return this.send('PATCH', `/files/${id}`, { 'upload-offset': offset, 'content-type': 'application/offset+octet-stream' }, bytes, options);
	}

	async offset(id) {
		const answer = await this.send('HEAD', `/files/${id}`);
		return answer.status === 200 ? Number(answer.headers['upload-offset']) : -answer.status;
	}

	get(id, headers = {}) {
		return this.send('GET', `/files/${id}`, headers, null, { version: null });
	}

	// All of it, a piece after the other. Returns the last answer.
	async upload(bytes, about, piece = 1 << 20) {
		let answer = await this.create({ size: bytes.length, ...about });
		if (answer.status !== 201) return answer;
		const { id } = answer;
		for (let at = 0; at < bytes.length; at += piece) {
			answer = await this.patch(id, at, bytes.subarray(at, at + piece));
			if (answer.status !== 204) break;
		}
		return { ...answer, id };
	}
}

// A PDF that every reader opens, with so much in it that it has the size wanted.
export function pdf(size = 1000) {
	const head = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n%';
	const tail = '\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n';
	const bytes = Buffer.alloc(size, 'x');
	bytes.write(head, 0);
	bytes.write(tail, size - tail.length);
	for (let i = head.length; i < size - tail.length; i += 997) bytes[i] = 97 + ((i * 31) % 26);
	return bytes;
}
