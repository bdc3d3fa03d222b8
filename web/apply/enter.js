// web/apply/enter.js: signing in to apply: address and name, then the mailed code. Who is known already gets the same answer as who is new
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { lang, t } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { post, signin } from '../ui/signin.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Enter({ conn }) {
  const [request, setRequest] = useState('');
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (request) field.current?.focus();
  }, [request]);
  const go = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    try {
      if (!request) setRequest((await post('/auth/start', { slug, email, name: name.trim(), language: lang.value })).request);
      else {
        await post('/auth/finish', { request, code: code.replace(/\D/g, '') });
        conn.renew();
      }
    } catch (x) {
      setError(whyOf(x));
    }
    setBusy(false);
  };
  return html`<section class="enter" aria-labelledby="enter-h"><h2 id="enter-h">${t('apply.enter')}</h2><p class="hint">${request ? t('apply.sent', { email }) : t('apply.enter_about')}</p>
    <form class="signin" onSubmit=${go}>
      ${request ? html`<label class="field"><span>${t('sign.six')}</span><input ref=${field} class="code" name="code" required dir="ltr" spellcheck="false" autocomplete="one-time-code" inputmode="numeric" value=${code} onInput=${(/** @type {any} */ e) => setCode(e.target.value)} /></label>`
      : html`<label class="field"><span>${t('apply.name')}</span><input name="name" autocomplete="name" required maxlength="200" dir="auto" value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label>
        <label class="field"><span>${t('sign.email')}</span><input type="email" name="email" autocomplete="email" required maxlength="254" value=${email} onInput=${(/** @type {any} */ e) => setEmail(e.target.value)} /></label>`}
      <p class="error" role="alert">${error}</p>
      <div class="row"><button class="primary" type="submit" disabled=${busy}>${busy ? t('sign.busy') : request ? t('sign.in') : t('sign.send')}</button>
        ${request ? html`<button type="button" class="link" onClick=${() => { setRequest(''); setCode(''); setError(''); }}>${t('sign.other_address')}</button>`
        : html`<button type="button" class="link" onClick=${() => (signin.value = { why: '' })}>${t('apply.other_ways')}</button>`}</div>
    </form></section>`;
}
