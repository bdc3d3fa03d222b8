// tests: A35: the door's vectors in PostgreSQL: each verdict, reason and window, and each wall time as an instant.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import assert from 'node:assert/strict';

const owner = process.env.PLENUM_TEST_OWNER_DSN;
const vectors = JSON.parse(readFileSync(new URL('../vectors/door.json', import.meta.url), 'utf8'));
// What psql prints is one JSON a line.
function ask(sql) {
	const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', owner], { encoding: 'utf8', input: sql, maxBuffer: 1 << 24 });
	assert.equal(done.stderr, '');
	return done.stdout.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}
const json = (part) => `$json$${JSON.stringify(part)}$json$`;

const CASES = `with c as (select * from json_array_elements($1::json) with ordinality as x(c, ord)
), w as (
	select c.*, array(select (r ->> 'category')::uuid from json_array_elements(c -> 'rules') r) as whose,
		array(select (r ->> 'opens')::timestamptz from json_array_elements(c -> 'rules') r) as f, array(select (r ->> 'closes')::timestamptz from json_array_elements(c -> 'rules') r) as u,
		(c #>> '{list,opens}')::timestamptz as opens, (c #>> '{list,closes}')::timestamptz as closes, (c #>> '{ticket,category}')::uuid as category, (c ->> 'at')::timestamptz as at from c
)
select json_strip_nulls(json_build_object('verdict', d.verdict, 'reason', d.reason, 'window', case when d.verdict = 'refused' and d.reason = 'not_yet' then door_next(opens, closes, whose, f, u, category, at) end))
from w cross join lateral door_reason(c #>> '{ticket,status}', (c #>> '{ticket,inside}')::boolean, c #>> '{ticket,mode}', category, c ->> 'direction', opens, closes, whose, f, u, at,
	make_interval(secs => (c ->> 'uncert_ms')::int / 1000.0)) d order by ord;`;

test('A35_rule_vectors: the server says what the file says', () => {
	assert.ok(vectors.cases.length >= 200);
	assert.equal(new Set(vectors.cases.map(({ name }) => name)).size, vectors.cases.length);
	assert.ok(vectors.cases.some(({ at }) => at.startsWith('2026-03-29')) && vectors.cases.some(({ at }) => at.startsWith('2026-10-25')));
	const said = ask(CASES.replace('$1', json(vectors.cases)));
	// A window without an end is told without one.
	const plain = (expect) => (expect.window ? { ...expect, window: Object.fromEntries(Object.entries(expect.window).filter(([, at]) => at)) } : expect);
	vectors.cases.forEach(({ name, expect }, i) => assert.deepEqual(said[i], plain(expect), name));
});

test('A35_walls: wall times are the instants of that zone and day', () => {
	const said = ask(vectors.walls.map(({ zone, starts, ends, rules }) => `begin;
		with k as (insert into conference (slug, title, zone, starts, ends) values ('walls', 'Walls', '${zone}', '${starts}', '${ends}') returning id),
			l as (insert into checkin_list (conference, name) select id, 'Door' from k returning id, conference),
			g as (insert into category (id, conference, name) select distinct (r ->> 'category')::uuid, l.conference, r ->> 'category' from l, json_array_elements(${json(rules)}) r where r ->> 'category' is not null)
		insert into list_rule (conference, list, category, day, opens, until) select l.conference, l.id, (r ->> 'category')::uuid, (r ->> 'day')::date, (r ->> 'opens')::time, (r ->> 'until')::time from l, json_array_elements(${json(rules)}) r;
		select door_rules(l.id)::jsonb from checkin_list l join conference c on c.id = l.conference where c.slug = 'walls'; rollback;`).join('\n'));
	vectors.walls.forEach(({ name, windows }, i) => assert.deepEqual(said[i], windows, name));
});

test('A22_day_ends: once a date, at the instant that wall time is', () => {
	const said = ask(vectors.day_ends.map(({ zone, day_ends, after }) => `begin;
		with k as (insert into conference (slug, title, zone, starts, ends) values ('ends', 'Ends', '${zone}', '2026-01-01', '2026-12-31') returning id)
		insert into checkin_list (conference, name, day_ends) select id, 'Door', '${day_ends}' from k;
		select to_json(iso(day_end_after(l.id, '${after}'))) from checkin_list l join conference c on c.id = l.conference where c.slug = 'ends'; rollback;`).join('\n'));
	vectors.day_ends.forEach(({ name, expect }, i) => assert.equal(said[i], expect, name));
});
