// web/organise/hold.js: after a release, the minute in which nobody has been told yet, and the button that keeps it so
import { html, signal, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { has, slug } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { clock, conferenceTime } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { released } from './draft.js';

const KEY = `plenum-hold:${slug}`;

/** This computer's own time: a minute is a minute on it, whatever the conference's clock says, also over a reload. */
const ticking = () => performance.timeOrigin + performance.now();
const MINUTE = 60000;

/** @typedef {{release: number, until: number, people: number, ends: number}} Held `until` by the conference's clock, `ends` by our own */

/** @returns {Held | null} */
function kept() {
  try {
    const h = JSON.parse(sessionStorage.getItem(KEY) || 'null');
    return h && h.ends > ticking() ? h : null;
  } catch {
    return null;
  }
}

export const held = signal(/** @type {Held | null} */ (kept()));

/** @param {Held | null} h */
function put(h) {
  held.value = h;
  try {
    if (h) sessionStorage.setItem(KEY, JSON.stringify(h));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Kept for as long as the page lives.
  }
}

/** The last question counts, and none from before a stop: its answer would bring back what was stopped. */
let turn = 0;

/** @param {{release: number, hold?: {until: string, people: number} | null}} reply of release.publish */
export function hold(reply) {
  put(reply.hold ? { release: reply.release, until: conferenceTime() + MINUTE, people: reply.hold.people, ends: ticking() + MINUTE } : null);
}

/** What the server still holds: another organiser, or another page of this one, may have released or stopped it. @param {{hold: {release: number, left_ms: number, people: number} | null}} reply */
function take({ hold: h }) {
  if (h?.people && h.left_ms > 0) put({ release: h.release, until: conferenceTime() + h.left_ms, people: h.people, ends: ticking() + h.left_ms });
  else if (held.value) put(null);
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Hold({ conn }) {
  const h = held.value;
  const [left, setLeft] = useState(0);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const mine = ++turn;
    if (has('organiser')) conn.call('release.held').then((reply) => mine === turn && take(reply)).catch(() => {});
  }, [released.value]);
  useEffect(() => {
    if (!h) return;
    setSaid('');
    const tick = () => {
      const n = Math.ceil((h.ends - ticking()) / 1000);
      setLeft(n);
      if (n <= 0) put(null);
    };
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [h?.release]);
  const stop = async () => {
    if (!h) return;
    try {
      turn++;
      const reply = await conn.write('release.stop', { release: h.release });
      setSaid(tn('hold.stopped', reply.people));
      announce(tn('hold.stopped', reply.people));
    } catch (e) {
      setSaid(whyOf(e));
    }
    // An older release may still be held.
    if (held.value?.release === h.release) put(null);
  };
  if (!h && !said) return null;
  return html`<div class="hold" role="region" aria-label=${t('hold.title')}><div class="hold-in">${h ? html`<p>${tn('hold.will', h.people, { time: clock(h.until), release: h.release })} <span class="num" aria-hidden="true">${t('time.seconds', { n: Math.max(0, left) })}</span></p><button type="button" class="second" onClick=${stop}>${t('hold.stop')}</button>` : html`<p role="status">${said}</p><button type="button" class="link" onClick=${() => setSaid('')}>${t('close')}</button>`}</div></div>`;
}
