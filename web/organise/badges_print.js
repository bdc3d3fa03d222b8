// web/organise/badges_print.js: badges as they come out of any printer: sheets with marks for cutting, or one on paper of its own size
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { Badge } from '../badge/svg.js';
import { cuts, perSheet, place, SHEET, TEMPLATES } from '../badge/layout.js';
import { href } from './route.js';

/** @typedef {import('../badge/layout.js').Paper} Paper */

/** Each box begins a sheet, so that a pile is a box. @param {Paper[]} papers @returns {Paper[][]} */
export function sheetsOf(papers) {
  /** @type {Paper[][]} */
  const sheets = [];
  for (const p of papers) {
    const last = sheets[sheets.length - 1];
    if (last && last.length < perSheet(p.template) && last[0].box === p.box) last.push(p);
    else sheets.push([p]);
  }
  return sheets;
}

/** @param {{papers: Paper[]}} props */
function Sheet({ papers }) {
  const template = papers[0].template;
  const first = papers[0];
  const last = papers[papers.length - 1];
  const margin = place(template, 0).y;
  return html`<svg class="sheet" viewBox=${`0 0 ${SHEET.width} ${SHEET.height}`}>
    ${cuts(template).map((c, i) => html`<line key=${`c${i}`} x1=${c.x1} y1=${c.y1} x2=${c.x2} y2=${c.y2} stroke="#000000" stroke-width="0.15" />`)}
    ${margin > 8 && first.box ? html`<text x=${place(template, 0).x + TEMPLATES[template].width / 2} y="6.5" font-size="3" text-anchor="middle" fill="#333333">${t('badges.sheet_of', { box: first.box, from: first.number || 0, to: last.number || 0 })}</text>` : null}
    ${papers.map((p, i) => html`<${Badge} key=${p.id} paper=${p} at=${place(template, i)} />`)}</svg>`;
}

/** All badges of a batch, a hundred at a time; or the one of a job. @param {{conn: import('../protocol.js').Connection, batch?: string, job?: string}} props */
export function PrintPage({ conn, batch, job }) {
  const [papers, setPapers] = useState(/** @type {Paper[]} */ ([]));
  const [total, setTotal] = useState(-1);
  const [error, setError] = useState('');
  useEffect(() => {
    let gone = false;
    const read = async () => {
      /** @type {Paper[]} */
      let all = [];
      for (;;) {
        const r = await conn.call('badge.sheet', { ...(batch ? { batch } : { job }), after: all.length });
        if (gone) return;
        all = [...all, ...r.badges];
        setPapers(all);
        setTotal(r.badges.length ? r.total : all.length);
        if (!r.badges.length || all.length >= r.total) return;
      }
    };
    read().catch((e) => gone || setError(whyOf(e)));
    return () => void (gone = true);
  }, []);
  const whole = total >= 0 && papers.length >= total;
  const sheets = batch ? sheetsOf(papers) : [];
  return html`<div class="paper-head"><h1>${t('badges.print_title')}</h1>
      <p class="row"><button type="button" class="primary" disabled=${!whole || !papers.length} onClick=${() => print()}>${t('badges.print')}</button><a class="second" href=${href('badges')}>${t('badges.back')}</a>
        <span class="num" role="status">${!whole ? t('badges.reading', { n: papers.length }) : batch ? tn('badges.on_sheets', sheets.length, { badges: papers.length }) : ''}</span></p>
      <p class="hint">${batch ? t('badges.print_hint') : t('badges.print_hint_one')}</p><p class="error" role="alert">${error}</p></div>
    ${!papers.length && !whole && !error ? html`<${Skeleton} n=${4} />` : null}
    ${whole && !papers.length ? html`<p class="empty-line">${t('badges.none_such')}</p>` : null}
    <div class="paper-print" data-whole=${whole ? 'yes' : 'no'}>${batch ? sheets.map((s, i) => html`<${Sheet} key=${i} papers=${s} />`) : papers.map((p) => html`<div key=${p.id} class=${`single single-${p.template}`}><${Badge} paper=${p} /></div>`)}</div>`;
}
