// web/organise/review_progress.js: each abstract with its reviewers: who has it, who finished, what they add up to; given out by hand or evenly
import { html, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { Reviews } from '../review/others.js';

/** @typedef {import('./review_table.js').Row} Row @typedef {import('./review_table.js').All} All @typedef {import('../protocol.js').Connection} Connection */

const SHOWN = 60;
const live = (/** @type {Row} */ r) => r.reviewers.filter((x) => !x.conflict);

/** @param {{conn: Connection, row: Row, all: All, done: () => void}} props */
function Open({ conn, row, all, done }) {
  const [who, setWho] = useState('');
  const [said, setSaid] = useState(/** @type {any[] | null} */ (null));
  const [error, setError] = useState('');
  const act = async (/** @type {string} */ method, /** @type {any} */ params) => {
    try {
      await conn.write(method, { abstract: row.abstract, ...params });
      setError('');
      done();
    } catch (e) {
      const fault = /** @type {any} */ (e);
      setError(fault.fault === 'review.conflict' ? t('rt.knows', { kind: t(`rt.kind_${fault.data.current?.kind}`) }) : whyOf(fault));
    }
  };
  const look = () => conn.call('review.list', { abstract: row.abstract }).then((r) => setSaid(r.reviews)).catch((e) => setError(whyOf(e)));
  const free = all.reviewers.filter((r) => !row.reviewers.some((x) => x.person === r.person));
  return html`<div class="rt-open">
    ${row.reviewers.length ? html`<ul class="rt-who">${row.reviewers.map((x) => html`<li key=${x.person}><span dir="auto">${x.name}</span> <span class=${cx('tag', x.state === 'draft' && 'on', x.conflict && 'off')}>${x.conflict ? t(`rt.kind_${x.conflict}`) : t(`review.state_${x.state}`)}</span>${x.gone ? html` <span class="hint">${t('rt.gone')}</span>` : null}
      ${!x.gone && (x.state !== 'final' || x.conflict) ? html` <button type="button" class="link" onClick=${() => act('review.unassign', { person: x.person })}>${t('rt.unassign')}<span class="out-of-sight"> ${x.name}</span></button>` : null}</li>`)}</ul>` : html`<p class="hint">${t('rt.nobody')}</p>`}
    <p class="row">${free.length ? html`<label class="field"><span>${t('rt.give')}</span><select value=${who} onChange=${(/** @type {any} */ e) => setWho(e.target.value)}><option value="">${t('rt.choose')}</option>${free.map((r) => html`<option key=${r.person} value=${r.person}>${r.name} (${r.assigned})</option>`)}</select></label>
      <button type="button" class="second" disabled=${!who} onClick=${() => act('review.assign', { person: who }).then(() => setWho(''))}>${t('rt.assign')}</button>` : null}
      ${row.reviews && !row.waits && !said ? html`<button type="button" class="link" onClick=${look}>${t('rt.read')}</button>` : null}</p>
    ${row.waits ? html`<p class="hint">${t('rt.waits')}</p>` : null}<p class="error" role="alert">${error}</p>
    ${said ? html`<${Reviews} reviews=${said} criteria=${all.setup.criteria} />` : null}</div>`;
}

/** @param {{conn: Connection, all: All, read: () => Promise<void>}} props */
function Give({ conn, all, read }) {
  const [busy, setBusy] = useState(false);
  const [note, setNote] = useState('');
  const [error, setError] = useState('');
  const missing = all.rows.reduce((n, r) => n + Math.max(0, all.setup.per_abstract - live(r).length), 0);
  const act = async (/** @type {string} */ method, /** @type {(r: any) => string} */ say) => {
    setBusy(true);
    try {
      const text = say(await conn.write(method, {}));
      setNote(text);
      announce(text);
      setError('');
      await read();
    } catch (e) {
      setError(whyOf(e));
    }
    setBusy(false);
  };
  return html`<p class="row"><button type="button" class="primary" disabled=${busy || !missing || !all.reviewers.length} onClick=${() => act('review.assign', (r) => `${tn('rt.given', r.assigned)} ${r.missing ? tn('rt.missing', r.missing) : ''}`)}>${t('rt.balance')}</button>
      <button type="button" class="second" disabled=${busy || !all.reviewers.length} onClick=${() => act('review.tell', (r) => tn('rt.told', r.people))}>${t('rt.tell')}</button>
      <span class="hint">${missing ? tn('rt.missing', missing) : t('rt.complete')}</span></p>
    <p class="hint">${t('rt.balance_hint')}</p><p role="status">${note}</p><p class="error" role="alert">${error}</p>`;
}

/** @param {{conn: Connection, all: All, read: () => Promise<void>}} props */
export function Progress({ conn, all, read }) {
  const [open, setOpen] = useState('');
  const [only, setOnly] = useState(false);
  const [more, setMore] = useState(false);
  const need = all.setup.per_abstract;
  const rows = only ? all.rows.filter((r) => r.reviews < need) : all.rows;
  const shown = more ? rows : rows.slice(0, SHOWN);
  if (!all.rows.length) return html`<p class="empty-line">${t('rt.no_abstracts')}</p>`;
  const final = all.rows.reduce((n, r) => n + r.reviews, 0);
  return html`<${Give} conn=${conn} all=${all} read=${read} />
    <div class="filter-row rt-sum"><p class="num"><strong>${t('rt.sum', { final, all: all.rows.length * need })}</strong></p><label class="tick"><input type="checkbox" checked=${only} onChange=${(/** @type {any} */ e) => setOnly(e.target.checked)} /><span>${t('rt.only')}</span></label></div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="rt-progress-h"><table class="grid rt-grid"><thead><tr><th scope="col" class="n">${t('rt.number')}</th><th scope="col">${t('rt.title')}</th><th scope="col" class="n">${t('rt.reviews')}</th><th scope="col" class="n"><abbr title=${t('rt.score_long')}>${t('rt.score')}</abbr></th><th scope="col" class="n"><abbr title=${t('rt.z_long')}>z</abbr></th><th scope="col" class="n"><abbr title=${t('rt.spread_long')}>${t('rt.spread')}</abbr></th></tr></thead>
      <tbody>${shown.map((r) => html`<tr key=${r.abstract}><td class="n num">${r.number}</td><th scope="row"><button type="button" class="link" dir="auto" aria-expanded=${open === r.abstract} onClick=${() => setOpen(open === r.abstract ? '' : r.abstract)}>${r.title || t('review.untitled')}</button>${all.setup.blind && !r.redacted ? html` <span class="tag">${t('rt.not_redacted')}</span>` : null}${r.reviewers.some((x) => x.conflict) ? html` <span class="tag off">${t('rt.has_conflict')}</span>` : null}
          ${open === r.abstract ? html`<${Open} conn=${conn} row=${r} all=${all} done=${read} />` : null}</th>
        <td class="n num">${r.reviews} / ${live(r).length}</td><td class="n num">${r.waits ? '–' : r.score ?? ''}</td><td class="n num">${r.waits ? '' : r.z?.toFixed(2) ?? ''}</td><td class="n num">${r.waits ? '' : r.spread ?? ''}</td></tr>`)}</tbody></table></div>
    ${rows.length > shown.length ? html`<button type="button" class="second" onClick=${() => setMore(true)}>${tn('rows.all', rows.length)}</button>` : null}${rows.length ? null : html`<p class="empty-line">${t('rt.all_in')}</p>`}`;
}
