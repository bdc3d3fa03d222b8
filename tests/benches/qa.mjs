// tests: votes: ten thousand sockets in one talk vote once within five seconds while some are cut off and moderators work; and how many durable votes a second one worker's connections take.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Child, at, compile, cpuOf, load, machine, median, round, sleep, sorted, table } from './support/kit.mjs';
import { databaseCpu, dispatcherOf, goAhead, pgbench } from './support/database.mjs';
import { Moderator, listen, openQuestion } from './support/hall.mjs';
import { demo } from '../support/instance.mjs';
import { people } from '../support/people.mjs';
import { uuid } from '../support/client.mjs';

const SOCKETS = Number(process.env.BENCH_SOCKETS ?? 10000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const FULL = Number(process.env.BENCH_ROWS ?? 1000000);
const PARTS = (process.env.BENCH_PARTS ?? 'sockets dispatcher').split(' ');
const VOTE_MS = 5000;
const CUT_PERCENT = 20;
const dir = mkdtempSync(path.join(os.tmpdir(), 'plenum-bench-'));
const running = [];

class Hall extends Child {
	async stats(command = 'stats') {
		return JSON.parse(await this.ask(command));
	}

	async until(what, reached, ms = 180000) {
		for (const deadline = Date.now() + ms; ; await sleep(100)) {
			const stats = await this.stats();
			if (process.env.BENCH_VERBOSE) console.error(JSON.stringify({ ...stats, at: Date.now() % 1000000, client: Math.round(cpuOf(this.pid) / 1000), more: this.more?.() }));
			if (reached(stats)) return stats;
			if (Date.now() > deadline) throw new Error(`${what}: not after ${ms} ms: ${JSON.stringify(stats)}`);
		}
	}

	// [{sent, acked, cut, tally}], by socket.
	async acks() {
		const file = path.join(dir, 'acks');
		await this.stats(`acks ${file}`);
		return readFileSync(file, 'utf8').trim().split('\n').map((line) => {
			const [, sent, acked, cut, tally] = line.split(' ').map(Number);
			return { sent, acked, cut: cut === 1, tally };
		});
	}
}

// From a vote's sending to the first tick that has it: the j-th acknowledged is in the first tick that says j or more. Of sockets that stayed: the others wait for themselves.
function stageDelays(acks, told) {
	const delays = [];
	let i = 0;
	acks.filter(({ acked }) => acked > 0).sort((a, b) => a.acked - b.acked).forEach(({ sent, cut }, j) => {
		while (i < told.length && told[i].value < j + 1) i++;
		if (i < told.length && !cut) delays.push(Math.max(0, told[i].at - sent) / 1000);
	});
	return sorted(delays);
}

// What the tables say against what the sockets were told.
async function judge(instance, question, voters, acks) {
	const rows = new Map(await instance.pg.sql('plenum_owner', 'plenum', `select person, value from vote where question = '${question}'`));
	const [[tally]] = await instance.pg.sql('plenum_owner', 'plenum', `select value from tally where key = '${question}'`);
	const told = new Set(voters.filter((_, i) => acks[i].acked > 0).map(({ person }) => person));
	const lost = [...told].filter((person) => rows.get(person) !== '1').length;
	const unasked = [...rows.keys()].filter((person) => !told.has(person)).length;
	return { rows: rows.size, tally: Number(tally), lost, double: Math.abs(Number(tally) - rows.size) + unasked };
}

async function oneHall(instance, access, client, voters) {
	const [asker] = await people(instance, access, 1);
	const question = await openQuestion(access, asker.token, `What do you all think of ${uuid()}?`);
	const staff = await people(instance, access, 3, 'moderator');
	const others = await people(instance, access, 60);
	const hall = new Hall(client, ['--port', instance.port, '--tokens', path.join(dir, 'tokens'), '--channel', `talk:${access.talk}`, '--question', question].map(String));
	running.push(hall);
	await hall.until('all subscribed', ({ ready }) => ready === SOCKETS);
	const stage = await listen(access, question);
	const moderators = [];
	for (const [i, { token }] of staff.entries())
		moderators.push(await new Moderator(access, token, others.slice(i * 20, i * 20 + 20).map((each) => each.token)).start(1500));
	goAhead(instance);
	await sleep(2000);
	const before = { load: load(), workers: instance.workerPids().map(cpuOf), database: databaseCpu(instance), client: cpuOf(hall.pid), node: process.cpuUsage(), modTicks: moderators.map((each) => each.ticks()) };
	hall.more = () => [...instance.workerPids().map((pid) => Math.round(cpuOf(pid) / 1000)), Math.round(before.database() / 1000)];
	await hall.stats('reset');
	const began = Date.now();
	await hall.stats(`vote ${VOTE_MS} ${CUT_PERCENT}`);
	const done = await hall.until('all acknowledged', ({ acked, ready }) => acked === SOCKETS && ready === SOCKETS);
	const took = Date.now() - began;
	let acks;
	for (const deadline = Date.now() + 30000; ; await sleep(200)) {
		acks = await hall.acks();
		if (acks.every(({ tally }) => tally === SOCKETS) || Date.now() > deadline) break;
	}
	const { ticks } = await hall.stats();
	const cpu = { workers: instance.workerPids().map(cpuOf).map((us, i) => us - before.workers[i]), database: before.database(), client: cpuOf(hall.pid) - before.client };
	const node = process.cpuUsage(before.node);
	const modTicks = moderators.reduce((sum, each, i) => sum + each.ticks() - before.modTicks[i], 0);
	for (const each of moderators) await each.stop();
	stage.client.close();
	await hall.stop();
	const kept = sorted(acks.filter(({ cut }) => !cut).map(({ sent, acked }) => (acked - sent) / 1000));
	const back = sorted(acks.filter(({ cut }) => cut).map(({ sent, acked }) => (acked - sent) / 1000));
	const delays = stageDelays(acks, stage.told);
	const replies = sorted(moderators.flatMap((each) => each.replies));
	return { ...(await judge(instance, question, voters, acks)), ...done, ticks: ticks + modTicks + stage.told.length, took, load: before.load,
		ack50: at(kept, 0.5), ack99: at(kept, 0.99), back99: at(back, 0.99), stage50: at(delays, 0.5), stage99: at(delays, 0.99), converged: acks.filter(({ tally }) => tally === SOCKETS).length,
		stageTicks: stage.told.length, mod99: at(replies, 0.99), commands: replies.length, workers: cpu.workers.map((us) => us / 1000), database: cpu.database / 1000,
		client: cpu.client / 1000, node: (node.user + node.system) / 1000 };
}

async function sockets(instance, access) {
	const client = compile('qaclient', ['support/ws']);
	const voters = await people(instance, access, SOCKETS);
	writeFileSync(path.join(dir, 'tokens'), voters.map(({ token }) => `${token}\n`).join(''));
	const runs = [];
	for (let i = 0; i < ROUNDS; i++) runs.push(await oneHall(instance, access, client, voters));
	console.log(`\n${SOCKETS} sockets in one talk, two workers, each one vote within ${VOTE_MS / 1000} s, ${CUT_PERCENT} % cut off, 3 moderators; ${machine()}\n`);
	const row = (name, of, digits = 0) => [name, ...runs.map((run) => of(run).toFixed(digits)), median(runs.map(of)).toFixed(digits)];
	table(['', ...runs.map((_, i) => `run ${i + 1}`), 'median'], [
		row('load (1 min) before', (r) => r.load, 1), row('all acknowledged after, s', (r) => r.took / 1000, 1), row('votes lost', (r) => r.lost), row('votes double', (r) => r.double),
		row('rows', (r) => r.rows), row('tally', (r) => r.tally), row('sockets cut', (r) => r.cuts), row('votes sent again', (r) => r.repeats), row('told to wait', (r) => r.refused),
		row('gaps, faults', (r) => r.faults), row('closed by the server', (r) => r.closed), row('acknowledged p50, ms', (r) => r.ack50), row('acknowledged p99, ms', (r) => r.ack99),
		row('cut off: acknowledged p99, ms', (r) => r.back99), row('vote to stage p50, ms', (r) => r.stage50), row('vote to stage p99, ms', (r) => r.stage99),
		row('ticks at the stage', (r) => r.stageTicks), row('tally frames, all', (r) => r.ticks), row('sockets that know the end', (r) => r.converged),
		row('moderators\' commands', (r) => r.commands), row('… p99, ms', (r) => r.mod99), row('processor: worker 1, ms', (r) => r.workers[0]),
		row('processor: worker 2, ms', (r) => r.workers[1]), row('processor: PostgreSQL, ms', (r) => r.database),
		row('processor: the sockets\' client, ms', (r) => r.client), row('processor: moderators, stage and this script, ms', (r) => r.node)]);
	return runs;
}

// The same votes one row a transaction, by pgbench: the upsert and the sum in one statement, prepared.
async function oneRow(instance, channel, question, clients) {
	const file = path.join(dir, 'vote.sql');
	writeFileSync(file, `with v as (insert into vote as v (question, person, value, seq) values ('${question}', gen_random_uuid(), 1, 1)
		on conflict on constraint vote_once do update set previous = v.value, value = excluded.value, seq = excluded.seq where excluded.seq > v.seq returning value - previous as d)
		update tally set value = value + (select d from v), xid = pg_current_xact_id() where channel = ${channel} and key = '${question}';\n`);
	return pgbench(instance, file, clients, Math.max(10, SECONDS));
}

async function dispatcher(instance, access) {
	await instance.stopGateway();
	const sql = (text) => instance.pg.sql('plenum_owner', 'plenum', text);
	const votes = dispatcherOf(instance, access);
	running.push(votes);
	const [asker] = await sql(`select id from person where conference = '${access.conference}' limit 1`);
	const question = async (rows) => {
		const id = uuid();
		await sql(`insert into question (id, conference, talk, person, text, state, asked_at, first_visible_at) values ('${id}', '${access.conference}', '${access.talk}',
			'${asker[0]}', 'Question ${id}', 'approved', plenum_now('${access.conference}'), plenum_now('${access.conference}'))`);
		if (rows > 0) await sql(`insert into vote (question, person, value, seq) select '${id}', gen_random_uuid(), 1, 1 from generate_series(1, ${rows})`);
		await sql(`insert into tally (channel, key, value, xid) select id, '${id}', ${rows}, pg_current_xact_id() from channel where conference = '${access.conference}' and name = 'talk:${access.talk}'`);
		return id;
	};
	await sql(`insert into channel (conference, name) values ('${access.conference}', 'talk:${access.talk}') on conflict do nothing`);
	const [[channel]] = await sql(`select id from channel where conference = '${access.conference}' and name = 'talk:${access.talk}'`);
	const full = await question(FULL);
	await sql('vacuum analyze vote');
	const ours = async (id) => {
		goAhead(instance);
		const cpu = databaseCpu(instance);
		const run = JSON.parse(await votes.ask(`vote ${id} ${SECONDS}`));
		if (run.faults > 0) throw new Error(`${run.faults} votes were refused`);
		if (process.env.BENCH_VERBOSE) console.error(JSON.stringify(run));
		return { perSecond: run.acked / run.seconds, worker: run.cpu_us / run.acked, database: cpu() / run.acked, batch: run.a_batch };
	};
	await ours(await question(0));
	const runs = [];
	for (let i = 0; i < ROUNDS; i++) {
		const fresh = await question(0);
		const run = { load: load(), fresh: await ours(fresh), full: await ours(full), one: await oneRow(instance, channel, await question(0), 1), fifty: await oneRow(instance, channel, await question(0), 50) };
		const [[rows, sum]] = await sql(`select count(*), (select value from tally where key = '${fresh}') from vote where question = '${fresh}'`);
		if (rows !== sum) throw new Error(`${rows} rows, tally ${sum}`);
		runs.push(run);
	}
	console.log(`\nDurable votes a second, each by somebody new, one worker's connections; each round in turn, ${SECONDS} s each\n`);
	const row = (name, of, digits = 0) => [name, ...runs.map((run) => of(run).toFixed(digits)), median(runs.map(of)).toFixed(digits)];
	table(['', ...runs.map((_, i) => `round ${i + 1}`), 'median'], [
		row('load (1 min) before', (r) => r.load, 1), row('dispatcher, a new question', (r) => r.fresh.perSecond), row(`… with ${FULL} rows`, (r) => r.full.perSecond),
		row('… of that of a new one', (r) => r.full.perSecond / r.fresh.perSecond, 2), row('votes a statement', (r) => r.fresh.batch, 1),
		row('worker, processor µs a vote', (r) => r.fresh.worker, 1), row('PostgreSQL, processor µs a vote', (r) => r.fresh.database, 1), row(`… with ${FULL} rows`, (r) => r.full.database, 1),
		row('one row a transaction, 1 connection', (r) => r.one), row('one row a transaction, 50 connections', (r) => r.fifty)]);
	return runs;
}

let halls = [];
let rates = [];
try {
	const { instance, access, stop } = await demo({ workers: 2, durable: true, limit: 3000 });
	running.push({ stop });
	if (PARTS.includes('sockets')) halls = await sockets(instance, access);
	if (PARTS.includes('dispatcher')) rates = await dispatcher(instance, access);
} finally {
	for (const thing of running.reverse()) await thing.stop().catch((error) => console.error(String(error)));
	rmSync(dir, { recursive: true, force: true });
}

const mid = (list, of, digits = 1) => (list.length > 0 ? round(median(list.map(of)), digits) : null);
const sum = (of) => halls.reduce((all, run) => all + of(run), 0);
console.log();
console.log(JSON.stringify({ bench: 'qa', sockets: SOCKETS, votes: sum((r) => r.acked), lost: sum((r) => r.lost), double: sum((r) => r.double), ack_p99_ms: mid(halls, (r) => r.ack99),
	stage_p99_ms: mid(halls, (r) => r.stage99), votes_per_s: mid(rates, (r) => r.fresh.perSecond, 0), one_row_votes_per_s: mid(rates, (r) => Math.max(r.one, r.fifty), 0),
	votes_per_s_at_1m_rows: mid(rates, (r) => r.full.perSecond, 0), tally_frames: mid(halls, (r) => r.ticks, 0), converged: mid(halls, (r) => r.converged, 0),
	socket_votes_per_s: mid(halls, (r) => (r.acked / r.took) * 1000, 0), one_row_1: mid(rates, (r) => r.one, 0), one_row_50: mid(rates, (r) => r.fifty, 0) }));
