// web/organise/guests_lists.js: tables out of the house and into it: people, rooms, food; and the same on paper
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { href } from './route.js';
import { readTable } from './guests_csv.js';

/** A file made here. @param {string} name @param {string} text */
function download(name, text) {
  const a = document.createElement('a');
  // Spreadsheets take UTF-8 for what it is when the mark says so.
  a.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}

/** @param {{conn: import('../protocol.js').Connection, done: () => any}} props */
export function Tables({ conn, done }) {
  const [error, setError] = useState('');
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [report, setReport] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const out = (/** @type {string} */ what) => conn.call('person.export', { what }).then((r) => download(`${slug || 'conference'}-${what}.csv`, r.csv), (e) => setError(whyOf(e)));
  const run = async (/** @type {any[]} */ all, /** @type {boolean} */ dry) => {
    setBusy(true);
    setError('');
    const sum = { created: 0, updated: 0, refused: /** @type {any[]} */ ([]), dry };
    try {
      for (let i = 0; i < all.length; i += 100) {
        const r = await conn.write('people.import', { rows: all.slice(i, i + 100), dry_run: dry, partial: true });
        sum.created += r.created;
        sum.updated += r.updated;
        sum.refused.push(...r.rows.filter((/** @type {any} */ x) => x.result === 'refused').map((/** @type {any} */ x) => ({ ...x, row: x.row + i })));
      }
      setReport(sum);
      if (!dry) {
        setRows(null);
        await done();
      }
    } catch (e) {
      setError(whyOf(e));
    }
    setBusy(false);
  };
  const choose = async (/** @type {any} */ e) => {
    const file = e.target.files?.[0];
    if (!file) return;
    setReport(null);
    setRows(null);
    const read = file.size > 4 << 20 ? { fault: t('guests.csv_big') } : readTable(await file.text());
    if (read.fault) setError(read.fault);
    else {
      setRows(read.rows || []);
      await run(read.rows || [], true);
    }
  };
  return html`<div class="row"><button type="button" class="second" onClick=${() => out('people')}>${t('guests.csv_people')}</button><button type="button" class="second" onClick=${() => out('rooming')}>${t('guests.csv_rooming')}</button><button type="button" class="second" onClick=${() => out('catering')}>${t('guests.csv_catering')}</button>
      <a href=${href('guests', 'rooming')}>${t('guests.rooming')}</a><a href=${href('guests', 'catering')}>${t('guests.catering')}</a></div>
    <label class="field"><span>${t('guests.csv_in')}</span><input type="file" accept=".csv,text/csv" onChange=${choose} /></label><p class="hint">${t('guests.csv_hint')}</p>
    <p class="error" role="alert">${error}</p>
    ${report ? html`<div role="status"><p class="num">${t(report.dry ? 'guests.csv_would' : 'guests.csv_did', { created: report.created, updated: report.updated, refused: report.refused.length })}</p>${report.refused.length ? html`<ul class="rows">${report.refused.slice(0, 50).map((/** @type {any} */ r) => html`<li key=${r.row}><span class="num">${t('guests.csv_row', { n: r.row })}</span> <span dir="auto">${r.why}</span></li>`)}</ul>` : null}</div>` : null}
    ${rows && report?.dry && report.created + report.updated > 0 ? html`<button type="button" class="primary" disabled=${busy} onClick=${() => run(rows, false)}>${busy ? t('form.saving') : t('guests.csv_do')}</button>` : null}`;
}

/** A list for paper. @param {{conn: import('../protocol.js').Connection, what: string}} props */
export function Paper({ conn, what }) {
  const [doc, setDoc] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  useEffect(() => void conn.call('person.export', { what, format: 'json' }).then(setDoc, (e) => setError(whyOf(e))), []);
  const rooming = what === 'rooming';
  const head = html`<p class="no-print"><a href=${href('guests')}>${t('guests.back')}</a></p><h1>${t(`guests.${what}`)}</h1><p class="error" role="alert">${error}</p>`;
  if (!doc) return html`${head}${error ? null : html`<${Skeleton} n=${6} />`}`;
  const sums = rooming ? doc.nights.map((/** @type {any} */ n) => [n.night, `${n.beds}${doc.beds ? ` / ${doc.beds}` : ''}`]) : doc.diets.map((/** @type {any} */ d) => [d.diet || t('guests.anything'), d.n]);
  return html`${head}<p class="no-print"><button type="button" class="second" onClick=${() => print()}>${t('guests.print')}</button></p>
    ${sums.length ? html`<dl class="facts">${sums.map((/** @type {any[]} */ [k, n]) => html`<dt key=${k} dir="auto">${k}</dt><dd class="num">${n}</dd>`)}</dl>` : null}
    ${doc.rows.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t(`guests.${what}`)}><table class="grid"><thead><tr><th scope="col">${t('form.name')}</th><th scope="col">${t('guests.organisation')}</th><th scope="col">${rooming ? t('me.nights') : t('guests.q_diet')}</th><th scope="col">${t('guests.q_access')}</th></tr></thead>
      <tbody>${doc.rows.map((/** @type {any} */ r, /** @type {number} */ i) => html`<tr key=${i}><th scope="row" dir="auto">${r.name}</th><td dir="auto">${r.organisation || ''}</td><td dir="auto">${rooming ? (r.nights.length ? r.nights.join(', ') : t('guests.nights_open', { n: r.covered })) : r.diet}</td><td dir="auto">${r.access}</td></tr>`)}</tbody></table></div>` : html`<p class="empty-line">${t('guests.list_none')}</p>`}`;
}
