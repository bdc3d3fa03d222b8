// web/kiosk/desk.js: what the front desk does besides scanning, hung up among the door's panels
import { html, useState } from '../ui/dom.js';
import { t, extend } from '../i18n/index.js';
import en from '../i18n/frontdesk.en.js';
import da from '../i18n/frontdesk.da.js';
import { clock, conferenceTime, now } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { shortName } from './door.js';
import { follow, last, UNDO_MS } from './desk_admit.js';
import { Find, useIdle } from './desk_find.js';
import { Notes, Online, SignIn } from './desk_verdict.js';
import { WalkIn } from './desk_walk_in.js';
import { PANELS } from './panels.js';

extend({ en, da });

/** @param {{tools: import('./panels.js').Tools}} props */
function Undo({ tools }) {
  const [why, setWhy] = useState('');
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  now.value;
  const what = last.value && conferenceTime() - last.value.at < UNDO_MS ? last.value : null;
  useIdle(5000, () => tools.open(null), [!!what]);
  const go = async (/** @type {string} */ reason) => {
    if (!what) return;
    setBusy(true);
    setWhy('');
    try {
      await tools.conn.write('checkin.undo', { scan_id: what.scan, reason });
      last.value = null;
      setSaid(t('frontdesk.undone'));
    } catch (e) {
      setWhy(whyOf(e));
    }
    setBusy(false);
  };
  return html`${what ? html`<h2>${t('frontdesk.undo_what', { at: clock(what.at), name: shortName(what.name) })}</h2>
    <div class="door-tools">${['wrong_person', 'mistake', 'other'].map((r) => html`<button key=${r} type="button" class="big" data-reason=${r} disabled=${busy} onClick=${() => go(t(`frontdesk.undo_${r}`))}>${t(`frontdesk.undo_${r}`)}</button>`)}</div>`
    : html`<p role="status">${said || t('frontdesk.undo_none')}</p>`}<p class="error" role="alert">${why}</p>`;
}

/** @type {import('./panels.js').Profile[]} */
const DESK = ['desk', 'staff'];

PANELS.push(
  { name: 'find', profiles: DESK, label: 'frontdesk.find', view: Find },
  { name: 'walk_in', profiles: DESK, label: 'frontdesk.walk_in', view: WalkIn },
  { name: 'undo', profiles: DESK, label: 'frontdesk.undo', view: Undo, verdict: Online, start: () => void follow() },
  { name: 'notes', profiles: ['self_service', 'gate', 'desk', 'staff'], label: 'frontdesk.notes', verdict: Notes },
  { name: 'sign_in', profiles: ['self_service', 'desk'], label: 'frontdesk.sign_in', verdict: SignIn },
);
