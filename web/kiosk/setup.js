// web/kiosk/setup.js: the panel where a station's eyes are looked after: camera, scanner test, practice
import { html, render, signal, effect, cx } from '../ui/dom.js';
import { t, tn, extend } from '../i18n/index.js';
import en from '../i18n/camera.en.js';
import da from '../i18n/camera.da.js';
import { qrPath } from '../ui/qr.js';
import { begin } from './camera.js';
import { CameraIdle, CameraSetup } from './camera_view.js';
import { CARD, compare, isCard } from './layouts.js';
import { queued } from './intake.js';
import { shown } from './door.js';
import { Banner, SAMPLES, endPractice, practise, practising, rehearse, take as practice } from './practice.js';
import { meaning, remember } from './scanner.js';
import { Locked } from './settings.js';
import { grouped } from './wedge.js';
import { PANELS } from './panels.js';
import { panel } from './screen.js';

extend({ en, da });

const part = signal(/** @type {'camera' | 'scanner' | 'practice'} */ ('camera'));
/** What the card told last. */
const found = signal(/** @type {{finding: import('./layouts.js').Finding, text: string, how: string} | null} */ (null));
/** Whether it is time to ask what is wrong with this station. */
const doubtful = signal(false);

/** @type {import('./panels.js').Tools | null} */
let tools = null;

/** @param {'camera' | 'scanner' | 'practice'} which */
function openAt(which) {
  part.value = which;
  doubtful.value = false;
  tools?.open('setup');
}

/** The card and the samples are ours; with the test open so is everything else, since it may be the card in a state that cannot be recognised. @param {string} text @param {string} how */
function take(text, how) {
  const testing = panel.value === 'setup' && part.value === 'scanner';
  if (!isCard(text) && !(testing && how === 'wedge' && compare(text).state !== 'other')) return practice(text);
  const finding = compare(text);
  meaning.learn(finding);
  remember();
  found.value = { finding, text, how };
  openAt('scanner');
  return true;
}

/** @param {{text: string, label: string}} props */
function Code({ text, label }) {
  const { size, path } = qrPath(text);
  return html`<svg class="qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${label} shape-rendering="crispEdges"><rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#000" /></svg>`;
}

/** @param {{finding: import('./layouts.js').Finding, text: string, how: string}} props */
function Finding({ finding, text, how }) {
  const { state, pairs } = finding;
  const names = { scanner: t(`selftest.${pairs[0]?.scanner || 'us'}`), computer: t(`selftest.${pairs[0]?.computer || 'us'}`) };
  const word = state === 'good' && how === 'camera' ? t('selftest.camera') : state === 'layout' ? t('selftest.layout', names) : t(`selftest.${state}`);
  const now = state === 'layout' ? t('selftest.layout_now', names) : state === 'caps' ? t('selftest.caps_now') : state === 'lost' ? t('selftest.lost_now') : '';
  return html`<div class=${cx('finding', state === 'good' ? 'good' : 'bad')} role="status" data-state=${state}>
    <p class="finding-word">${word}</p>${now ? html`<p>${now}</p>` : null}
    ${state === 'layout' ? html`<p>${t('selftest.layout_codes')}</p>` : null}${finding.caps && state === 'layout' ? html`<p>${t('selftest.caps')} ${t('selftest.caps_now')}</p>` : null}
    ${state === 'good' ? null : html`<dl><dt>${t('selftest.expected')}</dt><dd><code>${CARD}</code></dd><dt>${t('selftest.got')}</dt><dd><code>${text}</code></dd></dl>`}</div>`;
}

function ScannerTest() {
  return html`<div class="setup-part selftest"><p class="door-hint">${t('selftest.hint')}</p>
    <div class="card-row"><figure class="card"><${Code} text=${CARD} label=${t('selftest.card')} /><figcaption><b>${t('selftest.card')}</b> <code>${CARD}</code></figcaption></figure>
      <div>${found.value ? html`<${Finding} ...${found.value} />` : html`<p class="finding" role="status">${t('selftest.waiting')}</p>`}</div></div>
    <button type="button" class="big no-print" onClick=${() => globalThis.print()}>${t('selftest.print')}</button>
    <div class="print-only"><${Samples} /></div></div>`;
}

function Samples() {
  return html`<ul class="samples">${/** @type {(keyof typeof SAMPLES)[]} */ (Object.keys(SAMPLES)).map((name) => html`<li key=${name} class="card"><${Code} text=${SAMPLES[name]} label=${t(`practice.${name}`)} />
    <div><b>${t(`practice.${name}`)}</b><code class="num">${grouped(SAMPLES[name])}</code>${practising.value ? html`<button type="button" class="big no-print" data-sample=${name} onClick=${() => rehearse(name)}>${t('practice.try')}</button>` : null}</div></li>`)}</ul>`;
}

function Practice() {
  const on = practising.value;
  return html`<div class="setup-part"><p class="door-hint">${t('practice.hint')}</p>
    <button type="button" class=${cx('big no-print', !on && 'primary')} onClick=${() => practise(!on)}>${on ? t('practice.stop') : t('practice.start')}</button><${Samples} /></div>`;
}

const PARTS = /** @type {const} */ (['camera', 'scanner', 'practice']);

function Setup() {
  const p = part.value;
  return html`<div class="setup"><div class="choices" role="group" aria-label=${t('setup.parts')}>${PARTS.map((name) => html`<button key=${name} type="button" class="big" data-part=${name} aria-pressed=${p === name} onClick=${() => (part.value = name)}>${t(`setup.${name}`)}</button>`)}</div>
    ${p === 'scanner' ? html`<${ScannerTest} />` : html`<${Locked} tools=${tools}>${p === 'camera' ? html`<${CameraSetup} />` : html`<${Practice} />`}</${Locked}>`}</div>`;
}

/** Asked where everybody sees it, answered by whoever looks after the station. */
function Doubt() {
  if (!doubtful.value) return null;
  return html`<div class="doubt" role="alert"><p>${t('selftest.ask')}</p><button type="button" class="big" onClick=${() => openAt('scanner')}>${t('selftest.try')}</button></div>`;
}

const Idle = () => html`<${Doubt} /><${CameraIdle} />`;

const Over = () => html`<${Banner} />${queued.value ? html`<p class="stray" role="status">${tn('setup.queued', queued.value)}</p>` : null}`;

/** Over everything, verdicts as well: the page keeps clear of it. */
function banner() {
  const place = document.createElement('div');
  place.className = 'over';
  document.body.append(place);
  render(html`<${Over} />`, place);
  new ResizeObserver(() => document.documentElement.style.setProperty('--over', `${place.offsetHeight}px`)).observe(place);
}

PANELS.push({
  name: 'setup',
  profiles: ['self_service', 'gate', 'desk', 'staff'],
  label: 'setup.title',
  view: Setup,
  idle: Idle,
  verdict: ({ shown: v }) => (/** @type {any} */ (v).practice ? html`<p class="practice-mark">${t('practice.mark')}</p>` : null),
  take,
  start(given) {
    tools = given;
    begin((text) => given.scan(text, 'camera'));
    banner();
    // Whoever is admitted by name is admitted: the other panels are no practice.
    effect(() => {
      if (panel.value && panel.value !== 'setup' && practising.value) endPractice();
    });
    effect(() => {
      const v = shown.value;
      if (v?.hint) doubtful.value = true;
      else if (v?.shape === 'tick') doubtful.value = false;
    });
  },
});
