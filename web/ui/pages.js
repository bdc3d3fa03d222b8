// web/ui/pages.js: the conference's other pages for attendees, as far as there is something behind them, and the ways there
import { effect, signal } from './dom.js';
import { t } from '../i18n/index.js';
import { session, slug } from './app.js';
import { under } from '../wire.js';

/** Which of posters, book and register are open and have something in them. */
const shown = signal(/** @type {string[]} */ ([]));
/** Whether the server has said it, or could not be asked. */
export const pagesRead = signal(false);
/** A page that stays open all day hears of more when it is looked at again, at most so often. */
const FRESH = 10 * 60000;
const PATIENCE = 5000;

let asked = -Infinity;

async function read() {
  asked = performance.now();
  try {
    const reply = await fetch(under(slug, '/conference.json'), { signal: AbortSignal.timeout(PATIENCE) });
    if (reply.ok) shown.value = (await reply.json()).pages || [];
  } catch {
    // They are only not offered.
  }
  pagesRead.value = true;
}

/** Asked once there is a connection: without one there is nothing behind them either. */
export function followPages() {
  effect(() => void (session.value && asked < 0 && read()));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && session.value && performance.now() - asked > FRESH && read());
}

/** @param {string[]} names in the order in which they are shown @returns {{name: string, href: string, text: string}[]} */
export const pageLinks = (names) => names.filter((n) => shown.value.includes(n)).map((name) => ({ name, href: under(slug, `/${name}`), text: t(`pages.${name}`) }));
