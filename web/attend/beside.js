// web/attend/beside.js: what stands beside the question box when there is such a thing: the talk's poll, the microphones
import { html, useEffect, useState } from '../ui/dom.js';
import { person } from '../ui/app.js';
import { Later } from '../ui/later.js';
import { Aloud, micKept } from './aloud.js';
import { halls } from './hall.js';

/** Once there it stays: a place at the microphones outlives the moment they close. @param {boolean} now @param {string} of */
function useOnce(now, of) {
  const [was, setWas] = useState('');
  useEffect(() => {
    if (now) setWas(of);
  }, [now, of]);
  return now || was === of;
}

/**
 * likely: the microphones are open by the clock, so that their line has its place before the talk is heard of.
 * @param {{conn: import('../protocol.js').Connection, talk: string, session: string, likely?: boolean}} props
 */
export function Beside({ conn, talk, session, likely }) {
  const hall = halls.value.get(talk);
  const poll = useOnce(!!hall?.poll, talk);
  const mic = useOnce(!!hall?.window.mic || micKept(session), talk) || (!hall && !!likely);
  if (!person.value) return null;
  return html`${poll ? html`<${Later} key=${`poll-${talk}`} load=${() => import('./poll.js')} name="PollBox" props=${{ conn, talk }} />` : null}
    ${mic ? html`<${Aloud} conn=${conn} talk=${talk} session=${session} />` : null}`;
}
