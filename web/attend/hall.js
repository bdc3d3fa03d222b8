// web/attend/hall.js: the questions this page follows, talk by talk; asking and voting, kept until they are safe
import { signal, computed, effect, useEffect } from '../ui/dom.js';
import { extend, t, tn } from '../i18n/index.js';
import en from '../i18n/qa.en.js';
import da from '../i18n/qa.da.js';
import { mine, person, status } from '../ui/app.js';
import { minute } from '../ui/clock.js';
import { announce, announceMany } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { askEntry, votesKept, voteEntry } from '../outbox.js';
import { counted, hallFrom, applyHall, tickHall, mergedInto } from '../qa_store.js';
import { keep, own } from './kept.js';

extend({ en, da });

/** @typedef {import('../qa_store.js').Asked} Asked */
/** @typedef {import('../qa_store.js').Hall} Hall */

/** Counts come every second, every two from a server that has much to do. */
const UNCOUNTED_MS = 6000;
/** A session of more talks than this is followed around the one that is read: a socket has 64 channels in all. */
const FOLLOWED = 24;

export const halls = signal(/** @type {ReadonlyMap<string, Hall>} */ (new Map()));
/** Questions on their way, by id: not yet acknowledged, or refused. */
export const outgoing = computed(() => new Map(own.value.filter((e) => e.method === 'qa.ask').map((e) => [e.id, { id: e.id, talk: e.talk || e.params.talk, text: e.params.text, why: e.why ? whyOf({ fault: e.why }) : '', entry: e }])));
/** Votes cast here: `delta` is what the counts from the server do not contain yet. */
export const cast = signal(/** @type {ReadonlyMap<string, {value: number, delta: number, safe: boolean, why: string}>} */ (new Map()));
const kept = computed(() => votesKept(own.value));
/** Where questions landed that were asked of what somebody watched, by question. */
export const landed = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));

/** @param {string} talk @param {Hall | null} hall */
function put(talk, hall) {
  const next = new Map(halls.value);
  if (hall) next.set(talk, hall);
  else next.delete(talk);
  halls.value = next;
}

/** Votes cast here that the counts have in them by now. @param {Iterable<[string, number]>} tally @param {Hall | undefined} hall as it was before */
function settle(tally, hall) {
  const settled = new Map(cast.value);
  for (const [id, n] of tally) {
    const c = settled.get(id);
    if (c && counted(hall?.questions.get(id)?.votes ?? n, c.delta, n)) settled.set(id, { ...c, delta: 0 });
  }
  cast.value = settled;
}

/** @param {import('../protocol.js').Connection} conn @param {string} talk */
function follow(conn, talk) {
  const name = `talk:${talk}`;
  const stop = conn.subscribe(name, {
    snapshot: (doc) => {
      const hall = hallFrom(doc);
      settle([...hall.questions].map(([id, q]) => /** @type {[string, number]} */ ([id, q.votes])), halls.value.get(talk));
      put(talk, hall);
    },
    event: (type, data) => {
      const hall = halls.value.get(talk);
      if (!hall) return;
      const next = applyHall(hall, type, data);
      if (!next) return conn.resnapshot(name);
      put(talk, next);
      if (type === 'question.added') announceMany('added', (n) => tn('qa.spoken_new', n));
      else if (type === 'question.updated' && data.state === 'on_stage' && hall.questions.get(data.id)?.state !== 'on_stage') announceMany('stage', () => t('qa.spoken_stage', { text: data.text }));
    },
    tick: (tally) => {
      const hall = halls.value.get(talk);
      settle(tally, hall);
      if (hall) put(talk, tickHall(hall, tally));
    },
  });
  return () => {
    stop();
    put(talk, null);
  };
}

/** While a page shows the questions of these talks, the one it is about first. @param {import('../protocol.js').Connection} conn @param {string[]} talks */
export function followTalks(conn, talks) {
  const who = person.value?.id;
  const wanted = talks.filter(Boolean).slice(0, FOLLOWED);
  useEffect(() => {
    if (!who) return;
    const stops = wanted.map((talk) => follow(conn, talk));
    return () => stops.forEach((stop) => stop());
  }, [wanted.join(), who]);
}

/** Own questions speak for themselves when something becomes of them. */
let before = mine.value.questions;
effect(() => {
  const now = mine.value.questions;
  for (const [id, q] of now) {
    const old = before.get(id);
    if (old && old.state !== q.state && q.state !== 'pending') announceMany('own', () => t('own.spoken', { state: t(`own.${q.state}`) }));
  }
  before = now;
});

/** @param {string} id @param {string} talk the one the page showed @param {any} params of qa.ask */
export async function ask(id, talk, params) {
  try {
    const reply = await keep(askEntry(id, params, talk));
    const at = reply.talk || talk;
    if (at !== talk) landed.value = new Map(landed.value).set(id, at);
    const mineNow = new Map(mine.value.questions);
    // The person's own channel may have been faster and know more.
    const known = /** @type {any} */ (mineNow.get(id));
    const times = { ...(reply.ahead === undefined ? {} : { ahead: reply.ahead }), ...(reply.about_s === undefined ? {} : { about_s: reply.about_s }) };
    mineNow.set(id, known ? { ...times, ...known } : { id, talk: at, text: params.text, state: reply.state, version: reply.version, votes: 0, asked_at: new Date(minute.value).toISOString(), ...times });
    mine.value = { ...mine.value, questions: mineNow };
    announce(t(reply.state === 'pending' ? 'ask.saved' : 'ask.state_approved'));
  } catch (e) {
    announce(whyOf(e));
  }
}

/** One's vote for a question, or for one that was merged into it: the server counts a person once. @param {Asked} q @param {Hall} [hall] */
export function myVote(q, hall) {
  const one = (/** @type {string} */ id, /** @type {number | undefined} */ said) => cast.value.get(id)?.value ?? kept.value.get(id) ?? mine.value.votes.get(id) ?? said;
  const direct = one(q.id, q.my_vote || undefined);
  if (direct !== undefined) return direct;
  return hall && mergedInto(hall, q.id).some((id) => one(id, undefined) === 1) ? 1 : 0;
}

/** What the page adds to the server's count until that has it: also for a vote kept from before the page was opened. @param {string} id */
export const voteDelta = (id) => cast.value.get(id)?.delta ?? (kept.value.has(id) ? (kept.value.get(id) || 0) - (mine.value.votes.get(id) || 0) : 0);
/** @param {string} id */
export const voteWaits = (id) => (cast.value.has(id) ? !cast.value.get(id)?.safe : kept.value.has(id)) && (status.value.state === 'open' ? 'sending' : 'kept');

/** @param {Asked} q @param {number} value @param {Hall} [hall] @returns {Promise<void>} */
export async function vote(q, value, hall, again = false) {
  const change = (/** @type {any} */ more) => {
    const old = cast.value.get(q.id) || { value: myVote(q, hall), delta: 0, safe: true, why: '' };
    cast.value = new Map(cast.value).set(q.id, { ...old, ...more });
  };
  const was = myVote(q, hall);
  if (!again) change({ value, delta: (cast.value.get(q.id)?.delta || 0) + value - was, safe: false, why: '' });
  const seq = mine.value.seq + 1;
  mine.value = { ...mine.value, seq };
  try {
    const reply = await keep(voteEntry(q.id, value, seq));
    if (reply.seq > seq && reply.value !== value && !again) {
      // Another device of the same person has counted further: this finger was the later one.
      mine.value = { ...mine.value, seq: Math.max(mine.value.seq, reply.seq) };
      return vote(q, value, hall, true);
    }
    // One that was merged meanwhile counts where it went.
    mine.value = { ...mine.value, votes: new Map(mine.value.votes).set(q.id, reply.value).set(reply.question || q.id, reply.value) };
    change({ safe: true, value: reply.value });
    // No count came: it has not changed, or somebody else's was taken back at the same time.
    setTimeout(() => cast.value.get(q.id)?.safe && change({ delta: 0 }), UNCOUNTED_MS);
  } catch (e) {
    change({ value: was, delta: 0, safe: true, why: whyOf(e) });
    announce(whyOf(e));
  }
}
