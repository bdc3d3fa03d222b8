// web/organise/route.js: which view the address names: #/timetable/2021-05-02 is the view `timetable` with one argument
import { signal } from '../ui/dom.js';

/** @param {string} hash @returns {{name: string, args: string[]}} */
export function parse(hash) {
  const [name = '', ...args] = hash.replace(/^#\/?/, '').split('/').map((part) => decodeURIComponent(part));
  return { name, args };
}

/** @param {...string} parts */
export const href = (...parts) => `#/${parts.map(encodeURIComponent).join('/')}`;

export const route = signal(parse(location.hash));
addEventListener('hashchange', () => (route.value = parse(location.hash)));

/** @param {...string} parts */
export const go = (...parts) => void (location.hash = href(...parts));

/** Still there: a reply that comes late leads nobody away from where they have gone meanwhile. @param {...string} parts */
export const at = (...parts) => location.hash === href(...parts);

/** The same view with other arguments, without a step in the history. @param {...string} parts */
export function stay(...parts) {
  history.replaceState(null, '', href(...parts));
  route.value = parse(location.hash);
}
