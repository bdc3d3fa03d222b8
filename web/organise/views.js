// web/organise/views.js: the one list of the table's views, in the order of its navigation. A new view: its file, a line here, its words `view.<name>`
import { Release } from './release.js';
import { People } from './people.js';
import { Doors } from './doors.js';
import { Notices } from './notices.js';

/**
 * `name` is the address (#/name) and the key of its label; `also` are addresses of the same view (#/session/<id>).
 * `view` gets the connection and what follows the name in the address. `count` is a small number beside the label.
 * @typedef {{name: string, also?: string[], roles: string[], group: 'plan' | 'day' | 'house', view: any, count?: () => number}} View
 */

/** @type {View[]} */
export const VIEWS = [
  { name: 'people', roles: ['organiser', 'desk'], group: 'plan', view: People },
  { name: 'release', roles: ['organiser'], group: 'plan', view: Release },
  { name: 'notices', roles: ['organiser', 'desk'], group: 'day', view: Notices },
  { name: 'doors', roles: ['organiser', 'desk'], group: 'day', view: Doors },
];
