// tests: a station's snapshot as anybody outside would read it: docs/protocol.md, and Node's own cryptography.
import { createDecipheriv, hkdfSync } from 'node:crypto';

const derive = (code, conference, info, size) => Buffer.from(hkdfSync('sha256', code, conference, info, size));

export const ticketOf = (conference, code) => derive(code, conference, 'plenum ticket key', 16).toString('hex');

export async function fetchSnapshot(access, token, { list = access.list, since } = {}) {
	const query = since ? `?since=${encodeURIComponent(since)}` : '';
	const response = await fetch(`${access.base}/snapshot/${list}${query}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
	const bytes = Buffer.from(await response.arrayBuffer());
	return { status: response.status, headers: response.headers, bytes, ...(response.status === 200 ? read(bytes) : {}) };
}

export function read(bytes) {
	const size = bytes.readUInt32BE(0);
	const header = JSON.parse(bytes.subarray(4, 4 + size).toString());
	const records = new Map();
	for (let at = 4 + size; at < bytes.length; ) {
		const body = bytes.readUInt16BE(at + 23);
		records.set(bytes.toString('hex', at, at + 16), { status: bytes[at + 16], at: bytes.readUInt32BE(at + 17), station: bytes.readUInt16BE(at + 21), body: bytes.subarray(at + 25, at + 25 + body) });
		at += 25 + body;
	}
	return { header, records };
}

// What the code opens; throws when it is another row's, or a bit of it is wrong.
export function openBody(body, conference, code, ticket = ticketOf(conference, code)) {
	const cipher = createDecipheriv('aes-256-gcm', derive(code, conference, 'plenum ticket body', 32), body.subarray(0, 12));
	cipher.setAAD(Buffer.from(ticket, 'hex'));
	cipher.setAuthTag(body.subarray(-16));
	return JSON.parse(Buffer.concat([cipher.update(body.subarray(12, -16)), cipher.final()]).toString());
}
