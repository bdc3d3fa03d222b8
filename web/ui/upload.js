// web/ui/upload.js: handing in a file for a talk or a poster: chosen, sent in pieces that survive a bad line, and what is there already
import { html, useEffect, useRef, useState } from './dom.js';
import { extend, t, lang } from '../i18n/index.js';
import en from '../i18n/files.en.js';
import da from '../i18n/files.da.js';
import { slug, status } from './app.js';
import { clock, fullDate } from './clock.js';
import { whyOf } from './chrome.js';
import { announce } from './live.js';
import { under, uuid } from '../wire.js';

extend({ en, da });

/** @typedef {{file: string, kind: string, name: string, size: number, received: number, state: string, shared?: boolean, at: string}} Kept */
/** @typedef {{name: string, got: number, all: number, state: 'sending' | 'paused' | 'waiting' | 'checking' | 'stopped', why: string}} Going */

const PIECE = 1 << 20;
const WAITS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 60000];
const LIMITS = { slides: 100 * PIECE, poster: 20 * PIECE };
const KINDS = { slides: ['.pdf', '.pptx', '.odp', '.key'], poster: ['.pdf'] };

/** @param {number} n */
export function sizeText(n) {
  const say = (/** @type {number} */ x) => new Intl.NumberFormat(lang.value, { maximumFractionDigits: x < 10 ? 1 : 0 }).format(x);
  return n < 1000 ? t('files.unit_b', { n }) : n < PIECE ? t('files.unit_kb', { n: say(n / 1024) }) : t('files.unit_mb', { n: say(n / PIECE) });
}

/** What is wrong with it before a byte has left; '' if nothing. @param {'slides' | 'poster'} kind @param {{name: string, size: number}} file */
export function refusal(kind, file) {
  if (!KINDS[kind].some((suffix) => file.name.toLowerCase().endsWith(suffix))) return 'file.type';
  return file.size > LIMITS[kind] ? 'file.too_big' : '';
}

/** A page with a token of its own (a device, a test) has no cookie that a link would take along. @param {import('../protocol.js').Connection} conn @param {{file: string, name?: string}} file @param {Event} e */
async function fetchByToken(conn, file, e) {
  const { Authorization } = conn.headers();
  if (!Authorization) return;
  e.preventDefault();
  const reply = await fetch(under(slug, `/files/${file.file}`), { headers: { Authorization } });
  if (!reply.ok) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await reply.blob());
  link.download = file.name || '';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** @param {{conn: import('../protocol.js').Connection, file: {file: string, name?: string}, children?: any, label?: string}} props */
export const FileLink = ({ conn, file, children, label }) => html`<a href=${under(slug, `/files/${file.file}`)} download aria-label=${label} onClick=${(/** @type {Event} */ e) => fetchByToken(conn, file, e)}>${children}</a>`;

/** A refusal has the server's own name; anything else is the line. @param {any} error */
function faultOf(error) {
  try {
    return JSON.parse(error.originalResponse?.getBody() || '');
  } catch {
    return { fault: error.originalResponse ? 'internal' : 'network' };
  }
}

/** Worth another try by itself: the line, somebody else's piece, a server that restarts. @param {any} error */
function passes(error) {
  const code = error.originalResponse?.getStatus() || 0;
  return code === 0 || code === 409 || code === 423 || code === 429 || (code >= 500 && code !== 507);
}

/**
 * One upload and its state. @param {import('../protocol.js').Connection} conn @param {'slides' | 'poster'} kind @param {string} subject @param {(name: string) => void} done
 */
function useUpload(conn, kind, subject, done) {
  const [going, setGoing] = useState(/** @type {Going | null} */ (null));
  const upload = useRef(/** @type {import('tus-js-client').Upload | null} */ (null));
  /** The one that was begun last, and whether it was paused; null: thrown away. It is pressed upon before its uploader is here. */
  const run = useRef(/** @type {{paused: boolean} | null} */ (null));
  const change = (/** @type {Partial<Going>} */ more) => setGoing((now) => now && { ...now, ...more });
  useEffect(() => () => {
    run.current = null;
    upload.current?.abort();
  }, []);
  const begin = async (/** @type {File} */ file) => {
    setGoing({ name: file.name, got: 0, all: file.size, state: 'sending', why: '' });
    const mine = (run.current = { paused: false });
    const { Upload } = await import('tus-js-client');
    const { Authorization } = conn.headers();
    const it = new Upload(file, {
      endpoint: under(slug, '/files'),
      chunkSize: PIECE,
      retryDelays: WAITS,
      removeFingerprintOnSuccess: true,
      metadata: { id: uuid(), kind, subject, filename: file.name },
      headers: /** @type {Record<string, string>} */ (Authorization ? { Authorization } : {}),
      fingerprint: async () => ['plenum', kind, subject, file.name, file.size, file.lastModified].join('-'),
      onProgress: (got, all) => change({ got, all, state: got === all ? 'checking' : 'sending', why: '' }),
      onShouldRetry: (error) => {
        const again = passes(error);
        if (again) change({ state: 'waiting' });
        return again;
      },
      onSuccess: () => {
        upload.current = null;
        setGoing(null);
        done(file.name);
      },
      onError: (error) => {
        const f = faultOf(error);
        change({ state: 'stopped', why: f.fault === 'network' ? t('files.stopped') : whyOf(f) });
      },
    });
    const [before] = await it.findPreviousUploads();
    if (run.current !== mine) return;
    if (before) it.resumeFromPreviousUpload(before);
    upload.current = it;
    if (!mine.paused) it.start();
  };
  const pause = async () => {
    if (run.current) run.current.paused = true;
    await upload.current?.abort();
    change({ state: 'paused', why: '' });
  };
  const go = () => {
    if (run.current) run.current.paused = false;
    change({ state: 'sending', why: '' });
    upload.current?.start();
  };
  /** What has arrived goes, too. */
  const cancel = async () => {
    const it = upload.current;
    upload.current = null;
    run.current = null;
    await it?.abort();
    setGoing(null);
    const id = it?.url?.split('/').pop();
    for (const one of (await it?.findPreviousUploads()) || []) localStorage.removeItem(one.urlStorageKey);
    if (id) await conn.write('file.remove', { file: id }).catch(() => {});
  };
  return { going, begin, pause, go, cancel };
}

/** @param {{going: Going, pause: () => void, go: () => void, cancel: () => void}} props */
function Sending({ going, pause, go, cancel }) {
  const { state } = going;
  return html`<div class="upload-going" data-state=${state}>
    <p><bdi>${t('files.sending', { name: going.name, got: sizeText(going.got), all: sizeText(going.all) })}</bdi></p>
    <progress max=${going.all} value=${going.got} aria-label=${t('files.progress', { name: going.name })}></progress>
    <p class="hint" role="status">${state === 'sending' || (state === 'stopped' && going.why) ? '' : t(`files.${state}`)}</p>
    <p class="error" role="alert">${going.why}</p>
    <p class="row">${state === 'paused' || state === 'stopped' ? html`<button type="button" class="primary" onClick=${go}>${t('files.resume')}</button>` : state === 'checking' ? null : html`<button type="button" class="second" onClick=${pause}>${t('files.pause')}</button>`}
      ${state === 'checking' ? null : html`<button type="button" class="second" onClick=${cancel}>${t('files.cancel')}</button>`}</p>
  </div>`;
}

/** @param {{conn: import('../protocol.js').Connection, file: Kept, may: boolean, changed: () => void}} props */
function KeptFile({ conn, file, may, changed }) {
  const [sure, setSure] = useState(false);
  const [why, setWhy] = useState('');
  const act = async (/** @type {string} */ method, /** @type {any} */ params, /** @type {string} */ said) => {
    setWhy('');
    try {
      await conn.write(method, { file: file.file, ...params });
      if (said) announce(said);
    } catch (e) {
      setWhy(whyOf(e));
    }
    changed();
  };
  const ready = file.state === 'ready';
  const at = Date.parse(file.at);
  return html`<li class="upload-file" data-state=${file.state}><p class="upload-name">${ready ? html`<${FileLink} conn=${conn} file=${file}><bdi>${file.name}</bdi><//>` : html`<bdi>${file.name}</bdi>`}</p>
    <p class="hint">${ready ? t('files.arrived', { size: sizeText(file.size), at: `${fullDate(at)} ${clock(at)}` }) : t('files.unfinished', { got: sizeText(file.received), all: sizeText(file.size) })}</p>
    ${may && ready && file.kind === 'slides' ? html`<label class="upload-share"><input type="checkbox" checked=${!!file.shared} onChange=${(/** @type {any} */ e) => act('file.share', { value: e.target.checked }, '')} /> <span>${t('files.share')}</span></label>` : null}
    ${!may ? null : sure ? html`<p class="row" role="group" aria-label=${t('files.sure', { name: file.name })}><span>${t('files.sure', { name: file.name })}</span><button type="button" class="second" onClick=${() => act('file.remove', {}, t('files.removed', { name: file.name }))}>${t('files.remove')}</button><button type="button" class="link" onClick=${() => setSure(false)}>${t('cancel')}</button></p>`
    : html`<button type="button" class="link" aria-label=${`${t('files.remove')}: ${file.name}`} onClick=${() => setSure(true)}>${t('files.remove')}</button>`}
    <p class="error" role="alert">${why}</p></li>`;
}

/** The files for one talk or poster: all of it. @param {{conn: import('../protocol.js').Connection, kind: 'slides' | 'poster', subject: string}} props */
export function Files({ conn, kind, subject }) {
  const [doc, setDoc] = useState(/** @type {{files: Kept[], may: boolean} | null} */ (null));
  const [why, setWhy] = useState('');
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const read = () => conn.call('file.list', { kind, subject }).then((reply) => setDoc(reply), (e) => setWhy(whyOf(e)));
  const open = status.value.state === 'open';
  useEffect(() => {
    if (open) read();
  }, [open, kind, subject]);
  const { going, begin, pause, go, cancel } = useUpload(conn, kind, subject, (name) => {
    announce(t('files.done', { name }));
    read();
  });
  const choose = (/** @type {File | undefined} */ file) => {
    if (!file) return;
    const wrong = file.size === 0 ? t('files.empty') : refusal(kind, file) && t(`fault.${refusal(kind, file)}`);
    setWhy(wrong);
    if (!wrong) begin(file);
    if (input.current) input.current.value = '';
  };
  if (!doc) return why ? html`<p class="error" role="alert">${why}</p>` : null;
  const id = `upload-${subject}`;
  return html`<div class="upload" data-subject=${subject}>
    <ul class="upload-files">${doc.files.filter((f) => f.state === 'ready' || !going).map((f) => html`<${KeptFile} key=${f.file} conn=${conn} file=${f} may=${doc.may} changed=${read} />`)}</ul>
    ${!doc.may ? null : going ? html`<${Sending} going=${going} pause=${pause} go=${go} cancel=${() => cancel().then(read)} />` : html`<div class="upload-choose" onDragOver=${(/** @type {DragEvent} */ e) => e.preventDefault()} onDrop=${(/** @type {DragEvent} */ e) => { e.preventDefault(); choose(e.dataTransfer?.files[0]); }}>
      <label class="second" for=${id}>${t(doc.files.length ? 'files.another' : 'files.choose')}</label><input id=${id} ref=${input} class="out-of-sight" type="file" aria-describedby=${`${id}-kinds`} accept=${KINDS[kind].join()} onChange=${(/** @type {any} */ e) => choose(e.target.files[0])} />
      <p class="hint" id=${`${id}-kinds`}>${t(`files.kinds_${kind}`)}</p></div>`}
    <p class="error" role="alert">${why}</p></div>`;
}

/** Everything one is asked to hand in. @param {{conn: import('../protocol.js').Connection, kinds?: string[]}} props */
export function MyFiles({ conn, kinds = ['slides', 'poster'] }) {
  const [subjects, setSubjects] = useState(/** @type {{kind: 'slides' | 'poster', subject: string, title: string}[]} */ ([]));
  const open = status.value.state === 'open';
  useEffect(() => {
    if (open) conn.call('file.mine').then((reply) => setSubjects(reply.subjects), () => {});
  }, [open]);
  const shown = subjects.filter((s) => kinds.includes(s.kind));
  if (!shown.length) return null;
  return html`<section class="my-files" aria-labelledby="my-files-h"><h2 id="my-files-h">${t('files.mine')}</h2>
    ${shown.map((s) => html`<div class="my-files-one" key=${s.subject}><h3 dir="auto">${s.title} <span class="tag">${t(`files.${s.kind}`)}</span></h3><${Files} conn=${conn} kind=${s.kind} subject=${s.subject} /></div>`)}</section>`;
}
