// web/organise/guests_invite.js: inviting without an abstract; whether registration is open, how many there is room for, what is covered
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { draft } from './draft.js';

const WHATS = ['keynote', 'panel', 'chair', 'open'];
const COVERED = ['talk', 'poster', 'standby', 'keynote', 'panel', 'chair', 'waiting', 'open'];
const QUESTIONS = ['badge_name', 'diet', 'access', 'nights'];

/** @param {{conn: import('../protocol.js').Connection, done: () => any}} props */
export function Invite({ conn, done }) {
  const blank = { name: '', email: '', what: 'keynote', mode: 'on_site', session: '', until: '', language: 'en' };
  const [v, setV] = useState(blank);
  const [error, setError] = useState('');
  const set = (/** @type {string} */ name) => (/** @type {any} */ e) => setV({ ...v, [name]: e.target.value });
  const sessions = [...(draft.value?.session.values() || [])].sort((a, b) => a.title.localeCompare(b.title));
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setError('');
    try {
      await conn.write('invitation.send', { name: v.name.trim(), email: v.email.trim(), what: v.what, mode: v.mode, language: v.language, ...(v.until ? { expires: `${v.until}T22:00:00Z` } : {}), ...(v.what === 'chair' && v.session ? { session: v.session } : {}) });
      announce(t('guests.invited_now'));
      setV(blank);
      await done();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<form class="staff-add" onSubmit=${send}>
    <label class="field"><span>${t('form.name')}</span><input required maxlength="200" dir="auto" autocomplete="off" value=${v.name} onInput=${set('name')} /></label>
    <label class="field"><span>${t('sign.email')}</span><input type="email" required maxlength="254" autocomplete="off" value=${v.email} onInput=${set('email')} /></label>
    <label class="field"><span>${t('guests.what')}</span><select value=${v.what} onChange=${set('what')}>${WHATS.map((w) => html`<option key=${w} value=${w}>${t(`me.what_${w}`)}</option>`)}</select></label>
    ${v.what === 'chair' ? html`<label class="field"><span>${t('guests.session')}</span><select value=${v.session} onChange=${set('session')}><option value="">${t('guests.no_session')}</option>${sessions.map((s) => html`<option key=${s.id} value=${s.id}>${s.title}</option>`)}</select></label>` : null}
    <label class="field"><span>${t('me.mode')}</span><select value=${v.mode} onChange=${set('mode')}>${['on_site', 'online'].map((m) => html`<option key=${m} value=${m}>${t(`me.${m}`)}</option>`)}</select></label>
    <label class="field"><span>${t('guests.until')}</span><input type="date" value=${v.until} onInput=${set('until')} /></label>
    <label class="field"><span>${t('guests.language')}</span><select value=${v.language} onChange=${set('language')}><option value="en">${t('guests.english')}</option><option value="da">${t('guests.danish')}</option></select></label>
    <button class="primary" type="submit">${t('guests.send')}</button></form><p class="hint">${t('guests.until_hint')}</p><p class="error" role="alert">${error}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, done: () => any}} props */
export function Settings({ conn, done }) {
  const [s, setS] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const [told, setTold] = useState('');
  useEffect(() => void conn.call('registration.settings').then(setS, (e) => setError(whyOf(e))), []);
  if (!s) return html`<${Skeleton} n=${3} /><p class="error" role="alert">${error}</p>`;
  const put = (/** @type {any} */ more) => { setTold(''); setS({ ...s, ...more }); };
  const number = (/** @type {string} */ name, needed = false) => html`<label class="field"><span>${t(`guests.${name}`)}</span><input type="number" inputmode="numeric" min="1" step="1" required=${needed} value=${s[name] ?? ''} onInput=${(/** @type {any} */ e) => put({ [name]: e.target.value === '' ? null : Number(e.target.value) })} /></label>`;
  const cover = (/** @type {string} */ what, /** @type {any} */ more) => put({ covers: { ...s.covers, [what]: { fee: false, nights: 0, ...s.covers[what], ...more } } });
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setError('');
    try {
      const { open, seats, seats_online, beds, invite_days, offer_hours, questions, covers, version } = s;
      const reply = await conn.write('registration.save', { open, ...(seats ? { seats } : {}), ...(seats_online ? { seats_online } : {}), ...(beds ? { beds } : {}), invite_days, offer_hours, questions, covers, expect_version: version });
      setS(reply);
      setTold(t('form.saved'));
      announce(t('form.saved'));
      await done();
    } catch (x) {
      const f = /** @type {any} */ (x);
      if (f?.fault === 'conflict' && f.data?.current) setS(f.data.current);
      setError(f?.fault === 'conflict' ? t('guests.conflict') : whyOf(x));
    }
  };
  return html`<form class="guest-settings" onSubmit=${save}>
    <label class="field"><span>${t('guests.open')}</span><select value=${s.open} onChange=${(/** @type {any} */ e) => put({ open: e.target.value })}>${['closed', 'approval', 'open'].map((o) => html`<option key=${o} value=${o}>${t(`guests.open_${o}`)}</option>`)}</select></label>
    ${number('seats')}${number('seats_online')}${number('beds')}${number('invite_days', true)}${number('offer_hours', true)}
    <fieldset><legend>${t('guests.questions')}</legend>${QUESTIONS.map((q) => html`<label key=${q} class="tick"><input type="checkbox" checked=${s.questions.includes(q)} onChange=${(/** @type {any} */ e) => put({ questions: QUESTIONS.filter((x) => (x === q ? e.target.checked : s.questions.includes(x))) })} /><span>${t(`guests.q_${q}`)}</span></label>`)}</fieldset>
    <div class="scroll" tabindex="0" role="region" aria-label=${t('guests.covers')}><table class="grid"><caption>${t('guests.covers')}</caption><thead><tr><th scope="col">${t('guests.what')}</th><th scope="col">${t('guests.fee')}</th><th scope="col">${t('me.nights')}</th></tr></thead><tbody>${COVERED.map((w) => html`<tr key=${w}><th scope="row">${t(`me.what_${w}`)}</th>
      <td><input type="checkbox" aria-label=${`${t(`me.what_${w}`)}: ${t('guests.fee')}`} checked=${!!s.covers[w]?.fee} onChange=${(/** @type {any} */ e) => cover(w, { fee: e.target.checked })} /></td>
      <td><input type="number" min="0" max="14" step="1" aria-label=${`${t(`me.what_${w}`)}: ${t('me.nights')}`} value=${s.covers[w]?.nights ?? 0} onInput=${(/** @type {any} */ e) => cover(w, { nights: Number(e.target.value) || 0 })} /></td></tr>`)}</tbody></table></div>
    <p class="error" role="alert">${error}</p><div class="row"><button class="primary" type="submit">${t('form.save')}</button><span>${told}</span></div></form>`;
}
