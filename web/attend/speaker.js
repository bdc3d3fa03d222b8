// web/attend/speaker.js: for who speaks here: words from behind the stage, and questions that nobody has answered yet, to be answered in writing
import { html, useEffect, useState } from '../ui/dom.js';
import { extend, t, tn } from '../i18n/index.js';
import en from '../i18n/speaker.en.js';
import da from '../i18n/speaker.da.js';
import { mine, person, session, status } from '../ui/app.js';
import { ago, dayName, minute } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { announce } from '../ui/live.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { Back } from '../ui/icons.js';
import { MyFiles } from '../ui/upload.js';
import { signin } from '../ui/signin.js';
import { slotOfTalk } from '../store.js';
import { byTalk } from '../qa_store.js';
import { homeAddress } from './route.js';
import { Turns } from './turn.js';

extend({ en, da });

/** @typedef {import('../qa_store.js').Asked} Asked */

const LIMIT = 2000;
/** How long after a talk its speaker is asked. */
const DAYS = 14;
const READ_MS = 30000;

/** Somebody's words to the one on stage: read, or told. @param {{conn: import('../protocol.js').Connection}} props */
function Words({ conn }) {
  const [why, setWhy] = useState('');
  const words = [...mine.value.words.values()];
  if (!words.length) return null;
  const ack = async (/** @type {any} */ m) => {
    setWhy('');
    try {
      await conn.call('backstage.ack', { message: m.id });
      mine.value = { ...mine.value, words: new Map([...mine.value.words].filter(([id]) => id !== m.id)) };
    } catch (e) {
      setWhy(whyOf(e));
    }
  };
  return html`<section class="words" aria-labelledby="words-h"><h2 id="words-h">${t('speaker.words')}</h2>
    <ul>${words.map((m) => html`<li key=${m.id}><p class="word" dir="auto">${m.text}</p><p class="question-meta"><span dir="auto">${typeof m.by === 'string' ? m.by : m.by?.name}</span></p>
      <button type="button" class="primary" onClick=${() => ack(m)}>${t('speaker.ack')}</button></li>`)}</ul><p class="error" role="alert">${why}</p></section>`;
}

const draft = (/** @type {string} */ id) => sessionStorage.getItem(`plenum-answer-${id}`) || '';

/** @param {{conn: import('../protocol.js').Connection, q: Asked, done: (id: string) => void}} props */
function Unanswered({ conn, q, done }) {
  const [text, setText] = useState(draft(q.id));
  const [all, setAll] = useState(true);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const size = [...text.trim()].length;
  const write = (/** @type {string} */ value) => {
    setText(value);
    sessionStorage.setItem(`plenum-answer-${q.id}`, value);
  };
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!size || size > LIMIT) return;
    setBusy(true);
    setWhy('');
    try {
      await conn.write('qa.answer', { question: q.id, expect_version: q.version, text: text.trim(), public: all });
      sessionStorage.removeItem(`plenum-answer-${q.id}`);
      announce(t('speaker.sent'));
      done(q.id);
    } catch (e_) {
      const f = /** @type {any} */ (e_);
      // Changed meanwhile: the words stay, the question is read again.
      setWhy(f.fault === 'conflict' ? t('speaker.changed') : whyOf(e_));
      if (f.fault === 'conflict') done('');
    }
    setBusy(false);
  };
  return html`<li class="unanswered" data-question=${q.id}><p class="unanswered-text" dir="auto">${q.text}</p>
    <p class="question-meta"><span class="num">${tn('votes', q.votes || 0)}</span>${q.author?.name ? html`<span dir="auto">${q.author.name}</span>` : null}${q.whole ? html`<span>${t('qa.whole')}</span>` : null}<span>${(minute.value, ago(q.asked_at))}</span></p>
    <form onSubmit=${send}><label for=${`answer-${q.id}`}>${t('speaker.answer')}</label>
      <textarea id=${`answer-${q.id}`} rows="3" dir="auto" maxlength=${LIMIT + 200} value=${text} onInput=${(/** @type {any} */ e) => write(e.target.value)}></textarea>
      ${text ? html`<fieldset class="ask-to"><legend>${t('speaker.who_reads')}</legend>${[true, false].map((x) => html`<label key=${String(x)}><input type="radio" name=${`who-${q.id}`} checked=${all === x} onChange=${() => setAll(x)} /> <span>${t(x ? 'speaker.everybody' : 'speaker.asker')}</span></label>`)}</fieldset>
        <p class="row"><button class="primary" type="submit" disabled=${busy || !size || size > LIMIT}>${t('speaker.send')}</button><span class=${size > LIMIT ? 'count over' : 'count'}>${size}/${LIMIT}</span></p>` : null}
      <p class="error" role="alert">${why}</p></form></li>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Speaker({ conn }) {
  const [rows, setRows] = useState(/** @type {Asked[] | null} */ (null));
  const [why, setWhy] = useState('');
  const [sent, setSent] = useState(0);
  // Who speaks is who has a talk, whatever the role says.
  const [speaks, setSpeaks] = useState(true);
  const [talks, setTalks] = useState(0);
  const signedIn = !!session.value?.person;
  const open = status.value.state === 'open';
  const read = () => conn.call('qa.unanswered').then((doc) => {
    setSpeaks(!!doc.talks?.length);
    setRows((doc.talks || []).flatMap((/** @type {any} */ x) => x.questions));
    setWhy('');
  }, (e) => setWhy(whyOf(e)));
  useEffect(() => {
    if (!signedIn || !open) return;
    read();
    const timer = setInterval(() => document.visibilityState === 'visible' && read(), READ_MS);
    return () => clearInterval(timer);
  }, [signedIn, open]);
  const done = (/** @type {string} */ id) => {
    if (id) {
      setSent(sent + 1);
      setRows((all) => (all || []).filter((q) => q.id !== id));
    } else read();
  };
  const back = html`<a class="back" href=${homeAddress()}><${Back} />${t('talk.back')}</a>`;
  if (session.value && !person.value) return html`${back}<div class="guest-note"><p>${t('speaker.sign_in')}</p><button type="button" class="primary" onClick=${() => (signin.value = { why: t('speaker.sign_in') })}>${t('sign.in')}</button></div>`;
  if (session.value && !speaks && !talks && !mine.value.speaks && !mine.value.words.size && !sent) return html`${back}<${Empty} title=${t('speaker.none_here')}><p>${t('speaker.none_here_hint')}</p><//>`;
  return html`${back}<div class="speaker"><h1 tabindex="-1">${t('speaker.title')}</h1>
    <${Words} conn=${conn} />
    <${Turns} conn=${conn} told=${setTalks} />
    ${why ? html`<p class="error" role="alert">${why}</p>` : null}
    ${!rows ? (why ? null : html`<${Skeleton} n=${3} />`)
    : rows.length ? byTalk(rows).map((g) => html`<${OfTalk} key=${g.talk} conn=${conn} talk=${g.talk} rows=${g.rows} done=${done} />`)
    : html`<${Empty} title=${t(sent ? 'speaker.all_done' : 'speaker.nothing')}><p>${t('speaker.nothing_hint', { n: DAYS })}</p><//>`}
    <${MyFiles} conn=${conn} />
  </div>`;
}

/** @param {{conn: import('../protocol.js').Connection, talk: string, rows: Asked[], done: (id: string) => void}} props */
function OfTalk({ conn, talk, rows, done }) {
  const s = schedule.value;
  const slot = s ? slotOfTalk(s, talk) : undefined;
  return html`<section class="speaker-talk"><h2 dir="auto"><a href=${`#/talk/${talk}`}>${s?.talk.get(talk)?.talk.title || t('conference')}</a> <span class="count-tag num">${rows.length}</span></h2>
    ${slot ? html`<p class="hint">${t('speaker.until', { day: dayName(Date.parse(slot.end) + DAYS * 864e5) })}</p>` : null}
    <ul>${rows.map((q) => html`<${Unanswered} key=${q.id} conn=${conn} q=${q} done=${done} />`)}</ul></section>`;
}
