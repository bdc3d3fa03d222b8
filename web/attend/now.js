// web/attend/now.js: what is on and what is next, with the question box for it, within the first screen
import { html, signal, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, minute, duration, ownTime, dayKey } from '../ui/clock.js';
import { schedule, board } from '../ui/schedule.js';
import { StartTime, Times } from '../ui/times.js';
import { Empty } from '../ui/chrome.js';
import { Arrow } from '../ui/icons.js';
import { Ask } from './ask.js';
import { Beside } from './beside.js';
import { followTalks, halls } from './hall.js';
import { openCount } from '../qa_store.js';
import { useStreams, Watch } from './watch.js';
import { useRoom } from '../ui/room.js';
import { Star } from './star.js';
import { begins, ends } from '../store.js';
import { isLong } from '../zone.js';

/** The room the reader follows. */
export const chosen = signal('');
try {
  chosen.value = localStorage.getItem('plenum-room') || '';
} catch {
  chosen.value = '';
}

/** @param {string} room */
function choose(room) {
  chosen.value = room;
  try {
    localStorage.setItem('plenum-room', room);
  } catch {
    // Kept for this page only.
  }
}

/** The talk that questions go to: the one running, else the first not yet over. @param {any} entry */
export function talkOf(entry) {
  if (!entry) return '';
  if (entry.talk) return entry.talk.id;
  const talks = schedule.value?.session.get(entry.session)?.talks || [];
  return (talks.find((x) => x.started && !x.ended) || talks.find((x) => !x.ended) || talks[0])?.id || '';
}

const speakers = (/** @type {any} */ talk) => (talk?.speakers || []).map((/** @type {any} */ p) => p.name).join(', ');
const When = (/** @type {{e: any}} */ { e }) => html`<${StartTime} x=${e} today=${dayKey(minute.value)} />`;

/** An entry with what has been heard of it since. @param {any} e */
const fresh = (e) => (e ? { ...e, ...schedule.value?.slots.find((x) => x.id === e.slot) } : e);

/** The rooms with something on or to come: what is on first, what runs for weeks behind what begins today. @param {any} doc */
function roomsOf(doc) {
  const rooms = doc.rooms.filter((/** @type {any} */ r) => r.now || r.next).map((/** @type {any} */ r) => ({ ...r, now: fresh(r.now), next: fresh(r.next) }));
  const rank = (/** @type {any} */ r) => (r.now ? (isLong(r.now) ? 1 : 0) : 2);
  const at = (/** @type {any} */ r) => (r.now ? '' : begins(r.next));
  return rooms.sort((/** @type {any} */ a, /** @type {any} */ b) => rank(a) - rank(b) || at(a).localeCompare(at(b)));
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Now({ conn }) {
  const [all, setAll] = useState(false);
  const rooms = roomsOf(board.value);
  // Before anything is published there is nothing to look back at either: the list says what comes.
  if (!schedule.value?.slots.length) return html`<section class="now"><${Empty} title=${t('programme.empty')}><p>${t('programme.empty_hint')}</p><//></section>`;
  if (!rooms.length) return html`<section class="now"><${Empty} title=${t('now.over')}><p>${t('now.over_hint')}</p><//></section>`;
  const main = rooms.find((/** @type {any} */ r) => r.room === chosen.value) || rooms[0];
  const others = rooms.filter((/** @type {any} */ r) => r !== main);
  const shown = all ? others : others.slice(0, 4);
  const running = others.filter((/** @type {any} */ r) => r.now).length;
  return html`<section class="now" aria-labelledby="now-h">
    <h1 id="now-h" class="out-of-sight">${t('now.title')}</h1>
    <${Feature} conn=${conn} entry=${main} />
    ${others.length ? html`<div class="also"><h2>${running ? tn('now.also', running) : t('now.elsewhere')}</h2><ul>${shown.map((/** @type {any} */ r) => {
      const e = r.now || r.next;
      return html`<li key=${r.room}><button type="button" onClick=${() => choose(r.room)} aria-label=${t('now.show_room', { room: r.name, title: e.title })}>
        <span class=${r.now ? 'tag on' : 'tag'}>${r.now && !isLong(e) ? t('now.until', { time: clock(ends(e)) }) : html`<${When} e=${e} />`}</span><span class="also-title" dir="auto">${e.title}</span><span class="also-room" dir="auto">${r.name}</span></button></li>`;
    })}</ul>${others.length > 4 ? html`<button type="button" class="link" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? t('now.fewer') : t('now.all', { n: others.length })}</button>` : null}</div>` : null}
  </section>`;
}

/** @param {{conn: import('../protocol.js').Connection, entry: any}} props */
function Feature({ conn, entry }) {
  const on = entry.now;
  const e = on || entry.next;
  const id = talkOf(e);
  const found = schedule.value?.talk.get(id);
  followTalks(conn, [id]);
  useRoom(conn, entry.room);
  const streams = useStreams(conn, entry.room);
  const span = Date.parse(ends(e)) - Date.parse(begins(e));
  const left = Date.parse(ends(e)) - minute.value;
  const part = Math.min(1, Math.max(0, (minute.value - Date.parse(begins(e))) / span));
  const asked = openCount(halls.value.get(id));
  const title = e.talk?.title || found?.talk.title || e.title;
  return html`<article class="feature">
    <p class="feature-when"><span class=${on ? 'tag on' : 'tag'}>${on ? t('now.tag') : t('now.next_tag')}</span>
      ${on ? html`<${Times} x=${e} running=${true} />` : html`<${When} e=${e} />`}<span class="feature-room" dir="auto">${entry.name}</span>
      <span class="feature-left">${on ? (left > 0 ? t('now.left', { span: duration(left) }) : t('now.overrun', { span: duration(-left) })) : t('now.in', { span: duration(Date.parse(begins(e)) - minute.value) })}</span>
      ${!isLong(e) && ownTime(begins(e)) ? html`<span class="own-time">${ownTime(begins(e))}</span>` : null}</p>
    <div class="progress" aria-hidden="true"><i style=${{ transform: `scaleX(${on ? part : 0})` }}></i></div>
    <div class="feature-head"><h2 class="feature-title" dir="auto"><a href=${`#/talk/${id}`}>${title}</a></h2><${Star} session=${e.session} title=${e.title} /></div>
    ${speakers(found?.talk) ? html`<p class="feature-speakers" dir="auto">${speakers(found?.talk)}</p>` : null}
    <${Watch} streams=${streams} conn=${conn} room=${entry.room} />
    ${id ? html`<${Ask} talk=${id} session=${e.session} room=${entry.room} follows=${true} /><${Beside} conn=${conn} talk=${id} session=${e.session} likely=${!!on || Date.parse(begins(e)) - minute.value <= 3e5} /><a class="more" href=${`#/talk/${id}`}>${asked ? tn('now.questions', asked) : t('now.open_talk')}<${Arrow} /></a>` : null}
    ${on && entry.next ? html`<p class="feature-next"><${When} e=${entry.next} /> <span dir="auto">${entry.next.title}</span></p>` : null}
  </article>`;
}
