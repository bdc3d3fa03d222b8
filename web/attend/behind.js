// web/attend/behind.js: how far this viewer is behind the hall, as the player knows it: a question goes to what its asker was watching
import { signal } from '../ui/dom.js';

const nobody = { room: '', read: () => 0 };
/** The room that plays here, and how to ask how far behind it is now, in milliseconds. */
export const watching = signal(/** @type {{room: string, read: () => number}} */ (nobody));

/** @param {string} room @param {() => number} read @returns {() => void} when it plays no longer */
export function plays(room, read) {
  const mine = { room, read };
  watching.value = mine;
  return () => {
    if (watching.value === mine) watching.value = nobody;
  };
}

/** 0 where nothing plays. @param {string | undefined} room */
export const behindNow = (room) => (room && watching.value.room === room ? watching.value.read() : 0);
