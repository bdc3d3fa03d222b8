// web/organise/plan.js: the draft as pure functions over its snapshot and events (tested in Node)

/**
 * @typedef {{id: string, name: string, capacity?: number | null, online_capacity?: number | null, ord: number, version: number}} Room
 * @typedef {{id: string, name: string, color?: string | null, ord: number, version: number}} Track
 * @typedef {{id: string, name: string, biography?: string, person?: string | null, version: number}} Speaker
 * @typedef {{id: string, title: string, speakers: string[]}} Talk
 * @typedef {{id: string, guid?: string, title: string, subtitle?: string, abstract?: string, description?: string, language?: string, kind?: string, track?: string | null, version: number, talks: Talk[]}} Session
 * @typedef {{id: string, session: string, room: string, start: string, end: string, state: string, anchor?: boolean, min_s?: number | null, overlap_ok?: boolean, version: number}} Slot
 * @typedef {{conference: any, rooms: Room[], tracks: Track[], room: Map<string, Room>, track: Map<string, Track>, speaker: Map<string, Speaker>, session: Map<string, Session>, slot: Map<string, Slot>}} Draft
 */

const byId = (/** @type {any[]} */ rows) => new Map((rows || []).map((r) => [r.id, r]));
const inOrder = (/** @type {Map<string, any>} */ rows) => [...rows.values()].sort((a, b) => a.ord - b.ord || a.name.localeCompare(b.name));

/** @param {any} doc @returns {Draft} */
export function draftFrom(doc) {
  const room = byId(doc.rooms);
  const track = byId(doc.tracks);
  return { conference: doc.conference || {}, rooms: inOrder(room), tracks: inOrder(track), room, track, speaker: byId(doc.speakers), session: byId(doc.sessions), slot: byId(doc.slots) };
}

/** The row of an event, which may stand alone or under its own name. @param {any} data @param {string} noun */
const rowOf = (data, noun) => (data && typeof data[noun] === 'object' && data[noun] ? data[noun] : data);

/** @param {Map<string, any>} rows @param {any} row */
function put(rows, row) {
  const old = rows.get(row.id);
  if (old && row.version !== undefined && row.version < old.version) return rows;
  return new Map(rows).set(row.id, old ? { ...old, ...row } : row);
}

/** @param {Map<string, any>} rows @param {string} id */
function without(rows, id) {
  const rest = new Map(rows);
  rest.delete(id);
  return rest;
}

/** An event of the channel `draft`. Null: read the draft again. @param {Draft} d @param {string} type @param {any} data @returns {Draft | null} */
export function applyDraft(d, type, data) {
  const [noun, verb] = type.split('.');
  const gone = verb === 'removed';
  const row = rowOf(data, noun);
  if (noun === 'conference') return { ...d, conference: { ...d.conference, ...row } };
  if (!['slot', 'session', 'room', 'track', 'speaker'].includes(noun) || typeof row?.id !== 'string' || row.refetch) return null;
  const rows = gone ? without(/** @type {any} */ (d)[noun], row.id) : put(/** @type {any} */ (d)[noun], verb === 'cancelled' ? { ...row, state: 'cancelled' } : row);
  const next = { ...d, [noun]: rows };
  if (noun === 'room') next.rooms = inOrder(rows);
  if (noun === 'track') next.tracks = inOrder(rows);
  // The slots of a session go with it.
  if (noun === 'session' && gone) next.slot = new Map([...d.slot].filter(([, s]) => s.session !== row.id));
  return next;
}

/** @param {Slot} a @param {Slot} b */
export const bySlotTime = (a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.end < b.end ? -1 : a.end > b.end ? 1 : a.id < b.id ? -1 : 1);

/** Sessions that stand nowhere, or only where they were cancelled. @param {Draft} d */
export function unplaced(d) {
  const placed = new Set([...d.slot.values()].filter((s) => s.state !== 'cancelled').map((s) => s.session));
  return [...d.session.values()].filter((s) => !placed.has(s.id)).sort((a, b) => a.title.localeCompare(b.title));
}

/** What lasts longer than this stands above the day and not in it. */
export const LONG = 14 * 36e5;

const begin = (/** @type {Slot} */ s) => Date.parse(s.start);
const finish = (/** @type {Slot} */ s) => Date.parse(s.end);

/**
 * The slots of one day: those that begin on it, and apart from them what runs for days and touches it.
 * @param {Iterable<Slot>} slots @param {number} from @param {number} to the day's first instant and the next day's
 */
export function ofDay(slots, from, to) {
  const day = [];
  const long = [];
  for (const s of slots) {
    if (finish(s) - begin(s) > LONG) {
      if (begin(s) < to && finish(s) > from) long.push(s);
    } else if (begin(s) >= from && begin(s) < to) day.push(s);
  }
  return { day: day.sort(bySlotTime), long: long.sort(bySlotTime) };
}

/** Every day that has something, is one of the conference's, or is asked for. @param {Iterable<Slot>} slots @param {(instant: string) => string} dayOf @param {string[]} more */
export function daysOf(slots, dayOf, more) {
  const days = new Set(more.filter(Boolean));
  for (const s of slots) {
    days.add(dayOf(s.start));
    if (finish(s) - begin(s) > LONG) days.add(dayOf(new Date(finish(s) - 1).toISOString()));
  }
  return [...days].sort();
}

/** The hours a day's grid shows: what is planned with room around it. @param {Slot[]} day @param {number} from first instant of the day */
export function hours(day, from) {
  const lo = Math.min(from + 9 * 36e5, ...day.map(begin));
  const hi = Math.max(from + 17 * 36e5, ...day.map(finish));
  const first = from + Math.max(0, Math.floor((lo - from) / 36e5) - 1) * 36e5;
  return { first, last: from + (Math.ceil((hi - from) / 36e5) + 1) * 36e5 };
}

/**
 * Side by side where they overlap: each slot's lane and how many lanes its group has.
 * @param {Slot[]} slots of one room, in order @param {number} least as long as a slot is drawn at least, in ms
 * @returns {Map<string, {lane: number, lanes: number}>}
 */
export function lanes(slots, least = 0) {
  const out = new Map();
  /** @type {{id: string, lane: number}[]} */
  let group = [];
  /** @type {number[]} */
  let ends = [];
  const close = () => {
    for (const x of group) out.set(x.id, { lane: x.lane, lanes: ends.length });
    group = [];
    ends = [];
  };
  for (const s of slots) {
    if (ends.length && begin(s) >= Math.max(...ends)) close();
    let lane = ends.findIndex((e) => e <= begin(s));
    if (lane < 0) lane = ends.length;
    ends[lane] = Math.max(finish(s), begin(s) + least);
    group.push({ id: s.id, lane });
  }
  close();
  return out;
}

/** What the preview says about each slot. @param {any} preview */
export function marksOf(preview) {
  /** @type {Map<string, {change?: string, overlap?: string[], clash?: {speaker: string, other: string}[]}>} */
  const marks = new Map();
  const at = (/** @type {any} */ x) => {
    const id = typeof x === 'string' ? x : x?.slot || x?.id;
    let m = marks.get(id);
    if (!m) marks.set(id, (m = {}));
    return m;
  };
  const id = (/** @type {any} */ x) => (typeof x === 'string' ? x : x?.slot || x?.id);
  for (const c of preview?.changes || []) at(c.slot).change = c.change;
  for (const o of preview?.overlaps || []) {
    for (const [one, other] of [[o.first, o.second], [o.second, o.first]]) {
      const m = at(one);
      (m.overlap ||= []).push(id(other));
    }
  }
  for (const c of preview?.clashes || []) {
    for (const [one, other] of [[c.first, c.second], [c.second, c.first]]) {
      const m = at(one);
      (m.clash ||= []).push({ speaker: c.speaker?.name || '', other: id(other) });
    }
  }
  return marks;
}

const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Three versions of one row: as the form began, as it stands in the form, as it is now on the server.
 * `mine`: changed by us alone; `theirs`: by somebody else alone; `both`: by both and differently, so that a person must choose.
 * @param {any} base @param {any} mine @param {any} theirs @param {string[]} names
 */
export function merge(base, mine, theirs, names) {
  /** @type {{mine: string[], theirs: string[], both: string[]}} */
  const out = { mine: [], theirs: [], both: [] };
  for (const name of names) {
    if (same(mine[name], theirs[name])) continue;
    if (same(base[name], theirs[name])) out.mine.push(name);
    else if (same(base[name], mine[name])) out.theirs.push(name);
    else out.both.push(name);
  }
  return out;
}

/** @param {any} base @param {any} mine @param {string[]} names which of them were changed */
export const changed = (base, mine, names) => names.filter((n) => !same(base[n], mine[n]));

/** The relative luminance contrast of two colours #rrggbb (WCAG). @param {string} a @param {string} b */
export function contrast(a, b) {
  const light = (/** @type {string} */ hex) => {
    const [r, g, c] = [1, 3, 5].map((i) => {
      const v = parseInt(hex.slice(i, i + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * c;
  };
  const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
  return (x + 0.05) / (y + 0.05);
}
