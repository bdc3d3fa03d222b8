// web/attend/main.js: the attendee's page: what is on now, the programme, a talk with its questions
import { html, mount, signal, effect } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { connect, session } from '../ui/app.js';
import { Header, Main } from '../ui/chrome.js';
import { SignIn } from '../ui/signin.js';
import { followSchedule } from '../ui/schedule.js';
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

function App() {
  const talk = /^#\/talk\/([\w-]+)/.exec(route.value)?.[1];
  return html`<${Header} conn=${conn} here=${t('attend.here')} />
    <${Main} name=${talk ? 'attend talk-page' : 'attend'}>
      ${talk ? html`<${TalkPage} key=${talk} conn=${conn} id=${talk} />` : html`<${Now} conn=${conn} /><${Programme} />`}
    <//>
    <${SignIn} conn=${conn} />`;
}

mount('app', html`<${App} />`);
