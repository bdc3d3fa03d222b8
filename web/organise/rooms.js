// web/organise/rooms.js: rooms with their places, on site and online
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton } from '../ui/chrome.js';
import { draft } from './draft.js';
import { Rows } from './rows.js';
import { href } from './route.js';

/** @returns {import('./form.js').FieldDef[]} */
const fields = () => [
  { name: 'name', label: t('form.name'), required: true, max: 200 },
  { name: 'capacity', label: t('room.capacity'), kind: 'number', min: 1, max: 1000000, half: true },
  { name: 'online_capacity', label: t('room.online'), kind: 'number', min: 1, max: 10000000, hint: t('room.online_hint'), half: true },
  { name: 'ord', label: t('form.order'), kind: 'number', min: 0, max: 100000, hint: t('room.order_hint'), half: true },
];

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Rooms({ conn, args }) {
  const d = draft.value;
  if (!d) return html`<h1>${t('view.rooms')}</h1><${Skeleton} n=${4} />`;
  const line = (/** @type {any} */ r) => html`<span class="row-name" dir="auto">${r.name}</span><span class="hint num">${[r.capacity && t('room.seats', { n: r.capacity }), r.online_capacity && t('room.online_seats', { n: r.online_capacity })].filter(Boolean).join(' · ')}</span>`;
  return html`<h1>${t('view.rooms')}</h1><${Rows} conn=${conn} noun="room" view="rooms" rows=${d.rooms} fields=${fields()} selected=${args[0] || ''} line=${line} removable blank=${{ name: '', ord: d.rooms.length + 1 }}
      extra=${(/** @type {any} */ r) => html`<p class="row-extra"><a href=${href('streams', r.id)}>${t('room.streams')}</a></p>`} />`;
}
