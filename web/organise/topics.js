// web/organise/topics.js: topics and their colours, with what the colour is worth on light and on dark ground
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton } from '../ui/chrome.js';
import { draft } from './draft.js';
import { Rows } from './rows.js';
import { contrast } from './plan.js';

const HEX = /^#[0-9a-f]{6}$/i;
/** The grounds of the two themes; a mark needs 3:1 on both. */
const GROUNDS = /** @type {const} */ (['#fbfaf7', '#101319']);

/** @param {{value: string}} props */
function Worth({ value }) {
  if (!HEX.test(value || '')) return value ? html`<p class="error">${t('topic.hex')}</p>` : null;
  const worth = GROUNDS.map((g) => Math.round(contrast(value, g) * 10) / 10);
  const weak = worth.map((w, i) => (w < 3 ? t(i ? 'topic.dark' : 'topic.light') : '')).filter(Boolean);
  return html`<p class="worth" role="status">${GROUNDS.map((g, i) => html`<span key=${g} class="worth-one num" style=${`background:${g};color:${i ? '#fff' : '#111'}`}><i style=${`background:${value}`}></i>${worth[i].toFixed(1)} : 1</span>`)}
    <span class=${weak.length ? 'error' : 'hint'}>${weak.length ? t('topic.weak', { where: weak.join(', ') }) : t('topic.good')}</span></p>`;
}

/** @returns {import('./form.js').FieldDef[]} */
const fields = () => [
  { name: 'name', label: t('form.name'), required: true, max: 200 },
  { name: 'color', label: t('topic.color'), hint: t('topic.color_hint'), show: (v) => html`<span class="num">${v || t('form.nothing')}</span>`,
    own: ({ id, value, set }) => html`<span class="color"><input type="color" aria-label=${t('topic.pick')} value=${HEX.test(value || '') ? value : '#888888'} onInput=${(/** @type {any} */ e) => set(e.target.value)} /><input id=${id} type="text" dir="ltr" maxlength="7" aria-label=${t('topic.code')} placeholder="#2f6fde" pattern="#[0-9a-fA-F]{6}" value=${value || ''} onInput=${(/** @type {any} */ e) => set(e.target.value)} /></span><${Worth} value=${value} />` },
  { name: 'ord', label: t('form.order'), kind: 'number', min: 0, max: 100000, half: true },
];

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Topics({ conn, args }) {
  const d = draft.value;
  if (!d) return html`<h1>${t('view.topics')}</h1><${Skeleton} n=${4} />`;
  const line = (/** @type {any} */ r) => html`<span class="row-name" dir="auto"><i class="swatch" style=${r.color ? `background:${r.color}` : ''}></i>${r.name}</span>`;
  return html`<h1>${t('view.topics')}</h1><${Rows} conn=${conn} noun="track" view="topics" rows=${d.tracks} fields=${fields()} selected=${args[0] || ''} line=${line} removable blank=${{ name: '', color: '', ord: d.tracks.length + 1 }} />`;
}
