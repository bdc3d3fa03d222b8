// web/moderate/desk.js: one desk for a talk or a whole session: what is on stage, what waits, what is approved, what is done
import { html, useEffect, useRef, useState, cx, signal } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { clock, now } from '../ui/clock.js';
import { person } from '../ui/app.js';
import { Empty, Skeleton } from '../ui/chrome.js';
import { Back } from '../ui/icons.js';
import { StreamFold } from '../ui/stream_fold.js';
import { MicFold } from './mic_fold.js';
import { uuid } from '../wire.js';
import { slotOfTalk } from '../store.js';
import { ACTIONS, Help } from './keys.js';
import { allowed, claimedBy, columns, complete, flat, mergeable, mergedInto, size, undoable, UNDO_MS } from './state.js';
import { act, busy, conflict, desk, doneWord, error, follow, form, marked, own, room, selected, soon, undo, write } from './model.js';
import { byDigit, Composer, silent, titleOf } from './forms.js';
import { List, show } from './list.js';
import { Calls, nextUnread, Presence, Team, useHere } from './team.js';
import { Controls, Setup } from './session.js';

/** @typedef {import('./state.js').Row} Row @typedef {import('../protocol.js').Connection} Connection */

const SIDES = ['done', 'polls', 'team', 'setup'];
/** What the third column shows; on a phone the tabs choose among all. */
const side = signal('done');
const tab = signal('pending');
const filter = signal('');

/** @param {string} name */
function open(name) {
  tab.value = name;
  if (SIDES.includes(name)) side.value = name;
}

const loadPolls = () => import('./polls.js').then((m) => m.PollPanel);

/** A panel that is fetched when it is first looked at. @param {{load: () => Promise<any>, conn: Connection, session: string, talks: {id: string, title: string}[]}} props */
function Later({ load, ...rest }) {
  const [view, setView] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState(false);
  useEffect(() => void load().then((v) => setView(() => v), () => setFailed(true)), []);
  return failed ? html`<p class="error" role="alert">${t('fault.network')}</p>` : view ? html`<div class="panel"><${view} ...${rest} /></div>` : html`<${Skeleton} n=${3} />`;
}

/** Whoever chooses a question is on it: said to the others, and again while it stays chosen. @param {Connection} conn @param {Row | null} q */
function useClaim(conn, q) {
  const id = q && (q.state === 'pending' || q.state === 'approved') ? q.id : '';
  useEffect(() => {
    if (!id) return;
    let held = false;
    const say = () => {
      const row = desk.value.questions.get(id);
      if (!row || document.visibilityState === 'hidden' || claimedBy(row, person.value?.id || '')) return;
      held = true;
      conn.write('qa.claim', { question: id, value: true }).catch(() => {});
    };
    // Walking past with j is not yet being on it.
    const first = setTimeout(say, 400);
    const again = setInterval(say, 10000);
    return () => {
      clearTimeout(first);
      clearInterval(again);
      if (held) conn.write('qa.claim', { question: id, value: false }).catch(() => {});
    };
  }, [id]);
}

/** @param {{conn: Connection, talks: string[], session: string, whole: boolean}} props */
export function Desk({ conn, talks, session, whole }) {
  const [help, setHelp] = useState(false);
  const order = useRef(/** @type {Row[]} */ ([]));
  useEffect(() => {
    filter.value = '';
    tab.value = 'pending';
    side.value = 'done';
    return follow(conn, talks, session);
  }, [talks.join(), session]);
  useHere(conn, session);
  const d = desk.value;
  const ready = complete(d);
  const only = talks.includes(filter.value) ? filter.value : '';
  const c = columns(d, only);
  order.current = [...flat(c.pending), ...flat(c.approved), ...c.stage, ...flat(c.done)];
  // Somebody who arrives with something waiting can judge at once: the first of all, not of the talk that came first.
  useEffect(() => {
    if (ready && !selected.value && order.current.length) selected.value = order.current[0].id;
  }, [ready, order.current.length, selected.value]);
  const current = order.current.find((x) => x.id === selected.value) || null;
  useClaim(conn, current);
  const hands = useHands(conn, order, talks);
  useKeys(conn, { order, hands, talks, help: () => setHelp(true) });
  const faults = [...d.faults.values()];
  if (faults.length && !d.heard.size) return html`<${Empty} title=${t(`fault.${faults[0]}`)}><p><a href="#/">${t('moderate.choose')}</a></p><//>`;
  const s = schedule.value;
  const slot = s && talks.length ? slotOfTalk(s, talks[0]) : undefined;
  /** @type {Record<string, number>} */
  const counts = { pending: size(c.pending), approved: size(c.approved), done: size(c.done) };
  const named = talks.map((id) => ({ id, title: titleOf(id) }));
  const headed = talks.length > 1 && !only;
  const list = (/** @type {'pending' | 'approved' | 'done'} */ name, ranked = false) => html`<${List} name=${name} groups=${c[name]} none=${t(`moderate.none_${name}`)} headed=${headed} ranked=${ranked} hands=${hands} />`;
  const column = (/** @type {'pending' | 'approved'} */ name) => html`<section class=${cx('column', name, tab.value === name && 'chosen')} aria-labelledby=${`h-${name}`}>
    <h2 id=${`h-${name}`}>${t(`moderate.${name}`)} <span class="num">${counts[name]}</span></h2>${list(name, name === 'approved')}</section>`;
  const label = (/** @type {string} */ name) => html`${t(name in counts ? `moderate.${name}` : `desk.tab_${name}`)}${counts[name] ? html` <span class="num">${counts[name]}</span>` : null}`;
  return html`<${Head} conn=${conn} talks=${talks} session=${session} whole=${whole} slot=${slot} only=${only} />
    <${Staged} rows=${c.stage} hands=${hands} headed=${headed} />
    <${Calls} conn=${conn} session=${session} />
    <${Troubles} />
    ${form.value && (form.value.kind === 'note' || form.value.kind === 'prepare') ? html`<${Composer} key=${form.value.kind} kind=${form.value.kind} talk=${only || current?.talk || talks[0]} save=${hands.compose} />` : null}
    <p class="compose phone">${['note', 'prepare'].map((kind) => html`<button key=${kind} type="button" class="second" onClick=${() => (form.value = { kind, id: '' })}>${t(`desk.${kind}`)}</button>`)}</p>
    ${ready ? html`<div class="tabs phone" role="group" aria-label=${t('moderate.lists')}>${['pending', 'approved', ...SIDES].map((n) => html`<button key=${n} type="button" aria-pressed=${tab.value === n} onClick=${() => open(n)}>${label(n)}</button>`)}</div>
      <div class="columns">${column('pending')}${column('approved')}<section class=${cx('column', 'side', side.value, SIDES.includes(tab.value) && 'chosen')} aria-label=${t('desk.side')}>
        <div class="tabs sides" role="group" aria-label=${t('desk.side')}>${SIDES.map((n) => html`<button key=${n} type="button" aria-pressed=${side.value === n} onClick=${() => open(n)}>${label(n)}</button>`)}</div>
        ${side.value === 'done' ? list('done') : side.value === 'polls' ? html`<${Later} key="polls" load=${loadPolls} conn=${conn} session=${session} talks=${named} />` : side.value === 'team' ? html`<${Team} conn=${conn} session=${session} />` : html`<${Setup} conn=${conn} session=${session} talks=${talks} filter=${only} />`}</section></div>` : html`<${Skeleton} n=${4} />`}
    ${session ? html`<${MicFold} conn=${conn} session=${session} talks=${named} />` : null}
    ${slot ? html`<${StreamFold} conn=${conn} room=${slot.room} />` : null}
    <${Foot} conn=${conn} help=${() => setHelp(true)} /><${Help} open=${help} close=${() => setHelp(false)} />`;
}

/** @param {{conn: Connection, talks: string[], session: string, whole: boolean, slot: any, only: string}} props */
function Head({ conn, talks, session, whole, slot, only }) {
  const s = schedule.value;
  const found = s?.talk.get(only || talks[0]);
  const title = whole && !only ? s?.session.get(session)?.title : found?.talk.title || found?.session.title;
  const facts = [whole && !only && talks.length > 1 ? tn('talk.talks', talks.length) : found?.talk.speakers.map((p) => p.name).join(', '), slot && `${clock(slot.start)}\u2060–\u2060${clock(slot.end)}`, slot && s?.room.get(slot.room)?.name];
  const single = only || talks.length === 1 ? found?.talk : null;
  const block = !whole && found && found.session.talks.length > 1 ? found.session : null;
  return html`<div class="desk-head"><a class="back" href="#/"><${Back} />${t('moderate.other')}</a>
    <div class="desk-title"><h1 dir="auto">${title || t('moderate.here')}</h1><p dir="auto">${facts.filter(Boolean).join(' · ')}${block ? html` · <a href=${`#/session/${block.id}`}>${t('desk.whole_session')}</a>` : null}</p></div>
    <${Controls} conn=${conn} session=${session} talks=${talks} filter=${only} talk=${single} /></div>
    <div class="desk-sub"><${Presence} />
    ${talks.length > 1 ? html`<div class="filter" role="group" aria-label=${t('desk.filter')}><button type="button" aria-pressed=${!only} onClick=${() => (filter.value = '')}>${t('desk.all_talks')}</button>${talks.map((id) => html`<button key=${id} type="button" aria-pressed=${only === id} onClick=${() => (filter.value = id)}><span dir="auto">${titleOf(id)}</span></button>`)}</div>` : null}</div>`;
}

/** @param {{rows: Row[], hands: import('./item.js').Hands, headed: boolean}} props */
function Staged({ rows, hands, headed }) {
  const by = (/** @type {string} */ key) => /** @type {import('./keys.js').Action} */ (ACTIONS.find((a) => a.key === key));
  return html`<section class=${cx('staged', rows.length > 0 && 'on')} aria-labelledby="h-stage"><h2 id="h-stage">${t('moderate.stage')}</h2>
    ${rows.length ? rows.map((q) => html`<div key=${q.id} data-question=${q.id} onClick=${() => (selected.value = q.id)}><p class="staged-text" dir="auto" tabindex="0">${headed ? html`<small>${titleOf(q.talk)}</small>` : null}${q.text}</p>
      <p class="staged-foot"><span class="num">${q.kind && q.kind !== 'asked' ? t(`desk.${q.kind}`) : tn('votes', q.votes)}</span>${[['w', t('moderate.answer')], ['r', t('moderate.back')], ['x', t('desk.skip')]].map(([key, text]) => html`<button key=${key} type="button" class="second" disabled=${busy.value.has(q.id)} onClick=${() => hands.run(by(key), q)}><kbd>${key}</kbd>${text}</button>`)}</p></div>`) : html`<p class="empty-line">${t('moderate.stage_empty')}</p>`}</section>`;
}

/** What went otherwise than somebody wanted. */
function Troubles() {
  const c = conflict.value;
  const who = c?.current?.changed_by?.name || c?.current?.by?.name || t('moderate.someone');
  return html`${c ? html`<div class="notice" role="alert"><p><strong>${t('moderate.conflict')}</strong> <span dir="auto">${t('moderate.conflict_now', { state: t(`state.${c.current?.state || 'changed'}`), who })}</span></p><p dir="auto">${c.current?.text || ''}</p><button type="button" class="link" onClick=${() => (conflict.value = null)}>${t('close')}</button></div>` : null}
    ${error.value ? html`<p class="notice error" role="alert">${error.value}</p>` : null}`;
}

/** @param {{conn: Connection, help: () => void}} props */
function Foot({ conn, help }) {
  now.value;
  const last = undoable(own.value, performance.now());
  const compose = (/** @type {string} */ kind) => (form.value = { kind, id: '' });
  return html`<div class="desk-foot">${last ? html`<button type="button" class="second undo" onClick=${() => undo(conn)}><kbd>u</kbd>${t('moderate.undo', { what: doneWord(last.method), n: Math.max(1, Math.ceil((UNDO_MS - (performance.now() - last.at)) / 1000)) })}</button>` : null}
    <span class="foot-new"><button type="button" class="second" onClick=${() => compose('note')}><kbd>n</kbd>${t('desk.note')}</button><button type="button" class="second" onClick=${() => compose('prepare')}><kbd>p</kbd>${t('desk.prepare')}</button></span>
    <button type="button" class="link help-open" onClick=${help}><kbd>?</kbd> ${t('moderate.help')}</button></div>`;
}

/**
 * What both the keys and the buttons do.
 * @param {Connection} conn @param {{current: Row[]}} order @param {string[]} talks @returns {import('./item.js').Hands & {compose: (kind: 'note' | 'prepare', talk: string, text: string) => Promise<boolean>}}
 */
function useHands(conn, order, talks) {
  const fresh = (/** @type {Row} */ row, /** @type {(now: Row) => void} */ then) => {
    const now = desk.value.questions.get(row.id);
    if (now) then(now);
  };
  const done = (/** @type {string} */ method, /** @type {Row} */ row, /** @type {any} */ more) => {
    if (method === 'qa.claim') return void write(conn, method, { question: row.id, ...more });
    if (busy.value.has(row.id)) return soon(row.id, () => fresh(row, (now) => done(method, now, more)));
    form.value = null;
    silent.value = false;
    // The next one to judge is the one below, before this one leaves the list.
    const at = order.current.findIndex((x) => x.id === row.id);
    const after = order.current[at + 1] || order.current[at - 1];
    act(conn, method, row, more);
    if (after && row.id === selected.value && row.state === 'pending' && ['qa.approve', 'qa.dismiss', 'qa.merge'].includes(method)) selected.value = after.id;
  };
  const merge = (/** @type {Row} */ row) => {
    const mark = desk.value.questions.get(marked.value);
    if (mark && mergeable(mark, row)) {
      marked.value = '';
      done('qa.merge', mark, { into: row.id });
    } else marked.value = marked.value === row.id ? '' : row.id;
  };
  const run = (/** @type {import('./keys.js').Action} */ action, /** @type {Row | null | undefined} */ row) => {
    if (!row) return;
    if (busy.value.has(row.id)) return soon(row.id, () => fresh(row, (now) => run(action, now)));
    if (action.form === 'merge' && marked.value && mergeable(desk.value.questions.get(marked.value), row)) return merge(row);
    if (!allowed(action.method, row, action.form) || (action.form === 'move' && talks.length < 2)) return;
    if (action.form === 'merge') return merge(row);
    if (action.form) form.value = form.value?.id === row.id && form.value.kind === action.form ? null : { kind: action.form, id: row.id };
    else done(action.method, row);
  };
  const compose = async (/** @type {'note' | 'prepare'} */ kind, /** @type {string} */ talk, /** @type {string} */ text) => {
    const reply = await write(conn, kind === 'note' ? 'qa.note_spoken' : 'qa.prepare', { question: uuid(), talk, text });
    return !!reply;
  };
  return { run, done, compose, unmerge: (row) => done('qa.unmerge', row), manyTalks: talks.length > 1 };
}

/** @param {Connection} conn @param {{order: {current: Row[]}, hands: import('./item.js').Hands, talks: string[], help: () => void}} at */
function useKeys(conn, { order, hands, talks, help }) {
  // Looked up at the press: a key that follows another faster than the page is drawn means the question just chosen.
  const chosen = () => (order.current.some((x) => x.id === selected.value) && desk.value.questions.get(selected.value)) || null;
  const step = (/** @type {number} */ by) => {
    const at = order.current.findIndex((x) => x.id === selected.value);
    choose(order.current[Math.min(order.current.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
  };
  const choose = (/** @type {Row | undefined} */ next) => {
    if (!next) return;
    selected.value = next.id;
    form.value = null;
    open(next.state === 'pending' ? 'pending' : next.state === 'approved' || next.state === 'on_stage' ? 'approved' : 'done');
    show(next.id);
  };
  /** To the beginning of the next list that has something. */
  const jump = (/** @type {number} */ by) => {
    const lists = ['pending', 'approved', 'done'];
    const of = (/** @type {Row} */ q) => (q.state === 'pending' ? 0 : q.state === 'approved' || q.state === 'on_stage' ? 1 : 2);
    const current = chosen();
    const here = current ? of(current) : 0;
    for (let i = here + by; i >= 0 && i < lists.length; i += by) {
      const first = order.current.find((q) => of(q) === i);
      if (first) return choose(first);
    }
  };
  const desk_keys = /** @type {Record<string, () => void>} */ ({
    '?': help, j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), '[': () => jump(-1), ']': () => jump(1), u: () => undo(conn),
    n: () => (form.value = { kind: 'note', id: '' }), p: () => (form.value = { kind: 'prepare', id: '' }),
    f: () => talks.length > 1 && (filter.value = ['', ...talks][(talks.indexOf(filter.value) + 2) % (talks.length + 1)]),
    b: () => {
      open('team');
      requestAnimationFrame(() => document.getElementById('back-text')?.focus());
    },
    y: () => {
      const m = nextUnread();
      if (m) write(conn, 'backstage.ack', { message: m.id });
      else if (room.value?.offer) write(conn, 'desk.accept', { session: room.value.session });
    },
    g: () => {
      const last = mergedInto(desk.value, chosen()?.id || '').at(-1);
      if (last) hands.unmerge(last);
    },
    0: () => form.value?.kind === 'reasons' && (silent.value = !silent.value),
    Escape: () => {
      if (form.value) form.value = null;
      else marked.value = '';
    },
  });
  useEffect(() => {
    const keys = (/** @type {KeyboardEvent} */ e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || /** @type {HTMLElement} */ (e.target).closest('input:not([type=checkbox], [type=radio]), textarea, select, dialog')) return;
      const current = chosen();
      const answer = current && form.value?.id === current.id && /^[1-9]$/.test(e.key) ? byDigit(current, Number(e.key)) : null;
      const action = ACTIONS.find((a) => a.key === e.key);
      if (answer && current) hands.done(answer[0], current, answer[1]);
      else if (desk_keys[e.key]) desk_keys[e.key]();
      // With nothing chosen, "answered" means the one on stage.
      else if (action) hands.run(action, current || (e.key === 'w' ? order.current.find((q) => q.state === 'on_stage') : null));
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
}
