// web/organise/mail_later.js: the view of mail, brought when it is opened
import { html } from '../ui/dom.js';
import { Later } from '../ui/later.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export const MailLater = ({ conn }) => html`<${Later} load=${() => import('./mail.js')} name="Mail" props=${{ conn }} />`;
