// web/review/model.js: what a reviewer has, as pure functions: the next one, how many are done, what is kept on the device

/**
 * @typedef {{id: string, name: string, weight: number | null, min: number, max: number}} Criterion
 * @typedef {{blind: boolean, until: string | null, closed: boolean, per_abstract: number, version: number, criteria: Criterion[]}} Setup
 * @typedef {{abstract: string, number: number, title: string, tracks: string[], state: 'none' | 'draft' | 'final'}} Assignment
 * @typedef {{setup: Setup, tracks: {id: string, name: string, color?: string}[], assignments: Assignment[]}} Mine
 * @typedef {{scores: Record<string, number>, to_authors: string, to_committee: string}} Words
 */

/** The next one that is not finished, behind the one that is open, round to the beginning. @param {Assignment[]} list @param {string} open @returns {Assignment | undefined} */
export function after(list, open) {
  const i = list.findIndex((a) => a.abstract === open);
  return [...list.slice(i + 1), ...list.slice(0, i + 1)].find((a) => a.state !== 'final');
}

/** @param {Assignment[]} list */
export const counts = (list) => ({ done: list.filter((a) => a.state === 'final').length, all: list.length });

/** @param {any} own @returns {Words} */
export const wordsOf = (own) => ({ scores: own?.scores || {}, to_authors: own?.to_authors || '', to_committee: own?.to_committee || '' });

/** @param {Words} a @param {Words} b */
export const same = (a, b) => a.to_authors === b.to_authors && a.to_committee === b.to_committee
  && Object.keys({ ...a.scores, ...b.scores }).every((k) => a.scores[k] === b.scores[k]);

/** Criteria without a score. @param {Criterion[]} criteria @param {Words} words */
export const missing = (criteria, words) => criteria.filter((c) => words.scores[c.id] === undefined);
