// web/attend/changelog.js: the releases of the programme and what each one changed (loaded when asked for)
import { html, signal, useEffect } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayKey, dayName, fullDate, zoneName } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { Back } from '../ui/icons.js';
import { targetOf } from './row.js';
import { homeAddress } from './route.js';

const list = signal(/** @type {any[] | null} */ (null));
const one = signal(/** @type {any} */ (null));
const fault = signal('');

const when = (/** @type {string} */ at) => `${fullDate(at)}, ${clock(at)} ${zoneName(at)}`;
const room = (/** @type {any} */ side) => side?.room_name || schedule.value?.room.get(side?.room)?.name || '';
const people = (/** @type {any} */ side) => (side?.speakers || []).map((/** @type {any} */ p) => (typeof p === 'string' ? p : p.name)).join(', ');
const timeOf = (/** @type {any} */ side, /** @type {any} */ other) => (side?.start ? `${other && dayKey(other.start) === dayKey(side.start) ? '' : `${dayName(side.start)} `}${clock(side.start)}–${clock(side.end)}` : '');

/** What differs, a line each: before struck through, after beside it. @param {any} c */
function lines(c) {
  const out = /** @type {{name: string, a: string, b: string}[]} */ ([]);
  const pair = (/** @type {string} */ name, /** @type {string} */ a, /** @type {string} */ b) => a !== b && out.push({ name, a, b });
  if (c.change === 'added') return [{ name: '', a: '', b: `${timeOf(c.after, null)} ${room(c.after)}` }];
  if (c.change === 'cancelled' || c.change === 'removed') return [{ name: '', a: `${timeOf(c.before, null)} ${room(c.before)}`, b: '' }];
  pair('', timeOf(c.before, null), timeOf(c.after, c.before));
  if (out[0] && c.before?.start === c.after?.start && c.before?.end === c.after?.end) out.pop();
  pair('release.room', room(c.before), room(c.after));
  pair('release.title', c.before?.title || '', c.after?.title || '');
  pair('release.speakers', people(c.before), people(c.after));
  if (!out.length) for (const f of c.fields || []) out.push({ name: `release.field_${f}`, a: '', b: '' });
  return out;
}

/** @param {{c: any}} props */
function Change({ c }) {
  const side = c.after || c.before;
  const session = schedule.value?.session.get(side?.session);
  const talk = session && targetOf(session);
  const title = html`<span dir="auto">${side?.title || session?.title || ''}</span>`;
  return html`<li class="change"><p><span class=${c.change === 'cancelled' || c.change === 'removed' ? 'tag off' : 'tag'}>${t(`change.${c.change}`)}</span> ${talk ? html`<a href=${`#/talk/${talk.id}`}>${title}</a>` : title}</p>
    ${lines(c).map((x, i) => html`<p key=${i} class="change-line">${x.name ? html`<span class="change-name">${t(x.name)}</span> ` : null}${x.a ? html`<s dir="auto">${x.a}</s> ` : null}${x.b ? html`<b class=${x.a ? 'expected' : ''} dir="auto">${x.b}</b>` : null}</p>`)}</li>`;
}

/** @param {{conn: import('../protocol.js').Connection, n: number}} props n: 0 for all */
export function Changelog({ conn, n }) {
  useEffect(() => {
    fault.value = '';
    one.value = null;
    const read = n ? conn.call('release.get', { release: n }).then((doc) => (one.value = doc)) : conn.call('release.list').then((doc) => (list.value = doc.releases));
    read.catch((e) => (fault.value = e.fault === 'not_found' ? t('release.gone') : whyOf(e)));
  }, [n, schedule.value?.release]);
  const back = html`<a class="back" href=${n ? '#/releases' : homeAddress()}><${Back} />${n ? t('release.all') : t('talk.back')}</a>`;
  if (fault.value) return html`${back}<h1 tabindex="-1" class="out-of-sight">${t('release.all')}</h1><${Empty} title=${fault.value} />`;
  if (n) {
    const diff = one.value?.diff || [];
    return html`${back}<div class="changelog"><h1 tabindex="-1">${t('release.number', { n })}</h1>
      ${one.value ? html`<p class="changelog-when">${when(one.value.at)}</p>${one.value.note ? html`<p class="changelog-note" dir="auto">${one.value.note}</p>` : null}
      ${diff.length ? html`<ol class="changes">${diff.map((/** @type {any} */ c) => html`<${Change} key=${c.slot} c=${c} />`)}</ol>` : html`<p class="empty-line">${t('release.nothing')}</p>`}` : html`<${Skeleton} n=${3} />`}</div>`;
  }
  return html`${back}<div class="changelog"><h1 tabindex="-1">${t('release.all')}</h1>
    ${list.value ? html`<ol class="releases">${list.value.map((r) => html`<li key=${r.release}><a href=${`#/release/${r.release}`}><b>${t('release.number', { n: r.release })}</b> <span>${tn('release.changes', Array.isArray(r.changes) ? r.changes.length : r.changes)}</span>${r.reverts ? html`<span class="release-note">${t('release.undoes', { n: r.reverts })}</span>` : null}${r.note ? html`<span class="release-note" dir="auto">${r.note}</span>` : null}<small>${when(r.at)}</small></a></li>`)}</ol>` : html`<${Skeleton} n=${4} />`}</div>`;
}
