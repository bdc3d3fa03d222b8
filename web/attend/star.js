// web/attend/star.js: a star for a session: filled at once, hollow-edged until it is safe
import { html, signal, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person, status } from '../ui/app.js';
import { announce } from '../ui/live.js';
import { signin } from '../ui/signin.js';
import { whyOf } from '../ui/chrome.js';
import { Star as Mark } from '../ui/icons.js';
import { starEntry } from '../outbox.js';
import { uuid } from '../wire.js';
import { withStar } from '../store.js';
import { mine } from '../ui/app.js';
import { filter } from './route.js';
import { keep, lingers, own, stars } from './kept.js';

/** Why the last star of a session was refused. */
const refused = signal(/** @type {Map<string, string>} */ (new Map()));

/** @param {string} session @param {boolean} value */
async function set(session, value) {
  const rest = new Map(refused.value);
  rest.delete(session);
  refused.value = rest;
  try {
    const reply = await keep(starEntry(session, value, uuid()));
    mine.value = { ...mine.value, stars: withStar(mine.value.stars, session, reply.value) };
    announce(t(reply.value ? 'star.added' : 'star.removed'));
  } catch (e) {
    refused.value = new Map(refused.value).set(session, whyOf(e));
    announce(whyOf(e));
  }
}

/** Under a line that was just taken out of one's own programme. @param {{session: string, title: string}} props */
export const Undo = ({ session, title }) => html`<p class="taken">${t('star.taken')} <button type="button" class="link star-undo" aria-label=${t('star.undo_name', { title })} onClick=${() => {
  lingers(session, false);
  set(session, true);
}}>${t('star.undo')}</button></p>`;

/** @param {{session: string, title: string, words?: boolean}} props */
export function Star({ session, title, words }) {
  const on = stars.value.has(session);
  const onItsWay = own.value.some((e) => e.target === `star:${session}`);
  const offline = onItsWay && status.value.state !== 'open';
  const why = refused.value.get(session);
  const press = () => {
    const go = () => {
      if (filter.value.mine && !words) lingers(session, on);
      set(session, !on);
    };
    if (person.value) go();
    else signin.value = { why: t('sign.why_star'), then: () => set(session, true) };
  };
  const state = why || (offline ? t(words ? 'star.kept' : 'star.kept_short') : onItsWay ? t('star.saving') : on && words ? t('star.safe') : '');
  return html`<span class=${cx('starring', words && 'wordy')}><button type="button" class=${cx('star', on && 'on', onItsWay && 'unsafe')} aria-pressed=${on} onClick=${press} aria-label=${words ? null : t('star.name', { title })}><${Mark} />${words ? html`<span>${t(on ? 'star.starred' : 'star.do')}</span>` : null}</button>
    ${state ? html`<span class=${why ? 'star-state error' : 'star-state'}>${state}</span>` : null}</span>`;
}
