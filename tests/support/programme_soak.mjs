// tests: everything that changes a programme at the same time, and what must hold during it and after it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { applyPerson, personFrom } from '../../web/store.js';
import { Closed, RpcError, connect, sleep, uuid } from './client.mjs';
import { demo } from './instance.mjs';
import { OpenPage, plan } from './programme.mjs';

// What a client may be told in such a crowd; anything else is a defect.
const EXPECTED = ['conflict', 'slot.state', 'slot.overlap', 'slot.speaker_busy', 'slot.length', 'release.nothing', 'release.superseded', 'release.sent',
	'talk.state', 'notice.state', 'not_found'];
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const later = (instant, minutes) => new Date(Date.parse(instant) + minutes * 60000).toISOString();

export function programmeSoak(seconds) {
	let t;
	let clients;
	let running = true;
	const wrong = [];
	const counts = {};
	const kept = [];
	const notices = [];

	before(async () => {
		t = await demo({ durable: true, limit: seconds + 200 });
		await t.instance.plenum(['conference', 'clock', 'favrholm', '--at', '2021-05-02T09:55:00+02:00']);
		clients = {};
		for (const [name, who] of Object.entries({ one: 'organiser', two: 'organiser', moderator: 'moderator', desk: 'desk', page: 'attendees 0', reader: 'attendees 1', fan: 'attendees 2' }))
			clients[name] = await connect(t.access, who, { reconnect: true });
	});
	after(async () => {
		running = false;
		for (const client of Object.values(clients ?? {})) client.close();
		await t?.stop();
	});

	const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);

	// A keyed write as a page sends it: again under the same key until it is answered. Null: refused.
	async function write(client, method, params) {
		const body = { ...params, key: uuid() };
		try {
			for (const deadline = Date.now() + 30000; ; ) {
				try {
					const bytes = await client.call(method, body, { bytes: true });
					counts[method] = (counts[method] ?? 0) + 1;
					if (kept.length < 400 || Math.random() < 0.1) kept.push({ client, method, body, bytes });
					return JSON.parse(bytes);
				} catch (error) {
					const again = error instanceof Closed || ['busy', 'unknown_outcome', 'limit.rate', 'auth.required'].includes(error.fault);
					if (!again || Date.now() > deadline) throw error;
					await sleep(Math.min(1000, error.data?.retry_after_ms ?? 100) * (0.5 + Math.random()));
				}
			}
		} catch (error) {
			const said = error instanceof RpcError ? error.fault : String(error);
			counts[`${method} ${said}`] = (counts[`${method} ${said}`] ?? 0) + 1;
			if (!EXPECTED.includes(said)) wrong.push(`${method} ${JSON.stringify(body)}: ${error.message} ${JSON.stringify(error.data ?? {})}`);
			return null;
		}
	}

	async function loop(ms, step) {
		while (running) {
			await step();
			await sleep(ms * (0.3 + Math.random()));
		}
	}

	async function organise(client) {
		let draft = await client.persist('draft.get', {});
		let steps = 0;
		const mine = [];
		await loop(60, async () => {
			if (steps++ % 12 === 0) draft = await client.persist('draft.get', {});
			const slot = pick(draft.slots.filter((x) => x.state === 'planned'));
			const other = pick(draft.slots.filter((x) => x.state === 'planned' && x.id !== slot.id));
			const kind = Math.random();
			if (kind < 0.35) {
				const by = pick([-20, -10, -5, 5, 10, 20]);
				const moved = await write(client, 'slot.move', { slot: slot.id, start: later(slot.start, by), end: later(slot.end, by + pick([0, 0, 5])), expect_version: slot.version,
					overlap_ok: Math.random() < 0.5, ...(Math.random() < 0.15 ? { room: pick(draft.rooms).id } : {}), ...(Math.random() < 0.2 ? { anchor: !slot.anchor } : {}) });
				if (moved) slot.version = moved.version;
			} else if (kind < 0.45) await write(client, 'slot.swap', { first: slot.id, second: other.id, expect_first: slot.version, expect_second: other.version });
			else if (kind < 0.52) {
				const start = later(slot.start, pick([-45, 200, 400]));
				await write(client, 'slot.create', { session: slot.session, room: pick(draft.rooms).id, start, end: later(start, 20), overlap_ok: true });
			} else if (kind < 0.58) await write(client, 'slot.cancel', { slot: slot.id, expect_version: slot.version });
			else if (kind < 0.64) {
				const gone = pick(draft.slots.filter((x) => x.state === 'cancelled'));
				if (gone) await write(client, 'slot.restore', { slot: gone.id, expect_version: gone.version });
			} else if (kind < 0.7) {
				const session = pick(draft.sessions);
				const saved = await write(client, 'session.save', { session: session.id, title: `${session.title.replace(/ ·.*/, '')} ·${steps}`, expect_version: session.version });
				if (saved) session.version = saved.version;
			} else if (kind < 0.92) {
				const { changes } = await client.persist('release.preview', {});
				const slots = changes.map((x) => x.slot).sort(() => Math.random() - 0.5).slice(0, pick([1, 2, 3, 8]));
				const made = slots.length && await write(client, 'release.publish', { slots, note: `Part ${steps}`, quiet: Math.random() < 0.3 });
				if (made) mine.push(made.release);
				if (made && made.hold && Math.random() < 0.3) await write(client, 'release.stop', { release: made.release });
			} else if (kind < 0.94) await write(client, 'release.publish', {});
			else if (mine.length) await write(client, 'release.revert', { release: pick(mine.slice(-2)) });
		});
	}

	async function run(client) {
		await loop(50, async () => {
			const doc = await clients.reader.persist('now.get', {});
			const place = pick(doc.rooms);
			const slot = pick([place.now, place.next].filter(Boolean))?.slot;
			const kind = Math.random();
			if (kind < 0.1) await write(client, 'slot.on_time', { room: place.room });
			else if (kind < 0.18) await write(clients.one, 'slot.apply_delay', { room: place.room });
			else if (kind < 0.3) {
				const schedule = await clients.reader.persist('schedule.get', {});
				const talk = pick(schedule.sessions.flatMap((x) => x.talks));
				await write(clients.moderator, pick(['talk.start', 'talk.end']), { talk: talk.id });
			} else if (!slot) return;
			else if (kind < 0.6) await write(client, 'slot.start', { slot });
			else if (kind < 0.75) await write(client, 'slot.end', { slot });
			else await write(client, 'slot.add_time', { slot, seconds: pick([-300, 60, 300, 600, 1200]) });
		});
	}

	async function announce(rooms) {
		await loop(300, async () => {
			const notice = uuid();
			const audience = pick(['all', 'online', 'on_site', 'room', 'role']);
			const made = await write(clients.desk, 'notice.publish', { notice, audience, urgency: 'info', text: { en: `Notice ${notice}` },
				...(audience === 'room' ? { room: pick(rooms) } : {}), ...(audience === 'role' ? { role: 'speaker' } : {}), mail: Math.random() < 0.2 });
			if (made) notices.push({ notice, ...made });
			await Promise.all([write(clients.desk, 'notice.edit', { notice, expect_version: 1, text: { en: 'Other words' } }),
				Math.random() < 0.5 ? write(clients.one, 'notice.withdraw', { notice, expect_version: 1 }) : null]);
		});
	}

	async function stream(rooms) {
		const versions = new Map();
		await loop(150, async () => {
			const room = pick(rooms);
			const id = versions.has(room) ? versions.get(room).stream : uuid();
			const set = await write(clients.two, 'stream.set', { stream: id, room, kind: 'link', url: `https://example.org/${uuid()}`, ...(versions.has(room) ? { expect_version: versions.get(room).version } : {}) });
			if (set) versions.set(room, set);
			await write(clients.moderator, 'stream.hold', { room, hold: Math.random() < 0.5 });
		});
	}

	async function leap() {
		let at = Date.parse('2021-05-02T08:00:00Z');
		await loop(5000, async () => {
			await t.instance.plenum(['conference', 'clock', 'favrholm', '--at', new Date(at).toISOString()]);
			at += pick([12, 25, 40]) * 60000;
		});
	}

	test(`${seconds} s of everything at once`, { timeout: (seconds + 170) * 1000 }, async () => {
		const schedule = await clients.reader.call('schedule.get');
		const rooms = schedule.rooms.map(({ id }) => id);
		const person = `person:${clients.fan.hello.person.id}`;
		await clients.page.subscribe(['schedule', 'now', 'notice:all', ...rooms.map((room) => `room:${room}`)]);
		const { [person]: mine } = await clients.fan.subscribe([person]);
		const page = new OpenPage(clients.page, clients.reader);
		const work = [organise(clients.one), organise(clients.two), run(clients.moderator), run(clients.desk), announce(rooms), stream(rooms), leap(),
			loop(100, () => write(clients.fan, 'star.set', { session: pick(schedule.sessions).id, value: Math.random() < 0.6 })),
			loop(120, () => page.check()),
			loop(12000, async () => {
				await sleep(Math.min(8000, seconds * 300));
				const victim = pick(t.instance.workerPids());
				if (victim) process.kill(victim, 'SIGKILL');
			})];
		const all = Promise.all(work);
		all.catch(() => { running = false; });
		for (const end = Date.now() + seconds * 1000; running && Date.now() < end;) await sleep(100);
		running = false;
		await all;
		console.log(JSON.stringify(counts), `${page.compared} comparisons, ${page.replayed} events replayed, ${page.plans.size} releases seen`);
		assert.deepEqual(page.differences, [], 'an open page knows what a fresh one does');
		assert.deepEqual(wrong, [], 'nothing but named refusals');
		assert.ok(page.compared >= seconds / 4, `only ${page.compared} comparisons`);

		// Each kept write again: the same bytes, and nothing happens.
		const [[events]] = await sql('select count(*) from reply');
		for (const { client, method, body, bytes } of kept) {
			assert.equal(await client.persist(method, body, { bytes: true }), bytes, `${method} repeated`);
			await sleep(20);
		}
		assert.deepEqual(await sql('select count(*) from reply'), [[events]]);

		await page.check();
		for (const [release, known] of page.plans) {
			if (release === 0) continue;
			assert.deepEqual(plan(await clients.one.persist('schedule.get', { release })), known, `release ${release} as it was seen then`);
		}
		await settled(rooms, person, mine);
	});

	// An open page may be a moment behind, and the clock goes on: what it knows in the end.
	async function agree(what, look) {
		for (const end = Date.now() + 45000; ; await sleep(200)) {
			const [told, fresh] = await look();
			if (!isDeepStrictEqual(told, fresh) && Date.now() < end) continue;
			assert.deepEqual(told, fresh, what);
			return;
		}
	}

	// When nothing moves any more: what was pushed is what is asked for, and the tables agree with each other.
	async function settled(rooms, person, mine) {
		await agree('the last now.changed is what now.get says', async () => {
			const { time, ...now } = await clients.reader.persist('now.get', {});
			const { time: then, ...told } = clients.page.events('now').at(-1).data;
			return [told, now];
		});
		for (const room of rooms) {
			const changes = () => clients.page.events(`room:${room}`).filter(({ type }) => type === 'stream.changed');
			if (changes().length === 0) continue;
			await agree('streams as pushed', async () => {
				const fresh = await clients.reader.persist('stream.get', { room });
				return [changes().at(-1).data, { ...fresh, streams: fresh.streams.map((x) => (x.kind === 'link' ? { ...x, url: null } : x)) }];
			});
		}
		const fresh = await connect(t.access, 'attendees 2');
		const known = (state) => ({ stars: [...state.stars].sort(), news: state.news.map(({ id }) => id).sort() });
		await agree('stars and news', async () => {
			let state = personFrom(mine.snapshot);
			for (const { type, data } of clients.fan.events(person)) state = applyPerson(state, type, data);
			const { [person]: reply } = await fresh.subscribe([person]);
			return [known(state), known(personFrom(reply.snapshot))];
		});
		fresh.close();
		for (const client of Object.values(clients)) assert.deepEqual(client.violations, []);

		assert.deepEqual(await sql(`select a.slot, b.slot from published a join published b on a.room = b.room and a.slot < b.slot and a.during && b.during
			where not a.cancelled and not b.cancelled and not a.overlap_ok and not b.overlap_ok`), [], 'no overlap in a room');
		assert.deepEqual(await sql(`select v.slot, v.release from slot_revision v join slot_revision w on w.slot = v.slot and w.release < v.release
			where w.revision >= v.revision or w.at >= v.at`), [], 'revisions only grow');
		assert.deepEqual(await sql(`with shown as (select p.slot, p.room, coalesce(x.starts, lower(p.during)) as starts, coalesce(x.ends, upper(p.during)) as ends, p.overlap_ok
				from published p left join expected x on x.slot = p.slot where not p.cancelled and p.ended is null and upper(p.during) > plenum_now(p.conference))
			select a.slot, a.starts, a.ends, b.slot, b.starts, b.ends from shown a join shown b on a.room = b.room and a.slot < b.slot
			where not a.overlap_ok and not b.overlap_ok and a.starts < b.ends and b.starts < a.ends`), [], 'expected times do not overlap');
		for (const { notice, recipients } of notices) {
			const [[mails, mail, withdrawn]] = await sql(`select (select count(*) from outbox where dedupe like 'notice:${notice}:%'), mail, withdrawn is not null from notice where id = '${notice}'`);
			if (mail === 't' && withdrawn === 'f') assert.equal(Number(mails), recipients, `mail of notice ${notice}`);
		}
		const log = readFileSync(t.instance.pg.log, 'utf8');
		// Deadlocks are tried again; each is said here, for whoever wants to be rid of it. A second write under one key or id is known by its constraint.
		for (const part of log.split('deadlock detected').slice(1)) console.log(`deadlock: ${part.slice(0, 1500)}`);
		// What waits too long is answered as busy, and sent again.
		const legal = /deadlock detected|violates unique constraint|canceling statement due to (lock|statement) timeout/;
		const said = [...log.matchAll(/^.*(?:WARNING|ERROR|PANIC): .*$/gm)].map(([line]) => line).filter((line) => !legal.test(line));
		assert.deepEqual(said, [], 'no statement failed, no job warned');
	}
}
