// web/organise/scopes.js: which moderator looks after which rooms and sessions; one who is given none looks after everything
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { href } from './route.js';

/** @typedef {{room?: string | null, session?: string | null}} Scope */

/** @param {Scope} s */
const nameOf = (s) => (s.room ? schedule.value?.room.get(s.room)?.name : schedule.value?.session.get(s.session || '')?.title) || '';

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Scopes({ conn }) {
  const [rows, setRows] = useState(/** @type {{id: string, name: string, scopes: Scope[]}[] | null} */ (null));
  const [error, setError] = useState('');
  const read = () => conn.call('people.staff').then((r) => setRows((r.people || r.staff).filter((/** @type {any} */ p) => p.roles.includes('moderator')).map((/** @type {any} */ p) => ({ ...p, scopes: p.scope || [] })))).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  if (!rows) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${3} />`;
  const set = async (/** @type {string} */ person, /** @type {Scope} */ scope, /** @type {boolean} */ value) => {
    setError('');
    try {
      await conn.write('people.assign', { person, ...(scope.room ? { room: scope.room } : { session: scope.session }), value });
      announce(t('form.saved'));
    } catch (e) {
      setError(whyOf(e));
    }
    await read();
  };
  const s = schedule.value;
  const sessions = [...(s?.session.values() || [])].sort((a, b) => a.title.localeCompare(b.title));
  const choose = (/** @type {{id: string, name: string, scopes: Scope[]}} */ p) => html`<label class="field"><span class="out-of-sight">${t('scopes.add', { name: p.name })}</span><select value="" onChange=${(/** @type {any} */ e) => {
    const [kind, id] = e.target.value.split(':');
    e.target.value = '';
    if (id) set(p.id, { [kind]: id }, true);
  }}><option value="">${t('scopes.choose')}</option><optgroup label=${t('organise.rooms')}>${(s?.rooms || []).filter((r) => !p.scopes.some((x) => x.room === r.id)).map((r) => html`<option key=${r.id} value=${`room:${r.id}`}>${r.name}</option>`)}</optgroup>
    <optgroup label=${t('view.sessions')}>${sessions.filter((x) => !p.scopes.some((y) => y.session === x.id)).map((x) => html`<option key=${x.id} value=${`session:${x.id}`}>${x.title}</option>`)}</optgroup></select></label>`;
  return html`<p class="hint">${t('scopes.hint')}</p><p class="error" role="alert">${error}</p>
    ${rows.length ? html`<ul class="scopes">${rows.map((p) => html`<li key=${p.id}><span class="row-name" dir="auto">${p.name}</span>
      <ul class="chips">${p.scopes.length ? p.scopes.map((x) => html`<li key=${x.room || x.session}><button type="button" class="second" aria-label=${t('scopes.remove', { what: nameOf(x), name: p.name })} onClick=${() => set(p.id, x, false)}><span dir="auto">${nameOf(x)}</span> <span aria-hidden="true">×</span></button></li>`) : html`<li class="hint">${t('scopes.all')}</li>`}</ul>${choose(p)}</li>`)}</ul>` : html`<p class="empty-line">${t('scopes.none')} <a href=${href('people')}>${t('view.people')}</a></p>`}`;
}
