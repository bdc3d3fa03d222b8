// web/organise/selection_later.js: the selection's part of the table, fetched when it is first opened
import { html } from '../ui/dom.js';
import { Later } from '../ui/later.js';

/** @param {any} props */
export const Selection = (props) => html`<${Later} load=${() => import('./selection.js')} name="SelectionView" props=${props} />`;
