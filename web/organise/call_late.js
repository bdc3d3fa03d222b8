// web/organise/call_late.js: people who may hand in after the others, by name, each with a reason
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { clock, conferenceTime, dayMonth } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { tidyTime } from './zone.js';

/** @param {{conn: import('../protocol.js').Connection, doc: any, done: () => Promise<any>}} props */
export function LateEntries({ conn, doc, done }) {
  const blank = { email: '', day: '', time: '23:59', reason: '' };
  const [form, setForm] = useState(blank);
  const [error, setError] = useState('');
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (/** @type {string} */ name) => (/** @type {any} */ e) => setForm({ ...form, [name]: e.target.value });
  const add = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    try {
      const reply = await conn.write('call.late', { email: form.email.trim(), until: `${form.day}T${form.time}`, reason: form.reason.trim() });
      const text = t(reply.known ? 'call.late_told' : 'call.late_unknown', { email: reply.email });
      announce(text);
      setSaid(text);
      setForm(blank);
      await done();
    } catch (x) {
      setError(whyOf(x));
    }
    setBusy(false);
  };
  return html`<p class="hint">${t('call.late_hint')}</p>
    <form class="late-form" onSubmit=${add}><label class="field"><span>${t('call.late_email')}</span><input type="email" required maxlength="254" autocomplete="off" value=${form.email} onInput=${set('email')} /></label>
      <label class="field"><span>${t('call.late_day')}</span><input type="date" required value=${form.day} onInput=${set('day')} /></label>
      <label class="field"><span>${t('call.time')}</span><input class="num" inputmode="numeric" required maxlength="5" pattern="[0-2][0-9]:[0-5][0-9]" dir="ltr" value=${form.time} onInput=${set('time')} onBlur=${(/** @type {any} */ e) => tidyTime(e.target.value) && setForm({ ...form, time: tidyTime(e.target.value) })} /></label>
      <label class="field"><span>${t('call.late_reason')}</span><input required maxlength="500" dir="auto" value=${form.reason} onInput=${set('reason')} /></label>
      <button class="second" type="submit" disabled=${busy}>${t('call.late_add')}</button></form>
    <p class="error" role="alert">${error}</p>${said ? html`<p class="said">${said}</p>` : null}
    ${doc.late.length ? html`<ul class="rows">${doc.late.map((/** @type {any} */ l) => html`<li key=${l.email} class="past-row"><strong dir="auto">${l.name || l.email}</strong> ${l.name ? html`<span class="hint">${l.email}</span>` : null}
      <span class="num">${t('call.until', { time: `${dayMonth(Date.parse(l.until))} ${clock(Date.parse(l.until))}` })}</span>${Date.parse(l.until) < conferenceTime() ? html` <span class="tag">${t('call.over')}</span>` : null} <span dir="auto">${l.reason}</span></li>`)}</ul>` : html`<p class="empty-line">${t('call.late_none')}</p>`}`;
}
