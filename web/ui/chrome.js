// web/ui/chrome.js: the frame of every page: title bar, language and light, the quiet line about the connection
import { html, signal, useEffect, cx } from './dom.js';
import { t, lang, setLang } from '../i18n/index.js';
import { clock, conferenceTime, zoneName, now, minute } from './clock.js';
import { status, session, lastHeard, person } from './app.js';
import { under } from '../wire.js';
import { Live } from './live.js';
import { Moon, Sun, Person } from './icons.js';
import { signin, signOut } from './signin.js';

const themeNow = () => document.documentElement.dataset.theme || 'light';
export const theme = signal(themeNow());
// Night falls on an open page: theme.js has heard of it first.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => (theme.value = themeNow()));

function flipTheme() {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme.value;
  try {
    localStorage.setItem('plenum-theme', theme.value);
  } catch {
    // Kept for this page only.
  }
}

export function Switches() {
  useEffect(() => void (document.documentElement.lang = lang.value), [lang.value]);
  const other = lang.value === 'da' ? 'en' : 'da';
  return html`<div class="switches">
    <button class="plain" type="button" lang=${other} onClick=${() => setLang(other)} aria-label=${other === 'da' ? 'Skift til dansk' : 'Switch to English'}><span class="wide">${other === 'da' ? 'Dansk' : 'English'}</span><span class="narrow">${other.toUpperCase()}</span></button>
    <button class="plain square" type="button" onClick=${flipTheme} aria-label=${theme.value === 'dark' ? t('theme.light') : t('theme.dark')}>${theme.value === 'dark' ? html`<${Sun} />` : html`<${Moon} />`}</button>
  </div>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Account({ conn }) {
  if (!session.value) return null;
  return person.value
    ? html`<div class="account"><span class="who wide" dir="auto"><${Person} /><span>${person.value.name}</span></span><button class="plain" type="button" onClick=${() => signOut(conn)}>${t('sign.out')}</button></div>`
    : html`<button class="plain" type="button" onClick=${() => (signin.value = { why: '' })}><${Person} />${t('sign.in')}</button>`;
}

/** @param {{conn?: import('../protocol.js').Connection, here: string, children?: any, conference?: any}} props conference: as it was known before, for a page without network */
export function Header({ conn, here, children, conference }) {
  const c = session.value?.conference || conference;
  return html`<header class="bar">
    <a class="skip" href="#main" onClick=${skip}>${t('skip')}</a>
    <div class="bar-in">
      <a class="home" href=${under(c?.slug && location.pathname.startsWith('/e/') ? c.slug : '', '/')}><span class="mark" aria-hidden="true"></span><span dir="auto">${c?.title || t('conference')}</span></a>
      <span class="here">${here}</span>
      ${now.value ? html`<time class="bar-clock">${clock(minute.value)} <abbr>${zoneName(minute.value)}</abbr></time>` : null}
      ${children}
      <div class="bar-end"><${Switches} />${conn ? html`<${Account} conn=${conn} />` : null}</div>
    </div>
    <${Line} conn=${conn} />
  </header>`;
}

/** The address's hash is the page's own, so the jump is made by hand. @param {Event} e */
function skip(e) {
  e.preventDefault();
  const main = document.getElementById('main');
  main?.focus();
  main?.scrollIntoView();
}

/** One quiet line while something about the connection is worth knowing. @param {{conn?: import('../protocol.js').Connection}} props */
export function Line({ conn }) {
  const s = status.value;
  useEffect(() => {
    if (s.state !== 'open') lastHeard.value = lastHeard.value || conferenceTime();
    else lastHeard.value = 0;
  }, [s.state]);
  now.value;
  const since = performance.now() - s.since;
  let text = '';
  let tone = '';
  let again = false;
  if (s.state === 'refused') [text, again] = [s.fault === 'not_found' ? t('line.no_conference') : t('line.refused', { code: s.code || s.fault || '' }), true];
  else if (s.state === 'signed-out') [text, again] = [t('line.signed_out'), true];
  else if (s.state !== 'open' && !navigator.onLine) text = lastHeard.value ? t('line.offline_since', { time: clock(lastHeard.value) }) : t('line.offline');
  else if (s.state !== 'open' && since > 1500) text = lastHeard.value ? t('line.reconnecting_since', { time: clock(lastHeard.value) }) : t('line.connecting');
  else if (s.state === 'open' && s.transport === 'sse') [text, tone] = [t('line.sse'), 'mild'];
  return html`<div class=${cx('line', text && 'shown', tone)} role="status">
    ${text ? html`<span class="line-in">${text} ${again && conn ? html`<button type="button" class="link" onClick=${() => { sessionStorage.removeItem('plenum-token'); conn.renew(); }}>${t('again')}</button>` : null}</span>` : null}
  </div>`;
}

/** The page under its frame. @param {{children?: any, name?: string}} props */
export const Main = ({ children, name }) => html`<main id="main" tabindex="-1" class=${name}>${children}</main><${Live} />`;

/** @param {{n?: number}} props */
export const Skeleton = ({ n = 4 }) => html`<div class="skeleton" aria-hidden="true">${Array.from({ length: n }, (_, i) => html`<div key=${i}><i></i><b></b></div>`)}</div>`;

/** @param {{title: string, children?: any}} props */
export const Empty = ({ title, children }) => html`<div class="empty"><p class="empty-title">${title}</p>${children}</div>`;

/** The text for a refusal: our own words where we have them, the server's otherwise. @param {any} e */
export function whyOf(e) {
  // A limit without a waiting time is not about haste.
  if (e?.fault === 'limit.rate' && e.data && typeof e.data.retry_after_ms !== 'number') return t('fault.limit.reached');
  const key = `fault.${e?.fault || 'internal'}`;
  const text = t(key);
  return text === key ? e?.message || t('fault.internal') : text;
}
