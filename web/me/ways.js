// web/me/ways.js: where else there is something for one: what one reviews, moderates, runs and gives, and the pages for everybody
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { has, slug } from '../ui/app.js';
import { Arrow } from '../ui/icons.js';
import { pageLinks } from '../ui/pages.js';
import { under } from '../wire.js';

/** By role: the page and its words. */
const TASKS = /** @type {[string[], string, string][]} */ ([
  [['reviewer'], '/review', 'me.to_review'],
  [['speaker'], '/attend#/speaker', 'me.to_speaker'],
  [['moderator'], '/moderate', 'me.to_moderate'],
  [['moderator', 'desk', 'organiser'], '/run', 'me.to_run'],
  [['desk', 'organiser'], '/organise', 'me.to_organise'],
]);

export function Ways() {
  const tasks = TASKS.filter(([roles]) => has(...roles)).map(([, path, key]) => ({ name: path, href: under(slug, path), text: t(key) }));
  const pages = pageLinks(['posters', 'book']);
  if (!tasks.length && !pages.length) return null;
  const link = (/** @type {{name: string, href: string, text: string}} */ x) => html`<li key=${x.name}><a href=${x.href}>${x.text}<${Arrow} /></a></li>`;
  return html`<nav class="ways" aria-label=${t('me.ways')}><ul>${tasks.map(link)}${pages.map(link)}</ul></nav>`;
}
