// web/attend/programme.js: the whole programme by day: filters that stay, a list that draws only what is near the screen
import { html, signal, computed, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayKey, dayShort, dayName, minute, zoneName, ownTime, conferenceTime } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { slug } from '../ui/app.js';
import { under } from '../wire.js';
import { Empty } from '../ui/chrome.js';
import { Search, Calendar } from '../ui/icons.js';
import { filterSlots, pieces, slotState } from '../store.js';

const day = signal('');
const room = signal('');
const track = signal('');
const text = signal('');
const unfolded = signal(false);
/** What was over when the day was opened is folded away; later nothing goes by itself, for somebody may be reading it. */
const since = signal(0);
const earlier = signal(false);
/** Printing needs every row, whatever is near the screen. */
const everything = signal(false);
addEventListener('beforeprint', () => (everything.value = true));
addEventListener('afterprint', () => (everything.value = false));

const days = computed(() => [...new Set((schedule.value?.slots || []).map((s) => dayKey(s.start)))]);
const firstOf = computed(() => new Map([...(schedule.value?.slots || [])].reverse().map((s) => [dayKey(s.start), s.start])));
const today = computed(() => dayKey(minute.value));
/** The day shown: the chosen one, today, or the first. A search looks through all days. */
const shownDay = computed(() => (text.value.trim() ? '' : day.value || (days.value.includes(today.value) ? today.value : days.value[0] || '')));
const matching = computed(() => (schedule.value ? filterSlots(schedule.value, { day: shownDay.value, room: room.value, track: track.value, text: text.value }, dayKey) : []));
const isOver = (/** @type {import('../store.js').Slot} */ x) => Date.parse(x.end) < since.value && x.state !== 'running';
const folded = computed(() => (shownDay.value && dayKey(since.value || 1) === shownDay.value && !earlier.value ? matching.value.filter(isOver).length : 0));
const found = computed(() => (folded.value ? matching.value.filter((x) => !isOver(x)) : matching.value));
const parts = computed(() => pieces(found.value));

/** A track's colour, made readable on this ground by taking only its hue. @param {{track: any}} props */
export const TrackMark = ({ track: x }) => html`<span class="track"><i style=${x.color ? { background: x.color } : {}} aria-hidden="true"></i><span dir="auto">${x.name}</span></span>`;

/** @param {{label: string, value: {value: string}, all: string, options: {id: string, name: string}[]}} props */
const Choice = ({ label, value, all, options }) => html`<label class="choice"><span class="out-of-sight">${label}</span><select value=${value.value} onChange=${(/** @type {any} */ e) => (value.value = e.target.value)}>
  <option value="">${all}</option>${options.map((o) => html`<option key=${o.id} value=${o.id}>${o.name}</option>`)}</select></label>`;

/** @type {IntersectionObserver | null} */
let watcher = null;
/** @type {WeakMap<Element, (near: boolean) => void>} */
const watched = new WeakMap();

/** @param {Element} el @param {(near: boolean) => void} then */
function watch(el, then) {
  watcher ||= new IntersectionObserver((entries) => entries.forEach((e) => watched.get(e.target)?.(e.isIntersecting)), { rootMargin: '1200px 0px' });
  watched.set(el, then);
  watcher.observe(el);
  return () => watcher?.unobserve(el);
}

export function Programme() {
  const s = schedule.value;
  if (s && !since.value) since.value = conferenceTime();
  const chosen = (room.value ? 1 : 0) + (track.value ? 1 : 0);
  const calendar = under(slug, '/schedule.ics');
  if (!s) return null;
  const many = days.value.length > 1;
  const z = zoneName(s.slots[0]?.start || minute.value);
  return html`<section class="programme" aria-labelledby="programme-h">
    <div class="programme-head"><h2 id="programme-h">${t('programme.title')}</h2><p class="zone-note">${t('programme.zone', { zone: z })}</p></div>
    <div class="filters" role="search" aria-label=${t('programme.filters')}>
      ${many ? html`<div class="days" role="group" aria-label=${t('programme.day')}>${days.value.map((d) => html`<button key=${d} type="button" aria-pressed=${shownDay.value === d} onClick=${() => { text.value = ''; day.value = d; }}>${dayShort(firstOf.value.get(d) || '')}</button>`)}</div>` : null}
      <label class="search"><span class="out-of-sight">${t('programme.search')}</span><${Search} /><input type="search" placeholder=${t('programme.search')} value=${text.value} onInput=${(/** @type {any} */ e) => (text.value = e.target.value)} /></label>
      ${s.rooms.length > 1 || s.tracks.length > 1 ? html`<button type="button" class="second fold narrow" aria-expanded=${unfolded.value} onClick=${() => (unfolded.value = !unfolded.value)}>${t('programme.filter')}${chosen ? ` ${chosen}` : ''}</button>` : null}
      <div class=${cx('choices', !unfolded.value && 'folded')}>${s.rooms.length > 1 ? html`<${Choice} label=${t('programme.room')} value=${room} all=${t('programme.all_rooms')} options=${s.rooms} />` : null}
      ${s.tracks.length > 1 ? html`<${Choice} label=${t('programme.track')} value=${track} all=${t('programme.all_tracks')} options=${s.tracks} />` : null}</div>
    </div>
    <p class="found" role="status">${text.value.trim() || room.value || track.value ? tn('programme.found', matching.value.length) : many ? dayName(firstOf.value.get(shownDay.value) || minute.value) : dayName(s.slots[0]?.start || minute.value)}
      ${earlier.value && shownDay.value === today.value ? html` <button type="button" class="link" onClick=${toNow}>${t('programme.to_now')}</button>` : null}
      ${folded.value ? html` <button type="button" class="link" onClick=${() => (earlier.value = true)}>${tn('programme.earlier', folded.value)}</button>` : null}</p>
    ${found.value.length ? html`<div class="pieces">${parts.value.map((p, i) => html`<${Piece} key=${`${shownDay.value}${p[0].slots[0].id}`} first=${i < 3} groups=${p} before=${i ? parts.value[i - 1].at(-1)?.start : undefined} />`)}</div>`
      : folded.value ? html`<p class="empty-line">${t('programme.day_over')}</p>` : html`<${Empty} title=${t('programme.none')}><button type="button" class="link" onClick=${() => { room.value = track.value = text.value = ''; }}>${t('programme.clear')}</button><//>`}
    <p class="subscribe"><${Calendar} /><a href=${`webcal://${location.host}${calendar}`}>${t('calendar.subscribe')}</a> <a href=${calendar}>${t('calendar.file')}</a></p>
  </section>`;
}

function toNow() {
  const at = conferenceTime();
  const index = parts.value.findIndex((p) => p.some((g) => g.slots.some((x) => Date.parse(x.end) > at)));
  const el = document.querySelectorAll('.piece')[index];
  if (!el) return;
  el.scrollIntoView();
  // The piece may only now have got its real height, and its first rows may be over.
  setTimeout(() => (el.querySelector('.slot:not(.past)') || el).scrollIntoView({ block: 'center' }), 120);
}

/** @param {{groups: {start: string, slots: import('../store.js').Slot[]}[], first: boolean, before?: string}} props */
function Piece({ groups, first, before }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [near, setNear] = useState(first);
  const height = useRef(0);
  useEffect(() => (box.current ? watch(box.current, (n) => {
    if (!n && box.current) height.current = box.current.offsetHeight;
    setNear(n);
  }) : undefined), []);
  const rows = groups.reduce((n, g) => n + g.slots.length, 0);
  const draw = near || everything.value;
  return html`<div class="piece" ref=${box} style=${draw ? { height: '' } : { height: `${height.current || rows * 76}px` }}>
    ${draw ? groups.map((g, i) => html`<${Group} key=${g.start} group=${g} date=${!shownDay.value && dayKey(g.start) !== (i ? dayKey(groups[i - 1].start) : before && dayKey(before))} />`) : null}
  </div>`;
}

/** @param {{group: {start: string, slots: import('../store.js').Slot[]}, date: boolean | string | undefined}} props */
function Group({ group, date }) {
  return html`${date ? html`<h3 class="date-head">${dayName(group.start)}</h3>` : null}<div class="group">
    <h4 class="group-time num"><time datetime=${group.start}>${clock(group.start)}</time>${ownTime(group.start) ? html`<span class="own-time">${ownTime(group.start)}</span>` : null}</h4>
    <ol>${group.slots.map((slot) => html`<${Row} key=${slot.id} slot=${slot} />`)}</ol></div>`;
}

/** @param {{slot: import('../store.js').Slot}} props */
function Row({ slot }) {
  const s = schedule.value;
  const session = s?.session.get(slot.session);
  if (!s || !session) return null;
  const state = slotState(slot, minute.value);
  const many = session.talks.length > 1;
  const target = session.talks.find((x) => x.started && !x.ended) || session.talks[0];
  const names = many ? tn('talk.talks', session.talks.length) : (target?.speakers || []).map((p) => p.name).join(', ');
  const track = session.track ? s.track.get(session.track) : null;
  const late = slot.expected_start && slot.expected_start !== slot.start && state === 'planned';
  return html`<li class=${cx('slot', state, (state === 'ended' || state === 'over') && 'past')}><a href=${target ? `#/talk/${target.id}` : '#/'}>
    <span class="slot-title" dir="auto">${session.title}</span>
    ${names ? html`<span class="slot-by" dir="auto">${names}</span>` : null}
    <span class="slot-facts">${state === 'running' ? html`<span class="tag on">${t('now.tag')}</span>` : state === 'cancelled' ? html`<span class="tag off">${t('state.cancelled')}</span>` : late ? html`<span class="tag">${t('state.expected', { time: clock(slot.expected_start || '') })}</span>` : null}
      <span class="num">${clock(slot.start)}–${clock(slot.end)}</span><span dir="auto">${s.room.get(slot.room)?.name}</span>${track ? html`<${TrackMark} track=${track} />` : null}</span>
  </a></li>`;
}
