// web/outbox.js: what a page without network may keep and send later, and in which order (pure; tested in Node)

/**
 * `id` is the row's own: the question's, the key of a star. `talk`: where a question was written, which may not be where it lands. `target`: a later entry on the same target takes the earlier one's place.
 * @typedef {{id: string, target: string, method: 'qa.ask' | 'qa.vote' | 'star.set', params: any, person: string, slug: string, order: number, why?: string, talk?: string}} Kept
 */

/** @param {string} question @param {any} params of qa.ask @param {string} talk */
export const askEntry = (question, params, talk) => ({ id: question, target: `ask:${question}`, method: /** @type {const} */ ('qa.ask'), params: { question, ...params }, talk });
/** @param {string} question @param {number} value @param {number} seq */
export const voteEntry = (question, value, seq) => ({ id: `vote:${question}`, target: `vote:${question}`, method: /** @type {const} */ ('qa.vote'), params: { question, value, seq } });
/** @param {string} session @param {boolean} value @param {string} key */
export const starEntry = (session, value, key) => ({ id: key, target: `star:${session}`, method: /** @type {const} */ ('star.set'), params: { session, value, key } });

/** The entries with a new one, at the end. Stars and votes say how it is to be, so only the last word on each counts. @param {Kept[]} entries @param {Kept} entry */
export const withEntry = (entries, entry) => [...entries.filter((e) => e.target !== entry.target), entry];

/** What may be sent now: this person's, in this conference, not refused, oldest first. @param {Kept[]} entries @param {string} person @param {string} slug */
export const sendable = (entries, person, slug) => entries.filter((e) => e.person === person && e.slug === slug && !e.why).sort((a, b) => a.order - b.order);

/** How votes stand that are still on their way, by question. @param {Kept[]} entries @returns {Map<string, number>} */
export const votesKept = (entries) => new Map(entries.filter((e) => e.method === 'qa.vote' && !e.why).map((e) => [e.params.question, e.params.value]));

/** How a failed send ends: 'again' keeps it for later, 'final' says why. A limit with a waiting time is haste, one without is an answer. @param {string} fault @param {any} [data] */
export const verdict = (fault, data) => (typeof data?.retry_after_ms === 'number' || ['busy', 'unknown_outcome', 'internal', 'auth.required', 'auth.expired', 'network'].includes(fault) ? 'again' : 'final');

/** Stars as they stand with what is still on its way. @param {ReadonlySet<string>} stars @param {Kept[]} entries */
export function starsWith(stars, entries) {
  const out = new Set(stars);
  for (const e of entries) {
    if (e.method !== 'star.set' || e.why) continue;
    if (e.params.value) out.add(e.params.session);
    else out.delete(e.params.session);
  }
  return out;
}
