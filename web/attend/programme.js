// web/attend/programme.js: the programme by day, and one's own: a list that draws only what is near the screen
import { html, signal, computed, useEffect, useRef, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayKey, keyName, minute, nightDay, ownTime, zoneMark, zoneNote, conferenceTime } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { slug } from '../ui/app.js';
import { under } from '../wire.js';
import { Empty } from '../ui/chrome.js';
import { Calendar } from '../ui/icons.js';
import { ends, pieces } from '../store.js';
import { filter, refine } from './route.js';
import { Filters, days, shownDay, shortOnes, longOnes } from './filters.js';
import { stars } from './kept.js';
import { Row } from './row.js';
import { watch } from '../ui/near.js';

/** What was over when the day was opened is folded away; later nothing goes by itself, for somebody may be reading it. */
const since = signal(0);
const earlier = signal(false);
/** Printing needs every row, whatever is near the screen. */
const everything = signal(false);
addEventListener('beforeprint', () => (everything.value = true));
addEventListener('afterprint', () => (everything.value = false));

const isOver = (/** @type {import('../store.js').Slot} */ x) => Date.parse(ends(x)) < since.value && x.state !== 'running';
const folds = computed(() => !earlier.value && (filter.value.mine || dayKey(since.value || 1) === shownDay.value) && !filter.value.text.trim());
const folded = computed(() => (folds.value ? shortOnes.value.filter(isOver).length : 0));
const found = computed(() => (folded.value ? shortOnes.value.filter((x) => !isOver(x)) : shortOnes.value));
const parts = computed(() => pieces(found.value));

/** Nothing to show, and what to do about it. */
function Nothing() {
  const f = filter.value;
  const clear = html`<button type="button" class="link" onClick=${() => refine({ room: '', track: '', text: '', mine: false })}>${t('programme.clear')}</button>`;
  if (f.mine && !stars.value.size) return html`<${Empty} title=${t('mine.none')}><p>${t('mine.none_hint')}</p>${clear}<//>`;
  if (folded.value) return html`<p class="empty-line">${t('programme.day_over')}</p>`;
  return longOnes.value.length ? null : html`<${Empty} title=${t('programme.none')}>${clear}<//>`;
}

/** @param {{calendar: () => void}} props */
export function Programme({ calendar }) {
  const s = schedule.value;
  if (s && !since.value) since.value = conferenceTime();
  if (!s?.slots.length) return null;
  const f = filter.value;
  const ics = under(slug, '/schedule.ics');
  const count = shortOnes.value.length + longOnes.value.length;
  const heading = f.text.trim() || f.room || f.track || f.mine ? tn('programme.found', count) : days.value.length ? keyName(shownDay.value) : '';
  return html`<section class="programme" aria-labelledby="programme-h">
    <div class="programme-head"><h2 id="programme-h">${t(f.mine ? 'mine.title' : 'programme.title')}</h2><p class="zone-note">${zoneNote(s.slots.find((x) => dayKey(x.start) === shownDay.value)?.start || minute.value)}</p></div>
    <${Filters} />
    <p class="found" role="status">${heading}
      ${earlier.value && folds.value ? html` <button type="button" class="link" onClick=${toNow}>${t('programme.to_now')}</button>` : null}
      ${folded.value ? html` <button type="button" class="link" onClick=${() => (earlier.value = true)}>${tn('programme.earlier', folded.value)}</button>` : null}</p>
    ${longOnes.value.length ? html`<section class="long" aria-labelledby="long-h"><h3 id="long-h">${t('programme.long')}</h3><ol>${longOnes.value.map((x) => html`<${Row} key=${x.id} slot=${x} />`)}</ol></section>` : null}
    ${found.value.length ? html`<div class="pieces">${parts.value.map((p, i) => html`<${Piece} key=${`${shownDay.value}${p[0].slots[0].id}`} first=${i < 3} groups=${p} before=${i ? parts.value[i - 1].at(-1)?.start : undefined} />`)}</div>` : html`<${Nothing} />`}
    <p class="subscribe"><button type="button" class="second" onClick=${calendar}><${Calendar} /><span>${t('calendar.subscribe')}</span></button> <a href=${ics}>${t('calendar.file')}</a> <a href="#/releases">${t('release.number', { n: s.release })}</a></p>
  </section>`;
}

function toNow() {
  const at = conferenceTime();
  const index = parts.value.findIndex((p) => p.some((g) => g.slots.some((x) => Date.parse(ends(x)) > at)));
  const el = document.querySelectorAll('.piece')[index];
  if (!el) return;
  el.scrollIntoView();
  // The piece may only now have got its real height, and its first rows may be over.
  setTimeout(() => (el.querySelector('.slot:not(.past)') || el).scrollIntoView({ block: 'center' }), 120);
}

/** @param {{groups: {start: string, slots: import('../store.js').Slot[]}[], first: boolean, before?: string}} props */
function Piece({ groups, first, before }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [near, setNear] = useState(first);
  const height = useRef(0);
  useEffect(() => (box.current ? watch(box.current, (n) => {
    if (!n && box.current) height.current = box.current.offsetHeight;
    setNear(n);
  }) : undefined), []);
  const rows = groups.reduce((n, g) => n + g.slots.length, 0);
  const draw = near || everything.value;
  return html`<div class="piece" ref=${box} style=${draw ? { height: '' } : { height: `${height.current || rows * 76}px` }}>
    ${draw ? groups.map((g, i) => html`<${Group} key=${g.start} group=${g} date=${!shownDay.value && dayKey(g.start) !== (i ? dayKey(groups[i - 1].start) : before && dayKey(before))} />`) : null}
  </div>`;
}

/** @param {{group: {start: string, slots: import('../store.js').Slot[]}, date: boolean | string | undefined}} props */
function Group({ group, date }) {
  const night = [nightDay(group.start), zoneMark(group.start)].filter(Boolean).join(' ');
  return html`${date ? html`<h3 class="date-head">${keyName(dayKey(group.start))}</h3>` : null}<div class="group">
    <h4 class="group-time num"><time datetime=${group.start}>${clock(group.start)}</time>${night ? html`<span class="own-time">${night}</span>` : null}${ownTime(group.start) ? html`<span class="own-time">${ownTime(group.start)}</span>` : null}</h4>
    <ol>${group.slots.map((slot) => html`<${Row} key=${slot.id} slot=${slot} />`)}</ol></div>`;
}
