// web/moderate/mic_fold.js: the microphones at the edge of a desk: folded, and fetched and followed only while they are open
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Later } from '../ui/later.js';

const KEPT = 'plenum-mic-desk';
const kept = () => {
  try {
    return localStorage.getItem(KEPT) === '1';
  } catch {
    return false;
  }
};

/** @param {{conn: import('../protocol.js').Connection, session: string, talks: {id: string, title: string}[]}} props */
export function MicFold({ conn, session, talks }) {
  const [open, setOpen] = useState(kept);
  const toggled = (/** @type {any} */ e) => {
    setOpen(e.currentTarget.open);
    try {
      localStorage.setItem(KEPT, e.currentTarget.open ? '1' : '0');
    } catch {
      // Folded again next time.
    }
  };
  return html`<details class="stream-fold" open=${open} onToggle=${toggled}><summary>${t('mic_desk')}</summary>
    ${open ? html`<${Later} key=${session} load=${() => import('./mic.js')} name="MicPanel" props=${{ conn, session, talks }} />` : null}</details>`;
}
