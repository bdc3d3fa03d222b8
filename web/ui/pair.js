// web/ui/pair.js: pairing a screen like a television: it shows a code, somebody confirms it at the desk
import { html, useEffect, useState } from './dom.js';
import { t } from '../i18n/index.js';
import { keepToken } from './device.js';

/** @param {{kind: 'kiosk' | 'stage', slug: string, done: () => void}} props */
export function Pair({ kind, slug, done }) {
  const [code, setCode] = useState('');
  const [error, setError] = useState('');
  useEffect(() => {
    let gone = false;
    const wait = (/** @type {number} */ ms) => new Promise((r) => setTimeout(r, ms));
    const post = (/** @type {string} */ path, /** @type {any} */ body) => fetch(path, { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    (async () => {
      while (!gone) {
        try {
          const start = await post('/auth/device', { slug, kind });
          if (!start.ok) throw new Error(String(start.status));
          const asked = await start.json();
          const until = performance.now() + asked.expires_in * 1000;
          setCode(asked.user_code);
          setError('');
          while (!gone && performance.now() < until) {
            await wait(asked.interval * 1000);
            const reply = await post('/auth/device/poll', { device_code: asked.device_code }).catch(() => null);
            if (!reply || reply.status === 202 || reply.status === 429) continue;
            if (!reply.ok) break;
            await keepToken(kind, slug, (await reply.json()).token);
            if (!gone) done();
            return;
          }
        } catch {
          setError(t('pair.failed'));
          await wait(5000);
        }
      }
    })();
    return () => (gone = true);
  }, []);
  return html`<section class="pair" aria-labelledby="pair-h"><h1 id="pair-h">${t(`pair.${kind}`)}</h1>
    <p class="pair-code" dir="ltr" aria-live="polite">${code || '····'}</p><p>${t('pair.how')}</p><p class="pair-where">${location.host}/organise</p><p class="error" role="alert">${error}</p></section>`;
}
