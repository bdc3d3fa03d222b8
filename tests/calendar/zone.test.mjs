// tests: the frozen time zone against the zone's own data, and what happens on a machine that has none (B07, B34).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { ask, feed, folder, here } from './kit.mjs';

test('B07 the frozen zone is Europe/Copenhagen in every hour of 1997 to 2037', async () => {
	const { url } = await feed({ time: 'venue' });
	const file = path.join(folder, 'zone.ics');
	writeFileSync(file, (await ask(url)).body);
	const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [path.join(here, 'zone.py'), file], { encoding: 'utf8' });
	assert.equal(status, 0, stderr);
	assert.match(stdout, /^359400 hours, 0 differ$/m);
});

test('B34 without zone data plenumd says so and does not start', () => {
	const settings = path.join(folder, 'plenum.conf');
	writeFileSync(settings, `dsn = ${process.env.PLENUM_TEST_DSN}\nlisten = 127.0.0.1:1\nbase_url = http://127.0.0.1:1\nkey_dir = ${path.join(path.dirname(process.env.PLENUM_ACCESS), 'keys')}\n`, { mode: 0o600 });
	const { status, stdout, stderr } = spawnSync(path.join(process.env.PLENUM_BIN, 'plenumd'), ['--config', settings, '--workers', '1'], { encoding: 'utf8', timeout: 60000, env: { ...process.env, TZDIR: '/nonexistent' } });
	assert.equal(status, 1);
	assert.match(stdout + stderr, /no time zone data for Europe\/Copenhagen \(is the package tzdata installed\?\)/);
});
