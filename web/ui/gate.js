// web/ui/gate.js: a page for some roles only: sign in, or an honest refusal
import { html } from './dom.js';
import { t } from '../i18n/index.js';
import { session, person, has, status } from './app.js';
import { Skeleton } from './chrome.js';
import { SignInForm, signOut } from './signin.js';

/** @param {{conn: import('../protocol.js').Connection, wanted: string[], about: string, children?: any}} props */
export function Gate({ conn, wanted, about, children }) {
  if (!session.value) return status.value.state === 'signed-out' || status.value.state === 'refused' ? null : html`<${Skeleton} n=${3} />`;
  if (has(...wanted)) return children;
  if (!person.value) return html`<section class="refusal"><h1>${t('sign.in')}</h1><p>${about}</p><${SignInForm} conn=${conn} done=${() => {}} /></section>`;
  return html`<section class="refusal"><h1>${t('refused.title')}</h1><p dir="auto">${t('refused.why', { name: person.value.name })} ${about}</p><p><button class="second" type="button" onClick=${() => signOut(conn)}>${t('sign.out')}</button></p></section>`;
}
