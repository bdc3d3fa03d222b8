// web/attend/watch.js: where a room can be watched: brings the player when there is something to play, and asks guests to sign in
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person, session, status } from '../ui/app.js';
import { clock, dayName, minute } from '../ui/clock.js';
import { schedule } from '../ui/schedule.js';
import { signin } from '../ui/signin.js';

/** A stream has its sound tested before it begins, and goes on a little when a session does. */
const AROUND_MS = 30 * 60000;

/** How long a page waits for what stands above its text, rather than push the text down under a reader. */
const HOLD_MS = 4000;

/** @typedef {{doc: import('../streams.js').Room | null, joined: number, Player: any, known: boolean}} Streams */

/** What can be watched in a room; known: nothing will come above what stands below. @param {import('../protocol.js').Connection} conn @param {string | undefined} room @returns {Streams} */
export function useStreams(conn, room) {
  const [doc, setDoc] = useState(/** @type {import('../streams.js').Room | null} */ (null));
  const [joined, setJoined] = useState(0);
  const [Player, setPlayer] = useState(/** @type {any} */ (null));
  const [told, setTold] = useState('');
  const [late, setLate] = useState('');
  // Once the text stands it stays, whatever comes to be played.
  const stands = useRef(/** @type {string | undefined} */ (undefined));
  const who = person.value?.id;
  useEffect(() => {
    setDoc(null);
    setJoined(0);
    if (!room) return;
    const timer = setTimeout(() => setLate(room), HOLD_MS);
    const stop = who ? conn.subscribe(`room:${room}`, {
      snapshot: (data) => {
        setDoc(data.streams || null);
        setTold(room);
      },
      fault: () => setTold(room),
      event: (type, data) => type === 'stream.changed' && setDoc(data),
      tick: (tally) => tally.forEach(([key, n]) => key === 'joined' && setJoined(n)),
    }) : () => {};
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [room, who]);
  const some = !!doc && (doc.streams.length > 0 || !!doc.hold);
  useEffect(() => {
    if (some && !Player) import('./player.js').then((m) => setPlayer(() => m.Player), () => {});
  }, [some]);
  const guest = !!session.value && !who;
  const away = !['connecting', 'open'].includes(status.value.state);
  if (room && (guest || away || late === room || (told === room && (!some || !!Player)))) stands.current = room;
  return { doc, joined, Player, known: !room || stands.current === room };
}

/**
 * slot: the one that the page is about; without it, the room as it is now.
 * @param {{streams: Streams, conn: import('../protocol.js').Connection, room: string | undefined, slot?: import('../store.js').Slot}} props
 */
export function Watch({ streams, conn, room, slot }) {
  const { doc, joined, Player } = streams;
  const who = person.value?.id;
  const some = !!doc && (doc.streams.length > 0 || !!doc.hold);
  const begins = slot ? Date.parse(slot.expected_start || slot.start) - AROUND_MS : 0;
  const virtual = some || (!!room && !!(/** @type {any} */ (schedule.value?.room.get(room))?.virtual));
  if (slot && (slot.state === 'cancelled' || (slot.state !== 'running' && Date.parse(slot.expected_end || slot.end) + AROUND_MS < minute.value))) return null;
  if (slot && virtual && begins > minute.value) return html`<p class="watch-guest hint">${t('watch.from', { time: `${dayName(begins)} ${clock(begins)}` })}</p>`;
  if (!who && virtual) return html`<p class="watch-guest"><button type="button" class="second" onClick=${() => (signin.value = { why: t('watch.sign_in') })}>${t('watch.sign_in')}</button></p>`;
  return some && Player && room ? html`<${Player} key=${room} conn=${conn} room=${room} doc=${doc} joined=${joined} />` : null;
}
