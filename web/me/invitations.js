// web/me/invitations.js: what was offered: yes with the form, or no
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { AnswerFields, ModeChoice, said, useAnswers } from './answers.js';
import { cover, stamp } from './words.js';

/** @param {{conn: import('../protocol.js').Connection, doc: any, i: any, read: () => Promise<any>}} props */
function Open({ conn, doc, i, read }) {
  const [mode, setMode] = useState(i.mode);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const form = useAnswers(doc.registration?.answers);
  const run = async (/** @type {() => Promise<any>} */ work, /** @type {string} */ done) => {
    setBusy(true);
    setError('');
    try {
      await work();
      announce(done);
    } catch (e) {
      setError(whyOf(e));
    }
    setBusy(false);
    await read();
  };
  const accept = (/** @type {Event} */ e) => {
    e.preventDefault();
    void run(() => conn.write('invitation.accept', { invitation: i.id, mode, answers: said(form.a, mode, i.nights) }), t('me.accepted'));
  };
  const decline = () => run(() => conn.write('invitation.decline', { invitation: i.id }), t('me.declined'));
  // The place of another mode may be free where this one is not.
  const full = error && doc.left[mode] === 0;
  return html`<article class="invitation" aria-labelledby=${`i-${i.id}`}><h3 id=${`i-${i.id}`}>${t(`me.what_${i.what}`)}${i.title ? html`: <span dir="auto">${i.title}</span>` : i.session ? html`: <span dir="auto">${i.session.title}</span>` : null}</h3>
    <p class="until">${t('me.answer_by')} <time class="num" datetime=${i.expires}>${stamp(i.expires)}</time></p><p>${cover(i.fee, i.nights)}</p>
    <form onSubmit=${accept}>${i.what === 'waiting' ? html`<p>${t('me.place_for', { mode: t(`me.${i.mode}`) })}</p>` : html`<${ModeChoice} mode=${mode} set=${setMode} left=${doc.left} name=${`mode-${i.id}`} />`}
      <${AnswerFields} id=${i.id} questions=${doc.questions} form=${form} mode=${mode} covered=${i.nights} starts=${doc.conference.starts} ends=${doc.conference.ends} />
      <p class="error" role="alert">${error}</p>
      <div class="row"><button class="primary" type="submit" disabled=${busy}>${busy ? t('me.form_saving') : t('me.accept')}</button>
        ${sure ? html`<button type="button" class="second bad" disabled=${busy} onClick=${decline}>${t('me.decline_sure')}</button><button type="button" class="link" onClick=${() => setSure(false)}>${t('me.back')}</button>` : html`<button type="button" class="second" onClick=${() => setSure(true)}>${t('me.decline')}</button>`}
        ${full && doc.waiting?.mode !== mode ? html`<button type="button" class="second" onClick=${() => run(() => conn.write('waiting.join', { mode }), t('me.waits'))}>${t('me.wait')}</button>` : null}</div></form></article>`;
}

/** @param {{conn: import('../protocol.js').Connection, doc: any, read: () => Promise<any>}} props */
export function Invitations({ conn, doc, read }) {
  const open = doc.invitations.filter((/** @type {any} */ i) => i.state === 'sent');
  const past = doc.invitations.filter((/** @type {any} */ i) => i.state !== 'sent');
  if (!doc.invitations.length) return null;
  return html`<section aria-labelledby="inv-h"><h2 id="inv-h">${t('me.invitations')}</h2>
    ${open.map((/** @type {any} */ i) => html`<${Open} key=${i.id} conn=${conn} doc=${doc} i=${i} read=${read} />`)}
    ${past.length ? html`<ul class="lines">${past.map((/** @type {any} */ i) => html`<li key=${i.id}><span>${t(`me.what_${i.what}`)}${i.title ? html`: <span dir="auto">${i.title}</span>` : null}</span> <span class=${`tag ${i.state === 'accepted' ? 'on' : ''}`}>${t(`me.inv_${i.state}`)}</span></li>`)}</ul>` : null}</section>`;
}
