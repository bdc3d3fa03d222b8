// web/organise/staff.js: who has which role beyond taking part; roles are given and taken with a tick
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { useFind } from './person.js';

const ROLES = ['organiser', 'moderator', 'desk', 'speaker'];

/** @param {{conn: import('../protocol.js').Connection, done: () => void}} props */
function Add({ conn, done }) {
  const [text, setText] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('moderator');
  const [error, setError] = useState('');
  const { found, error: notFound } = useFind(conn, text);
  const grant = async (/** @type {any} */ who) => {
    try {
      await conn.write('people.grant', { ...who, role, value: true });
      announce(t('staff.granted', { name: who.name || text, role: t(`role.${role}`) }));
      setText('');
      setEmail('');
      setError('');
      done();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  return html`<form class="staff-add" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); grant({ email: email.trim(), name: text.trim() }); }}>
    <label class="field"><span>${t('staff.role')}</span><select value=${role} onChange=${(/** @type {any} */ e) => setRole(e.target.value)}>${ROLES.map((r) => html`<option key=${r} value=${r}>${t(`role.${r}`)}</option>`)}</select></label>
    <label class="field"><span>${t('form.name')}</span><input type="text" dir="auto" required autocomplete="off" maxlength="200" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    <label class="field"><span>${t('sign.email')}</span><input type="email" required autocomplete="off" maxlength="254" value=${email} onInput=${(/** @type {any} */ e) => setEmail(e.target.value)} /></label>
    <button class="second" type="submit">${t('staff.invite')}</button></form>
    <p class="hint">${t('staff.hint')}</p><p class="error" role="alert">${error || notFound}</p>
    ${found?.length ? html`<ul class="chips">${found.map((p) => html`<li key=${p.id}><button type="button" class="second" onClick=${() => grant({ person: p.id })}><span dir="auto">${t('staff.give', { name: p.name, role: t(`role.${role}`) })}</span></button></li>`)}</ul>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Staff({ conn }) {
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [error, setError] = useState('');
  const read = () => conn.call('people.staff').then((r) => { setRows(r.people || r.staff); setError(''); }).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  // As it was pressed, and each answer says nothing of the other ticks: those may be on their way.
  const set = async (/** @type {any} */ p, /** @type {string} */ role, /** @type {boolean} */ value) => {
    setRows((all) => (all || []).map((x) => (x.id === p.id ? { ...x, roles: [...x.roles.filter((/** @type {string} */ r) => r !== role), ...(value ? [role] : [])] } : x)));
    try {
      await conn.write('people.grant', { person: p.id, role, value });
      announce(t('form.saved'));
      setError('');
    } catch (e) {
      setError(whyOf(e));
      read();
    }
  };
  return html`<${Add} conn=${conn} done=${read} /><p class="error" role="alert">${error}</p>
    ${rows?.length ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="staff-h"><table class="grid staff"><thead><tr><th scope="col">${t('form.name')}</th>${ROLES.map((r) => html`<th key=${r} scope="col" class="role">${t(`role.${r}`)}</th>`)}</tr></thead>
      <tbody>${rows.map((p) => html`<tr key=${p.id}><th scope="row"><span dir="auto">${p.name}</span>${p.email ? html`<br /><span class="hint" dir="ltr">${p.email}</span>` : null}</th>${ROLES.map((r) => html`<td key=${r} class="role"><input type="checkbox" aria-label=${`${p.name}: ${t(`role.${r}`)}`} checked=${p.roles.includes(r)} disabled=${r === 'organiser' && p.id === person.value?.id} onChange=${(/** @type {any} */ e) => set(p, r, e.target.checked)} /></td>`)}</tr>`)}</tbody></table></div>` : null}`;
}
