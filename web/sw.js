// web/sw.js: keeps a page's files for a device without network. Built twice. The attend page itself comes from the network whenever there
// is one; the kiosk's (PINNED) always from here, and another version only when the page says so: nothing changes while people stand at a
// door. Files whose name is their content come from here. What is kept of people is the page's own business (attend/kept.js, kiosk/keep.js).
/* global VERSION, KEEP, ROOM, PINNED */

/** @typedef {{waitUntil(p: Promise<any>): void, request: Request, respondWith(p: Promise<Response>): void}} SwEvent */
const worker = /** @type {any} */ (self);
/** @type {string} */
// @ts-ignore put in by the build
const version = VERSION;
/** @type {string[]} */
// @ts-ignore put in by the build
const keep = KEEP;

/** @type {string} */
// @ts-ignore put in by the build
const room = ROOM;
/** @type {boolean} */
// @ts-ignore put in by the build
const pinned = PINNED;

const CACHES = `plenum-${room}-`;
const NAME = `${CACHES}${version}`;
/** Longer than this is no network for somebody in a tunnel. */
const PATIENCE = 6000;

/** The page of this worker's conference: its policy says which streams may play, so each keeps its own. */
const HOME = new URL(worker.registration.scope).pathname;

worker.addEventListener('install', (/** @type {SwEvent} */ e) => {
  const fill = async () => {
    const cache = await caches.open(NAME);
    await cache.addAll([...keep, new Request(HOME, { cache: 'no-cache' })]);
    // A page that is open keeps working: its own files stay in the older cache.
    if (!pinned) await worker.skipWaiting();
  };
  e.waitUntil(fill());
});

worker.addEventListener('activate', (/** @type {SwEvent} */ e) => {
  const tidy = async () => {
    const names = (await caches.keys()).filter((n) => n.startsWith(CACHES));
    const older = names.filter((n) => n !== NAME);
    // The one before stays: pages made from it may still be open and ask for their parts.
    await Promise.all(older.slice(0, -1).map((n) => caches.delete(n)));
    await worker.clients.claim();
  };
  e.waitUntil(tidy());
});

if (pinned) worker.addEventListener('message', (/** @type {{data: any}} */ e) => e.data === 'take' && worker.skipWaiting());

/** The page: from the network, and only without one from here; pinned, the other way round. @param {Request} request */
async function page(request) {
  const cache = await caches.open(NAME);
  const own = pinned && (await cache.match(HOME));
  if (own) return own;
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const reply = await fetch(request.url, { credentials: 'same-origin', cache: 'no-cache', signal: gone.signal });
    // An error from in front of the gateway is no reason to take the page away.
    if (reply.ok) await cache.put(HOME, reply.clone());
    if (reply.status < 500) return reply;
    return (await cache.match(HOME)) || reply;
  } catch {
    return (await cache.match(HOME)) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Request} request */
async function file(request) {
  const found = await caches.match(request, { ignoreVary: true });
  if (found) return found;
  const reply = await fetch(request);
  if (reply.ok) (await caches.open(NAME)).put(request, reply.clone());
  return reply;
}

worker.addEventListener('fetch', (/** @type {SwEvent} */ e) => {
  const url = new URL(e.request.url);
  if (url.origin !== worker.location.origin || e.request.method !== 'GET') return;
  if (e.request.mode === 'navigate' && url.pathname === HOME) e.respondWith(page(e.request));
  else if (url.pathname.startsWith('/assets/')) e.respondWith(file(e.request));
});
