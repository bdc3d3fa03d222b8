// scenario: mail goes to a real relay, by the lanes, within its rate; one that refuses, stalls, hangs up or dies costs no mail, and none arrives twice without saying so.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { BIN, demo } from '../support/instance.mjs';
import { auth, connect, sleep } from '../support/client.mjs';
import { Relay, header, parts } from '../support/smtpd.mjs';

let t;
let relay;
let safe; // with TLS and a password

const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
const address = (n) => `attendee${n}@example.org`;
const state = async (to) => (await sql(`select mail_state(o), coalesce(o.fault, ''), o.tries from outbox o where recipient = '${to}' order by created desc limit 1`))[0];

async function tell(to, text, kind = 'notice') {
	await sql(`insert into outbox (conference, dedupe, recipient, subject, body)
		values ('${t.access.conference}', '${kind}:test:${to}:${text}', '${to}', '${text}', E'Hello,\\n\\n${text}\\n')`);
}

// What waits to be tried again is tried now; not what is under way, which another worker would send a second time.
const soon = () => sql('with r as (update mail_relay set hold = null) update outbox set next_try = now() where sent is null and bounced is null and lease is null');

// Until a condition holds; `again` hurries what waits.
async function until(condition, again = false) {
	for (const deadline = Date.now() + 120000; Date.now() < deadline; await sleep(200)) {
		if (await condition()) return;
		if (again) await soon();
	}
	throw new Error(`it never held: ${condition}`);
}

const doctor = () => spawnSync(path.join(BIN, 'plenum'), ['doctor', '--start'], { encoding: 'utf8', env: { ...process.env, PLENUM_CONFIG: t.instance.configFile } }).stdout;

const certificate = (dir) => {
	const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(dir, name));
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
		'-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
	return { key, cert };
};

before(async () => {
	t = await demo({ gateway: false });
	const pair = certificate(t.instance.dir);
	relay = await new Relay().start();
	safe = await new Relay({ ...pair, host: 'localhost' }).start();
	await sql('update outbox set sent = now() where sent is null');
	t.instance.writeConfig({ smtp_url: `smtp://plenum:s3cret@localhost:${safe.port}`, smtp_tls: 'required', smtp_ca: pair.cert, mail_from: 'hello@plenum.example' });
	await t.instance.startGateway();
});
after(async () => {
	relay?.stop();
	safe?.stop();
	await t.stop();
});

test('with TLS and a password, as text and as a page, from the address that is set', async () => {
	await auth(t.access, 'start', { email: address(1) });
	const { data, tls, login, from } = await safe.message(address(1));
	assert.ok(tls && login);
	assert.equal(from, 'hello@plenum.example');
	assert.match(header(data, 'from'), /<hello@plenum\.example>$/);
	assert.match(header(data, 'message-id'), /^<[0-9a-f-]{36}@plenum\.example>$/);
	assert.equal(header(data, 'x-plenum-repeated'), undefined);
	const [text, html] = parts(data);
	const [code] = text.text.match(/\b\d{6}\b/);
	assert.match(text.type, /text\/plain/);
	assert.match(html.type, /text\/html/);
	assert.ok(html.text.includes(code));
	assert.ok(data.split('\r\n').every((line) => line.length <= 998 && /^[\x20-\x7e\t]*$/.test(line)), 'seven bits');
	await until(async () => (await state(address(1)))[0] === 'sent');
});

test('without TLS nothing leaves where TLS must be; doctor says what is wrong', async () => {
	await t.instance.stopGateway();
	t.instance.writeConfig({ smtp_url: `smtp://localhost:${relay.port}`, smtp_tls: 'required' });
	assert.match(doctor(), /!! {2}smtp_url: localhost:\d+: .*TLS/i);
	await tell(address(2), 'not in the clear');
	await t.instance.startGateway();
	await until(async () => Number((await sql('select count(*) from mail_relay where fault is not null'))[0][0]) === 1);
	assert.equal(relay.messages().length, 0);
	await t.instance.stopGateway();
	t.instance.writeConfig({ smtp_url: `smtp://127.0.0.1:${relay.port}`, smtp_rate: 1000, smtp_reserve: 10, smtp_timeout: 15, mail_from: 'hello@plenum.example' });
	assert.match(doctor(), /ok {2}smtp_url: 127\.0\.0\.1:\d+ takes mail/);
	await t.instance.startGateway();
	await relay.message(address(2));
});

test('names and titles end no header', async () => {
	await sql(`update person set name = E'Eve\\r\\nBcc: all@example.org' where email = '${address(3)}'`);
	await sql(`select mail_tell(conference, id, 'call.received', 'x', '{"title":"A\\r\\nBcc: two@example.org\\r\\n\\r\\nand a body","number":1}') from person where email = '${address(3)}'`);
	await tell('eve@example.org>, <all@example.org', 'no address');
	const { data, to } = await relay.message(address(3));
	assert.equal(to, address(3));
	assert.equal(header(data, 'bcc'), undefined);
	assert.equal(data.split('\r\n\r\n')[0].split('\r\n').filter((line) => /^(to|bcc|subject):/i.test(line)).length, 2);
	await until(async () => (await sql(`select count(*) from outbox where bounced is not null and fault = 'that is no address'`))[0][0] === '1');
});

// What a server that took a mail says of it later.
const report = (data, action = 'failed') => ['From MAILER-DAEMON Sat May  1 10:02:11 2021', 'From: MAILER-DAEMON@mx.example.org', 'To: hello@plenum.example',
	'Content-Type: multipart/report; report-type=delivery-status;', '\tboundary="=_r"', '', '--=_r', 'Content-Type: text/plain', '', 'I am sorry.', '--=_r',
	'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.org', '', `Final-Recipient: rfc822; ${address(3)}`, `Action: ${action}`, 'Status: 5.2.2',
	'Diagnostic-Code: smtp; 552 5.2.2 the box', '  is full', '', '--=_r', 'Content-Type: message/rfc822', '', data, '--=_r--', ''].join('\n');

const bounce = (input, ...options) => spawnSync(path.join(BIN, 'plenum'), ['bounce', ...options], { input, encoding: 'utf8', env: { ...process.env, PLENUM_CONFIG: t.instance.configFile } });

test('what comes back after the relay took it is kept, once, and shown to the organiser and to whom it was for', async () => {
	const { data } = relay.messages(address(3))[0];
	const [id] = header(data, 'message-id').match(/[0-9a-f-]{36}/);
	await until(async () => (await state(address(3)))[0] === 'sent');

	const later = bounce(report(data, 'delayed'));
	assert.deepEqual([later.status, later.stdout], [0, `mail ${id} is delayed: nothing came back\n`]);
	assert.equal((await state(address(3)))[0], 'sent');

	const first = bounce(report(data), '-');
	assert.deepEqual([first.status, first.stderr, first.stdout], [0, '', `mail ${id} came back: 552 5.2.2 the box is full\n`]);
	const [[at]] = await sql(`select bounced from outbox where id = '${id}'`);
	const again = bounce(report(data), '--json');
	assert.equal(again.status, 0);
	assert.equal(JSON.parse(again.stdout).noop, true);
	assert.deepEqual(await sql(`select bounced from outbox where id = '${id}'`), [[at]]);

	// Those of nobody here, of another conference, and what is no report.
	for (const [input, code, ...options] of [[report(data.replace(id, '00000000-7b1e-4c55-9d0a-6e1f2b3c4d5e')), 'bounce.unknown'], [report(data), 'bounce.unknown', '--into', 'nowhere'],
		[report(data.replace(id, 'x')), 'bounce.foreign'], [data, 'bounce.unreadable']]) {
		const said = bounce(input, '--json', ...options);
		assert.deepEqual([said.status, JSON.parse(said.stdout).fault], [1, code]);
	}
	// The relay was quicker than our note that it has left: a mail server tries again.
	await sql(`update outbox set sent = null, unsure = true, next_try = 'infinity' where id = '${id}'`);
	await sql(`update outbox set bounced = null where id = '${id}'`);
	const early = bounce(report(data));
	assert.equal(early.status, 75);
	assert.match(early.stderr, /mail\.state/);
	await sql(`update outbox set sent = now(), bounced = now(), unsure = false where id = '${id}'`);
	assert.equal(bounce(Buffer.alloc((4 << 20) + 1, 'x')).status, 1);
	assert.equal(bounce('', 'one', 'two').status, 2);

	const organiser = await connect(t.access, 'organiser');
	const { mails } = await organiser.call('mail.list', { state: 'bounced', text: address(3) });
	assert.deepEqual(mails.map((m) => [m.mail, m.why]), [[id, '552 5.2.2 the box is full']]);
	organiser.close();
	const reader = await connect(t.access, 'attendees 2');
	const mine = await reader.call('registration.mine');
	assert.equal(mine.person.email, address(3));
	assert.deepEqual(mine.mails.filter((m) => m.kind === 'call.received').map((m) => m.state), ['bounced']);
	reader.close();
});

test('refused for good is kept and shown, refused for now is tried again', async () => {
	await relay.mood({ refuse: [address(4)], grey: [address(5)] });
	await tell(address(4), 'nobody lives here');
	await tell(address(5), 'come again');
	await until(async () => (await state(address(4)))[0] === 'bounced');
	assert.match((await state(address(4)))[1], /550 5\.1\.1 no such mailbox/);
	await until(async () => (await state(address(5)))[0] === 'retrying');
	await until(async () => (await state(address(5)))[0] === 'sent', true);
	assert.equal(relay.count('refused'), 1, 'not tried again');
	assert.equal(header(relay.messages(address(5))[0].data, 'x-plenum-repeated'), undefined, 'nothing had been taken');
});

test('hangs up in the middle: sent once more; marked only where all of it was on its way already', async () => {
	for (const [n, die] of [[6, 'after rcpt'], [7, 'in data']]) {
		await relay.mood({ die });
		await tell(address(n), `died ${die}`);
		await relay.wait((e) => e.event === 'died' && e.where === die);
		await until(async () => (await state(address(n)))[0] === 'sent', true);
		assert.equal(relay.messages(address(n)).length, 1);
		// A short mail may be gone, whole, before the end of the line is heard of: then nobody here can know.
		const mark = header(relay.messages(address(n))[0].data, 'x-plenum-repeated');
		assert.ok(mark === undefined || (die === 'in data' && mark === 'perhaps'), mark);
	}
});

test('dies after DATA, or stalls: the same Message-ID again, and it says so', async () => {
	for (const [n, mood] of [[8, { die: 'after data' }], [9, { stall: 'data' }]]) {
		await relay.mood(mood);
		await tell(address(n), `repeated ${n}`);
		await relay.message(address(n));
		// The other work goes on meanwhile.
		const client = await connect(t.access, 'attendees 0');
		await client.call('people.get');
		client.close();
		await until(async () => (await state(address(n)))[0] === 'retrying');
		assert.equal(relay.messages(address(n)).length, 1);
		await relay.mood({});
		await until(async () => (await state(address(n)))[0] === 'sent', true);
		const [first, second, more] = relay.messages(address(n)).map(({ data }) => data);
		assert.equal(more, undefined);
		assert.equal(header(second, 'message-id'), header(first, 'message-id'));
		assert.equal(header(first, 'x-plenum-repeated'), undefined);
		assert.equal(header(second, 'x-plenum-repeated'), 'perhaps');
	}
});

test('a worker killed after DATA: the same mail again, marked', async () => {
	await relay.mood({ stall: 'data' });
	await tell(address(10), 'killed');
	await relay.message(address(10));
	const dead = t.instance.workerPids();
	for (const pid of dead) process.kill(pid, 'SIGKILL');
	await relay.mood({});
	await until(() => !t.instance.workerPids().some((pid) => dead.includes(pid)));
	// As when its lease is over.
	await sql(`update outbox set lease = null where recipient = '${address(10)}' and sent is null`);
	await until(async () => (await state(address(10)))[0] === 'sent', true);
	const [first, second] = relay.messages(address(10)).map(({ data }) => data);
	assert.equal(header(second, 'message-id'), header(first, 'message-id'));
	assert.equal(header(second, 'x-plenum-repeated'), 'perhaps');
});

test('codes go first and keep their share of the rate; the relay never has to say that it is too much', async () => {
	await t.instance.stopGateway();
	await sql('delete from mail_pass');
	relay.stop();
	relay = await new Relay().start();
	await relay.mood({ limit: 30 });
	t.instance.writeConfig({ smtp_url: `smtp://127.0.0.1:${relay.port}`, smtp_rate: 30, smtp_reserve: 10 });
	await sql(`insert into outbox (conference, dedupe, recipient, subject, body)
		select '${t.access.conference}', 'notice:many:' || i, 'many' || i || '@example.org', 'All', 'All' from generate_series(1, 60) i`);
	await t.instance.startGateway();
	await until(() => relay.messages().length >= 20);
	await Promise.all(Array.from({ length: 8 }, (_, i) => auth(t.access, 'start', { email: address(11 + i) })));
	for (let i = 0; i < 8; i++) await relay.message(address(11 + i));
	// In the minute from the first: what leaves later is of the next one.
	const minute = relay.messages().filter(({ at }) => at < relay.messages()[0].at + 50);
	assert.ok(minute.filter(({ to }) => to.startsWith('many')).length <= 20, 'codes have their share');
	assert.equal(relay.count('limited'), 0);
	await sql(`delete from outbox where dedupe like 'notice:many:%' and sent is null`);
});

test('a code that has run out stands before nobody', async () => {
	await relay.mood({ relay: '451 4.3.0 not now' });
	await sql('delete from mail_pass');
	await auth(t.access, 'start', { email: address(19) });
	await relay.wait((e) => e.event === 'turned away');
	await sql(`update outbox set created = now() - interval '11 minutes' where recipient = '${address(19)}' and sent is null`);
	// Not while a try from before that is under way.
	await until(async () => (await state(address(19)))[0] === 'bounced', true);
	await relay.mood({});
	await auth(t.access, 'start', { email: address(20) });
	await until(async () => (await state(address(20)))[0] === 'sent', true);
	const [said, why] = await state(address(19));
	assert.equal(said, 'bounced');
	assert.match(why, /run out/);
	assert.equal(relay.messages(address(19)).length, 0);
});
