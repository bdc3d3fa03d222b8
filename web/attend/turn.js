// web/attend/turn.js: one's own turn to speak: how long there is, when it comes, ready or not, and the way into the hall from elsewhere
import { html, cx, useEffect, useState } from '../ui/dom.js';
import { extend, t, tn } from '../i18n/index.js';
import en from '../i18n/turn.en.js';
import da from '../i18n/turn.da.js';
import { mine, status } from '../ui/app.js';
import { clock, dayName, now } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { useAwake } from '../ui/awake.js';
import { whyOf } from '../ui/chrome.js';
import { countdown } from '../run.js';
import { applyBoard, isOn, standing, timesOf, waits } from '../talk_board.js';
import { GreenRoom } from './green_room.js';

extend({ en, da });

/** @typedef {{talk: string, session: string, title: string, mode: string, state: string, room: string | null, start: string | null, end: string | null, check: any, green_room: boolean, bridge: string | null}} Own */

const READ_MS = 30000;
const DAY_MS = 864e5;

/** The board of a session as who speaks in it sees it. @param {import('../protocol.js').Connection} conn @param {string} session */
function useSpeakerBoard(conn, session) {
  const [board, setBoard] = useState(/** @type {import('../talk_board.js').Board | null} */ (null));
  useEffect(() => {
    const name = `board:${session}`;
    return conn.subscribe(name, {
      snapshot: (doc) => setBoard(doc),
      event: (type, data) => setBoard((b) => {
        const next = b && applyBoard(b, type, data);
        if (b && !next) conn.resnapshot(name);
        return next || b;
      }),
    });
  }, [session]);
  return board;
}

/** @param {{board: import('../talk_board.js').Board, x: import('../talk_board.js').Talk}} props */
function Standing({ board, x }) {
  if (isOn(x)) {
    const s = standing(x, now.value);
    const label = t(s.left < 0 ? 'turn.over' : 'turn.left');
    return html`<div class=${cx('turn-clock', s.state)}><p class="turn-figure num" role="timer" aria-label=${`${label} ${countdown(s.left)}`}>${s.left < 0 ? '+' : ''}${countdown(s.left)}</p><p>${s.state === 'paused' ? t('turn.paused') : `${label} · ${t('turn.on')}`}</p></div>`;
  }
  if (x.state === 'done') return html`<p>${t('turn.done')}</p>`;
  if (x.state === 'no_show') return html`<p class="error">${t('turn.no_show')}</p>`;
  const time = timesOf(board, now.value).get(x.id);
  const before = board.talks.filter((y) => y.ord < x.ord && waits(y)).length;
  const planned = x.planned ? clock(x.planned.start) : '';
  return html`<p class="turn-when">${time ? t('turn.wait', { time: clock(time.start) }) : null} ${time && planned && planned !== clock(time.start) ? html`<span class="hint">${t('turn.moved', { time: planned })}</span>` : null}</p>
    <p>${before ? tn('turn.before', before) : t('turn.first')} ${x.allotted_s ? t('turn.minutes', { n: Math.max(1, Math.round((x.allotted_s + x.added_s) / 60)) }) : null}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, own: Own}} props */
function Turn({ conn, own }) {
  useAwake();
  now.value;
  const board = useSpeakerBoard(conn, own.session);
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const x = board?.talks.find((y) => y.id === own.talk);
  const ready = async (/** @type {boolean} */ value) => {
    setBusy(true);
    setWhy('');
    try {
      await conn.write('talk.ready', { talk: own.talk, value });
      if (value) announce(t('turn.is_ready'));
    } catch (e) {
      setWhy(whyOf(e));
    }
    setBusy(false);
  };
  return html`<li class="turn" data-talk=${own.talk}><h3 dir="auto"><a href=${`#/talk/${own.talk}`}>${own.title}</a></h3>
    <p class="hint">${[own.start ? dayName(Date.parse(own.start)) : '', own.room ? t('turn.room', { room: own.room }) : ''].filter(Boolean).join(' · ')}</p>
    ${board && x ? html`<${Standing} board=${board} x=${x} />` : own.start ? html`<p>${t('turn.wait', { time: clock(own.start) })}</p>` : null}
    ${x && waits(x) ? html`<p class="row"><button type="button" class=${x.state === 'ready' ? 'second' : 'primary'} disabled=${busy} onClick=${() => ready(x.state !== 'ready')}>${t(x.state === 'ready' ? 'turn.not_ready' : 'turn.ready')}</button>${x.state === 'ready' ? html`<span>${t('turn.is_ready')}</span>` : null}</p>` : null}
    <p class="error" role="alert">${why}</p>
    ${own.mode === 'online' && x && x.state !== 'done' && x.state !== 'no_show' ? html`<div class="turn-remote"><p><strong>${t('turn.online')}</strong> ${own.bridge ? null : t(own.green_room ? 'turn.no_link' : 'turn.join_later')}</p>
      ${own.bridge ? html`<p><a class="primary" href=${own.bridge} target="_blank" rel="noopener noreferrer">${t('turn.join')}</a></p><p class="hint">${t('turn.join_hint')}</p>` : null}
      <${GreenRoom} conn=${conn} last=${own.check} /></div>` : null}</li>`;
}

/** One's own talks of yesterday to the day after tomorrow; nothing where there are none. @param {{conn: import('../protocol.js').Connection, told: (n: number) => void}} props */
export function Turns({ conn, told }) {
  const [rows, setRows] = useState(/** @type {Own[]} */ ([]));
  const open = status.value.state === 'open';
  useEffect(() => {
    if (!open) return;
    const read = () => conn.call('talk.mine').then((doc) => {
      const at = Date.parse(doc.time);
      const near = doc.talks.filter((/** @type {Own} */ x) => x.start && Math.abs(Date.parse(x.start) - at) < 2 * DAY_MS);
      setRows(near);
      told(doc.talks.length);
    }, () => {});
    read();
    const timer = setInterval(read, READ_MS);
    return () => clearInterval(timer);
  }, [open, mine.value.speaks, mine.value.mode]);
  if (!rows.length) return null;
  return html`<section class="turns" aria-labelledby="turns-h"><h2 id="turns-h">${t('turn.title')}</h2><ul>${rows.map((own) => html`<${Turn} key=${own.talk} conn=${conn} own=${own} />`)}</ul></section>`;
}
