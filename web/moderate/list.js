// web/moderate/list.js: a column of questions, grouped by talk: draws only what is near the screen, and stands still under a finger
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { heldOrder } from '../store.js';
import { pieces } from './state.js';
import { titleOf } from './forms.js';
import { Item } from './item.js';

/** @type {IntersectionObserver | null} */
let watcher = null;
/** @type {WeakMap<Element, (near: boolean) => void>} */
const watched = new WeakMap();

/** @param {Element} el @param {(near: boolean) => void} then */
function watch(el, then) {
  watcher ||= new IntersectionObserver((entries) => entries.forEach((e) => watched.get(e.target)?.(e.isIntersecting)), { rootMargin: '900px 0px' });
  watched.set(el, then);
  watcher.observe(el);
  return () => watcher?.unobserve(el);
}

/** @param {{piece: ReturnType<typeof pieces>[0], first: boolean, hands: import('./item.js').Hands}} props */
function Piece({ piece, first, hands }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [near, setNear] = useState(first);
  const height = useRef(0);
  useEffect(() => (box.current ? watch(box.current, (n) => {
    if (!n && box.current) height.current = box.current.offsetHeight;
    setNear(n);
  }) : undefined), []);
  const ids = piece.rows.map((q) => q.id).join(' ');
  return html`<ul class="piece" ref=${box} data-ids=${ids} style=${near ? { height: '' } : { height: `${height.current || piece.rows.length * 130}px` }}>
    ${near ? piece.rows.map((q) => html`<${Item} key=${q.id} q=${q} hands=${hands} />`) : null}</ul>`;
}

/** Scrolls to a question, also to one that is not drawn yet. @param {string} id */
export function show(id) {
  requestAnimationFrame(() => {
    const there = document.querySelector(`[data-question="${id}"]`);
    if (there) return there.scrollIntoView({ block: 'nearest' });
    document.querySelector(`[data-ids~="${id}"]`)?.scrollIntoView({ block: 'center' });
    setTimeout(() => document.querySelector(`[data-question="${id}"]`)?.scrollIntoView({ block: 'nearest' }), 120);
  });
}

/**
 * The same groups in the order they were shown, while somebody points at them.
 * @param {import('./state.js').Group[]} groups @param {boolean} held @param {Map<string, string[]>} shown kept from one drawing to the next
 */
function still(groups, held, shown) {
  let moved = 0;
  const out = groups.map((g) => {
    const kept = heldOrder(shown.get(g.talk) || [], g.rows, held);
    moved += kept.moved;
    shown.set(g.talk, kept.order);
    const byId = new Map(g.rows.map((q) => [q.id, q]));
    return { talk: g.talk, rows: kept.order.flatMap((id) => byId.get(id) || []) };
  });
  return { groups: out, moved };
}

/**
 * @param {{name: string, groups: import('./state.js').Group[], none: string, headed: boolean, ranked?: boolean, hands: import('./item.js').Hands}} props
 * ranked: the order follows votes, so it is held while a pointer rests on the list
 */
export function List({ name, groups, none, headed, ranked, hands }) {
  const [held, setHeld] = useState(false);
  const shown = useRef(/** @type {Map<string, string[]>} */ (new Map()));
  const s = still(groups, !!ranked && held, shown.current);
  if (!groups.length) return html`<p class="empty-line">${none}</p>`;
  const rest = ranked ? { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onTouchStart: () => setHeld(true) } : {};
  return html`<div class="list" ...${rest}>${s.moved ? html`<p class="moved"><button type="button" class="link" onClick=${() => { shown.current.clear(); setHeld(false); }}>${tn('qa.moved', s.moved)}</button></p>` : null}
    ${pieces(s.groups).map((p, i) => html`${p.head && headed ? html`<h3 key=${`h${p.talk}`} class="group-head"><span dir="auto">${titleOf(p.talk) || t('moderate.here')}</span> <span class="num">${p.total}</span></h3>` : null}<${Piece} key=${name + p.key} piece=${p} first=${i < 3} hands=${hands} />`)}</div>`;
}
