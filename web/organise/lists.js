// web/organise/lists.js: lists, zones and categories of people: who may come in through what, when, and where that is
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { clock, dayMonth, keyShort, zone } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { uuid } from '../wire.js';
import { Rows } from './rows.js';
import { tidyTime, wall } from './zone.js';

/**
 * @typedef {{id: string, list: string, category?: string | null, day?: string | null, opens?: string | null, until?: string | null}} Rule opens, until: wall times, 08:00
 * @typedef {{id: string, name: string, zone?: string | null, opens?: string | null, closes?: string | null, capacity?: number | null, day_ends?: string | null, sign_in?: boolean, version: number, rules: Rule[]}} List
 * @typedef {{id: string, name: string, part_of?: string | null, capacity?: number | null, version: number}} Zone
 * @typedef {{id: string, name: string, color?: string | null, ord: number, version: number}} Category
 * @typedef {{lists: List[], zones: Zone[], categories: Category[], days: string[], seats?: number | null}} Doors
 */

/** A wall time by its day and its figures; both or neither. @param {string} label */
const when = (label) => (/** @type {any} */ p) => {
  const [day = '', time = ''] = (p.value || '').split('T');
  const set = (/** @type {string} */ d, /** @type {string} */ h) => p.set(d ? `${d}T${h}` : '');
  return html`<span class="when"><input id=${p.id} type="date" aria-label=${`${label}, ${t('slot.day')}`} value=${day} onInput=${(/** @type {any} */ e) => set(e.target.value, time || '00:00')} />
    <input class="num" type="text" inputmode="numeric" autocomplete="off" dir="ltr" maxlength="5" disabled=${!day} aria-label=${`${label}, ${t('slot.time')}`} value=${time} onInput=${(/** @type {any} */ e) => set(day, e.target.value)} onBlur=${(/** @type {any} */ e) => tidyTime(e.target.value) && set(day, tidyTime(e.target.value))} /></span>`;
};

/** Hours and minutes alone. @param {any} p */
const hours = (p) => html`<input id=${p.id} class="num short" type="text" inputmode="numeric" autocomplete="off" dir="ltr" maxlength="5" placeholder="04:00" value=${p.value || ''} onInput=${(/** @type {any} */ e) => p.set(e.target.value)} onBlur=${(/** @type {any} */ e) => tidyTime(e.target.value) && p.set(tidyTime(e.target.value))} />`;

/** @param {Doors} d @returns {import('./form.js').FieldDef[]} */
const listFields = (d) => [
  { name: 'name', label: t('form.name'), required: true, max: 120 },
  { name: 'zone', label: t('lists.zone'), kind: 'select', hint: t('lists.zone_hint'), half: true, options: () => [{ value: '', label: t('form.nothing') }, ...d.zones.map((z) => ({ value: z.id, label: z.name }))] },
  { name: 'capacity', label: t('lists.capacity'), kind: 'number', min: 1, max: 1000000, hint: t('lists.capacity_hint'), half: true },
  { name: 'opens', label: t('lists.opens'), half: true, own: when(t('lists.opens')), show: (v) => (v || '').replace('T', ' ') },
  { name: 'closes', label: t('lists.closes'), half: true, own: when(t('lists.closes')), show: (v) => (v || '').replace('T', ' ') },
  { name: 'day_ends', label: t('lists.day_ends'), hint: t('lists.day_ends_hint'), half: true, own: hours },
];

/** As its form has it: times as the clocks of the conference show them. @param {List} l */
const formOf = (l) => ({ ...l, opens: l.opens ? wall(l.opens, zone.value) : '', closes: l.closes ? wall(l.closes, zone.value) : '', day_ends: (l.day_ends || '').slice(0, 5) });

/** @param {{conn: import('../protocol.js').Connection, list: List, doors: Doors, done: () => void}} props */
function Rules({ conn, list, doors, done }) {
  const [rule, setRule] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const call = async (/** @type {string} */ method, /** @type {any} */ params) => {
    setError('');
    try {
      await conn.write(method, params);
      announce(t('form.saved'));
      setRule(null);
      done();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const save = (/** @type {Event} */ e) => {
    e.preventDefault();
    const given = Object.fromEntries(Object.entries(rule).filter(([, v]) => v));
    call('rule.save', { ...given, list: list.id });
  };
  const who = (/** @type {Rule} */ r) => (r.category ? doors.categories.find((c) => c.id === r.category)?.name || '' : t('lists.everybody'));
  const set = (/** @type {string} */ name) => (/** @type {any} */ e) => setRule({ ...rule, [name]: e.target.value });
  const tidy = (/** @type {string} */ name) => (/** @type {any} */ e) => tidyTime(e.target.value) && setRule({ ...rule, [name]: tidyTime(e.target.value) });
  return html`<section class="row-extra rules" aria-labelledby=${`rules-${list.id}`}><h4 id=${`rules-${list.id}`}>${t('lists.rules')}</h4><p class="hint">${list.rules.length ? t('lists.rules_hint') : t('lists.no_rules')}</p>
    ${list.rules.length ? html`<ul>${list.rules.map((r) => html`<li key=${r.id} class="row"><span><strong dir="auto">${who(r)}</strong> ${r.day ? keyShort(r.day, true) : t('lists.every_day')} <span class="num">${r.opens ? `${r.opens.slice(0, 5)}–${(r.until || '').slice(0, 5)}` : t('lists.all_day')}</span></span>
      <button type="button" class="link" aria-label=${t('lists.rule_remove', { who: who(r) })} onClick=${() => call('rule.remove', { rule: r.id })}>${t('form.remove')}</button></li>`)}</ul>` : null}
    ${rule ? html`<form class="rule-form" onSubmit=${save}>
        <label class="field"><span>${t('lists.who')}</span><select value=${rule.category} onChange=${set('category')}><option value="">${t('lists.everybody')}</option>${doors.categories.map((c) => html`<option key=${c.id} value=${c.id}>${c.name}</option>`)}</select></label>
        <label class="field"><span>${t('slot.day')}</span><input type="date" value=${rule.day} onInput=${set('day')} /></label>
        <label class="field"><span>${t('lists.from')}</span><input class="num" type="text" inputmode="numeric" maxlength="5" dir="ltr" placeholder="08:00" required=${!!rule.until} value=${rule.opens} onInput=${set('opens')} onBlur=${tidy('opens')} /></label>
        <label class="field"><span>${t('lists.until')}</span><input class="num" type="text" inputmode="numeric" maxlength="5" dir="ltr" placeholder="18:00" required=${!!rule.opens} value=${rule.until} onInput=${set('until')} onBlur=${tidy('until')} /></label>
        <div class="row"><button type="submit" class="primary">${t('form.add')}</button><button type="button" class="link" onClick=${() => setRule(null)}>${t('cancel')}</button></div></form>`
      : html`<p><button type="button" class="second" onClick=${() => setRule({ rule: uuid(), category: '', day: '', opens: '', until: '' })}>${t('lists.rule_new')}</button></p>`}
    <label class="tick"><input type="checkbox" checked=${list.sign_in !== false} onChange=${(/** @type {any} */ e) => call('list.sign_in', { list: list.id, on: e.target.checked })} /><span>${t('lists.sign_in')}<span class="hint">${t('lists.sign_in_hint')}</span></span></label>
    <p class="error" role="alert">${error}</p></section>`;
}

/** How many may be on site in all, whatever door they come through. @param {{conn: import('../protocol.js').Connection, doors: Doors, done: () => void}} props */
export function Seats({ conn, doors, done }) {
  const [value, setValue] = useState(/** @type {string | null} */ (null));
  const [error, setError] = useState('');
  const shown = value ?? String(doors.seats ?? '');
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      await conn.write('registration.seats', shown ? { seats: Number(shown) } : {});
      setError('');
      setValue(null);
      announce(t('form.saved'));
      done();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<form class="row seats" onSubmit=${save}><label class="field"><span>${t('lists.seats')}</span><input class="num short" type="number" inputmode="numeric" min="1" max="1000000" value=${shown} onInput=${(/** @type {any} */ e) => setValue(e.target.value)} /></label>
    <button type="submit" class="second" disabled=${value === null || value === String(doors.seats ?? '')}>${t('form.save')}</button><p class="error" role="alert">${error}</p></form>`;
}

/** @param {{conn: import('../protocol.js').Connection, doors: Doors, selected: string, done: () => void}} props */
export function Lists({ conn, doors, selected, done }) {
  const span = (/** @type {List} */ l) => [l.opens && t('lists.opens_at', { time: `${dayMonth(l.opens)} ${clock(l.opens)}` }), l.closes && t('lists.closes_at', { time: `${dayMonth(l.closes)} ${clock(l.closes)}` }), l.capacity && t('room.seats', { n: l.capacity })].filter(Boolean).join(' · ');
  return html`<${Rows} conn=${conn} noun="list" view="doors" rows=${doors.lists.map(formOf)} fields=${listFields(doors)} selected=${selected} removable blank=${{ name: '' }} saved=${done}
    line=${(/** @type {any} */ l) => html`<span class="row-name" dir="auto">${l.name}</span><span class="hint num">${span(/** @type {List} */ (doors.lists.find((x) => x.id === l.id)))}</span>`}
    extra=${(/** @type {any} */ l) => html`<${Rules} conn=${conn} list=${doors.lists.find((x) => x.id === l.id)} doors=${doors} done=${done} />`} />`;
}

/** @param {{conn: import('../protocol.js').Connection, doors: Doors, selected: string, done: () => void}} props */
export function Zones({ conn, doors, selected, done }) {
  const others = (/** @type {any} */ row) => doors.zones.filter((z) => z.id !== row?.id).map((z) => ({ value: z.id, label: z.name }));
  /** @type {import('./form.js').FieldDef[]} */
  const fields = [
    { name: 'name', label: t('form.name'), required: true, max: 120 },
    { name: 'part_of', label: t('zones.part_of'), hint: t('zones.part_of_hint'), half: true, show: (v) => doors.zones.find((z) => z.id === v)?.name || t('form.nothing'),
      own: ({ id, value, set, row }) => html`<select id=${id} aria-label=${t('zones.part_of')} value=${value || ''} onChange=${(/** @type {any} */ e) => set(e.target.value)}><option value="">${t('form.nothing')}</option>${others(row).map((o) => html`<option key=${o.value} value=${o.value} selected=${o.value === value}>${o.label}</option>`)}</select>` },
    { name: 'capacity', label: t('zones.capacity'), kind: 'number', min: 1, max: 1000000, hint: t('zones.capacity_hint'), half: true },
  ];
  const line = (/** @type {Zone} */ z) => html`<span class="row-name" dir="auto">${z.name}</span><span class="hint">${[z.part_of && t('zones.within', { zone: doors.zones.find((x) => x.id === z.part_of)?.name || '' }), z.capacity && t('zones.holds', { n: z.capacity })].filter(Boolean).join(' · ')}</span>`;
  return html`<${Rows} conn=${conn} noun="zone" view="doors" prefix="zone" rows=${doors.zones} fields=${fields} selected=${selected} removable blank=${{ name: '' }} saved=${done} line=${line} />`;
}

/** @param {{conn: import('../protocol.js').Connection, doors: Doors, selected: string, done: () => void}} props */
export function Categories({ conn, doors, selected, done }) {
  /** @type {import('./form.js').FieldDef[]} */
  const fields = [
    { name: 'name', label: t('form.name'), required: true, max: 60 },
    { name: 'color', label: t('categories.color'), kind: 'color', half: true, own: ({ id, value, set }) => html`<span class="color"><input type="color" aria-label=${t('topic.pick')} value=${/^#[0-9a-f]{6}$/i.test(value || '') ? value : '#888888'} onInput=${(/** @type {any} */ e) => set(e.target.value)} /><input id=${id} type="text" dir="ltr" maxlength="7" aria-label=${t('topic.code')} placeholder="#2f6fde" pattern="#[0-9a-fA-F]{6}" value=${value || ''} onInput=${(/** @type {any} */ e) => set(e.target.value)} /></span>` },
    { name: 'ord', label: t('form.order'), kind: 'number', min: 0, max: 100000, half: true },
  ];
  const line = (/** @type {Category} */ c) => html`<span class="row-name" dir="auto"><i class="swatch" style=${c.color ? `background:${c.color}` : ''}></i>${c.name}</span>`;
  return html`<${Rows} conn=${conn} noun="category" view="doors" prefix="category" rows=${doors.categories} fields=${fields} selected=${selected} removable blank=${{ name: '', color: '', ord: doors.categories.length + 1 }} saved=${done} line=${line} />`;
}
