// tests: what must hold of a hall's history (security-reliability.md §11: I2 votes, I3 questions, I4 moderation, I6 delivery, I7 sessions, I8 idempotency): tables against what everybody was told.
import assert from 'node:assert/strict';
import { connect } from './client.mjs';

const VISIBLE = ['approved', 'on_stage', 'answered'];

// What each command may have made of what. Those that are no change of state keep it.
const LEGAL = {
	approve: { pending: ['approved'], dismissed: ['approved'] },
	dismiss: { pending: ['dismissed'], approved: ['dismissed'] },
	hold: { approved: ['pending'], dismissed: ['pending'] },
	// The one before goes off as answered.
	stage: { approved: ['on_stage'], on_stage: ['answered'] },
	answer: { on_stage: ['answered'], approved: ['answered'] },
	reopen: { answered: ['approved'], on_stage: ['approved'], dismissed: ['approved'] },
	withdraw: { pending: ['withdrawn'], approved: ['withdrawn'] },
	merge: { pending: ['merged'], approved: ['merged'] },
	unmerge: { merged: ['pending', 'approved'] },
	close: { pending: ['archived'], approved: ['archived'] },
	skip: { on_stage: ['approved'] },
	restore: { archived: ['pending', 'approved'], merged: ['pending', 'approved'] },
	report: { approved: ['pending'] },
};

export class Checks {
	constructor(hall) {
		this.hall = hall;
		this.found = [];
		this.about = new Set();
	}

	bad(rule, what, question) {
		this.found.push(`${rule}: ${what}`);
		if (question) this.about.add(question);
	}

	sql(text) {
		return this.hall.t.instance.pg.sql('plenum_owner', 'plenum', text);
	}

	async load() {
		const { talks } = this.hall;
		const list = talks.map((talk) => `'${talk}'`).join(',');
		const json = async (text) => (await this.sql(`select row_to_json(x) from (${text}) x`)).map(([row]) => JSON.parse(row));
		this.questions = new Map((await json(`select id, talk, person, text, original, state, version, stage_room from question where talk in (${list})`)).map((row) => [row.id, row]));
		this.trail = new Map();
		for (const row of await json(`select m.id, m.question, m.actor, m.command, m.state_before, m.state_after, m.version, m.after from mod_action m join question q on q.id = m.question
			where q.talk in (${list}) order by m.id`)) {
			if (!this.trail.has(row.question)) this.trail.set(row.question, []);
			this.trail.get(row.question).push(row);
		}
		this.votes = await json(`select v.question, v.person, v.value, v.seq, v.counted, v.via from vote v join question q on q.id = v.question where q.talk in (${list})`);
		this.tallies = new Map((await json(`select y.key, y.value from tally y join channel c on c.id = y.channel where c.name in (${talks.map((talk) => `'talk:${talk}'`).join(',')})`)).map(({ key, value }) => [key, value]));
		this.log = new Map((await json(`select c.name, e.position, e.type, e.data from channel_event e join channel c on c.id = e.channel
			where c.name in (${[...new Set(this.hall.actors.flatMap(({ channels }) => channels))].map((name) => `'${name}'`).join(',')})`)).map((row) => [`${row.name} ${row.position}`, row]));
		this.heads = new Map();
		for (const { name, position } of this.log.values()) this.heads.set(name, Math.max(position, this.heads.get(name) ?? 0));
	}

	// The state a question had at a version; undefined: it never had that version.
	stateAt(question, version) {
		return version === 1 ? 'pending' : this.trail.get(question)?.find((row) => row.version === version)?.state_after;
	}

	ok(method) {
		return this.hall.ops.filter((op) => op.outcome === 'ok' && (!method || op.method === method));
	}

	// I3: each acknowledged question once, in the words it was asked in; nothing that nobody asked.
	asked() {
		const acked = new Set(this.ok('qa.ask').map(({ params }) => params.question));
		for (const id of acked) {
			const row = this.questions.get(id);
			const { text, talk, person } = this.hall.asks.get(id);
			if (!row) this.bad('I3', `acknowledged question ${id} is not there`, id);
			else if ((row.original ?? row.text) !== text || row.person !== person || (row.talk !== talk && !this.hall.moving)) this.bad('I3', `question ${id} is ${JSON.stringify(row)}, asked: ${JSON.stringify(text)}`, id);
			const added = [...this.log.values()].filter(({ name, type, data }) => name === `talk:${talk}:mod` && type === 'question.added' && data.id === id).length;
			// Once when it was asked, and whenever it came back from another talk.
			const back = (this.trail.get(id) ?? []).filter(({ after }) => after.talk === talk).length;
			if (added !== 1 + back) this.bad('I3', `moderators were told ${added} times that ${id} was asked`, id);
		}
		for (const id of this.questions.keys()) if (!this.hall.asks.has(id)) this.bad('I3', `nobody asked ${id}`, id);
	}

	// I4: versions dense, each step legal, one on a stage, each acknowledged command there once and by the one who gave it.
	moderated() {
		const done = new Map();
		for (const op of this.ok().filter(({ params, reply }) => params.key && reply.question && !reply.noop)) {
			const at = `${op.reply.question} ${op.reply.version}`;
			const twin = done.get(at);
			if (twin && twin.params.key !== op.params.key) this.bad('I4', `${twin.who} and ${op.who} both made version ${op.reply.version} of ${op.reply.question}`, op.reply.question);
			done.set(at, op);
		}
		for (const [id, row] of this.questions) {
			let state = 'pending';
			let version = 1;
			for (const step of this.trail.get(id) ?? []) {
				if (step.version !== version + 1) this.bad('I4', `${id}: version ${step.version} follows ${version}`, id);
				if (step.state_before !== state) this.bad('I4', `${id}: version ${step.version} began as ${step.state_before}, not ${state}`, id);
				const legal = step.state_before === step.state_after || step.command === 'undo' || LEGAL[step.command]?.[step.state_before]?.includes(step.state_after);
				if (!legal) this.bad('I4', `${id}: ${step.command} made ${step.state_after} of ${step.state_before}`, id);
				({ version } = step);
				state = step.state_after;
			}
			if (row.version !== version || row.state !== state) this.bad('I4', `${id} is ${row.state} in version ${row.version}; its trail ends with ${state} in ${version}`, id);
		}
		for (const [at, op] of done) {
			const [id, version] = at.split(' ');
			const step = this.trail.get(id)?.find((each) => each.version === Number(version));
			if (!step || step.actor !== op.person || `qa.${step.command}` !== op.method || step.state_after !== op.reply.state) this.bad('I4', `${op.who} was told of ${op.method} ${at}; the trail has ${JSON.stringify(step)}`, id);
		}
		const claimed = new Set(this.hall.ops.filter(({ params }) => params.key).map(({ person, method }) => `${person} ${method}`));
		for (const step of [...this.trail.values()].flat()) if (!claimed.has(`${step.actor} qa.${step.command}`)) this.bad('I4', `nobody sent ${JSON.stringify(step)}`, step.question);
		this.oneOnStage();
	}

	oneOnStage() {
		let shown = null;
		for (const step of [...this.trail.values()].flat().sort((a, b) => a.id - b.id)) {
			if (step.state_before === 'on_stage' && step.state_after !== 'on_stage' && shown === step.question) shown = null;
			else if (step.state_after === 'on_stage' && step.state_before !== 'on_stage') {
				if (shown !== null) this.bad('I4', `${step.question} came on stage beside ${shown}`, step.question);
				shown = step.question;
			}
		}
		const now = [...this.questions.values()].filter(({ state }) => state === 'on_stage');
		if (now.length > 1) this.bad('I4', `${now.length} questions on one stage`, now[0].id);
		// A talk that begins or ends there, a poll: such events do not say which question is shown.
		const told = this.hall.stage.client.log.filter(({ kind, channel, type }) => channel === `stage:${this.hall.room}`
			&& (kind === 'snapshot' || kind === 'event' && ['question.staged', 'stage.changed'].includes(type))).at(-1);
		const shows = told?.kind === 'snapshot' ? told.snapshot.question : told?.data.question;
		const last = shows && this.hall.asks.has(shows.id) ? shows : null;
		if ((last?.id ?? null) !== (now[0]?.id ?? null)) this.bad('I6', `the stage shows ${last?.id ?? 'nothing'}, ${now[0]?.id ?? 'nothing'} is on it`, now[0]?.id ?? last?.id);
	}

	// I2: what is stored is the last acknowledged or one that nobody knows of; a refused vote is nowhere; the tally is the rows.
	voted() {
		const sent = new Map();
		for (const op of this.hall.ops.filter(({ method }) => method === 'qa.vote')) {
			const key = `${op.outcome === 'ok' ? op.reply.question : op.params.question} ${op.person}`;
			if (!sent.has(key)) sent.set(key, []);
			sent.get(key).push(op);
		}
		const rows = new Map(this.votes.map((row) => [`${row.question} ${row.person}`, row]));
		for (const [key, ops] of sent) {
			const acked = ops.filter(({ outcome }) => outcome === 'ok');
			const row = rows.get(key);
			const last = Math.max(0, ...acked.map(({ reply }) => reply.seq));
			if (!row && acked.length > 0) this.bad('I2', `vote ${key} was acknowledged and is not there`, key.split(' ')[0]);
			if (!row) continue;
			if (row.seq < last) this.bad('I2', `vote ${key} has number ${row.seq}, ${last} was acknowledged`, key.split(' ')[0]);
			if (!row.via && !this.given(row, ops)) this.bad('I2', `vote ${key} is ${JSON.stringify(row)}, which nobody sent`, key.split(' ')[0]);
		}
		for (const [key, row] of rows) if (!sent.has(key) && !row.via && this.strays(row).length === 0) this.bad('I2', `nobody sent ${JSON.stringify(row)}`, row.question);
		const sums = new Map();
		for (const { question, value, counted } of this.votes) if (counted) sums.set(question, (sums.get(question) ?? 0) + value);
		for (const id of this.questions.keys()) {
			const sum = sums.get(id) ?? 0;
			if ((this.tallies.get(id) ?? 0) !== sum) this.bad('I2', `tally of ${id} is ${this.tallies.get(id)}, its rows sum to ${sum}`, id);
		}
	}

	// Was this vote sent? What came over from a merged question leaves the value of whoever voted here, and raises its number.
	given(row, ops) {
		const strays = this.strays(row);
		const sent = [...ops, ...strays].filter(({ outcome }) => outcome !== 'fail').map(({ params }) => params);
		if (strays.length > 0) return sent.some(({ seq }) => seq === row.seq) && sent.some(({ value }) => value === row.value);
		return sent.some(({ seq, value }) => seq === row.seq && value === row.value);
	}

	// Votes for a question that was merged into the row's: they count there, be it that they were given before or that their answer was lost.
	strays({ question, person }) {
		const into = (id) => (this.trail.get(id) ?? []).flatMap(({ after }) => after.merged_into ?? []);
		const reaches = (id, seen = new Set()) => id === question || !seen.has(id) && into(id).some((next) => reaches(next, new Set([...seen, id])));
		return this.hall.ops.filter((op) => op.method === 'qa.vote' && op.person === person && op.params.question !== question && reaches(op.params.question));
	}

	// I2: what the last tick said is the tally, for everybody who listens.
	told() {
		for (const { name, client, channels } of this.hall.actors) {
			const known = new Map();
			// What was moved counts in the talk where it is.
			for (const { kind, channel, tally } of client.log)
				if (kind === 'tick' && channels.includes(channel)) for (const [key, value] of tally) if (channel.split(':')[1] === this.questions.get(key)?.talk) known.set(key, value);
			for (const [key, value] of known) if (this.questions.has(key) && (this.tallies.get(key) ?? 0) !== value) return `${name} was last told ${value} votes on ${key}, there are ${this.tallies.get(key)}\n${this.telling(key)}`;
		}
		return null;
	}

	// Who was told what of a question's votes, and when they connected: for whoever has to find out what went wrong.
	telling(question) {
		return this.hall.actors.map(({ name, client }) => `${name}: ${client.log.flatMap(({ kind, channel, tally, at, snapshot }) => {
			const when = `${at?.toFixed(0)} ${channel?.endsWith(':mod') ? 'mod ' : ''}`;
			if (kind === 'tick') return tally.filter(([key]) => key === question).map(([, value]) => `${when}${value}`);
			return kind === 'snapshot' ? (snapshot.questions ?? []).filter(({ id }) => id === question).map(({ votes }) => `${when}snapshot ${votes}`) : [];
		}).join(', ')}`).join('\n');
	}

	// I6: in order, nothing missed, nothing twice, and only what was committed.
	delivered() {
		for (const { name, client } of this.hall.actors) {
			for (const violation of client.violations) this.bad('I6', `${name}: ${violation}`);
			for (const { channel, position, type, data } of client.log.filter(({ kind }) => kind === 'event')) {
				const row = this.log.get(`${channel} ${position}`);
				// What came after the tables were read; the stage's clock goes on.
				if (!row && !this.log.has(`${channel} ${position + 1}`) && position > (this.heads.get(channel) ?? 0)) continue;
				if (!row || row.type !== type || JSON.stringify(row.data) !== JSON.stringify(data)) this.bad('I6', `${name} heard ${type} at ${channel} ${position}, the log has ${JSON.stringify(row)}`, data?.id);
			}
		}
	}

	// I3: attendees hear of a question in versions that may be seen, and of one that never could be seen not a word.
	unseen() {
		const listeners = [...this.hall.attendees, this.hall.slow, this.hall.stage];
		for (const { name, client, raw, person } of listeners) {
			const told = client.log.flatMap((entry) => {
				if (entry.kind === 'event' && ['question.added', 'question.updated'].includes(entry.type)) return [entry.data];
				if (entry.kind === 'event' && entry.type === 'question.staged') return entry.data.question ? [entry.data.question] : [];
				return entry.kind === 'snapshot' ? entry.snapshot.questions ?? (entry.snapshot.question ? [entry.snapshot.question] : []) : [];
			});
			for (const { id, version, state } of told) {
				// The stage is the room's: an earlier history may have left a question on it.
				if (!this.hall.asks.has(id)) continue;
				const then = this.stateAt(id, version);
				if (!VISIBLE.includes(state) || then !== state) this.bad('I3', `${name} was shown ${id} as ${state} in version ${version}: it was ${then}`, id);
			}
			const everything = raw.join('\n');
			for (const [id, { who }] of this.hall.asks) {
				if (who === name || (this.trail.get(id) ?? []).some(({ state_after: state }) => VISIBLE.includes(state))) continue;
				const mark = id.slice(0, 8);
				// In replies about one's own doings the id may stand, never the words, which begin with the mark and a blank.
				if (everything.includes(`${mark} `)) this.bad('I3', `${name} (${person}) has words of ${id}, which nobody let through`, id);
			}
		}
	}

	/*
	 * I7, I4: a read shows each question at least as new as whatever was acknowledged before it began, and one that it leaves out could not
	 * be seen at some moment since.
	 */
	read() {
		const changes = this.ok().filter(({ reply }) => reply.version && reply.question);
		for (const op of this.hall.reads) {
			const listed = new Map(op.reply.questions.map((each) => [each.id, each]));
			for (const [id, row] of this.questions) {
				if (row.talk !== op.params.talk || this.hall.moving) continue;
				const least = Math.max(0, ...changes.filter(({ reply, end }) => reply.question === id && end < op.start).map(({ reply }) => reply.version));
				const shown = listed.get(id);
				if (shown) {
					const then = this.stateAt(id, shown.version);
					if (shown.version < least || then !== shown.state || !VISIBLE.includes(then)) this.bad('I7', `${op.who} read ${id} as ${shown.state} in version ${shown.version} (then ${then}); ${least} was acknowledged before`, id);
				} else if (least > 0) {
					const since = [this.stateAt(id, least), ...(this.trail.get(id) ?? []).filter(({ version }) => version > least).map(({ state_after: state }) => state)];
					if (since.every((state) => VISIBLE.includes(state))) this.bad('I7', `${op.who} did not read ${id}, which was ${since[0]} in acknowledged version ${least}`, id);
				}
			}
			this.readVote(op, listed);
		}
	}

	// One's own vote, as last acknowledged: nobody votes for two sockets at once here.
	readVote(op, listed) {
		for (const [id, { my_vote: vote }] of listed) {
			const mine = this.hall.ops.filter(({ method, person, params }) => method === 'qa.vote' && person === op.person && params.question === id);
			const before = mine.filter(({ outcome, end }) => outcome === 'ok' && end < op.start).at(-1);
			if (!before || this.hall.merging || mine.some(({ n, outcome }) => n > before.n && outcome !== 'fail' && mine[0].start < op.end)) continue;
			if (mine.every(({ outcome }) => outcome !== 'info') && vote !== before.reply.value) this.bad('I7', `${op.who} reads ${vote} as their vote on ${id}; ${before.bytes} was acknowledged`, id);
		}
	}

	// I8: every keyed write again, on whichever worker: the same bytes, and nothing happens.
	async again(share = 12) {
		const kept = this.ok().filter(({ params }) => params.key);
		const [[before]] = await this.sql('select count(*) from mod_action');
		const { r } = this.hall;
		for (const op of Array.from({ length: Math.min(share, kept.length) }, () => r.pick(kept))) {
			const actor = this.hall.actors.find(({ name }) => name === op.who);
			const other = this.hall.moderators.includes(actor) ? actor : null;
			const { bytes } = await this.hall.op(other ?? actor, op.method, op.params);
			if (bytes !== op.bytes) this.bad('I8', `${op.method} ${op.params.key}: ${bytes}, not ${op.bytes}`, op.params.question);
		}
		const [[after]] = await this.sql('select count(*) from mod_action');
		if (before !== after) this.bad('I8', `repeats made ${after - before} changes`);
	}

	// A page that was open all the time knows what a fresh one does.
	async fresh() {
		for (const talk of this.hall.talks) {
			const client = await connect(this.hall.t.access, 'attendees 37');
			const { snapshot } = (await client.subscribe([`talk:${talk}`]))[`talk:${talk}`];
			client.close();
			const wanted = new Map(snapshot.questions.map(({ id, version, state, text }) => [id, `${version} ${state} ${text}`]));
			for (const { name, client: open, channels } of this.hall.actors) {
				const channel = `talk:${talk}`;
				if (!channels.includes(channel)) continue;
				let seen = new Map();
				for (const { kind, channel: on, type, data, snapshot: first } of open.log) {
					if (on !== channel) continue;
					if (kind === 'snapshot') seen = new Map(first.questions.map(({ id, version, state, text }) => [id, `${version} ${state} ${text}`]));
					else if (type === 'question.removed') seen.delete(data.id);
					else if (type === 'question.added' || type === 'question.updated') seen.set(data.id, `${data.version} ${data.state} ${data.text}`);
				}
				for (const id of new Set([...wanted.keys(), ...seen.keys()]))
					if (wanted.get(id) !== seen.get(id)) this.bad('I6', `${name} has ${seen.get(id)} of ${id}, a fresh page ${wanted.get(id)}`, id);
			}
		}
	}

	async all() {
		const { hall } = this;
		await this.load();
		for (const end = Date.now() + 45000; this.told() && Date.now() < end;) {
			await new Promise((resolve) => setTimeout(resolve, 100));
			await this.load();
		}
		if (this.told()) this.bad('I2', this.told());
		this.asked();
		this.moderated();
		this.voted();
		this.delivered();
		this.unseen();
		this.read();
		await this.fresh();
		await this.again();
		for (const what of hall.wrong) this.bad('answers', what);
		if (this.found.length === 0) return;
		const shortest = [...this.about].filter((id) => hall.asks.has(id)).sort((a, b) => hall.story(a).length - hall.story(b).length)[0];
		const trail = (this.trail.get(shortest) ?? []).map((row) => JSON.stringify(row)).join('\n');
		assert.fail(`seed ${hall.seed}: ${this.found.length} violations\n${this.found.slice(0, 12).join('\n')}\n\nthe shortest story, ${shortest}:\n${shortest ? hall.story(shortest) : ''}\n${trail}`);
	}
}
