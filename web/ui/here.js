// web/ui/here.js: a page of one who speaks, or stands by, says that it is open: so the chair of the session knows
import { effect } from './dom.js';
import { mine, session, status } from './app.js';

/** @param {import('../protocol.js').Connection} conn */
export function sayHere(conn) {
  /** @type {any} */
  let timer = 0;
  let person = '';
  const say = async () => {
    clearTimeout(timer);
    if (!person || status.value.state !== 'open') return;
    const reply = await conn.call('talk.here').catch(() => null);
    clearTimeout(timer);
    // Refused or lost: once more in a minute.
    if (person && (!reply || reply.speaks)) timer = setTimeout(say, (reply?.again_s || 60) * 1000);
  };
  effect(() => {
    const on = status.value.state === 'open' && (mine.value.speaks || mine.value.standby);
    person = on ? session.value?.person?.id || '' : '';
    clearTimeout(timer);
    if (person) timer = setTimeout(say, 500);
  });
  // What was in a pocket is there again at once.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && say());
}
