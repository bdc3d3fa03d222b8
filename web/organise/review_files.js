// web/organise/review_files.js: assignments and reviews as files for other systems, and assignments from them
import { html, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { readAssignments } from './review_read.js';

const FORMATS = ['pretalx', 'hotcrp', 'reviews'];
const AT_ONCE = 100;

/** @param {string} name @param {string} text */
function give(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: name.endsWith('.json') ? 'application/json' : 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** @param {{conn: import('../protocol.js').Connection, read: () => Promise<void>}} props */
export function Files({ conn, read }) {
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [found, setFound] = useState(/** @type {any[] | null} */ (null));
  const [done, setDone] = useState('');
  const [error, setError] = useState('');
  const take = async (/** @type {string} */ format) => {
    try {
      const r = await conn.call('review.export', { format });
      give(r.name, r.text);
      setError('');
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const send = async (/** @type {any[]} */ list, /** @type {boolean} */ dry) => {
    const out = [];
    for (let i = 0; i < list.length; i += AT_ONCE) {
      const r = await conn.write('review.import', { rows: list.slice(i, i + AT_ONCE), dry_run: dry });
      out.push(...r.rows.map((/** @type {any} */ x) => ({ ...x, row: x.row + i })));
    }
    return out;
  };
  const choose = async (/** @type {any} */ e) => {
    const file = e.target.files[0];
    if (!file) return;
    setDone('');
    setFound(null);
    setRows(null);
    const list = file.size > 2e6 ? null : readAssignments(await file.text());
    if (!list) return setError(t('rt.unread'));
    try {
      setFound(await send(list, true));
      setRows(list);
      setError('');
    } catch (fault) {
      setError(whyOf(fault));
    }
  };
  const apply = async () => {
    try {
      const out = await send(rows || [], false);
      setDone(tn('rt.imported', out.filter((x) => x.result === 'made').length));
      setRows(null);
      setFound(null);
      read();
    } catch (fault) {
      setError(whyOf(fault));
    }
  };
  const made = found?.filter((x) => x.result === 'made').length || 0;
  const refused = found?.filter((x) => x.result === 'refused') || [];
  return html`<p class="row">${FORMATS.map((f) => html`<button key=${f} type="button" class="second" onClick=${() => take(f)}>${t(`rt.file_${f}`)}</button>`)}</p>
    <label class="field rt-file"><span>${t('rt.import')}</span><span class="hint">${t('rt.import_hint')}</span><input type="file" accept=".json,.csv,text/csv,application/json" onChange=${choose} /></label>
    <p class="error" role="alert">${error}</p><p role="status">${done}</p>
    ${found ? html`<p>${tn('rt.would', made)} ${refused.length ? tn('rt.refused', refused.length) : ''}</p>
      ${refused.length ? html`<ul class="rt-refused">${refused.slice(0, 50).map((x) => html`<li key=${x.row}><span class="num">${t('rt.line', { n: x.row })}</span> <span dir="ltr">${rows?.[x.row - 1]?.number} ${rows?.[x.row - 1]?.email}</span>: ${t(`rt.why_${x.why}`)}</li>`)}</ul>` : null}
      <p><button type="button" class="primary" disabled=${!made} onClick=${apply}>${t('rt.apply')}</button></p>` : null}`;
}
