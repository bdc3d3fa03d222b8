// web/organise/posters.js: posters: their numbers, who has not handed in, what is open to whom, and the session they are asked about in
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { slug, status } from '../ui/app.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { NumberField, Tick } from '../ui/setting.js';
import { FileLink, sizeText } from '../ui/upload.js';
import { under } from '../wire.js';

/** @typedef {{settings: {posters: boolean, open: boolean, session: string | null}, sessions: {id: string, title: string}[], posters: any[]}} Doc */

/** @param {{conn: import('../protocol.js').Connection, doc: Doc, act: (method: string, params: any) => Promise<any>}} props */
function Open({ doc, act }) {
  const { settings } = doc;
  const save = (/** @type {any} */ change) => act('book.save', { ...settings, ...change });
  return html`<section class="poster-open" aria-labelledby="poster-open-h"><h2 id="poster-open-h">${t('posters.settings')}</h2>
    <${Tick} label=${t('posters.open_posters')} value=${settings.posters} set=${(/** @type {boolean} */ on) => save({ posters: on })} />
    <${Tick} label=${t('posters.open_book')} value=${settings.open} set=${(/** @type {boolean} */ on) => save({ open: on })} />
    <label class="field"><span>${t('posters.session')}</span><select value=${settings.session || ''} onChange=${(/** @type {any} */ e) => save({ session: e.target.value || null })}><option value="">${t('posters.no_session')}</option>${doc.sessions.map((s) => html`<option key=${s.id} value=${s.id}>${s.title}</option>`)}</select></label>
    <p class="hint">${t('posters.session_hint')}</p>
    <p class="row"><a href=${under(slug, '/posters')}>${t('posters.here')}: ${t('posters.look')}</a><a href=${under(slug, '/book')}>${t('book.here')}: ${t('posters.look')}</a></p></section>`;
}

/** @param {{act: (method: string, params: any) => Promise<any>, lacking: number}} props */
function Ask({ act, lacking }) {
  const [until, setUntil] = useState('');
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const reply = await act('poster.remind', { until: until.trim() });
    if (reply) announce(tn('posters.reminded', reply.asked));
  };
  if (!lacking) return null;
  return html`<form class="poster-ask" onSubmit=${send}><label class="field"><span>${t('posters.until')}</span><input type="text" required maxlength="60" placeholder=${t('posters.until_example')} value=${until} onInput=${(/** @type {any} */ e) => setUntil(e.target.value)} /></label>
    <button class="second" type="submit" disabled=${!until.trim()}>${t('posters.remind')}</button></form>`;
}

/** @param {{conn: import('../protocol.js').Connection, p: any, act: (method: string, params: any) => Promise<any>}} props */
function Row({ conn, p, act }) {
  return html`<tr data-abstract=${p.abstract}><td><${NumberField} label=${html`<span class="out-of-sight">${t('posters.number', { title: p.title })}</span>`} min=${1} max=${9999} value=${p.number ?? ''} set=${(/** @type {number} */ n) => act('poster.number', { abstract: p.abstract, number: n })} /></td>
    <td dir="auto"><strong>${p.title}</strong><br /><span class="hint">${p.topics.map((/** @type {any} */ x) => x.name).join(', ')}</span></td>
    <td dir="auto">${p.presenter}<br /><span class="hint">${t(`posters.${p.mode}`)}</span></td>
    <td>${p.file ? html`<${FileLink} conn=${conn} file=${p} label=${`${t('posters.pdf', { size: sizeText(p.size) })}: ${p.title}`}>${t('posters.pdf', { size: sizeText(p.size) })}<//>` : html`<span class="tag off">${t('posters.no_pdf')}</span>`}</td></tr>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Posters({ conn }) {
  const [doc, setDoc] = useState(/** @type {Doc | null} */ (null));
  const [why, setWhy] = useState('');
  const [only, setOnly] = useState(false);
  const open = status.value.state === 'open';
  const read = () => conn.call('poster.board').then((reply) => setDoc(reply), (e) => setWhy(whyOf(e)));
  useEffect(() => {
    if (open) read();
  }, [open]);
  const act = async (/** @type {string} */ method, /** @type {any} */ params) => {
    setWhy('');
    try {
      const reply = await conn.write(method, params);
      await read();
      return reply;
    } catch (e) {
      setWhy(whyOf(e));
      await read();
      return null;
    }
  };
  const arrange = async () => {
    const reply = await act('poster.arrange', {});
    if (reply) announce(reply.numbered ? tn('posters.arranged', reply.numbered) : t('posters.arranged_none'));
  };
  if (!doc) return html`<h1>${t('view.posters')}</h1>${why ? html`<p class="error" role="alert">${why}</p>` : html`<${Skeleton} n=${4} />`}`;
  const pdf = doc.posters.filter((p) => p.ready).length;
  const shown = doc.posters.filter((p) => !only || !p.ready);
  return html`<h1>${t('view.posters')}</h1><p class="error" role="alert">${why}</p>
    <${Open} conn=${conn} doc=${doc} act=${act} />
    ${!doc.posters.length ? html`<${Empty} title=${t('posters.no_posters')}><p>${t('posters.no_posters_hint')}</p><//>` : html`
      <p role="status">${t('posters.state', { n: doc.posters.length, pdf, numbered: doc.posters.filter((p) => p.number).length })}</p>
      <p class="row"><button type="button" class="primary" onClick=${arrange}>${t('posters.arrange')}</button></p>
      <${Ask} act=${act} lacking=${doc.posters.length - pdf} />
      <${Tick} label=${t('posters.lacking')} value=${only} set=${async (/** @type {boolean} */ on) => setOnly(on)} />
      <div class="scroll-x"><table class="poster-table"><tbody>${shown.map((p) => html`<${Row} key=${p.abstract} conn=${conn} p=${p} act=${act} />`)}</tbody></table></div>`}`;
}
