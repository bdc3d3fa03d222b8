// web/organise/day.js: the day desk: one slot later, elsewhere, cancelled or announced in three taps, and whom it will reach before it does
import './day_texts.js';
import { html, useEffect, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { has, slug } from '../ui/app.js';
import { schedule } from '../ui/schedule.js';
import { clock, conferenceTime, dayKey, dayShort, keyName, minute } from '../ui/clock.js';
import { Skeleton, Empty, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { begins, slotState } from '../store.js';
import { under } from '../wire.js';
import { daysOf, delayed, neighbour } from '../dayplan.js';
import { back, earlier, move, rowsOf, swap, turn } from './desk_draft.js';
import { hold } from './hold.js';
import { go } from './route.js';

/** @typedef {import('../dayplan.js').Slot} Slot */
/** @typedef {import('./desk_draft.js').Rows} Rows */
/** @typedef {import('./desk_draft.js').Done} Done */

/** One side of a change in a few words. @param {any} side */
const placeOf = (side) => (side.state === 'cancelled' ? t('day.cancelled') : `${clock(side.start)}–${clock(side.end)} ${side.room_name || ''}`);

/** What the release of these slots will do, to be confirmed or taken back. @param {{conn: import('../protocol.js').Connection, done: Done[], over: (said: any) => void}} props */
function Confirm({ conn, done, over }) {
  const slots = done.map((d) => d.slot);
  const [preview, setPreview] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => void conn.call('release.preview', { slots }).then(setPreview).catch((e) => setError(whyOf(e))), []);
  const run = async (/** @type {() => Promise<any>} */ work) => {
    setBusy(true);
    setError('');
    try {
      over(await work());
    } catch (e) {
      setError(whyOf(e));
      setBusy(false);
    }
  };
  const clashes = (preview?.overlaps?.length || 0) + (preview?.clashes?.length || 0);
  return html`<div class="day-confirm">
    ${preview ? html`<ul class="day-changes">${preview.changes.map((/** @type {any} */ c) => html`<li key=${c.slot}><strong dir="auto">${(c.after || c.before).title}</strong> <span class="num">${c.before ? html`<s>${placeOf(c.before)}</s> ` : null}${c.after ? placeOf(c.after) : ''}</span></li>`)}</ul>
      ${clashes ? html`<p class="error">${tn('day.clashes', clashes)}</p>` : null}<p><strong>${tn('day.people', preview.people)}</strong></p>` : error ? null : html`<${Skeleton} n=${1} />`}
    <p class="error" role="alert">${error}</p>
    <div class="day-two"><button type="button" class="primary" disabled=${busy || !preview} onClick=${() => run(() => conn.write('release.publish', { slots }))}>${t('day.release')}</button>
      <button type="button" class="second" disabled=${busy} onClick=${() => run(() => back(conn, done).then(() => null))}>${t('day.undo')}</button></div></div>`;
}

/** What can be done with one slot. @param {{conn: import('../protocol.js').Connection, slot: Slot, day: Slot[], rows: Rows, running: boolean, waiting: Done[] | null, over: (said: any) => void}} props */
function Actions({ conn, slot, day, rows, running, waiting, over }) {
  const [done, setDone] = useState(/** @type {Done[] | null} */ (null));
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const organiser = has('organiser');
  const run = async (/** @type {() => Promise<Done[] | null>} */ work) => {
    setBusy(true);
    setError('');
    try {
      setDone(await work());
    } catch (e) {
      setError(/** @type {any} */ (e)?.fault === 'conflict' ? t('day.conflict') : whyOf(e));
    }
    setBusy(false);
  };
  if (done) return html`<${Confirm} conn=${conn} done=${done} over=${over} />`;
  const next = neighbour(day, slot);
  const others = day.filter((x) => x.id !== slot.id && x.id !== next?.id && x.state === 'planned');
  const more = (/** @type {number} */ n) => async () => {
    const { added } = await conn.write('slot.add_time', { slot: slot.id, seconds: n * 60 });
    announce(t('day.added', { n: Math.round(added / 60) }));
    return null;
  };
  const button = (/** @type {string} */ label, /** @type {() => Promise<Done[] | null>} */ work) => html`<button key=${label} type="button" class="second" disabled=${busy} onClick=${() => run(work)}>${label}</button>`;
  const swapWith = (/** @type {Slot} */ x) => () => swap(conn, day, slot, x);
  return html`<div class="day-actions">
    ${waiting && organiser ? html`<button type="button" class="second" onClick=${() => setDone(waiting)}>${t('day.look')}</button>` : null}
    ${running ? html`<p class="hint">${t('day.more_time')}</p><div class="day-minutes">${[5, 10, 15].map((n) => button(`+${n} min`, more(n)))}</div>`
      : organiser && slot.state === 'planned' ? html`<p class="hint">${t('day.later')}</p><div class="day-minutes">${[5, 10, 15, 30].map((n) => button(`+${n} min`, () => move(conn, day, delayed(day, slot.id, n))))}</div>` : null}
    <div class="day-two">
      ${organiser && !running && slot.state === 'planned' && next ? html`<button type="button" class="second" disabled=${busy} onClick=${() => run(swapWith(next))}>${t('day.swap')} <span class="day-short" dir="auto">${clock(next.start)} ${rows.title(next.session)}</span></button>` : null}
      ${organiser && slot.state === 'planned' ? button(t('day.cancel'), () => turn(conn, slot, 'slot.cancel')) : null}
      ${organiser && slot.state === 'cancelled' ? button(t('day.restore'), () => turn(conn, slot, 'slot.restore')) : null}
      <button type="button" class="second" onClick=${() => go('notices', 'new', slot.room)}>${t('day.announce')}</button>
      <a class="second" href=${under(slug, `/run/${slot.room}`)}>${t('day.run')}</a></div>
    ${organiser && !running && slot.state === 'planned' && others.length ? html`<label class="field"><span>${t('day.swap_other')}</span><select disabled=${busy} onChange=${(/** @type {any} */ e) => { const x = day.find((y) => y.id === e.target.value); if (x) run(swapWith(x)); }}><option value="">${t('notices.choose')}</option>${others.map((x) => html`<option key=${x.id} value=${x.id}>${clock(x.start)} ${rows.room(x.room)}: ${rows.title(x.session)}</option>`)}</select></label>` : null}
    <p class="error" role="alert">${error}</p></div>`;
}

/** Rooms that run late: what is expected there can become the plan. @param {{conn: import('../protocol.js').Connection, finished: (reply: any) => void}} props */
function Late({ conn, finished }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState('');
  const s = schedule.value;
  if (!s || !has('organiser')) return null;
  const rooms = s.rooms.map((r) => ({ ...r, late: Math.max(0, ...s.slots.filter((x) => x.room === r.id && x.state === 'planned').map((x) => Math.round((Date.parse(begins(x)) - Date.parse(x.start)) / 60000))) })).filter((r) => r.late > 0);
  const apply = async (/** @type {string} */ room) => {
    setBusy(room);
    setError('');
    try {
      finished(await conn.write('slot.apply_delay', { room }));
    } catch (e) {
      setError(whyOf(e));
    }
    setBusy('');
  };
  return html`${rooms.map((r) => html`<p key=${r.id} class="day-late"><span dir="auto">${t('day.late', { room: r.name, n: r.late })}</span> <button type="button" class="second" disabled=${busy === r.id} onClick=${() => apply(r.id)}>${t('day.apply')}</button></p>`)}<p class="error" role="alert">${error}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Day({ conn, args }) {
  const rows = rowsOf();
  const [open, setOpen] = useState('');
  const [said, setSaid] = useState('');
  if (!rows || !schedule.value) return html`<h1>${t('view.day')}</h1><${Skeleton} n=${5} />`;
  minute.value;
  const at = conferenceTime();
  const { days, today } = daysOf(rows.slots, dayKey, at);
  const day = days.includes(args[0]) ? args[0] : today;
  const slots = rows.slots.filter((x) => dayKey(x.start) === day).sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.room < b.room ? -1 : 1));
  const live = new Map(schedule.value.slots.map((x) => [x.id, x]));
  const over = (/** @type {Slot} */ x) => ['over', 'ended'].includes(slotState(live.get(x.id) || /** @type {any} */ (x), at));
  const finished = (/** @type {any} */ r) => {
    setOpen('');
    if (!r) return;
    const text = t('day.released', { n: r.release });
    hold(r);
    setSaid(text);
    announce(text);
  };
  const line = (/** @type {Slot} */ x) => {
    const published = live.get(x.id);
    const state = published ? slotState(published, at) : 'planned';
    const differs = !published ? x.state === 'planned' : (x.state === 'cancelled') !== (published.state === 'cancelled') || (x.state === 'planned' && (Date.parse(x.start) !== Date.parse(published.start) || Date.parse(x.end) !== Date.parse(published.end) || x.room !== published.room));
    return html`<li key=${x.id} class=${cx('day-slot', x.state === 'cancelled' && 'gone')}><button type="button" class="day-line" aria-expanded=${open === x.id} onClick=${() => setOpen(open === x.id ? '' : x.id)}>
      <span class="num day-time">${clock(x.start)}</span><span class="day-what"><span dir="auto">${rows.title(x.session) || t('day.untitled')}</span><small dir="auto">${rows.room(x.room)}</small></span>
      <span class="day-tags">${x.state === 'cancelled' ? html`<span class="tag off">${t('day.cancelled')}</span>` : state === 'running' ? html`<span class="tag on">${t('now.tag')}</span>` : null}${differs ? html`<span class="tag">${t('day.unreleased')}</span>` : null}</span></button>
      ${open === x.id ? html`<${Actions} conn=${conn} slot=${x} day=${slots} rows=${rows} running=${published?.state === 'running'} waiting=${differs ? earlier(x, published) : null} over=${finished} />` : null}</li>`;
  };
  const past = slots.filter(over);
  const ahead = slots.filter((x) => !over(x));
  return html`<h1>${t('view.day')}</h1>
    ${day ? html`<p class="hint day-date">${keyName(day)}</p>` : null}
    ${said ? html`<p class="said" role="status">${said}</p>` : null}
    <${Late} conn=${conn} finished=${finished} />
    ${days.length > 1 ? html`<nav class="chips" aria-label=${t('day.days')}>${days.map((d) => html`<a key=${d} class="second" href=${`#/day/${d}`} aria-current=${d === day ? 'date' : null}>${dayShort(slots[0] && d === day ? slots[0].start : rows.slots.find((x) => dayKey(x.start) === d)?.start || at)}</a>`)}</nav>` : null}
    ${ahead.length ? html`<ul class="day-rows">${ahead.map(line)}</ul>` : html`<${Empty} title=${t('day.nothing')} />`}
    ${past.length ? html`<details class="day-past"><summary>${tn('day.past', past.length)}</summary><ul class="day-rows">${past.map(line)}</ul></details>` : null}`;
}
