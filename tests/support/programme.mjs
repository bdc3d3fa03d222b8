// tests: what a page that stays open knows of the programme, replayed from its events by web/store.js, beside what the gateway says afresh.
import assert from 'node:assert/strict';
import { applySchedule, scheduleDoc, scheduleFrom } from '../../web/store.js';
import { sleep } from './client.mjs';

const byId = (rows, keep) => Object.fromEntries(rows.map((row) => [row.id, keep(row)]));

// What both sides must agree on. Not: the clock, what calendars count, and a room's streams, which have a channel of their own.
const shown = (doc) => ({
	release: doc.release,
	rooms: byId(doc.rooms, ({ virtual, ...room }) => room),
	tracks: byId(doc.tracks, (track) => track),
	sessions: byId(doc.sessions, (session) => ({ ...session, talks: session.talks.map(({ started, ended, ...talk }) => ({ ...talk, ...(started ? { started } : {}), ...(ended ? { ended } : {}) })) })),
	slots: byId(doc.slots, ({ sequence, ...slot }) => slot),
});

// The plan alone: what a release consists of.
export const plan = (doc) => ({
	sessions: byId(doc.sessions, ({ talks, ...session }) => ({ ...session, talks: talks.map(({ id, title, speakers }) => ({ id, title, speakers })) })),
	slots: byId(doc.slots, ({ id, session, room, start, end, state }) => ({ id, session, room, start, end, cancelled: state === 'cancelled' })),
	rooms: byId(doc.rooms, ({ name }) => name),
});

export class OpenPage {
	// client: subscribed to `schedule`, reconnecting. reader: asks for fresh documents.
	constructor(client, reader) {
		Object.assign(this, { client, reader, differences: [], seed: null, compared: 0, replayed: 0, plans: new Map(), sequences: new Map() });
	}

	// The state behind the events up to that position; null when the page would have asked again.
	replay(position) {
		let state = scheduleFrom(structuredClone(this.seed));
		const events = this.client.events('schedule').filter((event) => event.position > this.seed.position && event.position <= position);
		assert.equal(events.length, position - this.seed.position, 'every event between two documents was heard');
		for (const { type, data } of events) {
			state = applySchedule(state, type, data);
			if (!state) return null;
		}
		this.replayed += events.length;
		this.last = events;
		return scheduleDoc(state);
	}

	// One fresh document against what the page has by its events.
	async check() {
		const doc = await this.reader.persist('schedule.get', {});
		for (let i = 0; this.client.cursor('schedule').position < doc.position; i++) {
			if (i > 900) assert.fail(`no event ${doc.position} on the open page`);
			await sleep(50);
		}
		for (const slot of doc.slots) {
			assert.ok(slot.sequence >= (this.sequences.get(slot.id) ?? 0), `sequence of ${slot.id} went back`);
			this.sequences.set(slot.id, slot.sequence);
		}
		const known = this.plans.get(doc.release);
		if (known) assert.deepEqual(plan(doc), known, `release ${doc.release} changed while it was the newest`);
		else this.plans.set(doc.release, plan(doc));
		if (!this.seed) {
			this.seed = doc;
			return;
		}
		const page = this.replay(doc.position);
		if (page) {
			try {
				assert.deepEqual(shown(page), shown(doc));
			} catch (error) {
				const ids = doc.slots.filter((slot) => { try { assert.deepEqual(shown({ ...page, slots: page.slots.filter((x) => x.id === slot.id) }).slots, shown({ ...doc, slots: [slot] }).slots); return false; } catch { return true; } }).map(({ id }) => id);
				const about = this.last.filter((event) => ids.some((id) => JSON.stringify(event.data).includes(id))).slice(-6);
				this.differences.push(`an open page and a fresh one differ at ${doc.position}: ${error.message}\n${JSON.stringify(about, null, 1).slice(0, 6000)}`);
				this.seed = doc;
			}
			this.compared++;
		} else this.seed = doc;
	}
}
