// web/review/others.js: what the other reviewers thought, once one has finished oneself
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';

/** Reviews under each other. @param {{reviews: any[], criteria: import('./model.js').Criterion[]}} props */
export function Reviews({ reviews, criteria }) {
  return html`<ul class="rv-others">${reviews.map((r, i) => html`<li key=${r.person || i}><p><strong dir="auto">${r.name || t('review.a_reviewer')}</strong></p>
    <dl class="rv-given">${criteria.map((c) => (r.scores[c.id] === undefined ? null : html`<div key=${c.id}><dt dir="auto">${c.name}</dt><dd class="num">${r.scores[c.id]} <span class="hint">/ ${c.max}</span></dd></div>`))}</dl>
    ${['to_authors', 'to_committee'].map((n) => (r[n] ? html`<p key=${n} class="hint">${t(`review.${n}`)}</p><p class="rv-said" dir="auto">${r[n]}</p>` : null))}</li>`)}</ul>`;
}

/** @param {{conn: import('../protocol.js').Connection, abstract: string, criteria: import('./model.js').Criterion[]}} props */
export function Others({ conn, abstract, criteria }) {
  const [reviews, setReviews] = useState(/** @type {any[] | null} */ (null));
  const [error, setError] = useState('');
  useEffect(() => void conn.call('review.list', { abstract }).then((r) => setReviews(r.reviews)).catch((e) => setError(whyOf(e))), [abstract]);
  return html`<section class="rv-more" aria-labelledby="rv-others-h"><h3 id="rv-others-h">${t('review.others')}</h3><p class="error" role="alert">${error}</p>
    ${reviews ? (reviews.length ? html`<${Reviews} reviews=${reviews} criteria=${criteria} />` : html`<p class="hint">${t('review.no_others')}</p>`) : null}</section>`;
}
