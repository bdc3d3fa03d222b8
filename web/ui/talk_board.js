// web/ui/talk_board.js: the board of a session's talks for those who run it: the clock of the one that is on, who comes, who is missing, who stands by
import { html, signal, cx, useEffect, useState } from './dom.js';
import { extend, t, tn } from '../i18n/index.js';
import en from '../i18n/talks.en.js';
import da from '../i18n/talks.da.js';
import { clock, now } from './clock.js';
import { announce } from './live.js';
import { countdown } from '../run.js';
import { applyBoard, boardView, missing, moved, offered, pressedBoard, standing, timesOf } from '../talk_board.js';

extend({ en, da });

/**
 * @typedef {import('../talk_board.js').Board} Board
 * @typedef {import('../talk_board.js').Talk} Talk
 * @typedef {(method: string, params: any, text: string) => void} Press
 */

/** Follows a session's board. @param {import('../protocol.js').Connection} conn @param {string} session */
export function followBoard(conn, session) {
  const board = signal(/** @type {Board | null} */ (null));
  const fault = signal('');
  const name = `board:${session}:mod`;
  const stop = conn.subscribe(name, {
    snapshot: (doc) => {
      board.value = doc;
      fault.value = '';
    },
    event: (type, data) => {
      if (type === 'board.alarm') {
        announce(t('talks.alarm'));
        navigator.vibrate?.([300, 150, 300]);
      }
      if (!board.value) return;
      const next = applyBoard(board.value, type, data);
      if (next) board.value = next;
      else conn.resnapshot(name);
    },
    fault: (f) => (fault.value = f),
  });
  return { board, fault, stop };
}

/** The same for a part of a page. @param {import('../protocol.js').Connection} conn @param {string} session @returns {Board | null} */
export function useBoard(conn, session) {
  const [doc, setDoc] = useState(/** @type {Board | null} */ (null));
  useEffect(() => {
    setDoc(null);
    if (!session) return;
    const { board, stop } = followBoard(conn, session);
    const off = board.subscribe(setDoc);
    return () => {
      off();
      stop();
    };
  }, [session]);
  return doc;
}

/** @param {{who: {in_building?: boolean, online?: boolean, person?: string | null}}} props */
function Where({ who }) {
  if (who.in_building) return html`<span class="tag on">${t('talks.in_building')}</span>`;
  if (who.online) return html`<span class="tag on">${t('talks.online')}</span>`;
  return html`<span class="tag off">${t(who.person ? 'talks.away' : 'talks.unknown')}</span>`;
}

/** What an own check of camera and microphone found. @param {{check: any}} props */
function Check({ check }) {
  if (!check) return null;
  const found = [check.camera && t(`talks.camera_${check.camera}`), check.microphone && t(`talks.microphone_${check.microphone}`), check.delay_ms !== null && check.delay_ms !== undefined && t('talks.delay', { n: check.delay_ms })].filter(Boolean);
  return found.length ? html`<p class="hint"><strong>${t('talks.check')}</strong> ${found.join(' · ')}</p>` : null;
}

/** @param {{x: Talk, board: Board}} props */
function Tags({ x, board }) {
  const other = x.stands_for && board.talks.find((y) => y.id === x.stands_for);
  const minutes = Math.round(x.added_s / 60);
  return html`<span class="tb-tags">
    ${x.state === 'on' || x.state === 'paused' ? html`<span class="tag on">${t('talks.on')}</span>` : x.state === 'done' ? html`<span class="tag">${t('talks.done')}</span>` : x.state === 'no_show' ? html`<span class="tag off">${t('talks.no_show')}</span>` : x.state === 'ready' ? html`<span class="tag on">${t('talks.ready')}</span>` : null}
    ${x.state === 'waiting' || x.state === 'ready' ? html`<${Where} who=${{ ...x, person: x.speaker.person }} />` : null}
    ${x.mode === 'online' ? html`<span class="tag">${t('talks.remote')}</span>` : null}
    ${x.slides?.length ? html`<span class="tag">${t('talks.slides')}</span>` : null}
    ${minutes ? html`<span class="tag">${t(minutes > 0 ? 'talks.added' : 'talks.taken', { n: Math.abs(minutes) })}</span>` : null}
    ${other ? html`<span class="tag" dir="auto">${t('talks.stands_for', { name: other.speaker.name || other.title })}</span>` : null}</span>`;
}

/** The one that is on with its clock, else how long until the first. @param {{board: Board}} props */
export function TalkClock({ board }) {
  const { current, next } = boardView(board);
  if (current) {
    const s = standing(current, now.value);
    const label = t(s.state === 'paused' ? 'talks.paused' : s.left < 0 ? 'talks.over' : 'talks.left');
    return html`<div class=${cx('tb-clock', s.state)}><p class="tb-figure num" role="timer" aria-label=${`${label} ${countdown(s.left)}`}>${s.left < 0 ? '+' : ''}${countdown(s.left)}</p><p class="tb-label">${label}</p></div>`;
  }
  const start = next && timesOf(board, now.value).get(next.id)?.start;
  if (!start || board.slot?.ended) return null;
  const left = start - now.value;
  return html`<div class="tb-clock wait"><p class="tb-figure num" role="timer">${countdown(left)}</p><p class="tb-label">${t(left < 0 ? 'talks.late' : 'talks.until')} · <span class="num">${clock(start)}</span></p></div>`;
}

/** Whoever is missing, with the one who stands by one press away. @param {{board: Board, press: Press}} props */
export function Missing({ board, press }) {
  const gone = missing(board, now.value);
  const instead = offered(board)[0];
  if (!gone.length) return null;
  return html`<div class="tb-missing" role="alert"><p class="tb-missing-title">${t('talks.missing')}</p><ul>${gone.map((x) => html`<li key=${x.id}><span dir="auto">${x.speaker.name || x.title}</span>
    ${instead ? html`<button type="button" class="second" onClick=${() => press('talk.promote', { talk: x.id, abstract: instead.abstract }, instead.name)}>${t('talks.put_in', { name: instead.name })}</button>` : null}</li>`)}</ul>
    ${instead ? null : html`<p class="hint">${t('talks.no_one')}</p>`}</div>`;
}

/** @param {{board: Board, x: Talk, press: Press}} props */
function Allot({ board, x, press }) {
  const share = Math.round((board.talks.find((y) => !y.own_time)?.allotted_s ?? x.allotted_s ?? 0) / 60);
  const own = x.own_time ? String(Math.round((x.allotted_s || 0) / 60)) : '';
  const choices = [...new Set([3, 5, 7, 8, 10, 12, 15, 20, 30, 45, ...(own ? [Number(own)] : [])])].sort((a, b) => a - b);
  return html`<label class="tb-allot">${t('talks.allot')} <select value=${own} onChange=${(/** @type {any} */ e) => press('talk.allot', { talk: x.id, ...(e.target.value ? { seconds: Number(e.target.value) * 60 } : {}) }, x.title)}>
    <option value="">${t('talks.allot_share', { n: share })}</option>${choices.map((n) => html`<option key=${n} value=${String(n)}>${tn('talks.minutes', n)}</option>`)}</select></label>`;
}

/** @param {{board: Board, x: Talk, time: {start: number, end: number} | undefined, press: Press}} props */
function Row({ board, x, time, press }) {
  const go = (/** @type {string} */ method, /** @type {any} */ more = {}) => press(method, { talk: x.id, ...more }, x.title);
  const waiting = x.state === 'waiting' || x.state === 'ready';
  const planned = x.planned ? clock(x.planned.start) : '';
  const shown = time ? clock(time.start) : planned;
  const step = (/** @type {number} */ n) => {
    const order = moved(board, x.id, n);
    return html`<button type="button" class="second" disabled=${!order} onClick=${() => order && press('talk.order', { session: board.session, ...order }, x.title)}>${t(n < 0 ? 'talks.earlier' : 'talks.later')}</button>`;
  };
  return html`<li class=${cx('tb-row', x.state)} data-talk=${x.id}><details><summary><span class="tb-when num">${planned && planned !== shown ? html`<s>${planned}</s> ` : null}<strong>${shown}</strong></span>
      <span class="tb-what"><strong dir="auto">${x.speaker.name || x.title}</strong><span class="tb-sub" dir="auto">${x.speaker.name ? x.title : ''}</span><${Tags} x=${x} board=${board} /></span></summary>
    <div class="tb-more"><${Check} check=${x.check} />
      ${waiting ? html`<div class="tb-buttons"><button type="button" class="second" onClick=${() => go('talk.ready', { value: x.state === 'waiting' })}>${t(x.state === 'waiting' ? 'talks.set_ready' : 'talks.set_waiting')}</button>
        <button type="button" class="second" onClick=${() => go('talk.no_show', { value: true })}>${t('talks.set_no_show')}</button>${step(-1)}${step(1)}</div>
        <${Allot} board=${board} x=${x} press=${press} />` : null}
      ${x.state === 'no_show' && !x.stood_for ? html`<div class="tb-buttons"><button type="button" class="second" onClick=${() => go('talk.no_show', { value: false })}>${t('talks.set_came')}</button></div>` : null}
      ${(waiting || x.state === 'no_show') && !x.stood_for ? offered(board).slice(0, 3).map((y) => html`<button key=${y.abstract} type="button" class="second tb-instead" onClick=${() => go('talk.promote', { abstract: y.abstract })}>${t('talks.put_in', { name: y.name })}</button>`) : null}
    </div></details></li>`;
}

/** All talks in their order, and who stands by. @param {{board: Board, press: Press}} props */
export function TalkList({ board, press }) {
  const times = timesOf(board, now.value);
  return html`<section class="tb-list" aria-labelledby="tb-order"><h2 id="tb-order">${t('talks.order')}</h2>
      <ol>${board.talks.map((x) => html`<${Row} key=${x.id} board=${board} x=${x} time=${times.get(x.id)} press=${press} />`)}</ol></section>
    <section class="tb-standby" aria-labelledby="tb-standby"><h2 id="tb-standby">${t('talks.standby')}</h2>
      ${board.standby?.length ? html`<ol>${board.standby.map((y) => html`<li key=${y.abstract}><span class="tb-what"><strong dir="auto">${y.name}</strong><span class="tb-sub" dir="auto">${y.title}</span><span class="tb-tags">${y.rank ? html`<span class="tag">${t('talks.rank', { n: y.rank })}</span>` : null}<${Where} who=${y} /></span></span></li>`)}</ol>` : html`<p class="empty-line">${t('talks.no_standby')}</p>`}</section>`;
}

/** Who speaks and who is next. @param {{board: Board}} props */
export function TalkNow({ board }) {
  const { current, next } = boardView(board);
  const one = (/** @type {string} */ label, /** @type {Talk | null} */ x, /** @type {string} */ none) => html`<div class=${cx('tb-one', x === current && x && 'on')}><h2>${label}</h2>${x ? html`<p class="tb-name" dir="auto">${x.speaker.name || x.title}</p>${x.speaker.name ? html`<p class="tb-sub" dir="auto">${x.title}</p>` : null}<${Tags} x=${x} board=${board} />` : html`<p class="empty-line">${none}</p>`}</div>`;
  return html`${one(t('talks.now'), current, t('talks.nobody'))}${one(t('talks.next'), next, t('talks.nobody_next'))}`;
}

/** The presses that are needed every minute, under the thumb. @param {{board: Board, press: Press}} props */
export function TalkHand({ board, press }) {
  const { current, next } = boardView(board);
  const go = (/** @type {string} */ method, /** @type {Talk} */ x, /** @type {any} */ more = {}) => press(method, { talk: x.id, ...more }, x.speaker.name || x.title);
  const add = (/** @type {number} */ seconds) => current && go('talk.add_time', current, { seconds, expect_added: current.added_s });
  const paused = current?.state === 'paused';
  return html`<div class="tb-three"><button type="button" class="second" disabled=${!current} onClick=${() => add(-60)}>${t('talks.less')}</button>
      <button type="button" class="second" disabled=${!current} onClick=${() => add(60)}>${t('talks.more')}</button>
      <button type="button" class=${cx('second', paused && 'tb-pressed')} disabled=${!current} aria-pressed=${!!paused} onClick=${() => current && go(paused ? 'talk.resume' : 'talk.pause', current)}>${t(paused ? 'talks.resume' : 'talks.pause')}</button></div>
    ${current && next ? html`<button type="button" class="second tb-wide" onClick=${() => go('talk.end', current)}>${t('talks.end')}</button>` : null}
    <button type="button" class="primary tb-big" disabled=${!current && !next} onClick=${() => (next ? go('talk.start', next) : current && go('talk.end', current))}>${next ? html`<span>${t(current ? 'talks.go_next' : 'talks.start')}</span> <small dir="auto">${next.speaker.name || next.title}</small>` : t(current ? 'talks.end_all' : 'talks.start')}</button>`;
}

/** As it is once what was pressed here has arrived. @param {Board} board @param {import('../talk_board.js').Press[]} presses */
export const withPresses = (board, presses) => pressedBoard(board, presses);
