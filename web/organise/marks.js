// web/organise/marks.js: the small signs on a slot, each beside a word or a label
import { html } from '../ui/dom.js';

const sign = (/** @type {string} */ d) => html`<svg class="sign" viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><path d=${d} /></svg>`;

export const Anchor = () => sign('M8 6v8M3 9c0 3 2 5 5 5s5-2 5-5M8 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4z');
export const Warning = () => sign('M8 2l6.5 12h-13zM8 6.5v3.5M8 11.5v1.2');
