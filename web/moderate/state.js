// web/moderate/state.js: a desk as pure functions over snapshots and events: the questions of one talk, or of all talks of a session (tested in Node)
import { ranked } from '../store.js';

/**
 * @typedef {{by: {id: string, name: string}, until: string}} Claim
 * @typedef {import('../store.js').Question & {kind?: string, origin?: string, named?: boolean, quote?: string, hits?: string[] | null, reports?: number, muted?: boolean, original?: string | null,
 *   revision?: string | null, merged_into?: string | null, merged?: string[], claim?: Claim | null, silent?: boolean, changed_by?: {id: string, name: string} | null, private_answer?: boolean, answer?: {text: string, by: string, at: string} | null, skipped?: boolean | string | null,
 *   whole?: boolean, edited?: boolean}} Row
 * @typedef {{talks: string[], questions: Map<string, Row>, windows: Map<string, any>, settings: Map<string, any>, heard: Set<string>, faults: Map<string, string>}} Desk
 * @typedef {{talk: string, rows: Row[]}} Group
 */

/** A desk that has heard nothing yet. @param {string[]} talks @returns {Desk} */
export const emptyDesk = (talks) => ({ talks, questions: new Map(), windows: new Map(), settings: new Map(), heard: new Set(), faults: new Map() });

/** Whether every talk has said how it stands, or why it does not. @param {Desk} d */
export const complete = (d) => d.talks.length > 0 && d.talks.every((id) => d.heard.has(id) || d.faults.has(id));

/** The snapshot of `talk:<id>:mod`: what that talk has now, and nothing it had before. @param {Desk} d @param {string} talk @param {any} doc @returns {Desk} */
export function hear(d, talk, doc) {
  const questions = new Map([...d.questions].filter(([, q]) => q.talk !== talk));
  for (const q of doc.questions || []) {
    const old = d.questions.get(q.id);
    // Moved here and away again while the snapshot was on its way: the newer word counts.
    questions.set(q.id, old && old.version > q.version ? old : { ...q, talk: q.talk || talk, votes: q.votes ?? 0 });
  }
  const next = { ...d, questions, windows: new Map(d.windows).set(talk, { ask: false, vote: false, ...doc.window }), heard: new Set(d.heard).add(talk), faults: without(d.faults, talk) };
  if (doc.settings) next.settings = new Map(d.settings).set(talk, doc.settings);
  return doc.tally ? tick(next, talk, doc.tally) : next;
}

/** @param {Map<string, any>} map @param {string} key */
function without(map, key) {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

/** @param {Desk} d @param {string} talk @param {string} fault @returns {Desk} */
export const refuse = (d, talk, fault) => ({ ...d, faults: new Map(d.faults).set(talk, fault) });

/** An event of `talk:<id>:mod`. @param {Desk} d @param {string} talk @param {string} type @param {any} data @returns {Desk} */
export function apply(d, talk, type, data) {
  if (type === 'question.added' || type === 'question.updated' || type === 'report.raised') return put(d, talk, data.question && typeof data.question === 'object' ? data.question : data);
  if (type === 'question.removed') {
    const id = data.id || data.question;
    // A question that moved may have arrived at its new talk before it left the old one.
    return d.questions.get(id)?.talk === talk ? { ...d, questions: without(d.questions, id) } : d;
  }
  if (type === 'claim.changed') {
    const q = d.questions.get(data.question || data.id);
    return q ? { ...d, questions: new Map(d.questions).set(q.id, { ...q, claim: data.claim || null }) } : d;
  }
  if (type === 'settings.changed') return { ...d, settings: new Map(d.settings).set(talk, { ...d.settings.get(talk), ...(data.settings || data) }) };
  if (type === 'window.changed') {
    const next = { ...d, windows: new Map(d.windows).set(talk, { ...d.windows.get(talk), ...(data.window || data) }) };
    return data.settings ? { ...next, settings: new Map(d.settings).set(talk, data.settings) } : next;
  }
  return d;
}

/** @param {Desk} d @param {string} talk @param {any} data @returns {Desk} */
function put(d, talk, data) {
  const old = d.questions.get(data.id);
  if (!data.id || (old && data.version < old.version)) return d;
  // A whole row leaves out what is not so any more; counts come by tick and claims by their own event.
  const whole = data.text !== undefined && data.state !== undefined;
  const votes = old ? old.votes : (data.votes ?? 0);
  const row = whole ? { ...data, talk: data.talk || talk, votes, claim: 'claim' in data ? data.claim : old?.claim } : old ? { ...old, ...data, votes } : null;
  return row ? { ...d, questions: new Map(d.questions).set(data.id, row) } : d;
}

/** The reply to one's own command: what is certain before its event comes. @param {Desk} d @param {string} id @param {any} change @returns {Desk} */
export function settle(d, id, change) {
  const q = d.questions.get(id);
  if (!q || (change.version !== undefined && change.version < q.version)) return d;
  return { ...d, questions: new Map(d.questions).set(id, { ...q, ...change, id, votes: q.votes }) };
}

/**
 * Absolute counts of one talk; keys that are not its questions are somebody else's, or of a question that went to another talk and counts there.
 * @param {Desk} d @param {string} talk @param {[string, number][]} tally @returns {Desk}
 */
export function tick(d, talk, tally) {
  const fresh = tally.filter(([id, n]) => d.questions.get(id)?.talk === talk && d.questions.get(id)?.votes !== n);
  if (!fresh.length) return d;
  const questions = new Map(d.questions);
  for (const [id, votes] of fresh) questions.set(id, { .../** @type {Row} */ (questions.get(id)), votes });
  return { ...d, questions };
}

const asked = (/** @type {Row} */ a, /** @type {Row} */ b) => (a.asked_at < b.asked_at ? -1 : a.asked_at > b.asked_at ? 1 : a.id < b.id ? -1 : 1);

/** Prepared ones stand apart from the vote, what was passed over comes last. @param {Row[]} rows @returns {Row[]} */
export function rankedRows(rows) {
  const rank = (/** @type {Row} */ q) => (q.skipped ? 2 : q.kind === 'prepared' ? 0 : 1);
  return /** @type {Row[]} */ (ranked(rows)).sort((a, b) => rank(a) - rank(b));
}

/** What a column is made of. */
export const STATES = { pending: ['pending'], approved: ['approved'], done: ['answered', 'dismissed', 'withdrawn', 'archived'] };

/**
 * The lists of a desk, each in groups by talk in the programme's order; `talk` shows one talk only. Merged ones stand with their head.
 * @param {Desk} d @param {string} [talk]
 */
export function columns(d, talk = '') {
  const order = d.talks.filter((id) => !talk || id === talk);
  const rows = [...d.questions.values()].filter((q) => order.includes(q.talk));
  const groups = (/** @type {string[]} */ states, /** @type {(rows: Row[]) => Row[]} */ sorted) =>
    order.map((id) => ({ talk: id, rows: sorted(rows.filter((q) => q.talk === id && states.includes(q.state))) })).filter((g) => g.rows.length);
  return {
    stage: rows.filter((q) => q.state === 'on_stage'),
    pending: groups(STATES.pending, (x) => x.sort(asked)),
    approved: groups(STATES.approved, rankedRows),
    done: groups(STATES.done, (x) => x.sort((a, b) => asked(b, a))),
  };
}

/** @param {Group[]} groups */
export const flat = (groups) => groups.flatMap((g) => g.rows);
/** @param {Group[]} groups */
export const size = (groups) => groups.reduce((n, g) => n + g.rows.length, 0);

/** What was merged into a question, the oldest first. @param {Desk} d @param {string} head @returns {Row[]} */
export const mergedInto = (d, head) => [...d.questions.values()].filter((q) => q.merged_into === head && q.state === 'merged').sort(asked);

/** How many wait, and since when the oldest does. @param {Desk} d @param {string} talk */
export function waiting(d, talk) {
  const rows = [...d.questions.values()].filter((q) => q.talk === talk && q.state === 'pending').sort(asked);
  return { count: rows.length, oldest: rows[0]?.asked_at || null };
}

/** Who else is on it. `until` is not looked at: renewals are not told, the end is. @param {Row} q @param {string} me */
export const claimedBy = (q, me) => (q.claim && q.claim.by.id !== me ? q.claim.by : null);

/** From which states each command leads away. @type {Record<string, string[]>} */
const FROM = {
  'qa.approve': ['pending', 'dismissed'],
  'qa.dismiss': ['pending', 'approved'],
  'qa.stage': ['approved'],
  'qa.answer': ['on_stage', 'approved'],
  'qa.reopen': ['answered', 'on_stage'],
  'qa.hold': ['approved', 'dismissed'],
  'qa.edit': ['pending', 'approved', 'on_stage', 'answered'],
  'qa.skip': ['on_stage', 'approved'],
  'qa.move': ['pending', 'approved', 'answered', 'dismissed'],
  'qa.merge': ['pending', 'approved'],
  'qa.restore': ['archived'],
};

/** Whether a command makes sense for this question; the server decides. @param {string} method @param {Row} q @param {string} [form] what it asks first */
export function allowed(method, q, form) {
  // Words may come later.
  if (form === 'answer' && (q.state === 'answered' || q.state === 'archived')) return true;
  if (method === 'qa.accept') return !!q.revision;
  if (method === 'qa.skip' && q.skipped && q.state === 'approved') return false;
  if (method === 'qa.merge' && (q.kind === 'prepared' || q.kind === 'spoken')) return false;
  if (method === 'person.mute') return q.kind !== 'prepared' && q.kind !== 'spoken';
  return (FROM[method] || []).includes(q.state);
}

/** A merge joins two of the same desk that may both still be judged. @param {Row | undefined} marked @param {Row} q */
export const mergeable = (marked, q) => !!marked && marked.id !== q.id && marked.talk === q.talk && allowed('qa.merge', marked) && [...(FROM['qa.merge']), 'on_stage'].includes(q.state);

/** @typedef {{question: string, method: string, at: number}} Own */

/** How long an own action can be taken back. */
export const UNDO_MS = 30000;

/** One's own actions with a new one; only the last ten are worth keeping. @param {Own[]} own @param {Own} action */
export const remember = (own, action) => [...own.slice(-9), action];

/** The last own action if it can still be taken back: the server takes back the last on a question, in its time. @param {Own[]} own @param {number} now */
export function undoable(own, now) {
  const last = own[own.length - 1];
  return last && now - last.at < UNDO_MS ? last : null;
}

/**
 * @typedef {{id: string, name: string, since: string}} Here
 * @typedef {{session: string, settings: any, talks: {id: string, title: string}[], moderators: Here[], lead: {id: string, name: string} | null, offer: any, told: number,
 *   waiting: {count: number, oldest_at: string | null}, messages: any[], chairs: {station: string, name: string, since: string}[], mic: any, fairness: any}} SessionDesk
 */

/** The snapshot of `desk:<session>`. @param {any} doc @returns {SessionDesk} */
export const sessionFrom = (doc) => ({
  session: doc.session, settings: doc.settings || {}, talks: doc.talks || [], moderators: doc.moderators || [], lead: doc.lead || null, offer: doc.offer || null, told: doc.told || 0,
  waiting: doc.waiting || { count: 0, oldest_at: null }, messages: doc.messages || [], chairs: doc.chairs || [], mic: doc.mic || null, fairness: doc.fairness || null,
});

/** @param {any[]} rows @param {any} row @param {string} key */
const replaced = (rows, row, key) => (rows.some((x) => x[key] === row[key]) ? rows.map((x) => (x[key] === row[key] ? { ...x, ...row } : x)) : [...rows, row]);

/** An event of that channel. Null: it says too little, and the desk must be read again. @param {SessionDesk} s @param {string} type @param {any} data @returns {SessionDesk | null} */
export function applySession(s, type, data) {
  if (type === 'backstage.sent' || type === 'backstage.acked') {
    const message = data.message && typeof data.message === 'object' ? data.message : data;
    const id = message.id || message.message;
    return id ? { ...s, messages: replaced(s.messages, { ...message, id }, 'id').slice(-50) } : null;
  }
  if (type === 'settings.changed') return { ...s, settings: { ...s.settings, ...(data.settings || data) } };
  /** @type {any} */
  const known = {};
  for (const name of ['moderators', 'lead', 'offer', 'told', 'waiting', 'chairs', 'mic', 'fairness', 'talks']) if (name in data) known[name] = data[name];
  if (Object.keys(known).length) return { ...s, ...known };
  return type.startsWith('moderator.') || type.startsWith('desk.') || type.startsWith('chair.') ? null : s;
}

/** What the hand-over asks of me: to accept one, to wait for one, or nothing. @param {SessionDesk | null} s @param {string} me */
export function handover(s, me) {
  if (!s?.offer) return null;
  const id = (/** @type {any} */ x) => (x && typeof x === 'object' ? x.id : x);
  const name = (/** @type {any} */ x) => (x && typeof x === 'object' && x.name) || s.moderators.find((/** @type {any} */ m) => m.id === id(x))?.name || '';
  const { to, by, note } = s.offer;
  return { mine: id(to) === me, to: name(to), by: name(by), note: note || '', waits: id(by) === me };
}

/** Messages that nobody has said to have read, the oldest first. @param {SessionDesk | null} s */
export const unread = (s) => (s?.messages || []).filter((/** @type {any} */ m) => !m.acked);

/** @typedef {{session: string, talk?: string, title: string, count: number, oldest_at: string, level: number}} Alarm */

/** Alarms by session: the newest word on each. @param {Alarm[]} alarms @param {string} type @param {any} data @returns {Alarm[]} */
export function applyAlarm(alarms, type, data) {
  if (type === 'desk.settled') return alarms.filter((a) => a.session !== data.session);
  if (type === 'desk.waiting') return [...alarms.filter((a) => a.session !== data.session), data];
  return alarms;
}

/** Rows in pieces of about `n`: the unit a long list draws or leaves out. A talk's heading stands before its first piece. @param {Group[]} groups @returns {{key: string, talk: string, head: boolean, rows: Row[], total: number}[]} */
export function pieces(groups, n = 12) {
  return groups.flatMap((g) => Array.from({ length: Math.ceil(g.rows.length / n) }, (_, i) => ({ key: `${g.talk}:${i}`, talk: g.talk, head: i === 0, rows: g.rows.slice(i * n, i * n + n), total: g.rows.length })));
}
