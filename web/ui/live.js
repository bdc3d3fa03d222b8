// web/ui/live.js: what a screen reader is told: politely, and at most every five seconds
import { html, signal } from './dom.js';

const text = signal('');
let next = '';
let last = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} message only the newest is spoken */
export function announce(message) {
  next = message;
  if (timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    last = performance.now();
    text.value = next;
  }, Math.max(150, last ? last + 5000 - performance.now() : 0));
}

export const Live = () => html`<div class="out-of-sight" role="status" aria-live="polite">${text}</div>`;
