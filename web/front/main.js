// web/front/main.js: the public front page: what, where, when, how to join
import { html, mount, signal, effect } from '../ui/dom.js';
import { t, own, lang } from '../i18n/index.js';
import { setClock, zone, zoneKnown, ownZone, learnZone, now, minute, clock, fullDate, zoneName, ownTime, dayKey, dateKey, keyName } from '../ui/clock.js';
import { StartTime } from '../ui/times.js';
import { begins } from '../store.js';
import { slugOf, under } from '../wire.js';
import { Switches, Empty } from '../ui/chrome.js';
import { Arrow } from '../ui/icons.js';

const slug = slugOf(location.pathname);
const page = signal(/** @type {any} */ (null));
const board = signal(/** @type {any} */ (null));
const fault = signal('');

async function load() {
  try {
    const reply = await fetch(under(slug, '/conference.json'));
    if (!reply.ok) throw new Error(String(reply.status));
    const doc = await reply.json();
    zone.value = doc.conference.zone;
    setClock(doc.time);
    const all = [...new Set([zone.value, ownZone])].map(loadZone);
    // Known from an earlier visit they need not be waited for.
    if (!zoneKnown.value) await all[0];
    page.value = doc;
    fault.value = '';
  } catch (e) {
    if (!page.value) fault.value = /** @type {Error} */ (e).message === '404' ? 'gone' : 'network';
    if (fault.value === 'network') setTimeout(load, 5000);
  }
}

/** Offsets of the conference's zone and the reader's, from the server. @param {string} name */
async function loadZone(name) {
  const address = new URL('/rpc', location.origin);
  address.searchParams.set('guest', slug);
  const reply = await fetch(address, { method: 'POST', credentials: 'omit', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'zone.get', params: { zone: name } }) }).catch(() => null);
  const doc = reply?.ok ? await reply.json() : null;
  learnZone(name, doc?.result?.offsets);
}

async function loadBoard() {
  const reply = await fetch(under(slug, '/now.json')).catch(() => null);
  if (reply?.ok) board.value = await reply.json();
}

load();
loadBoard();
setInterval(() => document.visibilityState === 'visible' && loadBoard(), 60000);

effect(() => {
  if (page.value) document.title = page.value.conference.title;
  document.documentElement.lang = lang.value;
});

/** The days of the conference as its announcement would write them. @param {any} c */
function dates(c) {
  const from = `${c.starts}T12:00:00Z`;
  const to = `${c.ends}T12:00:00Z`;
  if (c.starts === c.ends) return { main: fullDate(from), extra: keyName(c.starts).split(' ')[0].replace(',', '') };
  const f = new Intl.DateTimeFormat(lang.value === 'da' ? 'da-DK' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return { main: f.formatRange(new Date(from), new Date(to)), extra: '' };
}

/** The place alone, where the announcement says "and online" in the same breath. @param {string | undefined} venue */
const placeOf = (venue) => (venue || '').replace(/,?\s*(and|og) online\.?$/i, '');

/** What there is to look at beside the programme. */
const SHELF = ['posters', 'book'];
/** Whether a page is open and has something in it: nothing leads to an empty one. @param {string} name */
const opens = (name) => !!page.value?.pages?.includes(name);

function Hero() {
  const { conference: c, info = {} } = page.value;
  const [head, ...rest] = c.title.split(/\s+[–—-]\s+/);
  const d = dates(c);
  const today = dayKey(minute.value);
  const state = today < c.starts ? 'before' : today > c.ends ? 'after' : 'during';
  const at = `${c.starts}T10:00:00Z`;
  return html`<section class="hero">
    <h1 dir="auto"><span>${head}</span>${rest.length ? html` <span class="hero-rest">${rest.join(' – ')}</span>` : null}</h1>
    ${c.subtitle && !c.title.includes(c.subtitle) ? html`<p class="hero-sub" dir="auto">${c.subtitle}</p>` : null}
    <dl class="facts">
      <div><dt>${t('front.when')}</dt><dd>${d.main}<small>${[d.extra, t('front.zone', { zone: zoneName(at) })].filter(Boolean).join(' · ')}${ownTime(at) ? html` · ${t('front.zone_differs')}` : ''}</small></dd></div>
      <div><dt>${t('front.where')}</dt><dd dir="auto">${placeOf(c.venue) || t('front.online')}<small>${c.venue ? t('front.and_online') : ''}</small></dd></div>
      <div><dt>${t('front.status')}</dt><dd>${t(`front.state_${state}`)}<small>${t('front.clock', { time: clock(now.value), zone: zoneName(now.value) })}</small></dd></div>
    </dl>
    <p class="hero-go"><a class="primary" href=${under(slug, '/attend')}>${state === 'during' ? t('front.follow') : t('front.programme')}<${Arrow} /></a> ${opens('register') ? html`<a class="second" href=${under(slug, '/register')}>${t('pages.register')}</a> ` : null}<a class="second" href="#join">${t('front.how')}</a></p>
    ${SHELF.some(opens) ? html`<p class="hero-more">${SHELF.filter(opens).map((n) => html`<a key=${n} href=${under(slug, `/${n}`)}>${t(`pages.${n}`)}<${Arrow} /></a>`)}</p>` : null}
    ${own(info.lead) ? html`<p class="lead" dir="auto">${own(info.lead)}</p>` : null}
  </section>`;
}

function Board() {
  const rooms = (board.value?.rooms || []).filter((/** @type {any} */ r) => r.now || r.next);
  if (!rooms.length) return null;
  const rows = rooms.flatMap((/** @type {any} */ r) => [r.now && { ...r.now, name: r.name, on: true }, r.next && { ...r.next, name: r.name }]).filter(Boolean);
  rows.sort((/** @type {any} */ a, /** @type {any} */ b) => (begins(a) < begins(b) ? -1 : 1));
  return html`<section class="board" aria-labelledby="board-h"><div class="board-in"><h2 id="board-h">${t('front.board')}</h2>
    <table><thead><tr><th scope="col">${t('front.time')}</th><th scope="col">${t('front.session')}</th><th scope="col">${t('front.room')}</th><th scope="col" class="out-of-sight">${t('front.status')}</th></tr></thead>
    <tbody>${rows.slice(0, 6).map((/** @type {any} */ e) => html`<tr key=${e.slot} class=${e.on ? 'on' : ''}><td class="num"><${StartTime} x=${e} today=${dayKey(minute.value)} below=${true} /></td><td dir="auto">${e.title}</td><td dir="auto">${e.name}</td><td>${e.on ? html`<span class="tag on">${t('now.tag')}</span>` : ''}</td></tr>`)}</tbody></table></div></section>`;
}

/** The topics as stops on one line that goes out and comes back. @param {{topics: any[]}} props */
function Topics({ topics }) {
  const half = Math.ceil(topics.length / 2);
  const stop = (/** @type {any} */ x, /** @type {number} */ i) => html`<li key=${i} style=${{ '--col': i < half ? i + 1 : half * 2 - i, '--row': i < half ? 1 : 2 }} class=${i === half - 1 ? 'turn' : i === half ? 'turned' : i === topics.length - 1 || i === 0 ? 'end' : ''}><span class="stop" aria-hidden="true">${i + 1}</span><span class="stop-name" dir="auto">${own(x)}</span></li>`;
  return html`<section class="topics" aria-labelledby="topics-h"><h2 id="topics-h">${t('front.topics')}</h2><ol style=${{ '--cols': half }}>${topics.map(stop)}</ol></section>`;
}

/** @param {{call: any}} props */
function Call({ call }) {
  const today = dateKey(now.value);
  const closes = call.closes ? Date.parse(call.closes) : Infinity;
  const state = call.opens && today < call.opens ? 'soon' : now.value < closes ? 'open' : 'closed';
  const rows = [
    call.opens && [t('front.call_opens'), fullDate(`${call.opens}T12:00:00Z`), ''],
    call.closes && [t('front.call_closes'), own(call.closes_text) || `${fullDate(closes)}, ${clock(closes)} ${zoneName(closes)}`, ownTime(closes)],
    own(call.evaluation) && [t('front.call_evaluation'), own(call.evaluation), ''],
    own(call.notification) && [t('front.call_notification'), own(call.notification), ''],
  ].filter(Boolean);
  return html`<section class="split" aria-labelledby="call-h"><div><h2 id="call-h">${t('front.call')}</h2><p class=${`call-state ${state}`}>${t(`front.call_${state}`)}</p><p><a class=${state === 'open' ? 'primary' : 'second'} href=${under(slug, '/apply')}>${t(state === 'closed' ? 'front.apply_closed' : 'front.apply')}</a></p></div>
    <dl class="rows">${rows.map(([k, v, o], i) => html`<div key=${i}><dt>${k}</dt><dd dir="auto">${v}${o ? html` <span class="own-time">${o}</span>` : null}</dd></div>`)}</dl></section>`;
}

/** @param {{id: string, title: string, children?: any}} props */
const Split = ({ id, title, children }) => html`<section class="split" aria-labelledby=${id}><h2 id=${id}>${title}</h2><div class="prose">${children}</div></section>`;

function Join() {
  const c = page.value.conference;
  const ics = under(slug, '/schedule.ics');
  return html`<section class="join" id="join" aria-labelledby="join-h"><h2 id="join-h">${t('front.join')}</h2><div class="ways">
    <div><h3>${t('front.join_online')}</h3><p>${t('front.join_online_text')}</p><p><a class="primary" href=${under(slug, '/attend')}>${t('front.join_online_go')}<${Arrow} /></a></p></div>
    <div><h3>${c.venue ? t('front.join_site', { venue: placeOf(c.venue) }) : t('front.join_site_plain')}</h3><p>${t('front.join_site_text')}</p>${opens('register') ? html`<p><a class="second" href=${under(slug, '/register')}>${t('pages.register')}</a></p>` : null}</div>
    <div><h3>${t('front.join_calendar')}</h3><p>${t('front.join_calendar_text')}</p><p class="row"><a class="second" href=${`webcal://${location.host}${ics}`}>${t('calendar.subscribe')}</a><a href=${ics}>${t('calendar.file')}</a></p><p class="address"><code>${location.origin}${ics}</code></p></div>
  </div></section>`;
}

function Page() {
  const top = html`<header class="bar"><div class="bar-in"><a class="home" href=${under(slug, '/')}><span class="mark" aria-hidden="true"></span><span dir="auto">${page.value?.conference.title.split(/\s+[–—-]\s+/)[0] || t('conference')}</span></a>
    <nav class="bar-nav" aria-label=${t('front.pages')}><a href=${under(slug, '/attend')}>${t('front.programme')}</a>${opens('posters') ? html`<a href=${under(slug, '/posters')}>${t('pages.posters')}</a>` : null}<a href="#join">${t('front.join')}</a></nav><div class="bar-end"><${Switches} /></div></div></header>`;
  if (!page.value) {
    return html`${top}<main id="main">${fault.value ? html`<${Empty} title=${fault.value === 'gone' ? t('line.no_conference') : t('line.offline')}><p>${fault.value === 'gone' ? t('front.gone_hint') : t('front.network_hint')}</p><//>` : null}</main>`;
  }
  const { info = {} } = page.value;
  const texts = ['covered', 'not_covered'].filter((k) => own(info[k]));
  const more = ['ultrathon', 'whitepaper', 'sample'].filter((k) => own(info[k]));
  return html`${top}<main id="main" class="front">
    <${Hero} /><${Board} />
    ${info.topics?.length ? html`<${Topics} topics=${info.topics} />` : null}
    ${info.call ? html`<${Call} call=${info.call} />` : null}
    ${texts.length ? html`<section class="split" aria-labelledby="covered-h"><h2 id="covered-h">${t('front.covered_title')}</h2><dl class="rows">${texts.map((k) => html`<div key=${k}><dt>${t(`front.${k}`)}</dt><dd dir="auto">${own(info[k])}</dd></div>`)}</dl></section>` : null}
    ${more.map((k) => html`<${Split} key=${k} id=${`${k}-h`} title=${t(`front.${k}`)}><p dir="auto">${own(info[k])}</p><//>`)}
    <${Join} />
  </main><footer class="foot"><div><span dir="auto">${page.value.conference.title}</span><span>${[dates(page.value.conference).main, placeOf(page.value.conference.venue)].filter(Boolean).join(' · ')}</span>
    <nav aria-label=${t('front.staff')}><a href=${under(slug, '/moderate')}>${t('moderate.here')}</a><a href=${under(slug, '/kiosk')}>${t('kiosk.here')}</a><a href=${under(slug, '/organise')}>${t('organise.here')}</a></nav></div></footer>`;
}

mount('app', html`<${Page} />`);
