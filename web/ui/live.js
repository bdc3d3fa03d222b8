// web/ui/live.js: what a screen reader is told: politely, at most every five seconds, summed up in one sentence
import { html, signal } from './dom.js';

const EVERY_MS = 5000;

const text = signal('');
/** What waits to be said, by what it is about. @type {Map<string, {n: number, say: (n: number) => string}>} */
const waiting = new Map();
let last = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Said together with what else waits. */
function later() {
  if (timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    last = performance.now();
    text.value = [...waiting.values()].map((w) => w.say(w.n)).filter(Boolean).join(' ');
    waiting.clear();
  }, Math.max(150, last ? last + EVERY_MS - performance.now() : 0));
}

/** @param {string} message only the newest of these is spoken */
export function announce(message) {
  waiting.set('', { n: 1, say: () => message });
  later();
}

/**
 * Something that may happen often: said once for all of it, with how often it was.
 * @param {string} what a name for its kind @param {(n: number) => string} say written when it is spoken @param {number} [n]
 */
export function announceMany(what, say, n = 1) {
  waiting.set(what, { n: (waiting.get(what)?.n || 0) + n, say });
  later();
}

export const Live = () => html`<div class="out-of-sight" role="status" aria-live="polite">${text}</div>`;
