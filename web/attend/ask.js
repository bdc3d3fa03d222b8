// web/attend/ask.js: the question box: counts, sends at once, says when it is safe
import { html, useState, useEffect } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person, status } from '../ui/app.js';
import { signin } from '../ui/signin.js';
import { ask, questions, outgoing } from './questions.js';
import { mine } from '../ui/app.js';
import { uuid } from '../wire.js';

const LIMIT = 500;

const kept = (/** @type {string} */ talk) => sessionStorage.getItem(`plenum-draft-${talk}`) || '';

/** @param {{talk: string}} props */
export function Ask({ talk }) {
  const [text, setText] = useState(kept(talk));
  const [last, setLast] = useState('');
  useEffect(() => {
    setText(kept(talk));
    setLast('');
  }, [talk]);
  const write = (/** @type {string} */ value) => {
    setText(value);
    sessionStorage.setItem(`plenum-draft-${talk}`, value);
  };
  const size = [...text.trim()].length;
  const closed = questions.value && !questions.value.window.ask;
  const send = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!size || size > LIMIT) return;
    const go = () => {
      const id = uuid();
      setLast(id);
      ask(talk, text.trim(), id);
      write('');
    };
    if (person.value) go();
    else signin.value = { why: t('sign.why_ask'), then: go };
  };
  const keys = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) send(e);
  };
  const out = outgoing.value.get(last);
  const saved = last && !out && mine.value.questions.get(last);
  const state = !last ? '' : out ? (out.why ? t('ask.refused', { why: out.why }) : status.value.state === 'open' ? t('ask.sending') : t('ask.kept')) : saved ? t(`ask.state_${saved.state}`) : '';
  return html`<form class=${closed ? 'ask closed' : 'ask'} onSubmit=${send}>
    <label for="ask-text">${t('ask.label')}</label>
    <textarea id="ask-text" rows="2" dir="auto" disabled=${closed} placeholder=${closed ? t('ask.closed') : null} maxlength=${LIMIT + 100} value=${text} onInput=${(/** @type {any} */ e) => write(e.target.value)} onKeyDown=${keys} aria-describedby="ask-state"></textarea>
    <div class="ask-foot">
      <p id="ask-state" class=${out?.why ? 'ask-state error' : 'ask-state'}>${state || (closed ? '' : t('ask.promise'))}</p>
      <span class=${size > LIMIT ? 'count over' : 'count'} aria-hidden=${size < LIMIT - 100 ? 'true' : null}>${size}/${LIMIT}</span>
      <button class="primary" type="submit" disabled=${closed || !size || size > LIMIT}>${t('ask.send')}</button>
    </div>
  </form>`;
}
