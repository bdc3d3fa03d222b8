// tests: why the channel log is not a bigserial: under the same writers, with delays and rollbacks, `id > last` loses events and the log's positions lose none.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import test from 'node:test';

const owner = process.env.PLENUM_TEST_OWNER_DSN;
const WRITERS = 8;
const ROUNDS = 150;

function sql(text) {
	const { stdout, stderr, status } = spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', owner, '-c', text], { encoding: 'utf8' });
	assert.equal(status, 0, stderr);
	return stdout.trim();
}

function background(text) {
	return new Promise((resolve, reject) => {
		const child = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', owner, '-c', text], { stdio: ['ignore', 'ignore', 'pipe'] });
		let stderr = '';
		child.stderr.on('data', (chunk) => (stderr += chunk));
		child.on('exit', (code) => (code ? reject(new Error(stderr)) : resolve()));
	});
}

// Every writer: write, dawdle, then commit or (one in ten) roll back.
const writer = (write) => `do $$ begin
	for i in 1..${ROUNDS} loop
		${write}
		perform pg_sleep(random() * 0.004);
		if random() < 0.1 then rollback; else commit; end if;
		perform pg_sleep(random() * 0.004);
	end loop;
end $$`;

// The reader: what is behind the highest number I know? Until the writers are done, and once after.
const reader = (source, seen) => `do $$
declare last bigint := 0; over boolean;
begin
	loop
		over := exists (select from finished);
		insert into ${seen} (n) select n from (${source}) as s(n) where n > last order by n;
		last := coalesce((select max(n) from ${seen}), 0);
		commit;
		exit when over;
		perform pg_sleep(0.002);
	end loop;
end $$`;

test('a naive cursor loses events; the log does not', async () => {
	sql(`create table naive (id bigint generated always as identity primary key);
		create table naive_seen (ord bigint generated always as identity, n bigint);
		create table log_seen (ord bigint generated always as identity, n bigint);
		create table finished (yes boolean);
		insert into conference (slug, title, zone, starts, ends) values ('cursor', 'Cursor', 'UTC', '2021-05-02', '2021-05-02');`);
	const log = 'select e.position from channel_event e join channel c on c.id = e.channel where c.name = $c$talk:1$c$';
	const writers = Array.from({ length: WRITERS }, () => writer(`insert into naive default values;
		perform pg_sleep(random() * 0.002);
		perform channel_append((select id from conference where slug = 'cursor'), array[row('talk:1', 'question.added', '{}')::ev]);`));
	const readers = [background(reader('select id from naive', 'naive_seen')), background(reader(log, 'log_seen'))];
	await Promise.all(writers.map(background));
	sql('insert into finished values (true)');
	await Promise.all(readers);

	const written = Number(sql('select count(*) from naive'));
	const lost = Number(sql('select count(*) from naive where id not in (select n from naive_seen)'));
	console.log(`naive cursor: ${lost} of ${written} committed events lost (${((100 * lost) / written).toFixed(1)} %)`);
	assert.ok(lost > 0, 'the naive cursor lost nothing: this test no longer shows anything');

	assert.equal(Number(sql('select count(*) from log_seen')), written, 'the log gave every event');
	assert.equal(sql('select bool_and(n = ord) from log_seen'), 't', 'in order, dense, once each');
	assert.equal(Number(sql(`select head from channel where name = 'talk:1'`)), written);
});
