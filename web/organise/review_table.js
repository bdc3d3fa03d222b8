// web/organise/review_table.js: the parts of the review as its organisers see it, read together and read again after each change
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { status } from '../ui/app.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { Part } from './part.js';
import { ReviewSetup } from './review_setup.js';
import { Reviewers } from './review_people.js';
import { Progress } from './review_progress.js';
import { Conflicts } from './review_conflicts.js';
import { Files } from './review_files.js';

/**
 * @typedef {{person: string, name: string, email: string, affiliations: string, load: number | null, tracks: string[], assigned: number, begun: number, final: number}} Reviewer
 * @typedef {{abstract: string, number: number, title: string, tracks: string[], redacted: boolean, reviews: number, waits?: boolean, score?: number, z?: number, spread?: number,
 *   reviewers: {person: string, name: string, state: 'none' | 'draft' | 'final', gone?: boolean, conflict?: string}[]}} Row
 * @typedef {{setup: import('../review/model.js').Setup, reviewers: Reviewer[], rows: Row[]}} All
 */

const EVERY_MS = 30000;

/** @param {{conn: import('../protocol.js').Connection}} props */
export function ReviewTable({ conn }) {
  const [all, setAll] = useState(/** @type {All | null} */ (null));
  const [error, setError] = useState('');
  const read = () => Promise.all([conn.call('review.setup_get'), conn.call('review.reviewers'), conn.call('review.progress')]).then(([setup, r, p]) => {
    setAll({ setup, reviewers: r.reviewers, rows: p.abstracts });
    setError('');
  }).catch((e) => setError(whyOf(e)));
  useEffect(() => {
    read();
    // Nothing is pushed: it would tell those who must not know.
    const timer = setInterval(() => document.visibilityState === 'visible' && status.value.state === 'open' && read(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (!all) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${5} />`;
  const props = { conn, all, read };
  return html`<p class="hint">${t('rt.hidden')}</p><p class="error" role="alert">${error}</p>
    <${Part} id="rt-setup" title=${t('rt.setup')}><${ReviewSetup} ...${props} /><//>
    <${Part} id="rt-people" title=${t('rt.people')}><${Reviewers} ...${props} /><//>
    <${Part} id="rt-progress" title=${t('rt.progress')}><${Progress} ...${props} /><//>
    <${Part} id="rt-conflicts" title=${t('rt.conflicts')}><${Conflicts} ...${props} /><//>
    <${Part} id="rt-files" title=${t('rt.files')}><${Files} ...${props} /><//>`;
}
