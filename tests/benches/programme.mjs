// tests: how fast the programme moves: expected times of a day of sixty rooms, and a moved slot on ten thousand sockets after its reply.
import { connect, uuid } from '../support/client.mjs';
import { Child, Clients, compile, cpuOf, machine, median, round, sleep, table } from './support/kit.mjs';
import { demo } from '../support/instance.mjs';

const SOCKETS = Number(process.env.BENCH_SOCKETS ?? 10000);
const MOVES = Number(process.env.BENCH_MOVES ?? 20);
const WALKS = 100;
const ROOMS = 60;
const SLOTS = 17;
const running = [];
const nowUs = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/*
 * A day as it is at ten past ten: five slots of each room have been, late ones, the sixth runs, and what is late is passed on until the
 * anchor in the afternoon. Every third break may shrink.
 */
const DAY = `create temp table day as
	select r, array_agg(row(gen_random_uuid(), s, s + interval '25 minutes', n = 12, case when n % 6 = 3 then 300 end,
		case when n < 6 then s + interval '4 minutes' + r * interval '7 seconds' end,
		case when n < 5 then s + interval '27 minutes' + r * interval '7 seconds' end,
		case when n = 7 then 300 else 0 end, false, false)::expect_item order by s) as items
	from generate_series(1, ${ROOMS}) r, generate_series(0, ${SLOTS - 1}) n,
		lateral (select '2021-05-02T07:00Z'::timestamptz + n * interval '28 minutes' as s) q
	group by r;`;
const ALL = `select count(t.slot) || ' ' || count(*) filter (where t.starts > i.starts) || ' ' || max(t.ends) || ' ' || count(*) filter (where t.assumed or t.unconfirmed)
	|| ' ' || coalesce(sum(t.deficit_s), 0)
	from day d, expect_times(d.items, '2021-05-02T09:40Z') with ordinality t(slot, starts, ends, assumed, unconfirmed, deficit_s, n),
		lateral (select (d.items[n]).starts) i;`.replaceAll(/\s+/g, ' ');
const WALK = `select count(t.slot) || ' ' || max(t.starts) || max(t.ends) || bool_or(t.assumed) || bool_or(t.unconfirmed) || coalesce(max(t.deficit_s), 0)
	from day d, expect_times(d.items, '2021-05-02T09:40Z') t;`.replaceAll(/\s+/g, ' ');

async function walk(instance) {
	const psql = new Child('psql', ['-X', '-q', '-A', '-t', '-d', instance.pg.dsn('plenum_owner')], { env: { ...process.env, PGOPTIONS: '' } });
	running.push(psql);
	psql.tell(DAY.replaceAll(/\s+/g, ' '));
	const pid = Number(await psql.ask('select pg_backend_pid();'));
	const [slots, late] = (await psql.ask(ALL)).split(' ');
	const wall = [];
	const cpu = [];
	for (let i = 0; i < WALKS; i++) {
		const before = cpuOf(pid);
		const began = performance.now();
		await psql.ask(WALK);
		wall.push(performance.now() - began);
		cpu.push((cpuOf(pid) - before) / 1000);
	}
	return { slots: Number(slots), late: Number(late), wall: median(wall), best: Math.min(...wall), cpu: median(cpu) };
}

async function moves(instance, access) {
	const clients = new Clients(compile('wsclient', ['support/ws']), SOCKETS, { port: instance.port, path: '/ws', protocol: 'plenum.v1', guest: '', channel: 'schedule' });
	clients.name = 'plenumd';
	running.push(clients);
	await clients.ready(180000);
	const organiser = await connect(access, 'organiser');
	running.push({ stop: async () => organiser.close() });
	const { slots, sessions } = await organiser.call('schedule.get');
	const session = sessions.find(({ title }) => title === 'Closing');
	const { id: slot, end } = slots.find((each) => each.session === session.id);
	let { version } = slots.find((each) => each.id === slot);
	const p99 = [];
	const p50 = [];
	const replies = [];
	for (let i = 0; i < MOVES; i++) {
		const to = new Date(Date.parse(end) + (i + 1) * 60000).toISOString();
		({ version } = await organiser.write('slot.move', { slot, end: to, expect_version: version }));
		await sleep(300);
		await clients.stats('reset');
		const base = nowUs();
		await clients.stats(`base ${base}`);
		const asked = performance.now();
		await organiser.call('release.publish', { key: uuid(), quiet: true });
		const reply = nowUs() - base;
		replies.push(performance.now() - asked);
		await clients.arrived(SOCKETS * 2);
		await sleep(500);
		const stats = await clients.stats('ages');
		p50.push((stats.p50_us - reply) / 1000);
		p99.push((stats.p99_us - reply) / 1000);
	}
	return { p50: median(p50), p99: median(p99), worst: Math.max(...p99), reply: median(replies) };
}

let expected;
let moved;
try {
	const { instance, access, stop } = await demo({ workers: 2, durable: true, limit: 1800 });
	running.push({ stop });
	expected = await walk(instance);
	moved = await moves(instance, access);
} finally {
	for (const thing of running.reverse()) await thing.stop().catch((error) => console.error(String(error)));
}

console.log(`\n${machine()}\n`);
table([`expected times, ${ROOMS} rooms, ${expected.slots} slots (${expected.late} late), one statement`, 'median ms', 'best ms', 'processor ms'],
	[[`${WALKS} times`, expected.wall.toFixed(1), expected.best.toFixed(1), expected.cpu.toFixed(1)]]);
console.log();
table([`a moved slot on ${SOCKETS} sockets, ms after the reply`, 'p50', 'p99', 'worst p99', 'the reply itself'],
	[[`${MOVES} moves`, moved.p50.toFixed(0), moved.p99.toFixed(0), moved.worst.toFixed(0), moved.reply.toFixed(0)]]);
console.log();
console.log(JSON.stringify({ bench: 'programme', move_p99_ms: round(moved.p99, 1), expect_ms: round(expected.wall, 2), expect_cpu_ms: round(expected.cpu, 2),
	sockets: SOCKETS, slots: expected.slots, move_p50_ms: round(moved.p50, 1), move_worst_p99_ms: round(moved.worst, 1) }));
