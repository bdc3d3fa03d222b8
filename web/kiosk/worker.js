// web/kiosk/worker.js: the worker that keeps this page's files: a station starts without network, and changes its version only while the door is closed
import { signal } from '../ui/dom.js';
import { slug } from '../ui/app.js';
import { keepFiles } from '../ui/worker.js';

/** Whether a newer version waits. */
export const newer = signal(false);
/** @type {ServiceWorkerRegistration | undefined} */
let registered;

const CHECK_MS = 10 * 60000;

/** @param {() => boolean} idle whether nobody is about to come */
export async function keepPage(idle) {
  registered = await keepFiles(slug, '/kiosk', '/kiosk-sw.js');
  if (!registered) return;
  const look = () => {
    newer.value = !!(registered?.waiting && navigator.serviceWorker.controller);
    if (newer.value && idle()) takeNewer();
  };
  registered.addEventListener('updatefound', () => registered?.installing?.addEventListener('statechange', look));
  setInterval(() => {
    if (navigator.onLine) registered?.update().catch(() => {});
    look();
  }, CHECK_MS);
  look();
}

/** The page is made anew by the version that waits. */
export function takeNewer() {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  registered?.waiting?.postMessage('take');
}
