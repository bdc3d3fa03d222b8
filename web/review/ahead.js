// web/review/ahead.js: whom a reviewer cannot judge, said ahead of any assignment: their own list
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

/** @typedef {{entry: string, kind: 'person' | 'place', text: string, at: string}} Entry */

/** Open where there is nothing else to do. @param {{conn: import('../protocol.js').Connection, open: boolean, changed: () => void}} props */
export function Ahead({ conn, open, changed }) {
  const [list, setList] = useState(/** @type {{limit: number, entries: Entry[]} | null} */ (null));
  const [kind, setKind] = useState(/** @type {'person' | 'place'} */ ('person'));
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const [first] = useState(open);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const read = () => conn.call('interest.list').then(setList).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  const write = async (/** @type {string} */ method, /** @type {any} */ params, /** @type {string} */ said) => {
    try {
      const reply = await conn.write(method, params);
      setError('');
      announce(said);
      await read();
      changed();
      return reply;
    } catch (e) {
      setError(whyOf(e));
      return null;
    }
  };
  const add = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const name = text.trim();
    if (name && (await write('interest.add', { kind, text: name }, t('review.ahead_added', { text: name })))) setText('');
  };
  // The button goes with its line: the focus does not.
  const drop = async (/** @type {Entry} */ x) => (await write('interest.drop', { entry: x.entry }, t('review.ahead_dropped', { text: x.text }))) && field.current?.focus();
  return html`<details class="rv-ahead" open=${first}><summary>${t('review.ahead')}${list?.entries.length ? html` <span class="hint num">${t('review.ahead_n', { n: list.entries.length, max: list.limit })}</span>` : null}</summary>
    <p class="hint">${t('review.ahead_why')}</p>
    <form onSubmit=${add}><fieldset class="rv-kind"><legend class="out-of-sight">${t('review.ahead_kind')}</legend>${/** @type {const} */ (['person', 'place']).map((k) => html`<label key=${k}><input type="radio" name="ahead-kind" value=${k} checked=${kind === k} onChange=${() => setKind(k)} /> ${t(`review.ahead_${k}`)}</label>`)}</fieldset>
      <label class="field"><span>${t(`review.ahead_${kind}_label`)}</span><input ref=${field} type="text" dir="auto" maxlength="200" required autocomplete="off" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
      <p class="error" role="alert">${error}</p><p><button type="submit" class="second">${t('review.ahead_add')}</button></p></form>
    ${!list ? null : list.entries.length ? html`<ul class="rv-named">${list.entries.map((x) => html`<li key=${x.entry}><span><span dir="auto">${x.text}</span> <span class="hint">${t(`review.ahead_${x.kind}`)}</span></span>
      <button type="button" class="second" onClick=${() => drop(x)}>${t('review.ahead_drop')}<span class="out-of-sight"> ${x.text}</span></button></li>`)}</ul>` : html`<p class="hint">${t('review.ahead_none')}</p>`}</details>`;
}
