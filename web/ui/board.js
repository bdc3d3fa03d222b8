// web/ui/board.js: the station board: what to act on, who is inside, how each door and each station is doing; asked for every two seconds
import { html, useEffect, useState, cx } from './dom.js';
import { t, tn, extend } from '../i18n/index.js';
import { realTime, status } from './app.js';
import { ago, clock, duration, now } from './clock.js';
import { Empty, Skeleton, whyOf } from './chrome.js';
import { announce } from './live.js';
import { troubles } from '../board.js';
import en from '../i18n/board.en.js';
import da from '../i18n/board.da.js';

extend({ en, da });

const EVERY = 2000;

/** What the board says now; asked again while it is looked at. @param {import('../protocol.js').Connection} conn */
export function useBoard(conn) {
  const [board, setBoard] = useState(/** @type {import('../board.js').Board | null} */ (null));
  const [error, setError] = useState('');
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const ask = async () => {
      if (!document.hidden || !turn) {
        try {
          const doc = await conn.call('station.board');
          if (gone) return;
          setBoard(doc);
          setError('');
        } catch (e) {
          if (!gone) setError(whyOf(e));
        }
      }
      if (!gone) timer = setTimeout(ask, EVERY);
    };
    ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [turn]);
  return { board, error, again: () => setTurn((n) => n + 1) };
}

/** @param {import('../board.js').Conflict} c */
function sentence(c) {
  const who = c.person?.name || (c.ticket ? t('board.ticket', { end: c.ticket.slice(-4).toUpperCase() }) : t('board.somebody'));
  const at = (/** @type {any} */ s) => t('board.at', { station: s?.station?.name || t('board.a_station'), time: s?.at ? clock(s.at) : '' });
  const [a, b] = c.scans || [];
  if (c.kind === 'double_entry') return t(c.undetermined ? 'board.double_undetermined' : 'board.double', { who, a: at(a), b: at(b) });
  if (c.kind === 'missing_scans') return t('board.missing_scans', { station: c.station?.name || a?.station?.name || t('board.a_station'), n: c.detail?.count ?? '' });
  if (c.kind === 'walk_in') return t('board.walk_in', { who: c.detail?.name || who, number: c.detail?.number ?? '', at: at(a) });
  return t(`board.${c.kind}`, { who, at: at(a) });
}

/** @param {{conn: import('../protocol.js').Connection, c: import('../board.js').Conflict, may: boolean, more?: any, done: () => void}} props `more`: what else can be done about it there */
function Act({ conn, c, may, more, done }) {
  const [note, setNote] = useState('');
  const [open, setOpen] = useState(false);
  const [error, setError] = useState('');
  const settle = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      await conn.write('conflict.settle', { conflict: c.id, note: note.trim() });
      announce(t('board.settled'));
      done();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<li class="act"><p class="act-what" dir="auto">${sentence(c)}</p><p class="hint">${t(`board.do_${c.kind}`)} ${c.raised ? html`<span class="num">${ago(c.raised)}</span>` : null}</p>
    ${may && more ? html`<${more} conn=${conn} c=${c} done=${done} />` : null}
    ${!may ? null : open ? html`<form class="row" onSubmit=${settle}><label class="field"><span>${t('board.note')}</span><input type="text" required dir="auto" maxlength="300" value=${note} onInput=${(/** @type {any} */ e) => setNote(e.target.value)} /></label><button class="primary" type="submit">${t('board.settle')}</button><button type="button" class="link" onClick=${() => setOpen(false)}>${t('cancel')}</button></form>`
      : html`<button type="button" class="second" onClick=${() => setOpen(true)}>${t('board.settle')}</button>`}<p class="error" role="alert">${error}</p></li>`;
}

/** @param {{zones: import('../board.js').Zone[]}} props */
function Zones({ zones }) {
  return html`<ul class="zones">${zones.map((z) => html`<li key=${z.id} class=${cx('zone', !!z.capacity && z.inside >= z.capacity && 'full', !!z.part_of && 'within')}><span class="zone-name" dir="auto">${z.name}</span>
    <span class="zone-count num">${z.inside}${z.capacity ? html`<small> / ${z.capacity}</small>` : null}</span>
    ${z.capacity ? html`<meter min="0" max=${z.capacity} high=${z.capacity * 0.9} value=${z.inside} aria-label=${t('board.occupancy', { zone: z.name })}></meter>` : null}
    ${z.capacity && z.inside >= z.capacity ? html`<span class="tag off">${t('board.full')}</span>` : null}</li>`)}</ul>`;
}

/** @param {{lists: import('../board.js').List[]}} props */
function Lists({ lists }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="board-lists"><table class="grid"><thead><tr><th scope="col">${t('board.list')}</th>${['admitted', 'inside', 'refused', 'conflicts', 'per_minute'].map((k) => html`<th key=${k} scope="col" class="n">${t(`board.${k}`)}</th>`)}</tr></thead>
    <tbody>${lists.map((l) => html`<tr key=${l.id}><th scope="row" dir="auto">${l.name}</th>${(/** @type {const} */ (['admitted', 'inside', 'refused', 'conflicts', 'per_minute'])).map((k) => html`<td key=${k} class="n num">${l[k] ?? '–'}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** @param {{s: import('../board.js').Station, at: number, lists: Map<string, string>}} props */
function Station({ s, at, lists }) {
  const found = troubles(s);
  const said = s.said || {};
  const mix = said.verdicts;
  return html`<tr class=${cx(found.length > 0 && 'trouble')}><th scope="row"><span dir="auto">${s.name}</span><small class="hint" dir="auto">${t(`profile.${s.profile}`)}${s.list && lists.get(s.list) ? ` · ${lists.get(s.list)}` : ''}</small></th>
    <td>${found.length ? html`<ul class="troubles">${found.map((x) => html`<li key=${x.what}>${x.what === 'offline' ? t('board.t_offline', { span: duration(at - Date.parse(s.seen || '')) }) : t(`board.t_${x.what}`, { n: x.n ?? '' })}</li>`)}</ul>` : html`<span class="fine">${t('board.fine')}</span>`}</td>
    <td class="n num">${said.queue ?? '–'}</td><td class="num">${!said.snapshot?.as_of ? '–' : s.online ? t('board.live') : duration(at - Date.parse(s.seen || ''))}</td>
    <td class="n num">${said.scans_minute ?? '–'}</td><td class="num">${mix ? t('board.mix', { admitted: mix.admitted ?? 0, refused: mix.refused ?? 0, ask: mix.ask ?? 0 }) : '–'}</td>
    <td class="n num">${said.p95_ms !== undefined && said.p95_ms !== null ? t('board.ms', { n: said.p95_ms }) : '–'}</td></tr>`;
}

/** @param {{conn: import('../protocol.js').Connection, may: boolean, large?: boolean, more?: any}} props `may`: conflicts can be settled here; `more`: a view of one of them with what else can be done */
export function Board({ conn, may, large, more }) {
  const { board, error, again } = useBoard(conn);
  now.value;
  const at = realTime();
  if (!board) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${6} />`;
  const rank = (/** @type {any} */ s) => (troubles(s).length ? 0 : 1);
  const stations = [...board.stations].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, undefined, { numeric: true }));
  const names = new Map(board.lists.map((l) => [l.id, l.name]));
  return html`<div class=${cx('board', large && 'board-large')}>
    ${error || status.value.state !== 'open' ? html`<p class="notice" role="status">${t('board.stale')}</p>` : null}
    <section aria-labelledby="board-acts"><h2 id="board-acts">${t('board.acts')} ${board.conflicts.length ? html`<span class="count num">${board.conflicts.length}</span>` : null}</h2>
      ${board.conflicts.length ? html`<ul class="acts" aria-live="polite">${board.conflicts.map((c) => html`<${Act} key=${c.id} conn=${conn} c=${c} may=${may} more=${more} done=${again} />`)}</ul>` : html`<p class="empty-line">${t('board.no_acts')}</p>`}</section>
    <section aria-labelledby="board-inside"><h2 id="board-inside">${t('board.inside_now')}</h2>${board.zones.length ? html`<${Zones} zones=${board.zones} />` : html`<p class="empty-line">${t('board.no_zones')}</p>`}
      ${board.lists.length ? html`<h2 id="board-lists" class="out-of-sight">${t('board.lists')}</h2><${Lists} lists=${board.lists} />` : null}</section>
    <section aria-labelledby="board-stations"><h2 id="board-stations">${tn('board.stations', stations.length)}</h2>
      ${stations.length ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="board-stations"><table class="grid board-stations"><thead><tr>${['station', 'state', 'queue', 'snapshot', 'rate', 'verdicts', 'p95'].map((k) => html`<th key=${k} scope="col" class=${cx(['queue', 'rate', 'p95'].includes(k) && 'n')}>${t(`board.h_${k}`)}</th>`)}</tr></thead>
        <tbody>${stations.map((s) => html`<${Station} key=${s.id} s=${s} at=${at} lists=${names} />`)}</tbody></table></div>` : html`<${Empty} title=${t('board.no_stations')} />`}</section></div>`;
}
