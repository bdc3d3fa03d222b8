// web/run/main.js: one room in one hand: what is on, how long it still has, and one big button
import { html, mount, signal, effect, cx, useEffect } from '../ui/dom.js';
import { extend, t, tn, lang } from '../i18n/index.js';
import en from '../i18n/run.en.js';
import da from '../i18n/run.da.js';
import { connect, session, status, slug, person } from '../ui/app.js';
import { Gate } from '../ui/gate.js';
import { Header, Main, Skeleton, Empty, theme } from '../ui/chrome.js';
import { followSchedule, schedule } from '../ui/schedule.js';
import { clock, conferenceTime, now } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { useAwake } from '../ui/awake.js';
import { Later } from '../ui/later.js';
import { StreamFold } from '../ui/stream_fold.js';
import { under } from '../wire.js';
import { begins, ends } from '../store.js';
import { applyRoom, countdown, pressed, roomFrom, runOf } from '../run.js';
import { flush, press, presses, refused } from './presses.js';

extend({ en, da });
// In the dark of a hall, unless its reader wants it light.
try {
  if (!localStorage.getItem('plenum-theme')) document.documentElement.dataset.theme = theme.value = 'dark';
} catch {
  // As the device has it.
}

const wanted = decodeURIComponent(/\/run\/([^/]+)/.exec(location.pathname)?.[1] || '');
const conn = connect();
const room = signal(/** @type {import('../run.js').Room | null} */ (null));
const fault = signal('');

followSchedule(conn);
if (wanted) {
  conn.subscribe(`room:${wanted}`, {
    snapshot: (doc) => {
      room.value = roomFrom(doc);
      fault.value = '';
    },
    event: (type, data) => {
      if (room.value) room.value = applyRoom(room.value, type, data);
    },
    fault: (f) => (fault.value = f),
  });
}
let release = 0;
effect(() => {
  // A release moves what the room's own events do not speak of.
  const n = schedule.value?.release || 0;
  if (wanted && release && n !== release) conn.resnapshot(`room:${wanted}`);
  release = n || release;
});
effect(() => {
  if (status.value.state === 'open' && person.value && presses.value.length) flush(conn);
});
effect(() => void (document.title = `${(lang.value, room.value?.room.name || t('run.here'))} · ${session.value?.conference.title || 'Plenum'}`));
conn.start();

/** @param {{session: string} | null | undefined} slot */
const titleOf = (slot) => (slot && schedule.value?.session.get(slot.session)?.title) || t('run.untitled');

/** Kept without network like every press, and sent with the time it was made: what is pressed after it stays. */
async function onTime() {
  const reply = await press(conn, 'slot.on_time', { room: wanted });
  if (reply) announce(tn('run.on_time_done', reply.slots));
}

/** An anchor that what runs late would reach. @param {{alarm: {slot: string, deficit_s: number} | null, slots: import('../run.js').Slot[]}} props */
function Alarm({ alarm, slots }) {
  useEffect(() => {
    if (alarm) navigator.vibrate?.([200, 100, 200]);
  }, [alarm?.slot]);
  if (!alarm) return null;
  const anchor = slots.find((x) => x.id === alarm.slot);
  return html`<p class="run-alarm" role="alert"><strong>${t('run.alarm', { n: Math.ceil(alarm.deficit_s / 60) })}</strong> <span dir="auto">${anchor ? `${clock(anchor.start)} ${titleOf(anchor)}` : ''}</span></p>`;
}

/** @param {{current: import('../run.js').Slot | null, next: import('../run.js').Slot | undefined}} props */
function Clock({ current, next }) {
  const until = current ? Date.parse(ends(current)) : next ? Date.parse(begins(next)) : 0;
  if (!until) return null;
  const left = until - now.value;
  const over = left < 0;
  const label = current ? (over ? t('run.over') : t('run.left')) : over ? t('run.late') : t('run.until');
  return html`<div class=${cx('run-clock', current && over && 'over', current && !over && left < 5 * 60000 && 'soon')}><p class=${cx('run-figure num', Math.abs(left) >= 3600000 && 'long')} role="timer" aria-label=${`${label} ${countdown(left)}`}>${over && current ? '+' : ''}${countdown(left)}</p><p class="run-label">${label}${current ? html` · <span class="num">${clock(ends(current))}</span>` : null}</p></div>`;
}

/** What comes, with the time it will come at. @param {{rows: import('../run.js').Slot[]}} props */
function Following({ rows }) {
  if (!rows.length) return html`<p class="hint">${t('run.nothing')}</p>`;
  return html`<ol class="run-next">${rows.slice(0, 8).map((slot) => {
    const moved = clock(begins(slot)) !== clock(slot.start);
    return html`<li key=${slot.id}><span class="num">${moved ? html`<s>${clock(slot.start)}</s> ` : null}<strong>${clock(begins(slot))}</strong></span><span dir="auto">${titleOf(slot)}${slot.anchor ? html` <span class="tag">${t('run.anchor')}</span>` : null}</span></li>`;
  })}</ol>`;
}

function Room() {
  useAwake();
  now.value;
  if (fault.value) return html`<${Empty} title=${t('run.no_room')}><p><a href=${under(slug, '/run')}>${t('run.choose')}</a></p><//>`;
  if (!room.value || !schedule.value) return html`<${Skeleton} n=${3} />`;
  const waiting = presses.value.filter((p) => p.person === person.value?.id);
  const unsent = waiting.filter((p) => !p.sent);
  const slots = pressed(room.value.slots, waiting);
  const { current, following, action } = runOf(slots, conferenceTime());
  const next = following[0];
  const open = status.value.state === 'open';
  const big = {
    start: () => press(conn, 'slot.start', { slot: next.id }),
    next: () => press(conn, 'slot.start', { slot: next.id }),
    end: () => current && press(conn, 'slot.end', { slot: current.id }),
    none: () => {},
  }[action];
  const assumed = current && current.state === 'planned';
  const add = (/** @type {number} */ minutes) => current && press(conn, 'slot.add_time', { slot: current.id, seconds: minutes * 60 });
  return html`<div class="run-now"><p class="run-room"><span dir="auto">${room.value.room.name}</span> <span class="num">${clock(now.value)}</span></p>
      <h1 dir="auto">${current ? titleOf(current) : next ? titleOf(next) : t('run.empty')}</h1>
      <p class="run-state">${current ? html`<span class=${cx('tag', !assumed && 'on')}>${assumed ? t('run.assumed', { time: clock(begins(current)) }) : t('run.since', { time: clock(current.started || begins(current)) })}</span>${current.unconfirmed ? html` <span class="tag off">${t('run.unconfirmed')}</span>` : null}` : next ? html`<span class="tag">${t('run.next_at', { time: clock(begins(next)) })}</span>` : null}</p>
      <${Alarm} alarm=${room.value.alarm} slots=${slots} />
      <${Clock} current=${current} next=${next} /></div>
    ${current || next ? html`<${Later} key=${(current || next).session} load=${() => import('./talks.js')} name="RoomTalks" props=${{ conn, session: (current || next).session }} />` : null}
    <${Following} rows=${current ? following : following.slice(1)} />
    <${StreamFold} conn=${conn} room=${wanted} />
    <div class="run-hand">
      ${refused.value ? html`<p class="error" role="alert">${refused.value}</p>` : null}
      ${unsent.length && (!open || now.value - (unsent[0].made || 0) > 2500) ? html`<p class="run-kept" role="status">${tn('run.kept', unsent.length)}</p>` : null}
      <div class="run-more">
        <button type="button" class="second" disabled=${!current} onClick=${() => add(1)}>+1 min</button>
        <button type="button" class="second" disabled=${!current} onClick=${() => add(5)}>+5 min</button>
        <button type="button" class="second" disabled=${unsent.some((p) => p.method === 'slot.on_time')} onClick=${onTime}>${t('run.on_time')}</button>
      </div>
      ${assumed && action !== 'next' ? html`<button type="button" class="second run-wide" onClick=${() => press(conn, 'slot.start', { slot: current.id })}>${t('run.began')}</button>` : null}
      ${action === 'next' && current ? html`<button type="button" class="second run-wide" onClick=${() => press(conn, 'slot.end', { slot: current.id })}>${t('run.end_only')}</button>` : null}
      <button type="button" class="primary run-big" disabled=${action === 'none'} onClick=${big}>${action === 'none' ? t('run.nothing') : html`<span>${action === 'end' ? t('run.end') : t('run.start')}</span>${action === 'end' ? null : html` <small dir="auto">${titleOf(next)}</small>`}`}</button>
    </div>`;
}

function Rooms() {
  if (!schedule.value) return html`<${Skeleton} n=${3} />`;
  return html`<h1>${t('run.choose')}</h1><ul class="run-rooms">${schedule.value.rooms.map((r) => html`<li key=${r.id}><a class="second" href=${under(slug, `/run/${r.id}`)} dir="auto">${r.name}</a></li>`)}</ul>`;
}

mount('app', html`<${() => html`<${Header} conn=${conn} here=${t('run.here')} /><${Main} name=${wanted ? 'run' : 'run-list'}><${Gate} conn=${conn} wanted=${['moderator', 'desk', 'organiser']} about=${t('run.sign_in')}>${wanted ? html`<${Room} />` : html`<${Rooms} />`}<//><//>`} />`);
