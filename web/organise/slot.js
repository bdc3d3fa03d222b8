// web/organise/slot.js: the form of a slot: where, when, and how firm; cancelled, restored, changed places with another
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { zone, clock, dayName, zoneName } from '../ui/clock.js';
import { Close } from '../ui/icons.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { draft, learnSpan, marks, titleOf, roomName } from './draft.js';
import { Editor } from './form.js';
import { tidyTime, wall, withStart, timesOf } from './zone.js';
import { bySlotTime } from './plan.js';
import { href } from './route.js';

/** A slot as its form has it: times as the clocks of the conference show them. @param {any} s */
export function formOf(s) {
  return { id: s.id, version: s.version, state: s.state, session: s.session, room: s.room, start: wall(s.start, zone.value), end: wall(s.end, zone.value), anchor: !!s.anchor, min: s.min_s ? Math.round(s.min_s / 60) : null, overlap_ok: !!s.overlap_ok, from: s.start, to: s.end, changed_by: s.changed_by };
}

/** @returns {import('./form.js').FieldDef[]} */
function fields() {
  const rooms = (draft.value?.rooms || []).map((r) => ({ value: r.id, label: r.name }));
  const when = (/** @type {string} */ name) => (/** @type {any} */ p) => {
    const [day, time] = p.value.split('T');
    const set = (/** @type {string} */ text) => p.patch(name === 'start' ? withStart(p.row, text) : { end: text });
    return html`<span class="when"><input id=${p.id} type="date" required aria-label=${t('slot.day')} value=${day} onInput=${(/** @type {any} */ e) => e.target.value && set(`${e.target.value}T${time}`)} />
      <input class="num" type="text" required inputmode="numeric" autocomplete="off" dir="ltr" maxlength="5" aria-label=${t('slot.time')} value=${time} onInput=${(/** @type {any} */ e) => set(`${day}T${e.target.value}`)} onBlur=${(/** @type {any} */ e) => tidyTime(e.target.value) && set(`${day}T${tidyTime(e.target.value)}`)} /></span>`;
  };
  const show = (/** @type {string} */ text) => text.replace('T', ' ');
  return [
    { name: 'room', label: t('slot.room'), kind: 'select', required: true, options: () => [{ value: '', label: t('organise.choose') }, ...rooms] },
    { name: 'start', label: t('slot.start'), half: true, own: when('start'), show },
    { name: 'end', label: t('slot.end'), half: true, own: when('end'), show },
    { name: 'anchor', label: t('slot.anchor'), kind: 'check', hint: t('slot.anchor_hint'), half: true },
    { name: 'min', label: t('slot.elastic'), kind: 'number', min: 1, max: 600, hint: t('slot.elastic_hint'), half: true },
    { name: 'overlap_ok', label: t('slot.overlap_ok'), kind: 'check', hint: t('slot.overlap_hint') },
  ];
}

/** @param {{fault: any, choose: (wall: string, instant: string) => void}} props */
function Twice({ fault, choose }) {
  const c = fault?.data?.current;
  if (!c?.instants) return null;
  return html`<div class="twice" role="alert"><p>${t(`slot.${fault.fault === 'time.missing' ? 'missing' : 'ambiguous'}`, { time: c.wall.slice(11, 16), day: c.wall.slice(0, 10) })}</p>
    <div class="row">${c.instants.map((/** @type {string} */ x) => html`<button key=${x} type="button" class="second num" onClick=${() => choose(c.wall.slice(0, 16), x)}>${clock(x)} ${zoneName(x)} (${x.slice(11, 16)} UTC)</button>`)}</div></div>`;
}

/** What stands against it, as the preview has it. @param {{id: string}} props */
function Against({ id }) {
  const m = marks.value.get(id);
  if (!m?.overlap && !m?.clash) return null;
  const other = (/** @type {string} */ x) => {
    const s = draft.value?.slot.get(x);
    return s ? html`<a href=${href('timetable', wall(s.start, zone.value).slice(0, 10), s.id)} dir="auto">${titleOf(s.session)}, ${clock(s.start)}–${clock(s.end)}, ${roomName(s.room)}</a>` : '';
  };
  return html`<ul class="against">${(m.overlap || []).map((x) => html`<li key=${x}>${t('slot.overlaps')} ${other(x)}</li>`)}${(m.clash || []).map((c) => html`<li key=${c.other + c.speaker}>${t('slot.clashes', { who: c.speaker })} ${other(c.other)}</li>`)}</ul>`;
}

/** Cancel, restore, change places. @param {{conn: import('../protocol.js').Connection, slot: import('./plan.js').Slot, done: () => void}} props */
function More({ conn, slot, done }) {
  const [with_, setWith] = useState('');
  const [error, setError] = useState('');
  const [sure, setSure] = useState(false);
  const day = wall(slot.start, zone.value).slice(0, 10);
  const others = [...(draft.value?.slot.values() || [])].filter((s) => s.id !== slot.id && s.state !== 'cancelled' && wall(s.start, zone.value).startsWith(day)).sort(bySlotTime);
  const run = async (/** @type {string} */ method, /** @type {any} */ params) => {
    try {
      await conn.write(method, params);
      announce(t('form.saved'));
      setError('');
      done();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const off = slot.state === 'cancelled';
  return html`<section class="slot-more"><p class="error" role="alert">${error}</p>
    ${off ? html`<button type="button" class="second" onClick=${() => run('slot.restore', { slot: slot.id, expect_version: slot.version })}>${t('slot.restore')}</button>`
    : html`<div class="row swap"><label class="field"><span>${t('slot.swap')}</span><select value=${with_} onChange=${(/** @type {any} */ e) => setWith(e.target.value)}><option value="">${t('organise.choose')}</option>${others.map((s) => html`<option key=${s.id} value=${s.id}>${clock(s.start)} ${roomName(s.room)}: ${titleOf(s.session)}</option>`)}</select></label>
      <button type="button" class="second" disabled=${!with_} onClick=${() => { const o = draft.value?.slot.get(with_); if (o) run('slot.swap', { first: slot.id, second: o.id, expect_first: slot.version, expect_second: o.version }); }}>${t('slot.swap_do')}</button></div>
      <div class="row">${sure ? html`<button type="button" class="second bad" onClick=${() => run('slot.cancel', { slot: slot.id, expect_version: slot.version })}>${t('slot.cancel_sure')}</button><button type="button" class="link" onClick=${() => setSure(false)}>${t('slot.keep')}</button>` : html`<button type="button" class="link" onClick=${() => setSure(true)}>${t('slot.cancel')}</button>`}</div>`}</section>`;
}

/**
 * @param {{conn: import('../protocol.js').Connection, slot?: import('./plan.js').Slot, fresh?: {session: string, room: string, start: string, end: string}, begin?: {base: any, mine: any, theirs: any}, close: () => void}} props
 */
export function SlotForm({ conn, slot, fresh, begin, close }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [times, setTimes] = useState(/** @type {any} */ (null));
  const [chosen, setChosen] = useState(/** @type {Record<string, string>} */ ({}));
  useEffect(() => {
    if (!box.current?.open) box.current?.showModal();
  }, []);
  const row = slot ? formOf(slot) : fresh;
  const d = draft.value;
  if (!row || !d) return null;
  const save = async (/** @type {any} */ m, /** @type {any} */ base) => {
    setTimes(null);
    if (m.anchor && m.min) throw { fault: 'slot.firm' };
    if (![m.start, m.end].every((x) => tidyTime(x.slice(11)))) throw { fault: 'time.unread' };
    const params = { room: m.room, ...timesOf(m, slot ? base : {}, chosen), anchor: m.anchor, min_s: (m.min || 0) * 60, overlap_ok: m.overlap_ok };
    try {
      return await (slot ? conn.write('slot.move', { slot: slot.id, ...params, expect_version: m.version }) : conn.write('slot.create', { session: m.session, ...params }));
    } catch (e) {
      const x = /** @type {any} */ (e);
      if (x?.fault === 'time.ambiguous' || x?.fault === 'time.missing') {
        // The two are told apart by their offsets, which nobody may have asked for yet.
        await learnSpan(conn, x.data.current.instants.map(Date.parse)).catch(() => {});
        setTimes(x);
      }
      throw x;
    }
  };
  const sessions = [...d.session.values()].sort((a, b) => a.title.localeCompare(b.title)).map((s) => ({ value: s.id, label: s.title }));
  const all = fields();
  if (!slot) all.unshift({ name: 'session', label: t('slot.session'), kind: 'select', required: true, options: () => [{ value: '', label: t('organise.choose') }, ...sessions] });
  const session = slot && d.session.get(slot.session);
  return html`<dialog ref=${box} class="dialog wide-dialog" aria-labelledby="slot-title" onClose=${close}>
    <div class="dialog-head"><h2 id="slot-title" dir="auto">${session ? session.title : t('slot.new')}</h2><button type="button" class="plain square" onClick=${() => box.current?.close()} aria-label=${t('close')}><${Close} /></button></div>
    ${slot ? html`<p class="hint">${dayName(slot.start)} ${clock(slot.start)}–${clock(slot.end)} ${zoneName(slot.start)}, ${roomName(slot.room)}${slot.state === 'cancelled' ? html` <span class="tag off">${t('state.cancelled')}</span>` : null} <a href=${href('session', slot.session)}>${t('slot.to_session')}</a></p><${Against} id=${slot.id} />` : null}
    ${slot?.state === 'cancelled' ? null : html`<${Editor} key=${slot?.id || 'new'} name=${`slot-${slot?.id || 'new'}`} id="slot-form" row=${row} fields=${all} begin=${begin} save=${save} fromServer=${formOf} saved=${() => box.current?.close()} saveLabel=${slot ? undefined : t('slot.place')}><${Twice} fault=${times} choose=${(/** @type {string} */ w, /** @type {string} */ x) => { setChosen({ ...chosen, [w]: x }); setTimes(null); }} /><//>`}
    ${slot ? html`<${More} conn=${conn} slot=${slot} done=${() => box.current?.close()} />` : null}</dialog>`;
}
