// web/attend/asked.js: one's own questions: on their way, how many are ahead, what became of them, changing and withdrawing them
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { mine, status } from '../ui/app.js';
import { ago, minute } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { whyOf } from '../ui/chrome.js';
import { ownActions, ownOf, ownWord, someWait, withMine } from '../qa_store.js';
import { forget } from './kept.js';
import { halls, landed, outgoing } from './hall.js';
import { placeText } from './place.js';

/** @typedef {import('../qa_store.js').Asked} Asked */

const ASK_MS = 15000;
const LIMIT = 500;

/** How long it takes is asked only while something waits and somebody looks. @param {import('../protocol.js').Connection} conn */
function usePlaces(conn) {
  const waits = someWait(/** @type {any} */ (mine.value.questions));
  const open = status.value.state === 'open';
  useEffect(() => {
    if (!waits || !open) return;
    const read = () => {
      if (document.visibilityState !== 'visible') return;
      conn.call('qa.mine').then((doc) => (mine.value = { ...mine.value, questions: withMine(/** @type {any} */ (mine.value.questions), doc.questions || []) })).catch(() => {});
    };
    read();
    const timer = setInterval(read, ASK_MS);
    document.addEventListener('visibilitychange', read);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', read);
    };
  }, [waits, open]);
}

/** @param {Asked} q */
function wordOf(q) {
  if (q.state === 'pending') return `${t('ask.waiting')}${typeof q.ahead === 'number' ? ': ' : ''}${placeText(q)}`;
  if (ownWord(q) === 'dismissed_why') return t('ask.dismissed', { reason: t(`reason.${q.reason}`) });
  return t(`own.${q.state}`);
}

/** The text of the question this one was merged into, where the page has it. @param {Asked} q */
function headOf(q) {
  const seen = new Set();
  let id = q.into || q.merged_into || halls.value.get(q.talk)?.merged.get(q.id) || '';
  for (;;) {
    const next = halls.value.get(q.talk)?.merged.get(id);
    if (!next || seen.has(id)) break;
    seen.add(id);
    id = next;
  }
  for (const hall of halls.value.values()) if (hall.questions.has(id)) return hall.questions.get(id)?.text || '';
  return '';
}

/** @param {{conn: import('../protocol.js').Connection, q: Asked, only: boolean}} props only: all are of one talk */
function Own({ conn, q, only }) {
  const [edit, setEdit] = useState(/** @type {string | null} */ (null));
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const can = ownActions(q);
  const write = async (/** @type {string} */ method, /** @type {any} */ more) => {
    setBusy(true);
    setWhy('');
    try {
      const reply = await conn.write(method, { question: q.id, expect_version: q.version, ...more });
      const old = mine.value.questions.get(q.id);
      if (old && old.version <= reply.version) {
        const text = method !== 'qa.revise' ? {} : reply.state === 'pending' ? { text: more.text } : { revision: more.text };
        mine.value = { ...mine.value, questions: new Map(mine.value.questions).set(q.id, /** @type {any} */ ({ ...old, state: reply.state, version: reply.version, ...text })) };
      }
      setEdit(null);
    } catch (e) {
      setWhy(whyOf(e));
    }
    setBusy(false);
    setSure(false);
  };
  const size = [...(edit || '').trim()].length;
  const head = q.state === 'merged' ? headOf(q) : '';
  const title = schedule.value?.talk.get(q.talk)?.talk.title;
  return html`<li class=${q.state} data-own=${q.id}>
    ${edit === null ? html`<p dir="auto">${q.text}</p>` : html`<form onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); if (size && size <= LIMIT) write('qa.revise', { text: (edit || '').trim() }); }}>
      <label class="out-of-sight" for=${`own-${q.id}`}>${t('own.revise')}</label>
      <textarea id=${`own-${q.id}`} rows="3" dir="auto" maxlength=${LIMIT + 100} value=${edit} onInput=${(/** @type {any} */ e) => setEdit(e.target.value)}></textarea>
      ${q.state === 'approved' ? html`<p class="hint">${t('own.revise_hint')}</p>` : null}
      <p class="row"><button class="primary" type="submit" disabled=${busy || !size || size > LIMIT || edit?.trim() === q.text}>${t('own.save')}</button><button class="plain" type="button" onClick=${() => setEdit(null)}>${t('cancel')}</button><span class=${size > LIMIT ? 'count over' : 'count'}>${size}/${LIMIT}</span></p></form>`}
    <p class="question-meta"><span class="own-state">${wordOf(q)}${q.state === 'pending' && typeof q.ahead !== 'number' ? html`<span class="to-come" aria-hidden="true">: ${placeText({ ...q, ahead: 1, about_s: 60 })}</span>` : null}</span><span>${(minute.value, ago(q.asked_at))}</span>${!only || landed.value.has(q.id) ? html`<span dir="auto">${t('own.to', { title: title || '' })}</span>` : null}</p>
    ${head ? html`<p class="own-head" dir="auto">${head}</p>` : null}
    ${q.revision ? html`<p class="question-meta">${t('own.revision')}</p><p dir="auto">${q.revision}</p>` : null}
    ${q.answer?.text ? html`<div class="answer"><p class="question-meta">${q.answer.public === false ? t('own.answer_private') : t('qa.answer')}${q.answer.by ? ` · ${q.answer.by}` : ''}</p><p dir="auto">${q.answer.text}</p></div>` : null}
    ${edit === null && (can.revise || can.withdraw) ? html`<p class="own-actions">${sure ? html`<button type="button" class="second" disabled=${busy} onClick=${() => write('qa.withdraw', {})}>${t('own.withdraw_sure')}</button><button type="button" class="plain" onClick=${() => setSure(false)}>${t('cancel')}</button>`
    : html`<button type="button" class="link" onClick=${() => setEdit(q.revision || q.text)}>${t('own.revise')}</button><button type="button" class="link" onClick=${() => setSure(true)}>${t('own.withdraw')}</button>`}</p>` : null}
    <p class="error" role="alert">${why}</p>
  </li>`;
}

/** @param {{conn: import('../protocol.js').Connection, talks: Set<string>}} props */
export function Asked({ conn, talks }) {
  usePlaces(conn);
  const sending = [...outgoing.value.values()].filter((q) => talks.has(q.talk));
  // One that went to the talk that was watched stays with the page it was written on.
  const here = new Set([...talks, ...landed.value.values()]);
  const all = ownOf(/** @type {any} */ (mine.value.questions), here).filter((q) => !outgoing.value.has(q.id));
  // What everybody sees stands in the list; here stays what only its asker is told.
  const quiet = all.filter((q) => !['on_stage', 'answered', 'approved'].includes(q.state) || landed.value.has(q.id));
  const shown = all.filter((q) => !quiet.includes(q));
  if (!sending.length && !all.length) return null;
  return html`${sending.length || quiet.length ? html`<ul class="own" aria-label=${t('qa.own')}>
      ${sending.map((q) => html`<li key=${q.id} class=${q.why ? 'refused' : 'sending'}><p dir="auto">${q.text}</p><p class="question-meta">${q.why ? html`<span class="error">${t('ask.refused', { why: q.why })}</span> <button type="button" class="link" onClick=${() => forget(q.entry)}>${t('ask.discard')}</button>` : html`<span>${t(status.value.state === 'open' ? 'ask.sending' : 'ask.kept')}</span>`}</p></li>`)}
      ${quiet.map((q) => html`<${Own} key=${q.id} conn=${conn} q=${q} only=${talks.size === 1} />`)}
    </ul>` : null}
    ${shown.length ? html`<details class="own-shown"><summary>${t('own.shown', { n: shown.length })}</summary><ul class="own">${shown.map((q) => html`<${Own} key=${q.id} conn=${conn} q=${q} only=${talks.size === 1} />`)}</ul></details>` : null}`;
}
