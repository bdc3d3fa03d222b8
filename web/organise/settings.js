// web/organise/settings.js: the conference itself: its name, place, zone and days, and what the front page says first
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { draft } from './draft.js';
import { Editor } from './form.js';
import { changed } from './plan.js';
import { Part } from './part.js';
import { Another } from './another.js';

const NAMES = ['title', 'subtitle', 'venue', 'zone', 'starts', 'ends', 'lead_en', 'lead_da'];

/** @returns {string[]} */
const zones = () => (typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []);

/** @returns {import('./form.js').FieldDef[]} */
const fields = () => [
  { name: 'title', label: t('settings.title'), required: true, max: 200 },
  { name: 'subtitle', label: t('settings.subtitle'), max: 300 },
  { name: 'venue', label: t('settings.venue'), max: 200, half: true },
  { name: 'zone', label: t('settings.zone'), half: true, hint: t('settings.zone_hint'),
    own: ({ id, value, set }) => html`<input id=${id} required list=${`${id}-zones`} dir="ltr" autocomplete="off" aria-label=${t('settings.zone')} value=${value || ''} onInput=${(/** @type {any} */ e) => set(e.target.value)} /><datalist id=${`${id}-zones`}>${zones().map((z) => html`<option key=${z} value=${z} />`)}</datalist>` },
  { name: 'starts', label: t('settings.starts'), kind: 'date', required: true, half: true },
  { name: 'ends', label: t('settings.ends'), kind: 'date', required: true, half: true },
  { name: 'lead_en', label: t('settings.lead_en'), kind: 'area', rows: 3, max: 2000 },
  { name: 'lead_da', label: t('settings.lead_da'), kind: 'area', rows: 3, max: 2000 },
];

/** A conference as its form has it. @param {any} c */
export const formOfConference = (c) => ({ title: c.title || '', subtitle: c.subtitle || '', venue: c.venue || '', zone: c.zone || '', starts: c.starts || '', ends: c.ends || '', lead_en: c.info?.lead?.en || '', lead_da: c.info?.lead?.da || '', info: c.info || {}, version: c.version });

/** What was changed; the rest of `info` stays as it is. @param {any} mine @param {any} base */
export function editOf(mine, base) {
  /** @type {Record<string, any>} */
  const out = { expect_version: base.version };
  for (const n of changed(base, mine, NAMES)) if (!n.startsWith('lead_')) out[n] = mine[n];
  if (changed(base, mine, ['lead_en', 'lead_da']).length) out.info = { ...base.info, lead: { ...base.info.lead, en: mine.lead_en, da: mine.lead_da } };
  return out;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Settings({ conn }) {
  const [row, setRow] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const version = draft.value?.conference.version;
  useEffect(() => void conn.call('conference.get').then((c) => setRow(c.conference || c)).catch((e) => setError(whyOf(e))), [version]);
  if (!row) return html`<h1>${t('view.settings')}</h1>${error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${5} />`}`;
  return html`<h1>${t('view.settings')}</h1><${Editor} name="conference" id="conference" row=${formOfConference(row)} fields=${fields()} fromServer=${formOfConference} save=${(/** @type {any} */ mine, /** @type {any} */ base) => conn.write('conference.edit', editOf(mine, base))} />
    <${Part} id="another-part" title=${t('another.title')}><${Another} conn=${conn} zone=${row.zone} zoneField=${/** @type {any} */ (fields().find((f) => f.name === 'zone'))} /><//>`;
}
