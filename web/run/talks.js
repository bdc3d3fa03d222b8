// web/run/talks.js: the talks of the session that is on in a room, or comes next, run from the room's page
import { html } from '../ui/dom.js';
import { Missing, TalkClock, TalkHand, TalkList, TalkNow, useBoard, withPresses } from '../ui/talk_board.js';
import { boardView } from '../talk_board.js';
import { person } from '../ui/app.js';
import { press, presses } from './presses.js';

/** Nothing where there is a single talk, or where this person does not run its session. @param {{conn: import('../protocol.js').Connection, session: string}} props */
export function RoomTalks({ conn, session }) {
  const doc = useBoard(conn, session);
  if (!doc || doc.session !== session || !boardView(doc).run) return null;
  const board = withPresses(doc, presses.value.filter((p) => p.person === person.value?.id));
  const go = (/** @type {string} */ method, /** @type {any} */ params) => void press(conn, /** @type {any} */ (method), params);
  return html`<section class="run-talks"><${TalkClock} board=${board} /><${Missing} board=${board} press=${go} /><${TalkNow} board=${board} />
    <div class="run-talks-hand"><${TalkHand} board=${board} press=${go} /></div><${TalkList} board=${board} press=${go} /></section>`;
}
