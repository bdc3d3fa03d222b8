// web/kiosk/board_page.js: a station of profile board: the station board on a screen of its own; nothing is scanned here
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { session } from '../ui/app.js';
import { clock, minute, zoneName } from '../ui/clock.js';
import { Language } from './screen.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export function BoardPage({ conn }) {
  const [board, setBoard] = useState(/** @type {any} */ (null));
  // No door loads what only a wall needs.
  useEffect(() => void import('../ui/board.js').then((m) => setBoard(() => m.Board), () => location.reload()), []);
  return html`<header class="door-bar"><p class="door-title" dir="auto"><span class="mark" aria-hidden="true"></span>${session.value?.conference.title}</p><p class="num">${clock(minute.value)} ${minute.value ? zoneName(minute.value) : ''}</p></header>
    <main id="main" class="door-board"><h1 class="out-of-sight">${t('kiosk.board')}</h1>${board ? html`<${board} conn=${conn} may=${false} large />` : null}</main>
    <footer class="door-foot"><p dir="auto"><strong>${session.value?.station?.name}</strong></p><${Language} /></footer>`;
}
