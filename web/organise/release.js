// web/organise/release.js: the difference between the draft and what people see, and publishing all or some of it
import { html, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { zoneName, conferenceTime, clock } from '../ui/clock.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { preview, marks, draft, draftFault, roomName, titleOf } from './draft.js';
import { Diff } from './diff.js';
import { Part } from './part.js';
import { History } from './history.js';
import { hold } from './hold.js';
import { href } from './route.js';
import { dayOf } from './zone.js';
import { zone } from '../ui/clock.js';

/** @param {any} x a slot, or its id */
const slotOf = (x) => draft.value?.slot.get(typeof x === 'string' ? x : x?.slot || x?.id);

/** @param {{x: any}} props */
function SlotLink({ x }) {
  const s = slotOf(x);
  return s ? html`<a href=${href('timetable', dayOf(s.start, zone.value), s.id)} dir="auto">${titleOf(s.session)} (${clock(s.start)}–${clock(s.end)})</a>` : html`<span dir="auto">${x?.title || ''}</span>`;
}

/** What a refusal to publish names. @param {{fault: any}} props */
function Refusal({ fault }) {
  const c = fault?.data?.current;
  if (!fault) return null;
  return html`<div class="error refusal-line" role="alert"><p>${whyOf(fault)}</p>${c?.first ? html`<p>${c.speaker?.name || roomName(c.room?.id || c.room)} <${SlotLink} x=${c.first} /> × <${SlotLink} x=${c.second} /></p>` : null}</div>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Release({ conn, args }) {
  const [off, setOff] = useState(/** @type {Set<string>} */ (new Set()));
  const [note, setNote] = useState('');
  const [quiet, setQuiet] = useState(false);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [fault, setFault] = useState(/** @type {any} */ (null));
  const p = preview.value;
  const title = html`<h1>${t('view.release')}</h1>`;
  if (!p) return draftFault.value ? html`${title}<p class="error" role="alert">${whyOf({ fault: draftFault.value })}</p>` : html`${title}<${Skeleton} n=${4} />`;
  const all = p.changes || [];
  const chosen = all.filter((/** @type {any} */ c) => !off.has(c.slot));
  const set = (/** @type {string} */ slot, /** @type {boolean} */ on) => {
    const next = new Set(off);
    if (on) next.delete(slot);
    else next.add(slot);
    setOff(next);
  };
  const publish = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      const reply = await conn.write('release.publish', { ...(note.trim() ? { note: note.trim() } : {}), ...(quiet ? { quiet: true } : {}), ...(chosen.length < all.length ? { slots: chosen.map((/** @type {any} */ c) => c.slot) } : {}) });
      const text = tn('organise.published', reply.changes, { release: reply.release });
      setSaid(text);
      announce(text);
      setNote('');
      setOff(new Set());
      hold(reply);
    } catch (x) {
      setFault(x);
    }
    setBusy(false);
  };
  const pairs = [...(p.overlaps || []), ...(p.clashes || [])];
  return html`${title}<p class="hint">${t(schedule.value?.release ? 'organise.release_now' : 'organise.release_none', { n: schedule.value?.release ?? 0, zone: zoneName(schedule.value?.slots[0]?.start || conferenceTime()) })}</p>
    ${said ? html`<p class="said" role="status">${said}</p>` : null}
    ${pairs.length ? html`<div class="overlaps"><p><strong>${tn('timetable.conflicts', pairs.length)}</strong></p><ul>${pairs.slice(0, 40).map((o, i) => html`<li key=${i}>${o.speaker ? t('timetable.clash_of', { who: o.speaker.name }) : t('timetable.overlap_in', { room: roomName(o.room) })}: <${SlotLink} x=${o.first} /> × <${SlotLink} x=${o.second} /></li>`)}</ul></div>` : null}
    ${all.length ? html`<${Part} id="changes" title=${tn('timetable.changes', all.length)}>
      <p class="row"><button type="button" class="link" onClick=${() => setOff(new Set())}>${t('release.tick_all')}</button><button type="button" class="link" onClick=${() => setOff(new Set(all.map((/** @type {any} */ c) => c.slot)))}>${t('release.tick_none')}</button></p>
      <${Diff} changes=${all} ticks=${{ off, set }} bad=${marks.value} />
      <form class="publish" onSubmit=${publish}><label class="field"><span>${t('organise.note')}</span><input value=${note} maxlength="1000" dir="auto" onInput=${(/** @type {any} */ e) => setNote(e.target.value)} /></label>
        <label class="tick"><input type="checkbox" checked=${quiet} onChange=${(/** @type {any} */ e) => setQuiet(e.target.checked)} /><span>${t('release.quiet')}<span class="hint">${quiet ? t('release.quiet_hint') : p.people ? tn('release.reach', p.people) : t('release.reach_none')}</span></span></label>
        <${Refusal} fault=${fault} />
        <button class="primary" type="submit" disabled=${busy || !chosen.length}>${tn('organise.publish', chosen.length)}</button></form><//>` : html`<p class="empty-line">${t(schedule.value?.release ? 'organise.nothing' : 'organise.nothing_yet')}</p>`}
    <${Part} id="history" title=${t('release.history')}><${History} conn=${conn} open=${args[0] || ''} /><//>`;
}
