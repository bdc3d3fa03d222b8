// web/board.js: what is wrong with a station, by what it last said (pure; tested in Node)

/**
 * @typedef {{queue?: number, oldest_at?: string, snapshot?: {position?: number, as_of?: string}, offset_ms?: number, jumped?: boolean, scans_minute?: number, p95_ms?: number | null,
 *   verdicts?: {admitted?: number, refused?: number, ask?: number}, printer?: string, camera?: string, version?: string, offline_since?: string}} Said
 * @typedef {{id: string, name: string, profile: string, list?: string, seen?: string | null, online?: boolean, locked?: boolean, said?: Said}} Station
 * @typedef {{id: string, name: string, part_of?: string, inside: number, capacity?: number | null}} Zone
 * @typedef {{id: string, name: string, admitted: number, inside: number, refused: number, conflicts: number, per_minute: number}} List
 * @typedef {{id: string, kind: string, list?: string, undetermined?: boolean, scans?: any[], ticket?: string, person?: {name: string}, station?: {name: string}, detail?: any, raised?: string}} Conflict
 * @typedef {{stations: Station[], zones: Zone[], lists: List[], conflicts: Conflict[]}} Board
 */

const SLOW = 1000;
/** Profiles that scan: only they have a snapshot and a queue. */
const SCANS = ['self_service', 'desk', 'gate'];

/** Worst first. @param {Station} s @returns {{what: string, n?: number}[]} */
export function troubles(s) {
  if (!s.seen) return [{ what: 'never' }];
  const said = s.said || {};
  /** @type {{what: string, n?: number}[]} */
  const found = [];
  if (!s.online) found.push({ what: 'offline' });
  if (said.queue) found.push({ what: 'queue', n: said.queue });
  if (s.locked) found.push({ what: 'locked' });
  if (said.jumped) found.push({ what: 'jumped' });
  if (SCANS.includes(s.profile) && !said.snapshot?.as_of) found.push({ what: 'no_snapshot' });
  if (said.printer === 'error' || said.printer === 'offline') found.push({ what: 'printer' });
  if ((said.p95_ms || 0) > SLOW) found.push({ what: 'slow', n: said.p95_ms || 0 });
  return found;
}
