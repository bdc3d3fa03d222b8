// scenario: what an operator sees: health, readiness, metrics; without its database a worker says so, keeps serving what it knows, and recovers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { BIN, demo } from '../support/instance.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';

let t;

before(async () => {
	t = await demo();
});
after(() => t.stop());

const status = async (path) => {
	const response = await fetch(t.access.base + path);
	await response.arrayBuffer();
	return response.status;
};

// On a connection of its own, which any worker may get.
const afresh = (url) => new Promise((resolve, reject) => {
	http.get(url, { agent: false }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', reject);
});

async function until(path, wanted, ms) {
	const begun = Date.now();
	while ((await status(path)) !== wanted) {
		if (Date.now() - begun > ms) assert.fail(`${path} is not ${wanted} after ${ms} ms`);
		await sleep(100);
	}
	return Date.now() - begun;
}

test('health, readiness, metrics of every worker', async () => {
	assert.equal(await status('/healthz'), 200);
	assert.equal(await status('/readyz'), 200);
	const text = await (await fetch(`${t.access.base}/metrics`)).text();
	assert.match(text, /^# TYPE plenum_\w+ (counter|gauge|histogram)$/m);
	for (const line of text.trim().split('\n')) assert.match(line, /^(#.*|[a-z_]+(\{[^}]*\})? -?[0-9.eE+]+|[a-z_]+(\{[^}]*\})? (NaN|\+Inf))$/);
	assert.match(text, /worker="0"/);
	assert.match(text, /worker="1"/);
});

test('a wrong setting is said and ends it, and nothing is left behind that a sanitizer would name', () => {
	const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PLENUM_')));
	const needed = ['--dsn', 'postgresql:///nowhere', '--key_dir', t.instance.dir];
	for (const [program, args, status, why] of [['plenumd', [...needed, '--workers', '0'], 2, /workers is a number/], ['plenumd', ['--listen', '127.0.0.1:1'], 2, /dsn and key_dir/],
		['plenumd', ['--base_url', 'http://x', '--no_such', 'x'], 2, /usage/], ['plenumd', [...needed, '--smtp_tls', 'perhaps'], 1, /smtp_tls is required or off/],
		['plenum', ['methods', '--dsn', 'postgresql:///nowhere', '--config', '/nowhere/plenum.conf'], 2, /cannot read/]]) {
		const ended = spawnSync(path.join(BIN, program), args, { env, encoding: 'utf8' });
		assert.match(ended.stderr, why);
		assert.doesNotMatch(ended.stderr, /Sanitizer/);
		assert.equal(ended.status, status);
	}
	const file = path.join(t.instance.dir, 'wrong.conf');
	writeFileSync(file, 'dsn = postgresql:///nowhere\nworkers = many\n');
	const ended = spawnSync(path.join(BIN, 'plenum'), ['methods', '--config', file], { env, encoding: 'utf8' });
	assert.match(ended.stderr, /workers is a number/);
	assert.doesNotMatch(ended.stderr, /Sanitizer/);
	assert.equal(ended.status, 2);
});

test('without the database: alive, not ready, the programme is still served; then ready again', async () => {
	const client = await connect(t.access, 'attendees 0', { reconnect: true });
	const before = await fetch(t.access.feeds.public);
	await before.arrayBuffer();
	// Whichever worker is asked without a database has been asked before.
	for (let i = 0; i < 24; i++) assert.equal(await afresh(t.access.feeds.public), 200);
	const { port } = t.instance.pg;
	await t.instance.pg.stop();
	await until('/readyz', 503, 60000);
	assert.equal(await status('/healthz'), 200);
	const feed = await fetch(t.access.feeds.public);
	assert.equal(feed.status, 200);
	assert.equal(feed.headers.get('etag'), before.headers.get('etag'));
	await feed.arrayBuffer();
	await assert.rejects(client.call('qa.ask', { question: uuid(), talk: t.access.talk, text: 'Anybody there?' }), (error) => ['busy', 'unknown_outcome'].includes(error.fault));
	await t.instance.pg.start(port);
	await until('/readyz', 200, 60000);
	await client.persist('qa.ask', { question: uuid(), talk: t.access.talk, text: 'There again?' });
	client.close();
});

test('the log has no secrets', () => {
	const log = readFileSync(t.instance.logFile, 'utf8');
	for (const secret of [...t.access.tokens.attendees, t.access.tokens.organiser, ...t.access.codes, ...Object.values(t.instance.pg.passwords)])
		assert.ok(!log.includes(secret), 'a secret stands in the log');
	assert.ok(!log.includes('Anybody there?'), 'what people wrote stands in the log');
});
