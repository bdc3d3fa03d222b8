// web/ui/device.js: what a device keeps in the browser: its token (a kiosk's scans and lists: kiosk/keep.js)
import { openDB } from 'idb';

const db = openDB('plenum', 1, {
  upgrade(base) {
    base.createObjectStore('device');
  },
});

/** @param {string} kind @param {string} slug @returns {Promise<string | null>} */
export async function deviceToken(kind, slug) {
  try {
    return (await (await db).get('device', `${kind}:${slug}`)) || null;
  } catch {
    return null;
  }
}

/** @param {string} kind @param {string} slug @param {string | null} token */
export async function keepToken(kind, slug, token) {
  if (token) await (await db).put('device', token, `${kind}:${slug}`);
  else await (await db).delete('device', `${kind}:${slug}`);
}
