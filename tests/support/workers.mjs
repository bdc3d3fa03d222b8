// tests: which worker a socket of ours ended up on, by the kernel's tables: the port is shared by all of them.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { connect, gone, sleep } from './client.mjs';

function linkOf(name) {
	try {
		return readlinkSync(name);
	} catch {
		// Closed while we looked.
		return null;
	}
}

// "0100007F:61A8" → 25000
const port = (address) => parseInt(address.split(':')[1], 16);

// The table is not read at one moment: a row may be missing from it while others come and go.
function inodeOf(instance, client) {
	const mine = client.ws._socket.localPort;
	for (let i = 0; i < 20; i++) {
		const line = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1).map((row) => row.trim().split(/\s+/))
			.find((row) => row.length > 9 && port(row[1]) === instance.port && port(row[2]) === mine && row[9] !== '0');
		if (line) return line[9];
	}
	return null;
}

export function workerOf(instance, client) {
	const inode = inodeOf(instance, client);
	for (const pid of inode ? instance.workerPids() : []) {
		try {
			for (const fd of readdirSync(`/proc/${pid}/fd`)) if (linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`) return pid;
		} catch {
			// It ended while we looked.
		}
	}
	return 0;
}

// A client on that worker, or (pid negative) on any but that one: tries until the kernel chose so. One that has just been started takes none for a while.
export async function connectTo(instance, pid, who, options) {
	for (const end = Date.now() + 60000; Date.now() < end; await sleep(20)) {
		const client = await connect(instance.access, who, options).catch((error) => {
			if (!gone(error)) throw error;
			return null;
		});
		if (!client) continue;
		const worker = workerOf(instance, client);
		if (pid > 0 ? worker === pid : worker !== -pid && worker !== 0) return client;
		client.close();
	}
	throw new Error(`no connection on worker ${pid} within a minute`);
}
