// web/organise/grid.js: one day of the draft: rooms as columns, time downwards; slots move by pointer and by keyboard
import { html, useEffect, useLayoutEffect, useRef, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { zone, clock } from '../ui/clock.js';
import { Anchor, Warning } from './marks.js';
import { draft, marks, titleOf, speakersOf } from './draft.js';
import { lanes, hours, bySlotTime } from './plan.js';
import { hour } from './zone.js';
import { move, drag, shown } from './move.js';

const STEP = 5 * 60000;
const iso = (/** @type {number} */ ms) => new Date(ms).toISOString();

/** So that the shortest slot of the day can be read and hit. @param {import('./plan.js').Slot[]} day */
function scaleOf(day) {
  const shortest = Math.min(60 * 60000, ...day.map((s) => Date.parse(s.end) - Date.parse(s.start)));
  return Math.min(3.2, Math.max(1.2, 26 / (shortest / 60000))) / 60000;
}

/** What a block says when it is read aloud. @param {any} s */
export function spoken(s) {
  const m = marks.value.get(s.id) || {};
  return [
    `${clock(s.start)}–${clock(s.end)}`, titleOf(s.session) || t('organise.untitled'), draft.value?.room.get(s.room)?.name, s.state === 'cancelled' && t('state.cancelled'), m.change && t(`change.${m.change}`),
    m.overlap && t('timetable.overlap_with', { what: m.overlap.map((/** @type {string} */ id) => titleOf(draft.value?.slot.get(id)?.session)).join(', ') }),
    ...(m.clash || []).map((/** @type {any} */ c) => t('timetable.clash_with', { who: c.speaker, what: titleOf(draft.value?.slot.get(c.other)?.session) })),
    s.anchor && t('slot.anchor'), s.min_s ? t('slot.elastic_to', { n: Math.round(s.min_s / 60) }) : null,
  ].filter(Boolean).join(', ');
}

/** @param {{s: any, top: number, height: number, left: number, width: number, open: (id: string) => void, onFocus: (id: string) => void, onKey: (e: KeyboardEvent, s: any) => void, onDown: (e: PointerEvent, s: any, how: string) => void}} props */
function Block({ s, top, height, left, width, open, onFocus, onKey, onDown }) {
  const session = draft.value?.session.get(s.session);
  const m = marks.value.get(s.id) || {};
  const color = (session?.track && draft.value?.track.get(session.track)?.color) || '';
  const bad = m.overlap || m.clash;
  const style = `top:${top}px;height:${height}px;left:${left}%;width:${width}%;${color ? `--track:${color};` : ''}`;
  return html`<div class=${cx('block', m.change && 'changed', bad && 'bad', s.state === 'cancelled' && 'off', s.moving, height < 42 && 'low')} style=${style} data-slot=${s.id}>
    <button type="button" class="block-in" aria-label=${spoken(s)} aria-describedby="tt-keys" onClick=${() => open(s.id)} onFocus=${() => onFocus(s.id)} onBlur=${(/** @type {FocusEvent} */ e) => e.relatedTarget && onFocus('')} onKeyDown=${(/** @type {KeyboardEvent} */ e) => onKey(e, s)} onPointerDown=${(/** @type {PointerEvent} */ e) => onDown(e, s, 'move')}>
      <span class="block-time num">${clock(s.start)}${s.anchor ? html`<${Anchor} />` : null}${bad ? html`<${Warning} />` : null}${m.change ? html`<i class="dot"></i>` : null}</span>
      <span class="block-title" dir="auto">${session?.title || t('organise.untitled')}</span>
      ${height > 70 ? html`<span class="block-who" dir="auto">${speakersOf(session).join(', ')}</span>` : null}
    </button>${s.state === 'cancelled' ? null : html`<span class="grip" onPointerDown=${(/** @type {PointerEvent} */ e) => onDown(e, s, 'length')}></span>`}</div>`;
}

/** @param {{conn: import('../protocol.js').Connection, day: import('./plan.js').Slot[], rooms: import('./plan.js').Room[], from: number, open: (slot: string) => void, create: (room: string, start: string, session?: string) => void}} props */
export function Grid({ conn, day, rooms, from, open, create }) {
  const board = useRef(/** @type {HTMLElement | null} */ (null));
  const [held, setHeld] = useState(/** @type {any} */ (null));
  const kept = useRef(/** @type {any} */ (null));
  const dragged = useRef(false);
  const focused = useRef('');
  /** @type {{current: Map<string, {slot: any, at: string, node: any}>}} */
  const drawn = useRef(new Map());
  const acts = useRef(/** @type {any} */ (null));
  const list = day.map(shown);
  const scale = scaleOf(day);
  const live = hours(list.filter((s) => s.moving !== 'drag'), from);
  // The board does not grow under the pointer.
  const { first, last } = held ? kept.current : live;
  kept.current = { first, last };
  const y = (/** @type {number | string} */ x) => ((typeof x === 'number' ? x : Date.parse(x)) - first) * scale;
  const height = (last - first) * scale;

  const at = (/** @type {{clientX: number, clientY: number}} */ e) => {
    const box = board.current?.getBoundingClientRect();
    if (!box) return null;
    const column = Math.floor((e.clientX - box.left) / (box.width / rooms.length));
    return { room: rooms[Math.max(0, Math.min(rooms.length - 1, column))], ms: first + (e.clientY - box.top) / scale, inside: e.clientX >= box.left && e.clientX <= box.right && e.clientY >= box.top && e.clientY <= box.bottom };
  };
  const snap = (/** @type {number} */ ms) => Math.round(ms / STEP) * STEP;

  const onDown = (/** @type {PointerEvent} */ e, /** @type {any} */ s, /** @type {string} */ how) => {
    const slot = draft.value?.slot.get(s.id);
    const grip = at(e);
    if (e.button || e.pointerType === 'touch' || s.state === 'cancelled' || !slot || !grip || !board.current) return;
    const target = board.current;
    const start = Date.parse(s.start);
    const length = Date.parse(s.end) - start;
    let to = { room: s.room, start: s.start, end: s.end };
    let moved = false;
    const onMove = (/** @type {PointerEvent} */ m) => {
      if (!moved && Math.hypot(m.clientX - e.clientX, m.clientY - e.clientY) < 5) return;
      if (!moved) {
        moved = true;
        dragged.current = true;
        target.setPointerCapture(e.pointerId);
        setHeld(s.id);
      }
      const here = at(m);
      if (!here) return;
      const delta = here.ms - grip.ms;
      if (how === 'length') to = { ...to, end: iso(Math.max(start + STEP, snap(start + length + delta))) };
      else to = { room: here.room.id, start: iso(snap(start + delta)), end: iso(snap(start + delta) + length) };
      drag(slot, to);
    };
    const finish = (/** @type {boolean} */ good) => {
      removeEventListener('pointermove', onMove);
      removeEventListener('pointerup', up);
      removeEventListener('pointercancel', stop);
      removeEventListener('keydown', escape, true);
      if (!moved) return;
      // The click that ends a drag opens nothing, however it ended.
      const clear = () => setTimeout(() => (dragged.current = false), 0);
      if (good) clear();
      else addEventListener('pointerup', clear, { once: true });
      setHeld(null);
      if (good) move(conn, slot, to);
      else drag(slot, null);
    };
    const up = () => finish(true);
    const stop = () => finish(false);
    const escape = (/** @type {KeyboardEvent} */ k) => k.key === 'Escape' && finish(false);
    addEventListener('pointermove', onMove);
    addEventListener('pointerup', up);
    addEventListener('pointercancel', stop);
    addEventListener('keydown', escape, true);
  };

  const onKey = (/** @type {KeyboardEvent} */ e, /** @type {any} */ s) => {
    const slot = draft.value?.slot.get(s.id);
    if (!slot || s.state === 'cancelled' || e.ctrlKey || e.metaKey || e.altKey) return;
    const [dx, dy] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[e.key] || [0, 0];
    if (!dx && !dy) return;
    e.preventDefault();
    const place = shown(slot);
    const start = Date.parse(place.start);
    const end = Date.parse(place.end);
    const rtl = dx && getComputedStyle(/** @type {Element} */ (e.currentTarget)).direction === 'rtl' ? -1 : 1;
    const column = rooms.findIndex((r) => r.id === place.room) + dx * rtl;
    if (dx && !rooms[column]) return;
    const to = dx ? { room: rooms[column].id, start: place.start, end: place.end }
      : e.shiftKey ? { room: place.room, start: place.start, end: iso(Math.max(start + STEP, end + dy * STEP)) }
        : { room: place.room, start: iso(start + dy * STEP), end: iso(end + dy * STEP) };
    move(conn, slot, to, 600);
  };

  acts.current = { open, onKey, onDown };
  const empty = (/** @type {MouseEvent} */ e) => {
    if (dragged.current || /** @type {HTMLElement} */ (e.target).closest('.block')) return;
    const here = at(e);
    if (here) create(here.room.id, iso(Math.floor(here.ms / (3 * STEP)) * 3 * STEP));
  };
  const drop = (/** @type {DragEvent} */ e) => {
    const session = e.dataTransfer?.getData('text/x-plenum-session');
    const here = at(e);
    if (!session || !here) return;
    e.preventDefault();
    create(here.room.id, iso(snap(here.ms)), session);
  };
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // The morning first, not the empty hour above it.
    if (box.current && day[0]) box.current.scrollTop = Math.max(0, y(day[0].start) - 24);
  }, [from]);
  // A block that changed its place among the others is another element: the focus goes with it.
  useLayoutEffect(() => {
    if (focused.current && document.activeElement === document.body) focusSlot(focused.current);
  });
  const column = new Map(rooms.map((r, i) => [r.id, i]));
  /** @type {Map<string, {lane: number, lanes: number}>} */
  const lane = new Map();
  for (const r of rooms) for (const [id, l] of lanes(list.filter((s) => s.room === r.id && s.moving !== 'drag').sort(bySlotTime), 24 / scale)) lane.set(id, l);
  const order = [...day].filter((s) => column.has(s.room)).sort((a, b) => (column.get(a.room) ?? 0) - (column.get(b.room) ?? 0) || bySlotTime(a, b));
  const blocks = order.map((slot) => {
    const s = shown(slot);
    const l = lane.get(s.id) || { lane: 0, lanes: 1 };
    const left = (((column.get(s.room) ?? 0) + l.lane / l.lanes) / rooms.length) * 100;
    const [top, tall, width] = [y(s.start), Math.max(24, (Date.parse(s.end) - Date.parse(s.start)) * scale), 100 / rooms.length / l.lanes];
    // Of hundreds of blocks a step moves one: the others are given as they were, and nothing is compared.
    const known = drawn.current.get(s.id);
    if (known && known.slot === slot && known.at === `${left} ${top} ${tall} ${width} ${s.moving}`) return known.node;
    const node = html`<${Block} key=${s.id} s=${s} top=${top} height=${tall} left=${left} width=${width} open=${(/** @type {string} */ id) => dragged.current || acts.current.open(id)}
      onKey=${(/** @type {any} */ e, /** @type {any} */ x) => acts.current.onKey(e, x)} onDown=${(/** @type {any} */ e, /** @type {any} */ x, /** @type {string} */ how) => acts.current.onDown(e, x, how)} onFocus=${(/** @type {string} */ id) => (focused.current = id)} />`;
    drawn.current.set(s.id, { slot, at: `${left} ${top} ${tall} ${width} ${s.moving}`, node });
    return node;
  });
  const ticks = [];
  for (let h = first; h < last; h += 36e5) ticks.push(h);
  return html`<div class="tt" ref=${box} role="region" tabindex="0" aria-label=${t('timetable.grid')} style=${`--columns:${rooms.length}`}>
    <p id="tt-keys" class="out-of-sight">${t('timetable.keys')}</p>
    <div class="tt-head"><span class="tt-corner"></span>${rooms.map((r) => html`<h3 key=${r.id} class="tt-room" dir="auto" title=${r.name}><span>${r.name}</span></h3>`)}</div>
    <div class="tt-body" style=${`height:${height}px;--hour:${36e5 * scale}px`}>
      <ol class="tt-hours" aria-hidden="true">${ticks.map((h) => html`<li key=${h} class="num" style=${`top:${y(h)}px`}>${hour(h, zone.value)}</li>`)}</ol>
      <div class=${cx('tt-board', held && 'holding')} ref=${board} role="application" aria-label=${t('timetable.board')} onClick=${empty} onDragOver=${(/** @type {DragEvent} */ e) => e.dataTransfer?.types.includes('text/x-plenum-session') && e.preventDefault()} onDrop=${drop}>
        ${rooms.map((r, i) => html`<div key=${r.id} class="tt-column" style=${`left:${(i / rooms.length) * 100}%;width:${100 / rooms.length}%`}></div>`)}
        ${blocks}</div></div></div>`;
}

/** @param {string} id */
export function focusSlot(id) {
  const el = /** @type {HTMLElement | null} */ (document.querySelector(`[data-slot="${id}"] button`));
  if (el && document.activeElement !== el) el.focus();
  el?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
