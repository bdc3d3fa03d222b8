// web/moderate/desk.js: one talk's questions: what is on stage, what waits, what is approved, what is done
import { html, signal, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { clock, now, ago, minute, conferenceTime, duration } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { Back } from '../ui/icons.js';
import { StreamFold } from '../ui/stream_fold.js';
import { MicFold } from './mic_fold.js';
import { questionsFrom, applyQuestions, applyTick, queues, undoPlan, slotOfTalk } from '../store.js';
import { Help, REASONS, ACTIONS, allowed } from './keys.js';

/** @typedef {import('../store.js').Question} Question */

const questions = signal(/** @type {import('../store.js').Questions | null} */ (null));
const fault = signal('');
const selected = signal('');
/** Own actions that can still be taken back, the newest last. */
const done = signal(/** @type {{method: string, before: Question, at: number}[]} */ ([]));
const conflict = signal(/** @type {{id: string, wanted: string, current: any} | null} */ (null));
const busy = signal(/** @type {Set<string>} */ (new Set()));
const error = signal('');

/** @param {import('../protocol.js').Connection} conn @param {string} method @param {Question} q @param {any} [more] */
async function send(conn, method, q, more = {}) {
  busy.value = new Set(busy.value).add(q.id);
  error.value = '';
  try {
    const reply = await conn.write(method, { question: q.id, expect_version: q.version, ...more });
    if (questions.value) questions.value = applyQuestions(questions.value, 'question.updated', { ...q, ...more, state: reply.state, version: reply.version });
    return reply;
  } catch (e) {
    const f = /** @type {any} */ (e);
    if (f.fault === 'conflict') {
      conflict.value = { id: q.id, wanted: method, current: f.data.current };
      if (f.data.current && questions.value) questions.value = applyQuestions(questions.value, 'question.updated', { ...q, ...f.data.current, id: q.id });
      announce(t('moderate.conflict'));
    } else {
      error.value = whyOf(e);
      announce(error.value);
    }
    return null;
  } finally {
    const rest = new Set(busy.value);
    rest.delete(q.id);
    busy.value = rest;
  }
}

/** @param {import('../protocol.js').Connection} conn @param {string} method @param {Question} q @param {any} [more] */
async function act(conn, method, q, more) {
  const reply = await send(conn, method, q, more);
  if (!reply) return;
  conflict.value = null;
  done.value = [...done.value.slice(-9), { method, before: q, at: performance.now() }];
  announce(t(`moderate.did_${method.slice(3)}`));
}

/** @param {import('../protocol.js').Connection} conn @param {boolean} hold */
async function undo(conn, hold) {
  const last = done.value.at(-1);
  if (!last || performance.now() - last.at > 30000) return;
  done.value = done.value.slice(0, -1);
  for (const step of undoPlan(last.method, last.before, hold) || []) {
    const q = questions.value?.questions.get(last.before.id);
    if (!q || !(await send(conn, step.method, q, step.reason ? { reason: step.reason } : {}))) return;
  }
  selected.value = last.before.id;
  announce(t('moderate.undone'));
}

/** @param {{conn: import('../protocol.js').Connection, id: string, hold: boolean}} props */
export function Desk({ conn, id, hold }) {
  const [reasons, setReasons] = useState(false);
  const [help, setHelp] = useState(false);
  const [tab, setTab] = useState('pending');
  const list = useRef(/** @type {Question[]} */ ([]));
  useEffect(() => {
    questions.value = null;
    fault.value = error.value = selected.value = '';
    done.value = [];
    conflict.value = null;
    const stopMod = conn.subscribe(`talk:${id}:mod`, {
      snapshot: (doc) => {
        questions.value = questionsFrom(doc);
        fault.value = '';
      },
      event: (type, data) => {
        if (type === 'question.added') announce(tn('moderate.spoken', 1));
        if (questions.value) questions.value = applyQuestions(questions.value, type, data);
      },
      tick: (tally) => questions.value && (questions.value = applyTick(questions.value, tally)),
      fault: (f) => (fault.value = f),
    });
    const stop = conn.subscribe(`talk:${id}`, {
      event: (type, data) => type === 'window.changed' && questions.value && (questions.value = applyQuestions(questions.value, type, data)),
      tick: (tally) => questions.value && (questions.value = applyTick(questions.value, tally)),
    });
    return () => {
      stopMod();
      stop();
    };
  }, [id]);

  const state = questions.value;
  const q = state ? queues(state) : null;
  list.current = q ? [...q.pending, ...q.approved, ...(q.stage ? [q.stage] : []), ...q.done] : [];
  // Somebody who arrives with something waiting can judge at once.
  useEffect(() => {
    if (!selected.value && list.current.length) selected.value = list.current[0].id;
  }, [!!state, list.current.length]);
  const current = list.current.find((x) => x.id === selected.value) || null;

  const move = (/** @type {number} */ by) => {
    const at = list.current.findIndex((x) => x.id === selected.value);
    const next = list.current[Math.min(list.current.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!next) return;
    selected.value = next.id;
    setReasons(false);
    setTab(next.state === 'pending' ? 'pending' : next.state === 'approved' || next.state === 'on_stage' ? 'approved' : 'done');
    requestAnimationFrame(() => document.querySelector(`[data-question="${next.id}"]`)?.scrollIntoView({ block: 'nearest' }));
  };
  const run = (/** @type {string} */ method, /** @type {any} */ more, /** @type {Question | null} */ row = current) => {
    if (!row || !allowed(method, row) || busy.value.has(row.id)) return;
    if (method === 'qa.dismiss' && !more) return setReasons(true);
    setReasons(false);
    // The next one to judge is the one below, before this one leaves the list.
    const at = list.current.findIndex((x) => x.id === row.id);
    const after = list.current[at + 1] || list.current[at - 1];
    act(conn, method, row, more);
    if (after && row.id === selected.value && row.state === 'pending') selected.value = after.id;
  };
  useEffect(() => {
    const keys = (/** @type {KeyboardEvent} */ e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || /** @type {HTMLElement} */ (e.target).closest('input, textarea, select, dialog')) return;
      if (e.key === '?') setHelp(true);
      else if (e.key === 'Escape') setReasons(false);
      else if (reasons && REASONS[Number(e.key) - 1]) run('qa.dismiss', { reason: REASONS[Number(e.key) - 1] });
      else if (e.key === 'j' || e.key === 'ArrowDown') move(1);
      else if (e.key === 'k' || e.key === 'ArrowUp') move(-1);
      else if (e.key === 'u') undo(conn, hold);
      else {
        const action = ACTIONS.find((a) => a.key === e.key);
        if (!action) return;
        // With nothing chosen, "answered" means the one on stage.
        run(action.method, undefined, current || (e.key === 'w' && q?.stage) || null);
      }
      e.preventDefault();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });

  const s = schedule.value;
  const found = s?.talk.get(id);
  const slot = s ? slotOfTalk(s, id) : undefined;
  if (fault.value) return html`<${Empty} title=${t(`fault.${fault.value}`)}><p><a href="#/">${t('moderate.choose')}</a></p><//>`;
  now.value;
  const last = done.value.at(-1);
  const left = last && undoPlan(last.method, last.before, hold) ? 30 - Math.floor((performance.now() - last.at) / 1000) : 0;
  const column = (/** @type {string} */ name, /** @type {Question[]} */ rows, /** @type {string} */ none) => html`<section class=${cx('column', name, tab === name && 'chosen')} aria-labelledby=${`h-${name}`}>
    <h2 id=${`h-${name}`}>${t(`moderate.${name}`)} <span class="num">${rows.length}</span></h2>
    ${rows.length ? html`<ul>${rows.map((row) => html`<${Item} key=${row.id} q=${row} run=${run} reasons=${reasons && row.id === selected.value} />`)}</ul>` : html`<p class="empty-line">${none}</p>`}</section>`;
  return html`<div class="desk-head"><a class="back" href="#/"><${Back} />${t('moderate.other')}</a>
      <div class="desk-title"><h1 dir="auto">${found?.talk.title || found?.session.title || t('moderate.here')}</h1><p dir="auto">${[found?.talk.speakers.map((p) => p.name).join(', '), slot && `${clock(slot.start)}\u2060–\u2060${clock(slot.end)}`, slot && s?.room.get(slot.room)?.name].filter(Boolean).join(' · ')}</p></div>
      <${Controls} conn=${conn} id=${id} window=${state?.window} talk=${found?.talk} /></div>
    <section class=${cx('staged', q?.stage && 'on')} aria-labelledby="h-stage"><h2 id="h-stage">${t('moderate.stage')}</h2>
      ${q?.stage ? html`<div data-question=${q.stage.id}><p class="staged-text" dir="auto" tabindex="0">${q.stage.text}</p><p class="staged-foot"><span class="num">${tn('votes', q.stage.votes)}</span><button type="button" class="second" onClick=${() => run('qa.answer', undefined, q.stage)}><kbd>w</kbd>${t('moderate.answer')}</button><button type="button" class="second" onClick=${() => run('qa.reopen', undefined, q.stage)}><kbd>r</kbd>${t('moderate.back')}</button></p></div>` : html`<p class="empty-line">${t('moderate.stage_empty')}</p>`}</section>
    ${conflict.value ? html`<div class="notice" role="alert"><p><strong>${t('moderate.conflict')}</strong> ${t('moderate.conflict_now', { state: t(`state.${conflict.value.current?.state || 'changed'}`), who: conflict.value.current?.changed_by?.name || conflict.value.current?.by?.name || t('moderate.someone') })}</p><p dir="auto">${conflict.value.current?.text || ''}</p><button type="button" class="link" onClick=${() => (conflict.value = null)}>${t('close')}</button></div>` : null}
    ${error.value ? html`<p class="notice error" role="alert">${error.value}</p>` : null}
    ${q ? html`<div class="tabs phone" role="group" aria-label=${t('moderate.lists')}>${['pending', 'approved', 'done'].map((n) => html`<button key=${n} type="button" aria-pressed=${tab === n} onClick=${() => setTab(n)}>${t(`moderate.${n}`)} ${q[/** @type {'pending'} */ (n)].length}</button>`)}</div>
      <div class="columns">${column('pending', q.pending, t('moderate.none_pending'))}${column('approved', q.approved, t('moderate.none_approved'))}${column('done', q.done, t('moderate.none_done'))}</div>` : html`<${Skeleton} n=${4} />`}
    ${found ? html`<${MicFold} conn=${conn} session=${found.session.id} talks=${found.session.talks} />` : null}
    ${slot ? html`<${StreamFold} conn=${conn} room=${slot.room} />` : null}
    <div class="desk-foot">${left > 0 && last ? html`<button type="button" class="second" onClick=${() => undo(conn, hold)}><kbd>u</kbd>${t('moderate.undo', { what: t(`moderate.did_${last.method.slice(3)}`), n: left })}</button>` : null}<button type="button" class="link help-open" onClick=${() => setHelp(true)}><kbd>?</kbd> ${t('moderate.help')}</button></div>
    <${Help} open=${help} close=${() => setHelp(false)} />`;
}

/** @param {{q: Question, run: (m: string, more?: any, row?: Question) => void, reasons: boolean}} props */
function Item({ q, run, reasons }) {
  const on = selected.value === q.id;
  const actions = ACTIONS.filter((a) => allowed(a.method, q));
  return html`<li class=${cx('item', q.state, on && 'selected', busy.value.has(q.id) && 'busy')} data-question=${q.id} aria-current=${on ? 'true' : null} onClick=${() => (selected.value = q.id)}>
    <p class="item-text" dir="auto">${q.text}</p>
    <p class="question-meta">${q.state === 'pending' ? null : html`<span class="num">${tn('votes', q.votes)}</span>`}<span dir="auto">${q.author?.name || ''}</span><span>${(minute.value, ago(q.asked_at))}</span>${q.state === 'dismissed' ? html`<span>${t('state.dismissed')}: ${t(`reason.${q.reason || 'other'}`)}</span>` : q.state === 'answered' ? html`<span>${t('state.answered')}</span>` : null}</p>
    <div class="item-actions">${actions.map((a) => html`<button key=${a.key} type="button" class=${on && a.first?.includes(q.state) ? 'primary' : 'second'} disabled=${busy.value.has(q.id)} onClick=${(/** @type {Event} */ e) => { e.stopPropagation(); selected.value = q.id; run(a.method, undefined, q); }}><kbd>${a.key}</kbd>${t(a.label)}</button>`)}</div>
    ${reasons ? html`<div class="reasons" role="group" aria-label=${t('moderate.why')}>${REASONS.map((r, i) => html`<button key=${r} type="button" class="second" onClick=${(/** @type {Event} */ e) => { e.stopPropagation(); run('qa.dismiss', { reason: r }, q); }}><kbd>${i + 1}</kbd>${t(`reason.${r}`)}</button>`)}</div>` : null}
  </li>`;
}

/** @param {{conn: import('../protocol.js').Connection, id: string, window: any, talk: any}} props */
function Controls({ conn, id, window: w, talk }) {
  const [wait, setWait] = useState(false);
  const go = async (/** @type {string} */ method, /** @type {any} */ params) => {
    setWait(true);
    error.value = '';
    try {
      const reply = await conn.write(method, { talk: id, ...params });
      if (reply.window && questions.value) questions.value = { ...questions.value, window: { ...questions.value.window, ...reply.window } };
    } catch (e) {
      error.value = whyOf(e);
    }
    setWait(false);
  };
  const open = w?.ask;
  return html`<div class="controls">
    ${w ? html`<span class="window"><span class=${open ? 'tag on' : 'tag'}>${open ? t('moderate.open') : t('moderate.closed')}</span>
      <button type="button" class="second" disabled=${wait} onClick=${() => go('qa.window', open ? { ask: 'closed', vote: 'closed' } : { ask: 'open', vote: 'open' })}>${open ? t('moderate.close_window') : t('moderate.open_window')}</button></span>` : null}
    ${talk ? html`<span>${talk.started && !talk.ended ? html`<button type="button" class="second" disabled=${wait} onClick=${() => go('talk.end', {})}>${t('moderate.end')}</button><span class="hint">${t('moderate.since', { span: duration(conferenceTime() - Date.parse(talk.started)) })}</span>` : talk.ended ? html`<span class="hint">${t('state.ended')}</span>` : html`<button type="button" class="second" disabled=${wait} onClick=${() => go('talk.start', {})}>${t('moderate.start')}</button>`}</span>` : null}
  </div>`;
}
