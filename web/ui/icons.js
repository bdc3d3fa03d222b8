// web/ui/icons.js: the few drawings the pages need, as strokes in the colour of the text
import { html } from './dom.js';

/** @param {string} d @param {string} [label] */
const icon = (d, label) => html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2"
  stroke-linecap="square" aria-hidden=${label ? null : 'true'} role=${label ? 'img' : null} aria-label=${label}><path d=${d} /></svg>`;

export const Up = () => icon('M12 19V6M6 11l6-6 6 6');
export const Back = () => icon('M19 12H6M11 6l-6 6 6 6');
export const Search = () => icon('M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM16 16l4.5 4.5');
export const Close = () => icon('M6 6l12 12M18 6L6 18');
export const Moon = () => icon('M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z');
export const Sun = () => icon('M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M5.6 18.4l1-1M17.4 6.6l1-1');
export const Person = () => icon('M12 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5');
export const Calendar = () => icon('M4.5 6h15v14h-15zM4.5 10h15M8.5 3.5V6M15.5 3.5V6');
export const Arrow = () => icon('M5 12h13M13 6l6 6-6 6');
export const Star = () => icon('M12 3.6l2.6 5.6 6 .7-4.5 4.1 1.2 6-5.3-3-5.3 3 1.2-6L3.4 9.9l6-.7z');
export const Copy = () => icon('M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4');
