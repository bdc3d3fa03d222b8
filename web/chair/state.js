// web/chair/state.js: what a session's chair sees and presses: current, next, time left, messages; and how it stands with presses not yet sent (pure; tested in Node)
import { rankedRows } from '../moderate/state.js';

/**
 * @typedef {{key: string, method: string, params: any, text: string, sent?: boolean}} Press
 * @typedef {{session: string, title: string, talks: {id: string, title: string}[], slot: any, messages: any[], mic_next: any, mic_on: any}} Chair
 * @typedef {import('../moderate/state.js').Row} Row
 */

/** The snapshot of `chair:<session>`. @param {any} doc @returns {Chair} */
export const chairFrom = (doc) => ({ session: doc.session, title: doc.title || '', talks: doc.talks || [], slot: doc.slot || null, messages: doc.messages || [], mic_next: doc.mic_next || null, mic_on: doc.mic_on || null });

/** An event of that channel. Null: it must be read again. @param {Chair} c @param {string} type @param {any} data @returns {Chair | null} */
export function applyChair(c, type, data) {
  if (type === 'backstage.sent' || type === 'backstage.acked') {
    const message = data.message && typeof data.message === 'object' ? data.message : data;
    const id = message.id || message.message;
    if (!id) return null;
    const known = c.messages.some((m) => m.id === id);
    return { ...c, messages: known ? c.messages.map((m) => (m.id === id ? { ...m, ...message, id } : m)) : [...c.messages, { ...message, id }].slice(-30) };
  }
  if (type === 'mic.changed') return { ...c, mic_next: data.mic_next || null, mic_on: data.mic_on || null };
  return c;
}

/** Questions of all its talks, by their own channels. @param {Map<string, Row>} questions @param {string} talk @param {any} doc @returns {Map<string, Row>} */
export function hearTalk(questions, talk, doc) {
  const rest = [...questions].filter(([, q]) => q.talk !== talk);
  const tally = new Map(doc.tally || []);
  return new Map([...rest, ...(doc.questions || []).map((/** @type {Row} */ q) => [q.id, { ...q, talk: q.talk || talk, votes: tally.get(q.id) ?? q.votes ?? 0 }])]);
}

/** @param {Map<string, Row>} questions @param {string} talk @param {string} type @param {any} data @returns {Map<string, Row>} */
export function applyTalk(questions, talk, type, data) {
  const next = new Map(questions);
  if (type === 'question.added' || type === 'question.updated') {
    const old = questions.get(data.id);
    if (old && data.version < old.version) return questions;
    next.set(data.id, { ...data, talk: data.talk || talk, votes: old ? old.votes : (data.votes ?? 0) });
    return next;
  }
  if (type === 'question.removed' && questions.get(data.id)?.talk === talk) {
    next.delete(data.id);
    return next;
  }
  return questions;
}

/** One that went to another talk counts there. @param {Map<string, Row>} questions @param {string} talk @param {[string, number][]} tally @returns {Map<string, Row>} */
export function tickTalk(questions, talk, tally) {
  const next = new Map(questions);
  for (const [id, votes] of tally) {
    const q = next.get(id);
    if (q?.talk === talk) next.set(id, { ...q, votes });
  }
  return next;
}

/** The questions as they stand once the kept presses have arrived: each counts the version on, as the server will. @param {Map<string, Row>} questions @param {Press[]} presses @returns {Map<string, Row>} */
export function pressed(questions, presses) {
  const next = new Map(questions);
  for (const { method, params } of presses) {
    const q = params.question ? next.get(params.question) : undefined;
    // One that has arrived, while its reply has not: the version tells.
    if (!q || (params.expect_version !== undefined && q.version !== params.expect_version)) continue;
    const version = q.version + 1;
    if (method === 'qa.stage') {
      for (const other of next.values()) if (other.state === 'on_stage') next.set(other.id, { ...other, state: 'answered', version: other.version + 1 });
      next.set(q.id, { ...q, state: 'on_stage', version });
    } else if (method === 'qa.answer') next.set(q.id, { ...q, state: 'answered', version });
    else if (method === 'qa.skip') next.set(q.id, { ...q, state: 'approved', skipped: true, version });
    else if (method === 'qa.reopen') next.set(q.id, { ...q, state: 'approved', version });
  }
  return next;
}

/** What is on stage and what follows, over all talks of the session. @param {Map<string, Row>} questions */
export function viewOf(questions) {
  const rows = [...questions.values()];
  const current = rows.find((q) => q.state === 'on_stage') || null;
  const following = rankedRows(rows.filter((q) => q.state === 'approved'));
  return { current, next: following[0] || null, following: following.slice(1, 4), more: Math.max(0, following.length - 4), answered: rows.filter((q) => q.state === 'answered').length };
}

/** Messages for the chair that nobody has said to have read; those acknowledged here and not yet sent count as read. @param {Chair | null} c @param {Press[]} presses @param {string} me */
export function toRead(c, presses, me) {
  const said = new Set(presses.filter((p) => p.method === 'backstage.ack').map((p) => p.params.message));
  return (c?.messages || []).filter((m) => (m.audience === 'chair' || m.audience === 'all') && !m.acked && !said.has(m.id) && m.by?.id !== me);
}

/** The end of this session's slot as `now` tells it, else as the snapshot did: milliseconds, or 0. @param {any[]} rooms @param {string} session @param {any} [slot] */
export function endOf(rooms, session, slot) {
  for (const r of rooms) {
    for (const x of [r.now, r.next]) if (x?.session === session) return Date.parse(x.expected_end || x.end);
  }
  return slot && !slot.ended ? Date.parse(slot.expected_end || slot.end) : 0;
}

/** How a failed press ends: kept for later, or dropped because the server has decided otherwise. @param {string} fault @param {any} [data] @returns {'again' | 'late' | 'final'} */
export function ending(fault, data) {
  if (typeof data?.retry_after_ms === 'number' || ['busy', 'unknown_outcome', 'internal', 'network'].includes(fault)) return 'again';
  return ['conflict', 'qa.state', 'talk.state', 'talk.standby', 'not_found'].includes(fault) ? 'late' : 'final';
}
