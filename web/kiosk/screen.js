// web/kiosk/screen.js: the door's screen: one instruction, the network in its corner, the panels' buttons, the figures
import { html, signal, useEffect, cx } from '../ui/dom.js';
import { t, tn, lang, setLang, own } from '../i18n/index.js';
import { session, status, lastHeard } from '../ui/app.js';
import { clock, now, minute, conferenceTime, zoneName } from '../ui/clock.js';
import { notices } from '../ui/notices.js';
import { noticeKey } from '../personal.js';
import { waiting, later } from './door.js';
import { panelsOf } from './panels.js';
import { useScanner } from './scanner.js';
import { Typed, typing } from './typed.js';
import { Verdict } from './verdict.js';

/** The panel that is open. */
export const panel = signal(/** @type {string | null} */ (null));
export const stats = signal(/** @type {import('../store.js').Stats | null} */ (null));
export const listName = signal('');
export const refused = signal('');

function Network() {
  now.value;
  const open = status.value.state === 'open';
  useEffect(() => void (lastHeard.value = open ? 0 : lastHeard.value || conferenceTime()), [open]);
  const sent = later.value.admitted + later.value.refused;
  return html`<div class=${cx('network', !open && 'out')} role="status">
    <span class="network-mark" aria-hidden="true"></span><span>${open ? t('kiosk.online') : t('kiosk.offline')}${waiting.value ? html` · ${tn('kiosk.waiting', waiting.value)}` : null}${!waiting.value && sent ? html` · ${t('kiosk.later', { n: sent, admitted: later.value.admitted, refused: later.value.refused })}` : null}</span></div>`;
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

/** @param {{tools: import('./panels.js').Tools}} props */
function Instruction({ tools }) {
  const open = status.value.state === 'open';
  now.value;
  const down = !open && performance.now() - status.value.since > 2000;
  const panels = panelsOf(tools.profile.value);
  return html`<main id="main" class=${cx('door', down && 'down', typing.value && 'typing')}>
      ${refused.value ? html`<p class="error" role="alert">${refused.value}</p>` : null}
      <h1>${down ? t('kiosk.hold') : typing.value ? t('kiosk.type_title') : t('kiosk.scan')}</h1>
      <p class="door-hint">${down ? t('kiosk.hold_hint') : t('kiosk.scan_hint')}</p>
      ${typing.value ? html`<${Typed} scan=${tools.scan} />` : html`${panels.map((p) => p.idle && html`<${p.idle} key=${p.name} tools=${tools} />`)}
        <div class="door-tools"><button type="button" class="big" onClick=${() => (typing.value = true)}>${t('kiosk.type')}</button>
          ${panels.map((p) => p.view && html`<button key=${p.name} type="button" class="big" data-panel=${p.name} onClick=${() => tools.open(p.name)}>${p.icon ? html`<${p.icon} />` : null}<span>${t(p.label)}</span></button>`)}</div>`}
    </main>`;
}

/** @param {{tools: import('./panels.js').Tools}} props */
export function Door({ tools }) {
  useScanner((text) => tools.scan(text, 'wedge'));
  const open = panelsOf(tools.profile.value).find((p) => p.name === panel.value && p.view);
  const s = stats.value;
  return html`<header class="door-bar"><p class="door-title" dir="auto"><span class="mark" aria-hidden="true"></span>${session.value?.conference.title}</p><${Network} /></header>
    ${open ? html`<main id="main" class="door-panel" data-open=${open.name}><div class="panel-head"><h1>${t(open.label)}</h1><button type="button" class="big" onClick=${() => tools.open(null)}>${t('kiosk.back')}</button></div><${open.view} tools=${tools} /></main>` : html`<${Instruction} tools=${tools} />`}
    <${Announced} tools=${tools} />
    <footer class="door-foot"><p dir="auto"><strong>${session.value?.station?.name || listName.value}</strong> ${session.value?.station ? listName.value : ''}</p>
      ${s ? html`<p class="num"><strong>${s.admitted}</strong> ${t('kiosk.admitted')} · <strong>${s.refused}</strong> ${t('kiosk.refused')}</p>` : null}
      <p><time class="num">${clock(minute.value)}</time> ${minute.value ? zoneName(minute.value) : ''}</p>
      <${Language} /></footer>
    <${Verdict} tools=${tools} />`;
}
