// web/organise/badges_batch.js: the evening before: how many badges, in which boxes, on what paper; the batches there are
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { clock, dayName } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { uuid } from '../wire.js';
import { perSheet } from '../badge/layout.js';
import { go, href } from './route.js';

/** @typedef {{badges: number, per_box: number, boxes: {box: string, badges: number, from: string, to: string}[]}} Preview */
export const KINDS = /** @type {const} */ (['card', 'a6', 'label']);

/** @param {string} at */
export const when = (at) => `${dayName(at)} ${clock(at)}`;

/** @param {{boxes: Preview['boxes']}} props */
function Boxes({ boxes }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('badges.boxes')}><table class="grid boxes"><thead><tr><th scope="col">${t('badges.box')}</th><th scope="col" class="n">${t('badges.badges')}</th><th scope="col">${t('badges.from')}</th><th scope="col">${t('badges.to')}</th></tr></thead>
    <tbody>${boxes.map((b) => html`<tr key=${b.box}><th scope="row" class="num">${b.box}</th><td class="n num">${b.badges}</td><td dir="auto">${b.from}</td><td dir="auto">${b.to}</td></tr>`)}</tbody></table></div>`;
}

/** @param {{conn: import('../protocol.js').Connection, made: import('./badges.js').Made, read: () => void, fail: (why: string) => void}} props */
function Made({ conn, made, read, fail }) {
  const printed = async () => {
    try {
      await conn.write('badge.printed', { batch: made.id });
      announce(t('badges.said_printed'));
      read();
    } catch (e) {
      fail(whyOf(e));
    }
  };
  const boxes = made.first === made.last ? t('badges.one_box', { box: made.first }) : t('badges.box_span', { first: made.first, last: made.last });
  return html`<li class="badge-batch"><p><strong class="num">${t('badges.batch_n', { n: made.n })}</strong> <span class="num">${[tn('badges.count', made.badges), boxes, t(`badges.kind_${made.template}`)].join(' · ')}</span></p>
    <p class="hint num">${t('badges.made', { time: when(made.at), name: made.by || '' })}${made.printed ? ` · ${t('badges.printed_at', { time: when(made.printed) })}` : ''}</p>
    <p class="row"><a class="second" href=${href('badges', 'print', made.id)}>${t('badges.open_print')}</a>${made.printed ? null : html`<button type="button" class="second" onClick=${printed}>${t('badges.in_boxes')}</button>`}</p></li>`;
}

/** @param {{conn: import('../protocol.js').Connection, list: import('./badges.js').List, read: () => void}} props */
export function Batch({ conn, list, read }) {
  const [kind, setKind] = useState(/** @type {string} */ (list.setting.template));
  const [perBox, setPerBox] = useState(String(list.setting.per_box));
  const [preview, setPreview] = useState(/** @type {Preview | null} */ (null));
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const n = Number(perBox);
  const valid = Number.isInteger(n) && n >= 10 && n <= 1000;
  useEffect(() => {
    if (!valid) return;
    let gone = false;
    conn.call('badge.preview', { per_box: n }).then((r) => gone || setPreview(r)).catch((e) => setError(whyOf(e)));
    return () => void (gone = true);
  }, [n, list.counts.boxed, list.total]);
  const make = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    const batch = uuid();
    try {
      await conn.write('badge.batch', { batch, template: kind, per_box: n });
      read();
      go('badges', 'print', batch);
    } catch (x) {
      setError(whyOf(x));
      setBusy(false);
    }
  };
  const sheets = preview ? preview.boxes.reduce((sum, b) => sum + Math.ceil(b.badges / perSheet(/** @type {any} */ (kind))), 0) : 0;
  return html`<p class="hint">${t('badges.before_hint')}</p>
    <form class="badge-form" onSubmit=${make}>
      <label class="field"><span>${t('badges.kind')}</span><select value=${kind} onChange=${(/** @type {any} */ e) => setKind(e.target.value)}>${KINDS.map((k) => html`<option key=${k} value=${k} selected=${k === kind}>${t(`badges.kind_${k}`)}</option>`)}</select></label>
      <label class="field"><span>${t('badges.per_box')}</span><input type="number" inputmode="numeric" required min="10" max="1000" value=${perBox} onInput=${(/** @type {any} */ e) => setPerBox(e.target.value)} /></label>
      <button class="primary" type="submit" disabled=${busy || !valid || !preview?.badges}>${preview?.badges ? tn('badges.make', preview.badges) : t('badges.make_none')}</button></form>
    <p class="error" role="alert">${error}</p>
    ${preview && !preview.badges ? html`<p class="empty-line">${t('badges.nobody_without')}</p>` : null}
    ${preview?.badges ? html`<p class="num">${tn('badges.sheets', sheets, { boxes: preview.boxes.length })}</p><${Boxes} boxes=${preview.boxes} />` : null}
    ${list.batches.length ? html`<ul class="rows">${list.batches.map((m) => html`<${Made} key=${m.id} conn=${conn} made=${m} read=${read} fail=${setError} />`)}</ul>` : null}`;
}
