// web/kiosk/desk_verdict.js: what stands under a verdict: notes to be done, a way in for who is registered online, a code that signs in
import { html, signal, useEffect, useState } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { bringIn } from './desk_admit.js';
import { Qr } from './desk_walk_in.js';
import { parts } from './settings.js';

/** So long a note that asks to be confirmed stays, and a code to be photographed. */
const NOTE_MS = 60000;
const SIGN_IN_MS = 15000;

/** @param {{text: string, text_da?: string}} n */
const words = (n) => (lang.value === 'da' && n.text_da) || n.text;

/** @type {import('@preact/signals').Signal<Record<string, string[]>>} what was confirmed, by scan */
const confirmed = signal({});

/** Whether the server knows; if it cannot be asked, the scan takes it along. @param {import('./panels.js').Tools} tools @param {string} scan_id @param {string} note */
async function told(tools, scan_id, note) {
  try {
    await tools.conn.brief('checkin.confirm', { scan_id, note });
    return true;
  } catch (e) {
    // A scan that was judged here alone: the server has not heard of it yet.
    if (['offline', 'not_found', 'busy'].includes(/** @type {any} */ (e).fault)) return false;
    throw e;
  }
}

/** @param {{tools: import('./panels.js').Tools, shown: import('./door.js').Shown}} props */
export function Notes({ tools, shown }) {
  const notes = shown.verdict.notes || [];
  const [why, setWhy] = useState('');
  const alone = tools.profile.value === 'self_service';
  const done = confirmed.value[shown.scan] || [];
  const asks = notes.some((/** @type {any} */ n) => n.confirm && !done.includes(n.id));
  useEffect(() => {
    if (shown.shape === 'tick' && notes.length) tools.hold(alone ? 6000 : asks ? NOTE_MS : 4000);
  }, [shown.scan, asks]);
  if (shown.shape !== 'tick' || !notes.length) return null;
  if (alone) return asks ? html`<p class="verdict-detail see-desk">${t('frontdesk.see_desk')}</p>` : html`<ul class="verdict-notes">${notes.map((/** @type {any} */ n) => html`<li key=${n.id} dir="auto">${words(n)}</li>`)}</ul>`;
  const confirm = async (/** @type {string} */ note) => {
    setWhy('');
    try {
      if (!(await told(tools, shown.scan, note))) await parts.keep?.note(shown.n || 0, { confirmed: [...done, note] });
      confirmed.value = { [shown.scan]: [...done, note] };
      if (notes.every((/** @type {any} */ n) => !n.confirm || n.id === note || done.includes(n.id))) tools.dismiss();
    } catch (e) {
      setWhy(whyOf(e));
    }
  };
  return html`<ul class="verdict-notes hands" aria-label=${t('frontdesk.notes')}>${notes.map((/** @type {any} */ n) => html`<li key=${n.id}><span dir="auto">${words(n)}</span>
    ${n.confirm ? html`<button type="button" class="big hands" data-note=${n.id} aria-label=${t('frontdesk.note_confirmed', { text: words(n) })} disabled=${done.includes(n.id)} onClick=${() => confirm(n.id)}>✓ ${t('frontdesk.note_done')}</button>` : null}</li>`)}</ul>
    ${why ? html`<p class="verdict-detail" role="alert">${why}</p>` : null}`;
}

/** Red because registered online: at a desk one press changes that and lets them in. @param {{tools: import('./panels.js').Tools, shown: import('./door.js').Shown}} props */
export function Online({ tools, shown }) {
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const wanted = shown.verdict?.reason === 'wrong_mode' && !!shown.scan;
  useEffect(() => {
    if (wanted) tools.hold(15000);
  }, [shown.scan, wanted]);
  if (!wanted) return null;
  const go = async () => {
    setBusy(true);
    try {
      await bringIn(tools, { scan_id: shown.scan }, 'code');
    } catch (e) {
      setWhy(whyOf(e));
      setBusy(false);
    }
  };
  return html`<p class="hands"><button type="button" class="big hands" data-switch disabled=${busy} onClick=${go}>${t('frontdesk.switch')}</button></p>${why ? html`<p class="verdict-detail" role="alert">${why}</p>` : null}`;
}

/** The door signs you in: for 15 s after green, and only where somebody has just been let in. @param {{tools: import('./panels.js').Tools, shown: import('./door.js').Shown}} props */
export function SignIn({ tools, shown }) {
  const [token, setToken] = useState('');
  const v = shown.verdict;
  const scan = v?.verdict === 'repeat' ? /** @type {any} */ (v.first)?.scan_id || v.scan_id || '' : v?.verdict === 'admitted' ? shown.scan : '';
  const offered = shown.shape === 'tick' && /** @type {any} */ (shown).basis !== 'snapshot' && scan && !/** @type {any} */ (shown).practice && tools.station.value;
  useEffect(() => {
    setToken('');
    if (!offered) return;
    let here = true;
    tools.conn.call('checkin.sign_in', { scan_id: scan }).then((r) => {
      if (!here) return;
      setToken(r.token);
      tools.hold(SIGN_IN_MS);
    }, () => {});
    return () => void (here = false);
  }, [shown.scan, offered]);
  if (!token) return null;
  const address = `${location.origin}${slug ? `/e/${slug}` : ''}/attend#/door/${token}`;
  return html`<div class="verdict-sign-in"><${Qr} text=${address} label=${t('frontdesk.sign_in')} /><p>${t('frontdesk.sign_in')}<br /><small>${t('frontdesk.sign_in_hint', { s: SIGN_IN_MS / 1000 })}</small></p></div>`;
}
