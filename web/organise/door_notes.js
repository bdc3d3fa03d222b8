// web/organise/door_notes.js: what whoever stands at a door must know or do for somebody: for all at a list, for a category, for one person
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn, lang } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { Person } from './person.js';

/** @typedef {{id: string, list?: string, category?: string, person?: {id: string, name: string}, text: string, text_da?: string, confirm: boolean, confirmed?: number}} Note */

const BLANK = { text: '', text_da: '', confirm: false, whom: '', person: '' };

/** @param {{conn: import('../protocol.js').Connection, doors: import('./lists.js').Doors}} props */
export function DoorNotes({ conn, doors }) {
  const [notes, setNotes] = useState(/** @type {Note[] | null} */ (null));
  const [form, setForm] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const read = () => conn.call('note.list').then((r) => setNotes(r.notes)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  const put = (/** @type {any} */ values) => setForm((/** @type {any} */ f) => ({ ...f, ...values }));
  const run = async (/** @type {string} */ method, /** @type {any} */ params) => {
    setError('');
    try {
      await conn.write(method, params);
      announce(t('form.saved'));
      setForm(null);
      await read();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const save = (/** @type {Event} */ e) => {
    e.preventDefault();
    const [kind, id] = form.whom.split(':');
    const whom = kind === 'person' ? { person: form.person } : id ? { [kind]: id } : {};
    run('note.save', { ...(form.id ? { note: form.id } : {}), ...whom, text: form.text.trim(), ...(form.text_da.trim() ? { text_da: form.text_da.trim() } : {}), confirm: form.confirm });
  };
  const edit = (/** @type {Note} */ n) => setForm({ ...BLANK, ...n, text_da: n.text_da || '', whom: n.person ? 'person' : n.list ? `list:${n.list}` : n.category ? `category:${n.category}` : '', person: n.person?.id || '' });
  const whose = (/** @type {Note} */ n) => n.person?.name || doors.lists.find((l) => l.id === n.list)?.name || doors.categories.find((c) => c.id === n.category)?.name || t('lists.everybody');
  return html`<p class="hint">${t('notes.hint')}</p>
    ${notes && !notes.length && !form ? html`<p class="empty-line">${t('notes.none')}</p>` : null}
    ${notes?.length ? html`<ul class="rows">${notes.map((n) => html`<li key=${n.id} class="door-note"><span><strong dir="auto">${(lang.value === 'da' && n.text_da) || n.text}</strong><small class="hint" dir="auto">${whose(n)}${n.confirm ? ` · ${n.confirmed ? tn('notes.confirmed', n.confirmed) : t('notes.must')}` : ''}</small></span>
      <span class="row"><button type="button" class="link" onClick=${() => edit(n)}>${t('notes.edit')}</button><button type="button" class="link" aria-label=${t('notes.remove', { text: n.text })} onClick=${() => run('note.remove', { note: n.id })}>${t('form.remove')}</button></span></li>`)}</ul>` : null}
    ${form ? html`<form class="editor row-open" onSubmit=${save}>
        <label class="field"><span>${t('notes.text')}</span><input required dir="auto" maxlength="200" value=${form.text} onInput=${(/** @type {any} */ e) => put({ text: e.target.value })} /></label>
        <label class="field"><span>${t('notes.text_da')}</span><input lang="da" maxlength="200" value=${form.text_da} onInput=${(/** @type {any} */ e) => put({ text_da: e.target.value })} /></label>
        <label class="field"><span>${t('notes.whom')}</span><select value=${form.whom} onChange=${(/** @type {any} */ e) => put({ whom: e.target.value })}><option value="">${t('lists.everybody')}</option>
          <optgroup label=${t('lists.title')}>${doors.lists.map((l) => html`<option key=${l.id} value=${`list:${l.id}`}>${l.name}</option>`)}</optgroup>
          ${doors.categories.length ? html`<optgroup label=${t('categories.title')}>${doors.categories.map((c) => html`<option key=${c.id} value=${`category:${c.id}`}>${c.name}</option>`)}</optgroup>` : null}<option value="person">${t('notes.one')}</option></select></label>
        ${form.whom === 'person' ? html`<div class="field"><span>${t('notes.person')}</span><${Person} conn=${conn} id="note-person" value=${form.person} set=${(/** @type {string} */ id) => put({ person: id })} guess="" /></div>` : null}
        <label class="tick"><input type="checkbox" checked=${form.confirm} onChange=${(/** @type {any} */ e) => put({ confirm: e.target.checked })} /><span>${t('notes.confirm')}<span class="hint">${t('notes.confirm_hint')}</span></span></label>
        <div class="row"><button class="primary" type="submit" disabled=${form.whom === 'person' && !form.person}>${t('form.save')}</button><button type="button" class="link" onClick=${() => setForm(null)}>${t('cancel')}</button></div></form>`
      : html`<p><button type="button" class="primary" onClick=${() => setForm(BLANK)}>${t('notes.new')}</button></p>`}
    <p class="error" role="alert">${error}</p>`;
}
