// tests: a line to the gateway that breaks in the middle of what is being sent: after so many bytes from the client, wherever in a frame that is.
import net from 'node:net';

// {url, cutAfter(bytes), cuts, stop()}: cutAfter arms it for the connections that are open and the next one; Infinity: it holds.
export async function cutProxy(port) {
	const proxy = { left: Infinity, cuts: 0, sockets: new Set() };
	const server = net.createServer((client) => {
		const upstream = net.connect(port, '127.0.0.1');
		const end = () => {
			client.destroy();
			upstream.destroy();
			proxy.sockets.delete(client);
		};
		proxy.sockets.add(client);
		for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
		upstream.on('data', (data) => client.write(data));
		client.on('data', (data) => {
			if (data.length < proxy.left) {
				proxy.left -= data.length;
				upstream.write(data);
				return;
			}
			// What came before the break has gone through; the rest never does.
			upstream.write(data.subarray(0, proxy.left), () => upstream.end());
			client.destroy();
			proxy.left = Infinity;
			proxy.cuts++;
		});
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	return Object.assign(proxy, {
		url: `ws://127.0.0.1:${server.address().port}/ws`,
		cutAfter(bytes) {
			proxy.left = bytes;
		},
		stop() {
			for (const socket of proxy.sockets) socket.destroy();
			server.close();
		},
	});
}
