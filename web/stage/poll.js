// web/stage/poll.js: a poll on the wall: answers and their bars, readable from the last row
import { html, useLayoutEffect, useRef, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { Bar } from '../ui/polls.js';
import { bars } from '../poll.js';

/** Letters in hundredths of the screen's height: the largest with which all answers fit. */
const SIZES = [7, 6.4, 5.8, 5.2, 4.6, 4.2, 3.8, 3.4, 3, 2.7, 2.4, 2.1, 1.8];

/** @param {{poll: import('../poll.js').Poll, counts?: import('../poll.js').Tally | null}} props counts: null while nobody in the room may know them */
export function StagePoll({ poll, counts }) {
  const b = bars(poll, counts ?? poll.counts);
  const rows = b ? b.rows : poll.options.map((o) => ({ ...o, n: 0, share: 0 }));
  const running = poll.state === 'running';
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const fit = () => {
      const list = /** @type {HTMLElement} */ (el.querySelector('ol'));
      const head = /** @type {HTMLElement} */ (el.querySelector('h1'));
      for (const size of SIZES) {
        el.style.fontSize = `${(size * innerHeight) / 100}px`;
        if (list.scrollHeight <= list.clientHeight && list.scrollWidth <= list.clientWidth && head.scrollHeight <= head.clientHeight + 2) break;
      }
    };
    fit();
    document.fonts?.ready.then(fit);
    addEventListener('resize', fit);
    return () => removeEventListener('resize', fit);
  }, [poll.id, poll.version, !!b]);
  return html`<section class=${cx('wall-poll', poll.options.length > 5 && 'many', b && 'counted', poll.state)} ref=${box} data-poll=${poll.id} aria-label=${t('poll.title')}>
    <p class="wall-poll-kind"><span>${t(running ? 'poll.stage_vote' : 'poll.stage_over')}</span>${b ? html`<span class="num">${tn('poll.voters', b.voters)}</span>` : null}</p>
    <h1 dir="auto">${poll.question}</h1>
    <ol>${rows.map((r) => html`<li key=${r.id} class=${cx(b && r.n > 0 && r.n === b.top && 'top')}><span class="wall-poll-words" dir="auto">${r.text}</span>
      ${b ? html`<span class="wall-poll-share num">${r.share} %</span><${Bar} share=${r.share} />` : null}</li>`)}</ol>
  </section>`;
}
