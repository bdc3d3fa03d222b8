// web/kiosk/typed.js: an entry code typed on the screen's own keys
import { html, signal, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { grouped, codeOf } from './wedge.js';

export const typing = signal(false);
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'];

/** @param {{scan: (text: string) => void}} props */
export function Typed({ scan }) {
  const [text, setText] = useState('');
  const size = codeOf(text).length;
  const put = (/** @type {string} */ value) => setText(grouped(value.slice(0, 48)));
  const end = () => {
    setText('');
    typing.value = false;
  };
  const go = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!size) return;
    scan(text);
    end();
  };
  return html`<form class="typed" onSubmit=${go}>
    <label class="field"><span>${t('kiosk.code')}</span><input class="code code-field" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" inputmode="none" value=${text} onInput=${(/** @type {any} */ e) => put(e.target.value)} /></label>
    <div class="keypad" role="group" aria-label=${t('kiosk.keypad')}>${LETTERS.map((l) => html`<button key=${l} type="button" onClick=${() => put(text + l)}>${l}</button>`)}</div>
    <div class="typed-foot"><button type="button" class="big" onClick=${end}>${t('cancel')}</button><button type="button" class="big" onClick=${() => put(codeOf(text).slice(0, -1))}>${t('kiosk.erase')}</button><button class="big primary" type="submit" disabled=${!size}>${t('kiosk.check')} <span class="num">${size}/20</span></button></div>
  </form>`;
}
