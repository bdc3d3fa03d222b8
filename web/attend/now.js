// web/attend/now.js: what is on and what is next, with the question box for it, within the first screen
import { html, signal, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, minute, duration, ownTime, dayKey, dayName } from '../ui/clock.js';
import { schedule, nowNext } from '../ui/schedule.js';
import { Empty } from '../ui/chrome.js';
import { Arrow } from '../ui/icons.js';
import { Ask } from './ask.js';
import { followTalk, questions } from './questions.js';
import { Watch } from './watch.js';

const chosen = signal('');
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
const when = (/** @type {any} */ e) => (dayKey(e.start) === dayKey(minute.value) ? clock(e.start) : `${dayName(e.start)} ${clock(e.start)}`);

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Now({ conn }) {
  const doc = nowNext.value;
  const [all, setAll] = useState(false);
  const rooms = doc.rooms.filter((/** @type {any} */ r) => r.now || r.next);
  if (!rooms.length) return html`<section class="now"><${Empty} title=${t('now.over')}><p>${t('now.over_hint')}</p><//></section>`;
  const soonest = [...rooms].sort((a, b) => (a.now ? 0 : 1) - (b.now ? 0 : 1) || (a.now ? 0 : (a.next?.start || '').localeCompare(b.next?.start || '')));
  const main = rooms.find((/** @type {any} */ r) => r.room === chosen.value) || soonest[0];
  const others = soonest.filter((r) => r !== main);
  const shown = all ? others : others.slice(0, 4);
  const running = others.filter((r) => r.now).length;
  return html`<section class="now" aria-labelledby="now-h">
    <h1 id="now-h" class="out-of-sight">${t('now.title')}</h1>
    <${Feature} conn=${conn} entry=${main} />
    ${others.length ? html`<div class="also"><h2>${running ? tn('now.also', running) : t('now.elsewhere')}</h2><ul>${shown.map((r) => {
      const e = r.now || r.next;
      return html`<li key=${r.room}><button type="button" onClick=${() => choose(r.room)} aria-label=${t('now.show_room', { room: r.name, title: e.title })}>
        <span class=${r.now ? 'tag on' : 'tag'}>${r.now ? t('now.until', { time: clock(e.end) }) : when(e)}</span><span class="also-title" dir="auto">${e.title}</span><span class="also-room" dir="auto">${r.name}</span></button></li>`;
    })}</ul>${others.length > 4 ? html`<button type="button" class="link" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? t('now.fewer') : t('now.all', { n: others.length })}</button>` : null}</div>` : null}
  </section>`;
}

/** @param {{conn: import('../protocol.js').Connection, entry: any}} props */
function Feature({ conn, entry }) {
  const on = entry.now;
  const e = on || entry.next;
  const id = talkOf(e);
  const found = schedule.value?.talk.get(id);
  followTalk(conn, id);
  const span = Date.parse(e.end) - Date.parse(e.start);
  const left = Date.parse(e.end) - minute.value;
  const part = Math.min(1, Math.max(0, (minute.value - Date.parse(e.start)) / span));
  const asked = [...(questions.value?.questions.values() || [])].filter((q) => q.state !== 'answered').length;
  const title = e.talk?.title || found?.talk.title || e.title;
  return html`<article class="feature">
    <p class="feature-when"><span class=${on ? 'tag on' : 'tag'}>${on ? t('now.tag') : t('now.next_tag')}</span>
      <span class="num">${on ? `${clock(e.start)}–${clock(e.end)}` : when(e)}</span><span class="feature-room" dir="auto">${entry.name}</span>
      <span class="feature-left">${on ? (left > 0 ? t('now.left', { span: duration(left) }) : t('now.overrun', { span: duration(-left) })) : t('now.in', { span: duration(Date.parse(e.start) - minute.value) })}</span>
      ${ownTime(e.start) ? html`<span class="own-time">${ownTime(e.start)}</span>` : null}</p>
    <div class="progress" aria-hidden="true"><i style=${{ transform: `scaleX(${on ? part : 0})` }}></i></div>
    <h2 class="feature-title" dir="auto"><a href=${`#/talk/${id}`}>${title}</a></h2>
    ${speakers(found?.talk) ? html`<p class="feature-speakers" dir="auto">${speakers(found?.talk)}</p>` : null}
    <${Watch} conn=${conn} room=${entry.room} />
    ${id ? html`<${Ask} conn=${conn} talk=${id} /><a class="more" href=${`#/talk/${id}`}>${asked ? tn('now.questions', asked) : t('now.open_talk')}<${Arrow} /></a>` : null}
    ${on && entry.next ? html`<p class="feature-next"><span class="num">${when(entry.next)}</span> <span dir="auto">${entry.next.title}</span></p>` : null}
  </article>`;
}
