// web/organise/selection_places.js: which sessions take how many short talks, how many posters there are, how long an offer is open
import { html, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { NumberField } from '../ui/setting.js';
import { draft } from './draft.js';
import { Part } from './part.js';

/** @typedef {import('./selection_model.js').Board} Board */

/** @param {{conn: import('../protocol.js').Connection, board: Board, read: () => void}} props */
function Sessions({ conn, board, read }) {
  const [error, setError] = useState('');
  const [added, setAdded] = useState('');
  const set = async (/** @type {string} */ session, /** @type {number | null} */ places) => {
    try {
      await conn.write('decision.capacity', { session, ...(places ? { places } : {}), expect_version: board.terms.version });
      announce(t('selplaces.saved'));
      setError('');
      setAdded('');
    } catch (e) {
      setError(whyOf(e));
    }
    await read();
  };
  const all = [...(draft.value?.session.values() || [])];
  const others = all.filter((s) => !board.sessions.some((x) => x.session === s.id)).sort((a, b) => a.title.localeCompare(b.title));
  return html`<p class="hint">${t('selplaces.hint')}</p><p class="error" role="alert">${error}</p>
    ${board.sessions.length ? html`<ul class="rows">${board.sessions.map((s) => html`<li key=${s.session} class="sel-capacity"><span class="row-name" dir="auto">${s.title}</span>
      <${NumberField} label=${html`<span class="out-of-sight">${t('selplaces.name', { title: s.title })}</span><span aria-hidden="true">${t('selplaces.places')}</span>`} min=${1} max=${100} value=${s.places} set=${(/** @type {number} */ n) => set(s.session, n)} />
      <span class="hint num">${tn('selplaces.taken', s.taken)}</span>
      <button type="button" class="link" disabled=${s.taken > 0} aria-label=${t('selplaces.remove_name', { title: s.title })} onClick=${() => set(s.session, null)}>${t('selplaces.remove')}</button></li>`)}</ul>` : html`<p class="empty-line">${t('selplaces.none')}</p>`}
    ${others.length ? html`<form class="row sel-add" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); if (added) set(added, 6); }}><label class="field"><span>${t('selplaces.add')}</span><select value=${added} onChange=${(/** @type {any} */ e) => setAdded(e.target.value)}><option value="">${t('organise.choose')}</option>${others.map((s) => html`<option key=${s.id} value=${s.id}>${s.title}</option>`)}</select></label>
      <button type="submit" class="second" disabled=${!added}>${t('selplaces.add_do')}</button></form>` : html`<p class="hint">${t(all.length ? 'selplaces.no_other' : 'selplaces.no_draft_sessions')}</p>`}`;
}

/** @param {{conn: import('../protocol.js').Connection, board: Board, read: () => void}} props */
function Terms({ conn, board, read }) {
  const was = board.terms;
  const [f, setF] = useState({ posters: was.posters === null ? '' : String(was.posters), answer: String(was.answer_days), standby: String(was.standby_days) });
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      await conn.write('decision.terms', { ...(f.posters === '' ? {} : { posters: Number(f.posters) }), answer_days: Number(f.answer), standby_days: Number(f.standby), expect_version: was.version });
      setSaid(t('selplaces.saved'));
      announce(t('selplaces.saved'));
      setError('');
    } catch (x) {
      setSaid('');
      setError(whyOf(x));
    }
    await read();
  };
  const field = (/** @type {'posters' | 'answer' | 'standby'} */ name, /** @type {string} */ label, /** @type {number} */ min, /** @type {number} */ max, hint = '') => html`<label class="field"><span>${label}</span><input type="number" inputmode="numeric" min=${min} max=${max} required=${name !== 'posters'} value=${f[name]} onInput=${(/** @type {any} */ e) => { setSaid(''); setF({ ...f, [name]: e.target.value }); }} />${hint ? html`<span class="hint">${hint}</span>` : null}</label>`;
  return html`<form class="badge-form" onSubmit=${save}>${field('posters', t('selplaces.posters'), 0, 10000, t('selplaces.posters_hint'))}${field('answer', t('selplaces.answer_days'), 1, 90)}${field('standby', t('selplaces.standby_days'), 1, 30)}
    <button type="submit" class="primary">${t('selplaces.save')}</button></form><p class="error" role="alert">${error}</p>${said ? html`<p class="hint" role="status">${said}</p>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection, board: Board, read: () => void}} props */
export const Places = (props) => html`<${Part} id="sel-sessions" title=${t('selplaces.sessions')}><${Sessions} ...${props} /><//>
  <${Part} id="sel-terms" title=${t('selplaces.terms')}><${Terms} ...${props} /><//>`;
