// web/moderate/picker.js: all desks: which have questions waiting, who is there, which need somebody; and the alarm that stands on every view
import { html, signal, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { person } from '../ui/app.js';
import { announce } from '../ui/live.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { clock, conferenceTime, dayKey, dayName, duration, minute, now } from '../ui/clock.js';
import { fold, slotState, talkState } from '../store.js';
import { offered } from '../talk_board.js';
import { applyAlarm } from './state.js';

/** @typedef {{session: string, count: number, oldest_at: string | null, oldest_s: number | null, moderators: {id: string, name: string}[], lead: {id: string, name: string} | null, told: number}} Desk */

/** Sessions with something waiting or somebody at the desk, as last asked. */
const desks = signal(/** @type {Map<string, Desk>} */ (new Map()));
/** When that was, by this page's own clock. */
const asked = signal(0);
export const alarms = signal(/** @type {import('./state.js').Alarm[]} */ ([]));

/** Who is missing three quarters of an hour before a session: told once, shown until somebody has seen it. */
/** @typedef {{session: string, title: string, missing: {talk: string, name: string}[], standby: {abstract: string, name: string} | null}} Absent */
const absent = signal(/** @type {Absent[]} */ ([]));

/** Asks for all desks, again every ten seconds: an alarm may have been raised before this page was opened. @param {import('../protocol.js').Connection} conn */
export function useDesks(conn) {
  const who = person.value?.id;
  useEffect(() => {
    if (!who) return;
    const read = () => conn.call('desk.list').then(({ sessions }) => {
      desks.value = new Map(sessions.map((/** @type {Desk} */ s) => [s.session, s]));
      asked.value = performance.now();
      // What was raised and has been settled since is told by both; this one also by a page that was away.
      alarms.value = alarms.value.filter((a) => desks.value.get(a.session)?.told);
      for (const s of /** @type {Desk[]} */ (sessions)) {
        if (s.told > 0 && !alarms.value.some((a) => a.session === s.session)) alarms.value = [...alarms.value, { session: s.session, title: '', count: s.count, oldest_at: s.oldest_at || '', level: s.told }];
      }
      for (const a of absent.value) freshen(conn, a.session).catch(() => {});
    }, () => {});
    read();
    const timer = setInterval(() => document.visibilityState === 'visible' && read(), 10000);
    const stop = conn.subscribe(`person:${who}`, {
      event: (type, data) => {
        if (type === 'board.alarm') {
          absent.value = [...absent.value.filter((a) => a.session !== data.session), data];
          announce(t('alarm.absent_title', { title: data.title }));
          navigator.vibrate?.([300, 150, 300]);
        }
        if (type !== 'desk.waiting' && type !== 'desk.settled') return;
        alarms.value = applyAlarm(alarms.value, type, data);
        if (type === 'desk.waiting') {
          announce(t('alarm.title', { title: data.title || titleOf(data.session) }));
          navigator.vibrate?.([200, 100, 200]);
        }
        read();
      },
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [who]);
}

const titleOf = (/** @type {string} */ session) => schedule.value?.session.get(session)?.title || t('moderate.here');

/** How long the oldest has waited: the server's count, gone on since. @param {Desk | undefined} d */
const waits = (d) => (d?.oldest_s == null ? 0 : (d.oldest_s + (performance.now() - asked.value) / 1000) * 1000);

/** How many who are missing are named. */
const NAMED = 5;

/** Who is missing by now, and who stands by; nobody: the line goes. @param {import('../protocol.js').Connection} conn @param {string} session */
async function freshen(conn, session) {
  const board = await conn.call('talk.board', { session });
  const standby = offered(board)[0] || null;
  absent.value = absent.value.flatMap((x) => (x.session !== session ? [x] : board.alarms.length ? [{ ...x, missing: board.alarms, standby }] : []));
}

/** A session that lacks who is to speak; the first who stands by is one press away. @param {{conn: import('../protocol.js').Connection, a: Absent}} props */
function Missing({ conn, a }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const { standby } = a;
  const putIn = async (/** @type {{talk: string, name: string}} */ m) => {
    setBusy(true);
    setError('');
    try {
      await conn.write('talk.promote', { talk: m.talk, abstract: standby?.abstract });
      announce(t('alarm.absent_put', { name: standby?.name || '', other: m.name }));
    } catch (e) {
      setError(whyOf(e));
    }
    await freshen(conn, a.session).catch(() => {});
    setBusy(false);
  };
  const more = a.missing.length - NAMED;
  return html`<div class="alarm-absent"><p><strong>${t('alarm.absent')}</strong> <a href=${`#/session/${a.session}`} dir="auto">${a.title}</a></p>
    <ul>${a.missing.slice(0, NAMED).map((m) => html`<li key=${m.talk}><span dir="auto">${m.name}</span>${standby ? html`<button type="button" class="second" disabled=${busy} aria-label=${t('alarm.absent_instead_of', { name: standby.name, other: m.name })} onClick=${() => putIn(m)} dir="auto">${t('alarm.absent_instead', { name: standby.name })}</button>` : null}</li>`)}${more > 0 ? html`<li>${tn('alarm.absent_more', more)}</li>` : null}</ul>
    ${error ? html`<p>${error}</p>` : null}
    <button type="button" class="link" onClick=${() => (absent.value = absent.value.filter((x) => x.session !== a.session))}>${t('alarm.absent_seen')}</button></div>`;
}

/** On every view: a session whose questions nobody answers, one that lacks who is to speak. @param {{conn: import('../protocol.js').Connection, here: string}} props here: the session whose desk is open */
export function Alarm({ conn, here }) {
  now.value;
  const some = alarms.value.filter((a) => a.session !== here);
  if (!some.length && !absent.value.length) return null;
  return html`<div class="alarm" role="alert">${absent.value.map((a) => html`<${Missing} key=${`absent:${a.session}`} conn=${conn} a=${a} />`)}${some.slice(0, 3).map((a) => {
    const d = desks.value.get(a.session);
    return html`<p key=${a.session}><strong>${d ? t('alarm.waits', { span: duration(waits(d)) }) : t('alarm.waiting')}</strong> <a href=${`#/session/${a.session}`} dir="auto">${a.title || titleOf(a.session)}</a> <span>${tn('alarm.count', d?.count ?? a.count)}, ${t(`alarm.level_${Math.min(3, Math.max(1, a.level || 1))}`)}</span></p>`;
  })}${some.length > 3 ? html`<p>${tn('alarm.more', some.length - 3)}</p>` : null}</div>`;
}

/** @param {{d: Desk | undefined}} props */
function State({ d }) {
  if (!d) return null;
  const needs = d.count > 0 && !d.moderators.length;
  return html`<span class="pick-state">${d.count ? html`<span class=${needs ? 'tag off' : 'tag'}>${tn('alarm.count', d.count)}</span>` : null}
    ${d.moderators.length ? html`<span class="pick-who" dir="auto">${t('team.here')} ${d.moderators.map((m) => m.name).join(', ')}</span>` : needs ? html`<span class="pick-who bad">${t('team.needs')}</span>` : null}</span>`;
}

/** One line for each session, with its talks below where there are several. @param {{r: any, s: import('../store.js').Schedule}} props */
function Pick({ r, s }) {
  const many = r.session.talks.length > 1;
  const at = conferenceTime();
  const by = many ? tn('talk.talks', r.session.talks.length) : r.session.talks[0]?.speakers.map((/** @type {any} */ p) => p.name).join(', ');
  const tag = (/** @type {string} */ state) => (state === 'running' ? html`<span class="tag on">${t('now.tag')}</span>` : null);
  return html`<li><a href=${many ? `#/session/${r.session.id}` : `#/talk/${r.session.talks[0]?.id}`}>
    <span class="num pick-time">${clock(r.slot.start)}${dayKey(r.slot.start) === dayKey(minute.value) ? null : html`<small>${dayName(r.slot.start)}</small>`}</span><span class="pick-title" dir="auto">${r.session.title || r.session.talks[0]?.title}<small dir="auto">${[by, s.room.get(r.slot.room)?.name].filter(Boolean).join(' · ')}</small><${State} d=${desks.value.get(r.session.id)} /></span>${tag(slotState(r.slot, at))}</a>
    ${many ? html`<ul class="pick-talks">${r.session.talks.map((/** @type {any} */ talk) => html`<li key=${talk.id}><a href=${`#/talk/${talk.id}`} dir="auto"><span>${talk.title}</span>${tag(talkState({ talk }))}</a></li>`)}</ul>` : null}</li>`;
}

export function Picker() {
  const s = schedule.value;
  const [text, setText] = useState('');
  if (!s) return html`<${Skeleton} n=${5} />`;
  const at = (minute.value, conferenceTime());
  const words = fold(text.trim());
  const rows = s.slots.flatMap((slot) => {
    const session = s.session.get(slot.session);
    return session?.talks.length && slot.state !== 'cancelled' ? [{ slot, session, state: slotState(slot, at) }] : [];
  }).filter((r) => !words || fold(`${r.session.title} ${r.session.talks.map((x) => `${x.title} ${x.speakers.map((p) => p.name).join(' ')}`).join(' ')} ${s.room.get(r.slot.room)?.name}`).includes(words));
  const waits = (/** @type {typeof rows[0]} */ r) => (desks.value.get(r.session.id)?.count || 0) > 0;
  const needs = rows.filter(waits).sort((a, b) => (desks.value.get(b.session.id)?.oldest_s || 0) - (desks.value.get(a.session.id)?.oldest_s || 0));
  const rest = rows.filter((r) => !waits(r));
  const running = rest.filter((r) => r.state === 'running');
  const soon = rest.filter((r) => r.state === 'planned');
  const past = rest.filter((r) => r.state === 'ended' || r.state === 'over').reverse();
  const list = (/** @type {typeof rows} */ some, /** @type {string} */ title, max = 60) => some.length ? html`<section><h2>${title}</h2><ul class="picks">${some.slice(0, max).map((r) => html`<${Pick} key=${r.slot.id} r=${r} s=${s} />`)}</ul>${some.length > max ? html`<p class="hint">${t('moderate.more', { n: some.length - max })}</p>` : null}</section>` : null;
  return html`<div class="picker"><h1>${t('moderate.choose')}</h1>
    <label class="field"><span>${t('moderate.find')}</span><input type="search" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    ${rows.length ? html`${list(needs, t('desk.waiting'))}${list(running, t('moderate.running'))}${list(soon, t('moderate.soon'))}${list(past, t('moderate.past'), 20)}` : html`<${Empty} title=${t('programme.none')} />`}</div>`;
}
