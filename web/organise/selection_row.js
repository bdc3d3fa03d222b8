// web/organise/selection_row.js: one abstract in the line: what it is, what it was told, what is meant for it; open, with every choice
import { html, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayName } from '../ui/clock.js';
import { draft, titleOf } from './draft.js';
import { left, meant, moved, sameList } from './selection_model.js';

/** @typedef {import('./selection_model.js').Board} Board @typedef {import('./selection_model.js').Row} AbstractRow */

/** An outcome in words, with its session. @param {{outcome?: string, session?: string | null, rank?: number | null}} m @param {(session: string) => string} name */
export const whatIs = (m, name) => [t(`selection.is_${m.outcome}`, { rank: m.rank || '' }).trim(), m.session ? name(m.session) : ''].filter(Boolean).join(' · ');

/** @param {{row: AbstractRow}} props */
function Scores({ row }) {
  const n = (/** @type {number | undefined} */ x, /** @type {number} */ digits) => (x === undefined ? '–' : x.toFixed(digits).replace('-', '−'));
  return html`<span class="sel-scores num">${row.reviews ? html`<span title=${t('selection.score')}><span class="out-of-sight">${t('selection.score')} </span><strong>${n(row.score, 1)}</strong></span>
    <span class="hint">${t('selection.z')} ${n(row.z, 2)}</span> ${row.spread ? html`<span class="hint">${t('selection.spread', { n: row.spread.toFixed(1) })}</span>` : null} <span class="hint">${tn('selection.reviews', row.reviews)}</span>` : html`<span class="hint">${t('selection.reviews_none')}</span>`}</span>`;
}

/** @param {{row: AbstractRow}} props */
function Marks({ row }) {
  return html`<span class="sel-marks">${row.staged ? html`<span class="tag sel-meant">${t('selection.meant', { what: whatIs(row.staged, titleOf) })}</span>` : null}
    ${row.outcome ? html`<span class=${cx('tag', !row.staged && row.outcome !== 'declined' && 'on')}>${t('selection.in_force', { what: whatIs(row, titleOf) })}</span>` : null}
    ${row.returned ? html`<span class="tag off">${t('selection.is_returned')}</span>` : null}</span>`;
}

/** @param {{row: AbstractRow, board: Board, stage: (r: AbstractRow, what: any) => Promise<boolean>}} props */
function Choices({ row, board, stage }) {
  const [note, setNote] = useState(row.staged?.note || '');
  const [list, setList] = useState(row.staged?.session && row.staged.outcome === 'standby' ? row.staged.session : '');
  const now = meant(row);
  const choose = (/** @type {any} */ what) => stage(row, { ...what, note: note.trim() || undefined });
  const pressed = (/** @type {string} */ outcome, /** @type {string | null} */ session = null) => now.outcome === outcome && (outcome !== 'talk' || now.session === session);
  const move = (/** @type {-1 | 1} */ by) => {
    const m = moved(board.abstracts, row, by);
    if (m) stage(m.row, { outcome: 'standby', session: meant(m.row).session, rank: m.rank });
  };
  const same = now.outcome === 'standby' ? sameList(board.abstracts, row) : [];
  const place = same.findIndex((r) => r.abstract === row.abstract);
  return html`<div class="sel-choices">
    ${board.sessions.length ? html`<fieldset><legend>${t('selection.talk_in')}</legend><div class="sel-sessions">${board.sessions.map((s) => html`<button key=${s.session} type="button" class="second" aria-pressed=${pressed('talk', s.session)} disabled=${!left(s) && !pressed('talk', s.session)} onClick=${() => choose({ outcome: 'talk', session: s.session })}><span dir="auto">${s.title}</span> <span class="num hint">${left(s) ? tn('selection.left', left(s)) : t('selection.full')}</span></button>`)}</div></fieldset>` : null}
    <div class="row"><button type="button" class="second" aria-pressed=${pressed('poster')} disabled=${!left(board.posters) && !pressed('poster')} onClick=${() => choose({ outcome: 'poster' })}>${t('selection.as_poster')}</button>
      <span class="sel-standby"><button type="button" class="second" aria-pressed=${pressed('standby')} onClick=${() => choose({ outcome: 'standby', session: list })}>${t('selection.as_standby')}</button>
        ${board.sessions.length ? html`<select aria-label=${t('selection.standby_of')} value=${list} onChange=${(/** @type {any} */ e) => setList(e.target.value)}><option value="">${t('selection.standby_all')}</option>${board.sessions.map((s) => html`<option key=${s.session} value=${s.session}>${s.title}</option>`)}</select>` : null}</span>
      <button type="button" class="second" aria-pressed=${pressed('declined')} onClick=${() => choose({ outcome: 'declined' })}>${t('selection.as_declined')}</button>
      ${row.staged ? html`<button type="button" class="link" onClick=${() => stage(row, {})}>${t('selection.take_back')}</button>` : null}</div>
    ${same.length > 1 ? html`<div class="row"><button type="button" class="second" disabled=${place === 0} onClick=${() => move(-1)}>${t('selection.up')}</button><button type="button" class="second" disabled=${place === same.length - 1} onClick=${() => move(1)}>${t('selection.down')}</button></div>` : null}
    <label class="field"><span>${t('selection.note')}</span><textarea rows="2" maxlength="1000" dir="auto" value=${note} onInput=${(/** @type {any} */ e) => setNote(e.target.value)}></textarea><span class="hint">${t('selection.note_hint')}</span></label>
    ${row.staged?.by ? html`<p class="hint">${t('selection.by', { name: row.staged.by, time: `${dayName(row.staged.at)} ${clock(row.staged.at)}` })}</p>` : null}</div>`;
}

/** @param {{row: AbstractRow, board: Board, open: boolean, toggle: () => void, stage: (r: AbstractRow, what: any) => Promise<boolean>}} props */
export function Row({ row, board, open, toggle, stage }) {
  const tracks = row.tracks.flatMap((id) => draft.value?.track.get(id) || []);
  return html`<li class=${cx('sel-row', open && 'row-open')}>
    <button type="button" class="sel-line" data-abstract=${row.abstract} aria-expanded=${open} onClick=${toggle}>
      <span class="num sel-n">${row.number}</span>
      <span class="sel-what"><span class="row-name" dir="auto">${row.title}</span>
        <span class="hint"><bdi>${row.name}</bdi>${row.affiliation ? html`, <bdi>${row.affiliation}</bdi>` : null} · ${t(`selection.wish_${row.wish}`)} · ${t(`mode.${row.mode}`)}${tracks.map((x) => html` <span key=${x.id} class="sel-topic"><i class="swatch" style=${x.color ? `background:${x.color}` : ''}></i><bdi>${x.name}</bdi></span>`)}</span></span>
      <${Scores} row=${row} /><${Marks} row=${row} />
    </button>
    ${open ? html`<${Choices} key=${row.version} row=${row} board=${board} stage=${stage} />` : null}</li>`;
}
