// web/attend/aloud.js: one line under the question box: asking aloud; its part is fetched when it is opened, or when one has a place already
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Later } from '../ui/later.js';

/** Whether this device has a place in that session's queue. @param {string} session */
export const micKept = (session) => {
  try {
    return localStorage.getItem(`plenum-mic:${session}`) === '1';
  } catch {
    return false;
  }
};

/** @param {{conn: import('../protocol.js').Connection, talk: string, session: string}} props */
export function Aloud({ conn, talk, session }) {
  const [open, setOpen] = useState(micKept(session));
  useEffect(() => setOpen(micKept(session)), [session]);
  return html`<details class="mic-fold" open=${open} onToggle=${(/** @type {any} */ e) => setOpen(e.currentTarget.open)}><summary>${t('mic_fold')}</summary>
    ${open ? html`<${Later} key=${session} load=${() => import('./mic.js')} name="MicBox" props=${{ conn, talk, session }} />` : null}</details>`;
}
