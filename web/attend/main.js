// web/attend/main.js: the attendee's page: what is on now, the programme, a talk with its questions; with and without network
import { html, mount, signal, effect, computed, useEffect, useSlow } from '../ui/dom.js';
import { t, tn, lang } from '../i18n/index.js';
import { connect, has, mine, person, session, mineRead, status, zonesRead } from '../ui/app.js';
import { zoneKnown } from '../ui/clock.js';
import { Empty, Header, Main, Skeleton } from '../ui/chrome.js';
import { Arrow } from '../ui/icons.js';
import { Later } from '../ui/later.js';
import { SignIn } from '../ui/signin.js';
import { followPages, pageLinks, pagesRead } from '../ui/pages.js';
import { Notices, followNotices, noticesRead } from '../ui/notices.js';
import { sayHere } from '../ui/here.js';
import { followSchedule, schedule, scheduleFault, board } from '../ui/schedule.js';
import { slotState } from '../store.js';
import { startKeeping } from './kept.js';
import { keepFiles } from './offline.js';
import { News } from './news.js';
import { Now } from './now.js';
import { Programme } from './programme.js';
import { doorToken, route } from './route.js';
import { TalkPage } from './talk.js';
import { targetOf } from './row.js';

const conn = connect();
followSchedule(conn);
followNotices(conn);
followPages();
startKeeping(conn);
sayHere(conn);
conn.start();
// After the page itself: it is for next time.
addEventListener('load', () => setTimeout(keepFiles, 1500));

effect(() => void (document.title = `${session.value?.conference.title || schedule.value?.conference?.title || 'Plenum'} · ${(lang.value, t('attend.here'))}`));

const calendarOpen = signal(false);
/** Once whole the page stays, whatever the connection does. */
let wasWhole = false;
const whole = computed(() => {
  const all = !!schedule.value && !!board.value && zoneKnown.value;
  // What the server adds at the top comes with the first picture, so that nothing is pushed down a moment later.
  wasWhole ||= all && ((mineRead.value && noticesRead.value && zonesRead.value && pagesRead.value) || (!session.value && status.value.state !== 'open'));
  return all && wasWhole;
});

/** In the final shape, but of its own: what comes replaces it whole, so that nothing on the screen is pushed. */
function Loading() {
  const slow = useSlow(true);
  return html`<section class="now" aria-busy="true">${slow ? html`<${Skeleton} n=${3} />` : null}</section><section class="programme" aria-busy="true">${slow ? html`<${Skeleton} n=${8} />` : null}</section>`;
}

/** Where those who speak here answer what they were asked. */
function SpeakerLink() {
  const n = mine.value.words.size;
  if (!mine.value.speaks && !n) return null;
  return html`<p class="speaker-link"><a href="#/speaker">${t('speaker.link')}<${Arrow} /></a>${n ? html` <a class="tag on" href="#/speaker">${tn('speaker.link_words', n)}</a>` : null}</p>`;
}

/** What gets one in, there also while there is no network; and the other pages. Registering is for those who have not. */
function Ways() {
  const pages = pageLinks(has('attendee') ? ['posters', 'book'] : ['register', 'posters', 'book']);
  if (!person.value && !pages.length) return null;
  return html`<nav class="code-link" aria-label=${t('pages.nav')}>${person.value ? html`<a key="code" href="#/code">${t('code.link')}<${Arrow} /></a>` : null}${pages.map((x) => html`<a key=${x.name} href=${x.href}>${x.text}<${Arrow} /></a>`)}</nav>`;
}

function Home() {
  if (scheduleFault.value && !schedule.value) return html`<p class="error" role="alert">${t('programme.failed')}</p>`;
  if (!whole.value) return html`<${Loading} key="loading" />`;
  return html`<div class="home-page" key="home"><${Now} conn=${conn} /><div class="list-page"><${Ways} /><${SpeakerLink} /><${News} conn=${conn} /><${Programme} calendar=${() => (calendarOpen.value = true)} /></div></div>`;
}

/** `#/slot/<id>`, where a calendar's link leads: the talk that is on or comes first in it. @param {{id: string}} props */
function SlotPage({ id }) {
  const s = schedule.value;
  const slot = s?.slots.find((x) => x.id === id);
  const session = slot && s?.session.get(slot.session);
  const talk = session && (slotState(slot, 0) === 'running' ? targetOf(session) : session.talks[0]);
  useEffect(() => {
    if (talk) location.replace(`#/talk/${talk.id}`);
  }, [talk?.id]);
  return s && !talk ? html`<${Empty} title=${t('talk.gone')}><p>${t('talk.gone_hint')}</p><p><a href="#/">${t('talk.back')}</a></p><//>` : html`<${Skeleton} n=${3} />`;
}

function View() {
  const r = route.value;
  if (r.view === 'talk') return html`<${TalkPage} key=${r.id} conn=${conn} id=${r.id} />`;
  if (r.view === 'slot') return html`<${SlotPage} key=${r.id} id=${r.id} />`;
  if (r.view === 'release' || r.view === 'releases') return html`<${Later} key="changelog" load=${() => import('./changelog.js')} name="Changelog" props=${{ conn, n: r.view === 'release' ? r.n : 0 }} />`;
  if (r.view === 'code') return html`<${Later} key="code" load=${() => import('./code.js')} name="MyCode" props=${{ conn }} />`;
  if (r.view === 'speaker') return html`<${Later} key="speaker" load=${() => import('./speaker.js')} name="Speaker" props=${{ conn }} />`;
  return html`<${Home} />`;
}

function App() {
  return html`<${Header} conn=${conn} here=${t('attend.here')} conference=${schedule.value?.conference} />
    <${Main} name=${route.value.view === 'home' ? 'attend' : 'attend talk-page'}><${View} /><//>
    <${Notices} conn=${conn} />
    <${SignIn} conn=${conn} />
    ${doorToken.value ? html`<${Later} key=${doorToken.value} load=${() => import('./door.js')} name="AtDoor" props=${{ conn, token: doorToken.value, close: () => (doorToken.value = '') }} />` : null}
    ${calendarOpen.value ? html`<${Later} load=${() => import('./calendar.js')} name="CalendarDialog" props=${{ conn, close: () => (calendarOpen.value = false) }} />` : null}`;
}

mount('app', html`<${App} />`);
