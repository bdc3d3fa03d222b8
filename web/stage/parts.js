// web/stage/parts.js: what stands around a stage's question: the time left, what comes next, words to the speaker, the poll, how to join
import { html, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { now } from '../ui/clock.js';
import { timeLeft } from '../store.js';
import { qrPath } from '../ui/qr.js';

/** Counts on by itself: the clock is the page's, the end was the server's. @param {{timer: import('../store.js').Stage['timer'] | undefined}} props */
export function Timer({ timer }) {
  const x = timeLeft(timer, now.value);
  if (!x) return null;
  return html`<p class=${cx('stage-timer', x.tone)} role="timer"><span class="out-of-sight">${t(x.tone === 'over' ? 'stage.over' : 'stage.left')} </span><span class="num">${x.text}</span></p>`;
}

/** @param {{q: import('../store.js').Question}} props */
export const Next = ({ q }) => html`<p class="stage-next-q"><b>${t('stage.next')}</b> <span dir="auto">${q.text}</span>${q.votes ? html` <span class="num">${q.votes}</span>` : null}</p>`;

/** What nobody has said to have read. @param {{words: import('../store.js').Word[]}} props */
export function Messages({ words }) {
  return html`<div class="stage-words" role="alert">${words.length ? html`<p key=${words[words.length - 1].id}><b>${t('stage.to_speaker')}</b> <span dir="auto">${words[words.length - 1].text}</span>${words.length > 1 ? html` <small>${tn('stage.more_words', words.length - 1)}</small>` : null}</p>` : null}</div>`;
}

/** @param {{url: string, small: boolean}} props */
export function Qr({ url, small }) {
  const code = qrPath(url);
  return html`<svg class=${cx('qr', small && 'small')} viewBox=${`0 0 ${code.size} ${code.size}`} role="img" aria-label=${small ? t('stage.ask') : t('stage.qr')} shape-rendering="crispEdges"><rect width=${code.size} height=${code.size} fill="white" /><path d=${code.path} fill="black" /></svg>`;
}
