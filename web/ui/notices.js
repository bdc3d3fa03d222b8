// web/ui/notices.js: announcements from the organiser, as far as they concern this page: followed, shown by urgency, put away once read
import { html, signal, computed, effect, useState, cx } from './dom.js';
import { t, tn, own } from '../i18n/index.js';
import { session, mine, roles } from './app.js';
import { now, clock } from './clock.js';
import { applyNotice, currentNotices, noticeKey } from '../personal.js';
import { Close } from './icons.js';

/** @typedef {import('../personal.js').Notice} Notice */

const KEPT = 'plenum-notices-read';
/** @returns {string[]} */
function keptRead() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) || '[]');
  } catch {
    return [];
  }
}

/** Those of each channel. */
const byChannel = signal(/** @type {Map<string, ReadonlyMap<string, Notice>>} */ (new Map()));
const read = signal(new Set(keptRead()));
/** Whether every channel has said what it has. */
export const noticesRead = computed(() => wanted.value.length > 0 && wanted.value.every((name) => byChannel.value.has(name)));
const wanted = signal(/** @type {string[]} */ ([]));

export const notices = computed(() => currentNotices(new Map([...byChannel.value.values()].flatMap((m) => [...m])).values(), now.value, read.value));

/** What a channel holds, from a snapshot. @param {string} channel @param {Notice[]} list */
const put = (channel, list) => (byChannel.value = new Map(byChannel.value).set(channel, new Map(list.map((n) => [n.id, n]))));

/** An event that may be about a notice of that channel: the room's channel carries more than these. @param {string} channel @param {string} type @param {any} data */
export function heardNotice(channel, type, data) {
  const old = byChannel.value.get(channel) || new Map();
  const next = applyNotice(old, type, data);
  if (next !== old) byChannel.value = new Map(byChannel.value).set(channel, next);
}

/** The room's own notices, as the snapshot of `room:<id>` has them. @param {string} room @param {Notice[]} list */
export const roomNotices = (room, list) => put(`room:${room}`, list);
/** @param {string} room */
export function leaveRoom(room) {
  const rest = new Map(byChannel.value);
  rest.delete(`room:${room}`);
  byChannel.value = rest;
}

const ROLES = ['speaker', 'moderator', 'desk', 'reviewer', 'juror', 'organiser'];

/** Follows the announcements for whoever this page is. @param {import('../protocol.js').Connection} conn */
export function followNotices(conn) {
  /** @type {Map<string, () => void>} */
  const stops = new Map();
  effect(() => {
    if (!session.value) return;
    const device = !!session.value.station;
    const mode = mine.value.mode;
    const names = ['notice:all'];
    if (device || mode === 'on_site') names.push('notice:on-site');
    if (mode === 'online') names.push('notice:online');
    for (const role of ROLES) if (!device && roles.value.includes(role)) names.push(`notice:${role}`);
    if (session.value.person && roles.value.includes('attendee')) names.push('notice:attendee');
    if (names.join() === wanted.value.join()) return;
    for (const [name, stop] of stops) {
      if (names.includes(name)) continue;
      stop();
      stops.delete(name);
      const rest = new Map(byChannel.value);
      rest.delete(name);
      byChannel.value = rest;
    }
    wanted.value = names;
    for (const name of names) {
      if (stops.has(name)) continue;
      stops.set(name, conn.subscribe(name, { snapshot: (doc) => put(name, doc.notices), event: (type, data) => heardNotice(name, type, data), fault: () => put(name, []) }));
    }
  });
}

/** @param {import('../protocol.js').Connection} conn @param {Notice} n */
function putAway(conn, n) {
  read.value = new Set([...read.value, noticeKey(n)].slice(-100));
  try {
    localStorage.setItem(KEPT, JSON.stringify([...read.value]));
  } catch {
    // Put away for this page only.
  }
  if (session.value?.person) conn.call('notice.read', { notice: n.id }).catch(() => {});
}

/** @param {{n: Notice, close?: () => void}} props */
export const NoticeText = ({ n, close }) => html`<li class=${cx('notice-item', n.urgency)}>
  <p class="notice-head"><b>${t(`notice.${n.urgency}`)}</b> <span class="num">${clock(n.at)}</span></p>
  <p class="notice-text" dir="auto">${own(n.text)}</p>
  ${close ? html`<button type="button" class="plain square" onClick=${close} aria-label=${t('notice.close')}><${Close} /></button>` : null}
</li>`;

/** At the lower edge, over the page, so that nothing on it moves: the most urgent, the others behind a button. @param {{conn: import('../protocol.js').Connection}} props */
export function Notices({ conn }) {
  const [all, setAll] = useState(false);
  const list = notices.value;
  const shown = all ? list : list.slice(0, 1);
  const urgent = list[0]?.urgency === 'urgent';
  return html`<section class=${cx('notices', !list.length && 'empty-of')} aria-label=${t('notice.title')}>
    <div role="status" aria-live=${urgent ? 'assertive' : 'polite'}><ul>${shown.map((n) => html`<${NoticeText} key=${noticeKey(n)} n=${n} close=${() => putAway(conn, n)} />`)}</ul></div>
    ${list.length > 1 ? html`<button type="button" class="notices-more" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? t('notice.fewer') : tn('notice.more', list.length - 1)}</button>` : null}
  </section>`;
}
