// web/attend/main.js: the attendee's page: what is on now, the programme, a talk with its questions
import { html, mount, signal, effect, useSlow } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { connect, session } from '../ui/app.js';
import { Header, Main, Skeleton } from '../ui/chrome.js';
import { SignIn } from '../ui/signin.js';
import { followSchedule, schedule, scheduleFault, nowNext } from '../ui/schedule.js';
import { Now } from './now.js';
import { Programme } from './programme.js';
import { TalkPage } from './talk.js';

const conn = connect();
followSchedule(conn);
conn.start();

const route = signal(location.hash);
let listTop = 0;
addEventListener('hashchange', () => {
  if (!route.value.startsWith('#/talk/')) listTop = scrollY;
  route.value = location.hash;
  const back = !location.hash.startsWith('#/talk/');
  requestAnimationFrame(() => {
    scrollTo(0, back ? listTop : 0);
    if (!back) document.querySelector('h1')?.focus({ preventScroll: true });
  });
});

effect(() => void (document.title = `${session.value?.conference.title || 'Plenum'} · ${(lang.value, t('attend.here'))}`));

/** In the final shape, but of its own: what comes replaces it whole, so that nothing on the screen is pushed. */
function Loading() {
  const slow = useSlow(true);
  return html`<section class="now" aria-busy="true">${slow ? html`<${Skeleton} n=${3} />` : null}</section><section class="programme" aria-busy="true">${slow ? html`<${Skeleton} n=${8} />` : null}</section>`;
}

function Home() {
  if (scheduleFault.value && !schedule.value) return html`<p class="error" role="alert">${t('programme.failed')}</p>`;
  if (!schedule.value || !nowNext.value) return html`<${Loading} key="loading" />`;
  return html`<div class="home-page" key="home"><${Now} conn=${conn} /><${Programme} /></div>`;
}

function App() {
  const talk = /^#\/talk\/([\w-]+)/.exec(route.value)?.[1];
  return html`<${Header} conn=${conn} here=${t('attend.here')} />
    <${Main} name=${talk ? 'attend talk-page' : 'attend'}>
      ${talk ? html`<${TalkPage} key=${talk} conn=${conn} id=${talk} />` : html`<${Home} />`}
    <//>
    <${SignIn} conn=${conn} />`;
}

mount('app', html`<${App} />`);
