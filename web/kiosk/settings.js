// web/kiosk/settings.js: two panels for whoever looks after the station: what became of its scans, and the station itself
import { html, signal, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { session, status } from '../ui/app.js';
import { clock, now } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { version } from './beat.js';
import { canOpen } from './code.js';
import { conflicts, direction, waiting } from './door.js';
import { save, scansFile } from './file.js';
import { knows } from './station.js';
import { PANELS } from './panels.js';
import { newer, takeNewer } from './worker.js';

/** What the page keeps, once it is open. @type {{keep: import('./keep.js').Keep | null, engine: import('./engine.js').Engine | null}} */
export const parts = { keep: null, engine: null };
/** The browser's answer to being asked to keep what is stored. */
export const persisted = signal(/** @type {boolean | null} */ (null));

/** A station that has a PIN wants it for what is behind this, once a minute: its screen may stand among people. */
const unlockedUntil = signal(0);

/** @param {{tools: import('./panels.js').Tools, children?: any}} props */
export function Locked({ tools, children }) {
  const [pin, setPin] = useState('');
  const [why, setWhy] = useState('');
  now.value;
  if (!session.value?.station?.pin || performance.now() < unlockedUntil.value) return children;
  const go = (/** @type {Event} */ e) => {
    e.preventDefault();
    setPin('');
    tools.conn.brief('station.unlock', { pin }).then(() => (unlockedUntil.value = performance.now() + 60000), (f) => setWhy(f.fault === 'offline' ? t('door.pin_offline') : f.fault === 'station.pin' ? t('door.pin_wrong', { n: f.data.current?.left ?? 0 }) : f.fault === 'station.locked' ? t('door.pin_locked') : whyOf(f)));
  };
  return html`<form class="door-pin" onSubmit=${go}><label class="field"><span>${t('door.pin')}</span><input class="code" type="password" inputmode="numeric" autocomplete="off" value=${pin} onInput=${(/** @type {any} */ e) => setPin(e.target.value)} /></label>
    <button type="submit" class="big primary" disabled=${!pin}>${t('door.unlock')}</button><p class="error" role="alert">${status.value.state === 'open' ? why : t('door.pin_offline')}</p></form>`;
}

/** @param {import('./door.js').Conflict} c */
function conflictText(c) {
  if (c.kind === 'double_entry') return `${t('door.conflict_double_entry', { stations: c.stations.join(', ') })} ${c.undetermined ? t('door.conflict_undetermined') : ''}`;
  return t(`door.conflict_${c.kind}`);
}

/** @param {{tools: import('./panels.js').Tools}} props */
function Later({ tools }) {
  const [outcomes, setOutcomes] = useState(/** @type {import('./keep.js').Outcome[]} */ ([]));
  const n = waiting.value;
  useEffect(() => void parts.keep?.outcomes().then(setOutcomes, () => {}), [n, conflicts.value]);
  return html`${conflicts.value.map((c) => html`<p key=${c.id} class="door-conflict"><b class="num">${clock(c.at)}</b> ${conflictText(c)}</p>`)}
    <${Locked} tools=${tools}><p class="quiet">${outcomes.length ? t('door.later_hint') : t('door.later_none')}</p>
    <ul class="outcomes">${outcomes.map((o) => html`<li key=${o.scan_id} class=${(o.verdict === 'refused') !== (o.shown.verdict === 'refused') ? 'other' : ''}><time class="num">${clock(o.at)}</time>
      <span>${t('door.shown')}: ${t(`door.verdict_${o.shown.verdict}`)}${o.shown.reason ? ` (${reason(o.shown.reason)})` : ''}</span><span>${t('door.now')}: ${t(`door.verdict_${o.verdict}`)}${o.reason ? ` (${reason(o.reason)})` : ''}</span></li>`)}</ul></${Locked}>`;
}

/** @param {string} name */
function reason(name) {
  const text = t(`kiosk.reason_${name}`);
  return text.startsWith('kiosk.') ? name : text;
}

/** Kept scans into somebody's hands. */
export async function exportScans() {
  const scans = (await parts.keep?.scans()) || [];
  const at = scans[0]?.scanned_at || '';
  save(scansFile(scans, { station: session.value?.station?.name || '', conference: session.value?.conference.slug || '', at }), `plenum-scans-${at.slice(0, 10) || 'none'}.json`);
}

/** @param {{tools: import('./panels.js').Tools}} props */
function Settings({ tools }) {
  const { tickets, asOf } = knows.value;
  const way = (/** @type {'entry' | 'exit'} */ d) => html`<button type="button" class="big" aria-pressed=${direction.value === d} onClick=${() => parts.engine?.turn(d)}>${t(`door.${d}`)}</button>`;
  return html`<${Locked} tools=${tools}>
    <fieldset class="door-ways"><legend>${t('door.direction')}</legend>${way('entry')}${way('exit')}</fieldset>
    <ul class="door-facts"><li>${!canOpen() ? t('door.insecure') : tickets ? tn('door.known', tickets, { time: t('door.as_of', { time: clock(asOf) }) }) : t('door.known_none')}</li>
      <li>${waiting.value ? tn('door.kept', waiting.value) : t('door.kept_none')}</li>
      ${persisted.value === null ? null : html`<li>${persisted.value ? t('door.persisted') : t('door.not_persisted')}</li>`}
      <li>${t('door.version', { version })} ${newer.value ? t('door.newer') : ''}</li></ul>
    <div class="door-tools"><button type="button" class="big" onClick=${exportScans}>${t('door.export')}</button>${newer.value ? html`<button type="button" class="big" onClick=${takeNewer}>${t('door.take_newer')}</button>` : null}</div></${Locked}>`;
}

const amongPeople = () => !!session.value?.station && (session.value.station.profile || 'self_service') === 'self_service';

PANELS.push(
  // On a screen that stands among people only while there is something to do.
  { name: 'later', profiles: ['gate', 'desk', 'staff', 'self_service'], label: 'door.later', view: Later, when: () => conflicts.value.length > 0 || !amongPeople() },
  { name: 'station', profiles: ['gate', 'desk', 'staff', 'self_service'], label: 'door.station', view: Settings },
);
