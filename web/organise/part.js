// web/organise/part.js: one titled part of a view
import { html } from '../ui/dom.js';

/** @param {{id: string, title: string, children?: any}} props */
export const Part = ({ id, title, children }) => html`<section class="part" aria-labelledby=${`${id}-h`}><h2 id=${`${id}-h`}>${title}</h2><div>${children}</div></section>`;
