// web/organise/views.js: the one list of the table's views, in the order of its navigation. A new view: its file, a line here, its words `view.<name>`
import { Timetable } from './timetable.js';
import { Sessions } from './sessions.js';
import { Rooms } from './rooms.js';
import { Topics } from './topics.js';
import { Guests } from './guests.js';
import { People } from './people.js';
import { Release } from './release.js';
import { Board } from './board.js';
import { Doors } from './doors.js';
import { Day } from './day.js';
import { Notices } from './notices.js';
import { Settings } from './settings.js';
import { changes } from './draft.js';
import { Streams } from './streams.js';
import { Questions } from './questions.js';
import { Badges } from './badges.js';
import { Review } from './review.js';
import { Selection } from './selection_later.js';
import { MailLater } from './mail_later.js';
import { Call } from './call.js';
import { Posters } from './posters_later.js';

/**
 * `name` is the address (#/name) and the key of its label; `also` are addresses of the same view (#/session/<id>).
 * `view` gets the connection, the name and what follows it in the address. `count` is a small number beside the label.
 * Those of `plan` stand in the line themselves, the other groups are menus `group.<group>` in it.
 * @typedef {{name: string, also?: string[], roles: string[], group: 'plan' | 'offers' | 'coming' | 'day' | 'house', view: any, count?: () => number}} View
 */

/** @type {View[]} */
export const VIEWS = [
  { name: 'timetable', roles: ['organiser'], group: 'plan', view: Timetable },
  { name: 'sessions', also: ['session'], roles: ['organiser'], group: 'plan', view: Sessions },
  { name: 'rooms', roles: ['organiser'], group: 'plan', view: Rooms },
  { name: 'topics', roles: ['organiser'], group: 'plan', view: Topics },
  { name: 'release', roles: ['organiser'], group: 'plan', view: Release, count: () => changes.value },
  { name: 'call', roles: ['organiser'], group: 'offers', view: Call },
  { name: 'review', roles: ['organiser'], group: 'offers', view: Review },
  { name: 'selection', roles: ['organiser'], group: 'offers', view: Selection },
  { name: 'posters', roles: ['organiser'], group: 'offers', view: Posters },
  { name: 'guests', roles: ['organiser'], group: 'coming', view: Guests },
  { name: 'people', roles: ['organiser', 'desk'], group: 'coming', view: People },
  { name: 'mail', roles: ['organiser'], group: 'coming', view: MailLater },
  { name: 'day', roles: ['organiser', 'desk'], group: 'day', view: Day },
  { name: 'notices', roles: ['organiser', 'desk'], group: 'day', view: Notices },
  { name: 'board', roles: ['organiser', 'desk'], group: 'day', view: Board },
  { name: 'doors', roles: ['organiser', 'desk'], group: 'day', view: Doors },
  { name: 'badges', roles: ['organiser', 'desk'], group: 'day', view: Badges },
  { name: 'streams', roles: ['organiser', 'desk'], group: 'day', view: Streams },
  { name: 'questions', roles: ['organiser'], group: 'house', view: Questions },
  { name: 'settings', roles: ['organiser'], group: 'house', view: Settings },
];
