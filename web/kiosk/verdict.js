// web/kiosk/verdict.js: what fills the screen after a scan: a shape, a word, for a moment a name
import { html, useEffect, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { ago } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { shown, shortName, dismiss } from './door.js';
import { panelsOf } from './panels.js';

const SHAPES = { tick: 'M20 52l22 22 40-46', bar: 'M14 50h72', cross: 'M22 22l56 56M78 22L22 78', question: 'M32 34c0-12 8-18 18-18s18 7 18 17c0 14-18 14-18 28M50 79v11', wait: 'M50 22v30l18 12M50 8a42 42 0 1 1-.1 0z' };

/** A station as the server names it: its name, or the row that has one. @param {any} s */
const stationName = (s) => (s && typeof s === 'object' ? s.name : s) || '';

/** @param {{tools: import('./panels.js').Tools}} props */
export function Verdict({ tools }) {
  const v = shown.value;
  const [named, setNamed] = useState(true);
  useEffect(() => {
    setNamed(true);
    const timer = setTimeout(() => setNamed(false), 5000);
    return () => clearTimeout(timer);
  }, [v?.scan]);
  if (!v) return html`<div class="out-of-sight" role="alert"></div>`;
  const word = v.verdict ? (v.shape === 'tick' ? t('kiosk.welcome') : t(`kiosk.reason_${v.verdict.reason || 'unknown'}`)) : v.shape === 'wait' ? t('kiosk.no_answer') : v.fault?.fault === 'disk' ? t('kiosk.no_disk') : whyOf(v.fault);
  const name = named && v.verdict?.person?.name ? shortName(v.verdict.person.name) : '';
  const detail = v.verdict?.first ? t('kiosk.first', { ago: ago(v.verdict.first.at), station: stationName(v.verdict.first.station) }) : v.verdict?.verdict === 'repeat' ? t('kiosk.repeat') : v.shape === 'tick' ? '' : v.shape === 'wait' ? t('kiosk.kept') : t('kiosk.to_desk');
  const away = (/** @type {Event} */ e) => !(/** @type {Element} */ (e.target).closest('.hands')) && dismiss();
  return html`<div class=${cx('verdict', v.shape)} role="alert" onClick=${away}>
    <svg viewBox="0 0 100 100" aria-hidden="true"><path d=${SHAPES[v.shape]} fill="none" stroke="currentColor" stroke-width="11" /></svg>
    <div><p class="verdict-word">${word}</p>${name ? html`<p class="verdict-name" dir="auto">${name}</p>` : null}${detail ? html`<p class="verdict-detail">${detail}</p>` : null}
      ${panelsOf(tools.profile.value).map((p) => p.verdict && html`<${p.verdict} key=${p.name} tools=${tools} shown=${v} />`)}</div></div>`;
}
