// web/organise/history.js: every release with what it changed, and undoing one after seeing what that will do
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { clock, dayName } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { under } from '../wire.js';
import { released } from './draft.js';
import { Diff, reversed } from './diff.js';
import { hold } from './hold.js';
import { stay } from './route.js';

/** @param {{conn: import('../protocol.js').Connection, n: number, reverted: (text: string) => void}} props */
function One({ conn, n, reverted }) {
  const [doc, setDoc] = useState(/** @type {any} */ (null));
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => void conn.call('release.get', { release: n }).then(setDoc).catch((e) => setError(whyOf(e))), [n]);
  const revert = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    try {
      const reply = await conn.write('release.revert', { release: n, ...(note.trim() ? { note: note.trim() } : {}) });
      const text = tn('organise.published', reply.changes, { release: reply.release });
      announce(text);
      hold(reply);
      reverted(text);
    } catch (x) {
      setError(whyOf(x));
      setBusy(false);
    }
  };
  if (!doc) return html`<p class="error" role="alert">${error}</p>`;
  return html`<div class="release-one">${asking ? html`<form onSubmit=${revert}><h3>${t('release.revert_shows', { n })}</h3><p class="hint">${t('release.revert_hint')}</p><${Diff} changes=${reversed(doc.diff)} />
      <label class="field"><span>${t('organise.note')}</span><input value=${note} maxlength="1000" dir="auto" onInput=${(/** @type {any} */ e) => setNote(e.target.value)} /></label><p class="error" role="alert">${error}</p>
      <div class="row"><button class="primary" type="submit" disabled=${busy}>${t('release.revert_do', { n })}</button><button class="link" type="button" onClick=${() => setAsking(false)}>${t('cancel')}</button></div></form>`
    : html`<${Diff} changes=${doc.diff} /><div class="row"><a class="second" href=${`${under(slug, '/attend')}#/release/${n}`}>${t('release.seen')}</a><button type="button" class="second" onClick=${() => setAsking(true)}>${t('release.revert')}</button></div>`}</div>`;
}

/** @param {{conn: import('../protocol.js').Connection, open: string}} props */
export function History({ conn, open }) {
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [error, setError] = useState('');
  const [said, setSaid] = useState('');
  const [limit, setLimit] = useState(20);
  useEffect(() => void conn.call('release.list').then((r) => { setRows([...r.releases].sort((a, b) => b.release - a.release)); setError(''); }).catch((e) => setError(whyOf(e))), [released.value]);
  if (!rows) return html`<p class="error" role="alert">${error}</p>`;
  return html`${said ? html`<p class="said" role="status">${said}</p>` : null}
    ${rows.length ? html`<ol class="rows releases">${rows.slice(0, limit).map((r) => html`<li key=${r.release}><button type="button" class="row-line" aria-expanded=${open === String(r.release)} onClick=${() => (open === String(r.release) ? stay('release') : stay('release', String(r.release)))}>
      <span class="row-name num">${t('release.n', { n: r.release })}</span><span class="hint num">${dayName(r.at)} ${clock(r.at)} · ${tn('diff.changes', r.changes)}${r.reverts ? ` · ${t('release.reverts', { n: r.reverts })}` : ''}</span>${r.note ? html`<span dir="auto">${r.note}</span>` : null}</button>
      ${open === String(r.release) ? html`<${One} conn=${conn} n=${r.release} reverted=${(/** @type {string} */ text) => { setSaid(text); stay('release'); }} />` : null}</li>`)}</ol>${rows.length > limit ? html`<button type="button" class="second" onClick=${() => setLimit(limit + 50)}>${tn('rows.all', rows.length)}</button>` : null}` : html`<p class="empty-line">${t('release.no_history')}</p>`}`;
}
