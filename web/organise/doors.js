// web/organise/doors.js: what a door is made of: lists with their rules, zones, categories of people, and the stations that stand there
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { has } from '../ui/app.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { Lists, Zones, Categories, Seats } from './lists.js';
import { DoorNotes } from './door_notes.js';
import { Stations } from './stations.js';
import { Part } from './part.js';

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Doors({ conn, args }) {
  const [doors, setDoors] = useState(/** @type {import('./lists.js').Doors | null} */ (null));
  const [error, setError] = useState('');
  const organiser = has('organiser');
  const read = () => (organiser ? conn.call('checkin.settings') : conn.call('checkin.lists').then((r) => ({ lists: r.lists, zones: [], categories: [] })))
    .then((d) => setDoors(d)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), [organiser]);
  if (!doors) return html`<h1>${t('view.doors')}</h1>${error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${6} />`}`;
  const chosen = (/** @type {string} */ prefix) => (args[0] === prefix ? args[1] || '' : '');
  return html`<h1>${t('view.doors')}</h1>
    ${organiser ? html`<${Part} id="lists" title=${t('lists.title')}><p class="hint">${t('lists.hint')}</p><${Lists} conn=${conn} doors=${doors} selected=${['zone', 'category'].includes(args[0]) ? '' : args[0] || ''} done=${read} /><${Seats} conn=${conn} doors=${doors} done=${read} /><//>
    <${Part} id="zones" title=${t('zones.title')}><p class="hint">${t('zones.hint')}</p><${Zones} conn=${conn} doors=${doors} selected=${chosen('zone')} done=${read} /><//>
    <${Part} id="categories" title=${t('categories.title')}><p class="hint">${t('categories.hint')}</p><${Categories} conn=${conn} doors=${doors} selected=${chosen('category')} done=${read} /><//>
    <${Part} id="notes" title=${t('notes.title')}><${DoorNotes} conn=${conn} doors=${doors} /><//>` : null}
    <${Part} id="stations" title=${t('organise.stations')}><${Stations} conn=${conn} lists=${doors.lists} /><//>`;
}
