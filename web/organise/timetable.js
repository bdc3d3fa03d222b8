// web/organise/timetable.js: the draft, one day at a time: a grid to move in, a list to read, and what still waits for a place
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { zone, clock, dateSpan, dayName, dayShort, zoneName, conferenceTime } from '../ui/clock.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { schedule } from '../ui/schedule.js';
import { draft, draftFault, preview, marks, changes, titleOf, speakersOf, roomName } from './draft.js';
import { addDays, dayOf, dayStart, wall } from './zone.js';
import { daysOf, ofDay, unplaced } from './plan.js';
import { shown, last, undo, clash } from './move.js';
import { Grid, spoken } from './grid.js';
import { SlotForm, formOf } from './slot.js';
import { Anchor, Warning } from './marks.js';
import { go, href, stay } from './route.js';

const NARROW = matchMedia('(max-width: 52rem)');
/** More rooms than this and only those in use on the day are shown, until asked for. */
const MANY = 14;

/** The instant at noon of a day, for naming it. @param {string} day */
const noon = (day) => dayStart(day, zone.value) + 12 * 36e5;

/** @param {{days: string[], day: string, busy: Map<string, number>}} props */
function Days({ days, day, busy }) {
  const [other, setOther] = useState(false);
  const c = draft.value?.conference || {};
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  // On a phone most days are beyond the edge, and the chosen one may be among them.
  useEffect(() => {
    const [row, tab] = [box.current, box.current?.querySelector('[aria-current]')];
    if (!row || !tab) return;
    const [a, b] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
    if (b.left < a.left || b.right > a.right) row.scrollLeft += b.left - a.left - (a.width - b.width) / 2;
  }, [day, days.length, other]);
  const outside = (/** @type {string} */ d) => (c.starts && d < c.starts) || (c.ends && d > c.ends);
  return html`<div class="days-row"><nav class="tabs days" ref=${box} aria-label=${t('programme.day')}>${days.map((d) => html`<a key=${d} href=${href('timetable', d)} aria-current=${d === day ? 'date' : null} class=${cx(outside(d) && 'outside')} title=${dayName(noon(d))}><span>${dayShort(noon(d))}${days[0].slice(0, 7) !== d.slice(0, 7) || outside(d) ? html` <span class="month">${d.slice(5, 7)}</span>` : null}</span> <span class="num hint">${busy.get(d) || 0}</span></a>`)}</nav>
    ${other ? html`<label class="other-day"><span class="out-of-sight">${t('timetable.other_day')}</span><input type="date" value=${day} onChange=${(/** @type {any} */ e) => { if (e.target.value) go('timetable', e.target.value); setOther(false); }} /></label>` : html`<button type="button" class="link" onClick=${() => setOther(true)}>${t('timetable.other_day')}</button>`}</div>`;
}

/** One line of the list form. @param {{s: any}} props */
function Line({ s }) {
  const session = draft.value?.session.get(s.session);
  const m = marks.value.get(s.id) || {};
  const place = shown(s);
  return html`<li class=${cx('tl-row', (m.overlap || m.clash) && 'bad', s.state === 'cancelled' && 'off')}><a href=${href('timetable', dayOf(s.start, zone.value), s.id)} aria-label=${spoken(place)}><span class="tl-time num">${clock(place.start)}<br /><span class="hint">${clock(place.end)}</span></span>
    <span class="tl-what"><span class="tl-title" dir="auto">${session?.title || t('organise.untitled')}</span><span class="hint">${[roomName(place.room), speakersOf(session).join(', ')].filter(Boolean).map((x, i) => html`${i ? ' · ' : ''}<bdi>${x}</bdi>`)}</span>
      <span class="tl-tags">${s.state === 'cancelled' ? html`<span class="tag off">${t('state.cancelled')}</span>` : null}${m.change ? html`<span class="tag on">${t(`change.${m.change}`)}</span>` : null}${m.overlap ? html`<span class="tag off"><${Warning} /> ${t('timetable.overlap')}</span>` : null}${m.clash ? html`<span class="tag off"><${Warning} /> ${t('timetable.clash')}</span>` : null}${s.anchor ? html`<span class="tag"><${Anchor} /> ${t('slot.anchored')}</span>` : null}</span></span></a></li>`;
}

/** Sessions that stand nowhere yet. @param {{place: (session: string) => void}} props */
function Waiting({ place }) {
  const [more, setMore] = useState(false);
  const all = draft.value ? unplaced(draft.value) : [];
  const some = more ? all : all.slice(0, 30);
  return html`<section class="waiting" aria-labelledby="waiting-h"><h2 id="waiting-h">${t('timetable.waiting')} <span class="hint num">${all.length}</span></h2>
    ${all.length ? html`<ul>${some.map((s) => html`<li key=${s.id} draggable="true" onDragStart=${(/** @type {DragEvent} */ e) => e.dataTransfer?.setData('text/x-plenum-session', s.id)}><a href=${href('session', s.id)} dir="auto">${s.title}</a><button type="button" class="link" aria-label=${t('timetable.place_name', { title: s.title })} onClick=${() => place(s.id)}>${t('timetable.place')}</button></li>`)}</ul>${all.length > some.length ? html`<button type="button" class="link" onClick=${() => setMore(true)}>${t('timetable.all', { n: all.length })}</button>` : null}` : html`<p class="hint">${t('timetable.none_waiting')}</p>`}
    <p><a class="second" href=${href('session', 'new')}>${t('sessions.new')}</a></p></section>`;
}

/** What just happened to a slot, said at once and undone with one press. @param {{conn: import('../protocol.js').Connection}} props */
function Said({ conn }) {
  const l = last.value;
  return html`<p class=${cx('tt-said', l?.bad && 'error')} role="status">${l ? html`<span>${l.text}</span>${l.undo ? html` <button type="button" class="link" onClick=${() => undo(conn)}>${t('timetable.undo')}</button>` : null}` : null}</p>`;
}

/** The pairs that cannot be published, by name, wherever they are. */
function Conflicts() {
  const p = preview.value;
  const all = [...(p?.overlaps || []).map((/** @type {any} */ o) => ({ ...o, text: t('timetable.overlap_in', { room: roomName(o.room) }) })), ...(p?.clashes || []).map((/** @type {any} */ c) => ({ ...c, text: t('timetable.clash_of', { who: c.speaker?.name || '' }) }))];
  if (!all.length) return null;
  const link = (/** @type {any} */ x) => {
    const s = draft.value?.slot.get(x?.slot || x?.id || x);
    return s ? html`<a href=${href('timetable', dayOf(s.start, zone.value), s.id)} dir="auto">${titleOf(s.session)} (${dayShort(s.start)} ${clock(s.start)})</a>` : null;
  };
  return html`<details class="conflicts" open=${all.length < 4}><summary><${Warning} /> ${tn('timetable.conflicts', all.length)}</summary><ul>${all.slice(0, 50).map((c, i) => html`<li key=${i}>${c.text}: ${link(c.first)} × ${link(c.second)}</li>`)}</ul></details>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Timetable({ conn, args }) {
  const [narrow, setNarrow] = useState(NARROW.matches);
  const [list, setList] = useState(false);
  const [every, setEvery] = useState(false);
  const [fresh, setFresh] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const on = () => setNarrow(NARROW.matches);
    NARROW.addEventListener('change', on);
    return () => NARROW.removeEventListener('change', on);
  }, []);
  // Somebody else was faster: the form shows both places.
  const c = clash.value;
  useEffect(() => {
    if (c) go('timetable', args[0] || dayOf(c.mine.start, zone.value), c.slot);
  }, [c]);
  const d = draft.value;
  if (!d) return draftFault.value ? html`<h1>${t('view.timetable')}</h1><p class="error" role="alert">${whyOf({ fault: draftFault.value })}</p>` : html`<h1>${t('view.timetable')}</h1><${Skeleton} n=${6} />`;
  const in_ = (/** @type {string} */ x) => dayOf(x, zone.value);
  const dated = d.conference.starts ? daySpan(d.conference.starts, d.conference.ends) : [];
  const known = daysOf(d.slot.values(), in_, dated);
  const today = conferenceTime() ? dayOf(conferenceTime(), zone.value) : '';
  const day = /^\d{4}-\d\d-\d\d$/.test(args[0] || '') ? args[0] : known.includes(today) ? today : known[0] || today;
  const days = known.includes(day) ? known : [...known, day].sort();
  if (!day) return html`<${Skeleton} n=${6} />`;
  const from = dayStart(day, zone.value);
  const { day: slots, long } = ofDay(d.slot.values(), from, dayStart(addDays(day, 1), zone.value));
  const busy = new Map(days.map((x) => [x, 0]));
  for (const s of d.slot.values()) busy.set(in_(s.start), (busy.get(in_(s.start)) || 0) + 1);
  const used = new Set(slots.map((s) => shown(s).room));
  const few = d.rooms.length > MANY && !every && used.size ? d.rooms.filter((r) => used.has(r.id)) : d.rooms;
  const slot = args[1] ? d.slot.get(args[1]) : undefined;
  const create = (/** @type {string} */ room, /** @type {string} */ start, /** @type {string | undefined} */ session) => setFresh({ session: session || '', room, start: wall(start, zone.value), end: wall(Date.parse(start) + 30 * 60000, zone.value) });
  const blank = (/** @type {string | undefined} */ session) => create(d.rooms[0]?.id || '', slots.length ? slots[slots.length - 1].end : new Date(from + 9 * 36e5).toISOString(), session);
  const grid = !narrow && !list;
  return html`<div class="tt-page"><div class="tt-top"><h1>${t('view.timetable')}</h1><p class="hint">${t('timetable.zone', { zone: zoneName(from + 12 * 36e5) })} · <a href=${href('release')}>${changes.value ? tn('timetable.changes', changes.value) : t(schedule.value?.release ? 'organise.nothing' : 'organise.nothing_yet')}</a></p></div>
    ${d.rooms.length && d.session.size ? html`<${Days} days=${days} day=${day} busy=${busy} />
    <div class="tt-tools"><h2>${dayName(noon(day))}</h2>${narrow ? null : html`<div class="tabs" role="group" aria-label=${t('timetable.shape')}><button type="button" aria-pressed=${grid} onClick=${() => setList(false)}>${t('timetable.grid')}</button><button type="button" aria-pressed=${!grid} onClick=${() => setList(true)}>${t('timetable.list')}</button></div>`}
      ${d.rooms.length > MANY && grid ? html`<label class="tick"><input type="checkbox" checked=${every} onChange=${(/** @type {any} */ e) => setEvery(e.target.checked)} /><span>${t('timetable.every_room', { n: d.rooms.length })}</span></label>` : null}
      <button type="button" class="second" onClick=${() => blank(undefined)}>${t('timetable.add')}</button></div>
    <${Conflicts} /><${Said} conn=${conn} />
    ${long.length ? html`<ul class="tl long" aria-label=${t('timetable.long')}>${long.map((s) => html`<li key=${s.id} class="tl-row"><a href=${href('timetable', day, s.id)}><span class="tl-time hint">${dateSpan(s.start, s.end)}</span><span class="tl-what"><span class="tl-title" dir="auto">${titleOf(s.session)}</span><span class="hint" dir="auto">${roomName(s.room)}</span></span></a></li>`)}</ul>` : null}
    <div class="tt-frame">${grid ? html`<${Grid} key=${day} conn=${conn} day=${slots} rooms=${few} from=${from} open=${(/** @type {string} */ id) => go('timetable', day, id)} create=${create} />`
    : slots.length ? html`<ol class="tl">${slots.map((s) => html`<${Line} key=${s.id} s=${s} />`)}</ol>` : long.length ? null : html`<p class="empty-line">${t('timetable.empty_day')}</p>`}<${Waiting} place=${blank} /></div>` : html`<${First} />`}
    ${slot || fresh ? html`<${SlotForm} key=${slot?.id || 'new'} conn=${conn} slot=${slot} fresh=${slot ? undefined : fresh} begin=${c && c.slot === slot?.id ? fromMove(c) : undefined} close=${() => { setFresh(null); clash.value = null; stay('timetable', day); }} />` : null}</div>`;
}

/** The form of a slot that two people moved. @param {{base: any, mine: any, theirs: any}} c */
function fromMove(c) {
  const base = formOf(c.base);
  const mine = formOf({ ...c.base, room: c.mine.room, start: c.mine.start, end: c.mine.end });
  return { base, mine: { ...mine, from: base.from, to: base.to }, theirs: formOf(c.theirs) };
}

/** @param {string} a @param {string} b */
function daySpan(a, b) {
  const out = [];
  for (let d = a; d <= (b || a) && out.length < 60; d = addDays(d, 1)) out.push(d);
  return out;
}

/** An empty conference: what to make first, and what comes after. */
function First() {
  const d = draft.value;
  const steps = [['rooms', d?.rooms.length, href('rooms', 'new')], ['topics', d?.tracks.length, href('topics', 'new')], ['people', d?.speaker.size, href('people', 'new')], ['sessions', d?.session.size, href('session', 'new')]];
  return html`<${Empty} title=${t('timetable.first')}><p>${t('timetable.first_hint')}</p><ol class="steps">${steps.map(([name, n, to]) => html`<li key=${name} class=${n ? 'done' : ''}><a href=${to}>${t(`first.${name}`)}</a>${n ? html` <span class="hint num">${n}</span>` : null}</li>`)}</ol><//>`;
}
