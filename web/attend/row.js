// web/attend/row.js: a line of the programme: what, who, when (planned and expected), where, starred or not, and what it clashes with
import { html, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, minute } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { Times } from '../ui/times.js';
import { begins, slotState } from '../store.js';
import { Star, Undo } from './star.js';
import { clashes } from './filters.js';
import { stars, takenOff } from './kept.js';
import { filter } from './route.js';

/** A track's colour, made readable on this ground by taking only its hue. @param {{track: any}} props */
export const TrackMark = ({ track: x }) => html`<span class="track"><i style=${x.color ? { background: x.color } : {}} aria-hidden="true"></i><span dir="auto">${x.name}</span></span>`;

/** The talk a line of the programme leads to: the one running, else the first. @param {import('../store.js').Session} session */
export const targetOf = (session) => session.talks.find((x) => x.started && !x.ended) || session.talks[0];

/** @param {{slot: import('../store.js').Slot}} props */
export function Clash({ slot }) {
  const s = schedule.value;
  const others = stars.value.has(slot.session) ? clashes.value.get(slot.id) : undefined;
  if (!s || !others) return null;
  return html`<p class="clash"><span class="clash-mark" aria-hidden="true">!</span><span>${t('mine.clash')} ${others.map((x, i) => {
    const session = s.session.get(x.session);
    const talk = session && targetOf(session);
    return html`${i ? ', ' : ''}<a href=${talk ? `#/talk/${talk.id}` : '#/'} dir="auto">${session?.title}</a> (<span class="num">${clock(begins(x))}</span> <span dir="auto">${s.room.get(x.room)?.name}</span>)`;
  })}</span></p>`;
}

/** @param {{slot: import('../store.js').Slot}} props */
export function Row({ slot }) {
  const s = schedule.value;
  const session = s?.session.get(slot.session);
  if (!s || !session) return null;
  const state = slotState(slot, minute.value);
  const gone = filter.value.mine && !stars.value.has(session.id) && takenOff.value.has(session.id);
  const many = session.talks.length > 1;
  const target = targetOf(session);
  const names = many ? tn('talk.talks', session.talks.length) : (target?.speakers || []).map((p) => p.name).join(', ');
  const track = session.track ? s.track.get(session.track) : null;
  return html`<li class=${cx('slot', state, (state === 'ended' || state === 'over') && 'past', gone && 'taken-off')} data-slot=${slot.id} data-taken-off=${gone ? session.id : null}><a href=${target ? `#/talk/${target.id}` : '#/'}>
    <span class="slot-title" dir="auto">${session.title}</span>
    ${names ? html`<span class="slot-by" dir="auto">${names}</span>` : null}
    <span class="slot-facts">${state === 'running' ? html`<span class="tag on">${t('now.tag')}</span>` : state === 'cancelled' ? html`<span class="tag off">${t('state.cancelled')}</span>` : null}
      <${Times} x=${slot} running=${state === 'running'} /><span dir="auto">${s.room.get(slot.room)?.name}</span>${track ? html`<${TrackMark} track=${track} />` : null}</span>
  </a><${Star} session=${session.id} title=${session.title} />${gone ? html`<${Undo} session=${session.id} title=${session.title} />` : null}<${Clash} slot=${slot} /></li>`;
}
