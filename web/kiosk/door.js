// web/kiosk/door.js: what stands on the door's screen: the verdict of a moment, what waits, what must be looked at
import { signal } from '../ui/dom.js';
import { sound } from './sound.js';

/**
 * @typedef {{scan_id?: string, verdict: string, reason?: string, first?: {at: string, station?: any}, person?: {name: string}, window?: any, category?: any, ticket?: string, notes?: any[], badge?: any}} Verdict
 * @typedef {'tick' | 'bar' | 'cross' | 'question'} Shape
 * @typedef {{shape: Shape, colour: import('./judge.js').Colour, scan: string, ticket?: string, direction: 'entry' | 'exit', basis: 'server' | 'snapshot', verdict: Verdict, n?: number, hint?: boolean}} Shown
 * scan: its id, '' for a repeat; n: its number on the disk; basis: who says so; hint: the third that nobody knows within a minute
 * @typedef {{id: string, kind: string, at: string, undetermined?: boolean, stations: string[], mine: string[]}} Conflict mine: the scans of it that are ours
 */

/** What fills the screen; null: ready for the next. */
export const shown = signal(/** @type {Shown | null} */ (null));
/** Scans on the disk that the server has not judged. */
export const waiting = signal(0);
/** What became of scans that were sent later. */
export const later = signal({ admitted: 0, refused: 0 });
export const conflicts = signal(/** @type {Conflict[]} */ ([]));
/** Why nobody is admitted here: the disk takes nothing more. */
export const stopped = signal(false);
export const list = signal('');
export const direction = signal(/** @type {'entry' | 'exit'} */ ('entry'));

/** @param {import('./judge.js').Colour} colour @param {string | undefined} reason @returns {Shape} */
export function shapeOf(colour, reason) {
  if (colour === 'green' || colour === 'green_offline') return 'tick';
  return colour === 'amber' ? 'question' : reason === 'duplicate' ? 'bar' : 'cross';
}

/** Given name and the first letter of the rest: a door says no more aloud. @param {string} name */
export function shortName(name) {
  const parts = name.trim().split(/\s+/);
  return parts.length > 1 ? `${parts[0]} ${[...parts[parts.length - 1]][0]}.` : parts[0] || '';
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let clearing;
let until = 0;

/** @param {Shown} what @param {number} ms */
export function show(what, ms) {
  shown.value = what;
  sound(what.shape);
  until = 0;
  hold(ms);
}

/** What is shown stays at least so long from now. @param {number} ms */
export function hold(ms) {
  const what = shown.value;
  until = Math.max(until, performance.now() + ms);
  clearTimeout(clearing);
  clearing = setTimeout(() => shown.value === what && (shown.value = null), until - performance.now());
}

export const dismiss = () => (shown.value = null);
