// web/organise/people.js: speakers, staff with their roles, and sign-in codes for people at the desk
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { has } from '../ui/app.js';
import { Skeleton } from '../ui/chrome.js';
import { draft } from './draft.js';
import { Part } from './part.js';
import { Rows } from './rows.js';
import { Codes } from './codes.js';
import { Staff } from './staff.js';
import { Person } from './person.js';
import { href } from './route.js';

/** @param {any} conn @returns {import('./form.js').FieldDef[]} */
const fields = (conn) => [
  { name: 'name', label: t('form.name'), required: true, max: 300 },
  { name: 'biography', label: t('speaker.biography'), kind: 'area', rows: 4, max: 8000 },
  { name: 'person', label: t('speaker.person'), hint: t('speaker.person_hint'), own: ({ id, value, set, row }) => html`<${Person} conn=${conn} id=${id} value=${value || ''} set=${set} guess=${row?.name || ''} />`, show: (v) => (v ? t('form.yes') : t('form.no')) },
];

/** Where a speaker speaks. @param {{id: string}} props */
function Speaks({ id }) {
  const found = [...(draft.value?.session.values() || [])].filter((s) => s.talks.some((x) => x.speakers.includes(id)));
  return found.length ? html`<p class="hint">${t('speaker.speaks')} ${found.slice(0, 20).map((s, i) => html`${i ? ', ' : ''}<a key=${s.id} href=${href('session', s.id)} dir="auto">${s.title}</a>`)}</p>` : null;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function People({ conn, args }) {
  const d = draft.value;
  const line = (/** @type {any} */ p) => html`<span class="row-name" dir="auto">${p.name}</span>${p.person ? html`<span class="hint">${t('speaker.has_person')}</span>` : null}`;
  const rows = [...(d?.speaker.values() || [])].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  if (!d && has('organiser')) return html`<h1>${t('view.people')}</h1><${Skeleton} n=${8} />`;
  return html`<h1>${t('view.people')}</h1>
    ${has('organiser') && d ? html`<${Part} id="speakers" title=${t('people.speakers')}><${Rows} conn=${conn} noun="speaker" view="people" rows=${rows} fields=${fields(conn)} selected=${args[0] || ''} line=${line} search=${rows.length > 8} extra=${(/** @type {any} */ p) => html`<${Speaks} id=${p.id} />`} /><//>
    <${Part} id="staff" title=${t('people.staff')}><${Staff} conn=${conn} /><//>` : null}
    <${Part} id="codes" title=${t('organise.codes')}><${Codes} conn=${conn} /><//>`;
}
