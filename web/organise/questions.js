// web/organise/questions.js: questions for the whole conference: what holds where a session says nothing, words that hold, who moderates what
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { Part } from './part.js';
import { Words } from './words.js';
import { Scopes } from './scopes.js';

/** @typedef {import('../protocol.js').Connection} Connection */

const IDENTITIES = ['masked', 'named', 'choice', 'anonymous'];
const POLICIES = ['alternate', 'first_time_first', 'fifo', 'manual'];

/** Shown once the conference's own settings can be read. @param {{conn: Connection}} props */
export function Defaults({ conn }) {
  const [row, setRow] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const read = () => conn.call('qa.settings_get').then((r) => setRow(r.settings)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  if (!row) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${3} />`;
  const set = async (/** @type {any} */ change) => {
    setError('');
    try {
      const reply = await conn.write('qa.settings', { ...change, expect_version: row.version });
      setRow({ ...row, ...change, ...reply.settings });
      announce(t('form.saved'));
    } catch (e) {
      setError(whyOf(e));
      read();
    }
  };
  const select = (/** @type {string} */ name, /** @type {string[]} */ values) => html`<label class="field"><span>${t(`questions.${name}`)}</span><select value=${row[name]} onChange=${(/** @type {any} */ e) => set({ [name]: e.target.value })}>${values.map((v) => html`<option key=${v} value=${v}>${t(`questions.${name}_${v}`)}</option>`)}</select></label>`;
  const number = (/** @type {string} */ name, /** @type {number} */ min, /** @type {number} */ max) => html`<label class="field"><span>${t(`questions.${name}`)}</span><input type="number" inputmode="numeric" min=${min} max=${max} value=${row[name]}
    onChange=${(/** @type {any} */ e) => e.target.value !== '' && e.target.checkValidity() && set({ [name]: Number(e.target.value) })} /></label>`;
  const tick = (/** @type {string} */ name) => html`<label class="tick"><input type="checkbox" checked=${row[name]} onChange=${(/** @type {any} */ e) => set({ [name]: e.target.checked })} /><span>${t(`questions.${name}`)}</span></label>`;
  return html`<h3>${t('questions.defaults')}</h3><p class="hint">${t('questions.defaults_hint')}</p><div class="questions-form">${select('identity', IDENTITIES)}${select('mic_policy', POLICIES)}${number('auto_approve_s', 0, 3600)}${number('report_threshold', 1, 1000)}</div>
    ${tick('moderated')}${tick('joint')}<p class="error" role="alert">${error}</p>`;
}

/** @param {{conn: Connection}} props */
export function Questions({ conn }) {
  return html`<h1>${t('view.questions')}</h1>
    <${Part} id="q-words" title=${t('questions.words')}><${Words} conn=${conn} /><//>
    <${Part} id="q-scopes" title=${t('questions.scopes')}><${Scopes} conn=${conn} /><//>`;
}
