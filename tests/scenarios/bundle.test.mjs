// The static bundle: written after each release, whole or not at all, and nothing in it runs. Frab files are what their schemas say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { TOP, sleep } from '../../deploy/lib/instance.mjs';
import { post, uuid } from '../support/client.mjs';
import { BIN, demo } from '../support/instance.mjs';

const run = promisify(execFile);
const hostile = '</title><script>alert(1)</script>"\' & <img src=x onerror=alert(1)>';
let t;
let dir;
let current;

before(async () => {
	t = await demo({ workers: 2, gateway: false });
	dir = mkdtempSync(path.join(os.tmpdir(), 'plenum-bundle-'));
	current = path.join(dir, 'favrholm', 'current');
	t.instance.writeConfig({ bundle_dir: dir });
	await t.instance.startGateway();
});
after(async () => {
	await t?.stop();
	if (dir) rmSync(dir, { recursive: true, force: true });
});

const read = (name) => readFileSync(path.join(current, name), 'utf8');
async function until(what, holds) {
	for (const deadline = Date.now() + 60000; !holds(); await sleep(50)) if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
}
const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
async function write(method, params) {
	const { body } = await post(t.access, method, { key: uuid(), ...params }, { token: t.access.tokens.organiser });
	assert.ok(body.result, JSON.stringify(body));
	return body.result;
}

test('a gateway that starts writes one', async () => {
	await until('the first bundle', () => existsSync(path.join(current, 'schedule.ics')));
	for (const name of ['index.html', 'streams.json', 'schedule.json', 'schedule.xml', 'schedule.ics']) assert.ok(read(name).length > 10, name);
	const page = read('index.html');
	assert.match(page, /<html lang="en">/);
	assert.match(page, /Sunday 2 May 2021/);
	assert.match(page, /Version \d+, as of <time>2021-05-0/);
	assert.match(read('schedule.ics'), /^BEGIN:VCALENDAR/);
	assert.ok(JSON.parse(read('schedule.json')).schedule.version);
	assert.doesNotMatch(page, /<script|https?:\/\/127/);
});

test('a release is followed by another, titles are text, and only streams for everybody are named', async () => {
	const before = readlinkSync(current);
	await sql(`update session set title = $t$${hostile}$t$, abstract = $t$${hostile}$t$
		where id = (select session from slot where not cancelled order by starts limit 1)`);
	await sql(`create or replace function room_streams(in_conference uuid, in_room uuid) returns json language sql stable as $f$
		select json_build_object('room', in_room, 'streams', json_build_array(
			json_build_object('kind', 'hls', 'url', 'https://cdn.example.org/a"><b>/live.m3u8', 'label', 'x'),
			json_build_object('kind', 'hls', 'url', 'https://cdn.example.org/live.m3u8', 'label', '<b>Main</b>', 'language', 'en'),
			json_build_object('kind', 'embed', 'url', 'javascript:alert(1)'),
			json_build_object('kind', 'link', 'url', 'https://meet.example.org/secret')))
		$f$`);
	const { release } = await write('release.publish', { note: 'Bundle' });
	await until('a bundle of the new release', () => readlinkSync(current) !== before && read('index.html').includes(`Version ${release},`));
	const page = read('index.html');
	assert.ok(page.includes('&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; &amp; &lt;img src=x onerror=alert(1)&gt;'));
	assert.doesNotMatch(page, /<script|<img|<b>/);
	assert.ok(page.includes('href="https://cdn.example.org/live.m3u8">&lt;b&gt;Main&lt;/b&gt;</a> (en)'));
	assert.doesNotMatch(page + read('streams.json'), /secret|javascript:/);
	assert.equal(JSON.parse(read('streams.json')).release, release);
	assert.doesNotMatch(page, /href="[^"]*>/);
});

test('old ones go, and a reader never meets a half', async () => {
	for (let i = 0; i < 4; i++) {
		const was = readlinkSync(current);
		await sql(`update due set at = now() where kind = 'bundle'`);
		await until('the next bundle', () => {
			assert.match(read('index.html'), /<\/html>\n$/);
			JSON.parse(read('schedule.json'));
			return readlinkSync(current) !== was;
		});
	}
	await until('three are left', () => readdirSync(path.join(dir, 'favrholm')).filter((name) => name.endsWith('Z')).length === 3);
});

test('a full disk leaves the one before in place', async () => {
	const out = path.join(dir, 'small');
	const env = { ...process.env, PLENUM_CONFIG: t.instance.configFile };
	const plenum = path.join(BIN, 'plenum');
	await run(plenum, ['export', 'bundle', '--out', out], { env });
	const was = readlinkSync(path.join(out, 'current'));
	// Files may have 8 KiB: what a full disk does to a write, without a disk to fill.
	await assert.rejects(run('bash', ['-c', `trap '' XFSZ; ulimit -f 8; exec "$0" export bundle --out "$1"`, plenum, out], { env }),
		(error) => error.code === 1 && /File too large; what was there before stays/.test(error.stderr));
	assert.equal(readlinkSync(path.join(out, 'current')), was);
	assert.deepEqual(readdirSync(out).sort(), [was, 'current'].sort(), 'nothing half-written is left');
	assert.match(readFileSync(path.join(out, 'current', 'index.html'), 'utf8'), /<\/html>\n$/);
});

test('a folder that cannot be written is said, and tried again', async () => {
	const file = path.join(dir, 'file');
	writeFileSync(file, '');
	await assert.rejects(run(path.join(BIN, 'plenum'), ['export', 'bundle', '--out', path.join(file, 'x')], { env: { ...process.env, PLENUM_CONFIG: t.instance.configFile } }),
		(error) => error.code === 1 && /Not a directory/.test(error.stderr));
});

const data = path.join(TOP, '../shared/data');
const schemas = existsSync(path.join(data, 'schedule.schema.json')) ? data : '/work/shared/data';
test('the frab files are valid', { skip: !existsSync(path.join(schemas, 'schedule.schema.json')) && 'the schemas are not here' }, async () => {
	// A session held twice is in them as well.
	await sql(`insert into slot (conference, session, room, starts, ends)
		select conference, session, room, starts + interval '10 hours', ends + interval '10 hours' from slot where not cancelled order by starts limit 1`);
	const { release } = await write('release.publish', {});
	await until('the bundle', () => read('index.html').includes(`Version ${release},`));
	const json = JSON.parse(read('schedule.json'));
	assert.equal(Object.values(json.schedule.plenum.events).filter(({ slot }) => slot).length, 2);
	await run('xmllint', ['--noout', '--schema', path.join(schemas, 'schedule.xml.xsd'), path.join(current, 'schedule.xml')]);
	await run('python3', ['-c', `import json,sys,jsonschema
jsonschema.Draft6Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))`, path.join(schemas, 'schedule.schema.json'), path.join(current, 'schedule.json')]);
});
