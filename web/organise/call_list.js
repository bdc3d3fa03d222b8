// web/organise/call_list.js: what was handed in: search, one at a time with its copy for blind reviews, and as a file
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { clock, dayMonth } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { slug } from '../ui/app.js';
import { csv, json } from './call_file.js';
import { stay } from './route.js';

const stamp = (/** @type {string} */ at) => `${dayMonth(Date.parse(at))} ${clock(Date.parse(at))}`;

/** @param {{conn: import('../protocol.js').Connection, row: any, topics: Map<string, string>, done: () => void}} props */
function One({ conn, row, topics, done }) {
  const [doc, setDoc] = useState(/** @type {any} */ (null));
  const [copy, setCopy] = useState(/** @type {string | null} */ (null));
  const [error, setError] = useState('');
  useEffect(() => void conn.call('abstract.get', { abstract: row.abstract }).then(setDoc, (e) => setError(whyOf(e))), [row.version, row.redacted]);
  const redact = async (/** @type {string | null} */ text) => {
    setError('');
    try {
      await conn.write('abstract.redact', { abstract: row.abstract, ...(text ? { redacted: text } : {}), expect_version: row.version });
      announce(t('form.saved'));
      setCopy(null);
      setDoc({ ...doc, redacted: text || undefined });
      done();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  if (!doc) return html`<p class="error" role="alert">${error}</p>`;
  const c = doc.content;
  return html`<div class="abstract-one"><p class="hint">${t('call.by')} <span dir="auto">${doc.person.name}</span>, ${doc.person.email}${row.received ? html` · <span class="num">${t('call.received', { time: stamp(row.received) })}</span>` : null}${doc.source ? ` · ${t('call.source', { source: doc.source })}` : ''}</p>
    ${c ? html`<ol class="abstract-authors">${c.authors.map((/** @type {any} */ a, /** @type {number} */ i) => html`<li key=${i} dir="auto">${a.presents ? html`<strong>${a.name}</strong> <span class="hint">${t('call.presents')}</span>` : a.name}${a.affiliation ? html` <span class="hint">${a.affiliation}</span>` : null}</li>`)}</ol>
      <p class="hint">${[...c.tracks.map((/** @type {string} */ id) => topics.get(id) || ''), t(`call.mode_${c.mode}`), t(`call.wish_${c.wish}`)].filter(Boolean).join(' · ')}</p>
      <p class="abstract-body" dir="auto">${c.body}</p>
      ${doc.consents.length ? html`<p class="hint">${t('call.agreed')} ${doc.consents.map((/** @type {any} */ g) => `${g.kind} ${g.version}${g.given ? '' : ` (${t('form.no')})`}`).join(', ')}</p>` : null}
      ${doc.unanswered?.length ? html`<p class="hint">${t('call.unanswered')} ${doc.unanswered.join(', ')}</p>` : null}
      ${row.state !== 'submitted' ? null : copy === null ? html`${doc.redacted ? html`<section class="redacted"><h4>${t('call.redacted')}</h4><p class="abstract-body" dir="auto">${doc.redacted}</p></section>` : null}
          <div class="row"><button type="button" class="second" onClick=${() => setCopy(doc.redacted || c.body)}>${doc.redacted ? t('call.redact_edit') : t('call.redact')}</button>${doc.redacted ? html`<button type="button" class="link" onClick=${() => redact(null)}>${t('call.redact_remove')}</button>` : null}</div>`
      : html`<label class="field"><span>${t('call.redacted')}</span><textarea rows="10" maxlength="6000" dir="auto" value=${copy} onInput=${(/** @type {any} */ e) => setCopy(e.target.value)}></textarea><span class="hint">${t('call.redact_hint')}</span></label>
          <div class="row"><button type="button" class="primary" disabled=${!copy.trim()} onClick=${() => redact(copy)}>${t('form.save')}</button><button type="button" class="link" onClick=${() => setCopy(null)}>${t('cancel')}</button></div>`}`
    : html`<p class="hint">${t('call.draft_words')}</p>`}<p class="error" role="alert">${error}</p></div>`;
}

/** @param {{conn: import('../protocol.js').Connection, doc: any, turn: number, open: string}} props turn: rises when something has changed */
export function Abstracts({ conn, doc, turn, open }) {
  const [text, setText] = useState('');
  const [state, setState] = useState('');
  const [track, setTrack] = useState('');
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const [error, setError] = useState('');
  const [busy, setBusy] = useState('');
  const [again, setAgain] = useState(0);
  const asked = useRef(0);
  const pages = useRef(1);
  const topics = new Map(doc.tracks.map((/** @type {any} */ k) => [k.id, k.name]));
  const filter = () => ({ ...(text.trim() ? { text: text.trim() } : {}), ...(state ? { state } : {}), ...(track ? { track } : {}) });
  const all = async (/** @type {string} */ method, /** @type {any} */ params, most = Infinity) => {
    /** @type {any[]} */
    let list = [];
    let after = null;
    for (let n = 0; n < most; n++) {
      const page = await conn.call(method, { ...params, ...(after ? { after } : {}) });
      list = list.concat(page.abstracts);
      after = page.next;
      if (!after) break;
    }
    return { list, after };
  };
  const read = async () => {
    const mine = ++asked.current;
    try {
      const { list, after } = await all('abstract.list', filter(), pages.current);
      // What was asked for meanwhile counts.
      if (mine !== asked.current) return;
      setRows(list);
      setNext(after);
      setError('');
    } catch (e) {
      if (mine === asked.current) setError(whyOf(e));
    }
  };
  useEffect(() => {
    const wait = setTimeout(read, rows ? 250 : 0);
    return () => clearTimeout(wait);
  }, [text, state, track, turn, again]);
  const file = async (/** @type {'csv' | 'json'} */ kind) => {
    setBusy(kind);
    try {
      const { list } = await all('abstract.export', filter());
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([kind === 'csv' ? csv(list, topics) : json(list, topics)], { type: kind === 'csv' ? 'text/csv' : 'application/json' }));
      link.download = `${slug || 'plenum'}-abstracts.${kind}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch (e) {
      setError(whyOf(e));
    }
    setBusy('');
  };
  const n = doc.counts;
  return html`<p class="num">${[tn('call.submitted', n.submitted), tn('call.drafts', n.draft), n.withdrawn ? tn('call.withdrawn', n.withdrawn) : ''].filter(Boolean).join(' · ')}</p>
    <div class="filter-row"><label class="field"><span>${t('call.search')}</span><input type="search" maxlength="100" dir="auto" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
      <label class="field"><span>${t('call.state')}</span><select value=${state} onChange=${(/** @type {any} */ e) => setState(e.target.value)}><option value="">${t('call.any')}</option>${['submitted', 'draft', 'withdrawn'].map((s) => html`<option key=${s} value=${s}>${t(`call.is_${s}`)}</option>`)}</select></label>
      ${doc.tracks.length ? html`<label class="field"><span>${t('call.topic')}</span><select value=${track} onChange=${(/** @type {any} */ e) => setTrack(e.target.value)}><option value="">${t('call.any')}</option>${doc.tracks.map((/** @type {any} */ k) => html`<option key=${k.id} value=${k.id}>${k.name}</option>`)}</select></label>` : null}
      <span class="row"><button type="button" class="second" disabled=${!!busy} onClick=${() => file('csv')}>CSV</button><button type="button" class="second" disabled=${!!busy} onClick=${() => file('json')}>JSON</button></span></div>
    <p class="error" role="alert">${error}</p>
    ${!rows ? null : rows.length ? html`<ul class="rows abstracts">${rows.map((a) => html`<li key=${a.abstract} class=${cx(open === a.abstract && 'row-open')}><button type="button" class="row-line" aria-expanded=${open === a.abstract} onClick=${() => (open === a.abstract ? stay('call') : stay('call', a.abstract))}>
        <span class="abstract-n num">${a.number || ''}</span><span class="abstract-what"><span class="row-name" dir="auto">${a.title || t('call.untitled')}</span> <span class="hint" dir="auto">${a.authors.map((/** @type {any} */ u) => u.name).join(', ') || a.person.name}</span></span>
        <span class="abstract-marks">${a.late ? html`<span class="tag">${t('call.was_late')}</span> ` : null}${a.redacted ? html`<span class="tag">${t('call.has_copy')}</span> ` : null}${a.unknown_consents ? html`<span class="tag">${t('call.unknown_consents')}</span> ` : null}${a.unsent ? html`<span class="tag">${t('call.unsent')}</span> ` : null}<span class=${cx('tag', a.state === 'submitted' && !a.outcome && 'on')}>${a.outcome ? t(`call.outcome_${a.outcome}`) : t(`call.is_${a.state}`)}</span></span></button>
        ${open === a.abstract ? html`<${One} conn=${conn} row=${a} topics=${topics} done=${() => setAgain(again + 1)} />` : null}</li>`)}</ul>` : html`<p class="empty-line">${text || state || track ? t('call.none_found') : t('call.none')}</p>`}
    ${next ? html`<button type="button" class="second" onClick=${() => { pages.current++; setAgain(again + 1); }}>${t('call.more')}</button>` : null}`;
}
