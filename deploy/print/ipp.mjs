// deploy: as much of IPP (RFC 8010, 8011) as following a job takes: a request of simple attributes, and what a reply says.
import http from 'node:http';

export const OPERATION = { getJobAttributes: 0x0009, getJobs: 0x000a, getPrinterAttributes: 0x000b };
export const NOT_FOUND = 0x0406;
const TAG = { integer: 0x21, boolean: 0x22, enum: 0x23, text: 0x41, name: 0x42, keyword: 0x44, uri: 0x45, charset: 0x47, language: 0x48 };

function attribute(tag, name, value) {
	const bytes = typeof value === 'number' ? Buffer.alloc(4) : typeof value === 'boolean' ? Buffer.from([value ? 1 : 0]) : Buffer.from(value);
	if (typeof value === 'number') bytes.writeInt32BE(value);
	const head = Buffer.alloc(3 + Buffer.byteLength(name) + 2);
	head.writeUInt8(tag, 0);
	head.writeUInt16BE(Buffer.byteLength(name), 1);
	head.write(name, 3);
	head.writeUInt16BE(bytes.length, 3 + Buffer.byteLength(name));
	return Buffer.concat([head, bytes]);
}

// attributes: [tag name, name, value]; a value that is a list is repeated under no name.
export function encode(operation, attributes) {
	const head = Buffer.from([1, 1, operation >> 8, operation & 255, 0, 0, 0, 1, 0x01]);
	const all = [['charset', 'attributes-charset', 'utf-8'], ['language', 'attributes-natural-language', 'en'], ...attributes];
	const parts = all.flatMap(([tag, name, value]) => [value].flat().map((one, i) => attribute(TAG[tag], i ? '' : name, one)));
	return Buffer.concat([head, ...parts, Buffer.from([0x03])]);
}

function valueOf(tag, bytes) {
	if (tag === TAG.integer || tag === TAG.enum) return bytes.readInt32BE(0);
	if (tag === TAG.boolean) return bytes[0] === 1;
	if (tag >= 0x40 || tag === 0x30) return bytes.toString();
	return null;
}

// → {status, groups: [{attribute: [values]}]}: a group for each job or printer told of.
export function decode(bytes) {
	const groups = [];
	let last = '';
	for (let at = 8; at < bytes.length && bytes[at] !== 0x03;) {
		const tag = bytes[at++];
		if (tag < 0x10) {
			groups.push({ tag });
			continue;
		}
		const nameSize = bytes.readUInt16BE(at);
		const name = bytes.toString('utf8', at + 2, at + 2 + nameSize) || last;
		at += 2 + nameSize;
		const size = bytes.readUInt16BE(at);
		const group = groups[groups.length - 1];
		(group[name] ??= []).push(valueOf(tag, bytes.subarray(at + 2, at + 2 + size)));
		at += 2 + size;
		last = name;
	}
	return { status: bytes.readUInt16BE(2), groups };
}

// server: {socketPath} or {host, port}.
export function ask(server, where, operation, attributes, { ms = 10000 } = {}) {
	const body = encode(operation, attributes);
	return new Promise((resolve, reject) => {
		const request = http.request({ ...server, method: 'POST', path: where, timeout: ms, headers: { Host: 'localhost', 'Content-Type': 'application/ipp', 'Content-Length': body.length } }, (response) => {
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				if (response.statusCode !== 200) return reject(new Error(`CUPS answered HTTP ${response.statusCode}`));
				try {
					resolve(decode(Buffer.concat(chunks)));
				} catch (error) {
					reject(error);
				}
			});
		});
		request.on('timeout', () => request.destroy(new Error('CUPS does not answer')));
		request.on('error', reject);
		request.end(body);
	});
}
