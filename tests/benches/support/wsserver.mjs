// tests: Node's ws as a peer in the fan-out benchmark: sends the same text to every client. A number on standard input, a line: one message of that many bytes.
import { createInterface } from 'node:readline';
import { WebSocketServer } from '../../../web/node_modules/ws/wrapper.mjs';

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096, perMessageDeflate: false, clientTracking: true });
server.on('connection', (socket) => socket.on('error', () => {}));
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
	const head = `{"at":${Math.round((performance.timeOrigin + performance.now()) * 1000)},"fill":"`;
	const text = Buffer.from(`${head}${'x'.repeat(Number(line) - head.length - 2)}"}`);
	for (const socket of server.clients) socket.send(text, { binary: false });
});
input.on('close', () => process.exit(0));
