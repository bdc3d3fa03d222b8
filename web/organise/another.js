// web/organise/another.js: another conference on the same server, made by an organiser of this one
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { fold } from '../store.js';
import { under } from '../wire.js';
import { Editor } from './form.js';

/** A title as an address may have it: "EMBL Masterclass: Data" → embl-masterclass-data. @param {string} title */
export const slugFrom = (title) => fold(title).replace(/[^a-z0-9]+/g, '-').slice(0, 40).replace(/^-+|-+$/g, '');
/** Written for the browser's own check, which reads it as a set of the newer kind. */
const SLUG = '[a-z0-9][a-z0-9\\-]*';

/** @param {import('./form.js').FieldDef} zone as the conference's own form has it @returns {import('./form.js').FieldDef[]} */
const fields = (zone) => [
  { name: 'title', label: t('settings.title'), required: true, max: 300,
    // The address follows the title until somebody writes another.
    own: ({ id, value, row, patch }) => html`<input id=${id} type="text" dir="auto" required autocomplete="off" maxlength="300" aria-label=${t('settings.title')} value=${value} onInput=${(/** @type {any} */ e) => patch({ title: e.target.value, ...(row.slug === slugFrom(row.title) ? { slug: slugFrom(e.target.value) } : {}) })} />` },
  { name: 'slug', label: t('another.slug'), hint: t('another.slug_hint'), half: true,
    own: ({ id, value, set }) => html`<input id=${id} type="text" dir="ltr" required autocomplete="off" autocapitalize="none" spellcheck=${false} maxlength="40" pattern=${SLUG} aria-label=${t('another.slug')} value=${value} onInput=${(/** @type {any} */ e) => set(e.target.value.toLowerCase())} />` },
  zone,
  { name: 'starts', label: t('settings.starts'), kind: 'date', required: true, half: true },
  { name: 'ends', label: t('settings.ends'), kind: 'date', required: true, half: true },
  { name: 'venue', label: t('settings.venue'), max: 200 },
];

/** @param {{conn: import('../protocol.js').Connection, zone: string, zoneField: import('./form.js').FieldDef}} props */
export function Another({ conn, zone, zoneField }) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState(/** @type {{slug: string, title: string} | null} */ (null));
  const save = async (/** @type {any} */ mine) => {
    if (mine.ends < mine.starts) throw { fault: 'another.days' };
    try {
      const reply = await conn.write('conference.create', { title: mine.title, slug: mine.slug, zone: mine.zone, starts: mine.starts, ends: mine.ends, ...(mine.venue ? { venue: mine.venue } : {}) });
      setMade({ slug: reply.slug, title: mine.title });
      return reply;
    } catch (e) {
      const x = /** @type {any} */ (e);
      throw x?.fault === 'limit.size' && x.data?.current?.conferences ? { fault: 'another.full' } : x;
    }
  };
  if (made) return html`<div role="status"><p>${t('another.made')} <strong dir="auto">${made.title}</strong></p><p><a class="primary" href=${under(made.slug, '/organise')}>${t('another.open')}</a> <button type="button" class="link" onClick=${() => setMade(null)}>${t('another.more')}</button></p></div>`;
  if (!open) return html`<p class="hint">${t('another.hint')}</p><p><button type="button" class="second" onClick=${() => setOpen(true)}>${t('another.begin')}</button></p>`;
  return html`<p class="hint">${t('another.hint')}</p><${Editor} name="another" id="another" row=${{ title: '', slug: '', zone, starts: '', ends: '', venue: '' }} fields=${fields(zoneField)} save=${save} saveLabel=${t('another.make')} cancel=${() => setOpen(false)} />`;
}
