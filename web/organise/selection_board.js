// web/organise/selection_board.js: every abstract with what reviewers think and the committee means; places left; by keys, by mouse, by thumb
import { html, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { fold } from '../store.js';
import { draft, titleOf } from './draft.js';
import { href } from './route.js';
import { counts, KEYS, left, placeFor, shown, SORTS, TABS } from './selection_model.js';
import { Row, whatIs } from './selection_row.js';
import { PreviewDialog } from './selection_preview.js';

/** @typedef {import('./selection_model.js').Board} Board @typedef {import('./selection_model.js').Row} AbstractRow */

/** What is left where: the counters at the top. @param {{board: Board}} props */
function Counters({ board }) {
  const one = (/** @type {string} */ key, /** @type {string} */ title, /** @type {{places: number | null, taken: number}} */ p) => {
    const over = p.places === null ? 0 : p.taken - p.places;
    return html`<li key=${key} class=${cx('sel-place', p.places !== null && left(p) === 0 && 'sel-full')}><span class="sel-place-name" dir="auto">${title}</span>
      <span class="num"><strong>${p.places === null ? '' : over > 0 ? t('selection.over', { n: over }) : left(p) ? tn('selection.left', left(p)) : t('selection.full')}</strong> <span class="hint">${p.places === null ? t('selection.uncounted', { taken: p.taken }) : t('selection.of', { taken: p.taken, places: p.places })}</span></span>
      ${p.places === null ? null : html`<span class="sel-meter" aria-hidden="true"><i style=${`inline-size:${Math.min(100, p.places ? (p.taken / p.places) * 100 : 100)}%`}></i></span>`}</li>`;
  };
  return html`<ul class="sel-places" aria-label=${t('selection.places')}>${board.sessions.map((s) => one(s.session, s.title, s))}${one('posters', t('selection.posters'), board.posters)}</ul>`;
}

/** Everything about which nothing was decided. @param {{conn: import('../protocol.js').Connection, n: number, fail: (why: string) => void, read: () => void}} props */
function Rest({ conn, n, fail, read }) {
  const [sure, setSure] = useState(false);
  if (!n) return null;
  const stage = async () => {
    setSure(false);
    try {
      await conn.write('decision.rest', { expect: n });
      fail('');
    } catch (e) {
      fail(whyOf(e));
    }
    read();
  };
  return sure ? html`<div class="row sel-sure" role="group"><span>${tn('selection.rest_sure', n)}</span><button type="button" class="second" autofocus onClick=${stage}>${t('selection.rest_do')}</button><button type="button" class="link" onClick=${() => setSure(false)}>${t('cancel')}</button></div>`
    : html`<button type="button" class="link" onClick=${() => setSure(true)}>${tn('selection.rest', n)}</button>`;
}

/** @param {{rows: AbstractRow[], by: {tab: string, track: string, sort: string, text: string}, set: (more: any) => void}} props */
function Filters({ rows, by, set }) {
  const n = counts(rows);
  const tracks = draft.value?.tracks || [];
  const value = (/** @type {string} */ name) => (/** @type {any} */ e) => set({ [name]: e.target.value });
  return html`<div class="tabs" role="group" aria-label=${t('selection.tabs')}>${TABS.filter((x) => x !== 'returned' || n.returned).map((x) => html`<button key=${x} type="button" aria-pressed=${by.tab === x} onClick=${() => set({ tab: x })}>${t(`selection.tab_${x}`)} <span class="num">${n[x]}</span></button>`)}</div>
    <div class="filter-row"><label class="field"><span>${t('selection.search')}</span><input type="search" autocomplete="off" value=${by.text} onInput=${value('text')} /></label>
      ${tracks.length ? html`<label class="field"><span>${t('selection.topic')}</span><select value=${by.track} onChange=${value('track')}><option value="">${t('selection.topic_all')}</option>${tracks.map((x) => html`<option key=${x.id} value=${x.id}>${x.name}</option>`)}</select></label>` : null}
      ${by.tab === 'standby' ? null : html`<label class="field"><span>${t('selection.sort')}</span><select value=${by.sort} onChange=${value('sort')}>${SORTS.map((x) => html`<option key=${x} value=${x}>${t(`selection.sort_${x}`)}</option>`)}</select></label>`}</div>`;
}

/** The writes of the board: each with the version that was looked at. @param {import('../protocol.js').Connection} conn @param {() => void} read @param {(why: string) => void} fail */
function useStage(conn, read, fail) {
  const under = useRef(new Set());
  /** @param {AbstractRow} r @param {{outcome?: string, session?: string | null, rank?: number, note?: string}} what without outcome: taken back */
  return async (r, what) => {
    // A key held down is one press.
    if (under.current.has(r.abstract)) return false;
    under.current.add(r.abstract);
    let done = false;
    try {
      const params = Object.fromEntries(Object.entries(what).filter(([, v]) => v !== null && v !== undefined && v !== ''));
      const reply = await conn.write('decision.stage', { abstract: r.abstract, expect_version: r.version, ...params });
      announce(reply.staged ? t('selection.said', { title: r.title, what: whatIs(reply.staged, titleOf) }) : t('selection.said_back', { title: r.title }));
      fail('');
      done = true;
    } catch (e) {
      const x = /** @type {any} */ (e);
      const who = x?.data?.current?.staged?.by;
      fail(x?.fault === 'conflict' ? (who ? t('selection.conflict', { name: who }) : t('selection.conflict_nobody')) : whyOf(x));
    }
    under.current.delete(r.abstract);
    read();
    return done;
  };
}

/** @param {{conn: import('../protocol.js').Connection, board: Board, read: () => void}} props */
export function SelectionBoard({ conn, board, read }) {
  const [by, setBy] = useState({ tab: 'all', track: '', sort: 'score', text: '' });
  const [open, setOpen] = useState('');
  const [error, setError] = useState('');
  const [looking, setLooking] = useState(false);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const stage = useStage(conn, read, setError);
  const rows = shown(board.abstracts, { ...by, words: fold(by.text).split(/\s+/).filter(Boolean) }, fold);
  const key = (/** @type {KeyboardEvent} */ e) => {
    const line = /** @type {HTMLElement} */ (e.target).closest?.('.sel-line');
    if (!line || e.altKey || e.ctrlKey || e.metaKey) return;
    const at = rows.findIndex((r) => r.abstract === /** @type {HTMLElement} */ (line).dataset.abstract);
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      const next = rows[at + (e.key === 'ArrowDown' ? 1 : -1)];
      /** @type {HTMLElement | null} */ (list.current?.querySelector(`[data-abstract="${next?.abstract}"]`))?.focus();
      return;
    }
    const outcome = KEYS[e.key];
    if (outcome === undefined || at < 0 || e.repeat) return;
    e.preventDefault();
    const r = rows[at];
    const session = outcome === 'talk' ? placeFor(r, board.sessions) : null;
    if (outcome === 'talk' && !session) setError(t('selection.no_place'));
    else if (outcome || r.staged) stage(r, { outcome: outcome || undefined, session });
  };
  const n = board.counts;
  if (!n.abstracts) return html`<${Counters} board=${board} /><div class="empty"><p class="empty-title">${t('selection.none')}</p>${n.drafts ? html`<p>${tn('selection.none_drafts', n.drafts)}</p>` : null}</div>`;
  return html`<p class="hint">${t('selection.hint')}</p>
    ${board.sessions.length ? null : html`<p class="sel-warn">${t('selection.no_sessions')} <a href=${href('selection', 'places')}>${t('selection.set_places')}</a></p>`}
    <${Counters} board=${board} />
    <${Filters} rows=${board.abstracts} by=${by} set=${(/** @type {any} */ more) => setBy({ ...by, ...more })} />
    <p class="hint sel-keys">${t('selection.keys')}</p>
    <p class="error" role="alert">${error}</p>
    ${rows.length ? html`<ul class="rows sel-rows" ref=${list} onKeyDown=${key}>${rows.map((r) => html`<${Row} key=${r.abstract} row=${r} board=${board} open=${open === r.abstract} toggle=${() => setOpen(open === r.abstract ? '' : r.abstract)} stage=${stage} />`)}</ul>`
    : html`<p class="empty-line">${t('selection.none_here')}</p>`}
    <div class="sel-bar"><div class="sel-bar-in"><strong class="num" role="status">${n.staged ? tn('selection.staged', n.staged) : t('selection.nothing_staged')}</strong>
      ${board.mails ? html`<span class="num">${tn('selection.mails', board.mails)}</span>` : null}
      <${Rest} conn=${conn} n=${n.undecided} fail=${setError} read=${read} />
      <button type="button" class="primary" disabled=${!n.staged} onClick=${() => setLooking(true)}>${t('selection.preview')}</button></div></div>
    ${looking ? html`<${PreviewDialog} conn=${conn} board=${board} close=${() => { setLooking(false); read(); }} />` : null}`;
}
