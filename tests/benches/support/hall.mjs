// tests: a full hall for the qa benchmark: an open question, moderators at work, a stage that listens.
import { connect, post, sleep, uuid } from '../../support/client.mjs';

// A question that everybody may vote on.
export async function openQuestion(access, asker, text) {
	const question = uuid();
	const moderator = await connect(access, 'moderator');
	const { body } = await post(access, 'qa.ask', { question, talk: access.talk, text }, { token: asker });
	if (body.error) throw new Error(JSON.stringify(body.error));
	await moderator.persist('qa.approve', { question, expect_version: 1, key: uuid() });
	moderator.close();
	return question;
}

// A moderator at work: every second question is dismissed, the others shown, sometimes put on stage and answered. replies: ms of each command.
export class Moderator {
	constructor(access, token, askers) {
		Object.assign(this, { access, token, askers, running: true, replies: [], asked: 0 });
	}

	async start(everyMs) {
		this.client = await connect(this.access, { token: this.token });
		await this.client.subscribe([`talk:${this.access.talk}:mod`]);
		this.work = this.loop(everyMs);
		return this;
	}

	async command(method, params) {
		const began = performance.now();
		const reply = await this.client.persist(method, { ...params, key: uuid() });
		this.replies.push(performance.now() - began);
		return reply;
	}

	async loop(everyMs) {
		for (let i = 0; this.running; i++) {
			const question = uuid();
			const asker = this.askers[this.asked++ % this.askers.length];
			const { body } = await post(this.access, 'qa.ask', { question, talk: this.access.talk, text: `${i}: and what of ${question}?` }, { token: asker });
			if (body.result) {
				if (i % 2 === 0) await this.command('qa.dismiss', { question, expect_version: 1, reason: 'off_topic' });
				else await this.command('qa.approve', { question, expect_version: 1 });
			}
			await sleep(everyMs * (0.5 + Math.random()));
		}
	}

	ticks() {
		return this.client.log.filter(({ kind }) => kind === 'tick').length;
	}

	async stop() {
		this.running = false;
		await this.work;
		this.client.close();
	}
}

// Whoever listens as a stage does: what a question's tally was told to be, and when (µs since 1970).
export async function listen(access, question) {
	const client = await connect(access, { token: access.tokens.kiosks[0] });
	const told = [];
	client.listeners.add((entry) => {
		if (entry.kind !== 'tick') return;
		for (const [key, value] of entry.tally) if (key === question) told.push({ at: (performance.timeOrigin + performance.now()) * 1000, value });
	});
	await client.subscribe([`talk:${access.talk}`, `stage:${access.room}`]);
	return { client, told };
}
