// web/register/main.js: the way in for anybody: hand in an abstract while the call is open, register, ask to be let in, or wait
import { html, mount, signal, effect, useState } from '../ui/dom.js';
import { extend, lang, t } from '../i18n/index.js';
import en from '../i18n/me.en.js';
import da from '../i18n/me.da.js';
import { connect, person, session, slug } from '../ui/app.js';
import { Header, Main, Skeleton, whyOf } from '../ui/chrome.js';
import { SignIn } from '../ui/signin.js';
import { announce } from '../ui/live.js';
import { keyName } from '../ui/clock.js';
import { under } from '../wire.js';
import { AnswerFields, ModeChoice, said, useAnswers } from '../me/answers.js';
import { Enter } from './enter.js';

extend({ en, da });
const conn = connect();
conn.start();
const about = signal(/** @type {any} */ (null));
const mine = signal(/** @type {any} */ (null));
const call = signal('');

const readMine = () => conn.call('registration.mine').then((r) => void (mine.value = r), () => {});
const read = () => conn.call('registration.public').then((r) => void (about.value = r), () => {});
effect(() => {
  if (!session.value) return;
  void read();
  conn.call('call.get').then((r) => void (call.value = r?.state || ''), () => {});
  if (session.value.person) void readMine();
  else mine.value = null;
});
effect(() => void (document.title = `${(lang.value, t('me.register_here'))} · ${session.value?.conference.title || 'Plenum'}`));

/** @param {{d: any, a: any}} props */
function Form({ d, a }) {
  const [mode, setMode] = useState('on_site');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {any} */ (null));
  const form = useAnswers(d.registration?.answers);
  const asks = a.open === 'approval';
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await conn.write('registration.open', { mode, ...(asks ? { text: text.trim() } : { answers: said(form.a, mode, 0) }) });
      announce(asks ? t('me.asked') : t('me.accepted'));
    } catch (x) {
      setError(x);
    }
    await Promise.all([readMine(), read()]);
    setBusy(false);
  };
  const wait = async () => {
    await conn.write('waiting.join', { mode }).then(() => announce(t('me.waits')), setError);
    await readMine();
  };
  return html`<section aria-labelledby="form-h"><h2 id="form-h">${t(asks ? 'me.ask' : 'me.register')}</h2>
    <form onSubmit=${send}><${ModeChoice} mode=${mode} set=${setMode} left=${a.left} name="mode" />
      ${asks ? html`<label class="field"><span>${t('me.why_you')}</span><textarea name="text" rows="4" maxlength="2000" dir="auto" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea></label>`
      : html`<${AnswerFields} id="new" questions=${d.questions} form=${form} mode=${mode} covered=${0} starts=${a.starts} ends=${a.ends} />`}
      <p class="error" role="alert">${error ? whyOf(error) : ''}</p>
      <div class="row">${a.left[mode] === 0 && !asks ? html`<button type="button" class="primary" onClick=${wait}>${t('me.wait')}</button>` : html`<button class="primary" type="submit" disabled=${busy}>${busy ? t('me.form_saving') : t(asks ? 'me.ask' : 'me.register')}</button>`}</div></form></section>`;
}

/** Sunday 2 May 2021, from 2021-05-02. @param {string} key */
const day = (key) => `${keyName(key)} ${key.slice(0, 4)}`;

function Body() {
  const a = about.value;
  if (!session.value || !a) return html`<${Skeleton} n=${3} />`;
  const d = mine.value;
  const done = d && (d.registration?.state === 'confirmed' || d.application || d.waiting);
  return html`<h1 dir="auto">${a.title}</h1><p class="hint"><span class="num">${day(a.starts)}${a.starts === a.ends ? '' : ` – ${day(a.ends)}`}</span>${a.venue ? html` · <span dir="auto">${a.venue}</span>` : null}</p>
    ${call.value === 'open' ? html`<section aria-labelledby="call-h"><h2 id="call-h">${t('me.call')}</h2><p>${t('me.call_hint')}</p><p><a class="primary" href=${under(slug, '/apply')}>${t('me.to_apply')}</a></p></section>` : null}
    ${a.open === 'closed' ? html`<section aria-labelledby="closed-h"><h2 id="closed-h">${t('me.register')}</h2><p>${t('me.closed')}</p><p><a class="second" href=${under(slug, '/me')}>${t('me.to_me')}</a></p></section>`
    : !person.value ? html`<${Enter} conn=${conn} />` : !d ? html`<${Skeleton} n=${3} />`
    : done ? html`<section aria-labelledby="done-h"><h2 id="done-h">${t(d.registration?.state === 'confirmed' ? 'me.registered' : d.waiting ? 'me.waits' : 'me.asked')}</h2><p><a class="primary" href=${under(slug, '/me')}>${t('me.to_me')}</a></p></section>`
    : html`<${Form} d=${d} a=${a} />`}`;
}

mount('app', html`<${() => html`<${Header} conn=${conn} here=${t('me.register_here')} /><${Main} name="register"><${Body} /><//><${SignIn} conn=${conn} />`} />`);
