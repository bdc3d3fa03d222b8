// web/review/sheet.js: one abstract and what its reviewer thinks of it: kept as it is typed, finished with one button
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { person, slug, status } from '../ui/app.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { missing, same, wordsOf } from './model.js';
import { Others } from './others.js';
import { Interest } from './interest.js';

const PAUSE_MS = 900;
const LIMIT = 4000;

const place = (/** @type {string} */ abstract) => `plenum-review:${slug}:${person.value?.id}:${abstract}`;
/** What was typed and is not with the server yet, with the version it was made of. @param {string} abstract @param {any} [value] null: forget */
function kept(abstract, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(place(abstract)) || 'null');
    if (value === null) localStorage.removeItem(place(abstract));
    else localStorage.setItem(place(abstract), JSON.stringify(value));
  } catch {
    // Without storage it lives as long as the page.
  }
  return null;
}

/** A score: one press, or one arrow key. @param {{c: import('./model.js').Criterion, value: number | undefined, set: (n: number) => void, off: boolean, lacks: boolean}} props */
function Score({ c, value, set, off, lacks }) {
  const few = c.max - c.min <= 10;
  const name = `score-${c.id}`;
  return html`<fieldset class=${cx('rv-score', lacks && 'rv-lacks')}><legend><span dir="auto">${c.name}</span> <span class="hint">${c.weight === null ? t('review.unscored') : t('review.weight', { n: c.weight })}</span></legend>
    ${few ? html`<div class="rv-steps">${Array.from({ length: c.max - c.min + 1 }, (_, i) => c.min + i).map((n) => html`<label key=${n}><input type="radio" name=${name} value=${n} checked=${value === n} disabled=${off} onChange=${() => set(n)} /><span class="num">${n}</span></label>`)}</div>`
    : html`<input type="number" inputmode="numeric" aria-label=${c.name} min=${c.min} max=${c.max} disabled=${off} value=${value ?? ''} onInput=${(/** @type {any} */ e) => e.target.value !== '' && e.target.checkValidity() && set(Number(e.target.value))} />`}
    <p class="hint">${t('review.range', { min: c.min, max: c.max })}${lacks ? html` <strong class="error">${t('review.lacks')}</strong>` : null}</p></fieldset>`;
}

/** @param {{a: any, tracks: {id: string, name: string}[], blind: boolean}} props */
function Text({ a, tracks, blind }) {
  return html`<article class="rv-text"><p class="hint"><span class="num">${t('review.number', { n: a.number })}</span> · ${t(`review.wish_${a.wish}`)}${a.tracks.map((/** @type {string} */ id) => html` · <span key=${id} dir="auto">${tracks.find((x) => x.id === id)?.name}</span>`)}</p>
    <h2 dir="auto" tabindex="-1">${a.title || t('review.untitled')}</h2>
    ${a.authors ? html`<ul class="rv-authors">${a.authors.map((/** @type {any} */ x, /** @type {number} */ i) => html`<li key=${i}><strong dir="auto">${x.name}</strong>${x.affiliation ? html` <span class="hint" dir="auto">${x.affiliation}</span>` : null}</li>`)}</ul>` : blind ? html`<p class="hint">${t('review.blind')}</p>` : null}
    <div class="rv-body" dir="auto">${a.body}</div></article>`;
}

/**
 * What is typed and where it stands: `saved`, `dirty` (typed, or on its way), `waiting` (no network), `against` (another window was first).
 * @param {import('../protocol.js').Connection} conn @param {string} abstract @param {any} own @param {() => void} changed
 */
function useReview(conn, abstract, own, changed) {
  const begun = useRef(kept(abstract));
  const [words, setWords] = useState(() => (begun.current ? begun.current.words : wordsOf(own)));
  const [state, setState] = useState(own?.state || 'none');
  const [error, setError] = useState('');
  const [against, setAgainst] = useState(/** @type {any} */ (null));
  const version = useRef(begun.current ? begun.current.version : own?.version || 0);
  const saved = useRef(wordsOf(own));
  const now = useRef(words);
  const sending = useRef(/** @type {Promise<boolean> | null} */ (null));
  const held = useRef({ final: own?.state === 'final', against: false });
  now.current = words;
  const dirty = !same(words, saved.current);
  const put = (/** @type {any} */ part) => setWords((/** @type {any} */ w) => {
    const next = { ...w, ...part };
    kept(abstract, { words: next, version: version.current });
    return next;
  });
  const send = async (/** @type {'draft' | 'final'} */ as) => {
    const sent = now.current;
    try {
      const reply = await conn.write('review.save', { abstract, ...sent, state: as, expect_version: version.current });
      version.current = reply.version;
      saved.current = sent;
      held.current.final = reply.state === 'final';
      setState(reply.state);
      setError('');
      if (same(now.current, sent)) kept(abstract, null);
      else kept(abstract, { words: now.current, version: reply.version });
      changed();
      return true;
    } catch (e) {
      const fault = /** @type {any} */ (e);
      held.current.against = fault.fault === 'conflict' && !!fault.data.current;
      if (held.current.against) setAgainst(fault.data.current);
      else setError(whyOf(fault));
      return false;
    }
  };
  // One at a time, each with the version that the one before has left: what is typed or finished meanwhile goes after it.
  const save = async (/** @type {'draft' | 'final'} */ as) => {
    while (sending.current) await sending.current;
    const { final, against } = held.current;
    if (against || (final && as === 'draft')) return false;
    if (same(now.current, saved.current) && (final || as === 'draft')) return true;
    sending.current = send(as);
    try {
      return await sending.current;
    } finally {
      sending.current = null;
    }
  };
  const settle = (/** @type {boolean} */ mine) => {
    version.current = against.version;
    saved.current = wordsOf(against);
    held.current = { final: against.state === 'final', against: false };
    setState(against.state);
    if (!mine) {
      setWords(wordsOf(against));
      kept(abstract, null);
    }
    setAgainst(null);
  };
  return { words, state, error, against, dirty, put, save, settle };
}

/** @param {{r: ReturnType<typeof useReview>, off: boolean}} props */
function Where({ r, off }) {
  if (off) return null;
  const open = status.value.state === 'open';
  const text = r.against ? '' : !r.dirty ? (r.state === 'final' ? t('review.is_final') : r.state === 'draft' ? t('review.is_kept') : '') : !open ? t('review.waits') : r.state === 'final' ? t('review.unsaved') : t('review.keeping');
  return html`<p class="hint rv-where" role="status">${text}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, doc: any, setup: import('./model.js').Setup, changed: () => void, next: any}} props */
function Form({ conn, doc, setup, changed, next }) {
  const abstract = doc.abstract.id;
  const r = useReview(conn, abstract, doc.own, changed);
  const [tried, setTried] = useState(false);
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  const off = setup.closed;
  const lacks = missing(setup.criteria, r.words);
  useEffect(() => {
    if (off || !r.dirty || r.state === 'final' || r.against || status.value.state !== 'open') return undefined;
    const timer = setTimeout(() => r.save('draft'), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [r.words, r.dirty, r.against, r.state, status.value.state]);
  const finish = async () => {
    setTried(true);
    if (lacks.length) {
      /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector('.rv-lacks input'))?.focus();
      announce(tn('review.lacking', lacks.length));
      return;
    }
    if (await r.save('final')) announce(t('review.is_final'));
  };
  const keys = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      if (!off) finish();
    }
  };
  const area = (/** @type {'to_authors' | 'to_committee'} */ name) => html`<label class="field"><span>${t(`review.${name}`)}</span><span class="hint">${t(`review.${name}_hint`)}</span>
    <textarea dir="auto" rows="5" maxlength=${LIMIT} disabled=${off} value=${r.words[name]} onInput=${(/** @type {any} */ e) => r.put({ [name]: e.target.value })}></textarea>${r.words[name].length > LIMIT - 400 ? html`<span class="hint num">${t('review.letters', { n: r.words[name].length, max: LIMIT })}</span>` : null}</label>`;
  return html`<form ref=${box} class="rv-form" aria-label=${t('review.yours')} onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); finish(); }} onKeyDown=${keys}>
      <h3>${t('review.yours')}</h3>
      ${off ? html`<p class="rv-all">${t('review.closed_hint')}</p>` : null}
      ${setup.criteria.map((c) => html`<${Score} key=${c.id} c=${c} value=${r.words.scores[c.id]} off=${off} lacks=${tried && r.words.scores[c.id] === undefined} set=${(/** @type {number} */ n) => r.put({ scores: { ...r.words.scores, [c.id]: n } })} />`)}
      ${area('to_authors')}${area('to_committee')}
      ${r.against ? html`<div class="rv-against" role="alert"><p><strong>${t('review.against')}</strong></p><p class="row"><button type="button" class="second" onClick=${() => r.settle(true)}>${t('review.keep_mine')}</button><button type="button" class="second" onClick=${() => r.settle(false)}>${t('review.take_other')}</button></p></div>` : null}
      <p class="error" role="alert">${r.error}</p><${Where} r=${r} off=${off} />
      ${off ? null : html`<div class="rv-end"><button class="primary" type="submit" disabled=${!!r.against || (r.state === 'final' && !r.dirty)}>${r.state === 'final' ? t('review.save_again') : t('review.finish')} <kbd>Ctrl ↵</kbd></button>
        ${r.state === 'final' && !r.dirty && next ? html`<a class="primary" href=${`#/${next.abstract}`}>${t('review.next')} <span class="num">${next.number}</span></a>` : null}</div>`}
    </form>
    ${r.state === 'final' ? html`<${Others} conn=${conn} abstract=${abstract} criteria=${setup.criteria} />` : html`<p class="hint">${t('review.others_later')}</p>`}
    ${off ? null : html`<${Interest} conn=${conn} abstract=${abstract} done=${() => { kept(abstract, null); changed(); location.hash = next && next.abstract !== abstract ? `#/${next.abstract}` : '#/'; }} />`}`;
}

/** @param {{conn: import('../protocol.js').Connection, abstract: string, known: boolean, setup: import('./model.js').Setup, tracks: any[], changed: () => void, next: any}} props known: it is (still) in the list */
export function Sheet({ conn, abstract, known, setup, tracks, changed, next }) {
  const [doc, setDoc] = useState(/** @type {any} */ (null));
  const [gone, setGone] = useState(false);
  const [error, setError] = useState('');
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    conn.call('review.get', { abstract }).then(setDoc).catch((e) => (e.fault === 'not_found' || e.fault === 'bad_request' ? setGone(true) : setError(whyOf(e))));
  }, []);
  useEffect(() => {
    if (doc) /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector('h2'))?.focus();
  }, [doc]);
  if (gone || (doc && !known)) return html`<${Empty} title=${t('review.gone')}><p>${t('review.gone_why')}</p><p><a href="#/">${t('review.to_list')}</a></p><//>`;
  if (error) return html`<p class="error" role="alert">${error}</p>`;
  if (!doc) return html`<${Skeleton} n=${5} />`;
  return html`<div ref=${box} class="rv-sheet"><${Text} a=${doc.abstract} tracks=${tracks} blind=${setup.blind} /><section><${Form} conn=${conn} doc=${doc} setup=${setup} changed=${changed} next=${next} /></section></div>`;
}
