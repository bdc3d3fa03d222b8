// web/organise/posters_later.js: the posters' part, fetched when it is first looked at
import { html } from '../ui/dom.js';
import { Later } from '../ui/later.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export const Posters = ({ conn }) => html`<${Later} load=${() => import('./posters.js')} name="Posters" props=${{ conn }} />`;
