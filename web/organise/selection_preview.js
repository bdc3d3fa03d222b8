// web/organise/selection_preview.js: exactly whom and what, then the apply, and how far its mails are
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { Close } from '../ui/icons.js';
import { announce } from '../ui/live.js';
import { clock, dayName } from '../ui/clock.js';
import { titleOf } from './draft.js';
import { changed } from './selection_model.js';
import { href } from './route.js';

/**
 * @typedef {{to: string, subject: string, text: string}} Sample
 * @typedef {{abstract: string, number: number, title: string, name: string, email: string, session: string | null, rank: number | null}} Reader
 * @typedef {{kind: string, abstracts: number, invitations: number, recipients: Reader[], samples: Sample[]}} Kind
 * @typedef {{hash: string | null, count: number, expires: string, over: {session: string | null, places: number, taken: number}[], kinds: Kind[], registered: Registered[]}} Preview
 * @typedef {{abstract: string, number: number, title: string, name: string, email: string, what: string, stays?: 'inside' | 'other'}} Registered
 * @typedef {{applied: number, noop?: boolean, mails: number, invitations: number, unregistered: number, expires: string, release: number | null, not_released: string | null}} Applied
 */

/** @param {string} at */
const day = (at) => `${dayName(at)} ${clock(at)}`;

/** @param {{sample: Sample}} props */
const Mail = ({ sample }) => html`<div class="sel-mail" dir="auto"><p class="hint">${t('selpreview.to')} <bdi>${sample.to}</bdi></p><p><strong>${sample.subject}</strong></p><div class="sel-mail-text">${sample.text}</div></div>`;

/** @param {{conn: import('../protocol.js').Connection, kind: Kind}} props */
function KindPart({ conn, kind }) {
  const [chosen, setChosen] = useState(/** @type {{reader: Reader, samples: Sample[]} | null} */ (null));
  const [error, setError] = useState('');
  const show = async (/** @type {Reader} */ reader) => {
    try {
      const { samples } = await conn.call('decision.preview', { abstract: reader.abstract });
      setChosen({ reader, samples: samples.filter((/** @type {Sample} */ s) => s.to === reader.email) });
      setError('');
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const sample = (chosen?.samples || kind.samples)[0];
  return html`<section class="sel-kind"><h3>${t(`selpreview.kind_${kind.kind}`)}</h3>
    <p class="num">${[tn('selpreview.kind_n', kind.recipients.length), kind.invitations ? tn('selpreview.offers', kind.invitations) : ''].filter(Boolean).join(' · ')}</p>
    <p class="error" role="alert">${error}</p>
    <details open=${kind.recipients.length <= 5}><summary>${t('selpreview.whom')} <span class="num">(${kind.recipients.length})</span></summary>
      <ul class="sel-readers">${kind.recipients.map((r) => html`<li key=${r.abstract + r.email}><button type="button" class="sel-reader" aria-pressed=${chosen?.reader === r} onClick=${() => show(r)}><span><strong dir="auto">${r.name}</strong> <bdi class="hint">${r.email}</bdi></span>
        <span class="hint sel-title"><span class="num">${r.number}</span> <bdi>${r.title}</bdi>${r.session ? html` · <bdi>${titleOf(r.session)}</bdi>` : null}${r.rank ? html` · <span class="num">${t('selection.is_standby', { rank: r.rank })}</span>` : null}</span></button></li>`)}</ul></details>
    ${sample ? html`<details open=${!!chosen}><summary>${chosen ? t('selpreview.mail_of', { name: chosen.reader.name }) : t('selpreview.mail')}</summary><${Mail} sample=${sample} /></details>` : null}</section>`;
}

/** Who is registered by a place that is taken away. @param {{list: Registered[], leave: Set<string>, set: (leave: Set<string>) => void}} props */
function RegisteredPart({ list, leave, set }) {
  const turn = (/** @type {string} */ id) => {
    const next = new Set(leave);
    if (!next.delete(id)) next.add(id);
    set(next);
  };
  return html`<section class="sel-kind" aria-labelledby="sel-registered-h"><h3 id="sel-registered-h">${tn('selpreview.registered', list.length)}</h3>
    <p class="hint">${t('selpreview.registered_hint')}</p>
    <ul class="sel-readers" tabIndex="0" aria-labelledby="sel-registered-h">${list.map((r) => html`<li key=${r.abstract + r.email} class="sel-registered"><span id=${`sel-registered-${r.abstract}-${r.email}`}><strong dir="auto">${r.name}</strong> <bdi class="hint">${r.email}</bdi></span>
      <span class="hint sel-title"><span class="num">${r.number}</span> <bdi>${r.title}</bdi></span>
      ${r.stays ? html`<span>${t(`selpreview.stays_${r.stays}`)}</span>`
      : html`<label class="tick"><input type="checkbox" aria-describedby=${`sel-registered-${r.abstract}-${r.email}`} checked=${leave.has(r.abstract)} onChange=${() => turn(r.abstract)} /><span>${t('selpreview.unregister')}<span class="hint">${t(leave.has(r.abstract) ? 'selpreview.leaves' : 'selpreview.stays')}</span></span></label>`}</li>`)}</ul>
    <p class="num" role="status">${leave.size ? tn('selpreview.leaving', leave.size) : ''}</p></section>`;
}

/** How many of those whom something has become of are named. */
const NAMED = 5;

/** Why nothing was applied: what has changed since it was looked at. @param {{what: ReturnType<typeof changed>, unticked: boolean}} props */
function Changed({ what, unticked }) {
  const more = what.people.length - NAMED;
  return html`<div class="refusal-line sel-changed"><p>${what.people.length ? t('selpreview.not_applied') : t('selpreview.changed')}</p>
    ${what.people.length ? html`<ul>${what.people.slice(0, NAMED).map((p, i) => html`<li key=${i} dir="auto">${t(`selpreview.now_${p.what}`, { name: p.name })}</li>`)}${more > 0 ? html`<li>${tn('selpreview.now_more', more)}</li>` : null}${what.staged ? html`<li>${t('selpreview.now_staged')}</li>` : null}</ul>
      <p>${t('selpreview.again')}${unticked ? ` ${t('selpreview.unticked')}` : ''}</p>` : null}</div>`;
}

/** What has happened, and how many mails have left. @param {{done: Applied, left: number, close: () => void}} props */
function Done({ done, left, close }) {
  const sent = Math.max(0, done.mails - left);
  return html`<div class="sel-done" role="status"><p class="said">${tn('selapplied.title', done.applied)}</p>
      ${done.invitations ? html`<p>${tn('selapplied.offers', done.invitations, { time: day(done.expires) })}</p>` : null}
      ${done.unregistered ? html`<p>${tn('selapplied.unregistered', done.unregistered)}</p>` : null}
      <p class="num">${tn('selapplied.mails', done.mails)}</p></div>
    ${done.mails ? html`<p><progress max=${done.mails} value=${sent} aria-label=${t('selapplied.left', { sent, n: done.mails })}></progress></p><p class="num">${left ? t('selapplied.left', { sent, n: done.mails }) : t('selection.mails_done')}</p>` : null}
    <p>${done.release ? t('selapplied.released', { n: done.release }) : done.not_released ? html`${t('selapplied.not_released')} ${whyOf({ fault: done.not_released })}` : t('selapplied.draft')} ${done.release ? null : html`<a href=${href('release')} onClick=${close}>${t('selapplied.to_release')}</a>`}</p>
    <button type="button" class="primary" autofocus onClick=${close}>${t('selapplied.close')}</button>`;
}

/** @param {{conn: import('../protocol.js').Connection, board: import('./selection_model.js').Board, close: () => void}} props */
export function PreviewDialog({ conn, board, close }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [preview, setPreview] = useState(/** @type {Preview | null} */ (null));
  const [error, setError] = useState('');
  const [moved, setMoved] = useState(/** @type {Parameters<typeof Changed>[0] | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [release, setRelease] = useState(false);
  const [leave, setLeave] = useState(/** @type {Set<string>} */ (new Set()));
  const [done, setDone] = useState(/** @type {Applied | null} */ (null));
  // Looked at again, everybody stays until it is said anew.
  const look = () => conn.call('decision.preview').then((/** @type {Preview} */ p) => {
    setPreview(p);
    setLeave(new Set());
    return p;
  }).catch((e) => void setError(whyOf(e)));
  useEffect(() => {
    if (!box.current?.open) box.current?.showModal();
    look();
  }, []);
  const mails = preview?.kinds.reduce((n, k) => n + k.recipients.length, 0) || 0;
  const apply = async () => {
    setBusy(true);
    setError('');
    setMoved(null);
    try {
      const reply = await conn.write('decision.apply', { expect: preview?.hash, ...(release ? { release: true } : {}), ...(leave.size ? { unregister: [...leave] } : {}) });
      if (reply.noop) setError(t('selpreview.nothing'));
      else {
        announce(tn('selapplied.title', reply.applied));
        setDone(reply);
      }
    } catch (e) {
      const x = /** @type {any} */ (e);
      if (x?.fault !== 'conflict') setError(whyOf(x));
      const now = await look();
      if (x?.fault === 'conflict' && now) setMoved({ what: changed(preview, now), unticked: leave.size > 0 });
    }
    setBusy(false);
  };
  return html`<dialog class="dialog wide-dialog" ref=${box} aria-labelledby="sel-preview-h" onClose=${close} onCancel=${(/** @type {Event} */ e) => busy && e.preventDefault()}>
    <div class="dialog-head"><h2 id="sel-preview-h">${tn('selpreview.title', done ? done.applied : preview?.count ?? board.counts.staged)}</h2><button type="button" class="plain square" aria-label=${t('close')} disabled=${busy} onClick=${() => box.current?.close()}><${Close} /></button></div>
    ${done ? html`<${Done} done=${done} left=${Math.min(done.mails, board.mails)} close=${() => box.current?.close()} />` : html`
    ${preview ? html`<p class="hint">${t('selpreview.hint')}</p>
      ${preview.over.length ? html`<div class="error refusal-line" role="alert"><p>${t('selpreview.over')}</p><ul>${preview.over.map((o, i) => html`<li key=${i}><bdi>${o.session ? titleOf(o.session) : t('selection.posters')}</bdi>: <span class="num">${t('selection.of', { taken: o.taken, places: o.places })}</span></li>`)}</ul></div>` : null}
      ${preview.kinds.map((k) => html`<${KindPart} key=${k.kind} conn=${conn} kind=${k} />`)}
      ${preview.registered.length ? html`<${RegisteredPart} list=${preview.registered} leave=${leave} set=${setLeave} />` : null}
      ${preview.kinds.some((k) => k.invitations) ? html`<p>${t('selpreview.expires', { time: day(preview.expires) })}</p>` : null}
      ${preview.kinds.some((k) => /talk/.test(k.kind)) ? html`<label class="tick"><input type="checkbox" checked=${release} onChange=${(/** @type {any} */ e) => setRelease(e.target.checked)} /><span>${t('selpreview.release')}<span class="hint">${t('selpreview.release_hint')}</span></span></label>` : null}` : error ? null : html`<p class="hint" role="status">${t('selpreview.reading')}</p>`}
    <div class="error" role="alert">${error}${moved ? html`<${Changed} ...${moved} />` : null}</div>
    ${preview ? html`<div class="row"><button type="button" class="primary" disabled=${busy || !preview.count || preview.over.length > 0} onClick=${apply}>${busy ? t('selpreview.applying') : tn('selpreview.apply', mails)}</button><button type="button" class="link" disabled=${busy} onClick=${() => box.current?.close()}>${t('cancel')}</button></div>${busy ? html`<progress aria-label=${t('selpreview.applying')}></progress>` : null}` : null}`}
  </dialog>`;
}
