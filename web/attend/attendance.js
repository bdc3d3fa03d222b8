// web/attend/attendance.js: whether one's attendance is kept: what that means, agreeing, taking it back, what is there
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { clock, dayName, duration } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { schedule } from '../ui/schedule.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Attendance({ conn }) {
  const [doc, setDoc] = useState(/** @type {any} */ (null));
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const load = () => conn.call('presence.get').then(setDoc, (e) => setWhy(whyOf(e)));
  const agree = async (/** @type {boolean} */ value) => {
    setBusy(true);
    setWhy('');
    try {
      await conn.write('presence.consent', { value, notice: doc.notice });
      await load();
    } catch (e) {
      setWhy(whyOf(e));
    }
    setBusy(false);
  };
  const watched = (doc?.intervals || []).filter((/** @type {any} */ i) => i.kind === 'joined');
  return html`<details class="attendance" onToggle=${(/** @type {any} */ e) => e.currentTarget.open && load()}>
    <summary>${t('presence.title')}</summary>
    ${doc ? html`<p>${t('presence.notice')}</p>
      <p><button type="button" class="second" aria-disabled=${busy} onClick=${() => !busy && agree(!doc.consent)}>${doc.consent ? t('presence.revoke') : t('presence.agree')}</button></p>
      ${doc.consent ? html`<p role="status">${t('presence.on')}</p>` : null}
      ${watched.length ? html`<ul>${watched.map((/** @type {any} */ i) => html`<li key=${i.talk + i.from}><span dir="auto">${schedule.value?.talk.get(i.talk)?.talk.title || t('presence.talk')}</span> <span class="num">${dayName(i.from)} ${clock(i.from)} · ${duration(Date.parse(i.to) - Date.parse(i.from))}</span></li>`)}</ul>` : null}` : null}
    <p class="error" role="alert">${why}</p>
  </details>`;
}
