// web/organise/selection_model.js: the selection's board as data: what is meant, what is shown in which order, where a talk would go (no DOM; tested in Node)

/**
 * @typedef {'talk' | 'poster' | 'standby' | 'declined'} Outcome
 * @typedef {{outcome: Outcome, session?: string | null, rank?: number | null, note?: string, by?: string, at: string}} Staged
 * @typedef {{abstract: string, number: number, title: string, name: string, affiliation?: string, wish: string, mode: string, received: string, tracks: string[], reviews?: number,
 *   score?: number, z?: number, spread?: number, outcome?: Outcome, session?: string, rank?: number, decided?: string, returned?: string, talk?: string, version: number, staged?: Staged}} Row
 * @typedef {{session: string, title: string, track: string | null, places: number, start: string | null, room: string | null, taken: number, held: number}} Place
 * @typedef {{posters: number | null, answer_days: number, standby_days: number, round: number, version: number}} Terms
 * @typedef {{terms: Terms, posters: {places: number | null, taken: number, held: number}, sessions: Place[], counts: {abstracts: number, staged: number, undecided: number, drafts: number},
 *   mails: number, abstracts: Row[]}} Board
 */

/** @type {Outcome[]} */
export const OUTCOMES = ['talk', 'poster', 'standby', 'declined'];
export const TABS = ['all', 'open', ...OUTCOMES, 'returned'];
export const SORTS = ['score', 'z', 'number', 'spread'];

/** What will hold once everything staged is applied. @param {Row} r @returns {{outcome?: Outcome, session?: string | null, rank?: number | null}} */
export const meant = (r) => r.staged || { outcome: r.outcome, session: r.session, rank: r.rank };

/** Under which tab it stands. @param {Row} r */
export const tabOf = (r) => meant(r).outcome || (r.returned ? 'returned' : 'open');

/** @param {Row[]} rows @returns {Record<string, number>} */
export function counts(rows) {
  const n = Object.fromEntries(TABS.map((name) => [name, 0]));
  for (const r of rows) n[tabOf(r)]++;
  n.all = rows.length;
  return n;
}

/** @param {number | undefined} a @param {number | undefined} b what nobody has reviewed comes last */
const down = (a, b) => (b ?? -Infinity) - (a ?? -Infinity) || 0;

/** @type {Record<string, (a: Row, b: Row) => number>} */
const ORDER = {
  score: (a, b) => down(a.score, b.score),
  z: (a, b) => down(a.z, b.z),
  spread: (a, b) => down(a.spread, b.spread),
  number: () => 0,
};

/** List after list; the one for all sessions comes last. @param {string} a @param {string} b */
const lists = (a, b) => (a === b ? 0 : !a ? 1 : !b ? -1 : a < b ? -1 : 1);

/**
 * What is shown: of one tab, of one topic, with all the words somewhere in number, title, name or affiliation. A standby list is in its own order.
 * @param {Row[]} rows @param {{tab: string, track: string, sort: string, words: string[]}} by @param {(text: string) => string} fold
 */
export function shown(rows, { tab, track, sort, words }, fold) {
  const found = rows.filter((r) => (tab === 'all' || tabOf(r) === tab) && (!track || r.tracks.includes(track))
    && (!words.length || words.every((w) => fold(`${r.number} ${r.title} ${r.name} ${r.affiliation || ''}`).includes(w))));
  const order = tab === 'standby' ? (/** @type {Row} */ a, /** @type {Row} */ b) => lists(meant(a).session || '', meant(b).session || '') || (meant(a).rank || 0) - (meant(b).rank || 0) : ORDER[sort] || ORDER.number;
  return found.sort((a, b) => order(a, b) || a.number - b.number);
}

/** @param {{places: number | null, taken: number}} p null: nobody counts them */
export const left = (p) => (p.places === null ? Infinity : Math.max(0, p.places - p.taken));

/** Where a talk would go by itself: the session it is in, else one of its topics with room, else the first with room. @param {Row} r @param {Place[]} sessions */
export function placeFor(r, sessions) {
  const now = meant(r);
  if (now.outcome === 'talk' && sessions.some((s) => s.session === now.session)) return now.session || null;
  const free = sessions.filter((s) => left(s) > 0);
  return (free.find((s) => s.track && r.tracks.includes(s.track)) || free[0])?.session || null;
}

/** Those of the same standby list, in its order. @param {Row[]} rows @param {Row} r */
export const sameList = (rows, r) => rows.filter((x) => meant(x).outcome === 'standby' && (meant(x).session || null) === (meant(r).session || null)).sort((a, b) => (meant(a).rank || 0) - (meant(b).rank || 0) || a.number - b.number);

/** The write that moves it one up or down in its list: down is the next one moved up. @param {Row[]} rows @param {Row} r @param {-1 | 1} by @returns {{row: Row, rank: number} | null} */
export function moved(rows, r, by) {
  const list = sameList(rows, r);
  const at = list.findIndex((x) => x.abstract === r.abstract);
  const other = list[at + by];
  if (!other) return null;
  return by < 0 ? { row: r, rank: meant(other).rank || 1 } : { row: other, rank: meant(r).rank || 1 };
}

/** One key an outcome; `0` takes back what was staged. @type {Record<string, Outcome | ''>} */
export const KEYS = { 1: 'talk', 2: 'poster', 3: 'standby', 4: 'declined', 0: '' };

/**
 * What is not as it was looked at: of whom it says what (`may`: nothing keeps them any more), and whether anything else is meant. `seen` and `now` are previews.
 * @typedef {import('./selection_preview.js').Preview} Preview
 * @param {Preview | null} seen @param {Preview} now @returns {{people: {name: string, what: 'inside' | 'other' | 'may' | 'new' | 'gone'}[], staged: boolean}}
 */
export function changed(seen, now) {
  const of = (/** @type {Preview | null} */ p) => new Map((p?.registered || []).map((r) => [`${r.abstract} ${r.email}`, r]));
  const [before, after] = [of(seen), of(now)];
  const meantTo = (/** @type {Preview | null} */ p) => JSON.stringify([p?.over, p?.kinds.map((k) => [k.kind, k.recipients.map((r) => [r.abstract, r.email, r.session, r.rank])])]);
  /** @type {{name: string, what: 'inside' | 'other' | 'may' | 'new' | 'gone'}[]} */
  const people = [];
  for (const [key, r] of after) {
    const was = before.get(key);
    if (!was) people.push({ name: r.name, what: 'new' });
    else if (was.stays !== r.stays) people.push({ name: r.name, what: r.stays || 'may' });
  }
  for (const [key, r] of before) if (!after.has(key)) people.push({ name: r.name, what: 'gone' });
  return { people, staged: meantTo(seen) !== meantTo(now) };
}
