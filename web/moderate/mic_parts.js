// web/moderate/mic_parts.js: beside the queue: who stands in the hall, the meeting link, how fair it has been
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { announce } from '../ui/live.js';

/** @param {number} seconds */
export const span = (seconds) => (seconds < 100 ? t('mic.seconds', { n: seconds }) : t('mic.minutes', { n: Math.round(seconds / 60) }));

/** An entry code has twenty letters and digits, in groups or not; everything else is a name. @param {string} text */
export const isCode = (text) => /^[0-9A-Za-z]{20}$/.test(text.replace(/[\s-]/g, '')) && /\d/.test(text);

/** A scanner writes its code here and presses Enter. @param {{conn: import('../protocol.js').Connection, talks: {id: string, title: string}[], act: import('./mic.js').Act, busy: boolean}} props */
export function Enter({ conn, talks, act, busy }) {
  const [text, setText] = useState('');
  const [talk, setTalk] = useState('');
  const said = text.trim();
  const add = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!said) return;
    act(() => conn.write('mic.enter', { talk: talk || talks[0].id, ...(isCode(said) ? { code: said } : { name: said }) }), ({ name }) => {
      // What is there by now may be the next one's.
      setText((now) => (now.trim() === said ? '' : now));
      announce(t('mic.entered', { name }));
    });
  };
  if (!talks.length) return null;
  return html`<form class="mic-enter" onSubmit=${add}><h3>${t('mic.enter')}</h3>
    <div class="mic-fields"><label class="field"><span>${t('mic.enter_label')}</span><input type="text" maxlength="80" autocomplete="off" spellcheck=${false} dir="auto" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
      ${talks.length > 1 ? html`<label class="field"><span>${t('mic.talk')}</span><select value=${talk || talks[0].id} onChange=${(/** @type {any} */ e) => setTalk(e.target.value)}>${talks.map((x) => html`<option key=${x.id} value=${x.id}>${x.title}</option>`)}</select></label>` : null}
      <button type="submit" class="second" disabled=${busy || !said}>${t('mic.enter_do')}</button></div></form>`;
}

/** The link itself is never shown again: whoever set it knows it. @param {{conn: import('../protocol.js').Connection, session: string, version: number, act: import('./mic.js').Act, busy: boolean}} props */
export function Bridge({ conn, session, version, act, busy }) {
  const [known, setKnown] = useState(/** @type {{room: string, set: boolean, host: string | null, version: number} | null} */ (null));
  const [open, setOpen] = useState(false);
  const [url, setUrl] = useState('');
  useEffect(() => {
    conn.call('bridge.get', { session }).then(setKnown, () => setKnown(null));
  }, [session, version]);
  if (!known) return null;
  const put = (/** @type {string | null} */ link) => act(() => conn.write(known.set && link ? 'bridge.rotate' : 'bridge.set', { room: known.room, url: link, expect_version: known.version }), (now) => {
    setKnown(now);
    setUrl('');
    setOpen(false);
  });
  const save = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (url.trim()) put(url.trim());
  };
  return html`<div class="mic-bridge"><h3>${t('mic.bridge')}</h3>
    <p class=${known.set ? 'hint' : ''}>${known.set ? t('mic.bridge_set', { host: known.host || '' }) : t('mic.bridge_none')}</p>
    ${open || !known.set ? html`<form class="mic-fields" onSubmit=${save}><label class="field"><span>${t('mic.bridge_label')}</span><input type="url" maxlength="400" autocomplete="off" value=${url} onInput=${(/** @type {any} */ e) => setUrl(e.target.value)} /></label>
      <button type="submit" class="second" disabled=${busy || !url.trim()}>${t('mic.bridge_save')}</button>
      ${known.set ? html`<button type="button" class="plain" disabled=${busy} onClick=${() => put(null)}>${t('mic.bridge_remove')}</button>` : null}</form>`
      : html`<button type="button" class="second" onClick=${() => setOpen(true)}>${t('mic.bridge_change')}</button>`}</div>`;
}

/** @typedef {{n: number, median_s: number | null, share: number}} Side */

/** @param {{way: string, sides: {room: Side, remote: Side}}} props */
function Way({ way, sides }) {
  const none = !sides.room.n && !sides.remote.n;
  const cell = (/** @type {Side} */ s) => (s.n ? html`<td class="num">${s.n} · ${s.share} %<small>${s.median_s === null ? '' : span(s.median_s)}</small></td>` : html`<td class="num hint">0</td>`);
  return html`<tr><th scope="row">${t(`mic.fair_${way}`)}</th>${cell(sides.room)}${cell(sides.remote)}</tr>
    ${none ? null : html`<tr class="mic-bar" aria-hidden="true"><td colspan="3"><svg viewBox="0 0 100 4" preserveAspectRatio="none"><rect class="room" width=${sides.room.share} height="4" /><rect class="remote" x=${sides.room.share} width=${100 - sides.room.share} height="4" /></svg></td></tr>`}`;
}

/** @param {{fairness: {voice: {room: Side, remote: Side}, text: {room: Side, remote: Side}} | null | undefined}} props */
export function Fair({ fairness }) {
  if (!fairness) return null;
  return html`<div class="mic-fair"><table><caption>${t('mic.fair')}</caption>
    <thead><tr><td></td><th scope="col">${t('mic.room')}</th><th scope="col">${t('mic.remote')}</th></tr></thead>
    <tbody><${Way} way="voice" sides=${fairness.voice} /><${Way} way="text" sides=${fairness.text} /></tbody></table>
    <p class="hint">${t('mic.fair_share')} · ${t('mic.fair_wait')}</p></div>`;
}
