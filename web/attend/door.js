// web/attend/door.js: signed in by a screen at the door: the token is spent, and the page goes on as that person
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person, slug } from '../ui/app.js';
import { Close } from '../ui/icons.js';
import { whyOf } from '../ui/chrome.js';
import { post, signin } from '../ui/signin.js';

/** @param {{conn: import('../protocol.js').Connection, token: string, close: () => void}} props */
export function AtDoor({ conn, token, close }) {
  const [name, setName] = useState('');
  const [why, setWhy] = useState('');
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    box.current?.showModal();
    post('/auth/door', { slug, token }).then((r) => {
      sessionStorage.removeItem('plenum-token');
      setName(r.person.name);
      conn.renew();
    }, (e) => setWhy(e.fault === 'auth.code' ? t('sign.door_late') : whyOf(e)));
  }, []);
  const other = () => {
    close();
    signin.value = { why: '' };
  };
  const done = name && person.value;
  return html`<dialog ref=${box} class="dialog" aria-labelledby="door-title" onClose=${close}>
    <div class="dialog-head"><h2 id="door-title">${done ? t('sign.door_done') : t('sign.in')}</h2><button type="button" class="plain square" onClick=${() => box.current?.close()} aria-label=${t('close')}><${Close} /></button></div>
    <div class="signin"><div role="status">${name ? html`<p>${t('sign.door_as', { name })}</p><p class="hint">${t('sign.door_not_you')}</p>` : why ? null : html`<p>${t('sign.busy')}</p>`}</div>
    <p class="error" role="alert">${why}</p>
    <div class="row">${why ? html`<button type="button" class="primary" onClick=${other}>${t('sign.door_other')}</button>` : name ? html`<button type="button" class="primary" onClick=${() => box.current?.close()}>${t('sign.door_go')}</button>` : null}</div></div>
  </dialog>`;
}
