// web/kiosk/badge.js: under a green verdict: where somebody's badge lies, or comes out of a printer; the door waits for neither
import { html, signal, useEffect, useState } from '../ui/dom.js';
import { t, extend } from '../i18n/index.js';
import en from '../i18n/badge_door.en.js';
import da from '../i18n/badge_door.da.js';
import { whyOf } from '../ui/chrome.js';
import { PANELS } from './panels.js';

extend({ en, da });

/** @typedef {{box?: string, number?: number, job?: string, printer?: string, state?: string, waits?: boolean, ask?: boolean, has?: boolean}} Badge */

/** @type {import('@preact/signals').Signal<{scan: string, badge: Badge} | null>} what was asked for last, so that a page that draws anew asks once */
const asked = signal(null);

/** @param {Badge} b */
export function badgeText(b) {
  if (b.box) return t('kiosk.badge_box', { box: b.box, number: b.number || 0 });
  if (!b.job || b.has || (b.state && !['queued', 'sent'].includes(b.state))) return '';
  if (b.waits) return t('kiosk.badge_waits');
  return b.printer ? t('kiosk.badge_at', { printer: b.printer }) : t('kiosk.badge_prints');
}

/** @param {{tools: import('./panels.js').Tools, shown: import('./door.js').Shown}} props */
function Where({ tools, shown }) {
  const v = shown.verdict;
  const [why, setWhy] = useState('');
  const green = shown.shape === 'tick' && shown.colour === 'green';
  // A repeat is no scan of its own: the one before let them in.
  const scan = (v.verdict === 'repeat' ? /** @type {any} */ (v.first)?.scan_id : shown.scan) || '';
  const told = asked.value;
  const own = told && told.scan === scan ? told.badge : null;
  const badge = /** @type {Badge} */ (own || v.badge || {});
  const print = async () => {
    if (asked.value?.scan === scan) return;
    asked.value = { scan, badge: {} };
    try {
      asked.value = { scan, badge: await tools.conn.brief('badge.print', { scan_id: scan }) };
      tools.hold(4000);
    } catch (e) {
      // The badge can be had at a desk; whoever was let in is in.
      setWhy(tools.staffed.value ? whyOf(e) : t('kiosk.badge_desk'));
      asked.value = null;
    }
  };
  useEffect(() => {
    if (!green || !scan) return;
    if (badge.ask && !why) print();
    else if (badgeText(badge)) tools.hold(4000);
  }, [shown.scan, !!v.badge]);
  if (!green) return null;
  const said = badgeText(badge);
  if (said) return html`<p class="verdict-detail badge-where">${said}</p>`;
  if (why) return html`<p class="verdict-detail" role="alert">${why}</p>`;
  return tools.staffed.value && scan && !v.badge && !own ? html`<p class="verdict-hands hands"><button type="button" class="big" data-badge onClick=${print}>${t('kiosk.badge_print')}</button></p>` : null;
}

PANELS.push({ name: 'badge', profiles: ['self_service', 'gate', 'desk', 'staff'], label: 'kiosk.badge_print', verdict: Where });
