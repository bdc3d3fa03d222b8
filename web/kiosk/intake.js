// web/kiosk/intake.js: every scanned text comes through here, from whichever eye: a dialog that is open is finished first, and a panel may know the text as its own
import { signal } from '../ui/dom.js';
import { PANELS } from './panels.js';

/** @typedef {'wedge' | 'typed' | 'camera' | 'panel'} How */

/** Scans that wait for a dialog to be closed. */
export const queued = signal(0);

/** More than this are not people, but a scanner that lies on its button. */
const MOST = 20;
/** A verdict is seen before the next one of the queue takes its place. */
const SEEN = 1500;

/** @type {{text: string, how: How}[]} */
const line = [];
const asks = () => !!document.querySelector('dialog[open], [aria-modal="true"]');

/** @param {(text: string, how: How) => void} pass where a text goes that nobody else wants */
export function intake(pass) {
  const take = (/** @type {string} */ text, /** @type {How} */ how) => {
    if (!PANELS.some((p) => p.take?.(text, how))) pass(text, how);
  };
  const next = () => {
    if (asks()) return void setTimeout(next, 100);
    const one = line.shift();
    queued.value = line.length;
    if (!one) return;
    take(one.text, one.how);
    if (line.length) setTimeout(next, SEEN);
  };
  return (/** @type {string} */ text, /** @type {How} */ how = 'panel') => {
    if (!line.length && !asks()) return take(text, how);
    if (line.length >= MOST) return;
    line.push({ text, how });
    queued.value = line.length;
    if (line.length === 1) next();
  };
}
