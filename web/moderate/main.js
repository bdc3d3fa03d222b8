// web/moderate/main.js: the moderator's desk: choose a talk, then one key per verdict
import { html, mount, signal, effect, useEffect, useState } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { connect, session, has } from '../ui/app.js';
import { Gate } from '../ui/gate.js';
import { Header, Main, Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { followSchedule, schedule } from '../ui/schedule.js';
import { clock, conferenceTime, dayName, dayKey, minute } from '../ui/clock.js';
import { slotState, talkState } from '../store.js';
import { Desk } from './desk.js';

const conn = connect();
followSchedule(conn);
conn.start();

const route = signal(location.hash);
addEventListener('hashchange', () => {
  route.value = location.hash;
  scrollTo(0, 0);
});
effect(() => void (document.title = `${(lang.value, t('moderate.here'))} · ${session.value?.conference.title || 'Plenum'}`));

function Picker() {
  const s = schedule.value;
  const [text, setText] = useState('');
  if (!s) return html`<${Skeleton} n=${5} />`;
  const at = conferenceTime();
  const rows = s.slots.flatMap((slot) => {
    const session = s.session.get(slot.session);
    return (session?.talks || []).map((talk) => ({ slot, session, talk, state: session && session.talks.length === 1 ? slotState(slot, at) : talkState({ talk }) === 'planned' ? (slotState(slot, at) === 'over' ? 'over' : 'planned') : talkState({ talk }) }));
  });
  const words = text.toLowerCase().trim();
  const match = (/** @type {typeof rows[0]} */ r) => !words || `${r.talk.title} ${r.session?.title} ${r.talk.speakers.map((p) => p.name).join(' ')} ${s.room.get(r.slot.room)?.name}`.toLowerCase().includes(words);
  const running = rows.filter((r) => match(r) && (r.state === 'running' || (r.slot.state === 'running' && r.state !== 'ended')));
  const soon = rows.filter((r) => match(r) && !running.includes(r) && r.state === 'planned');
  const past = rows.filter((r) => match(r) && !running.includes(r) && r.state !== 'planned' && r.state !== 'cancelled').reverse();
  const list = (/** @type {typeof rows} */ some, /** @type {string} */ title, max = 60) => some.length ? html`<section><h2>${title}</h2><ul class="picks">${some.slice(0, max).map((r) => html`<li key=${r.slot.id + r.talk.id}><a href=${`#/talk/${r.talk.id}`}>
    <span class="num pick-time">${clock(r.slot.start)}${dayKey(r.slot.start) === dayKey(minute.value) ? null : html`<small>${dayName(r.slot.start)}</small>`}</span><span class="pick-title" dir="auto">${r.talk.title || r.session?.title}<small dir="auto">${[r.talk.speakers.map((p) => p.name).join(', '), s.room.get(r.slot.room)?.name].filter(Boolean).join(' · ')}</small></span>${r.state === 'running' ? html`<span class="tag on">${t('now.tag')}</span>` : null}</a></li>`)}</ul>${some.length > max ? html`<p class="hint">${t('moderate.more', { n: some.length - max })}</p>` : null}</section>` : null;
  return html`<div class="picker"><h1>${t('moderate.choose')}</h1>
    <label class="field"><span>${t('moderate.find')}</span><input type="search" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    ${running.length + soon.length + past.length ? html`${list(running, t('moderate.running'))}${list(soon, t('moderate.soon'))}${list(past, t('moderate.past'), 20)}` : html`<${Empty} title=${t('programme.none')} />`}</div>`;
}

function App() {
  const talk = /^#\/talk\/([\w-]+)/.exec(route.value)?.[1];
  const [hold, setHold] = useState(false);
  const may = has('moderator', 'organiser');
  useEffect(() => {
    if (may) conn.call('rpc.discover').then((doc) => setHold((doc.methods || []).some((/** @type {any} */ m) => m.name === 'qa.hold'))).catch((e) => void whyOf(e));
  }, [may]);
  return html`<${Header} conn=${conn} here=${t('moderate.here')} />
    <${Main} name=${talk ? 'moderate desk-page' : 'moderate'}><${Gate} conn=${conn} wanted=${['moderator', 'organiser']} about=${t('moderate.sign_in')}>${talk ? html`<${Desk} key=${talk} conn=${conn} id=${talk} hold=${hold} />` : html`<${Picker} />`}<//><//>`;
}

mount('app', html`<${App} />`);
