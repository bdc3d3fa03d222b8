// web/organise/call.js: the call for abstracts, fetched when it is first looked at
import { html } from '../ui/dom.js';
import { Later } from '../ui/later.js';

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export const Call = (props) => html`<${Later} load=${() => import('./call_view.js')} name="CallView" props=${props} />`;
