// tests: an empty database migrates, migrates again without a change, and every statement in sql/queries prepares on it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import assert from 'node:assert/strict';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const owner = process.env.PLENUM_TEST_OWNER_DSN;
const app = process.env.PLENUM_TEST_DSN;
const migrate = () => execFileSync(path.join(process.env.PLENUM_BIN, 'plenum'), ['migrate', '--dsn', owner], { encoding: 'utf8' });
const dump = () => execFileSync('pg_dump', ['--schema-only', '-d', owner], { encoding: 'utf8', maxBuffer: 1 << 26 }).replace(/^\\(un)?restrict .*$/gm, '');
const psql = (dsn, ...args) => spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', dsn, ...args], { encoding: 'utf8' });

// On the file's first line, so that psql's line numbers are the file's.
const prepared = (name, text) => `prepare "${name}" as ${text.trimEnd().replace(/;$/, '')}\n;\n`;

test('an empty database migrates, and a second time nothing changes', () => {
	migrate();
	const before = dump();
	migrate();
	assert.equal(dump(), before);
});

test('every query prepares', () => {
	const dir = mkdtempSync(path.join(os.tmpdir(), 'plenum-prepare-'));
	const root = path.join(top, 'sql/queries');
	const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
		.flatMap((entry) => readdirSync(path.join(root, entry.name)).map((name) => `${entry.name}/${name}`)).filter((name) => name.endsWith('.sql'));
	assert.ok(names.length > 20, `only ${names.length} queries`);
	for (const name of names) {
		mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
		writeFileSync(path.join(dir, name), prepared(name, readFileSync(path.join(root, name), 'utf8')));
	}
	// One session for all, which goes on behind a mistake: each is told.
	const bad = psql(app, '-v', 'ON_ERROR_STOP=0', ...names.flatMap((name) => ['-f', path.join(dir, name)])).stderr.trim();
	rmSync(dir, { recursive: true });
	assert.equal(bad.replaceAll(`${dir}/`, 'sql/queries/'), '');
});

test('the application may not do more than it must', () => {
	for (const statement of ['create table x (y int)', 'update audit set action = action', 'delete from audit', 'update judgement set verdict = verdict', 'delete from judgement', 'delete from scan', 'update scan set at = at', 'truncate person', "copy person to program 'true'", 'select from pg_authid'])
		assert.match(psql(app, '-c', statement).stderr, /permission denied|must be superuser|denied/, statement);
});
