// web/ui/worker.js: registers the worker that keeps a page's files, for that page alone
import { under } from '../wire.js';

/** @param {string} slug @param {string} page @param {'/sw.js' | '/kiosk-sw.js'} file @returns {Promise<ServiceWorkerRegistration | undefined>} */
export async function keepFiles(slug, page, file) {
  // Not a secure context, or a browser without: the page works, it only needs the network.
  if (!navigator.serviceWorker) return undefined;
  /** @type {any} */
  const types = /** @type {any} */ (window).trustedTypes;
  const policy = types?.createPolicy('plenum-worker', { createScriptURL: (/** @type {string} */ url) => (url === file ? url : '') });
  try {
    return await navigator.serviceWorker.register(policy ? policy.createScriptURL(file) : file, { scope: under(slug, page), updateViaCache: 'none' });
  } catch {
    // Private windows may refuse it.
    return undefined;
  }
}
