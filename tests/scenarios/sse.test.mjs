// scenario: where WebSocket is blocked: behind a HAProxy that strips Upgrade, the same channels, cursors and methods by server-sent events and POST.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { Client, auth, connect, post, sleep, uuid } from '../support/client.mjs';
import { mailTo, sixDigits } from '../support/mail.mjs';
import { freePort } from '../support/port.mjs';
import { Events } from '../support/sse.mjs';

let t;
let proxy;
let behind;
let moderator;

before(async () => {
	t = await demo({ gateway: false });
	const port = await freePort();
	// The proxy's address is the public one.
	t.instance.writeConfig({ base_url: `http://127.0.0.1:${port}` });
	await t.instance.startGateway();
	const config = path.join(t.instance.dir, 'haproxy.cfg');
	writeFileSync(config, `defaults
	mode http
	timeout connect 5s
	timeout client 60s
	timeout server 60s
frontend hospital
	bind 127.0.0.1:${port}
	http-request del-header Upgrade
	http-request del-header Connection
	http-request del-header Sec-WebSocket-.* -m reg
	default_backend plenum
backend plenum
	server one 127.0.0.1:${t.instance.port}
`);
	proxy = spawn('/usr/sbin/haproxy', ['-db', '-f', config], { stdio: 'ignore' });
	behind = { ...t.access, base: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws` };
	for (const end = Date.now() + 60000; (await fetch(`${behind.base}/healthz`).catch(() => ({ status: 0 }))).status !== 200; await sleep(100)) assert.ok(Date.now() < end, 'the proxy lets through');
	moderator = await connect(t.access, 'moderator');
});
after(async () => {
	moderator?.close();
	proxy?.kill('SIGKILL');
	await t.stop();
});

test('a WebSocket does not get through', async () => {
	await assert.rejects(new Client(behind.ws, { guest: '' }).open());
});

let cookie;

test('signing in does', async () => {
	const { body } = await auth(behind, 'start', { email: 'attendee45@example.org' });
	const code = sixDigits(await mailTo(t.instance.mailDir, 'attendee45@example.org'));
	({ cookie } = await auth(behind, 'finish', { request: body.request, code }));
	assert.match(cookie, /^__Host-plenum-favrholm=/);
});

const channel = () => `talk:${t.access.talk}`;

async function published(text) {
	const question = uuid();
	const asked = await post(behind, 'qa.ask', { question, talk: t.access.talk, text }, { cookie, origin: behind.base });
	assert.equal(asked.body.result?.state, 'pending', asked.text);
	await moderator.write('qa.approve', { question, expect_version: 1 });
	return question;
}

test('channels, events, ticks and cursors', async () => {
	const events = new Events(behind.base, [{ name: channel() }, { name: 'schedule' }], { cookie, origin: behind.base });
	assert.equal(await events.opened, 200);
	assert.match(events.type, /^text\/event-stream/);
	const reply = await events.wait((message) => message.id === 0 && message.result, 'the subscribe reply');
	const position = reply.result.channels.find(({ name }) => name === channel()).position;
	const question = await published('Does it come through?');
	const event = await events.wait((message) => message.method === 'event' && message.params.data.id === question, 'question.added');
	assert.equal(event.params.position, position + 1);
	const vote = await post(behind, 'qa.vote', { question, value: 1, seq: 1 }, { cookie, origin: behind.base });
	assert.equal(vote.body.result?.value, 1, vote.text);
	await events.wait((message) => message.method === 'tick' && message.params.tally.some(([key, value]) => key === question && value === 1), 'tick');
	events.close();

	const { epoch } = reply.result.channels[0];
	await published('While away');
	const back = new Events(behind.base, [{ name: channel(), since: { epoch, position: position + 1 } }], { cookie, origin: behind.base });
	const missed = await back.wait((message) => message.id === 0 && message.result, 'the reply with what was missed');
	// A worker that has not read the newest yet sends it behind its reply.
	const { events: replayed } = missed.result.channels[0];
	assert.ok(replayed, 'events, not a snapshot');
	const next = replayed[0] ?? (await back.wait((message) => message.method === 'event', 'what was missed')).params;
	assert.equal(next.position, position + 2);
	assert.ok(replayed.length <= 1);
	back.close();
});

test('guests, and what is refused', async () => {
	const guest = new Events(behind.base, [{ name: 'schedule' }, { name: channel() }], { guest: '' });
	assert.equal(await guest.opened, 200);
	const reply = await guest.wait((message) => message.id === 0 && message.result, 'the reply');
	assert.ok(reply.result.channels[0].snapshot);
	assert.equal(reply.result.channels[1].fault, 'denied');
	guest.close();
	const nobody = new Events(behind.base, [{ name: channel() }], {});
	assert.equal(await nobody.opened, 401);
	nobody.close();
	const foreign = await post(behind, 'qa.list', { talk: t.access.talk }, { cookie, origin: 'https://elsewhere.example' });
	assert.equal(foreign.status, 403);
	const without = await post(behind, 'qa.list', { talk: t.access.talk }, { cookie });
	assert.equal(without.status, 403);
	const broken = await fetch(`${behind.base}/events?channels=%7B`, { headers: { cookie } });
	assert.equal(broken.status >= 400 && broken.status < 500, true);
	await broken.arrayBuffer();
});
