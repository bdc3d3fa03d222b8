// web/ui/stream_fold.js: a room's streams at the edge of another desk: folded, and fetched and followed only while they are open
import { html, useState } from './dom.js';
import { t } from '../i18n/index.js';

/** @param {{conn: import('../protocol.js').Connection, room: string}} props */
export function StreamFold({ conn, room }) {
  const [Desk, setDesk] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const toggled = (/** @type {any} */ e) => {
    setOpen(e.currentTarget.open);
    if (!e.currentTarget.open || Desk) return;
    setFailed(false);
    import('./streams.js').then((m) => setDesk(() => m.StreamDesk), () => setFailed(true));
  };
  return html`<details class="stream-fold" onToggle=${toggled}><summary>${t('stream_fold')}</summary>
    ${failed ? html`<p class="error" role="alert">${t('fault.network')}</p>` : open && Desk ? html`<${Desk} key=${room} conn=${conn} room=${room} />` : null}</details>`;
}
