// web/stage/poll.js: a poll on the wall: answers and their bars, readable from the last row
import { html, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import '../ui/polls.js';
import { bars } from '../poll.js';

/** Smaller letters only as far as the answers ask for it. @param {import('../poll.js').Poll} poll */
function size(poll) {
  const letters = Math.max(...poll.options.map((o) => [...o.text].length), 1);
  const rows = poll.options.length * (letters > 60 ? 2 : 1);
  return rows > 8 || letters > 120 ? 'small' : rows > 5 || letters > 60 ? 'middle' : 'large';
}

/** @param {{poll: import('../poll.js').Poll, counts?: import('../poll.js').Tally | null}} props counts: null while nobody in the room may know them */
export function StagePoll({ poll, counts }) {
  const b = bars(poll, counts ?? poll.counts);
  const rows = b ? b.rows : poll.options.map((o) => ({ ...o, n: 0, share: 0 }));
  const running = poll.state === 'running';
  return html`<section class=${cx('wall-poll', size(poll), b && 'counted', poll.state)} data-poll=${poll.id} aria-label=${t('poll.title')}>
    <p class="wall-poll-kind"><span>${t(running ? 'poll.stage_vote' : 'poll.stage_over')}</span>${b ? html`<span class="num">${tn('poll.voters', b.voters)}</span>` : null}</p>
    <h1 dir="auto">${poll.question}</h1>
    <ol>${rows.map((r) => html`<li key=${r.id} class=${cx(b && r.n > 0 && r.n === b.top && 'top')}><span class="wall-poll-words" dir="auto">${r.text}</span>
      ${b ? html`<span class="wall-poll-share num">${r.share} %</span><meter min="0" max="100" value=${r.share} aria-hidden="true"></meter>` : null}</li>`)}</ol>
  </section>`;
}
