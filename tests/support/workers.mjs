// tests: which worker a socket of ours ended up on, by the kernel's tables: the port is shared by all of them.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from './client.mjs';

// "0100007F:61A8" → 25000
const port = (address) => parseInt(address.split(':')[1], 16);

export function workerOf(instance, client) {
	const mine = client.ws._socket.localPort;
	const line = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1).map((row) => row.trim().split(/\s+/))
		.find((row) => row.length > 9 && port(row[1]) === instance.port && port(row[2]) === mine);
	if (!line) return 0;
	for (const pid of instance.workerPids()) {
		for (const fd of readdirSync(`/proc/${pid}/fd`)) {
			try {
				if (readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${line[9]}]`) return pid;
			} catch {
				// Closed while we looked.
			}
		}
	}
	return 0;
}

// A client on that worker, or (pid negative) on any but that one: tries until the kernel chose so.
export async function connectTo(instance, pid, who, options) {
	for (let i = 0; i < 60; i++) {
		const client = await connect(instance.access, who, options);
		const worker = workerOf(instance, client);
		if (pid > 0 ? worker === pid : worker !== -pid && worker !== 0) return client;
		client.close();
	}
	throw new Error(`no connection on worker ${pid} in 60 tries`);
}
