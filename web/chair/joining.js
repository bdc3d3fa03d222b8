// web/chair/joining.js: the code of the QR becomes this phone's token; the code leaves the address before anything else happens
import { signal } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { keepToken } from '../ui/device.js';
import { whyOf } from '../ui/chrome.js';

const place = `plenum-chair:${slug}`;

/** What the address brought: once, and not in the history. */
function fromAddress() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

let code = fromAddress();
export const joining = signal(!!code);
export const failed = signal('');

/** The session this phone is the chair of, as the reply to its code said. */
export function keptSession() {
  try {
    return localStorage.getItem(place) || '';
  } catch {
    return '';
  }
}

/** Spends the code, if the address brought one. @returns {Promise<boolean>} whether there is a new token */
export async function join() {
  if (!code) return false;
  joining.value = true;
  failed.value = '';
  try {
    const reply = await fetch('/auth/chair', { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ slug, code }) });
    const json = await reply.json().catch(() => ({}));
    if (reply.ok) {
      await keepToken('chair', slug, json.token);
      try {
        localStorage.setItem(place, json.session?.id || json.session || '');
      } catch {
        // The connection says it too.
      }
      code = '';
    } else if (reply.status < 500 && reply.status !== 429) {
      // Used, expired or mistyped: only a new one helps.
      code = '';
      failed.value = t('chair.bad_code');
    } else failed.value = whyOf({ fault: json.fault || 'busy' });
    return reply.ok;
  } catch {
    failed.value = t('fault.network');
    return false;
  } finally {
    joining.value = false;
  }
}

/** Whether the same code may be tried again. */
export const again = () => !!code;

/** The same tab opened by another code: phones keep tabs. @param {() => void} then */
export function onCode(then) {
  addEventListener('hashchange', () => {
    const next = fromAddress();
    if (!next) return;
    code = next;
    then();
  });
}
