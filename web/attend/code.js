// web/attend/code.js: one's own entry code: shown at the door, read out, printed; once it has been seen here also without a network
import { html, useEffect, useState } from '../ui/dom.js';
import { extend, lang, t } from '../i18n/index.js';
import en from '../i18n/code.en.js';
import da from '../i18n/code.da.js';
import { mine, person, session, status } from '../ui/app.js';
import { schedule } from '../ui/schedule.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { Back } from '../ui/icons.js';
import { signin } from '../ui/signin.js';
import { qrPath } from '../ui/qr.js';
import { homeAddress } from './route.js';
import { keptCode, keepCode } from './kept.js';

extend({ en, da });

/** @typedef {{state: 'valid' | 'revoked' | 'cancelled' | 'none' | 'unknown', name: string, code?: string, issued?: string}} Mine */

/** How each letter is said over the phone: A to Z, then 2 to 7. */
const words = () => t('code.words').split(' ');
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param {string} code */
export const groupsOf = (code) => code.match(/.{5}/g) || [];

/** @param {string} code @returns {string[]} one word a letter */
export function spelled(code) {
  const say = words();
  return [...code].map((c) => say[LETTERS.indexOf(c)]);
}

/** @param {{doc: Mine}} props */
function Ticket({ doc }) {
  const code = doc.code || '';
  const qr = qrPath(code);
  const conference = session.value?.conference || schedule.value?.conference;
  const groups = groupsOf(code);
  return html`<article class="ticket">
    <p class="ticket-for" dir="auto">${conference?.title || ''}</p>
    <p class="ticket-name" dir="auto">${doc.name}</p>
    <svg class="qr ticket-qr" viewBox=${`0 0 ${qr.size} ${qr.size}`} role="img" aria-label=${t('code.qr')} shape-rendering="crispEdges"><rect width=${qr.size} height=${qr.size} fill="white" /><path d=${qr.path} fill="black" /></svg>
    <p class="ticket-code num" translate="no">${groups.map((g) => html`<span key=${g}>${g}</span> `)}</p>
    <p class="hint ticket-hint">${t('code.show')}</p>
    <p class="row ticket-do"><button type="button" class="second" onClick=${() => print()}>${t('code.print')}</button></p>
    <section class="ticket-say"><h2>${t('code.aloud')}</h2>
      <p>${t('code.aloud_hint')}</p>
      <ol lang=${lang.value}>${groups.map((g) => html`<li key=${g}><b translate="no">${g}</b> <span>${spelled(g).join(' · ')}</span></li>`)}</ol>
      <p>${t('code.keep')}</p></section>
  </article>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function MyCode({ conn }) {
  const id = person.value?.id;
  const open = status.value.state === 'open' && !!session.value?.person;
  const [doc, setDoc] = useState(/** @type {Mine | null} */ (null));
  const [why, setWhy] = useState('');
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    setDoc(null);
    setLooked(false);
    if (!id) return;
    keptCode(id).then((kept) => {
      setDoc((now) => now || kept);
      setLooked(true);
    });
  }, [id]);
  useEffect(() => {
    if (!open || !id) return;
    let here = true;
    conn.call('entry_code.mine').then(
      (d) => {
        keepCode(id, d);
        if (!here) return;
        setWhy('');
        setDoc(d);
      },
      (e) => here && setWhy(whyOf(e)),
    );
    return () => void (here = false);
  }, [open, id, mine.value.codes]);
  const back = html`<a class="back" href=${homeAddress()}><${Back} />${t('talk.back')}</a>`;
  const title = html`<h1 tabindex="-1" class="ticket-title">${t('code.title')}</h1>`;
  if (session.value && !person.value) {
    return html`${back}${title}<div class="guest-note"><p>${t('code.sign_in')}</p><button type="button" class="primary" onClick=${() => (signin.value = { why: t('code.sign_in') })}>${t('sign.in')}</button></div>`;
  }
  if (doc?.state === 'valid') return html`${back}${title}${why ? html`<p class="error" role="alert">${why}</p>` : null}<${Ticket} doc=${doc} />`;
  if (doc) return html`${back}${title}<${Empty} title=${t(`code.${doc.state}`)}><p>${t(`code.${doc.state}_hint`)}</p><//>`;
  if (why) return html`${back}${title}<p class="error" role="alert">${why}</p>`;
  // Nothing kept, and nobody to ask.
  if (looked && !open) return html`${back}${title}<${Empty} title=${t('code.offline')}><p>${t('code.offline_hint')}</p><//>`;
  return html`${back}${title}<${Skeleton} n=${3} />`;
}
