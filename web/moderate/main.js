// web/moderate/main.js: the moderators' page: choose a talk or a session, then one key per verdict
import { html, mount, signal, effect } from '../ui/dom.js';
import { extend, t, lang } from '../i18n/index.js';
import en from '../i18n/desk.en.js';
import da from '../i18n/desk.da.js';
import { connect, session } from '../ui/app.js';
import { Gate } from '../ui/gate.js';
import { Header, Main, Skeleton } from '../ui/chrome.js';
import { followSchedule, schedule } from '../ui/schedule.js';
import { Desk } from './desk.js';
import { Alarm, Picker, useDesks } from './picker.js';

extend({ en, da });
const conn = connect();
followSchedule(conn);
conn.start();

const route = signal(location.hash);
addEventListener('hashchange', () => {
  route.value = location.hash;
  scrollTo(0, 0);
});
effect(() => void (document.title = `${(lang.value, t('moderate.here'))} · ${session.value?.conference.title || 'Plenum'}`));

/** What the address names: a talk, or a session with all its talks. @param {string} hash */
function wanted(hash) {
  const [, kind, id] = /^#\/(talk|session)\/([\w-]+)/.exec(hash) || [];
  const s = schedule.value;
  if (kind === 'talk') return { talks: [id], session: s?.talk.get(id)?.session.id || '', whole: false, known: !!s };
  if (kind === 'session') return { talks: s?.session.get(id)?.talks.map((x) => x.id) || [], session: id, whole: true, known: !!s };
  return null;
}

function Room() {
  const at = wanted(route.value);
  useDesks(conn);
  if (!at) return html`<${Alarm} conn=${conn} here="" /><${Picker} />`;
  if (!at.known) return html`<${Skeleton} n=${5} />`;
  return html`<${Alarm} conn=${conn} here=${at.session} /><${Desk} key=${route.value} conn=${conn} ...${at} />`;
}

function App() {
  const desk = /^#\/(talk|session)\//.test(route.value);
  return html`<${Header} conn=${conn} here=${t('moderate.here')} />
    <${Main} name=${desk ? 'moderate desk-page' : 'moderate'}><${Gate} conn=${conn} wanted=${['moderator', 'organiser']} about=${t('moderate.sign_in')}><${Room} /><//><//>`;
}

mount('app', html`<${App} />`);
