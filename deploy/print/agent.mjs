// deploy: the work beside a badge printer: takes jobs, makes PDFs, hands them to CUPS, follows them there, tells what became of each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { titleOf } from './cups.mjs';
import { NoLetter } from './paper.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// The lease is a minute.
const BEAT = 15000;
const LOOK = 700;
const HANDS = 4;

export class Agent {
	constructor({ printer, link, cups, press, journal, log = () => {} }) {
		Object.assign(this, { printer, link, cups, press, journal, log, hands: new Map(), finished: new Set(), asking: false, again: false, ended: false, said: '' });
		this.dir = mkdtempSync(path.join(tmpdir(), 'plenum-print-'));
		link.on('event', (_channel, type, data) => {
			if (type === 'badge.changed' && data.job?.state === 'queued') this.look();
		});
		link.on('open', () => this.look());
	}

	start() {
		// What an earlier run gave to CUPS and never heard the end of.
		for (const job of this.journal.all()) this.hold(job, () => this.resume(job));
		this.timer = setInterval(() => this.look(), BEAT);
		this.link.start();
		return this;
	}

	async stop() {
		this.ended = true;
		clearInterval(this.timer);
		clearTimeout(this.soon);
		this.link.stop();
		rmSync(this.dir, { recursive: true, force: true });
	}

	hold(job, work) {
		if (this.hands.has(job)) return;
		this.hands.set(job, work().catch((error) => this.log(`${job}: ${error.message}`)).finally(() => {
			this.hands.delete(job);
			this.look();
		}));
	}

	// Asks for work, one question at a time; whatever comes meanwhile is one more question.
	async look() {
		if (this.ended || !this.link.up) return;
		if (this.asking) return void (this.again = true);
		this.asking = true;
		try {
			do {
				this.again = false;
				await this.claim();
			} while (this.again && !this.ended && this.link.up);
		} catch (error) {
			this.log(`no work: ${error.fault ?? error.message}`);
		}
		this.asking = false;
	}

	async claim() {
		const { ready, error } = await this.cups.printer();
		if (this.said !== error) this.log(error || 'the printer is ready');
		this.said = error;
		const reply = await this.link.call('badge.claim', { printer: this.printer, ready, ...(error ? { error } : {}), max: HANDS });
		// A printer that is not ready is asked often: somebody is putting paper in.
		clearTimeout(this.soon);
		if (!ready && !this.ended) this.soon = setTimeout(() => this.look(), LOOK * 3);
		for (const job of reply.jobs) this.hold(job.id, () => (job.held ? this.resume(job.id, job) : this.print(job)));
	}

	// From before a restart, or of an answer that was lost: CUPS knows it, or it was never given to it, or nobody can say.
	async resume(job, paper) {
		// Of before this claim, and told since.
		if (paper && this.finished.has(job)) return;
		const kept = this.journal.get(job);
		for (;;) {
			try {
				const cups = kept?.cups || (await this.cups.find(kept?.title ?? titleOf(job, '')));
				if (cups) return await this.follow(job, cups);
				// It was not even about to be handed over.
				if (!kept && paper) return await this.print(paper);
				return await this.report(job, 'unknown', 'This computer was restarted while it was being printed.');
			} catch (error) {
				if (error.fault || this.ended) throw error;
				await sleep(LOOK * 3);
			}
		}
	}

	async print(paper) {
		let bytes;
		try {
			bytes = await this.press.pdf(paper);
		} catch (error) {
			if (!(error instanceof NoLetter)) this.log(`${paper.id}: ${error.stack}`);
			return this.report(paper.id, 'failed', error instanceof NoLetter ? error.message : 'This badge could not be drawn.');
		}
		const file = path.join(this.dir, `${paper.id}.pdf`);
		writeFileSync(file, bytes, { mode: 0o600 });
		const title = titleOf(paper.id, randomBytes(4).toString('hex'));
		this.finished.delete(paper.id);
		this.journal.put(paper.id, { title });
		let cups;
		try {
			cups = await this.cups.submit(title, paper.template, file);
		} catch (error) {
			// Refused, or taken with the answer lost.
			cups = await this.cups.find(title).catch(() => undefined);
			if (cups === undefined) return this.report(paper.id, 'unknown', `CUPS went away while it was given this badge (${error.message})`.slice(0, 300));
			if (cups === null) return this.report(paper.id, 'failed', `CUPS refused it: ${error.message}`.slice(0, 300));
		} finally {
			rmSync(file, { force: true });
		}
		this.journal.put(paper.id, { title, cups });
		this.log(`${paper.id}: ${this.cups.queue}-${cups}`);
		await this.follow(paper.id, cups);
	}

	// Until CUPS says how it ended; what it waits for is told as often as that changes.
	async follow(job, cups) {
		let told = '';
		for (; !this.ended; await sleep(LOOK)) {
			let now;
			let waits;
			try {
				now = await this.cups.job(cups);
				waits = now && now.state === 'waiting' ? (await this.cups.printer()).error || now.error : '';
			} catch (error) {
				now = { state: 'waiting' };
				waits = `CUPS does not answer (${error.code ?? error.message})`;
			}
			if (!now) return this.report(job, 'unknown', 'CUPS no longer knows of it.');
			if (now.state === 'done') return this.report(job, 'done');
			if (now.state === 'cancelled') return this.report(job, 'failed', 'Somebody cancelled it at the printer.');
			if (now.state === 'failed') return this.report(job, 'failed', `The printer gave up${now.error ? `: ${now.error}` : '.'}`.slice(0, 300));
			if (waits !== told) await this.link.call('badge.report', { job, state: 'sent', ...(waits ? { error: waits } : {}) });
			told = waits;
		}
	}

	async report(job, state, error) {
		this.log(`${job}: ${state}${error ? ` (${error})` : ''}`);
		try {
			await this.link.call('badge.report', { job, state, ...(error ? { error } : {}) });
		} catch (fault) {
			// Somebody decided about it meanwhile; it is no longer ours.
			if (!['badge.state', 'not_found'].includes(fault.fault)) throw fault;
		}
		this.journal.drop(job);
		this.finished.add(job);
		if (this.finished.size > 500) this.finished.delete(this.finished.values().next().value);
	}
}
