// web/kiosk/verdict.js: what fills the screen after a scan: a shape, a word, for a moment a name
import { html, useEffect, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { shown, shortName, dismiss } from './door.js';
import { panelsOf } from './panels.js';
import { detailsOf, wordOf } from './texts.js';

const SHAPES = { tick: 'M20 52l22 22 40-46', bar: 'M14 50h72', cross: 'M22 22l56 56M78 22L22 78', question: 'M32 34c0-12 8-18 18-18s18 7 18 17c0 14-18 14-18 28M50 79v11' };

/** @param {{tools: import('./panels.js').Tools, decide: (comes: boolean) => void}} props */
export function Verdict({ tools, decide }) {
  const v = shown.value;
  // The scan whose name was shown for long enough; a new one has its name from the first moment on.
  const [past, setPast] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    if (!v) return setPast(null);
    const timer = setTimeout(() => setPast(v.scan), 5000);
    return () => clearTimeout(timer);
  }, [v?.scan]);
  if (!v) return html`<div class="out-of-sight" role="alert"></div>`;
  const staffed = tools.staffed.value;
  // Whoever is refused or asked about is nobody's business in the queue behind.
  const name = v.scan !== past && v.shape === 'tick' && v.verdict.person?.name ? shortName(v.verdict.person.name) : '';
  const away = (/** @type {Event} */ e) => !(/** @type {Element} */ (e.target).closest('.hands')) && dismiss();
  return html`<div class=${cx('verdict', v.shape, v.colour)} role="alert" onClick=${away}>
    <svg viewBox="0 0 100 100" aria-hidden="true"><path d=${SHAPES[v.shape]} fill="none" stroke="currentColor" stroke-width="11" /></svg>
    <div class="verdict-text"><p class="verdict-word">${wordOf(v)}</p>${name ? html`<p class="verdict-name" dir="auto">${name}</p>` : null}
      ${v.verdict.category?.name && v.shape === 'tick' ? html`<p class="verdict-category" dir="auto">${v.verdict.category.name}</p>` : null}
      ${detailsOf(v, staffed).map((line) => html`<p key=${line} class="verdict-detail">${line}</p>`)}
      ${v.colour === 'amber' && v.basis === 'snapshot' && v.n && staffed ? html`<div class="verdict-hands hands"><button type="button" class="big" onClick=${() => decide(true)}>${t('door.let_in')}</button><button type="button" class="big" onClick=${() => decide(false)}>${t('door.send_away')}</button></div>` : null}
      ${panelsOf(tools.profile.value).map((p) => p.verdict && html`<${p.verdict} key=${p.name} tools=${tools} shown=${v} />`)}</div></div>`;
}
