// web/organise/guests_one.js: one person: corrected, sent their code again, moved online, given a role, merged with their double
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { cover, stamp } from '../me/words.js';
import { Part } from './part.js';
import { Editor } from './form.js';
import { href } from './route.js';

const ROLES = ['organiser', 'moderator', 'desk', 'speaker'];

/** @returns {import('./form.js').FieldDef[]} */
const fields = () => [
  { name: 'name', label: t('form.name'), required: true, max: 200 },
  { name: 'email', label: t('sign.email'), required: true, max: 254 },
  { name: 'organisation', label: t('guests.organisation'), max: 200 },
  { name: 'language', label: t('guests.language'), kind: 'select', options: () => [{ value: 'en', label: t('guests.english') }, { value: 'da', label: t('guests.danish') }] },
];

/** @param {{p: any, run: (work: () => Promise<any>, done: string) => Promise<void>, conn: import('../protocol.js').Connection}} props */
function Acts({ p, run, conn }) {
  const [sure, setSure] = useState('');
  const [who, setWho] = useState({ name: '', email: '' });
  const registered = p.registration?.state === 'confirmed';
  const other = p.mode === 'on_site' ? 'online' : 'on_site';
  const act = (/** @type {string} */ method, /** @type {any} */ params, /** @type {string} */ done) => {
    setSure('');
    return run(() => conn.write(method, { person: p.id, ...params }), done);
  };
  if (p.application?.state === 'waiting') {
    return html`<p class="said-text" dir="auto">${p.application.text || t('guests.no_words')}</p><label class="field"><span>${t('guests.reason')}</span><textarea rows="2" maxlength="1000" dir="auto" value=${who.name} onInput=${(/** @type {any} */ e) => setWho({ ...who, name: e.target.value })}></textarea></label>
      <div class="row"><button type="button" class="primary" onClick=${() => act('registration.decide', { verdict: 'accept' }, t('guests.invited_now'))}>${t('guests.let_in')}</button><button type="button" class="second" onClick=${() => act('registration.decide', { verdict: 'refuse', reason: who.name.trim() }, t('form.saved'))}>${t('guests.refuse')}</button></div>`;
  }
  if (!registered) return html`<p class="hint">${p.registration?.cancelled ? t('guests.cancelled_at', { time: stamp(p.registration.cancelled) }) : t('guests.not_registered')}</p>`;
  return html`<dl class="facts"><dt>${t('me.mode')}</dt><dd>${t(`me.${p.mode}`)}</dd><dt>${t('me.cover')}</dt><dd>${cover(p.registration.fee, p.registration.nights)}</dd>
      ${p.registration.answers?.diet ? html`<dt>${t('me.diet')}</dt><dd dir="auto">${p.registration.answers.diet}</dd>` : null}${p.registration.answers?.access ? html`<dt>${t('me.access')}</dt><dd dir="auto">${p.registration.answers.access}</dd>` : null}
      ${p.registration.answers?.nights?.length ? html`<dt>${t('me.nights')}</dt><dd class="num">${p.registration.answers.nights.join(', ')}</dd>` : null}${p.code ? html`<dt>${t('guests.code')}</dt><dd class="num">${stamp(p.code.issued)}${p.code.valid ? '' : ` · ${t('guests.code_revoked')}`}</dd>` : null}</dl>
    <div class="row"><button type="button" class="second" onClick=${() => act('person.resend', {}, t('guests.resent'))}>${t('guests.resend')}</button>
      <button type="button" class="second" onClick=${() => act('registration.switch_mode', { mode: other }, t('form.saved'))}>${t(`guests.to_${other}`)}</button>
      ${sure === 'cancel' ? html`<button type="button" class="second bad" onClick=${() => act('registration.cancel', {}, t('form.saved'))}>${t('guests.cancel_sure')}</button><button type="button" class="link" onClick=${() => setSure('')}>${t('cancel')}</button>` : html`<button type="button" class="second" onClick=${() => setSure('cancel')}>${t('guests.cancel')}</button>`}
      <button type="button" class="second" aria-expanded=${sure === 'instead'} onClick=${() => setSure(sure === 'instead' ? '' : 'instead')}>${t('guests.instead')}</button></div>
    ${sure === 'instead' ? html`<form class="staff-add" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); void act('registration.substitute', { name: who.name.trim(), email: who.email.trim() }, t('form.saved')); }}>
      <label class="field"><span>${t('form.name')}</span><input required maxlength="200" dir="auto" autocomplete="off" value=${who.name} onInput=${(/** @type {any} */ e) => setWho({ ...who, name: e.target.value })} /></label>
      <label class="field"><span>${t('sign.email')}</span><input type="email" required maxlength="254" autocomplete="off" value=${who.email} onInput=${(/** @type {any} */ e) => setWho({ ...who, email: e.target.value })} /></label><button class="second" type="submit">${t('guests.hand_on')}</button></form>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection, id: string}} props */
export function GuestPage({ conn, id }) {
  const [p, setP] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const [merging, setMerging] = useState('');
  const read = () => conn.call('person.show', { person: id }).then((r) => setP(r), (e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  const run = async (/** @type {() => Promise<any>} */ work, /** @type {string} */ done) => {
    setError('');
    try {
      await work();
      announce(done);
    } catch (e) {
      setError(whyOf(e));
    }
    await read();
  };
  const back = html`<p><a href=${href('guests')}>${t('guests.back')}</a></p>`;
  if (!p) return html`${back}${error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${5} />`}`;
  return html`${back}<h1 dir="auto">${p.name}</h1><p class="error" role="alert">${error}</p>
    <${Part} id="standing" title=${t('guests.standing')}><p><span class=${`tag ${p.state === 'registered' ? 'on' : ''}`}>${t(`guests.${p.state}`)}</span>${p.waiting ? html` <span class="hint num">${t('me.waiting', { place: p.waiting.place, mode: t(`me.${p.waiting.mode}`) })}</span>` : null}</p><${Acts} p=${p} run=${run} conn=${conn} />
      ${p.invitations.length ? html`<ul class="rows">${p.invitations.map((/** @type {any} */ i) => html`<li key=${i.id} class="row"><span>${t(`me.what_${i.what}`)}${i.title ? html`: <span dir="auto">${i.title}</span>` : null}</span><span class="tag">${t(`me.inv_${i.state}`)}</span><span class="hint num">${stamp(i.expires)}</span>${i.state === 'sent' ? html`<button type="button" class="link" onClick=${() => run(() => conn.write('invitation.withdraw', { invitation: i.id }), t('form.saved'))}>${t('guests.withdraw')}</button>` : null}</li>`)}</ul>` : null}<//>
    <${Part} id="who" title=${t('guests.who')}><${Editor} name=${`guest-${id}`} id=${`guest-${id}`} row=${{ ...p, organisation: p.organisation || '' }} fields=${fields()} fromServer=${(/** @type {any} */ r) => ({ ...r, organisation: r.organisation || '' })}
      save=${(/** @type {any} */ mine, /** @type {any} */ base) => conn.write('person.save', { person: id, name: mine.name, email: mine.email, organisation: mine.organisation || '', ...(p.category_id ? { category: p.category_id } : {}), language: mine.language || 'en', expect_version: mine.version ?? base.version })} saved=${(/** @type {any} */ r) => setP(r)} /><//>
    <${Part} id="roles" title=${t('guests.roles')}>${ROLES.map((r) => html`<label key=${r} class="tick"><input type="checkbox" checked=${p.roles.includes(r)} onChange=${(/** @type {any} */ e) => run(() => conn.write('people.grant', { person: id, role: r, value: e.target.checked }), t('form.saved'))} /><span>${t(`role.${r}`)}</span></label>`)}<//>
    ${p.alike.length ? html`<${Part} id="alike" title=${t('guests.alike')}><p class="hint">${t('guests.merge_hint')}</p><ul class="rows">${p.alike.map((/** @type {any} */ o) => html`<li key=${o.id} class="row"><a href=${href('guests', o.id)} dir="auto">${o.name}</a><span class="hint" dir="ltr">${o.email}</span><span class="tag">${t(`guests.${o.state}`)}</span>
      ${merging === o.id ? html`<button type="button" class="second bad" onClick=${() => { setMerging(''); void run(() => conn.write('person.merge', { person: o.id, into: id }), t('guests.merged')); }}>${t('guests.merge_sure')}</button><button type="button" class="link" onClick=${() => setMerging('')}>${t('cancel')}</button>` : html`<button type="button" class="second" onClick=${() => setMerging(o.id)}>${t('guests.merge')}</button>`}</li>`)}</ul><//>` : null}
    <${Part} id="told" title=${t('guests.told')}>${p.mails.length ? html`<ul class="rows">${p.mails.map((/** @type {any} */ m) => html`<li key=${m.at + m.subject}><details><summary><span dir="auto">${m.subject}</span> <span class="hint num">${stamp(m.at)}</span>${m.state === 'bounced' ? html` <span class="tag off">${t('me.bounced')}</span>` : null}</summary><p class="said-text" dir="auto">${m.text}</p></details></li>`)}</ul>` : html`<p class="empty-line">${t('me.no_mails')}</p>`}<//>`;
}
