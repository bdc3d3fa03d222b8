// web/kiosk/judge.js: what a door says without the server: door_rule, door_reason and door_next of sql/functions/checkin/reason.sql once more
// (pure; both are held against tests/vectors/door.json)
/**
 * @typedef {{category: string | null, opens: number, closes: number}} Window instants; whom it lets in: everybody (null) or a category
 * @typedef {{opens: number | null, closes: number | null, rules: Window[]}} Rules
 * @typedef {{status: 'out' | 'inside' | 'left' | 'revoked' | 'superseded', at?: number, station?: string}} Known what the snapshot has of a ticket
 * @typedef {{verdict: 'admitted' | 'repeat' | 'refused' | 'ask', reason?: string, window?: {opens: number | null, closes: number | null}}} Opinion
 * @typedef {'green' | 'green_offline' | 'amber' | 'red'} Colour
 */

/** The rules alone, at one moment; undefined: they let pass. @param {Rules} rules @param {string | null} category @param {number} at @returns {string | undefined} */
export function ruleReason({ opens, closes, rules }, category, at) {
  if (opens !== null && at < opens) return 'not_yet';
  if (closes !== null && at >= closes) return 'expired';
  if (!rules.length) return undefined;
  const own = rules.filter((w) => w.category === null || w.category === category);
  if (own.some((w) => at >= w.opens && at < w.closes)) return undefined;
  return !own.length ? 'wrong_category' : own.some((w) => w.opens > at) ? 'not_yet' : 'expired';
}

/** When to come instead: the next window for this category, within the list's own times. @param {Rules} rules @param {string | null} category @param {number} at */
export function nextWindow({ opens, closes, rules }, category, at) {
  if (!rules.length) return opens !== null && at < opens ? { opens, closes } : undefined;
  return rules
    .filter((w) => (w.category === null || w.category === category) && w.closes > w.opens && w.closes > (opens ?? -Infinity) && w.opens < (closes ?? Infinity))
    .map((w) => ({ opens: Math.max(w.opens, opens ?? -Infinity), closes: Math.min(w.closes, closes ?? Infinity) }))
    .filter((w) => w.opens > at)
    .sort((a, b) => a.opens - b.opens || a.closes - b.closes)[0];
}

/**
 * @param {{status?: string | null, inside: boolean, mode?: string | null, category?: string | null, direction: 'entry' | 'exit', rules: Rules, at: number, doubt?: number}} x
 * status: malformed, unknown, wrong_event, revoked, superseded or nothing; doubt: within so much of a boundary nobody knows
 * @returns {Opinion}
 */
export function doorReason({ status, inside, mode, category = null, direction, rules, at, doubt = 0 }) {
  const refused = (/** @type {string} */ reason) => ({ verdict: /** @type {const} */ ('refused'), reason });
  if (status === 'malformed' || status === 'unknown' || status === 'wrong_event') return refused(status);
  // Whoever wants to leave may.
  if (direction === 'exit') return { verdict: 'admitted' };
  if (status) return refused(status);
  if (inside) return refused('duplicate');
  const [reason, early, late] = [at, at - doubt, at + doubt].map((moment) => ruleReason(rules, category, moment));
  const doubtful = !reason !== !early || !reason !== !late;
  if (mode === 'online' && (!reason || doubtful)) return refused('wrong_mode');
  if (doubtful) return { verdict: 'ask', reason: reason || early || late };
  return reason ? refused(reason) : { verdict: 'admitted' };
}

/**
 * What this station says of a scan by its snapshot.
 * @param {{code: boolean, known: Known | null, category?: string | null, mode?: string, direction: 'entry' | 'exit', at: number, doubt: number, rules: Rules}} scan
 * code: whether it was a whole code; known: null when the snapshot has no such ticket
 * @returns {Opinion}
 */
export function judge({ code, known, category = null, mode, direction, at, doubt, rules }) {
  // It may have been issued since the snapshot was made: that is not for a machine to decide.
  if (code && !known) return { verdict: 'ask', reason: 'not_in_snapshot' };
  const status = !code ? 'malformed' : known?.status === 'revoked' || known?.status === 'superseded' ? known.status : null;
  const opinion = doorReason({ status, inside: known?.status === 'inside', mode, category, direction, rules, at, doubt });
  if (code && direction === 'exit' && known?.status !== 'inside') return { ...opinion, reason: 'exit_without_entry' };
  const window = opinion.reason === 'not_yet' ? nextWindow(rules, category, at) : undefined;
  return window ? { ...opinion, window } : opinion;
}

/** Who can do something about it is asked; everybody else is told. @param {Opinion} opinion @param {'server' | 'snapshot'} basis @param {boolean} staffed @returns {Colour} */
export function colour(opinion, basis, staffed) {
  if (opinion.verdict === 'admitted' || opinion.verdict === 'repeat') return basis === 'server' ? 'green' : 'green_offline';
  return opinion.verdict === 'ask' || (staffed && opinion.reason === 'wrong_mode') ? 'amber' : 'red';
}
