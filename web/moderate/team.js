// web/moderate/team.js: who is at this desk and who leads, handing it over, messages behind the stage, and the chair's phone
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person, slug } from '../ui/app.js';
import { duration, now } from '../ui/clock.js';
import { qrPath } from '../ui/qr.js';
import { under, uuid } from '../wire.js';
import { handover, unread } from './state.js';
import { realTime, room, write } from './model.js';

/** @typedef {import('../protocol.js').Connection} Connection */

const sinceReal = (/** @type {string} */ at) => t('time.ago', { span: duration(Math.max(0, realTime() - Date.parse(at))) });

/** I am here, said again while the page is open. @param {Connection} conn @param {string} session */
export function useHere(conn, session) {
  useEffect(() => {
    if (!session) return;
    const say = () => void conn.call('qa.here', { session }).catch(() => {});
    say();
    const timer = setInterval(say, 20000);
    const gone = () => void conn.call('qa.here', { session, leave: true }).catch(() => {});
    addEventListener('pagehide', gone);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', gone);
      gone();
    };
  }, [session]);
}

/** One line for the head of the desk. */
export function Presence() {
  const s = room.value;
  if (!s) return null;
  const names = s.moderators.map((m) => m.name + (s.lead?.id === m.id ? ` (${t('team.leads')})` : ''));
  return html`<p class="presence"><span class="hint">${t('team.here')}</span> <span dir="auto">${names.length ? names.join(', ') : t('team.nobody')}</span></p>`;
}

/** What must be answered now: a hand-over, messages to the desk. @param {{conn: Connection, session: string}} props */
export function Calls({ conn, session }) {
  const me = person.value?.id || '';
  const offer = handover(room.value, me);
  const mine = unread(room.value).filter((m) => (m.audience === 'desk' || m.audience === 'all') && m.by?.id !== me);
  return html`${offer?.mine ? html`<div class="notice call" role="alert"><p dir="auto"><strong>${t('team.offered', { name: offer.by || t('moderate.someone') })}</strong> ${offer.note}</p><p class="row"><button type="button" class="primary" onClick=${() => write(conn, 'desk.accept', { session })}><kbd>y</kbd>${t('team.accept')}</button><button type="button" class="second" onClick=${() => write(conn, 'desk.accept', { session, decline: true })}>${t('team.decline')}</button></p></div>` : null}
    ${mine.map((m) => html`<div key=${m.id} class="notice call" role="alert"><p dir="auto"><strong>${t('back.from', { name: m.by?.name || '' })}</strong> ${m.text}</p><button type="button" class="primary" onClick=${() => write(conn, 'backstage.ack', { message: m.id })}><kbd>y</kbd>${t('back.ack')}</button></div>`)}`;
}

/** The oldest message that waits for the desk to say it was read. */
export const nextUnread = () => unread(room.value).find((m) => (m.audience === 'desk' || m.audience === 'all') && m.by?.id !== person.value?.id);

/** @param {{conn: Connection, session: string}} props */
function Lead({ conn, session }) {
  const s = room.value;
  const me = person.value?.id || '';
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  if (!s) return null;
  const others = s.moderators.filter((m) => m.id !== me);
  const offer = handover(s, me);
  const leads = s.lead?.id === me;
  const offerTo = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (await write(conn, 'desk.offer', { session, to: to || others[0]?.id, note: note.trim() })) setNote('');
  };
  return html`<section class="panel-part" aria-labelledby="lead-h"><h3 id="lead-h">${t('team.title')}</h3>
    ${s.moderators.length ? html`<ul class="people">${s.moderators.map((m) => html`<li key=${m.id}><span dir="auto">${m.name}${m.id === me ? ` (${t('team.you')})` : ''}</span>${s.lead?.id === m.id ? html`<span class="tag on">${t('team.leads')}</span>` : null}<span class="hint">${(now.value, t('team.since', { span: duration(Math.max(0, realTime() - Date.parse(m.since))) }))}</span></li>`)}</ul>` : html`<p class="empty-line">${t('team.nobody')}</p>`}
    ${leads ? null : html`<p><button type="button" class="second" onClick=${() => write(conn, 'desk.take', { session })}>${t(s.lead ? 'team.take' : 'team.take_free')}</button></p>`}
    ${leads && offer ? html`<p class="hint" dir="auto">${t('team.waiting_for', { name: offer.to })} <button type="button" class="link" onClick=${() => write(conn, 'desk.offer', { session })}>${t('team.take_back')}</button></p>` : null}
    ${leads && others.length ? html`<form class="panel-form" onSubmit=${offerTo}><label class="field"><span>${t('team.hand_to')}</span><select value=${to || others[0]?.id} onChange=${(/** @type {any} */ e) => setTo(e.target.value)}>${others.map((m) => html`<option key=${m.id} value=${m.id}>${m.name}</option>`)}</select></label>
      <label class="field"><span>${t('team.note')}</span><input type="text" dir="auto" maxlength="300" value=${note} onInput=${(/** @type {any} */ e) => setNote(e.target.value)} /></label><button type="submit" class="second">${t('team.hand')}</button></form>` : null}
    ${leads && !others.length ? html`<p class="hint">${t('team.alone')}</p>` : null}</section>`;
}

/** @param {{conn: Connection, session: string}} props */
function Backstage({ conn, session }) {
  const [text, setText] = useState('');
  const [to, setTo] = useState('chair');
  const [id, setId] = useState(uuid);
  const s = room.value;
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!text.trim() || !(await write(conn, 'backstage.send', { message: id, session, audience: to, text: text.trim() }))) return;
    setText('');
    setId(uuid());
  };
  const me = person.value?.id;
  return html`<section class="panel-part" aria-labelledby="back-h"><h3 id="back-h">${t('back.title')}</h3>
    <form class="panel-form" onSubmit=${send}><label class="field"><span>${t('back.to')}</span><select value=${to} onChange=${(/** @type {any} */ e) => setTo(e.target.value)}>${['chair', 'desk', 'speaker', 'all'].map((a) => html`<option key=${a} value=${a}>${t(`back.to_${a}`)}</option>`)}</select></label>
      ${to === 'speaker' || to === 'all' ? html`<p class="hint" role="status">${t('back.on_screen')}</p>` : null}
      <label class="field"><span>${t('back.text')}</span><input id="back-text" type="text" dir="auto" maxlength="300" autocomplete="off" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label><button type="submit" class="second" disabled=${!text.trim()}>${t('desk.send')}</button></form>
    ${s?.messages.length ? html`<ul class="messages">${[...s.messages].reverse().map((m) => html`<li key=${m.id}><p dir="auto">${m.text}</p>
      <p class="hint"><span dir="auto">${t('back.line', { from: m.by?.name || '', to: t(`back.to_${m.audience}`) })}</span> · ${(now.value, sinceReal(m.at))}</p>
      ${m.acked ? html`<p class="acked" dir="auto">${t('back.seen', { name: m.acked.name })}</p>` : html`<p class="unacked">${t('back.unseen')} ${m.by?.id === me || (m.audience !== 'desk' && m.audience !== 'all') ? null : html`<button type="button" class="link" onClick=${() => write(conn, 'backstage.ack', { message: m.id })}>${t('back.ack')}</button>`}</p>`}</li>`)}</ul>` : html`<p class="empty-line">${t('back.none')}</p>`}</section>`;
}

/** @param {{conn: Connection, session: string}} props */
function Chairs({ conn, session }) {
  const [name, setName] = useState('');
  const [invite, setInvite] = useState(/** @type {{code: string, expires: string} | null} */ (null));
  const chairs = room.value?.chairs || [];
  const ask = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const reply = name.trim() && (await write(conn, 'chair.invite', { session, name: name.trim() }));
    if (reply) setInvite(reply);
  };
  const left = invite ? Date.parse(invite.expires) - (now.value, realTime()) : 0;
  const used = invite && chairs.some((c) => c.name === name.trim());
  const url = invite ? `${location.origin}${under(slug, '/chair')}#${invite.code}` : '';
  const qr = invite && left > 0 && !used ? qrPath(url) : null;
  return html`<section class="panel-part" aria-labelledby="chair-h"><h3 id="chair-h">${t('chairs.title')}</h3><p class="hint">${t('chairs.hint')}</p>
    <form class="panel-form" onSubmit=${ask}><label class="field"><span>${t('chairs.name')}</span><input type="text" dir="auto" maxlength="80" autocomplete="off" value=${name} onInput=${(/** @type {any} */ e) => { setName(e.target.value); setInvite(null); }} /></label><button type="submit" class="second" disabled=${!name.trim()}>${t('chairs.invite')}</button></form>
    ${qr ? html`<div class="chair-qr"><svg class="qr" viewBox=${`0 0 ${qr.size} ${qr.size}`} role="img" aria-label=${t('chairs.qr')} shape-rendering="crispEdges"><rect width=${qr.size} height=${qr.size} fill="white" /><path d=${qr.path} fill="black" /></svg>
      <p role="timer" class="num">${t('chairs.left', { span: duration(left) })}</p><p class="hint chair-link" dir="ltr">${url}</p></div>` : invite ? html`<p class="hint" role="status">${used ? t('chairs.joined', { name: name.trim() }) : t('chairs.expired')}</p>` : null}
    ${chairs.length ? html`<ul class="people">${chairs.map((c) => html`<li key=${c.station}><span dir="auto">${c.name}</span><button type="button" class="link" onClick=${() => write(conn, 'chair.revoke', { station: c.station })}>${t('chairs.revoke')}</button></li>`)}</ul>` : html`<p class="empty-line">${t('chairs.none')}</p>`}</section>`;
}

/** @param {{conn: Connection, session: string}} props */
export const Team = ({ conn, session }) => html`<div class="panel"><${Lead} conn=${conn} session=${session} /><${Backstage} conn=${conn} session=${session} /><${Chairs} conn=${conn} session=${session} /></div>`;
