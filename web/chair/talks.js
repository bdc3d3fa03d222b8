// web/chair/talks.js: a chair's phone runs a session of several talks: its board, pressed with one thumb
import { html, signal } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Missing, TalkClock, TalkHand, TalkList, TalkNow, withPresses } from '../ui/talk_board.js';
import { boardView } from '../talk_board.js';

/** @typedef {import('../talk_board.js').Board} Board */

/** Which of the two the phone shows. */
export const view = signal(/** @type {'talks' | 'questions'} */ ('talks'));

/** Whether there is more than one talk to run, or somebody who stands by. @param {Board | null} board */
export const runs = (board) => !!board && boardView(board).run;

export function Views() {
  return html`<div class="tb-views" role="group" aria-label=${t('talks.views')}>${['talks', 'questions'].map((v) => html`<button key=${v} type="button" class="second" aria-pressed=${view.value === v} onClick=${() => (view.value = /** @type {any} */ (v))}>${t(v === 'talks' ? 'talks.title' : 'talks.questions')}</button>`)}</div>`;
}

/** @param {{board: Board, kept: import('./state.js').Press[], press: import('../ui/talk_board.js').Press, messages: any, hand: any}} props */
export function Talks({ board, kept, press, messages, hand }) {
  const b = withPresses(board, kept);
  return html`<${TalkClock} board=${b} />${messages}
    ${b.slot ? null : html`<p class="empty-line">${t('talks.no_slot')}</p>`}
    <${Missing} board=${b} press=${press} /><${TalkNow} board=${b} /><${TalkList} board=${b} press=${press} />
    <div class="chair-hand talks">${hand}<${TalkHand} board=${b} press=${press} /></div>`;
}
