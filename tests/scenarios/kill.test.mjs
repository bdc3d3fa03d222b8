// scenario: kill -9 of a worker, then of PostgreSQL, while 200 sockets ask and vote: what was acknowledged is there once, nobody misses or repeats an event, writes are back within 10 s.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';

const SOCKETS = 200;
const TALKS = 5;
let t;
let talks;
let clients;
let moderator;
let running = true;
const asked = new Map();
const votes = new Map();
const seqs = new Map();
const approved = [];

before(async () => {
	t = await demo({ durable: true });
	talks = (await t.instance.pg.sql('plenum_owner', 'plenum', `select t.id from talk t join published p on p.session = t.session
		where t.conference = '${t.access.conference}' and not p.cancelled order by lower(p.during), t.ord limit ${TALKS}`)).map(([id]) => id);
	moderator = await connect(t.access, 'moderator', { reconnect: true });
	clients = [];
	for (let i = 0; i < SOCKETS; i++) {
		const client = await connect(t.access, `attendees ${i % 40}`, { reconnect: true });
		client.talk = talks[Math.floor(i / 40) % TALKS];
		client.person = client.hello.person.id;
		await client.subscribe([`talk:${client.talk}`]);
		client.first = client.cursor(`talk:${client.talk}`).position;
		clients.push(client);
	}
});
after(async () => {
	running = false;
	for (const client of [...(clients ?? []), ...(moderator ? [moderator] : [])]) client.close();
	await t.stop();
});

// A socket's life: three questions in its talk (more at once are refused), a vote whenever there is something to vote on.
async function live(client, number) {
	await sleep(Math.random() * 2000);
	for (let i = 0; running; i++) {
		if (i % 12 === 0 && i < 36) {
			const question = uuid();
			const text = `${number}.${i}: is this still here after the crash?`;
			// Too many at once are refused by name, and were never acknowledged.
			const kept = await client.persist('qa.ask', { question, talk: client.talk, text }, { ms: 60000 }).then(() => true, (error) => {
				if (!/limit\.rate/.test(error.message)) throw error;
				return false;
			});
			if (kept) asked.set(question, { text, talk: client.talk, at: Date.now() });
		} else {
			const mine = approved.filter((each) => each.talk === client.talk);
			if (mine.length) {
				const { question } = mine[Math.floor(Math.random() * mine.length)];
				const seq = (seqs.get(client.person) ?? 0) + 1;
				seqs.set(client.person, seq);
				const value = Math.random() < 0.7 ? 1 : 0;
				await client.persist('qa.vote', { question, value, seq }, { ms: 60000 });
				const key = `${question} ${client.person}`;
				if ((votes.get(key)?.seq ?? 0) < seq) votes.set(key, { seq, value, at: Date.now() });
			}
		}
		await sleep(300 + Math.random() * 700);
	}
}

async function moderate() {
	const done = new Set();
	while (running) {
		for (const question of [...asked.keys()].filter((id) => !done.has(id)).slice(0, 20)) {
			done.add(question);
			const { state } = await moderator.persist('qa.approve', { question, expect_version: 1, key: uuid() }, { ms: 60000 });
			assert.equal(state, 'approved');
			approved.push({ question, talk: asked.get(question).talk });
		}
		await sleep(100);
	}
}

const acks = () => asked.size + votes.size;

async function writesWorkAgain(since, what) {
	for (;;) {
		const fresh = [...asked.values(), ...votes.values()].filter(({ at }) => at > since + 50).length;
		if (fresh > 20) break;
		if (Date.now() - since > 60000) assert.fail(`${what}: no writes a minute later`);
		await sleep(50);
	}
	console.log(`${what}: writes work again after ${Date.now() - since} ms`);
}

test('two kills under load', { timeout: 600000 }, async () => {
	const lives = Promise.all([...clients.map(live), moderate()]);
	// Awaited at the end: what ends one before is said there.
	lives.catch(() => {});
	for (const end = Date.now() + 60000; acks() <= 100 && Date.now() < end;) await sleep(100);
	assert.ok(acks() > 100, `only ${acks()} acknowledged before the first kill`);

	const [victim] = t.instance.workerPids();
	process.kill(victim, 'SIGKILL');
	await writesWorkAgain(Date.now(), 'worker killed');
	await sleep(3000);

	const { port } = t.instance.pg;
	t.instance.pg.kill();
	const killed = Date.now();
	await t.instance.pg.start(port);
	console.log(`PostgreSQL itself was back after ${Date.now() - killed} ms`);
	await writesWorkAgain(Date.now(), 'PostgreSQL killed');
	await sleep(4000);

	running = false;
	await lives;
	console.log(`${asked.size} questions, ${votes.size} votes acknowledged; ${approved.length} approved`);

	// Every acknowledged question once, its words unchanged.
	const stored = new Map(await t.instance.pg.sql('plenum_owner', 'plenum', 'select id, text from question'));
	for (const [id, { text }] of asked) assert.equal(stored.get(id), text, `acknowledged question ${id}`);
	assert.equal(stored.size, asked.size, 'nothing that nobody was told of');

	// Every acknowledged vote: the person's last one on that question.
	const rows = new Map((await t.instance.pg.sql('plenum_owner', 'plenum', 'select question, person, value, seq from vote'))
		.map(([question, person, value, seq]) => [`${question} ${person}`, { value: Number(value), seq: Number(seq) }]));
	for (const [key, { value, seq }] of votes) assert.deepEqual(rows.get(key), { value, seq }, `acknowledged vote ${key}`);
	const drift = await t.instance.pg.sql('plenum_owner', 'plenum', `select y.key, y.value, coalesce(sum(v.value), 0) from tally y
		left join vote v on v.question = y.key::uuid where y.key ~ '^[0-9a-f-]{36}$' group by y.key, y.value having y.value <> coalesce(sum(v.value), 0)`);
	assert.deepEqual(drift, [], 'tallies are the votes');

	// Every reader saw every position of its channel, in order, once.
	for (const talk of talks) {
		const channel = `talk:${talk}`;
		const [[head]] = await t.instance.pg.sql('plenum_owner', 'plenum', `select head from channel where name = '${channel}'`);
		for (const client of clients.filter((each) => each.talk === talk)) {
			for (let i = 0; i < 1200 && client.cursor(channel).position < Number(head); i++) await sleep(50);
			assert.equal(client.cursor(channel).position, Number(head), `${channel}: the reader is at the head`);
			const positions = client.events(channel).map(({ position }) => position);
			assert.deepEqual(positions, Array.from({ length: Number(head) - client.first }, (_, i) => client.first + 1 + i), `${channel}: 1…head, once each`);
			assert.deepEqual(client.violations, []);
		}
	}
	const ids = await t.instance.pg.sql('plenum_owner', 'plenum', `select e.data->>'id', count(*) from channel_event e join channel c on c.id = e.channel
		where e.type = 'question.added' and c.name ~ '^talk:[0-9a-f-]+$' group by 1 having count(*) > 1`);
	assert.deepEqual(ids, [], 'each question was published once');
});
