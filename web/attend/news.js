// web/attend/news.js: what changed in one's own programme: a quiet list, put away line by line
import { html } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { mine } from '../ui/app.js';
import { ago, clock, dayKey, dayName, minute } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { Close } from '../ui/icons.js';
import { applyPerson } from '../store.js';
import { targetOf } from './row.js';

/** One side of a change in words: when, or where. @param {any} side @param {string} kind */
function said(side, kind) {
  if (!side) return '';
  if (kind === 'room') return side.room_name || schedule.value?.room.get(side.room)?.name || '';
  const at = side.expected_start || side.start;
  return at ? `${dayKey(at) === dayKey(minute.value) ? '' : `${dayName(at)} `}${clock(at)}` : '';
}

/** @param {{conn: import('../protocol.js').Connection, n: any}} props */
function Item({ conn, n }) {
  const session = schedule.value?.session.get(n.session);
  const talk = session && targetOf(session);
  const [was, is] = n.kind === 'changed' ? ['', ''] : [said(n.before, n.kind), n.kind === 'cancelled' ? '' : said(n.after, n.kind)];
  const room = n.kind === 'moved' && n.before?.room !== n.after?.room ? said(n.after, 'room') : '';
  const done = () => {
    mine.value = applyPerson(mine.value, 'news.read', { news: n.id });
    conn.call('news.read', { news: n.id }).catch(() => {});
  };
  return html`<li class="news-item"><p><b>${t(`news.${n.kind}`)}</b> <a href=${talk ? `#/talk/${talk.id}` : '#/'} dir="auto">${n.title}</a></p>
    <p class="news-facts">${was && was !== is ? html`<span><span class="out-of-sight">${t('news.was')} </span><s>${was}</s></span>` : null}${is ? html` <b class="expected num" dir="auto">${is}</b>` : null}${room ? html` <span dir="auto">${room}</span>` : null} <span>${(minute.value, ago(n.at))}</span></p>
    <button type="button" class="plain square" onClick=${done} aria-label=${t('news.close', { title: n.title })}><${Close} /></button></li>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function News({ conn }) {
  const list = mine.value.news.filter((n) => !n.read);
  return html`<div class="news" role="region" aria-label=${t('news.title')}>${list.length ? html`<details open=${list.length <= 2}><summary>${tn('news.count', list.length)}</summary><ul>${list.map((n) => html`<${Item} key=${n.id} conn=${conn} n=${n} />`)}</ul></details>` : null}</div>`;
}
