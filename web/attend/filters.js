// web/attend/filters.js: what of the programme is shown: days, words, room, topic, one's own; all of it in the address
import { html, computed, signal, cx, useEffect, useRef } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { dayKey, keyName, keyShort, minute } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { person } from '../ui/app.js';
import { Search, Star } from '../ui/icons.js';
import { filterSlots } from '../store.js';
import { isLong } from '../zone.js';
import { conflicts } from '../personal.js';
import { filter, refine } from './route.js';
import { stars, takenOff } from './kept.js';

const unfolded = signal(false);

const today = computed(() => dayKey(minute.value));

/** The days something begins on, whether the event covers them or not. What runs for weeks fills only its first. */
export const days = computed(() => [...new Set((schedule.value?.slots || []).filter((x) => x.state !== 'cancelled' || !isLong(x)).map((x) => dayKey(x.start)))].sort());

/** The day shown: the chosen one, today, the next with something on it, or the first. A search and one's own programme go through all days. */
export const shownDay = computed(() => {
  if (filter.value.text.trim() || filter.value.mine) return '';
  if (days.value.includes(filter.value.day)) return filter.value.day;
  return days.value.find((d) => d >= today.value) || days.value[0] || '';
});

/** One's own programme, and for some seconds what was taken out of it: a slip of the finger is undone where it happened. */
const shownStars = computed(() => (takenOff.value.size ? new Set([...stars.value, ...takenOff.value.keys()]) : stars.value));
const matching = computed(() => (schedule.value ? filterSlots(schedule.value, { room: filter.value.room, track: filter.value.track, text: filter.value.text, stars: filter.value.mine ? shownStars.value : null }, dayKey) : []));
/** Those that begin and end: the list itself. */
export const shortOnes = computed(() => matching.value.filter((x) => !isLong(x) && (!shownDay.value || dayKey(x.start) === shownDay.value)));
/** What runs for days and is on during what is shown. */
export const longOnes = computed(() => matching.value.filter((x) => isLong(x) && (!shownDay.value || (dayKey(x.start) <= shownDay.value && shownDay.value <= dayKey(x.end)))));
/** Which of the starred are at the same time. */
export const clashes = computed(() => conflicts(schedule.value?.slots || [], stars.value));

/** @param {{label: string, value: string, set: (v: string) => void, all: string, options: {id: string, name: string}[]}} props */
const Choice = ({ label, value, set, all, options }) => html`<label class="choice"><span class="out-of-sight">${label}</span><select value=${value} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
  <option value="">${all}</option>${options.map((o) => html`<option key=${o.id} value=${o.id} selected=${o.id === value}>${o.name}</option>`)}</select></label>`;

/** A strip of days; the pressed one is in view, whatever their number. */
function Days() {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const c = schedule.value?.conference;
  useEffect(() => {
    const on = /** @type {HTMLElement | null} */ (box.current?.querySelector('[aria-pressed="true"]'));
    if (on && box.current) box.current.scrollLeft = on.offsetLeft - (box.current.clientWidth - on.offsetWidth) / 2;
  }, [shownDay.value, days.value.length]);
  const outside = (/** @type {string} */ d) => c?.starts && (d < c.starts || d > c.ends);
  const months = new Set(days.value.map((d) => d.slice(0, 7))).size > 1;
  return html`<div class="days" role="group" aria-label=${t('programme.day')} ref=${box}>${days.value.map((d) => html`<button key=${d} type="button" class=${outside(d) ? 'outside' : ''} aria-pressed=${shownDay.value === d} aria-label=${keyName(d)} onClick=${() => refine({ text: '', mine: false, day: d })}>${keyShort(d, months)}</button>`)}</div>`;
}

export function Filters() {
  const s = schedule.value;
  const f = filter.value;
  if (!s) return null;
  const chosen = (f.room ? 1 : 0) + (f.track ? 1 : 0);
  const choices = s.rooms.length > 1 || s.tracks.length > 1;
  const clash = clashes.value.size;
  return html`<div class="filters" role="search" aria-label=${t('programme.filters')}>
    ${days.value.length > 1 ? html`<${Days} />` : null}
    ${person.value ? html`<button type="button" class="second own-switch" aria-pressed=${f.mine} onClick=${() => refine({ mine: !f.mine, text: '' })}><${Star} /><span>${t('mine.title')}</span>${stars.value.size ? html`<span class="num">${stars.value.size}</span>` : null}${clash ? html`<span class="clash-mark" title=${t('mine.clashes')}>!<span class="out-of-sight"> ${t('mine.clashes')}</span></span>` : null}</button>` : null}
    <label class="search"><span class="out-of-sight">${t('programme.search')}</span><${Search} /><input type="search" placeholder=${t('programme.search')} value=${f.text} onInput=${(/** @type {any} */ e) => refine({ text: e.target.value })} /></label>
    ${choices ? html`<button type="button" class="second fold narrow" aria-expanded=${unfolded.value} onClick=${() => (unfolded.value = !unfolded.value)}>${t('programme.filter')}${chosen ? ` ${chosen}` : ''}</button>` : null}
    ${choices ? html`<div class=${cx('choices', !unfolded.value && 'folded')}>${s.rooms.length > 1 ? html`<${Choice} label=${t('programme.room')} value=${f.room} set=${(/** @type {string} */ room) => refine({ room })} all=${t('programme.all_rooms')} options=${s.rooms} />` : null}
      ${s.tracks.length > 1 ? html`<${Choice} label=${t('programme.track')} value=${f.track} set=${(/** @type {string} */ track) => refine({ track })} all=${t('programme.all_tracks')} options=${s.tracks} />` : null}</div>` : null}
  </div>`;
}
