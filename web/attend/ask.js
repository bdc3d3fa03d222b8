// web/attend/ask.js: the question box: says first who will see the name and where it goes, sends at once, says when it is safe
import { html, useState, useEffect } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { mine, person, session as session_, status } from '../ui/app.js';
import { duration, now } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { signin } from '../ui/signin.js';
import { askBar, askParams } from '../qa_store.js';
import { uuid } from '../wire.js';
import { behindNow, watching } from './behind.js';
import { ask, halls, landed, outgoing } from './hall.js';
import { placeText } from './place.js';

const LIMIT = 500;
/** What a reader would call "behind"; below it, it is live. */
const BEHIND_MS = 3000;
const QUOTES = ['no', 'without_name', 'with_name'];

const draft = (/** @type {string} */ talk) => sessionStorage.getItem(`plenum-draft-${talk}`) || '';

/** How one likes to be quoted is the same from question to question. */
const quoteKept = () => {
  const value = sessionStorage.getItem('plenum-quote') || '';
  return QUOTES.includes(value) ? value : 'no';
};

/**
 * follows: the box goes with what is on, not with one talk, so that somebody who watches from behind asks what they watch.
 * @param {{talk: string, session?: string, room?: string, follows?: boolean}} props
 */
export function Ask({ talk, session, room, follows = false }) {
  const [text, setText] = useState(draft(talk));
  const [last, setLast] = useState('');
  const [whole, setWhole] = useState(false);
  const [named, setNamed] = useState(false);
  const [quote, setQuote] = useState(quoteKept());
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    setText(draft(talk));
    setLast('');
    setWhole(false);
    setNamed(false);
    setOpened(false);
  }, [talk]);
  const write = (/** @type {string} */ value) => {
    setText(value);
    sessionStorage.setItem(`plenum-draft-${talk}`, value);
  };
  const hall = halls.value.get(talk);
  const bar = askBar(hall);
  const identity = hall?.identity || '';
  const size = [...text.trim()].length;
  const plays = !!room && watching.value.room === room;
  if (plays) now.value;
  const behind = plays ? behindNow(room) : 0;
  const send = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!size || size > LIMIT) return;
    const go = () => {
      const id = uuid();
      setLast(id);
      // As far behind as at this moment; what is sent much later is asked of the talk on the page.
      const behind_ms = status.value.state === 'open' ? behindNow(room) : 0;
      ask(id, talk, askParams({ text: text.trim(), talk, session, follows, behind_ms, whole, named: named && identity === 'choice', quote: identity === 'anonymous' && quote === 'with_name' ? 'no' : quote }));
      write('');
      setWhole(false);
      setNamed(false);
    };
    if (person.value) go();
    else signin.value = { why: t('sign.why_ask'), then: go };
  };
  const keys = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) send(e);
  };
  const found = session ? schedule.value?.session.get(session) : null;
  const many = (found?.talks.length || 0) > 1;
  const wordy = (opened || !!text) && !bar && !!person.value;
  const why = bar ? t(`ask.${bar}`) : '';
  return html`<form class=${bar ? 'ask closed' : 'ask'} onSubmit=${send}>
    <label for="ask-text">${t('ask.label')}</label>
    ${(person.value || !session_.value) && !bar ? html`<p class="ask-who" id="ask-who" style=${identity ? null : { visibility: 'hidden' }}>${t(`ask.who_${identity || 'masked'}`)}</p>` : null}
    <textarea id="ask-text" rows="2" dir="auto" disabled=${bar === 'closed'} placeholder=${bar === 'closed' ? why : null} maxlength=${LIMIT + 100} value=${text} onFocus=${() => setOpened(true)} onInput=${(/** @type {any} */ e) => write(e.target.value)} onKeyDown=${keys} aria-describedby="ask-who ask-state"></textarea>
    ${wordy ? html`<div class="ask-more">
      ${many && !follows ? html`<fieldset class="ask-to"><legend>${t('ask.to')}</legend>${[false, true].map((all) => html`<label key=${String(all)}><input type="radio" name="ask-to" checked=${whole === all} onChange=${() => setWhole(all)} /> <span>${t(all ? 'ask.to_all' : 'ask.to_talk')}</span></label>`)}</fieldset>` : null}
      ${identity === 'choice' ? html`<label class="ask-tick"><input type="checkbox" checked=${named} onChange=${(/** @type {any} */ e) => setNamed(e.target.checked)} /> <span>${t('ask.with_name')}</span></label>` : null}
      <label class="ask-quote"><span>${t('ask.quote')}</span><select value=${quote} onChange=${(/** @type {any} */ e) => { setQuote(e.target.value); sessionStorage.setItem('plenum-quote', e.target.value); }}>
        ${QUOTES.filter((x) => identity !== 'anonymous' || x !== 'with_name').map((x) => html`<option key=${x} value=${x}>${t(`ask.quote_${x}`)}</option>`)}</select></label>
    </div>` : null}
    ${behind > BEHIND_MS && !bar ? html`<p class="ask-behind">${t(follows ? 'ask.behind' : 'ask.behind_talk', { span: duration(behind) })}</p>` : null}
    <div class="ask-foot">
      <${State} id=${last} why=${why} moderated=${hall ? hall.moderated : true} />
      <span class=${size > LIMIT ? 'count over' : 'count'} aria-hidden=${size < LIMIT - 100 ? 'true' : null}>${size}/${LIMIT}</span>
      <button class="primary" type="submit" disabled=${!!bar || !size || size > LIMIT}>${t('ask.send')}</button>
    </div>
  </form>`;
}

/** Why none is taken just now; else how the question stands that was sent last, else what happens to one. @param {{id: string, why: string, moderated: boolean}} props */
function State({ id, why, moderated }) {
  const out = outgoing.value.get(id);
  const q = id && !out ? /** @type {import('../qa_store.js').Asked | undefined} */ (mine.value.questions.get(id)) : undefined;
  const at = landed.value.get(id);
  let text = why || t(moderated ? 'ask.promise' : 'ask.at_once');
  if (out) text = out.why ? t('ask.refused', { why: out.why }) : t(status.value.state === 'open' ? 'ask.sending' : 'ask.kept');
  else if (q && !why) text = q.state === 'pending' && placeText(q) ? `${t('ask.waiting')}: ${placeText(q)}` : t(`ask.state_${q.state}`);
  const title = at && schedule.value?.talk.get(at)?.talk.title;
  return html`<p id="ask-state" class=${out?.why ? 'ask-state error' : 'ask-state'}>${text}${title && q ? html` <span class="ask-landed" dir="auto">${t('ask.landed', { title })}</span>` : null}</p>`;
}
