// web/organise/main.js: the organiser's table: its frame, its navigation, and the view that the address names
import './texts.js';
import { html, mount, effect } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { connect, session, has } from '../ui/app.js';
import { Header, Main } from '../ui/chrome.js';
import { Gate } from '../ui/gate.js';
import { followSchedule } from '../ui/schedule.js';
import { route } from './route.js';
import { VIEWS } from './views.js';
import { followDraft } from './draft.js';
import { Hold } from './hold.js';
import { Nav } from './nav.js';

const conn = connect();
followSchedule(conn);
conn.start();

// Only organisers have a draft, and who somebody is may change.
effect(() => (has('organiser') ? followDraft(conn) : undefined));

const allowed = () => VIEWS.filter((v) => has(...v.roles));
const current = () => allowed().find((v) => v.name === route.value.name || v.also?.includes(route.value.name)) || allowed()[0];
effect(() => void (document.title = `${(lang.value, current() ? t(`view.${current().name}`) : t('organise.here'))} · ${session.value?.conference.title || 'Plenum'}`));

/** The first answer replaces what stood for it, so that nothing is pushed: room for the parts is kept until it is known whose they are. */
const known = () => !!session.value;

function Table() {
  const here = current();
  return html`<${here.view} key=${here.name} conn=${conn} name=${route.value.name} args=${route.value.name === here.name || here.also?.includes(route.value.name) ? route.value.args : []} />`;
}

function Page() {
  return html`<${Header} conn=${conn} here=${t('organise.here')} />
  ${!known() ? html`<div class="parts parts-wait" aria-hidden="true"></div>` : allowed().length ? html`<${Nav} views=${allowed()} here=${current()} /><${Hold} conn=${conn} />` : null}
  <${Main} key=${known()} name=${`organise view-${current()?.name || 'none'}`}><${Gate} conn=${conn} wanted=${['organiser', 'desk']} about=${t('organise.sign_in')}><${Table} /><//><//>`;
}

mount('app', html`<${Page} />`);
