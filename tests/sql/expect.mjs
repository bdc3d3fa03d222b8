// tests: what must hold of expected times whatever is planned and whatever is pressed: of the pure function alone, and of a room whose presses go missing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

const owner = process.env.PLENUM_TEST_OWNER_DSN;
const SEEDS = process.env.EXPECT_SEEDS ? Number(process.env.EXPECT_SEEDS) : 3;
const CASES = 400;
const MINUTE = 60;
const DAY = Date.UTC(2021, 4, 2, 7) / 1000;

function sql(text) {
	const { stdout, stderr, status } = spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', owner, '-f', '-'],
		{ encoding: 'utf8', input: text, maxBuffer: 1 << 28 });
	assert.equal(status, 0, stderr);
	return stdout.trim();
}

// mulberry32: the same seed, the same programme.
function seeded(seed) {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return { chance: (p) => next() < p, int: (a, b) => a + Math.floor(next() * (b - a + 1)), pick: (list) => list[Math.floor(next() * list.length)] };
}

// A room's day: slots one after another, some with gaps, anchors, elastic breaks, cancelled ones and ones beside the chain.
function plan(r) {
	const items = [];
	for (let at = DAY, n = r.int(2, 14), i = 0; i < n; i++) {
		at += r.chance(0.3) ? r.int(1, 30) * MINUTE : 0;
		const length = r.pick([5, 10, 15, 20, 30, 40, 60, 90]) * MINUTE;
		const kind = r.int(0, 9);
		items.push({ slot: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, starts: at, ends: at + length, anchor: kind < 2,
			min_s: kind === 2 || kind === 3 ? r.int(0, length / MINUTE) * MINUTE : null, started: null, ended: null,
			added: r.chance(0.15) ? r.int(-Math.floor(length / MINUTE / 2), 40) * MINUTE : 0, loose: kind === 4, cancelled: kind === 5 });
		if (kind !== 4 && kind !== 5) at += length;
	}
	return items;
}

// Some of the presses that people made until `at`: starts and ends in the order of time, many missing, seconds and all.
function press(r, items, at) {
	let t = DAY + r.int(-10, 40) * MINUTE + r.int(0, 59);
	let last = null;
	for (const item of items.filter((x) => !x.loose && !x.cancelled)) {
		if (t > at || r.chance(0.1)) break;
		if (r.chance(0.5)) {
			if (last && last.ended === null) last.ended = t;
			item.started = t;
			last = item;
			t += Math.max(0, item.ends - item.starts + r.int(-20, 40) * MINUTE) + r.int(0, 59);
			if (t <= at && r.chance(0.5)) item.ended = t;
		} else t = Math.max(t, item.ends) + r.int(0, 10) * MINUTE;
	}
}

const key = (a) => a.started ?? a.starts;
const inOrder = (items) => [...items].sort((a, b) => key(a) - key(b) || a.starts - b.starts || (a.slot < b.slot ? -1 : 1));

// All cases in one statement: [{items, at}] → for each its rows, as seconds.
function expectTimes(cases) {
	const text = sql(`with c as (select n, value -> 'items' as items, to_timestamp((value ->> 'at')::float8) as at
			from jsonb_array_elements($json$${JSON.stringify(cases)}$json$) with ordinality as u(value, n))
		select json_agg(x.rows order by n) from c cross join lateral (
			select json_agg(json_build_object('slot', t.slot, 'starts', extract(epoch from t.starts), 'ends', extract(epoch from t.ends),
				'assumed', t.assumed, 'unconfirmed', t.unconfirmed, 'deficit_s', t.deficit_s)) as rows
			from expect_times((
				select array_agg(row(i.slot, to_timestamp(i.starts), to_timestamp(i.ends), i.anchor, i.min_s, to_timestamp(i.started),
						to_timestamp(i.ended), i.added, i.loose, i.cancelled)::expect_item
					order by coalesce(i.started, i.starts), i.starts, i.slot)
				from jsonb_to_recordset(c.items) as i(slot uuid, starts float8, ends float8, anchor boolean, min_s int, started float8,
					ended float8, added int, loose boolean, cancelled boolean)), c.at) t) x`);
	const results = JSON.parse(text);
	return cases.map(({ items, at }, i) => ({ at, rows: inOrder(items).map((item, j) => {
		assert.equal(results[i][j].slot, item.slot, 'they come back in order');
		return { ...item, plan: item, s: results[i][j].starts, e: results[i][j].ends, ...results[i][j], starts: item.starts, ends: item.ends };
	}) }));
}

const bound = (length) => Math.max(10 * MINUTE, Math.min(20 * MINUTE, length / 2));
const chain = (rows) => rows.filter((x) => !x.loose && !x.cancelled);
const times = (rows) => rows.map((x) => [x.slot, x.s, x.e]).sort();

function generate(seed) {
	const r = seeded(seed);
	return Array.from({ length: CASES }, () => {
		const items = plan(r);
		const at = DAY + r.int(-60, 700) * MINUTE + r.int(0, 59);
		press(r, items, at);
		return { items, at };
	});
}

for (let seed = 1; seed <= SEEDS; seed++) {
	const cases = generate(seed);
	const say = (c) => `seed ${seed}: ${JSON.stringify({ at: c.at, rows: c.rows })}`;
	let found;

	test(`seed ${seed}: anchors stay, nothing overlaps, nothing comes before its plan, order is kept`, () => {
		found = expectTimes(cases);
		for (const c of found) {
			const line = chain(c.rows);
			line.forEach((x, i) => {
				if (x.started === null) assert.ok(x.s >= x.starts, `earlier than planned: ${say(c)}`);
				if (x.anchor && x.started === null) assert.equal(x.s, x.starts, `an anchor moved: ${say(c)}`);
				if (x.started !== null) assert.equal(x.s, x.started, `what is actual wins: ${say(c)}`);
				// Shown until the anchor at the latest: that is where it should have ended.
				if (x.ended !== null && x.e !== x.ended) assert.ok(x.e < x.ended && line.slice(i + 1).some((y) => y.anchor && y.s === Math.max(x.e, y.s)), `what is actual wins: ${say(c)}`);
				assert.ok(x.s <= x.e, say(c));
				if (i > 0) assert.ok(line[i - 1].e <= x.s, `overlap: ${say(c)}`);
			});
		}
		assert.ok(found.some((c) => c.rows.some((x) => x.deficit_s > 0)) && found.some((c) => c.rows.some((x) => x.unconfirmed))
			&& found.some((c) => c.rows.some((x) => x.assumed)) && found.some((c) => chain(c.rows).some((x) => x.started === null && x.s > x.starts)),
		'the cases show nothing');
	});

	test(`seed ${seed}: an elastic break keeps its least length and gives up the rest before others are pushed`, () => {
		let shrunk = 0;
		for (const c of found) {
			const line = chain(c.rows);
			line.forEach((x, i) => {
				if (x.started !== null || x.added !== 0) return;
				const least = Math.min(x.min_s ?? x.ends - x.starts, x.ends - x.starts);
				const cut = line.slice(i + 1).some((y) => (y.anchor || y.started !== null) && y.s === x.e);
				if (!cut) assert.equal(x.e, Math.max(x.ends, x.s + least), say(c));
				if (x.e - x.s < x.ends - x.starts && !cut) shrunk++;
			});
		}
		assert.ok(shrunk > 0, 'no break shrank');
	});

	test(`seed ${seed}: an un-ended slot pushes up to its bound, then is unconfirmed and pushes no more`, () => {
		for (const c of found) {
			const line = chain(c.rows);
			line.forEach((x, i) => {
				if (x.started === null || x.ended !== null || line[i + 1]?.started != null) return;
				const least = x.min_s === null ? x.ends - x.starts : Math.min(x.min_s, x.ends - x.starts);
				const planned = x.started + x.ends - x.starts <= x.starts ? x.started + x.ends - x.starts : x.ends;
				const natural = Math.max(x.started, Math.max(planned, x.started + least) + x.added);
				const over = c.at - natural;
				const limit = Math.min(...line.slice(i + 1).filter((y) => y.anchor || y.started !== null).map((y) => y.s), Infinity);
				assert.equal(x.unconfirmed, over >= bound(x.ends - x.starts), say(c));
				assert.ok(x.e <= natural + bound(x.ends - x.starts) + MINUTE, say(c));
				if (x.unconfirmed) assert.equal(x.e, Math.max(x.s, Math.min(natural, limit)), say(c));
				else if (over >= 0 && limit > c.at + MINUTE) assert.ok(x.e > c.at && x.e <= c.at + MINUTE, say(c));
				if (over < bound(x.ends - x.starts) && line[i + 1]) assert.ok(!line[i + 1].assumed, `pushed, not assumed: ${say(c)}`);
			});
		}
	});

	test(`seed ${seed}: assumed is what has waited three minutes, and only that`, () => {
		for (const c of found) for (const x of c.rows) {
			if (x.assumed) assert.ok(x.started === null && (c.at >= x.s + 3 * MINUTE || c.rows.some((y) => y.started !== null && y.started >= x.s)), say(c));
			if (x.cancelled || x.started !== null) assert.ok(!x.assumed, say(c));
		}
	});

	test(`seed ${seed}: nobody pressed anything: all is on plan`, () => {
		const bare = cases.map((c) => ({ at: c.at, items: c.items.map((x) => ({ ...x, started: null, ended: null, added: 0 })) }));
		for (const c of expectTimes(bare)) for (const x of c.rows) assert.deepEqual([x.s, x.e, x.unconfirmed, x.deficit_s], [x.starts, x.ends, false, null], say(c));
	});

	test(`seed ${seed}: a cancelled slot takes no time`, () => {
		const without = expectTimes(cases.map((c) => ({ at: c.at, items: c.items.filter((x) => !x.cancelled) })).map((c) => (c.items.length ? c : { ...c, items: [plan(seeded(1))[0]] })));
		found.forEach((c, i) => {
			if (c.rows.every((x) => x.cancelled)) return;
			assert.deepEqual(times(without[i].rows), times(c.rows.filter((x) => !x.cancelled)), say(c));
		});
	});

	test(`seed ${seed}: what is to come becomes the plan, and computing again changes nothing`, () => {
		const toCome = (c, x) => x.started === null && !x.assumed && !x.cancelled && x.s >= c.at;
		const usable = found.filter((c) => c.rows.every((x) => !toCome(c, x) || x.e > x.s));
		assert.ok(usable.length > CASES / 2);
		const applied = expectTimes(usable.map((c) => ({ at: c.at, items: c.rows.map((x) => (toCome(c, x) ? { ...x.plan, starts: x.s, ends: x.e, added: 0 } : x.plan)) })));
		applied.forEach((c, i) => {
			assert.deepEqual(times(c.rows), times(usable[i].rows), `${say(usable[i])} → ${say(c)}`);
			for (const x of c.rows) if (toCome(c, x)) assert.deepEqual([x.s, x.e], [x.starts, x.ends], `drift is left: ${say(c)}`);
		});
		assert.ok(usable.some((c) => c.rows.some((x) => toCome(c, x) && x.s > x.starts)), 'nothing was applied');
	});

	test(`seed ${seed}: the same question has the same answer`, () => {
		assert.deepEqual(expectTimes(cases), found);
	});
}

// One room in the database: presses by chance, many missing, while the clock goes on; the worker looks now and then.
function room(r, steps) {
	const items = plan(r).filter((x) => !x.loose && !x.cancelled).map((x) => ({ ...x, added: 0 }));
	const ts = (at) => `to_timestamp(${at})`;
	const script = [`begin;
		insert into conference (id, slug, title, zone, starts, ends) values (gen_random_uuid(), 'windows', 'Windows', 'Europe/Copenhagen', '2021-05-02', '2021-05-02');
		insert into room (conference, guid, name) select id, 'r', 'Hall' from conference where slug = 'windows';`];
	items.forEach((x, i) => script.push(`with s as (insert into session (conference, guid, number, title)
				select id, gen_random_uuid(), ${i + 1}, 'Session ${i}' from conference where slug = 'windows' returning *),
			l as (insert into slot (id, conference, session, room, starts, ends) select '${x.slot}', s.conference, s.id, r.id, ${ts(x.starts)}, ${ts(x.ends)}
				from s join room r on r.conference = s.conference returning *)
		insert into published (slot, conference, session, room, during, cancelled, overlap_ok, version, content, anchor, min_s)
		select id, conference, session, room, tstzrange(starts, ends), false, false, 1, '{"title":"x","talks":[]}', ${x.anchor}, ${x.min_s ?? 'null'} from l;`));
	const who = `(select id from conference where slug = 'windows')`;
	for (let at = DAY - 10 * MINUTE, i = 0; i < steps; i++, at += r.int(1, 12) * MINUTE + r.int(0, 59)) {
		script.push(`update conference set clock_offset = ${ts(at)} - now() where slug = 'windows';`);
		const near = items.filter((x) => x.starts < at + 30 * MINUTE && x.ends > at - 60 * MINUTE);
		if (r.chance(0.3) && near.length) {
			const { slot } = r.pick(near);
			script.push(r.pick([`select from slot_start(${who}, null, null, null, '${slot}', null);`, `select from slot_end(${who}, null, null, null, '${slot}', null);`,
				`select from slot_add_time(${who}, null, null, null, '${slot}', ${r.int(-5, 10) * MINUTE});`,
				r.chance(0.2) ? `select from slot_on_time(${who}, null, null, null, (select id from room where conference = ${who}), null);` : '']));
		}
		if (r.chance(0.7)) script.push(`select due_expect(${who}, (select id::text from room where conference = ${who}));`);
		script.push(`select json_agg(json_build_object('at', ${at}, 'slot', p.slot, 'planned', extract(epoch from upper(p.during)), 'open', o.open,
				'running', p.started is not null and p.ended is null, 'shown', extract(epoch from coalesce(x.ends, upper(p.during))),
				's', extract(epoch from coalesce(x.starts, lower(p.during))), 'on', n.now_slot = p.slot, 'ended', extract(epoch from p.ended)) order by coalesce(p.started, lower(p.during)), lower(p.during))
			from published p left join expected x on x.slot = p.slot cross join lateral session_open(p.conference, p.session) o
				left join now_places(p.conference) n on n.room = p.room
			where p.conference = ${who};`);
	}
	script.push('rollback;');
	return sql(script.join('\n')).split('\n').filter((line) => line.startsWith('[')).map((line) => JSON.parse(line));
}

for (let seed = 1; seed <= SEEDS; seed++)
	test(`seed ${seed}: no press that is missing closes a Q&A window`, () => {
		const r = seeded(seed * 7919);
		let closed = 0;
		for (let round = 0; round < 5; round++) {
			const latest = new Map();
			for (const rows of room(r, 60)) {
				rows.forEach((x, i) => {
					latest.set(x.slot, Math.max(latest.get(x.slot) ?? 0, x.shown, x.planned));
					const say = `seed ${seed}, round ${round}: ${JSON.stringify(x)}, shown until ${latest.get(x.slot)}`;
					if (x.at < latest.get(x.slot) + 15 * MINUTE - 2) assert.ok(x.open, say);
					if (x.running || x.on) assert.ok(x.open, say);
					if (!x.open) closed++;
					if (i > 0) assert.ok(rows[i - 1].shown <= x.s, `overlap: ${JSON.stringify(rows)}`);
				});
			}
		}
		assert.ok(closed > 0, 'no window ever closed');
	});
