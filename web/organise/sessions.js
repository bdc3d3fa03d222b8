// web/organise/sessions.js: all sessions of the draft, and one of them with its talks and where it is held
import { html, useRef, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { uuid } from '../wire.js';
import { fold } from '../store.js';
import { zone, clock, dayShort } from '../ui/clock.js';
import { Back } from '../ui/icons.js';
import { Skeleton } from '../ui/chrome.js';
import { draft, marks, speakersOf, roomName } from './draft.js';
import { Editor } from './form.js';
import { bySlotTime, changed } from './plan.js';
import { dayOf } from './zone.js';
import { Talks, talksText } from './talks.js';
import { at, go, href } from './route.js';

/** @returns {import('./form.js').FieldDef[]} */
const fields = (/** @type {any} */ conn) => [
  { name: 'title', label: t('session.title'), required: true, max: 500 },
  { name: 'subtitle', label: t('session.subtitle'), max: 500 },
  { name: 'track', label: t('session.track'), kind: 'select', half: true, options: () => [{ value: '', label: t('session.no_track') }, ...(draft.value?.tracks || []).map((x) => ({ value: x.id, label: x.name }))] },
  { name: 'kind', label: t('session.kind'), max: 60, half: true, hint: t('session.kind_hint') },
  { name: 'language', label: t('session.language'), max: 20, half: true, hint: t('session.language_hint') },
  { name: 'abstract', label: t('session.abstract'), kind: 'area', rows: 5, max: 10000 },
  { name: 'description', label: t('session.description'), kind: 'area', rows: 4, max: 10000 },
  { name: 'talks', label: t('session.talks'), own: ({ value, set, id }) => html`<${Talks} conn=${conn} id=${id} value=${value || []} set=${set} />`, show: talksText },
];

/** The slots of each session in order. @param {import('./plan.js').Draft} d */
function bySession(d) {
  /** @type {Map<string, import('./plan.js').Slot[]>} */
  const out = new Map();
  for (const s of [...d.slot.values()].sort(bySlotTime)) out.set(s.session, [...(out.get(s.session) || []), s]);
  return out;
}

/** @param {import('./plan.js').Slot} s */
const when = (s) => `${dayShort(s.start)} ${clock(s.start)}–${clock(s.end)}, ${roomName(s.room)}`;

/** @param {{conn: import('../protocol.js').Connection, name: string, args: string[]}} props */
export function Sessions({ conn, name, args }) {
  const d = draft.value;
  if (!d) return html`<h1>${t('view.sessions')}</h1><${Skeleton} n=${6} />`;
  return name === 'session' ? html`<${One} key=${args[0]} conn=${conn} id=${args[0] || 'new'} />` : html`<${All} />`;
}

function All() {
  const d = /** @type {import('./plan.js').Draft} */ (draft.value);
  const [text, setText] = useState('');
  const [track, setTrack] = useState('');
  const [only, setOnly] = useState(false);
  const [limit, setLimit] = useState(100);
  const slots = bySession(d);
  const words = fold(text).split(/\s+/).filter(Boolean);
  const stands = (/** @type {string} */ id) => (slots.get(id) || []).some((s) => s.state !== 'cancelled');
  const found = [...d.session.values()].filter((s) => (!track || s.track === track) && (!only || !stands(s.id)) && words.every((w) => fold([s.title, ...s.talks.map((x) => x.title), ...speakersOf(s)].join(' ')).includes(w)))
    .sort((a, b) => ((slots.get(a.id)?.[0]?.start || '~') < (slots.get(b.id)?.[0]?.start || '~') ? -1 : 1));
  return html`<div class="tt-top"><h1>${t('view.sessions')}</h1><a class="primary" href=${href('session', 'new')}>${t('sessions.new')}</a></div>
    <div class="filter-row"><label class="field"><span>${t('rows.search')}</span><input type="search" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
      <label class="field"><span>${t('session.track')}</span><select value=${track} onChange=${(/** @type {any} */ e) => setTrack(e.target.value)}><option value="">${t('programme.all_tracks')}</option>${d.tracks.map((x) => html`<option key=${x.id} value=${x.id}>${x.name}</option>`)}</select></label>
      <label class="tick"><input type="checkbox" checked=${only} onChange=${(/** @type {any} */ e) => setOnly(e.target.checked)} /><span>${t('sessions.unplaced')}</span></label></div>
    <p class="hint" role="status">${tn('programme.found', found.length)}</p>
    ${found.length ? html`<ul class="rows">${found.slice(0, limit).map((s) => {
      const held = slots.get(s.id) || [];
      const mark = held.map((x) => marks.value.get(x.id)?.change).find(Boolean);
      return html`<li key=${s.id}><a class="row-line" href=${href('session', s.id)}><span class="row-name" dir="auto">${s.title}</span><span class="hint" dir="auto">${[held.length ? when(held[0]) : t('sessions.nowhere'), held.length > 1 ? t('sessions.more', { n: held.length - 1 }) : '', speakersOf(s).slice(0, 4).join(', ')].filter(Boolean).join(' · ')}</span>${mark ? html`<span class="tag on">${t(`change.${mark}`)}</span>` : null}</a></li>`;
    })}</ul>` : html`<p class="empty-line">${d.session.size ? t('programme.none') : t('session.none')}</p>`}
    ${found.length > limit ? html`<button type="button" class="second" onClick=${() => setLimit(limit + 300)}>${tn('rows.all', found.length)}</button>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection, id: string}} props */
function One({ conn, id }) {
  const d = /** @type {import('./plan.js').Draft} */ (draft.value);
  const fresh = useRef(uuid());
  const row = id === 'new' ? { title: '', subtitle: '', abstract: '', description: '', language: '', kind: '', track: null, talks: [] } : d.session.get(id);
  const back = html`<p class="back"><a href=${href('sessions')}><${Back} />${t('view.sessions')}</a></p>`;
  if (!row) return html`${back}<h1>${t('talk.gone')}</h1>`;
  const names = fields(conn).map((f) => f.name);
  const save = (/** @type {any} */ mine, /** @type {any} */ base) => {
    const isNew = base.version === undefined;
    /** @type {Record<string, any>} */
    const out = { session: isNew ? fresh.current : id, title: mine.title.trim() };
    for (const n of isNew ? names : changed(base, mine, names)) {
      if (n === 'talks') {
        if (mine.talks.length || !isNew) out.talks = mine.talks.map((/** @type {any} */ x) => ({ ...(x.id ? { id: x.id } : {}), title: x.title.trim(), speakers: x.speakers }));
      } else if (n !== 'title' && (!isNew || mine[n])) out[n] = mine[n] || '';
    }
    if (!isNew) out.expect_version = base.version;
    return conn.write('session.save', out);
  };
  const held = [...d.slot.values()].filter((s) => s.session === id).sort(bySlotTime);
  return html`${back}<h1 dir="auto">${row.title || t('sessions.new')}</h1>
    ${id === 'new' ? null : html`<section class="held"><h2>${t('session.held')}</h2>${held.length ? html`<ul>${held.map((s) => html`<li key=${s.id}><a class="num" href=${href('timetable', dayOf(s.start, zone.value), s.id)}>${when(s)}</a>${s.state === 'cancelled' ? html` <span class="tag off">${t('state.cancelled')}</span>` : null}</li>`)}</ul>` : html`<p class="hint">${t('sessions.nowhere')}</p>`}</section>`}
    <${Editor} key=${id} name=${`session-${id}`} id=${`session-${id}`} row=${row} fields=${fields(conn)} save=${save} saved=${(/** @type {any} */ r) => id === 'new' && at('session', 'new') && go('session', r.session)}
      remove=${(/** @type {any} */ x) => conn.write('session.remove', { session: id, expect_version: x.version })} removed=${() => at('session', id) && go('sessions')} />`;
}
