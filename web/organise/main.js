// web/organise/main.js: the organiser's table: its frame, its navigation, and the view that the address names
import './texts.js';
import { html, mount, effect, useEffect, useRef } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { connect, session, has } from '../ui/app.js';
import { Header, Main } from '../ui/chrome.js';
import { Gate } from '../ui/gate.js';
import { followSchedule } from '../ui/schedule.js';
import { route, href } from './route.js';
import { VIEWS } from './views.js';
import { followDraft } from './draft.js';
import { Hold } from './hold.js';

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

function Nav() {
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  const here = current();
  useEffect(() => {
    if (box.current) box.current.open = false;
  }, [here?.name]);
  const link = (/** @type {import('./views.js').View} */ v) => html`<li key=${v.name}><a href=${href(v.name)} aria-current=${v === here ? 'page' : null}>${t(`view.${v.name}`)}${v.count?.() ? html` <span class="count num">${v.count()}</span>` : null}</a></li>`;
  const groups = ['plan', 'day', 'house'].map((g) => allowed().filter((v) => v.group === g)).filter((g) => g.length);
  const list = groups.map((g) => html`<ul key=${g[0].group}>${g.map(link)}</ul>`);
  return html`<nav class="parts" aria-label=${t('organise.nav')}><div class="parts-in">${list}</div>
    <details class="parts-menu" ref=${box}><summary><span class="out-of-sight">${t('organise.menu')}: </span>${here ? t(`view.${here.name}`) : ''}</summary>${list}</details></nav>`;
}

function Table() {
  const here = current();
  return html`<${here.view} key=${here.name} conn=${conn} name=${route.value.name} args=${route.value.name === here.name || here.also?.includes(route.value.name) ? route.value.args : []} />`;
}

function Page() {
  return html`<${Header} conn=${conn} here=${t('organise.here')} />
  ${!known() ? html`<div class="parts parts-wait" aria-hidden="true"></div>` : allowed().length ? html`<${Nav} /><${Hold} conn=${conn} />` : null}
  <${Main} key=${known()} name=${`organise view-${current()?.name || 'none'}`}><${Gate} conn=${conn} wanted=${['organiser', 'desk']} about=${t('organise.sign_in')}><${Table} /><//><//>`;
}

mount('app', html`<${Page} />`);
