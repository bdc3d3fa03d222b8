// tests: the calendar as served: read by three other programs, its validators, and what it answers to what calendar clients try.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const base = process.env.PLENUM_BASE;
const congress = path.resolve(here, '../../../shared/data/38c3-schedule.xml');
let folder;

before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'plenum-calendar-'));
});
after(() => rm(folder, { recursive: true }));

async function compare(under) {
	const files = [];
	for (const name of ['schedule.ics', 'schedule.json']) {
		const answer = await fetch(`${base}${under}/${name}`);
		assert.equal(answer.status, 200);
		files.push(path.join(folder, name));
		await writeFile(files.at(-1), Buffer.from(await answer.arrayBuffer()));
	}
	if (existsSync('/usr/lib/python3/dist-packages/icalendar')) {
		const { stdout } = await run('/usr/bin/python3', [path.join(here, 'clients.py'), ...files]);
		process.stdout.write(stdout);
	} else console.log('skipped: python3-icalendar and khal are not installed');
	if (existsSync(path.join(here, 'node_modules/ical.js'))) {
		const { stdout } = await run(process.execPath, [path.join(here, 'clients.mjs'), ...files]);
		process.stdout.write(stdout);
	} else console.log('skipped: ical.js is not installed; run npm ci in tests/calendar');
}

test('three clients read every instant of the sample programme', () => compare(''));

test('three clients read every instant of a congress', { skip: !existsSync(congress) && 'the file is not here' }, async () => {
	await run(path.join(process.env.PLENUM_BIN, 'plenum'),
		['import', 'schedule', congress, '--into', 'congress', '--dsn', process.env.PLENUM_TEST_DSN]);
	await compare('/e/congress');
});

test('validators', async () => {
	const first = await fetch(`${base}/schedule.ics`);
	const body = await first.text();
	const etag = first.headers.get('etag');
	assert.match(first.headers.get('content-type'), /^text\/calendar; *charset=utf-8$/i);
	assert.match(etag, /^"[0-9a-f]+"$/);
	assert.ok(body.startsWith('BEGIN:VCALENDAR\r\n') && body.endsWith('END:VCALENDAR\r\n'));
	assert.equal(await (await fetch(`${base}/schedule.ics`)).text(), body);
	const same = await fetch(`${base}/schedule.ics`, { headers: { 'if-none-match': etag } });
	assert.equal(same.status, 304);
	assert.equal(same.headers.get('etag'), etag);
	const head = await fetch(`${base}/schedule.ics`, { method: 'HEAD' });
	assert.equal(head.headers.get('etag'), etag);
	assert.equal(Number(head.headers.get('content-length')), Buffer.byteLength(body));
});

test('any Accept is served; writing methods are refused', async () => {
	const json = await fetch(`${base}/schedule.ics`, { headers: { accept: 'application/json' } });
	assert.equal(json.status, 200);
	for (const method of ['PUT', 'DELETE', 'PROPFIND']) {
		const answer = await fetch(`${base}/schedule.ics`, { method, headers: { 'if-match': '"x"' } }).catch(() => null);
		// libwebsockets itself answers 403 to methods it has no name for. Never 409 or 412: Thunderbird would take the place for writable.
		assert.ok(answer === null || [403, 405, 501].includes(answer.status), `${method}: ${answer?.status}`);
	}
});
