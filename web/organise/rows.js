// web/organise/rows.js: a list of things with a form in the line: what rooms, topics and speakers have in common
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { uuid } from '../wire.js';
import { fold } from '../store.js';
import { Editor } from './form.js';
import { at, href, stay } from './route.js';
import { changed } from './plan.js';

/** What a save says of a row: its name always, and else what was changed. @param {any} mine @param {any} base @param {string[]} names @param {string[]} [always] */
export function params(mine, base, names, always = ['name']) {
  /** @type {Record<string, any>} */
  const out = {};
  const news = base.version === undefined ? names.filter((n) => mine[n] !== null && mine[n] !== undefined && mine[n] !== '') : changed(base, mine, names);
  for (const n of new Set([...always, ...news])) out[n] = mine[n] ?? (typeof base[n] === 'number' ? 0 : '');
  if (base.version !== undefined) out.expect_version = base.version;
  return out;
}

/**
 * @param {{conn: import('../protocol.js').Connection, noun: string, view: string, rows: any[], fields: import('./form.js').FieldDef[], selected: string, line: (row: any) => any,
 *   removable?: boolean, extra?: (row: any) => any, blank?: any, search?: boolean, prefix?: string, saved?: () => void}} props `noun` names the methods (room.save), the view its address;
 *   `prefix` stands between view and row where a view has several lists; `saved`: somebody has to read again
 */
export function Rows({ conn, noun, view, rows, fields, selected, line, removable, extra, blank, search, prefix, saved }) {
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const where = (/** @type {string[]} */ ...rest) => /** @type {[string, ...string[]]} */ ([view, ...(prefix ? [prefix] : []), ...rest]);
  // A new row's id is made once, so that saving twice is one row.
  const fresh = useRef(uuid());
  const names = fields.map((f) => f.name);
  const words = fold(text).split(/\s+/).filter(Boolean);
  const found = rows.filter((r) => words.every((w) => fold(r.name).includes(w)));
  const some = all ? found : found.slice(0, 40);
  if (selected && selected !== 'new' && !some.some((r) => r.id === selected)) some.push(...rows.filter((r) => r.id === selected));
  const save = (/** @type {string} */ id) => (/** @type {any} */ mine, /** @type {any} */ base) => conn.write(`${noun}.save`, { [noun]: id, ...params(mine, base, names) });
  const close = (/** @type {string} */ id) => {
    saved?.();
    if (at(...where(id))) stay(view);
  };
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (selected) /** @type {HTMLElement | null} */ (list.current?.querySelector('.editor input'))?.focus();
  }, [selected]);
  return html`<div ref=${list}><div class="row rows-top">${search ? html`<label class="field"><span>${t('rows.search')}</span><input type="search" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>` : null}
      ${selected === 'new' ? null : html`<a class="primary" href=${href(...where('new'))}>${t(`rows.new_${noun}`)}</a>`}</div>
    ${selected === 'new' ? html`<div class="row-open"><h3>${t(`rows.new_${noun}`)}</h3><${Editor} key="new" name=${`${noun}-new`} id=${`${noun}-new`} row=${blank || { name: '' }} fields=${fields} save=${save(fresh.current)} saved=${() => { fresh.current = uuid(); close('new'); }} cancel=${() => close('new')} /></div>` : null}
    ${some.length ? html`<ul class="rows">${some.map((r) => html`<li key=${r.id} class=${cx(r.id === selected && 'row-open')}>
      ${r.id === selected ? html`<h3 dir="auto">${r.name}</h3><${Editor} name=${`${noun}-${r.id}`} id=${`${noun}-${r.id}`} row=${r} fields=${fields} save=${save(r.id)} saved=${() => close(r.id)} cancel=${() => close(r.id)}
          remove=${removable ? (/** @type {any} */ x) => conn.write(`${noun}.remove`, { [noun]: r.id, expect_version: x.version }) : undefined} removed=${() => close(r.id)} />${extra?.(r)}`
      : html`<a class="row-line" href=${href(...where(r.id))}>${line(r)}</a>`}</li>`)}</ul>` : selected === 'new' ? null : html`<p class="empty-line">${words.length ? t('programme.none') : t(`rows.none_${noun}`)}</p>`}
    ${found.length > some.length ? html`<button type="button" class="second" onClick=${() => setAll(true)}>${tn('rows.all', found.length)}</button>` : null}</div>`;
}
