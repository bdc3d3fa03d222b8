// web/apply/call.js: the call as this page knows it, and how its deadline is said: as it was announced, and by the reader's own clock
import { html, signal } from '../ui/dom.js';
import { lang, t } from '../i18n/index.js';
import { clock, conferenceTime, dayName, duration, now, ownTime, zoneName } from '../ui/clock.js';

/**
 * @typedef {{text: string, label: string, zone: string, at: string}} When
 * @typedef {{opens: When, closes: When, state: string, answers: string, answers_da: string, intro: string, intro_da: string, limit: number, version: number,
 *   tracks: {id: string, name: string, color?: string}[], consents: {kind: string, version: number, text: string, text_da: string, required: boolean}[], late?: {until: string, open: boolean}}} Call
 */

/** null: not read yet; false: there is none. */
export const call = signal(/** @type {Call | null | false} */ (null));

/** @param {import('../protocol.js').Connection} conn */
export const readCall = (conn) => conn.call('call.get').then((c) => (call.value = c), (e) => {
  if (e?.fault === 'not_found') call.value = false;
});

/** In the reader's language where there are words in it. @param {any} o @param {string} name */
export const said = (o, name) => (lang.value === 'da' && o[`${name}_da`]) || o[name] || '';

/** As it was announced: its own figures and its own label, whatever zone the reader is in. @param {When} when */
export function announced(when) {
  const day = new Intl.DateTimeFormat(lang.value === 'da' ? 'da-DK' : 'en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(`${when.text.slice(0, 10)}T12:00:00Z`));
  return t('apply.when', { day, time: lang.value === 'da' ? when.text.slice(11).replace(':', '.') : when.text.slice(11), label: when.label });
}

/** Whether this reader may hand in now. @param {Call} c */
export const mayHandIn = (c) => (c.state === 'open' && now.value <= Date.parse(c.closes.at)) || (c.state === 'before' && now.value >= Date.parse(c.opens.at) && now.value <= Date.parse(c.closes.at)) || (!!c.late && now.value <= Date.parse(c.late.until));

/** @param {{c: Call}} props */
export function Deadline({ c }) {
  const at = now.value || conferenceTime();
  const open = mayHandIn(c);
  const late = open && c.late && at > Date.parse(c.closes.at) ? c.late : null;
  const before = at < Date.parse(c.opens.at);
  const when = before ? c.opens : c.closes;
  const left = Date.parse(late ? late.until : when.at) - at;
  const own = late ? ownTime(Date.parse(late.until)) : ownTime(Date.parse(when.at));
  return html`<div class=${`deadline ${open ? 'open' : 'shut'}`}>
    <p class="deadline-state">${late ? t('apply.late') : before ? t('apply.before') : open ? t('apply.open') : t('apply.closed')}</p>
    <p class="deadline-when num">${late ? `${dayName(Date.parse(late.until))}, ${clock(Date.parse(late.until))} ${zoneName(Date.parse(late.until))}` : announced(when)}</p>
    <p class="hint num">${own ? html`<span>${own}</span> ` : null}${left > 0 ? t(before ? 'apply.until_open' : 'apply.left', { time: duration(left) }) : ''}</p>
    ${said(c, 'answers') ? html`<p class="hint">${t('apply.answers', { when: said(c, 'answers') })}</p>` : null}
  </div>`;
}
