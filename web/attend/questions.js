// web/attend/questions.js: the questions of one talk: following them, asking, voting, the list that holds still
import { html, signal, computed, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { mine, person, session, status } from '../ui/app.js';
import { ago, minute } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { signin } from '../ui/signin.js';
import { Up } from '../ui/icons.js';
import { uuid } from '../wire.js';
import { askEntry, voteEntry } from '../outbox.js';
import { keep, forget, own } from './kept.js';
import { questionsFrom, applyQuestions, applyTick, ranked, heldOrder, ownHidden } from '../store.js';

/** @typedef {import('../store.js').Question} Question */

export const questions = signal(/** @type {import('../store.js').Questions | null} */ (null));
/** Questions on their way, by id: not yet acknowledged, or refused. */
export const outgoing = computed(() => new Map(own.value.filter((e) => e.method === 'qa.ask').map((e) => [e.id, { id: e.id, talk: e.params.talk, text: e.params.text, why: e.why ? whyOf({ fault: e.why }) : '', entry: e }])));
/** Votes cast here: `delta` is what the counts from the server do not contain yet. */
const cast = signal(/** @type {Map<string, {value: number, delta: number, safe: boolean, why: string}>} */ (new Map()));

/** @param {import('../protocol.js').Connection} conn @param {string} talk */
export function followTalk(conn, talk) {
  const who = person.value?.id;
  useEffect(() => {
    questions.value = null;
    if (!talk || !who) return;
    return conn.subscribe(`talk:${talk}`, {
      snapshot: (doc) => (questions.value = questionsFrom(doc)),
      event: (type, data) => {
        if (!questions.value) return;
        const before = questions.value;
        questions.value = applyQuestions(before, type, data);
        if (type === 'question.added') announce(tn('qa.spoken', questions.value.questions.size));
      },
      tick: (tally) => {
        if (questions.value) questions.value = applyTick(questions.value, tally);
        const settled = new Map(cast.value);
        for (const [id] of tally) {
          const c = settled.get(id);
          if (c?.safe) settled.set(id, { ...c, delta: 0 });
        }
        cast.value = settled;
      },
    });
  }, [talk, who]);
}

/** @param {string} talk @param {string} text @param {string} [id] */
export async function ask(talk, text, id = uuid()) {
  try {
    const reply = await keep(askEntry(id, talk, text));
    const mineNow = new Map(mine.value.questions);
    // The person's own channel may have been faster and know more.
    if (!mineNow.has(id)) mineNow.set(id, { id, talk, text, state: reply.state, version: reply.version, votes: 0, asked_at: new Date(minute.value).toISOString() });
    mine.value = { ...mine.value, questions: mineNow };
    announce(t('ask.saved'));
  } catch (e) {
    announce(whyOf(e));
  }
}

const myVote = (/** @type {Question} */ q) => cast.value.get(q.id)?.value ?? mine.value.votes.get(q.id) ?? q.my_vote ?? 0;

/** @param {Question} q @param {number} value @returns {Promise<void>} */
async function vote(q, value, again = false) {
  const put = (/** @type {any} */ change) => {
    const old = cast.value.get(q.id) || { value: myVote(q), delta: 0, safe: true, why: '' };
    cast.value = new Map(cast.value).set(q.id, { ...old, ...change });
  };
  const before = myVote(q);
  if (!again) put({ value, delta: (cast.value.get(q.id)?.delta || 0) + value - before, safe: false, why: '' });
  const seq = mine.value.seq + 1;
  mine.value = { ...mine.value, seq };
  try {
    const reply = await keep(voteEntry(q.id, value, seq));
    if (reply.seq > seq && reply.value !== value && !again) {
      // Another device of the same person has counted further: this finger was the later one.
      mine.value = { ...mine.value, seq: Math.max(mine.value.seq, reply.seq) };
      return vote(q, value, true);
    }
    mine.value = { ...mine.value, votes: new Map(mine.value.votes).set(q.id, reply.value) };
    put({ safe: true, value: reply.value });
    setTimeout(() => cast.value.get(q.id)?.safe && put({ delta: 0 }), 1500);
  } catch (e) {
    put({ value: before, delta: 0, safe: true, why: whyOf(e) });
    announce(whyOf(e));
  }
}

/** @param {{q: Question, open: boolean}} props */
function Row({ q, open }) {
  const c = cast.value.get(q.id);
  const on = myVote(q) === 1;
  const votes = q.votes + (c?.delta || 0);
  const done = q.state === 'answered';
  const press = () => {
    const go = () => vote(q, on ? 0 : 1);
    if (person.value) go();
    else signin.value = { why: t('sign.why_vote'), then: go };
  };
  return html`<li class=${cx('question', q.state)} data-question=${q.id}>
    <button type="button" class=${cx('vote', on && 'on')} aria-pressed=${on} disabled=${done || !open} onClick=${press} aria-label=${tn('qa.vote', votes)}><${Up} /><span class="num">${votes}</span></button>
    <div class="question-body">
      ${q.state === 'on_stage' ? html`<span class="tag on">${t('qa.on_stage')}</span>` : null}
      <p dir="auto">${q.text}</p>
      <p class="question-meta">${q.mine || mine.value.questions.has(q.id) ? html`<span>${t('qa.yours')}</span>` : null}<span>${(minute.value, ago(q.asked_at))}</span>
        ${c && !c.safe ? html`<span>${t('qa.vote_sending')}</span>` : null}${c?.why ? html`<span class="error">${c.why}</span>` : null}</p>
    </div>
  </li>`;
}

/** Keeps rows where they are while a finger, a pointer or the focus is on them. @param {import('preact').RefObject<HTMLElement>} box */
function useHeld(box) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const hold = () => {
      clearTimeout(timer);
      setHeld(true);
    };
    const free = () => {
      clearTimeout(timer);
      timer = setTimeout(() => !el.matches(':hover, :focus-within') && setHeld(false), 2500);
    };
    const on = ['pointerenter', 'pointerdown', 'focusin'];
    const off = ['pointerleave', 'pointerup', 'focusout', 'pointercancel'];
    on.forEach((n) => el.addEventListener(n, hold));
    off.forEach((n) => el.addEventListener(n, free));
    return () => {
      clearTimeout(timer);
      on.forEach((n) => el.removeEventListener(n, hold));
      off.forEach((n) => el.removeEventListener(n, free));
    };
  }, [box.current]);
  return /** @type {[boolean, (v: boolean) => void]} */ ([held, setHeld]);
}

/** @param {{talk: string}} props */
export function QuestionList({ talk }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = useRef(/** @type {string[]} */ ([]));
  const [held, setHeld] = useHeld(box);
  const state = questions.value;
  const all = ranked(state?.questions.values() || []);
  const live = all.filter((q) => q.state !== 'answered');
  const stage = live.filter((q) => q.state === 'on_stage');
  const rest = live.filter((q) => q.state !== 'on_stage');
  const answered = all.filter((q) => q.state === 'answered');
  const { order, moved } = heldOrder(shown.current, rest, held);
  shown.current = order;
  const byId = new Map(rest.map((q) => [q.id, q]));
  const sending = [...outgoing.value.values()].filter((q) => q.talk === talk);
  const hidden = ownHidden(mine.value.questions, talk, state?.questions || new Map()).filter((q) => !outgoing.value.has(q.id));
  const open = state ? state.window.vote : false;
  if (!session.value && !person.value) return null;
  if (!person.value) {
    return html`<div class="guest-note"><p>${t('qa.guest')}</p><button type="button" class="primary" onClick=${() => (signin.value = { why: t('sign.why_qa') })}>${t('sign.in')}</button></div>`;
  }
  return html`<div class="questions" ref=${box}>
    ${sending.length || hidden.length ? html`<ul class="own" aria-label=${t('qa.own')}>
      ${sending.map((q) => html`<li key=${q.id} class=${q.why ? 'refused' : 'sending'}><p dir="auto">${q.text}</p><p class="question-meta">${q.why ? html`<span class="error">${t('ask.refused', { why: q.why })}</span> <button type="button" class="link" onClick=${() => forget(q.entry)}>${t('ask.discard')}</button>` : html`<span>${t(status.value.state === 'open' ? 'ask.sending' : 'ask.kept')}</span>`}</p></li>`)}
      ${hidden.map((q) => html`<li key=${q.id} class=${q.state}><p dir="auto">${q.text}</p><p class="question-meta"><span>${q.state === 'pending' ? t('ask.waiting') : t('ask.dismissed', { reason: t(`reason.${q.reason || 'other'}`) })}</span></p></li>`)}
    </ul>` : null}
    ${stage.length ? html`<ul class="on-stage">${stage.map((q) => html`<${Row} key=${q.id} q=${q} open=${open} />`)}</ul>` : null}
    ${moved ? html`<button type="button" class="moved" onClick=${() => { shown.current = []; setHeld(false); }}>${tn('qa.moved', moved)}</button>` : null}
    ${order.length ? html`<ol class="ranked" aria-label=${t('qa.list')}>${order.map((id) => byId.get(id)).map((q) => q && html`<${Row} key=${q.id} q=${q} open=${open} />`)}</ol>` : null}
    ${state && !live.length && !sending.length && !hidden.length ? html`<p class="empty-line">${t(state.window.ask ? 'qa.none' : 'qa.none_closed')}</p>` : null}
    ${answered.length ? html`<details class="answered"><summary>${tn('qa.answered', answered.length)}</summary><ol>${answered.map((q) => html`<${Row} key=${q.id} q=${q} open=${false} />`)}</ol></details>` : null}
  </div>`;
}
