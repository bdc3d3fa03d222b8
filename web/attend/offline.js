// web/attend/offline.js: registers the worker that keeps this page's files, for the attend page alone
import { slug } from '../ui/app.js';
import { under } from '../wire.js';

const WORKER = '/sw.js';

export async function keepFiles() {
  // Not a secure context, or a browser without: the page works, it only needs the network.
  if (!navigator.serviceWorker) return;
  /** @type {any} */
  const types = /** @type {any} */ (window).trustedTypes;
  const policy = types?.createPolicy('plenum-worker', { createScriptURL: (/** @type {string} */ url) => (url === WORKER ? url : '') });
  try {
    const found = await navigator.serviceWorker.register(policy ? policy.createScriptURL(WORKER) : WORKER, { scope: under(slug, '/attend'), updateViaCache: 'none' });
    // A page that stays open all day hears of a newer one when it is looked at again.
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && navigator.onLine && found.update().catch(() => {}));
  } catch {
    // Private windows may refuse it.
  }
}
