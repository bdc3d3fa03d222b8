// web/organise/questions.js: questions for the whole conference: what holds where a session says nothing, words that hold, who moderates what
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { NumberField, Tick, useTurns } from '../ui/setting.js';
import { Part } from './part.js';
import { Words } from './words.js';
import { Scopes } from './scopes.js';

/** @typedef {import('../protocol.js').Connection} Connection */

const IDENTITIES = ['masked', 'named', 'choice', 'anonymous'];
const POLICIES = ['alternate', 'first_time_first', 'fifo', 'manual'];

/** What holds for a session that says nothing itself. @param {{conn: Connection}} props */
function Defaults({ conn }) {
  const [row, setRow] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const version = useRef(0);
  const turn = useTurns();
  const take = (/** @type {any} */ settings) => {
    version.current = settings.version;
    setRow(settings);
  };
  const read = () => conn.call('qa.settings_get', {}).then((r) => take(r.settings)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  if (!row) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${3} />`;
  const set = (/** @type {any} */ change) => turn(async () => {
    setError('');
    try {
      take((await conn.write('qa.settings', { ...change, expect_version: version.current })).settings);
      announce(t('form.saved'));
    } catch (e) {
      // Somebody else changed them: what they are now, and why this did not go in.
      await read();
      setError(whyOf(e));
    }
  });
  const select = (/** @type {string} */ name, /** @type {string[]} */ values) => html`<label class="field"><span>${t(`questions.${name}`)}</span><select value=${row[name]} onChange=${(/** @type {any} */ e) => set({ [name]: e.target.value })}>${values.map((v) => html`<option key=${v} value=${v}>${t(`questions.${name}_${v}`)}</option>`)}</select></label>`;
  const number = (/** @type {string} */ name, /** @type {number} */ min, /** @type {number} */ max) => html`<${NumberField} label=${t(`questions.${name}`)} min=${min} max=${max} value=${row[name]} set=${(/** @type {number} */ n) => set({ [name]: n })} />`;
  const tick = (/** @type {string} */ name) => html`<${Tick} label=${t(`questions.${name}`)} value=${!!row[name]} set=${(/** @type {boolean} */ on) => set({ [name]: on })} />`;
  return html`<p class="hint">${t('questions.defaults_hint')}</p><div class="questions-form">${select('identity', IDENTITIES)}${select('mic_policy', POLICIES)}${number('auto_approve_s', 0, 3600)}${number('report_threshold', 1, 1000)}</div>
    ${tick('moderated')}${tick('joint')}<p class="error" role="alert">${error}</p>`;
}

/** @param {{conn: Connection}} props */
export function Questions({ conn }) {
  return html`<h1>${t('view.questions')}</h1>
    <${Part} id="q-defaults" title=${t('questions.defaults')}><${Defaults} conn=${conn} /><//>
    <${Part} id="q-words" title=${t('questions.words')}><${Words} conn=${conn} /><//>
    <${Part} id="q-scopes" title=${t('questions.scopes')}><${Scopes} conn=${conn} /><//>`;
}
