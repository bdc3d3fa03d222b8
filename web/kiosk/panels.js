// web/kiosk/panels.js: the place where what a station can do besides scanning hangs itself up
/**
 * What a panel may use of the page it hangs on. Read profile, station and list inside a view: they are signals.
 * @typedef {{
 *   conn: import('../protocol.js').Connection,
 *   profile: import('@preact/signals').ReadonlySignal<Profile>,
 *   staffed: import('@preact/signals').ReadonlySignal<boolean>,
 *   station: import('@preact/signals').ReadonlySignal<any>,
 *   list: import('@preact/signals').ReadonlySignal<string>,
 *   scan: (text: string, how?: 'wedge' | 'typed' | 'camera' | 'panel') => void,
 *   open: (name: string | null) => void,
 *   hold: (ms: number) => void,
 *   dismiss: () => void,
 * }} Tools staffed: whether somebody stands here who can do something about a verdict; scan: as if the text had been read by a scanner; open: another panel, or null for none; hold: keeps the verdict that is shown at
 *   least so long from now; dismiss: puts it away
 * @typedef {'self_service' | 'gate' | 'desk' | 'print' | 'board' | 'staff'} Profile staff: no station, somebody signed in at their own screen
 * @typedef {{
 *   name: string,
 *   profiles: Profile[],
 *   label: string,
 *   icon?: () => any,
 *   when?: () => boolean,
 *   view?: (props: {tools: Tools}) => any,
 *   idle?: (props: {tools: Tools}) => any,
 *   verdict?: (props: {tools: Tools, shown: import('./door.js').Shown}) => any,
 *   start?: (tools: Tools) => void,
 *   take?: (text: string, how: 'wedge' | 'typed' | 'camera' | 'panel') => boolean,
 * }} Panel label: a key of the catalogue; when: whether it is of use now; view: opened by its button, takes the place of the instruction;
 *   idle: stands under the instruction while nobody is at the door; verdict: stands under the words of a verdict; start: once, with the page;
 *   take: whether a scanned text is this panel's own and no entry code: then it goes no further.
 *   An element of a verdict that takes a press marks itself with class "hands": a press elsewhere puts the verdict away.
 */

/** In the order of their buttons. @type {Panel[]} */
export const PANELS = [];

/** @param {Profile} profile */
export const panelsOf = (profile) => PANELS.filter((p) => p.profiles.includes(profile) && (!p.when || p.when()));
