// tests: a port for a server that another program opens: below those that the kernel gives to whoever connects somewhere, and below the instances' own.
import net from 'node:net';

const isFree = (port) => new Promise((resolve) => {
	const server = net.createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

export async function freePort() {
	for (;;) {
		const port = 10000 + Math.floor(Math.random() * 10000);
		if (await isFree(port)) return port;
	}
}
