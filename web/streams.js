// web/streams.js: which entry of a room's virtual side plays, as pure functions over the document of `stream.get` (tested in Node)

/**
 * @typedef {{id: string, kind: 'hls' | 'embed' | 'link', url: string | null, label: string, language: string, latency_ms: number | null, starts: string | null,
 *   ends: string | null, audio_url: string | null, captions_url: string | null, version: number}} Stream
 * @typedef {{room: string, current: string | null, switched: boolean, hold: {text: Record<string, string> | null, back_at: string | null, since: string} | null, streams: Stream[]}} Room
 */

const from = (/** @type {Stream} */ s) => (s.starts ? Date.parse(s.starts) : -Infinity);
const to = (/** @type {Stream} */ s) => (s.ends ? Date.parse(s.ends) : Infinity);

/** Whose time it is, what began last first: it was meant for this moment. @param {Room} room @param {number} now */
export const open = (room, now) => room.streams.filter((s) => from(s) <= now && now < to(s)).sort((a, b) => (from(a) === from(b) ? 0 : from(b) > from(a) ? 1 : -1));

/**
 * What plays: what staff switched to, else by the clock, among entries of one moment in the viewer's language.
 * @param {Room} room @param {number} now @param {string} [language] @returns {Stream | null}
 */
export function plays(room, now, language) {
  const switched = room.switched && room.streams.find((s) => s.id === room.current);
  if (switched) return switched;
  const all = open(room, now);
  return (language && all.find((s) => s.language === language)) || all[0] || null;
}

/** The languages one may choose between just now: none where there is no choice. @param {Room} room @param {number} now */
export function languages(room, now) {
  const found = [...new Set(open(room, now).map((s) => s.language).filter(Boolean))].sort();
  return !room.switched && found.length > 1 ? found : [];
}

/** When the next entry begins, as an instant; null: none will. @param {Room} room @param {number} now */
export const next = (room, now) => room.streams.map((s) => s.starts || '').filter((s) => s && Date.parse(s) > now).sort()[0] || null;

/** Lines of live captions, the newest last; those older than what a reader can follow are let go. @param {any[]} lines @param {any} line */
export const withCaption = (lines, line) => [...lines, line].slice(-20);
