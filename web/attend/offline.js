// web/attend/offline.js: the worker of the attend page
import { slug } from '../ui/app.js';
import { keepFiles as register } from '../ui/worker.js';

export async function keepFiles() {
  const found = await register(slug, '/attend', '/sw.js');
  // A page that stays open all day hears of a newer one when it is looked at again.
  if (found) document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && navigator.onLine && found.update().catch(() => {}));
}
