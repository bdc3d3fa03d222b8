// web/review/main.js: what waits for a reviewer: a list with how far it is, and one abstract at a time
import { html, mount, effect, signal, useEffect, cx } from '../ui/dom.js';
import { extend, t, tn, lang } from '../i18n/index.js';
import en from '../i18n/review.en.js';
import da from '../i18n/review.da.js';
import { connect, has, session, status } from '../ui/app.js';
import { Gate } from '../ui/gate.js';
import { Header, Main, Skeleton, Empty, whyOf } from '../ui/chrome.js';
import { clock, dayName, zoneName } from '../ui/clock.js';
import { Sheet } from './sheet.js';
import { Ahead } from './ahead.js';
import { after, counts } from './model.js';

extend({ en, da });

const conn = connect();
const list = signal(/** @type {import('./model.js').Mine | null} */ (null));
const error = signal('');
const here = signal(location.hash.slice(2));
const EVERY_MS = 20000;

async function read() {
  try {
    list.value = await conn.call('review.mine');
    error.value = '';
  } catch (e) {
    error.value = whyOf(e);
  }
}

addEventListener('hashchange', () => {
  here.value = location.hash.slice(2);
  scrollTo(0, 0);
});
effect(() => {
  if (status.value.state === 'open' && has('reviewer')) read();
});
// Nothing is pushed, so that nothing tells: the page asks.
setInterval(() => document.visibilityState === 'visible' && status.value.state === 'open' && has('reviewer') && read(), EVERY_MS);
effect(() => {
  const a = list.value?.assignments.find((x) => x.abstract === here.value);
  document.title = `${(lang.value, a ? a.title : t('review.here'))} · ${session.value?.conference.title || 'Plenum'}`;
});

const go = (/** @type {string} */ abstract) => (location.hash = abstract ? `#/${abstract}` : '#/');

/** Keys that move through the list, where nobody is writing. @param {KeyboardEvent} e */
function keys(e) {
  const at = /** @type {HTMLElement} */ (e.target);
  const m = list.value;
  if (!m || e.ctrlKey || e.metaKey || e.altKey || at.closest('input:not([type=radio]), textarea, select, dialog')) return;
  const i = m.assignments.findIndex((a) => a.abstract === here.value);
  const to = e.key === 'n' ? after(m.assignments, here.value) : e.key === 'j' ? m.assignments[i + 1] : e.key === 'k' ? m.assignments[i - 1] : null;
  if (to) go(to.abstract);
  else if (e.key === 'u') go('');
}

/** @param {{m: import('./model.js').Mine}} props */
function Progress({ m }) {
  const { done, all } = counts(m.assignments);
  const next = after(m.assignments, here.value);
  return html`<div class="rv-progress"><p><label for="rv-bar"><strong class="num">${t('review.done', { done, all })}</strong></label>${m.setup.until ? html` <span class="hint">${t(m.setup.closed ? 'review.ended' : 'review.until', { time: `${dayName(m.setup.until)}, ${clock(m.setup.until)} ${zoneName(m.setup.until)}` })}</span>` : null}</p>
    <progress id="rv-bar" max=${all || 1} value=${done}></progress>
    ${next && next.abstract !== here.value ? html`<a class=${here.value ? 'second' : 'primary'} href=${`#/${next.abstract}`}>${t('review.next')} <span class="num">${next.number}</span> <kbd>n</kbd></a>` : null}</div>`;
}

/** @param {{m: import('./model.js').Mine}} props */
function List({ m }) {
  const name = new Map(m.tracks.map((x) => [x.id, x]));
  return html`<ul class="rv-list">${m.assignments.map((a) => html`<li key=${a.abstract}><a href=${`#/${a.abstract}`} aria-current=${a.abstract === here.value ? 'page' : null}>
      <span class="num rv-n">${a.number}</span><span class="rv-title" dir="auto">${a.title || t('review.untitled')}</span>
      <span class="rv-sub"><span class=${cx('tag', a.state === 'draft' && 'on')}>${t(`review.state_${a.state}`)}</span>${a.tracks.map((id) => html` <span key=${id} class="hint" dir="auto">${name.get(id)?.name}</span>`)}</span></a></li>`)}</ul>`;
}

function Page() {
  const m = list.value;
  useEffect(() => {
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
  if (!m) return error.value ? html`<p class="error" role="alert">${error.value}</p>` : html`<${Skeleton} n=${4} />`;
  const open = m.assignments.find((a) => a.abstract === here.value);
  const { done, all } = counts(m.assignments);
  return html`<div class=${cx('rv', here.value && 'rv-one')}>
    <div class="rv-side"><h1 class=${here.value ? 'rv-wide' : ''}>${t('review.here')}</h1>
      ${all ? html`<${Progress} m=${m} />` : html`<${Empty} title=${t('review.none')}><p>${t('review.none_why')}</p><//>`}
      ${all && done === all ? html`<p class="rv-all" role="status">${t('review.all_done')}</p>` : null}
      ${m.setup.closed && all ? html`<p class="rv-all">${t('review.closed_hint')}</p>` : null}
      ${error.value ? html`<p class="error" role="alert">${error.value}</p>` : null}
      <${List} m=${m} />${all ? html`<p class="hint rv-wide">${t('review.keys')}</p>` : null}
      <${Ahead} conn=${conn} open=${!all} changed=${read} /></div>
    <div class="rv-main">${here.value ? html`<p class="back rv-narrow"><a href="#/">${tn('review.back', all)}</a></p><${Sheet} key=${here.value} conn=${conn} abstract=${here.value} known=${!!open} setup=${m.setup} tracks=${m.tracks} changed=${read} next=${after(m.assignments, here.value)} />` : all ? html`<p class="rv-wide empty">${t('review.choose')}</p>` : null}</div></div>`;
}

conn.start();
mount('app', html`<${() => html`<${Header} conn=${conn} here=${t('review.here')} /><${Main} name="review"><${Gate} conn=${conn} wanted=${['reviewer']} about=${t('review.sign_in')}><${Page} /><//><//>`} />`);
