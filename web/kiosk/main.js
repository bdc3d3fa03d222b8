// web/kiosk/main.js: the self-service door: scan or type an entry code, see the verdict from three metres
import { html, mount, signal, effect, useEffect, useState, useRef, cx } from '../ui/dom.js';
import { t, tn, lang, setLang, own } from '../i18n/index.js';
import { connect, session, status, slug, has, lastHeard } from '../ui/app.js';
import { clock, now, minute, ago, conferenceTime, zoneName } from '../ui/clock.js';
import { deviceToken, keepToken } from '../ui/device.js';
import { Pair } from '../ui/pair.js';
import { whyOf } from '../ui/chrome.js';
import { followNotices, notices } from '../ui/notices.js';
import { noticeKey } from '../personal.js';
import { followRoom } from '../ui/room.js';
import { applyStats } from '../store.js';
import { Wedge, SILENCE, grouped, codeOf } from './wedge.js';
import { wake } from './sound.js';
import { shown, waiting, later, list, scan, sendKept, shortName, dismiss } from './door.js';

const conn = connect({ deviceToken: () => deviceToken('kiosk', slug) });
const stats = signal(/** @type {import('../store.js').Stats | null} */ (null));
const listName = signal('');
const refused = signal('');

effect(() => void (document.title = `${(lang.value, t('kiosk.here'))} · ${session.value?.conference.title || 'Plenum'}`));
effect(() => void (document.documentElement.lang = lang.value));

let stop = () => {};
const onSession = conn.onSession;
conn.onSession = (/** @type {import('../protocol.js').Session} */ s) => {
  onSession(s);
  const wanted = s.station?.list || sessionStorage.getItem('plenum-list') || '';
  const id = typeof wanted === 'object' ? wanted.id : wanted;
  if (id && id === list.value) sendKept(conn);
  if (id) follow(id);
  else if (s.station || s.roles.some((r) => ['desk', 'organiser'].includes(r))) {
    conn.call('checkin.lists').then((r) => follow(r.lists[0]?.id)).catch((e) => (refused.value = whyOf(e)));
  }
};

/** @param {string | undefined} id */
function follow(id) {
  if (!id || id === list.value) return;
  stop();
  list.value = id;
  stop = conn.subscribe(`list:${id}`, {
    snapshot: (doc) => {
      stats.value = doc;
      listName.value = doc.list?.name || '';
    },
    event: (type, data) => {
      const next = stats.value && applyStats(stats.value, type, data);
      if (next) stats.value = next;
      else conn.call('checkin.stats', { list: id }).then((s) => (stats.value = s)).catch(() => {});
    },
    fault: (f) => (refused.value = whyOf({ fault: f })),
  });
  sendKept(conn);
}

/** A station that stands in a room hears what is said to that room. */
let leave = () => {};
let room = '';
effect(() => {
  const at = session.value?.station?.room;
  const id = (at && typeof at === 'object' ? at.id : at) || '';
  if (id === room) return;
  leave();
  room = id;
  leave = id ? followRoom(conn, id) : () => {};
});
followNotices(conn);
conn.start();

/** Scanner keys, wherever the focus is. */
function useScanner() {
  useEffect(() => {
    const wedge = new Wedge();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let silence;
    /** What the field held before a scanner typed into it. */
    let before = '';
    const finish = (/** @type {string | null} */ text) => {
      if (!text) return;
      // Not on the first key: waking the sound takes long enough to break a scan in two.
      wake();
      const field = document.querySelector('.code-field');
      if (field instanceof HTMLInputElement && document.activeElement === field) {
        field.value = before;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      scan(conn, text);
    };
    const keys = (/** @type {KeyboardEvent} */ e) => {
      clearTimeout(silence);
      if (!wedge.text) before = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : '';
      const ended = wedge.press(e, e.timeStamp);
      if (ended) {
        e.preventDefault();
        e.stopPropagation();
        finish(ended);
      } else silence = setTimeout(() => finish(wedge.end(performance.now())), SILENCE);
    };
    document.addEventListener('keydown', keys, true);
    document.addEventListener('pointerdown', wake, true);
    return () => {
      document.removeEventListener('keydown', keys, true);
      document.removeEventListener('pointerdown', wake, true);
    };
  }, []);
}

const SHAPES = { tick: 'M20 52l22 22 40-46', bar: 'M14 50h72', cross: 'M22 22l56 56M78 22L22 78', question: 'M32 34c0-12 8-18 18-18s18 7 18 17c0 14-18 14-18 28M50 79v11', wait: 'M50 22v30l18 12M50 8a42 42 0 1 1-.1 0z' };

/** A station as the server names it: its name, or the row that has one. @param {any} s */
const stationName = (s) => (s && typeof s === 'object' ? s.name : s) || '';

function Verdict() {
  const v = shown.value;
  const [named, setNamed] = useState(true);
  useEffect(() => {
    setNamed(true);
    const timer = setTimeout(() => setNamed(false), 5000);
    return () => clearTimeout(timer);
  }, [v?.scan]);
  if (!v) return html`<div class="out-of-sight" role="alert"></div>`;
  const word = v.verdict ? (v.shape === 'tick' ? t('kiosk.welcome') : t(`kiosk.reason_${v.verdict.reason || 'unknown'}`)) : v.shape === 'wait' ? t('kiosk.no_answer') : v.fault?.fault === 'disk' ? t('kiosk.no_disk') : whyOf(v.fault);
  const name = named && v.verdict?.person?.name ? shortName(v.verdict.person.name) : '';
  const detail = v.verdict?.first ? t('kiosk.first', { ago: ago(v.verdict.first.at), station: stationName(v.verdict.first.station) }) : v.verdict?.verdict === 'repeat' ? t('kiosk.repeat') : v.shape === 'tick' ? '' : v.shape === 'wait' ? t('kiosk.kept') : t('kiosk.to_desk');
  return html`<div class=${cx('verdict', v.shape)} role="alert" onClick=${dismiss}>
    <svg viewBox="0 0 100 100" aria-hidden="true"><path d=${SHAPES[v.shape]} fill="none" stroke="currentColor" stroke-width="11" /></svg>
    <div><p class="verdict-word">${word}</p>${name ? html`<p class="verdict-name" dir="auto">${name}</p>` : null}${detail ? html`<p class="verdict-detail">${detail}</p>` : null}</div></div>`;
}

const typing = signal(false);
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'];

function Typed() {
  const open = typing.value;
  const setOpen = (/** @type {boolean} */ on) => (typing.value = on);
  const [text, setText] = useState('');
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const size = codeOf(text).length;
  const put = (/** @type {string} */ value) => setText(grouped(value.slice(0, 48)));
  const go = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!size) return;
    scan(conn, text);
    setText('');
    setOpen(false);
  };
  if (!open) return html`<button type="button" class="big" onClick=${() => setOpen(true)}>${t('kiosk.type')}</button>`;
  return html`<form class="typed" onSubmit=${go}>
    <label class="field"><span>${t('kiosk.code')}</span><input ref=${field} class="code code-field" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" inputmode="none" value=${text} onInput=${(/** @type {any} */ e) => put(e.target.value)} /></label>
    <div class="keypad" role="group" aria-label=${t('kiosk.keypad')}>${LETTERS.map((l) => html`<button key=${l} type="button" onClick=${() => put(text + l)}>${l}</button>`)}</div>
    <div class="typed-foot"><button type="button" class="big" onClick=${() => { setOpen(false); setText(''); }}>${t('cancel')}</button><button type="button" class="big" onClick=${() => put(codeOf(text).slice(0, -1))}>${t('kiosk.erase')}</button><button class="big primary" type="submit" disabled=${!size}>${t('kiosk.check')} <span class="num">${size}/20</span></button></div>
  </form>`;
}

function Network() {
  now.value;
  const open = status.value.state === 'open';
  useEffect(() => void (lastHeard.value = open ? 0 : lastHeard.value || conferenceTime()), [open]);
  const sent = later.value.admitted + later.value.refused;
  return html`<div class=${cx('network', !open && 'out')} role="status">
    <span class="network-mark" aria-hidden="true"></span><span>${open ? t('kiosk.online') : t('kiosk.offline')}${waiting.value ? html` · ${tn('kiosk.waiting', waiting.value)}` : null}${!waiting.value && sent ? html` · ${t('kiosk.later', { n: sent, admitted: later.value.admitted, refused: later.value.refused })}` : null}</span></div>`;
}

/** While nobody is at the door: the most urgent announcement, large; it counts as read once it has stood there a while. */
function Announced() {
  const n = notices.value[0];
  const key = n && noticeKey(n);
  useEffect(() => {
    if (!n || !session.value?.station) return;
    const timer = setTimeout(() => conn.call('notice.read', { notice: n.id }).catch(() => {}), 5000);
    return () => clearTimeout(timer);
  }, [key]);
  return html`<aside class=${cx('door-notice', n?.urgency)} aria-live=${n?.urgency === 'urgent' ? 'assertive' : 'polite'}>${n ? html`<p key=${key}><b>${t(`notice.${n.urgency}`)}</b> <span dir="auto">${own(n.text)}</span></p>` : null}</aside>`;
}

function Door() {
  useScanner();
  const open = status.value.state === 'open';
  now.value;
  const down = !open && performance.now() - status.value.since > 2000;
  const s = stats.value;
  return html`<header class="door-bar"><p class="door-title" dir="auto"><span class="mark" aria-hidden="true"></span>${session.value?.conference.title}</p><${Network} /></header>
    <main id="main" class=${cx('door', down && 'down', typing.value && 'typing')}>
      ${refused.value ? html`<p class="error" role="alert">${refused.value}</p>` : null}
      <h1>${down ? t('kiosk.hold') : typing.value ? t('kiosk.type_title') : t('kiosk.scan')}</h1>
      <p class="door-hint">${down ? t('kiosk.hold_hint') : t('kiosk.scan_hint')}</p>
      <${Typed} />
    </main>
    <${Announced} />
    <footer class="door-foot"><p dir="auto"><strong>${session.value?.station?.name || listName.value}</strong> ${session.value?.station ? listName.value : ''}</p>
      ${s ? html`<p class="num"><strong>${s.admitted}</strong> ${t('kiosk.admitted')} · <strong>${s.refused}</strong> ${t('kiosk.refused')}</p>` : null}
      <p><time class="num">${clock(minute.value)}</time> ${minute.value ? zoneName(minute.value) : ''}</p>
      <button type="button" class="lang" lang=${lang.value === 'da' ? 'en' : 'da'} onClick=${() => setLang(lang.value === 'da' ? 'en' : 'da')}>${lang.value === 'da' ? 'English' : 'Dansk'}</button></footer>
    <${Verdict} />`;
}

function Kiosk() {
  const paired = session.value && (session.value.station || has('kiosk', 'desk', 'organiser'));
  if (paired && status.value.state !== 'signed-out') return html`<${Door} />`;
  if ((session.value && !paired) || status.value.state === 'signed-out') {
    return html`<main id="main" class="pairing"><${Pair} kind="kiosk" slug=${slug} done=${async () => { refused.value = ''; conn.renew(); }} />
      <button type="button" class="lang" lang=${lang.value === 'da' ? 'en' : 'da'} onClick=${() => setLang(lang.value === 'da' ? 'en' : 'da')}>${lang.value === 'da' ? 'English' : 'Dansk'}</button></main>`;
  }
  return html`<main id="main" class="pairing"><p class="door-hint" role="status">${status.value.state === 'refused' ? t('line.refused', { code: status.value.code || status.value.fault || '' }) : t('line.connecting')}</p></main>`;
}

// A revoked station shows its pairing code again; what it was is forgotten.
effect(() => {
  if (status.value.state === 'signed-out') keepToken('kiosk', slug, null);
});

mount('app', html`<${Kiosk} />`);
