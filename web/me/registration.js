// web/me/registration.js: one's registration: how one takes part, what is covered, the form again, giving it back or handing it on
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { under } from '../wire.js';
import { keyName } from '../ui/clock.js';
import { AnswerFields, said, useAnswers } from './answers.js';
import { cover, stamp } from './words.js';

/** @param {{conn: import('../protocol.js').Connection, doc: any, read: () => Promise<any>}} props */
function Answers({ conn, doc, read }) {
  const r = doc.registration;
  const form = useAnswers(r.answers);
  const [error, setError] = useState('');
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setError('');
    try {
      await conn.write('registration.answer', { answers: said(form.a, r.mode, r.nights) });
      announce(t('me.form_saved'));
      await read();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<details class="fold"><summary>${t('me.answers')}</summary><form onSubmit=${save}><${AnswerFields} id="own" questions=${doc.questions} form=${form} mode=${r.mode} covered=${r.nights} starts=${doc.conference.starts} ends=${doc.conference.ends} />
    <p class="error" role="alert">${error}</p><button class="primary" type="submit">${t('me.form_save')}</button></form></details>`;
}

/** @param {{conn: import('../protocol.js').Connection, read: () => Promise<any>}} props */
function Instead({ conn, read }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [error, setError] = useState('');
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setError('');
    try {
      await conn.write('registration.substitute', { name: name.trim(), email: email.trim() });
      announce(t('me.handed_on', { name }));
      await read();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<details class="fold"><summary>${t('me.instead')}</summary><p class="hint">${t('me.instead_hint')}</p><form onSubmit=${send}>
    <label class="field"><span>${t('me.form_name')}</span><input name="name" required maxlength="200" dir="auto" autocomplete="off" value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label>
    <label class="field"><span>${t('sign.email')}</span><input name="email" type="email" required maxlength="254" autocomplete="off" value=${email} onInput=${(/** @type {any} */ e) => setEmail(e.target.value)} /></label>
    <p class="error" role="alert">${error}</p><button class="second" type="submit">${t('me.hand_on')}</button></form></details>`;
}

/** @param {{conn: import('../protocol.js').Connection, doc: any, read: () => Promise<any>}} props */
export function Registration({ conn, doc, read }) {
  const r = doc.registration;
  const [error, setError] = useState('');
  const [sure, setSure] = useState('');
  const run = async (/** @type {string} */ method, /** @type {any} */ params, /** @type {string} */ done) => {
    setError('');
    setSure('');
    try {
      await conn.write(method, params);
      announce(done);
    } catch (e) {
      setError(whyOf(e));
    }
    await read();
  };
  const w = doc.waiting;
  const wait = w ? html`<p class="waits" role="status">${w.offered ? t('me.offered') : t('me.waiting', { place: w.place, mode: t(`me.${w.mode}`) })} <button type="button" class="link" onClick=${() => run('waiting.leave', {}, t('me.waits_no'))}>${t('me.leave')}</button></p>` : null;
  if (r?.state !== 'confirmed') {
    const a = doc.application;
    return html`<section aria-labelledby="reg-h"><h2 id="reg-h">${t('me.registration')}</h2>
      <p>${a?.state === 'waiting' ? t('me.asked') : a?.state === 'refused' ? t('me.refused') : r ? t('me.cancelled') : t('me.not_registered')}</p>${a?.reason ? html`<p class="said-text" dir="auto">${a.reason}</p>` : null}
      ${wait}${doc.open !== 'closed' && !a ? html`<p><a class="second" href=${under(slug, '/register')}>${t('me.register')}</a></p>` : null}<p class="error" role="alert">${error}</p></section>`;
  }
  const other = r.mode === 'on_site' ? 'online' : 'on_site';
  return html`<section aria-labelledby="reg-h"><h2 id="reg-h">${t('me.registration')}</h2>
    <dl class="facts"><dt>${t('me.mode')}</dt><dd><strong>${t(`me.${r.mode}`)}</strong></dd><dt>${t('me.cover')}</dt><dd>${cover(r.fee, r.nights)}</dd>
      ${r.answers?.nights?.length ? html`<dt>${t('me.nights')}</dt><dd class="num">${r.answers.nights.map(keyName).join(', ')}</dd>` : null}</dl>
    ${wait}
    <p><a class="primary" href=${under(slug, '/attend#/code')}>${t('me.code')}</a></p>
    <div class="row">${sure === 'mode' ? html`<button type="button" class="second" onClick=${() => run('registration.switch_mode', { mode: other }, t('me.switched', { mode: t(`me.${other}`) }))}>${t(`me.to_${other}_sure`)}</button><button type="button" class="link" onClick=${() => setSure('')}>${t('me.back')}</button>`
      : sure === 'cancel' ? html`<button type="button" class="second bad" onClick=${() => run('registration.cancel', {}, t('me.cancelled'))}>${t('me.cancel_sure')}</button><button type="button" class="link" onClick=${() => setSure('')}>${t('me.back')}</button>`
      : html`<button type="button" class="second" onClick=${() => setSure('mode')}>${t(`me.to_${other}`)}</button><button type="button" class="second" onClick=${() => setSure('cancel')}>${t('me.cancel')}</button>`}
      ${error && doc.left[other] === 0 && w?.mode !== other ? html`<button type="button" class="second" onClick=${() => run('waiting.join', { mode: other }, t('me.waits'))}>${t('me.wait')}</button>` : null}</div>
    ${sure ? html`<p class="hint">${t(sure === 'mode' ? `me.to_${other}_hint` : 'me.cancel_hint')}</p>` : null}<p class="error" role="alert">${error}</p>
    <${Answers} key=${JSON.stringify([r.answers, r.mode, r.nights])} conn=${conn} doc=${doc} read=${read} /><${Instead} conn=${conn} read=${read} />
    <p class="hint">${t('me.since', { time: stamp(r.since) })}</p></section>`;
}
