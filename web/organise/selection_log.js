// web/organise/selection_log.js: every step of the selection, and the whole of it as a file
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { clock, dayName } from '../ui/clock.js';

/**
 * @typedef {{id: number, at: string, by: string | null, what: string, round: number | null, number: number | null, abstract: string | null, title: string | null,
 *   was: string | null, was_session: string | null, was_rank: number | null, outcome: string | null, session: string | null, rank: number | null, note: string}} Line
 */

/** @param {string | null} outcome @param {string | null} session @param {number | null} rank */
const words = (outcome, session, rank) => [outcome ? t(`selection.is_${outcome}`, { rank: rank || '' }).trim() : '', session || ''].filter(Boolean).join(' · ');

/** Page after page, put together here. @param {import('../protocol.js').Connection} conn @param {'csv' | 'ndjson'} format */
async function download(conn, format) {
  let text = '';
  let after = null;
  do {
    const page = /** @type {{text: string, next: number | null}} */ (await conn.call('decision.export', { format, ...(after === null ? {} : { after }) }));
    text += page.text;
    after = page.next;
  } while (after !== null);
  const url = URL.createObjectURL(new Blob([format === 'csv' ? `\ufeff${text}` : text], { type: format === 'csv' ? 'text/csv' : 'application/x-ndjson' }));
  const a = Object.assign(document.createElement('a'), { href: url, download: `selection.${format}` });
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** @param {{conn: import('../protocol.js').Connection, board: import('./selection_model.js').Board}} props */
export function Log({ conn, board }) {
  const [lines, setLines] = useState(/** @type {Line[] | null} */ (null));
  const [next, setNext] = useState(/** @type {number | null} */ (null));
  const [error, setError] = useState('');
  const fetchMore = (/** @type {number | null} */ after) => conn.call('decision.log', after === null ? {} : { after }).then((r) => {
    setLines((old) => (after === null ? r.lines : [...(old || []), ...r.lines]));
    setNext(r.next);
    setError('');
  }).catch((e) => setError(whyOf(e)));
  useEffect(() => void fetchMore(null), [board]);
  const save = (/** @type {'csv' | 'ndjson'} */ format) => download(conn, format).catch((e) => setError(whyOf(e)));
  if (!lines) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${6} />`;
  return html`<p class="hint">${t('sellog.hint')}</p><p class="error" role="alert">${error}</p>
    ${lines.length ? html`<p class="row sel-save"><button type="button" class="second" onClick=${() => save('csv')}>${t('sellog.csv')}</button><button type="button" class="second" onClick=${() => save('ndjson')}>${t('sellog.json')}</button></p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t('sellog.title')}><table class="grid sel-log"><thead><tr>${['at', 'who', 'about', 'step', 'now', 'note'].map((h) => html`<th key=${h} scope="col">${t(`sellog.${h}`)}</th>`)}</tr></thead>
      <tbody>${lines.map((l) => html`<tr key=${l.id}><td class="num">${dayName(l.at)} ${clock(l.at)}</td><td dir="auto">${l.by || t('sellog.nobody')}</td><td><span class="num">${l.number ?? ''}</span> <bdi>${l.title || ''}</bdi></td><td>${t(`sellog.what_${l.what}`)}</td>
        <td><bdi>${words(l.outcome, l.session, l.rank)}</bdi>${l.was ? html` <span class="hint">← <bdi>${words(l.was, l.was_session, l.was_rank)}</bdi></span>` : null}</td><td dir="auto">${l.note}</td></tr>`)}</tbody></table></div>
    ${next !== null ? html`<button type="button" class="second" onClick=${() => fetchMore(next)}>${t('sellog.more')}</button>` : null}` : html`<p class="empty-line">${t('sellog.none')}</p>`}`;
}
