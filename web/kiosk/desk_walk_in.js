// web/kiosk/desk_walk_in.js: somebody without a ticket: registered and let in; without a network written down
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { uuid } from '../wire.js';
import { status } from '../ui/app.js';
import { qrPath } from '../ui/qr.js';
import { whyOf } from '../ui/chrome.js';
import { tell } from './desk_admit.js';
import { useIdle } from './desk_find.js';
import { parts } from './settings.js';
import { grouped } from './wedge.js';

/** Long enough to write a code down. */
const SHOWN_MS = 60000;

/** @param {any} e */
function whyNot(e) {
  const about = e?.data?.current;
  if (e?.fault === 'checkin.known' && about) return t('frontdesk.walk_in_known', { name: about.name });
  if (e?.fault === 'checkin.refused' && about) return t('frontdesk.walk_in_refused', { why: about.reason === 'full' ? t('frontdesk.full') : t(`kiosk.reason_${about.reason}`) });
  return whyOf(e);
}

/** Kept like a scan, with a number of this station's own, and told like one: the server makes it something for a supervisor. @param {string} list @param {string} name @param {string} scan_id */
async function writeDown(list, name, scan_id) {
  const { keep, engine } = parts;
  if (!keep || !engine) throw { fault: 'network' };
  const number = ((await keep.doc('walk_ins')) || 0) + 1;
  await keep.put('walk_ins', number);
  await keep.scan({ scan_id, list, direction: 'entry', ...engine.station.clock.stamp(), shown: { verdict: 'admitted', reason: 'by_hand' }, walk_in: { name, number } });
  await engine.count();
  engine.uploader.later(200);
  return number;
}

/** @param {{text: string, label: string}} props */
export function Qr({ text, label }) {
  const { size, path } = qrPath(text);
  return html`<svg class="desk-qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${label} shape-rendering="crispEdges"><rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#000" /></svg>`;
}

/** @param {{made: any, done: () => void}} props */
function Made({ made, done }) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => button.current?.focus(), []);
  useIdle(SHOWN_MS, done, [true]);
  return html`<section class="made" role="status"><h2 dir="auto">${t('frontdesk.walk_in_done', { name: made.person.name })}</h2><p>${t('frontdesk.walk_in_code')}</p>
    <div class="made-code"><${Qr} text=${made.code} label=${grouped(made.code)} /><p class="code num" dir="ltr">${grouped(made.code)}</p></div>
    <button ref=${button} type="button" class="big primary" onClick=${done}>${t('frontdesk.done')}</button></section>`;
}

/** @param {{tools: import('./panels.js').Tools}} props */
export function WalkIn({ tools }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [made, setMade] = useState(/** @type {any} */ (null));
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [number, setNumber] = useState(0);
  const [category, setCategory] = useState('');
  const categories = parts.engine?.station.snapshot?.header.categories || [];
  const open = status.value.state === 'open';
  // The same person pressed twice, or sent again after a lost answer, is one walk-in.
  const scan = useRef(uuid());
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), [made]);
  const fresh = () => {
    scan.current = uuid();
    setName('');
    setEmail('');
    setMade(null);
    setWhy('');
    setNumber(0);
    setCategory('');
  };
  // A name half typed by somebody who was called away.
  useIdle(30000, fresh, [!!name && !made]);
  const go = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setWhy('');
    try {
      if (!open) {
        setNumber(await writeDown(tools.list.value, name.trim(), scan.current));
        scan.current = uuid();
        setName('');
        setBusy(false);
        return;
      }
      const done = await tools.conn.brief('checkin.walk_in', { list: tools.list.value, name, ...(email.trim() && { email: email.trim() }), ...(category && { category }), scan_id: scan.current });
      setMade(done);
      tell({ ...done, person: { name: done.person.name } }, 1500);
    } catch (f) {
      setWhy(whyNot(f));
      if (/** @type {any} */ (f).fault === 'key.reused') scan.current = uuid();
    }
    setBusy(false);
  };
  if (made) return html`<${Made} made=${made} done=${fresh} />`;
  return html`<p class="quiet">${open ? t('frontdesk.walk_in_hint') : t('frontdesk.walk_in_no_net')}</p>
    ${number ? html`<p class="number" role="status">${t('frontdesk.walk_in_offline', { number })}</p>` : null}
    <form class="desk-form" onSubmit=${go}>
      <label class="field"><span>${t('frontdesk.name')}</span><input ref=${field} name="name" autocomplete="off" maxlength="200" required value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label>
      ${open ? html`<label class="field"><span>${t('frontdesk.email')}</span><input name="email" type="email" autocomplete="off" maxlength="254" value=${email} onInput=${(/** @type {any} */ e) => setEmail(e.target.value)} /></label>` : null}
      ${open && categories.length ? html`<label class="field"><span>${t('frontdesk.category')}</span><select name="category" value=${category} onChange=${(/** @type {any} */ e) => setCategory(e.target.value)}><option value="">${t('frontdesk.any_category')}</option>${categories.map((c) => html`<option key=${c.id} value=${c.id}>${c.name}</option>`)}</select></label>` : null}
      <button type="submit" class="big primary" disabled=${busy || !name.trim()}>${open ? t('frontdesk.walk_in_go') : t('frontdesk.walk_in_keep')}</button></form>
    <p class="error" role="alert">${why}</p>`;
}
