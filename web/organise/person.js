// web/organise/person.js: chooses somebody of this conference by name
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';

/** Searches as somebody types; each search is logged by the server. @param {import('../protocol.js').Connection} conn @param {string} text */
export function useFind(conn, text) {
  const [found, setFound] = useState(/** @type {any[] | null} */ (null));
  const [error, setError] = useState('');
  const words = text.trim();
  useEffect(() => {
    setFound(null);
    if ([...words].length < 3) return;
    let gone = false;
    const timer = setTimeout(() => conn.call('people.find', { text: words }).then((r) => {
      if (gone) return;
      setFound(r.people);
      setError('');
    }).catch((e) => setError(whyOf(e))), 250);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [words]);
  return { found, error };
}

/** @param {{conn: import('../protocol.js').Connection, id: string, value: string, set: (person: string | null) => void, guess: string}} props */
export function Person({ conn, id, value, set, guess }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const { found, error } = useFind(conn, open ? text : '');
  const [name, setName] = useState('');
  if (!open) {
    return html`<span class="row person-row"><span dir="auto">${value ? name || t('speaker.has_person') : t('speaker.no_person')}</span><button id=${id} type="button" class="link" onClick=${() => { setText(guess); setOpen(true); }}>${t('speaker.choose')}</button>
      ${value ? html`<button type="button" class="link" onClick=${() => { set(null); setName(''); }}>${t('speaker.unlink')}</button>` : null}</span>`;
  }
  return html`<span class="choose-person"><input id=${id} type="search" dir="auto" autocomplete="off" aria-label=${t('organise.find')} value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /><button type="button" class="link" onClick=${() => setOpen(false)}>${t('cancel')}</button></span>
    <span class="error" role="alert">${error}</span>${found ? html`<ul class="chips">${found.map((p) => html`<li key=${p.id}><button type="button" class="second" dir="auto" onClick=${() => { set(p.id); setName(p.name); setOpen(false); }}>${p.name}</button></li>`)}</ul>${found.length ? null : html`<span class="hint">${t('organise.nobody')}</span>`}` : null}`;
}
