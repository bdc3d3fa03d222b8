// web/qa_store.js: what an attendee knows of the questions of a talk and of the session it is part of, as pure functions (tested in Node)
import { questionsFrom, applyQuestions, applyTick } from './store.js';

/**
 * @typedef {import('./store.js').Question & {kind?: string, edited?: boolean, whole?: boolean, skipped?: boolean, author?: {name: string} | null,
 *   answer?: {text: string, by?: string, at?: string, public?: boolean}, into?: string | null, merged_into?: string | null, revision?: string | null, ahead?: number, about_s?: number}} Asked
 * @typedef {{ask: boolean, vote: boolean, show: boolean, mic: boolean, paused: boolean, joint: boolean}} HallWindow
 * @typedef {{questions: Map<string, Asked>, window: HallWindow, identity: string, moderated: boolean, waiting: number, mic: number, dismissed: Map<string, number>,
 *   merged: Map<string, string>, poll: any}} Hall
 */

/** The key of a tally that is not a question's votes. */
const DISMISSED = 'dismissed:';
const LATENCY_MAX_MS = 120000;

/** `qa.list`, or the snapshot of `talk:<talk>`. @param {any} doc @returns {Hall} */
export function hallFrom(doc) {
  const { questions, window } = questionsFrom({ questions: doc.questions || [], window: doc.window });
  const hall = {
    questions, window: { show: true, mic: false, paused: false, joint: false, ...window }, identity: doc.identity || doc.settings?.identity || 'masked',
    moderated: (doc.moderated ?? doc.settings?.moderated) !== false, waiting: 0, mic: 0, dismissed: new Map(), merged: new Map(), poll: doc.poll || null,
  };
  return doc.tally ? tickHall(hall, doc.tally) : hall;
}

/** An event of `talk:<talk>`. Null: the list must be read again. @param {Hall} s @param {string} type @param {any} data @returns {Hall | null} */
export function applyHall(s, type, data) {
  if (type === 'window.changed') {
    const window = { ...s.window, ...(data.window || data) };
    // What may not be seen is forgotten, and what may be seen again was not heard meanwhile.
    if (!window.show) return { ...s, window, questions: new Map() };
    return s.window.show ? { ...s, window } : null;
  }
  if (type.startsWith('poll.')) return { ...s, poll: data };
  if (type === 'settings.changed') {
    const said = data.settings || data;
    return { ...s, identity: said.identity || s.identity, moderated: said.moderated ?? s.moderated };
  }
  const next = /** @type {Hall} */ (applyQuestions(/** @type {any} */ (s), type, data));
  const id = data.id || data.question;
  if (type === 'question.removed' && data.into) return { ...next, merged: new Map(s.merged).set(id, data.into) };
  // Taken apart again.
  if (type === 'question.added' && s.merged.has(id)) return { ...next, merged: new Map([...s.merged].filter(([k]) => k !== id)) };
  return next;
}

/** @param {Hall} s @param {[string, number][]} tally absolute values @returns {Hall} */
export function tickHall(s, tally) {
  const next = { .../** @type {Hall} */ (applyTick(/** @type {any} */ (s), tally)) };
  for (const [key, n] of tally) {
    if (key === 'waiting') next.waiting = Math.max(0, n);
    else if (key === 'mic') next.mic = Math.max(0, n);
    else if (key.startsWith(DISMISSED)) next.dismissed = new Map(next.dismissed).set(key.slice(DISMISSED.length), Math.max(0, n));
  }
  return next;
}

/**
 * Whether a count from the server has a vote in it that this page adds by itself: once it is as far as what is shown. It may come before the vote's answer, and one
 * from before the vote after it: what is shown jumps neither back nor ahead. @param {number} before the count so far @param {number} delta what the page adds @param {number} now the count that came
 */
export const counted = (before, delta, now) => (delta > 0 ? now >= before + delta : delta < 0 && now <= before + delta);

/** Passed over last, then votes, then who asked first. @param {Asked} a @param {Asked} b */
const before = (a, b) => Number(!!a.skipped) - Number(!!b.skipped) || b.votes - a.votes || (a.asked_at < b.asked_at ? -1 : a.asked_at > b.asked_at ? 1 : a.id < b.id ? -1 : 1);

/** What a talk's list shows, and where. @param {Hall | undefined} hall */
export function listOf(hall) {
  const all = [...(hall?.questions.values() || [])].sort(before);
  return { stage: all.filter((q) => q.state === 'on_stage'), rest: all.filter((q) => q.state === 'approved'), answered: all.filter((q) => q.state === 'answered') };
}

/** How many people may still vote for or hear answered. @param {Hall | undefined} hall */
export const openCount = (hall) => [...(hall?.questions.values() || [])].filter((q) => q.state !== 'answered').length;

/**
 * The talks of a block whose lists stand open: the one the page is about, what runs, and all while they are discussed together.
 * @param {import('./store.js').Talk[]} talks @param {ReadonlyMap<string, Hall>} halls @param {string} own
 */
export const groupsOf = (talks, halls, own) =>
  talks.map((talk) => ({ talk, hall: halls.get(talk.id), open: talk.id === own || !!halls.get(talk.id)?.window.joint || (!!talk.started && !talk.ended) }));

/** What was not shown and why, the most frequent first. @param {Hall | undefined} hall @returns {{n: number, why: [string, number][]}} */
export function notShown(hall) {
  const why = [...(hall?.dismissed || [])].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { n: why.reduce((sum, [, n]) => sum + n, 0), why };
}

/** Those that were merged into this one, also by way of another. @param {Hall} hall @param {string} head @returns {string[]} */
export function mergedInto(hall, head) {
  const direct = [...hall.merged].filter(([, into]) => into === head).map(([id]) => id);
  return direct.flatMap((id) => [id, ...mergedInto(hall, id)]);
}

/** Why nothing can be asked or shown now, or '' when it can. @param {Hall | null | undefined} hall @returns {'' | 'paused' | 'closed'} */
export const askBar = (hall) => (!hall ? '' : hall.window.paused ? 'paused' : hall.window.ask ? '' : 'closed');

/**
 * How far a viewer is behind the hall: by the stream's own clock if it has one, else as far behind its live edge, else as its staff said.
 * @param {{playing_at?: number | null, now?: number, latency_ms?: number | null, entry_ms?: number | null}} x @returns {number} milliseconds
 */
export function behindOf({ playing_at, now, latency_ms, entry_ms }) {
  const since = playing_at && now ? now - playing_at : 0;
  // A recording has a clock too, of another day.
  const own = since > 0 && since < 5 * LATENCY_MAX_MS ? since : Number.isFinite(latency_ms) && (latency_ms || 0) > 0 ? latency_ms : entry_ms;
  return Math.round(Math.min(LATENCY_MAX_MS, Math.max(0, own || 0)));
}

/** What may still be done about one's own question. @param {Asked} q */
export const ownActions = (q) => ({ revise: q.state === 'pending' || q.state === 'approved', withdraw: q.state === 'pending' || q.state === 'approved' });

/** Which sentence tells how an own question stands. @param {Asked} q */
export function ownWord(q) {
  if (q.state === 'merged') return 'merged';
  if (q.state === 'dismissed') return q.reason ? 'dismissed_why' : 'dismissed';
  if (q.state === 'pending' && typeof q.ahead === 'number') return q.ahead > 0 ? (q.about_s ? 'ahead_about' : 'ahead') : q.about_s ? 'first_about' : 'first';
  return q.state;
}

/** Own questions of these talks, the newest first: those that are over and were said so come last. @param {Map<string, Asked>} own @param {ReadonlySet<string>} talks */
export const ownOf = (own, talks) => [...own.values()].filter((q) => talks.has(q.talk) && q.state !== 'withdrawn').sort((a, b) => (a.asked_at < b.asked_at ? 1 : a.asked_at > b.asked_at ? -1 : 0));

/** Whether the server should be asked again how long it takes. @param {Map<string, Asked>} own */
export const someWait = (own) => [...own.values()].some((q) => q.state === 'pending');

/** `qa.mine` laid over what is known: it alone says how many are ahead. @param {Map<string, Asked>} own @param {Asked[]} rows @returns {Map<string, Asked>} */
export function withMine(own, rows) {
  const next = new Map(own);
  for (const row of rows) {
    const old = next.get(row.id);
    // What was heard since is newer than an answer on its way.
    if (old && old.version > row.version) continue;
    const { ahead, about_s, ...rest } = /** @type {Asked} */ (old || {});
    next.set(row.id, { ...rest, ...row });
  }
  return next;
}

/** A long list in pieces, each with the place of its first row. @param {string[]} ids @returns {{from: number, ids: string[]}[]} */
export function pieceIds(ids, size = 25) {
  const out = [];
  for (let i = 0; i < ids.length; i += size) out.push({ from: i, ids: ids.slice(i, i + size) });
  return out;
}

/** `qa.unanswered` by talk, the talk with the most first. @param {Asked[]} rows @returns {{talk: string, rows: Asked[]}[]} */
export function byTalk(rows) {
  /** @type {Map<string, Asked[]>} */
  const map = new Map();
  for (const q of [...rows].sort(before)) map.set(q.talk, [...(map.get(q.talk) || []), q]);
  return [...map].map(([talk, some]) => ({ talk, rows: some })).sort((a, b) => b.rows.length - a.rows.length);
}

/**
 * The parameters of `qa.ask`. Somebody who watches from behind asks the session, and the server knows which talk that was; everybody else asks the talk on the page.
 * @param {{text: string, talk: string, session?: string, follows?: boolean, behind_ms?: number, whole?: boolean, named?: boolean, quote?: string}} x
 */
export function askParams({ text, talk, session, follows, behind_ms = 0, whole, named, quote = 'no' }) {
  return {
    ...(follows && session && behind_ms > 0 ? { session } : { talk }), text,
    ...(whole ? { whole } : {}), ...(named ? { named } : {}), ...(quote === 'no' ? {} : { quote }), ...(behind_ms > 0 ? { behind_ms } : {}),
  };
}
