// web/poll.js: what a page knows of a poll: which picture of it is newer, its counts, its bars (no DOM; tested in Node)

/**
 * @typedef {{id: string, text: string}} Option
 * @typedef {[string, number][]} Tally as a tick has it
 * @typedef {{id: string, talk: string, question: string, kind: 'single' | 'multiple', results: 'always' | 'after_vote' | 'after_close' | 'never',
 *   state: 'draft' | 'running' | 'closed', version: number, options: Option[], counts?: Tally, mine?: {options: string[], seq: number},
 *   shown?: boolean, nth?: number, opened_at?: string, closed_at?: string}} Poll
 */

/** The newer of two pictures of one poll; what is one reader's own stays. @param {Poll | null | undefined} old @param {Poll} data @returns {Poll} */
export function newer(old, data) {
  if (!old || old.id !== data.id) return data;
  if (data.version < old.version) return old;
  return { ...data, mine: data.mine || old.mine, counts: data.counts || (data.state === 'running' ? old.counts : undefined) };
}

/** What a talk's audience has before it after an event: a new poll takes the place of the old one. @param {Poll | null} old @param {string} type @param {any} data @returns {Poll | null} */
export function applyPoll(old, type, data) {
  if (!/^poll\.(opened|changed|closed)$/.test(type) || !data.id) return old;
  if (old && old.id !== data.id && old.state === 'running' && data.state !== 'running') return old;
  // A word about an old one, late: it brings nothing back.
  if (old && old.id !== data.id && data.state === 'closed' && (old.opened_at || '') > (data.opened_at || '')) return old;
  return newer(old, data);
}

/** @param {Poll} poll @param {Tally} tally a tick: only what changed @returns {Poll} */
export function withCounts(poll, tally) {
  const counts = new Map(poll.counts || []);
  for (const [key, n] of tally) counts.set(key, n);
  return { ...poll, counts: [...counts] };
}

/** May this reader hear the counts while it runs? The server says so too. @param {Poll} poll */
export const mayHear = (poll) => poll.results === 'always' || (poll.results === 'after_vote' && (poll.mine?.options.length || 0) > 0);

/**
 * Each answer with its votes and its share of those who voted, in percent; null while the counts are not known.
 * @param {Poll} poll @param {Tally | null | undefined} [tally]
 * @returns {{voters: number, top: number, rows: {id: string, text: string, n: number, share: number}[]} | null}
 */
export function bars(poll, tally = poll.counts) {
  if (!tally) return null;
  const counts = new Map(tally);
  const voters = counts.get('voters') || 0;
  const rows = poll.options.map((o) => {
    const n = counts.get(o.id) || 0;
    return { ...o, n, share: voters ? Math.round((100 * n) / voters) : 0 };
  });
  return { voters, rows, top: Math.max(0, ...rows.map((r) => r.n)) };
}

/** Polls at the desk, by talk and the newest first. @param {Map<string, Poll>} polls @param {{id: string}[]} talks */
export const deskOrder = (polls, talks) => {
  const place = new Map(talks.map((x, i) => [x.id, i]));
  const rank = { running: 0, draft: 1, closed: 2 };
  return [...polls.values()].sort((a, b) => rank[a.state] - rank[b.state] || (place.get(a.talk) ?? 99) - (place.get(b.talk) ?? 99) || (b.nth || 0) - (a.nth || 0));
};
