// web/kiosk/screen.js: the door's screen: one instruction, the network in its corner, the panels' buttons, the figures
import { html, signal, effect, useEffect, cx } from '../ui/dom.js';
import { t, tn, lang, setLang, own } from '../i18n/index.js';
import { session, status } from '../ui/app.js';
import { clock, now, minute, zoneName, duration } from '../ui/clock.js';
import { notices } from '../ui/notices.js';
import { noticeKey } from '../personal.js';
import { conflicts, direction, later, stopped, waiting } from './door.js';
import { panelsOf } from './panels.js';
import { useScanner } from './scanner.js';
import { knows } from './station.js';
import { Typed, typing } from './typed.js';
import { Verdict } from './verdict.js';

/** The panel that is open. */
export const panel = signal(/** @type {string | null} */ (null));
export const stats = signal(/** @type {import('../store.js').Stats | null} */ (null));
export const listName = signal('');
export const refused = signal('');
/** Whether answers come too late to be waited for, though the line stands. */
export const slow = signal(false);
/** How wrong this machine's clock is, when it is worth saying. */
export const skew = signal(0);

/** Since when there is no line, whatever was tried meanwhile; 0: there is one. */
let since = performance.now();
effect(() => {
  if (status.value.state === 'open') since = 0;
  else since ||= performance.now();
});
/** Whether it is worth saying: a line that is back at once is not. */
const alone = () => since > 0 && performance.now() - since > 2000;

/** Why this door is on its own. */
function cause() {
  if (status.value.state !== 'open' && !alone()) return t('door.cause_first');
  if (status.value.state === 'open') return slow.value ? t('door.cause_slow') : '';
  return navigator.onLine === false ? t('door.cause_network') : t('door.cause_server');
}

/** Always in the same corner: whether there is a network, why not, and as of when this door knows what happens elsewhere. */
function Network() {
  now.value;
  const why = cause();
  const sent = later.value.admitted + later.value.refused;
  const parts = [why || t('kiosk.online')];
  if (why && knows.value.asOf) parts.push(t('door.as_of', { time: clock(knows.value.asOf) }));
  if (waiting.value) parts.push(tn('kiosk.waiting', waiting.value));
  else if (!why && sent) parts.push(t('kiosk.later', { n: sent, admitted: later.value.admitted, refused: later.value.refused }));
  return html`<div class=${cx('network', why && 'out')} role="status"><span class="network-mark" aria-hidden="true"></span><span>${parts.join(' · ')}</span></div>`;
}

/** While nobody is at the door: the most urgent announcement, large; it counts as read once it has stood there a while. @param {{tools: import('./panels.js').Tools}} props */
function Announced({ tools }) {
  const n = notices.value[0];
  const key = n && noticeKey(n);
  useEffect(() => {
    if (!n || !session.value?.station) return;
    const timer = setTimeout(() => tools.conn.call('notice.read', { notice: n.id }).catch(() => {}), 5000);
    return () => clearTimeout(timer);
  }, [key]);
  return html`<aside class=${cx('door-notice', n?.urgency)} aria-live=${n?.urgency === 'urgent' ? 'assertive' : 'polite'}>${n ? html`<p key=${key}><b>${t(`notice.${n.urgency}`)}</b> <span dir="auto">${own(n.text)}</span></p>` : null}</aside>`;
}

export const Language = () => html`<button type="button" class="lang" lang=${lang.value === 'da' ? 'en' : 'da'} onClick=${() => setLang(lang.value === 'da' ? 'en' : 'da')}>${lang.value === 'da' ? 'English' : 'Dansk'}</button>`;

/** What staff have to look at: what it is stands behind the button, for the queue reads this screen too. @param {{tools: import('./panels.js').Tools}} props */
function Look({ tools }) {
  const n = conflicts.value.length;
  return html`<div class="door-look" role="status">${n ? html`<button type="button" class="big" onClick=${() => tools.open('later')}>${tn('door.look', n)}</button>` : null}
    ${skew.value ? html`<p>${t('door.skew', { span: duration(skew.value) })}</p>` : null}</div>`;
}

/** @param {{tools: import('./panels.js').Tools}} props */
function Instruction({ tools }) {
  now.value;
  const down = alone() && !knows.value.tickets;
  const panels = panelsOf(tools.profile.value);
  const title = down ? t('kiosk.hold') : typing.value ? t('kiosk.type_title') : direction.value === 'exit' ? t('door.scan_exit') : t('kiosk.scan');
  const hint = down ? t('door.no_snapshot_hint') : alone() ? t('door.alone', { time: clock(knows.value.asOf) }) : t('kiosk.scan_hint');
  return html`<main id="main" class=${cx('door', down && 'down', typing.value && 'typing')}>
      ${refused.value ? html`<p class="error" role="alert">${refused.value}</p>` : null}
      <h1>${title}</h1>
      <p class="door-hint">${hint}</p>
      ${typing.value ? html`<${Typed} scan=${tools.scan} />` : html`${panels.map((p) => p.idle && html`<${p.idle} key=${p.name} tools=${tools} />`)}
        <div class="door-tools"><button type="button" class="big" onClick=${() => (typing.value = true)}>${t('kiosk.type')}</button>
          ${panels.map((p) => p.view && html`<button key=${p.name} type="button" class="big" data-panel=${p.name} onClick=${() => tools.open(p.name)}>${p.icon ? html`<${p.icon} />` : null}<span>${t(p.label)}</span></button>`)}</div>`}
    </main>`;
}

/** Nothing is admitted that is not written down. */
const Stopped = () => html`<main id="main" class="door-stop" role="alert"><h1>${t('door.stop')}</h1><p>${t('door.stop_why')}</p></main>`;

/** @param {{tools: import('./panels.js').Tools, decide: (comes: boolean) => void}} props */
export function Door({ tools, decide }) {
  useScanner((text) => tools.scan(text, 'wedge'));
  const open = panelsOf(tools.profile.value).find((p) => p.name === panel.value && p.view);
  const s = stats.value;
  const main = stopped.value ? html`<${Stopped} />` : open ? html`<main id="main" class="door-panel" data-open=${open.name}><div class="panel-head"><h1>${t(open.label)}</h1><button type="button" class="big" onClick=${() => tools.open(null)}>${t('kiosk.back')}</button></div><${open.view} tools=${tools} /></main>` : html`<${Instruction} tools=${tools} />`;
  return html`<header class="door-bar"><p class="door-title" dir="auto"><span class="mark" aria-hidden="true"></span>${session.value?.conference.title}</p><${Network} /></header>
    ${main}
    <${Announced} tools=${tools} />
    <${Look} tools=${tools} />
    <footer class="door-foot"><p dir="auto"><strong>${session.value?.station?.name || listName.value}</strong> ${session.value?.station ? listName.value : ''} ${direction.value === 'exit' ? html`<strong>${t('door.exit')}</strong>` : null}</p>
      ${s ? html`<p class="num"><strong>${s.admitted}</strong> ${t('kiosk.admitted')} · <strong>${s.refused}</strong> ${t('kiosk.refused')}</p>` : null}
      <p><time class="num">${clock(minute.value)}</time> ${minute.value ? zoneName(minute.value) : ''}</p>
      <${Language} /></footer>
    <${Verdict} tools=${tools} decide=${decide} />`;
}
