// web/organise/review_setup.js: criteria, blind or not, until when, how many reviews an abstract gets
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { zone } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { uuid } from '../wire.js';

/** An instant as the field has it: the conference's wall clock. @param {string | null} at */
function wall(at) {
  if (!at) return '';
  const p = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { timeZone: zone.value, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(at)).map((x) => [x.type, x.value]));
  return `${p.year.padStart(4, '0')}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** @param {{c: any, set: (part: any) => void, remove: () => void, n: number}} props */
function Criterion({ c, set, remove, n }) {
  const number = (/** @type {string} */ name, /** @type {number} */ min, /** @type {boolean} */ need) => html`<label class="field"><span>${t(`rt.c_${name}`)}</span><input type="number" inputmode="numeric" min=${min} max="100" required=${need} value=${c[name] ?? ''} onInput=${(/** @type {any} */ e) => set({ [name]: e.target.value === '' ? null : Number(e.target.value) })} /></label>`;
  return html`<fieldset class="rt-criterion"><legend class="out-of-sight">${t('rt.c_nth', { n })}</legend>
    <label class="field rt-name"><span>${t('form.name')}</span><input type="text" dir="auto" required maxlength="100" value=${c.name} onInput=${(/** @type {any} */ e) => set({ name: e.target.value })} /></label>
    ${number('weight', 1, false)}${number('min', 0, true)}${number('max', 1, true)}
    <button type="button" class="link" onClick=${remove}>${t('rt.c_remove')}<span class="out-of-sight"> ${c.name}</span></button></fieldset>`;
}

/** @param {{conn: import('../protocol.js').Connection, all: import('./review_table.js').All, read: () => Promise<void>}} props */
export function ReviewSetup({ conn, all, read }) {
  const [mine, setMine] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const s = mine || { ...all.setup, until: wall(all.setup.until) };
  const put = (/** @type {any} */ part) => setMine({ ...s, ...part });
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      await conn.write('review.setup', { criteria: s.criteria, blind: s.blind, per_abstract: s.per_abstract, expect_version: s.version, ...(s.until ? { until: s.until } : {}) });
      announce(t('form.saved'));
      setError('');
      await read();
      setMine(null);
    } catch (fault) {
      setError(whyOf(fault));
    }
  };
  const at = (/** @type {number} */ i) => (/** @type {any} */ part) => put({ criteria: s.criteria.map((/** @type {any} */ c, /** @type {number} */ k) => (k === i ? { ...c, ...part } : c)) });
  return html`<form class="rt-setup" onSubmit=${save}>
    <div class="filter-row"><label class="field"><span>${t('rt.until')}</span><input type="datetime-local" value=${s.until} onInput=${(/** @type {any} */ e) => put({ until: e.target.value })} /></label>
      <label class="field"><span>${t('rt.per_abstract')}</span><input type="number" inputmode="numeric" min="1" max="9" required value=${s.per_abstract} onInput=${(/** @type {any} */ e) => put({ per_abstract: Number(e.target.value) })} /></label>
      <label class="tick"><input type="checkbox" checked=${s.blind} onChange=${(/** @type {any} */ e) => put({ blind: e.target.checked })} /><span>${t('rt.blind')}</span></label></div>
    ${s.criteria.length ? html`<p class="hint">${t('rt.criteria_hint')}</p>` : html`<p class="empty-line">${t('rt.no_criteria')}</p>`}
    ${s.criteria.map((/** @type {any} */ c, /** @type {number} */ i) => html`<${Criterion} key=${c.id} c=${c} n=${i + 1} set=${at(i)} remove=${() => put({ criteria: s.criteria.filter((/** @type {any} */ x) => x.id !== c.id) })} />`)}
    <p class="error" role="alert">${error}</p>
    <p class="row">${s.criteria.length < 20 ? html`<button type="button" class="second" onClick=${() => put({ criteria: [...s.criteria, { id: uuid(), name: '', weight: 1, min: 1, max: 5 }] })}>${t('rt.c_add')}</button>` : null}
      <button type="submit" class="primary" disabled=${!mine}>${t('form.save')}</button>${mine ? html`<button type="button" class="link" onClick=${() => { setMine(null); setError(''); read(); }}>${t('cancel')}</button>` : null}</p></form>`;
}
