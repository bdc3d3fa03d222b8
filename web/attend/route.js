// web/attend/route.js: the address after the #: which view, and the programme's filter, so that a link or a step back finds the same list
import { signal } from '../ui/dom.js';

/** @typedef {{day: string, room: string, track: string, text: string, mine: boolean}} Filter */
/** @typedef {{view: 'home'} | {view: 'talk' | 'slot', id: string} | {view: 'release', n: number} | {view: 'releases'} | {view: 'speaker'} | {view: 'code'}} Route */

const NAMES = /** @type {const} */ ([['day', 'day'], ['room', 'room'], ['track', 'track'], ['text', 'q']]);

/** @param {string} hash @returns {Filter} */
export function filterOf(hash) {
  const q = new URLSearchParams(/^#\/\?(.*)$/.exec(hash)?.[1] || '');
  return { day: q.get('day') || '', room: q.get('room') || '', track: q.get('track') || '', text: q.get('q') || '', mine: q.get('mine') === '1' };
}

/** @param {Filter} filter */
export function addressOf(filter) {
  const q = new URLSearchParams();
  if (filter.mine) q.set('mine', '1');
  for (const [name, short] of NAMES) if (filter[name]) q.set(short, filter[name]);
  return q.size ? `#/?${q}` : '#/';
}

/** @param {string} hash @returns {Route} */
export function routeOf(hash) {
  const one = /^#\/(talk|slot)\/([\w-]+)/.exec(hash);
  if (one) return { view: /** @type {'talk' | 'slot'} */ (one[1]), id: one[2] };
  const release = /^#\/release\/(\d{1,9})/.exec(hash);
  if (release) return { view: 'release', n: Number(release[1]) };
  if (hash.startsWith('#/speaker')) return { view: 'speaker' };
  if (hash.startsWith('#/code')) return { view: 'code' };
  return hash.startsWith('#/release') ? { view: 'releases' } : { view: 'home' };
}

/** What a screen at the door showed: taken from the address at once, so that neither history nor a shoulder keeps it. */
export const doorToken = signal(takeDoor());

function takeDoor() {
  const token = /^#\/door\/([A-Za-z0-9]{16,64})$/.exec(location.hash)?.[1] || '';
  if (location.hash.startsWith('#/door')) history.replaceState(history.state, '', '#/');
  return token;
}

export const route = signal(routeOf(location.hash));
export const filter = signal(filterOf(location.hash));

let listTop = 0;

/** Changes what is shown of the programme, in the address too. @param {Partial<Filter>} change */
export function refine(change) {
  filter.value = { ...filter.value, ...change };
  history.replaceState(history.state, '', addressOf(filter.value));
}

export const isHome = () => route.value.view === 'home';
/** Where "Programme" leads: to the list as it was. */
export const homeAddress = () => addressOf(filter.value);

addEventListener('hashchange', () => {
  if (location.hash.startsWith('#/door')) doorToken.value = takeDoor();
  if (isHome()) listTop = scrollY;
  route.value = routeOf(location.hash);
  if (isHome()) filter.value = filterOf(location.hash);
  requestAnimationFrame(() => {
    scrollTo(0, isHome() ? listTop : 0);
    if (!isHome()) document.querySelector('h1')?.focus({ preventScroll: true });
  });
});
