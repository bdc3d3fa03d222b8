// web/organise/review_conflicts.js: which reviewers know which authors: found, said by themselves, judged by an organiser
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { person } from '../ui/app.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

const SHOWN = 40;

/** What reviewers said ahead of any assignment. @param {{ahead: any[]}} props */
function Ahead({ ahead }) {
  return html`<details class="rt-ahead"><summary>${tn('rt.ahead', ahead.length)}</summary><p class="hint">${t('rt.ahead_hint')}</p>
    <ul class="rows">${ahead.map((x, i) => html`<li key=${i} class="rt-pair"><span><strong dir="auto">${x.name}</strong>: <span dir="auto">${x.text}</span> <span class="hint">(${t(`rt.ahead_${x.kind}`)})</span></span><span class="hint">${tn('rt.ahead_found', x.abstracts)}</span></li>`)}</ul></details>`;
}

/** @param {{conn: import('../protocol.js').Connection, all: import('./review_table.js').All, read: () => Promise<void>}} props */
function Say({ conn, all, read }) {
  const [abstract, setAbstract] = useState('');
  const [who, setWho] = useState('');
  const [error, setError] = useState('');
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      await conn.write('interest.declare', { abstract, person: who, has: true });
      setAbstract('');
      setWho('');
      setError('');
      announce(t('form.saved'));
      read();
    } catch (fault) {
      setError(whyOf(fault));
    }
  };
  const pick = (/** @type {string} */ label, /** @type {string} */ value, /** @type {(v: string) => void} */ set, /** @type {[string, string][]} */ options) => html`<label class="field"><span>${label}</span><select required value=${value} onChange=${(/** @type {any} */ e) => set(e.target.value)}><option value="">${t('rt.choose')}</option>${options.map(([id, text]) => html`<option key=${id} value=${id}>${text}</option>`)}</select></label>`;
  return html`<form class="filter-row" onSubmit=${save}>${pick(t('rt.reviewer'), who, setWho, all.reviewers.filter((r) => r.person !== person.value?.id).map((r) => [r.person, r.name]))}${pick(t('rt.abstract'), abstract, setAbstract, all.rows.map((r) => [r.abstract, `${r.number} ${r.title}`.slice(0, 80)]))}
    <button type="submit" class="second" disabled=${!abstract || !who}>${t('rt.say')}</button></form><p class="error" role="alert">${error}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, all: import('./review_table.js').All, read: () => Promise<void>}} props */
export function Conflicts({ conn, all, read }) {
  const [pairs, setPairs] = useState(/** @type {any[] | null} */ (null));
  const [ahead, setAhead] = useState(/** @type {any[]} */ ([]));
  const [more, setMore] = useState(false);
  const [error, setError] = useState('');
  const look = () => conn.call('review.conflicts').then((r) => {
    setPairs(r.pairs);
    setAhead(r.ahead);
  }).catch((e) => setError(whyOf(e)));
  useEffect(() => void look(), [all]);
  const judge = async (/** @type {any} */ p, /** @type {boolean} */ has) => {
    try {
      await conn.write('interest.declare', { abstract: p.abstract, person: p.person, has });
      setError('');
      await read();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  if (!pairs) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${2} />`;
  const why = (/** @type {any} */ p) => [...(p.kinds || []).map((/** @type {string} */ k) => t(`rt.kind_${k}`)), p.own !== undefined ? `${t('rt.kind_own')}${p.own ? `: ${p.own}` : ''}` : '', p.says ? t(p.says.has ? 'rt.said_has' : 'rt.said_none', { name: p.says.name || '' }) : ''].filter(Boolean).join(' · ');
  const fixed = (/** @type {any} */ p) => p.kinds?.includes('author') || p.kinds?.includes('ahead') || p.own !== undefined || p.person === person.value?.id;
  const has = (/** @type {any} */ p) => fixed(p) || (p.says ? p.says.has : true);
  const shown = more ? pairs : pairs.slice(0, SHOWN);
  return html`<p class="hint">${t('rt.conflicts_hint')}</p><${Say} conn=${conn} all=${all} read=${read} /><p class="error" role="alert">${error}</p>
    ${pairs.length ? html`<ul class="rows">${shown.map((p) => html`<li key=${p.abstract + p.person} class="rt-pair"><span><strong dir="auto">${p.name}</strong> <span class=${`tag ${has(p) ? 'off' : ''}`}>${t(has(p) ? 'rt.is_conflict' : 'rt.is_none')}</span><br /><span class="num">${p.number}</span> <span dir="auto">${p.title}</span><br /><span class="hint" dir="auto">${why(p)}</span></span>
      ${fixed(p) ? null : html`<button type="button" class="second" onClick=${() => judge(p, !has(p))}>${t(has(p) ? 'rt.lift' : 'rt.hold')}<span class="out-of-sight"> ${p.name}, ${p.number}</span></button>`}</li>`)}</ul>` : html`<p class="empty-line">${t('rt.no_conflicts')}</p>`}
    ${pairs.length > shown.length ? html`<button type="button" class="second" onClick=${() => setMore(true)}>${tn('rows.all', pairs.length)}</button>` : null}${ahead.length ? html`<${Ahead} ahead=${ahead} />` : null}`;
}
