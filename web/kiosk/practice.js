// web/kiosk/practice.js: six codes that show each thing a door can say; while it is on nothing is written and nothing is sent
import { html, signal, effect } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { conferenceTime } from '../ui/clock.js';
import { checkLetter, readCode } from './code.js';
import { show } from './door.js';

export const practising = signal(false);
/** What was scanned that does not belong here. */
export const stray = signal(/** @type {'' | 'off' | 'real' | 'over'} */ (''));

/** @typedef {'green' | 'twice' | 'unknown' | 'revoked' | 'online' | 'ask'} Sample */

/** As long as an entry code, so that they are as hard to read, and with a right check letter; that a real one is the same is as likely as guessing one. @param {string} word */
function sample(word) {
  const letters = `PRACTICE${word}`.padEnd(19, '2');
  return letters + checkLetter(letters);
}

/** @type {Record<Sample, string>} */
export const SAMPLES = { green: sample('GREEN'), twice: sample('TWICE'), unknown: sample('UNKNOWN'), revoked: sample('REVOKED'), online: sample('ONLINE'), ask: sample('ASK') };

/** What the screen shows for each. @type {Record<Sample, {shape: string, colour: string, verdict: string, reason?: string}>} */
const SAYS = {
  green: { shape: 'tick', colour: 'green', verdict: 'admitted' },
  twice: { shape: 'bar', colour: 'red', verdict: 'refused', reason: 'duplicate' },
  unknown: { shape: 'cross', colour: 'red', verdict: 'refused', reason: 'unknown' },
  revoked: { shape: 'cross', colour: 'red', verdict: 'refused', reason: 'revoked' },
  online: { shape: 'cross', colour: 'red', verdict: 'refused', reason: 'wrong_mode' },
  ask: { shape: 'question', colour: 'amber', verdict: 'ask', reason: 'unknown' },
};

/** @param {string} text @returns {Sample | null} */
export function sampleOf(text) {
  const code = readCode(text);
  return /** @type {Sample[]} */ (Object.keys(SAMPLES)).find((name) => SAMPLES[name] === code) || null;
}

/** Longer than at the door: somebody explains it. A press or the next code puts it away. */
const SHOWN = 8000;

/** @param {Sample} name */
export function rehearse(name) {
  const { shape, colour, verdict, reason } = SAYS[name];
  const minutesAgo = new Date(conferenceTime() - 4 * 60000).toISOString();
  show(/** @type {any} */ ({
    shape, colour, scan: '', direction: 'entry', basis: 'server', practice: true,
    verdict: { verdict, ...(reason && { reason }), ...(name === 'green' && { person: { name: t('practice.name') } }), ...(name === 'twice' && { first: { at: minutesAgo, station: t('practice.station') } }) },
  }), SHOWN);
}

/** Nobody practises for so long without a scan: somebody has forgotten to stop. */
const FORGOTTEN = 5 * 60000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let forgotten;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** @param {boolean} on */
export function practise(on) {
  practising.value = on;
  stray.value = '';
  clearTimeout(forgotten);
  if (on) forgotten = setTimeout(() => practise(false), FORGOTTEN);
}

/** @param {'off' | 'real' | 'over'} what */
function astray(what) {
  stray.value = what;
  clearTimeout(fading);
  fading = setTimeout(() => (stray.value = ''), 6000);
}

/** Something real was begun. */
export function endPractice() {
  practise(false);
  astray('over');
}

/** A scanned text, first of all: the samples never go further, and while practice is on nothing does. @param {string} text */
export function take(text) {
  const name = sampleOf(text);
  if (!practising.value) {
    if (name) astray('off');
    return !!name;
  }
  practise(true);
  if (name) rehearse(name);
  else astray('real');
  return true;
}

// The frame of the whole screen says so, whatever panel is open.
effect(() => void document.documentElement.classList.toggle('practising', practising.value));

/** On every screen while it is on, with the way out. */
export const Banner = () => html`${practising.value ? html`<div class="practice-banner" role="status"><p>${t('practice.banner')}</p><button type="button" class="big hands" onClick=${() => practise(false)}>${t('practice.stop')}</button></div>` : null}
  ${stray.value ? html`<p class="stray" role="alert">${t(`practice.${stray.value}`)}</p>` : null}`;
