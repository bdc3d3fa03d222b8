// web/chair/main.js: the phone of a session's chair: what is asked now, what is next, how long there is; it goes on without a network
import { html, mount, signal, effect, cx } from '../ui/dom.js';
import { extend, t, tn, lang } from '../i18n/index.js';
import en from '../i18n/chair.en.js';
import da from '../i18n/chair.da.js';
import { connect, lastHeard, session, slug, status } from '../ui/app.js';
import { Header, Main, Skeleton, Empty, theme } from '../ui/chrome.js';
import { clock, conferenceTime, now } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { deviceToken, keepToken } from '../ui/device.js';
import { useAwake } from '../ui/awake.js';
import { countdown } from '../run.js';
import { applyChair, applyTalk, chairFrom, endOf, hearTalk, pressed, tickTalk, toRead, viewOf } from './state.js';
import { followBoard } from '../ui/talk_board.js';
import { Talks, Views, runs, view } from './talks.js';
import { again, failed, join, joining, keptSession, onCode } from './joining.js';
import { flush, keep, press, presses, refused } from './presses.js';

extend({ en, da });
// In the dark of a hall, unless its reader wants it light.
try {
  if (!localStorage.getItem('plenum-theme')) document.documentElement.dataset.theme = theme.value = 'dark';
} catch {
  // As the device has it.
}

const conn = connect({ deviceToken: () => deviceToken('chair', slug) });
const chair = signal(/** @type {import('./state.js').Chair | null} */ (null));
const questions = signal(/** @type {Map<string, import('./state.js').Row>} */ (new Map()));
const rooms = signal(/** @type {any[]} */ ([]));
const board = signal(/** @type {import('../talk_board.js').Board | null} */ (null));
const fault = signal('');

/** @type {(() => void)[]} */
let stops = [];
let followed = '';

/** @param {string} id */
function follow(id) {
  if (!id || id === followed) return;
  for (const stop of stops) stop();
  followed = id;
  chair.value = null;
  questions.value = new Map();
  board.value = null;
  /** @type {Set<string>} */
  const talks = new Set();
  const talk = (/** @type {{id: string}[]} */ list) => {
    for (const { id: one } of list) if (!talks.has(one)) stops.push(followTalk(talks.add(one) && one));
  };
  const live = followBoard(conn, id);
  stops = [live.stop, live.board.subscribe((doc) => {
    board.value = doc;
    // One who stood by has a talk of their own.
    if (chair.value && doc) talk(doc.talks);
  }), conn.subscribe(`chair:${id}`, {
    snapshot: (doc) => {
      chair.value = chairFrom(doc);
      fault.value = '';
      talk([...chair.value.talks, ...(board.value?.talks || [])]);
    },
    event: (type, data) => {
      if (!chair.value) return;
      if (type === 'backstage.sent') {
        announce(t('chair.message'));
        navigator.vibrate?.([200, 100, 200]);
      }
      const next = applyChair(chair.value, type, data);
      if (next) chair.value = next;
      else conn.resnapshot(`chair:${id}`);
    },
    fault: (f) => (fault.value = f),
  }), conn.subscribe('now', {
    snapshot: (doc) => (rooms.value = doc.rooms),
    event: (_t, doc) => {
      if (doc.refetch) conn.call('now.get').then((d) => (rooms.value = d.rooms)).catch(() => {});
      else rooms.value = doc.rooms;
    },
  })];
}

/** @param {string} talk */
const followTalk = (talk) => conn.subscribe(`talk:${talk}`, {
  snapshot: (doc) => (questions.value = hearTalk(questions.value, talk, doc)),
  event: (type, data) => (questions.value = applyTalk(questions.value, talk, type, data)),
  tick: (tally) => (questions.value = tickTalk(questions.value, talk, tally)),
});

const isChair = () => session.value?.station?.kind === 'chair';
effect(() => {
  if (!isChair()) return;
  const own = session.value?.station.session;
  follow((own && typeof own === 'object' ? own.id : own) || keptSession());
});
effect(() => {
  if (status.value.state === 'open' && isChair() && presses.value.length) flush(conn);
});
effect(() => {
  // Revoked, or over: this phone is nobody's chair any more.
  if (status.value.state !== 'signed-out') return;
  keepToken('chair', slug, null);
  keep([]);
});
effect(() => void (document.title = `${(lang.value, chair.value?.title || t('chair.here'))} · ${session.value?.conference.title || 'Plenum'}`));

const enter = () => join().then((fresh) => (status.value.state === 'connecting' && !session.value && !fresh ? conn.start() : conn.renew()));
onCode(enter);
join().then(() => conn.start());

/** @param {{until: number, asOf: string}} props */
function TimeLeft({ until, asOf }) {
  if (!until) return html`<p class="chair-time none">${t('chair.no_time')}</p>`;
  const left = until - now.value;
  return html`<p class=${cx('chair-time', left < 0 && 'over', left >= 0 && left < 5 * 60000 && 'soon')}><span class="num chair-figure" role="timer" aria-label=${`${t(left < 0 ? 'chair.over' : 'chair.left')} ${countdown(left)}`}>${left < 0 ? '+' : ''}${countdown(left)}</span> <span>${t(left < 0 ? 'chair.over' : 'chair.left')} · <span class="num">${clock(until)}</span></span>${asOf ? html` <span class="chair-asof">${t('chair.as_of', { time: asOf })}</span>` : null}</p>`;
}

/** Who is at the microphone and who comes next, as the desk called them. */
function Mic() {
  const c = chair.value;
  const line = (/** @type {string} */ label, /** @type {any} */ who) => who && html`<p class="chair-mic"><span class="hint">${label}</span> <strong dir="auto">${who.name || t('chair.somebody')}</strong> <span class="tag">${t(who.origin === 'room' ? 'chair.mic_room' : 'chair.mic_remote')}</span></p>`;
  return html`${line(t('chair.mic_on'), c?.mic_on)}${line(t('chair.mic'), c?.mic_next)}`;
}

function Chair() {
  useAwake();
  now.value;
  if (fault.value) return html`<${Empty} title=${t(fault.value === 'denied' ? 'chair.gone' : `fault.${fault.value}`)}><p>${t('chair.how')}</p><//>`;
  if (!chair.value) return html`<${Skeleton} n=${3} />`;
  const c = chair.value;
  const open = status.value.state === 'open';
  const kept = presses.value;
  const unsent = kept.filter((p) => !p.sent);
  const v = viewOf(pressed(questions.value, kept));
  const messages = toRead(c, kept, session.value?.station?.id || '');
  const all = board.value?.talks || c.talks;
  const titleOf = (/** @type {string} */ talk) => (all.length > 1 ? all.find((x) => x.id === talk)?.title || '' : '');
  const go = (/** @type {string} */ method, /** @type {import('./state.js').Row} */ q) => press(conn, method, { question: q.id, expect_version: q.version }, q.text);
  const mayStage = v.next;
  const told = messages.map((m) => html`<div key=${m.id} class="chair-message" role="alert"><p dir="auto"><span class="hint">${m.by?.name || t('chair.desk')}</span> ${m.text}</p><button type="button" class="second" onClick=${() => press(conn, 'backstage.ack', { message: m.id }, m.text)}>${t('chair.read')}</button></div>`);
  const hand = html`${refused.value ? html`<p class="error" role="alert">${refused.value}</p>` : null}
      ${unsent.length && (!open || now.value - Date.parse(unsent[0].params.at) > 2500) ? html`<p class="chair-kept" role="status">${tn('chair.kept', unsent.length)}</p>` : null}`;
  const asOf = open ? '' : clock(lastHeard.value || conferenceTime());
  const head = html`<h1 dir="auto">${c.title}</h1>${runs(board.value) ? html`<${Views} />` : null}`;
  if (board.value && runs(board.value) && view.value === 'talks') {
    return html`<div class="chair-now">${head}${asOf ? html`<p><span class="chair-asof">${t('chair.as_of', { time: asOf })}</span></p>` : null}</div>
      <${Talks} board=${board.value} kept=${kept} messages=${told} hand=${hand} press=${(/** @type {string} */ method, /** @type {any} */ params, /** @type {string} */ text) => press(conn, method, params, text)} />`;
  }
  return html`<div class="chair-now">${head}<${TimeLeft} until=${endOf(rooms.value, c.session, c.slot)} asOf=${asOf} /></div>
    ${told}
    <${Mic} />
    <section class=${cx('chair-current', v.current && 'on')} aria-labelledby="current-h"><h2 id="current-h">${t('chair.current')}</h2>${v.current ? html`${titleOf(v.current.talk) ? html`<p class="hint" dir="auto">${titleOf(v.current.talk)}</p>` : null}<p class="chair-text" dir="auto">${v.current.text}</p>` : html`<p class="empty-line">${t('chair.none')}</p>`}</section>
    <section class="chair-next" aria-labelledby="next-h"><h2 id="next-h">${t('chair.next')}</h2>${v.next ? html`${titleOf(v.next.talk) ? html`<p class="hint" dir="auto">${titleOf(v.next.talk)}</p>` : null}<p class="chair-text" dir="auto">${v.next.text}</p><p class="hint num">${tn('votes', v.next.votes)}</p>` : html`<p class="empty-line">${t('chair.none_next')}</p>`}
      ${v.following.length ? html`<ol class="chair-after">${v.following.map((q) => html`<li key=${q.id} dir="auto">${q.text}</li>`)}</ol>` : null}${v.more ? html`<p class="hint">${tn('chair.more', v.more)}</p>` : null}</section>
    <div class="chair-hand">
      ${hand}
      <div class="chair-two"><button type="button" class="second" disabled=${!v.current && !v.next} onClick=${() => { const q = v.current || v.next; if (q) go('qa.skip', q); }}>${t('chair.skip')}</button>
        <button type="button" class="second" disabled=${!v.current} onClick=${() => v.current && go('qa.answer', v.current)}>${t('chair.answered')}</button></div>
      <button type="button" class="primary chair-big" disabled=${!mayStage} onClick=${() => v.next && go('qa.stage', v.next)}>${t(v.current ? 'chair.go_next' : 'chair.go_first')}</button></div>`;
}

function Outside() {
  if (joining.value) return html`<${Empty} title=${t('chair.joining')} />`;
  return html`<section class="refusal"><h1>${t('chair.here')}</h1>${failed.value ? html`<p class="error" role="alert">${failed.value}</p>` : null}<p>${t(status.value.state === 'signed-out' ? 'chair.gone' : 'chair.about')}</p><p>${t('chair.how')}</p>
    ${again() ? html`<p><button type="button" class="primary" onClick=${enter}>${t('again')}</button></p>` : null}</section>`;
}

function Page() {
  const inside = isChair() && status.value.state !== 'signed-out';
  return html`<${Header} here=${t('chair.here')} conn=${undefined} /><${Main} name=${inside ? 'chair' : 'chair-out'}>${inside ? html`<${Chair} />` : session.value || joining.value || failed.value || status.value.state === 'signed-out' ? html`<${Outside} />` : html`<${Skeleton} n=${3} />`}<//>`;
}

mount('app', html`<${Page} />`);
