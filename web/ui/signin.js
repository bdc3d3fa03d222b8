// web/ui/signin.js: signing in by mailed code, entry code or a code from the desk; signing out
import { html, signal, useState, useEffect, useRef } from './dom.js';
import { t } from '../i18n/index.js';
import { slug, person } from './app.js';
import { Close } from './icons.js';
import { whyOf } from './chrome.js';

/** Open when not null; `then` runs once the person is known. */
export const signin = signal(/** @type {{why: string, then?: () => void} | null} */ (null));

/** @param {string} path @param {any} body */
export async function post(path, body) {
  let reply;
  try {
    reply = await fetch(path, { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw { fault: 'network' };
  }
  const json = await reply.json().catch(() => ({}));
  if (!reply.ok) throw { fault: json.fault || 'internal', message: json.message, wait: json.retry_after_ms };
  return json;
}

/** @param {import('../protocol.js').Connection} conn */
export async function signOut(conn) {
  sessionStorage.removeItem('plenum-token');
  await post('/auth/logout', { slug }).catch(() => {});
  conn.renew();
}

/** @param {{conn: import('../protocol.js').Connection, done: () => void}} props */
export function SignInForm({ conn, done }) {
  const [way, setWay] = useState('mail');
  const [request, setRequest] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  const codeField = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (request) codeField.current?.focus();
  }, [request]);

  const go = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    try {
      if (way === 'mail' && !request) {
        setRequest((await post('/auth/start', { slug, email })).request);
        setCode('');
      } else {
        if (way === 'mail') await post('/auth/finish', { request, code: code.replace(/\D/g, '') });
        else if (way === 'entry') await post('/auth/entry', { slug, email, entry_code: code.replace(/[\s-]/g, '').toUpperCase() });
        else await post('/auth/desk', { slug, code: code.replace(/[\s-]/g, '').toUpperCase() });
        conn.renew();
        done();
      }
    } catch (e) {
      setError(whyOf(e));
    }
    setBusy(false);
  };
  const choose = (/** @type {string} */ w) => {
    setWay(w);
    setRequest('');
    setCode('');
    setError('');
  };
  const askEmail = way === 'entry' || (way === 'mail' && !request);
  const askCode = way !== 'mail' || request;
  const name = way === 'mail' ? t('sign.six') : way === 'entry' ? t('sign.entry_code') : t('sign.desk_code');
  return html`<form class="signin" onSubmit=${go}>
    <div class="tabs" role="group" aria-label=${t('sign.way')}>
      ${['mail', 'entry', 'desk'].map((w) => html`<button key=${w} type="button" aria-pressed=${way === w} onClick=${() => choose(w)}>${t(`sign.by_${w}`)}</button>`)}
    </div>
    <p class="hint">${request ? t('sign.sent', { email }) : t(`sign.about_${way}`)}</p>
    ${askEmail ? html`<label class="field"><span>${t('sign.email')}</span><input type="email" name="email" autocomplete="email" required value=${email} onInput=${(/** @type {any} */ e) => setEmail(e.target.value)} /></label>` : null}
    ${askCode ? html`<label class="field"><span>${name}</span><input ref=${codeField} class="code" name="code" required dir="ltr" autocapitalize="characters" spellcheck="false"
      autocomplete=${way === 'mail' ? 'one-time-code' : 'off'} inputmode=${way === 'mail' ? 'numeric' : 'text'} value=${code} onInput=${(/** @type {any} */ e) => setCode(e.target.value)} /></label>` : null}
    <p class="error" role="alert">${error}</p>
    <div class="row"><button class="primary" type="submit" disabled=${busy}>${busy ? t('sign.busy') : way === 'mail' && !request ? t('sign.send') : t('sign.in')}</button>
      ${request ? html`<button type="button" class="link" onClick=${() => choose('mail')}>${t('sign.other_address')}</button>` : null}</div>
  </form>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function SignIn({ conn }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const open = signin.value;
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal();
    if (!open && box.current?.open) box.current?.close();
  }, [open]);
  useEffect(() => {
    if (!person.value || !signin.value) return;
    const then = signin.value.then;
    signin.value = null;
    then?.();
  }, [person.value]);
  return html`<dialog ref=${box} class="dialog" aria-labelledby="signin-title" onClose=${() => (signin.value = null)}>
    ${open ? html`<div class="dialog-head"><h2 id="signin-title">${t('sign.in')}</h2><button type="button" class="plain square" onClick=${() => box.current?.close()} aria-label=${t('close')}><${Close} /></button></div>
      ${open.why ? html`<p>${open.why}</p>` : null}<${SignInForm} conn=${conn} done=${() => {}} />` : null}
  </dialog>`;
}
