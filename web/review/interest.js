// web/review/interest.js: a reviewer says that they know an author: the abstract goes to somebody else
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

/** @param {{conn: import('../protocol.js').Connection, abstract: string, done: () => void}} props */
export function Interest({ conn, abstract, done }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState('');
  const declare = async () => {
    try {
      await conn.write('interest.declare', { abstract, has: true, reason: reason.trim() });
      announce(t('review.given_back'));
      done();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  return html`<details class="rv-more"><summary>${t('review.know')}</summary><p>${t('review.know_why')}</p>
    <label class="field"><span>${t('review.know_reason')}</span><input type="text" dir="auto" maxlength="500" value=${reason} onInput=${(/** @type {any} */ e) => setReason(e.target.value)} /></label>
    <p class="error" role="alert">${error}</p><p><button type="button" class="second bad" onClick=${declare}>${t('review.give_back')}</button></p></details>`;
}
