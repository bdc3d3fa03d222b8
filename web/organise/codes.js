// web/organise/codes.js: finds somebody by name and gives them a sign-in code for the desk
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { clock } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { useFind } from './person.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Codes({ conn }) {
  const [text, setText] = useState('');
  const { found, error: notFound } = useFind(conn, text);
  const [code, setCode] = useState(/** @type {{person: string, code: string, expires: string} | null} */ (null));
  const [error, setError] = useState('');
  useEffect(() => setCode(null), [text]);
  useEffect(() => void (found && announce(tn('organise.people_found', found.length))), [found]);
  const issue = async (/** @type {string} */ person) => {
    try {
      setCode({ person, ...(await conn.write('login.issue', { person })) });
      setError('');
    } catch (e) {
      setError(whyOf(e));
    }
  };
  return html`<label class="field"><span>${t('organise.find')}</span><input type="search" autocomplete="off" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    <p class="hint">${t('organise.find_hint')}</p><p class="error" role="alert">${error || notFound}</p>
    ${found && !found.length ? html`<p class="empty-line">${t('organise.nobody')}</p>` : null}
    ${found?.length ? html`<ul class="people">${found.map((p) => html`<li key=${p.id}><span class="person-name" dir="auto">${p.name}</span><span class="hint">${[p.mode && t(`mode.${p.mode}`), p.admitted ? t('organise.is_admitted') : ''].filter(Boolean).join(' · ')}</span>
      ${code?.person === p.id ? html`<p class="desk-code" role="status"><span class="code num" dir="ltr">${code?.code.replace(/(.{4})(?=.)/, '$1 ')}</span><span class="hint">${t('organise.code_until', { time: code ? clock(code.expires) : '' })}</span></p>` : html`<button type="button" class="second" onClick=${() => issue(p.id)}>${t('organise.issue')}</button>`}</li>`)}</ul>` : null}`;
}
