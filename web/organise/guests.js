// web/organise/guests.js: who comes, fetched when it is first looked at
import { html } from '../ui/dom.js';
import { Later } from '../ui/later.js';

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export const Guests = (props) => html`<${Later} load=${() => import('./guests_view.js')} name="GuestsView" props=${props} />`;
