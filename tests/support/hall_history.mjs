// tests: a random history of a hall's questions over real sockets: who asks, votes, reads, moderates, is cut off, reads slowly; every call and all that anybody was told is kept for hall_checks.mjs.
import { Closed, connect, sleep, uuid } from './client.mjs';

const ATTENDEES = 6;
const AGAIN = ['busy', 'unknown_outcome', 'limit.rate', 'auth.required'];
// What may be answered in such a crowd; anything else is a defect.
export const EXPECTED = ['conflict', 'qa.state', 'qa.closed', 'qa.duplicate', 'limit.rate', 'denied', 'not_found', 'key.reused', 'qa.claimed', 'qa.paused', 'qa.muted'];
const WORDS = ['Was sagt die Probe?', 'Hvor mange børn?', '=1+1', '<b>bold</b>', 'Ω≈ç√', '👩‍🚀 on the way', '"quoted" \\ and \n a second line', 'plain words'];

// mulberry32: the same seed, the same choices.
export function chance(seed) {
	let a = seed >>> 0;
	const next = () => {
		a = (a + 0x6d2b79f5) >>> 0;
		let t = Math.imul(a ^ (a >>> 15), a | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return { next, pick: (list) => list[Math.floor(next() * list.length)], below: (share) => next() < share };
}

/*
 * What moderators do, beyond which states it is of use in; where the server does not have a method it is left out. more: parameters besides
 * question, expect_version and key.
 */
const COMMANDS = {
	'qa.approve': { from: ['pending', 'dismissed'], weight: 6 },
	'qa.dismiss': { from: ['pending', 'approved'], weight: 3, more: (r) => (r.below(0.5) ? { reason: r.pick(['off_topic', 'rude', 'spam', 'other']) } : {}) },
	'qa.hold': { from: ['approved', 'dismissed'], weight: 2 },
	'qa.stage': { from: ['approved'], weight: 4 },
	'qa.answer': { from: ['on_stage', 'approved'], weight: 2 },
	'qa.reopen': { from: ['answered', 'on_stage', 'dismissed'], weight: 2 },
	'qa.skip': { from: ['approved', 'on_stage'], weight: 1 },
	'qa.edit': { from: ['pending', 'approved'], weight: 1, more: (r, h, q) => ({ text: `${q.mark} in other words ${Math.floor(r.next() * 1e6)}` }) },
	'qa.merge': { from: ['pending', 'approved'], weight: 2, more: (r, h, q) => ({ into: r.pick([...h.known.values()].filter(({ id, talk }) => id !== q.id && talk === q.talk))?.id ?? uuid() }) },
	'qa.unmerge': { from: ['merged'], weight: 3 },
	'qa.restore': { from: ['archived', 'merged'], weight: 1 },
	'qa.move': { from: ['pending', 'approved'], weight: 1, more: (r, h) => ({ talk: r.pick(h.talks) }) },
};

export class Hall {
	// talks: two of one room, nobody else's; methods: the names the server has.
	constructor(t, seed, { talks, room, methods }) {
		Object.assign(this, { t, seed, talks, room, r: chance(seed), ops: [], reads: [], known: new Map(), asks: new Map(), seqs: new Map(), actors: [], wrong: [], running: false, kills: 0 });
		this.commands = Object.entries(COMMANDS).filter(([name]) => methods.has(name));
	}

	now() {
		return performance.now();
	}

	async actor(name, who, channels) {
		const client = await connect(this.t.access, who, { reconnect: true });
		const actor = { name, client, person: client.hello.person?.id ?? null, raw: [], channels, r: chance(this.seed * 1000 + this.actors.length), mine: [] };
		const frame = client.frame.bind(client);
		client.frame = (text) => {
			actor.raw.push(text);
			frame(text);
		};
		client.listeners.add((entry) => {
			entry.at = this.now();
			if (entry.kind === 'event' && entry.channel.endsWith(':mod')) this.learn(entry.data);
			if (entry.kind === 'tick') this.ticked(actor, entry);
		});
		this.actors.push(actor);
		await this.subscribe(actor);
		return actor;
	}

	async subscribe(actor) {
		for (;;) {
			try {
				await actor.client.subscribe(actor.channels);
				return;
			} catch (error) {
				if (!(error instanceof Closed) && !AGAIN.includes(error.fault)) throw error;
				await sleep(200);
			}
		}
	}

	learn({ id, version, state, talk }) {
		const known = this.known.get(id);
		// What only names a question says nothing of its version.
		if (!(version > (known?.version ?? 0))) return;
		this.known.set(id, { ...known, id, version, state, talk: talk ?? known?.talk, mark: id.slice(0, 8) });
	}

	// I2: no published tally counts a vote that nobody has sent yet.
	ticked(actor, { channel, tally }) {
		if (!/^talk:[0-9a-f-]{36}(:mod)?$/.test(channel)) return;
		for (const [key, value] of tally) {
			const known = this.asks.get(key);
			if (!known) continue;
			const most = new Set(this.ops.filter(({ method, params }) => method === 'qa.vote' && params.value === 1).map(({ person, params }) => (this.merging ? person : `${person} ${params.question}`))
				.filter((each) => this.merging || each.endsWith(key))).size;
			if (value > most || value < 0) this.wrong.push(`${actor.name} was told ${value} votes on ${key}, ${most} were sent`);
		}
	}

	/*
	 * One call, repeated word for word until it is answered. outcome: ok, fail (certainly not done), info (who knows). giveUp: a broken
	 * connection ends it.
	 */
	async op(actor, method, params, { giveUp = false } = {}) {
		const op = { n: this.ops.length, who: actor.name, person: actor.person, method, params, start: this.now(), tries: 0, outcome: 'info' };
		this.ops.push(op);
		if (method === 'qa.merge' || method === 'qa.unmerge') this.merging = true;
		if (method === 'qa.move') this.moving = true;
		for (const deadline = op.start + 60000; ; ) {
			op.tries++;
			try {
				op.bytes = await actor.client.call(method, params, { bytes: true });
				op.reply = JSON.parse(op.bytes);
				op.outcome = 'ok';
				break;
			} catch (error) {
				const again = error instanceof Closed || AGAIN.includes(error.fault);
				const over = error.fault === 'limit.rate' && method === 'qa.ask' && !error.data.retry_after_ms;
				// Three questions at once and one in 15 s: here a minute passes.
				if (again && !over && error.fault === 'limit.rate' && method === 'qa.ask') await this.rest(actor.person);
				if (again && !over && !giveUp && this.now() < deadline) {
					await sleep(Math.min(500, error.data?.retry_after_ms ?? 100) * (0.5 + Math.random()));
					continue;
				}
				// An earlier try may still be on its way.
				if (!(error instanceof Closed) && op.tries === 1) op.outcome = 'fail';
				Object.assign(op, { fault: error.fault ?? String(error), current: error.data?.current });
				if (error.fault && !EXPECTED.includes(error.fault) && !AGAIN.includes(error.fault)) this.wrong.push(`${method} ${JSON.stringify(params)}: ${error.message}`);
				if (again && !giveUp && !over) this.wrong.push(`${method} ${JSON.stringify(params)}: no answer in 60 s (${op.fault})`);
				break;
			}
		}
		op.end = this.now();
		if (op.reply?.question && op.reply.version) this.learn({ id: op.reply.question, version: op.reply.version, state: op.reply.state });
		if (op.current?.version) this.learn(op.current);
		return op;
	}

	rest(person) {
		return this.t.instance.pg.sql('plenum_owner', 'plenum', `update question set created = created - interval '1 minute' where person = '${person}'`);
	}

	async ask(actor) {
		const r = actor.r;
		if (actor.mine.length >= 8) return;
		const question = uuid();
		const text = `${question.slice(0, 8)} ${r.pick(WORDS)}`;
		const talk = r.pick(this.talks);
		this.asks.set(question, { text, talk, person: actor.person, who: actor.name });
		const op = await this.op(actor, 'qa.ask', { question, talk, text });
		if (op.outcome === 'ok') {
			actor.mine.push(question);
			// The same again, as after a lost reply: the same question.
			if (r.below(0.2)) await this.op(actor, 'qa.ask', { question, talk, text });
		}
	}

	async vote(actor) {
		const r = actor.r;
		const all = [...this.known.values()].filter(({ state }) => ['approved', 'on_stage'].includes(state) || r.below(0.1));
		if (all.length === 0) return;
		const { id: question } = r.pick(all);
		let seq = (this.seqs.get(actor.person) ?? 0) + 1;
		this.seqs.set(actor.person, seq);
		// Some come late: an older number than one already sent.
		if (r.below(0.1)) seq = Math.max(1, seq - 2);
		const op = await this.op(actor, 'qa.vote', { question, value: r.below(0.7) ? 1 : 0, seq }, { giveUp: r.below(0.1) });
		if (op.outcome !== 'ok') return;
		if (op.reply.seq < seq || (op.reply.seq === seq && op.reply.question === question && op.reply.value !== op.params.value && !this.seqTwice(op)))
			this.wrong.push(`vote ${JSON.stringify(op.params)} was answered ${op.bytes}`);
	}

	// Did this person send the same number with another value, to this question or to one that may have been merged into it?
	seqTwice({ person, params }) {
		return this.ops.filter((op) => op.method === 'qa.vote' && op.person === person && op.params.seq === params.seq && (this.merging || op.params.question === params.question)).length > 1;
	}

	async read(actor) {
		const op = await this.op(actor, 'qa.list', { talk: actor.r.pick(this.talks) });
		if (op.outcome === 'ok') this.reads.push(op);
	}

	async attend(actor) {
		const r = actor.r;
		const kind = r.next();
		if (kind < 0.22) await this.ask(actor);
		else if (kind < 0.72) await this.vote(actor);
		else if (kind < 0.86) await this.read(actor);
		else if (kind < 0.93 && actor.mine.length > 0) {
			const question = r.pick(actor.mine);
			await this.op(actor, 'qa.withdraw', { question, expect_version: this.known.get(question)?.version ?? 1, key: uuid() });
		}
	}

	command(actor, question) {
		const r = actor.r;
		const fit = this.commands.filter(([, { from }]) => from.includes(question.state) || r.below(0.1));
		const bag = fit.flatMap(([name, { weight }]) => Array(weight).fill(name));
		const method = r.pick(bag.length > 0 ? bag : this.commands.map(([name]) => name));
		const stale = r.below(0.1) ? 1 : 0;
		return [method, { question: question.id, expect_version: Math.max(1, question.version - stale), ...COMMANDS[method].more?.(r, this, question), key: uuid() }];
	}

	async moderate(actor, other) {
		const r = actor.r;
		const questions = [...this.known.values()].filter(({ id }) => this.asks.has(id));
		if (questions.length === 0) return;
		const question = r.pick(r.below(0.6) ? questions.slice(-6) : questions);
		const [method, params] = this.command(actor, question);
		const [op] = await Promise.all([this.op(actor, method, params), r.below(0.25) ? this.op(other, ...this.command(actor, question)) : null]);
		if (op.outcome !== 'ok') return;
		if (r.below(0.15)) {
			const again = await this.op(actor, method, params);
			if (again.bytes !== op.bytes) this.wrong.push(`${method} repeated under its key: ${again.bytes ?? again.fault}, not ${op.bytes}`);
		}
		if (r.below(0.08)) {
			const changed = await this.op(actor, method, { ...params, expect_version: params.expect_version + 1 });
			if (changed.outcome === 'ok' || (changed.outcome === 'fail' && changed.fault !== 'key.reused')) this.wrong.push(`another body under a used key: ${changed.bytes ?? changed.fault}`);
		}
	}

	async loop(ms, r, step) {
		while (this.running) {
			await step();
			await sleep(ms * (0.3 + r.next()));
		}
	}

	async fill() {
		const public_ = this.talks.map((talk) => `talk:${talk}`);
		this.attendees = [];
		for (let i = 0; i < ATTENDEES; i++) this.attendees.push(await this.actor(`attendee ${i}`, `attendees ${(this.seed * ATTENDEES + i) % 36}`, public_));
		this.slow = await this.actor('slow reader', 'attendees 38', public_);
		this.moderators = [];
		for (const [name, who] of [['moderator 1', 'moderator'], ['moderator 2', 'organiser']])
			this.moderators.push(await this.actor(name, who, [...public_, ...this.talks.map((talk) => `talk:${talk}:mod`)]));
		this.stage = await this.actor('stage', 'kiosks 0', [...public_, `stage:${this.room}`]);
	}

	// So many milliseconds of everything at once; then all calls have their answers. kill: a worker dies in the middle of it.
	async crowd(ms, { kill = true } = {}) {
		this.running = true;
		const r = this.r;
		const [one, two] = this.moderators;
		const work = [
			...this.attendees.map((actor) => this.loop(60, actor.r, () => this.attend(actor))),
			this.loop(50, one.r, () => this.moderate(one, two)),
			this.loop(50, two.r, () => this.moderate(two, one)),
			this.loop(250, r, async () => {
				const { ws } = r.pick([...this.attendees, this.slow, this.stage, ...this.moderators]).client;
				// One that does not read would never hear that it is closed.
				ws.resume();
				ws.terminate();
			}),
			this.loop(300, this.slow.r, async () => {
				const { ws } = this.slow.client;
				ws.pause();
				await sleep(300 + 900 * this.slow.r.next());
				ws.resume();
			}),
			kill ? this.killLater(ms * (0.2 + 0.4 * r.next())) : null,
		];
		const all = Promise.all(work);
		all.catch(() => { this.running = false; });
		for (const end = this.now() + ms; this.running && this.now() < end;) await sleep(50);
		this.running = false;
		await all;
	}

	async killLater(ms) {
		await sleep(ms);
		const victim = this.r.pick(this.t.instance.workerPids());
		if (!victim) return;
		process.kill(victim, 'SIGKILL');
		this.kills++;
	}

	// Until everybody is connected and stands where the channels end.
	async quiet(ms = 60000) {
		const names = new Set(this.actors.flatMap(({ channels }) => channels));
		const list = [...names].map((name) => `'${name}'`).join(',');
		for (const deadline = this.now() + ms; ; await sleep(100)) {
			const heads = new Map((await this.t.instance.pg.sql('plenum_owner', 'plenum', `select name, head from channel where name in (${list})`)).map(([name, head]) => [name, Number(head)]));
			const behind = this.actors.flatMap(({ name, client, channels }) => channels.filter((channel) => (client.channels.get(channel)?.position ?? -1) < (heads.get(channel) ?? 0)).map((channel) => `${name} on ${channel}`));
			const away = this.actors.filter(({ client }) => client.ws.readyState !== 1).map(({ name, client }) => `${name} away (${client.ws.readyState}; ${JSON.stringify(client.log.filter(({ kind }) => ['close', 'retry'].includes(kind)).slice(-2))})`);
			if (behind.length + away.length === 0) return;
			if (this.now() > deadline) throw new Error(`not quiet after ${ms} ms: ${[...behind, ...away].join('; ')}`);
		}
	}

	close() {
		this.running = false;
		for (const { client } of this.actors) client.close();
	}

	// All that was done to one question, a line each: for whoever has to find out what went wrong.
	story(question, lines = 40) {
		const about = this.ops.filter(({ params, outcome }) => (params.question === question || params.into === question) && outcome !== 'fail').sort((a, b) => a.start - b.start);
		return about.slice(-lines).map((op) => `${op.start.toFixed(0)}–${(op.end ?? 0).toFixed(0)} ${op.who} ${op.method.slice(3)} ${JSON.stringify({ ...op.params, question: undefined, key: undefined, text: undefined })} ×${op.tries} → `
			+ `${op.outcome} ${op.bytes ?? op.fault ?? ''}`).join('\n');
	}
}
