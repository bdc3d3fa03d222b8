// web/organise/guests_view.js: who comes: searched, counted, opened one by one; inviting, places and cover, tables in and out
import { extend, t } from '../i18n/index.js';
import en from '../i18n/guests.en.js';
import da from '../i18n/guests.da.js';
import meEn from '../i18n/me.en.js';
import meDa from '../i18n/me.da.js';
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { stamp } from '../me/words.js';
import { Part } from './part.js';
import { href } from './route.js';
import { GuestPage } from './guests_one.js';
import { Invite, Settings } from './guests_invite.js';
import { Paper, Tables } from './guests_lists.js';

extend({ en: meEn, da: meDa });
extend({ en, da });

const STATES = ['', 'registered', 'invited', 'waiting', 'asked', 'cancelled'];

/** @typedef {{id: string, name: string, email: string, organisation?: string, category?: string, mode: string, roles: string[], state: string, version: number, wants?: string, invited?: {id: string, what: string, expires: string}}} Guest */

/** What stands beside a name. @param {{p: Guest}} props */
function Standing({ p }) {
  return html`<span class=${`tag ${p.state === 'registered' ? 'on' : ''}`}>${t(`guests.${p.state}`)}${p.state === 'registered' || p.state === 'waiting' ? ` · ${t(`me.${p.mode}`)}` : ''}</span>${p.invited ? html`<span class="hint">${t(`me.what_${p.invited.what}`)} · ${stamp(p.invited.expires)}</span>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
function Overview({ conn }) {
  const [asked, setAsked] = useState({ text: '', state: '', skip: 0 });
  const [list, setList] = useState(/** @type {{people: Guest[], total: number, counts: Record<string, number>, left: Record<string, number | null>} | null} */ (null));
  const [error, setError] = useState('');
  const newest = useRef(asked);
  newest.current = asked;
  const read = () => {
    const a = newest.current;
    return conn.call('person.list', { ...(a.text.trim() ? { text: a.text.trim() } : {}), ...(a.state ? { state: a.state } : {}), skip: a.skip }).then((r) => {
      if (newest.current !== a) return;
      setList(r);
      setError('');
    }, (e) => setError(whyOf(e)));
  };
  useEffect(() => {
    const timer = setTimeout(read, asked.text ? 250 : 0);
    return () => clearTimeout(timer);
  }, [asked]);
  // Others register meanwhile.
  useEffect(() => {
    const timer = setInterval(() => document.hidden || read(), 15000);
    return () => clearInterval(timer);
  }, []);
  if (!list) return html`<h1>${t('view.guests')}</h1>${error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${8} />`}`;
  const left = (/** @type {string} */ m) => (list.left[m] === null ? '' : ` (${t('me.left', { n: list.left[m] ?? 0 })})`);
  return html`<h1>${t('view.guests')}</h1>
    <p class="guest-counts num">${t('guests.counts', { on_site: list.counts.on_site, online: list.counts.online })}${left('on_site') ? html` · ${t('me.on_site')}${left('on_site')}` : null}${left('online') ? html` · ${t('me.online')}${left('online')}` : null}</p>
    <div class="row rows-top"><label class="field"><span>${t('guests.search')}</span><input type="search" value=${asked.text} onInput=${(/** @type {any} */ e) => setAsked({ ...asked, text: e.target.value, skip: 0 })} /></label></div>
    <div class="tabs" role="group" aria-label=${t('guests.states')}>${STATES.map((s) => html`<button key=${s} type="button" aria-pressed=${asked.state === s} onClick=${() => setAsked({ ...asked, state: s, skip: 0 })}>${t(`guests.${s || 'all'}`)} <span class="num">${list.counts[s || 'all']}</span></button>`)}</div>
    <p class="error" role="alert">${error}</p>
    ${list.people.length ? html`<ul class="rows guests">${list.people.map((p) => html`<li key=${p.id}><a class="row-line" href=${href('guests', p.id)}><span class="row-name" dir="auto">${p.name}</span><span class="hint" dir="ltr">${p.email}</span><${Standing} p=${p} /></a></li>`)}</ul>` : html`<p class="empty-line">${t('guests.nobody')}</p>`}
    ${list.total > 100 ? html`<div class="row"><button type="button" class="second" disabled=${!asked.skip} onClick=${() => setAsked({ ...asked, skip: Math.max(0, asked.skip - 100) })}>${t('guests.before')}</button><span class="num">${asked.skip + 1}–${asked.skip + list.people.length} / ${list.total}</span><button type="button" class="second" disabled=${asked.skip + 100 >= list.total} onClick=${() => setAsked({ ...asked, skip: asked.skip + 100 })}>${t('guests.after')}</button></div>` : null}
    <${Part} id="invite" title=${t('guests.invite')}><${Invite} conn=${conn} done=${read} /><//>
    <${Part} id="reg-settings" title=${t('guests.settings')}><${Settings} conn=${conn} done=${read} /><//>
    <${Part} id="tables" title=${t('guests.tables')}><${Tables} conn=${conn} done=${read} /><//>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function GuestsView({ conn, args }) {
  const [what] = args;
  if (what === 'rooming' || what === 'catering') return html`<${Paper} key=${what} conn=${conn} what=${what} />`;
  if (what) return html`<${GuestPage} key=${what} conn=${conn} id=${what} />`;
  return html`<${Overview} conn=${conn} />`;
}
