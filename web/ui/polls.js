// web/ui/polls.js: polls on every page: their texts, following counts, and the bars
import { html, useEffect, useState, cx } from './dom.js';
import { t, tn, extend } from '../i18n/index.js';
import en from '../i18n/poll.en.js';
import da from '../i18n/poll.da.js';
import { bars } from '../poll.js';

extend({ en, da });

/** @typedef {import('../poll.js').Poll} Poll */
/** @typedef {import('../poll.js').Tally} Tally */

/**
 * The counts as they move, from the poll's own channel; null when this reader does not hear them.
 * @param {import('../protocol.js').Connection} conn @param {Poll | null | undefined} poll @param {boolean} hears
 * @returns {Tally | null}
 */
export function useCounts(conn, poll, hears) {
  const id = poll?.id || '';
  const [counts, setCounts] = useState(/** @type {{id: string, tally: Tally} | null} */ (null));
  const follow = hears && poll?.state === 'running';
  useEffect(() => {
    if (!follow) return;
    const take = (/** @type {Tally} */ tally) => setCounts((old) => ({ id, tally: [...new Map([...(old?.id === id ? old.tally : []), ...tally])] }));
    return conn.subscribe(`poll:${id}`, { tick: take, fault: () => setCounts(null) });
  }, [id, follow]);
  if (!poll) return null;
  // What is final comes with the poll itself.
  if (poll.state !== 'running') return poll.counts || null;
  return hears && counts?.id === id ? counts.tally : null;
}

/** As long as the share. @param {{share: number}} props */
export const Bar = ({ share }) => html`<svg class="poll-line" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="1" /><rect class="part" width=${Math.min(100, share)} height="1" /></svg>`;

/** @param {{poll: Poll, counts?: Tally | null, mine?: string[]}} props */
export function Bars({ poll, counts, mine = [] }) {
  const b = bars(poll, counts ?? poll.counts);
  if (!b) return null;
  return html`<div class="poll-bars"><ol>${b.rows.map((r) => html`<li key=${r.id} class=${cx('poll-bar', r.n > 0 && r.n === b.top && 'top')}>
      <span class="poll-words"><span dir="auto">${r.text}</span>${mine.includes(r.id) ? html` <span class="tag">${t('poll.yours')}</span>` : null}</span>
      <span class="poll-figures num"><strong>${r.share} %</strong> <span>${r.n}</span></span>
      <${Bar} share=${r.share} /></li>`)}</ol>
    <p class="hint num">${tn('poll.voters', b.voters)}</p></div>`;
}
