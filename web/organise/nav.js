// web/organise/nav.js: the way between the table's parts: one line, with what is used now and then in menus of it; where there is less room one menu
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { href } from './route.js';

/** @typedef {import('./views.js').View} View */

/** So few stand in the line by themselves. */
const FEW = 8;

/** @param {{v: View, here: View}} props */
const Part = ({ v, here }) => html`<li><a href=${href(v.name)} aria-current=${v === here ? 'page' : null}>${t(`view.${v.name}`)}${v.count?.() ? html` <span class="count num">${v.count()}</span>` : null}</a></li>`;

/** A menu of the line: shut by a choice, by Escape, and by whatever happens outside. @param {{name: string, views: View[], here: View}} props */
function Group({ name, views, here }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLLIElement | null} */ (null));
  useEffect(() => setOpen(false), [here.name]);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (/** @type {Event} */ e) => box.current?.contains(/** @type {Node} */ (e.target)) || setOpen(false);
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  const escape = (/** @type {KeyboardEvent} */ e) => {
    if (e.key !== 'Escape' || !open) return;
    e.stopPropagation();
    setOpen(false);
    box.current?.querySelector('button')?.focus();
  };
  const mine = views.includes(here);
  return html`<li class="parts-group" ref=${box} onKeyDown=${escape}><button type="button" aria-expanded=${open} aria-controls=${`parts-${name}`} aria-current=${mine ? 'true' : null} onClick=${() => setOpen(!open)}>${t(`group.${name}`)}${mine ? `: ${t(`view.${here.name}`)}` : ''}</button>
    <ul id=${`parts-${name}`} hidden=${!open} onClick=${(/** @type {any} */ e) => e.target.closest('a') && setOpen(false)}>${views.map((v) => html`<${Part} key=${v.name} v=${v} here=${here} />`)}</ul></li>`;
}

/** @param {{views: View[], here: View}} props views: those the reader may see */
export function Nav({ views, here }) {
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  useEffect(() => {
    if (box.current) box.current.open = false;
  }, [here.name]);
  const groups = [...new Set(views.map((v) => v.group))].map((name) => ({ name, views: views.filter((v) => v.group === name) }));
  const single = (/** @type {View} */ v) => html`<${Part} key=${v.name} v=${v} here=${here} />`;
  return html`<nav class="parts" aria-label=${t('organise.nav')}><ul class="parts-in">${views.length <= FEW ? views.map(single) : groups.map((g) => (g.name === 'plan' ? g.views.map(single) : html`<${Group} key=${g.name} name=${g.name} views=${g.views} here=${here} />`))}</ul>
    <details class="parts-menu" ref=${box}><summary><span class="out-of-sight">${t('organise.menu')}: </span>${t(`view.${here.name}`)}</summary><ul>${groups.map((g) => html`<li key=${g.name}><span class="hint">${t(`group.${g.name}`)}</span><ul>${g.views.map(single)}</ul></li>`)}</ul></details></nav>`;
}
