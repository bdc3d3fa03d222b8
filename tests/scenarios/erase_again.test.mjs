// A backup brings back whom it knew: plenum erase --again erases them once more, by a list outside the database, with a real dump and restore.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { BIN, cluster } from '../support/instance.mjs';

let pg, dir, stop, list, dump;
const run = (file, args, env = {}) => new Promise((resolve) => {
	execFile(file, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }));
});
const plenum = (...args) => run(path.join(BIN, 'plenum'), args, { PLENUM_DSN: pg.dsn('plenum_app'), PLENUM_KEY_DIR: path.join(dir, 'keys'), PLENUM_ERASED_LIST: list });
const good = async (...args) => {
	const reply = await plenum(...args);
	assert.equal(reply.code, 0, `${args.join(' ')}: ${reply.stderr}`);
	return args.includes('--json') ? JSON.parse(reply.stdout) : reply.stdout;
};
const again = async (...more) => {
	const { dry_run, ...counts } = await good('erase', '--again', '--json', ...more);
	return counts;
};
const sql = (text) => pg.sql('plenum_owner', 'plenum', text);
const there = async () => (await sql("select string_agg(p.email, ' ' order by p.email, c.slug) from person p join conference c on c.id = p.conference"))[0][0];
const lines = () => readFileSync(list, 'utf8').split('\n').slice(0, -1);
const join = (slug, email, name, role = 'attendee') => sql(`with p as (insert into person (conference, email, name) select id, '${email}', '${name}' from conference where slug = '${slug}' returning id, conference)
	insert into role_grant (conference, person, role) select conference, id, '${role}' from p`);

// As docs/operations.md has it.
async function restore() {
	await pg.sql('postgres', 'postgres', 'drop database plenum with (force)');
	await pg.sql('postgres', 'postgres', 'create database plenum owner plenum_owner');
	const reply = await run('pg_restore', ['-d', pg.dsn('postgres'), dump]);
	assert.equal(reply.code, 0, reply.stderr);
	await sql(`begin; update channel_event set xid = pg_current_xact_id(); update tally set xid = pg_current_xact_id();
		update restore_counter set value = extract(epoch from now())::int; commit`);
}

before(async () => {
	({ pg, dir, stop } = await cluster());
	list = path.join(dir, 'erased.list');
	dump = path.join(dir, 'before.dump');
	await good('migrate', '--dsn', pg.dsn('plenum_owner'));
	await sql("insert into conference (slug, title, zone, starts, ends) select x, x, 'Europe/Copenhagen', '2031-05-02', '2031-05-04' from unnest('{one,two}'::text[]) x");
	for (const slug of ['one', 'two']) await join(slug, 'zelda@example.org', 'Zelda Quxmarker');
	await join('one', 'otto@example.org', 'Otto Only', 'organiser');
	await sql(`insert into call_late (conference, email, until, reason) select id, x, now(), 'ill' from conference, unnest('{late@example.org,anew@example.org}'::text[]) x where slug = 'one'`);
	const reply = await run('pg_dump', ['-Fc', '-f', dump, pg.dsn('plenum_owner')]);
	assert.equal(reply.code, 0, reply.stderr);
});
after(() => stop?.());

test('nobody is erased whom the list cannot have', async () => {
	const all = await there();
	for (const [args, said] of [[['--email', 'zelda@example.org', '--list', dir], /cannot be written/],
		[['--email', 'otto@example.org'], /erase\.last_organiser/], [['--again'], /cannot read/]]) {
		const reply = await plenum('erase', ...args);
		assert.equal(reply.code, 1, args.join(' '));
		assert.match(reply.stderr, said);
	}
	const reply = await plenum('call', 'person.erase', '{"email":"zelda@example.org"}', '--into', 'one');
	assert.match(reply.stderr, /erase\.unlisted/);
	assert.equal(await there(), all);
	assert.equal((await plenum('erase', '--again', '--email', 'zelda@example.org')).code, 2);
});

test('a line an erasure, which gives nothing away', async () => {
	await join('one', 'olga@example.org', 'Olga Organiser', 'organiser');
	for (const email of ['Zelda@Example.org', 'late@example.org', 'anew@example.org', 'otto@example.org']) await good('erase', '--email', email);
	assert.equal(await there(), 'olga@example.org');
	assert.equal(lines().length, 4);
	for (const line of lines()) assert.match(line, /^\S+Z [0-9a-f-]{36} \* [0-9a-f]{64} (-|[0-9a-f-]{36}(,[0-9a-f-]{36})?) [0-9a-f]{8}$/);
	assert.equal((await sql("select count(*) from audit where detail::text ~ '@|elda'"))[0][0], '0');
	assert.deepEqual(await again(), { erasures: 4, again: 0, people: 0, addresses: 0, refused: [], broken: [] });
	// Somebody new, who has that address.
	await join('one', 'zelda@example.org', 'Zelda Quxmarker');
	assert.equal((await again()).again, 0);
	assert.equal(await there(), 'olga@example.org zelda@example.org');
});

test('an older dump is restored: whoever was erased goes again, once, and who came since stays', async () => {
	await restore();
	assert.equal(await there(), 'otto@example.org zelda@example.org zelda@example.org');
	await join('one', 'anew@example.org', 'Anew Registered');
	// Otto was not the last organiser when he was erased; now he is. The line says so, and keeps none of the others.
	let reply = await plenum('erase', '--again', '--dry-run', '--json');
	assert.equal(reply.code, 1);
	assert.deepEqual(JSON.parse(reply.stdout), { dry_run: true, erasures: 4, again: 2, people: 2, addresses: 1,
		refused: [{ line: 4, fault: 'erase.last_organiser', field: 'one' }], broken: [] });
	assert.equal(await there(), 'anew@example.org otto@example.org zelda@example.org zelda@example.org');
	// Nor does a line that an editor touched, or one that a crash cut off.
	const bad = path.join(dir, 'bad.list');
	const [first, ...others] = lines();
	writeFileSync(bad, `${first}\n${others[1].replace(/.$/, (x) => (x === '0' ? '1' : '0'))}\n${others.join('\n')}\n${first.slice(0, 60)}`);
	reply = await plenum('erase', '--again', '--list', bad);
	assert.equal(reply.code, 1);
	assert.match(reply.stderr, /line 5: erase\.last_organiser[^]*line 2 is broken[^]*line 6 is broken/);
	assert.match(reply.stdout, /4 erasures in the list, 2 of them undone by a backup and done again: 2 people and 1 addresses/);
	assert.equal(await there(), 'anew@example.org otto@example.org');
	assert.deepEqual(await sql('select email from call_late'), [['anew@example.org']]);
	// Another organiser, and again; then there is nothing left to do.
	await join('one', 'olga@example.org', 'Olga Organiser', 'organiser');
	assert.deepEqual(await again(), { erasures: 4, again: 1, people: 1, addresses: 0, refused: [], broken: [] });
	await join('one', 'zelda@example.org', 'Zelda Quxmarker');
	assert.equal((await again()).again, 0);
	assert.equal(await there(), 'anew@example.org olga@example.org zelda@example.org');
	// The cut line keeps to itself: what is written behind it is read.
	await good('erase', '--email', 'nobody@example.org', '--list', bad);
	reply = JSON.parse((await plenum('erase', '--again', '--json', '--list', bad)).stdout);
	assert.deepEqual([reply.erasures, reply.broken], [5, [2, 6]]);
});

test('without a list an erasure is one still, and says what a backup would do; what needs the list is refused', async () => {
	const bare = (...args) => run(path.join(BIN, 'plenum'), args, { PLENUM_DSN: pg.dsn('plenum_app'), PLENUM_KEY_DIR: undefined, PLENUM_ERASED_LIST: undefined });
	const reply = await bare('erase', '--email', 'zelda@example.org');
	assert.equal(reply.code, 0, reply.stderr);
	assert.match(reply.stderr, /kept in no list/);
	assert.equal(await there(), 'anew@example.org olga@example.org');
	for (const args of [['--again'], ['--email', 'anew@example.org', '--list', list]]) {
		const refused = await bare('erase', ...args);
		assert.equal(refused.code, 1, args.join(' '));
		assert.match(refused.stderr, /needs erased_list/);
	}
	assert.equal(await there(), 'anew@example.org olga@example.org');
});
