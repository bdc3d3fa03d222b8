// web/attend/talk.js: one talk: what, who, when, how it stands, and its questions
import { html, useSlow } from '../ui/dom.js';
import { t, tn, lang } from '../i18n/index.js';
import { dayKey, keyName, zoneName, ownTime, now, minute, duration } from '../ui/clock.js';
import { schedule, scheduleFault } from '../ui/schedule.js';
import { Empty, Skeleton } from '../ui/chrome.js';
import { Back } from '../ui/icons.js';
import { begins, ends, slotOfTalk, slotState } from '../store.js';
import { openCount } from '../qa_store.js';
import { isLong } from '../zone.js';
import { Times } from '../ui/times.js';
import { homeAddress } from './route.js';
import { Star } from './star.js';
import { useRoom } from '../ui/room.js';
import { followTalks, halls } from './hall.js';
import { QuestionList } from './questions.js';
import { Clash, TrackMark } from './row.js';
import { Ask } from './ask.js';
import { Beside } from './beside.js';
import { useStreams, Watch } from './watch.js';

const paragraphs = (/** @type {string | undefined} */ text) => (text || '').split(/\n\s*\n|\r\n\r\n/).map((p) => p.trim()).filter(Boolean);

/** Codes as a programme has them, `de, en`, in words; what is no code stays as it is. @param {string} codes */
const languages = (codes) => {
  const names = new Intl.DisplayNames(lang.value, { type: 'language' });
  return codes.split(/\s*,\s*/).map((code) => (/^[a-z]{2,3}(-\w+)?$/i.test(code) ? names.of(code) : code)).join(', ');
};

/** @param {{conn: import('../protocol.js').Connection, id: string}} props */
export function TalkPage({ conn, id }) {
  const s = schedule.value;
  const slow = useSlow(!s);
  const found = s?.talk.get(id);
  const others = (found?.session.talks || []).filter((x) => x.id !== id);
  followTalks(conn, [id, ...others.map((x) => x.id)]);
  const place = s ? slotOfTalk(s, id)?.room : undefined;
  useRoom(conn, place);
  const streams = useStreams(conn, place);
  const back = html`<a class="back" href=${homeAddress()}><${Back} />${t('talk.back')}</a>`;
  if (!s) return html`${back}${scheduleFault.value ? html`<p class="error" role="alert">${t('programme.failed')}</p>` : slow ? html`<${Skeleton} n=${3} />` : null}`;
  if (!found) return html`${back}<${Empty} title=${t('talk.gone')}><p>${t('talk.gone_hint')}</p><//>`;
  const { talk, session } = found;
  // What stands below the player comes with it or after it, and is not pushed down by it.
  const below = streams.known;
  const slot = slotOfTalk(s, id);
  const single = session.talks.length === 1;
  const count = openCount(halls.value.get(id));
  const likely = !!slot && !talk.ended && slot.state !== 'cancelled' && Date.parse(begins(slot)) - minute.value <= 3e5 && Date.parse(ends(slot)) + 9e5 > minute.value;
  return html`${back}
    <div class="talk">
      <article class="talk-about">
        ${slot ? html`<${When} slot=${slot} talk=${talk} single=${single} />` : null}
        ${single ? null : html`<p class="part-of">${t('talk.part_of')} <span dir="auto">${session.title}</span></p>`}
        <h1 tabindex="-1" dir="auto">${talk.title || session.title}</h1>
        ${session.subtitle ? html`<p class="subtitle" dir="auto">${session.subtitle}</p>` : null}
        ${talk.speakers.length ? html`<p class="speakers" dir="auto">${talk.speakers.map((p) => p.name).join(', ')}</p>` : null}
        <p class="own-row"><${Star} session=${session.id} title=${session.title} words=${true} /></p>
        ${slot ? html`<${Clash} slot=${slot} />` : null}
        <p class="facts">${session.track && s.track.get(session.track) ? html`<${TrackMark} track=${s.track.get(session.track)} />` : null}${session.language ? html`<span>${languages(session.language)}</span>` : null}${session.kind ? html`<span dir="auto">${session.kind}</span>` : null}</p>
        ${slot ? html`<${Watch} streams=${streams} conn=${conn} room=${slot.room} slot=${slot} />` : null}
        ${!below ? null : html`${paragraphs(session.abstract).map((p, i) => html`<p key=${i} class="abstract" dir="auto">${p}</p>`)}
        ${paragraphs(session.description).filter((p) => !(session.abstract || '').includes(p)).map((p, i) => html`<p key=${`d${i}`} dir="auto">${p}</p>`)}
        ${single ? null : html`<h2>${tn('talk.talks', session.talks.length)}</h2><ol class="talks">${session.talks.map((x) => html`<li key=${x.id}><a href=${`#/talk/${x.id}`} aria-current=${x.id === id ? 'page' : null}><span dir="auto">${x.title}</span>
          <span class="talk-by" dir="auto">${x.speakers.map((p) => p.name).join(', ')}</span></a>${x.no_show ? html`<span class="tag off">${t('talk.not_held')}</span>` : x.started && !x.ended ? html`<span class="tag on">${t('now.tag')}</span>` : x.ended ? html`<span class="tag">${t('talk.done')}</span>` : null}</li>`)}</ol>`}`}
      </article>
      ${!below ? null : html`<section class="talk-qa" aria-labelledby="qa-h">
        <h2 id="qa-h">${t('qa.title')}${count ? html` <span class="count-tag num">${count}</span>` : null}</h2>
        <${Ask} talk=${id} session=${session.id} room=${slot?.room} />
        <${Beside} conn=${conn} talk=${id} session=${session.id} likely=${likely} />
        <${QuestionList} conn=${conn} talk=${id} talks=${session.talks} />
      </section>`}
    </div>`;
}

/** @param {{slot: import('../store.js').Slot, talk: import('../store.js').Talk, single: boolean}} props */
function When({ slot, talk, single }) {
  const s = schedule.value;
  const state = single ? slotState(slot, now.value) : talk.ended ? 'ended' : talk.started ? 'running' : slotState(slot, now.value) === 'running' ? 'planned' : slotState(slot, now.value);
  const left = Date.parse(ends(slot)) - minute.value;
  const own = isLong(slot) ? '' : ownTime(begins(slot));
  return html`<div class="when">
    <span class=${state === 'running' ? 'tag on' : state === 'cancelled' ? 'tag off' : 'tag'}>${state === 'running' ? t('now.tag') : t(`state.${state}`)}</span>
    ${isLong(slot) ? null : html`<span>${keyName(dayKey(begins(slot)))}</span>`}
    <span><${Times} x=${slot} running=${state === 'running'} /> <abbr>${zoneName(slot.start)}</abbr></span>
    <span dir="auto">${s?.room.get(slot.room)?.name}</span>
    ${state === 'running' && single && left > 0 ? html`<span>${t('now.left', { span: duration(left) })}</span>` : null}
    ${own ? html`<span class="own-time">${own}</span>` : null}
  </div>`;
}
