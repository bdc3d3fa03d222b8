// web/organise/diff.js: changes as people read them: each field as it was and as it will be
import { html, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayName } from '../ui/clock.js';
import { titleOf, roomName, draft } from './draft.js';

export const KINDS = ['cancelled', 'removed', 'moved', 'added', 'changed'];
const LONG_TEXT = 160;

/** @param {any} c */
export const changeTitle = (c) => c.after?.title || c.before?.title || titleOf(draft.value?.slot.get(c.slot)?.session) || t('organise.untitled');

/** @param {string} field @param {any} side */
function value(field, side) {
  if (!side) return '';
  const v = side[field];
  if (field === 'room') return side.room_name || roomName(v) || v || '';
  if (field === 'duration') return t('time.minutes', { n: Math.round((Date.parse(side.end) - Date.parse(side.start)) / 60000) });
  if (v === null || v === undefined || v === '') return '';
  if (field === 'start' || field === 'end') return `${dayName(v)} ${clock(v)}`;
  if (Array.isArray(v)) return v.map((x) => (typeof x === 'string' ? x : `${x.title || x.name || ''}${x.speakers?.length ? ` (${x.speakers.map((/** @type {any} */ p) => p.name || p).join(', ')})` : ''}`)).join(' · ');
  if (typeof v === 'object') return v.name || v.title || JSON.stringify(v);
  if (field === 'min_s') return v ? t('time.minutes', { n: Math.round(v / 60) }) : '';
  if (v === true) return t('form.yes');
  if (v === false) return t('form.no');
  return String(v);
}

/** @param {string} field */
function label(field) {
  const key = `field.${field}`;
  const text = t(key);
  return text === key ? field : text;
}

/** @param {any} side */
const place = (side) => (side ? `${dayName(side.start)} ${clock(side.start)}–${clock(side.end)}, ${value('room', side)}` : '');

/** Place and time are one line; every other field has its own. @param {{c: any}} props */
function Fields({ c }) {
  const where = ['room', 'start', 'end', 'duration'];
  const fields = (c.fields || []).filter((/** @type {string} */ f) => !where.includes(f));
  const moved = (c.fields || []).some((/** @type {string} */ f) => where.includes(f));
  const one = (/** @type {string} */ f) => {
    if (f === 'details') return html`<li key=${f} class="hint">${t('field.details')}</li>`;
    const [a, b] = [value(f, c.before), value(f, c.after)];
    const long = Math.max(a.length, b.length) > LONG_TEXT;
    const body = html`<span class="was" dir="auto">${a ? html`<s>${a}</s>` : html`<span class="hint">${t('form.nothing')}</span>`}</span><span class="arrow" aria-label=${t('diff.becomes')} role="img">→</span><span class="is" dir="auto">${b || html`<span class="hint">${t('form.nothing')}</span>`}</span>`;
    return html`<li key=${f} class=${cx('diff-field', long && 'long')}><span class="diff-name">${label(f)}</span>${long ? html`<details><summary>${t('diff.texts')}</summary>${body}</details>` : body}</li>`;
  };
  if (c.change === 'added') return html`<p class="diff-place num">${place(c.after)}</p>`;
  if (c.change === 'cancelled' || c.change === 'removed') return html`<p class="diff-place num"><s>${place(c.before)}</s></p>`;
  return html`${moved ? html`<p class="diff-place num"><s>${place(c.before)}</s> <span class="arrow" aria-label=${t('diff.becomes')} role="img">→</span> ${place(c.after)}</p>` : html`<p class="diff-place num hint">${place(c.after)}</p>`}
    ${fields.length ? html`<ul class="diff-fields">${fields.map(one)}</ul>` : null}`;
}

/**
 * Changes by kind; with `ticks` each can be left out.
 * @param {{changes: any[], ticks?: {off: Set<string>, set: (slot: string, on: boolean) => void}, bad?: Map<string, any>}} props
 */
export function Diff({ changes, ticks, bad }) {
  const groups = KINDS.map((k) => ({ k, rows: changes.filter((c) => c.change === k) })).filter((g) => g.rows.length);
  return html`${groups.map((g) => html`<section key=${g.k} class="diff-group"><h3><span class=${cx('tag', (g.k === 'cancelled' || g.k === 'removed') && 'off')}>${t(`change.${g.k}`)}</span> <span class="hint num">${tn('diff.count', g.rows.length)}</span></h3>
    <ul class="changes">${g.rows.slice(0, 300).map((c) => html`<li key=${c.slot} class=${cx(ticks?.off.has(c.slot) && 'left-out')}>
      ${ticks ? html`<label class="tick"><input type="checkbox" checked=${!ticks.off.has(c.slot)} onChange=${(/** @type {any} */ e) => ticks.set(c.slot, e.target.checked)} /><span class="change-title" dir="auto">${changeTitle(c)}</span></label>` : html`<p class="change-title" dir="auto">${changeTitle(c)}</p>`}
      <${Fields} c=${c} />${bad?.get(c.slot)?.overlap ? html`<p class="error">${t('timetable.overlap')}</p>` : null}${bad?.get(c.slot)?.clash ? html`<p class="error">${t('timetable.clash')}</p>` : null}</li>`)}</ul>${g.rows.length > 300 ? html`<p class="hint">${t('diff.rest', { n: g.rows.length - 300 })}</p>` : null}</section>`)}`;
}

/** What undoing these would do: the same, the other way round. @param {any[]} changes */
export const reversed = (changes) => changes.map((c) => ({ ...c, change: c.change === 'added' ? 'removed' : c.change === 'cancelled' || c.change === 'removed' ? 'added' : c.change, before: c.after, after: c.before }));
