// web/organise/release.js: the difference between the draft and what people see, and publishing it
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { clock, dayName, zoneName, conferenceTime } from '../ui/clock.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

/** @param {any} slot */
function place(slot) {
  if (!slot) return '';
  return `${dayName(slot.start)} ${clock(slot.start)}–${clock(slot.end)}, ${schedule.value?.room.get(slot.room)?.name || ''}`;
}

/** @param {any} slot */
const titleOf = (slot) => slot?.title || schedule.value?.session.get(slot?.session)?.title || t('organise.untitled');

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Release({ conn }) {
  const [preview, setPreview] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const read = () => conn.call('release.preview').then((p) => { setPreview(p); setError(''); }).catch((e) => setError(whyOf(e)));
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(read, 150);
    };
    const stop = conn.subscribe('draft', { snapshot: soon, event: soon });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  const publish = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    try {
      const reply = await conn.write('release.publish', note.trim() ? { note: note.trim() } : {});
      const text = t('organise.published', { n: reply.release, changes: Array.isArray(reply.changes) ? reply.changes.length : reply.changes });
      setSaid(text);
      announce(text);
      setNote('');
      setError('');
    } catch (x) {
      setError(whyOf(x));
    }
    setBusy(false);
    read();
  };
  if (!preview) return error ? html`<h1>${t('view.release')}</h1><p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${2} />`;
  const changes = preview.changes || [];
  const overlaps = preview.overlaps || [];
  return html`<h1>${t('view.release')}</h1><p class="hint">${t('organise.release_now', { n: schedule.value?.release ?? 0, zone: zoneName(schedule.value?.slots[0]?.start || conferenceTime()) })}</p>
    ${said ? html`<p class="said" role="status">${said}</p>` : null}<p class="error" role="alert">${error}</p>
    ${overlaps.length ? html`<div class="overlaps"><p><strong>${tn('organise.overlaps', overlaps.length)}</strong></p><ul>${overlaps.map((/** @type {any} */ o, /** @type {number} */ i) => html`<li key=${i} dir="auto">${schedule.value?.room.get(o.room)?.name || ''}: ${titleOf(o.first)} × ${titleOf(o.second)}</li>`)}</ul></div>` : null}
    ${changes.length ? html`<ul class="changes">${changes.map((/** @type {any} */ c) => html`<li key=${c.slot}><span class=${c.change === 'cancelled' ? 'tag off' : 'tag'}>${t(`change.${c.change}`)}</span><div><p class="change-title" dir="auto">${titleOf(c.after || c.before)}</p>
      <p class="change-how">${c.before && c.change !== 'added' ? html`<s>${place(c.before)}</s>` : null}${c.after && c.change !== 'cancelled' ? html`<span>${place(c.after)}</span>` : null}</p></div></li>`)}</ul>
      <form class="publish" onSubmit=${publish}><label class="field"><span>${t('organise.note')}</span><input value=${note} maxlength="200" dir="auto" onInput=${(/** @type {any} */ e) => setNote(e.target.value)} /></label><button class="primary" type="submit" disabled=${busy}>${tn('organise.publish', changes.length)}</button></form>` : html`<p class="empty-line">${t('organise.nothing')}</p>`}`;
}
