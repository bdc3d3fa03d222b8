// web/attend/player.js: watching a room: its stream by the clock or as staff switch it, holds, sound alone, captions, another language
import { html, cx, useEffect, useRef, useState } from '../ui/dom.js';
import { extend, lang, own, t, tn } from '../i18n/index.js';
import en from '../i18n/player.en.js';
import da from '../i18n/player.da.js';
import { mine, realTime, status } from '../ui/app.js';
import { clock, dayKey, dayName, duration, minute, now } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { behindOf } from '../qa_store.js';
import { languages, next, plays as playing, withCaption } from '../streams.js';
import { Attendance } from './attendance.js';
import { plays } from './behind.js';
import { play } from './media.js';

extend({ en, da });

/** @param {string} name @param {string} otherwise */
function kept(name, otherwise) {
  try {
    return localStorage.getItem(`plenum-player-${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try {
    localStorage.setItem(`plenum-player-${name}`, value);
  } catch {
    // Kept for this page only.
  }
}

/** Dansk for da, as its own speakers call it. @param {string} code */
function languageName(code) {
  try {
    const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) || code;
    return name.charAt(0).toUpperCase() + name.slice(1);
  } catch {
    return code;
  }
}

/** What the player says of itself: on each change and every 30 s; never kept for later, for later it is not true any more.
 * @param {import('../protocol.js').Connection} conn @param {string} room @param {boolean} on @param {string} state @param {string | undefined} stream */
function useReports(conn, room, on, state, stream) {
  const open = status.value.state === 'open';
  const told = useRef(false);
  const say = (/** @type {string} */ what) => {
    if (status.value.state !== 'open') return;
    told.current = what !== 'left';
    conn.call('player.report', { room, state: what, ...(stream ? { stream } : {}) }).catch(() => {});
  };
  useEffect(() => {
    if (!on) return void (told.current && say('left'));
    if (!open) return;
    say(state);
    const again = setInterval(() => say(state), 30000);
    return () => clearInterval(again);
  }, [on, state, stream, open]);
  useEffect(() => {
    const leave = () => told.current && say('left');
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
}

/** The address of a link: not in what everybody hears, so it is asked for. @param {import('../protocol.js').Connection} conn @param {string} room @param {import('../streams.js').Stream | null} entry */
function useLink(conn, room, entry) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    setUrl('');
    if (entry?.kind !== 'link') return;
    let over = false;
    conn.call('stream.get', { room }).then((doc) => {
      const found = doc.streams.find((/** @type {any} */ s) => s.id === entry.id);
      if (!over && found?.url) setUrl(found.url);
    }, () => {});
    return () => void (over = true);
  }, [entry?.id, entry?.version, entry?.kind]);
  return url;
}

/** @param {import('../protocol.js').Connection} conn @param {string} room @param {boolean} on */
function useCaptions(conn, room, on) {
  const [lines, setLines] = useState(/** @type {any[]} */ ([]));
  useEffect(() => (on ? conn.subscribe(`captions:${room}`, {
    snapshot: (doc) => setLines(doc.captions),
    event: (_type, line) => setLines((all) => withCaption(all, line)),
  }) : undefined), [room, on]);
  return lines;
}

/** A host that was listed after this page was opened: only a new page may show it. */
function useBlocked() {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const seen = (/** @type {SecurityPolicyViolationEvent} */ e) => /^(frame|media|connect)-src/.test(e.effectiveDirective) && setBlocked(true);
    document.addEventListener('securitypolicyviolation', seen);
    return () => document.removeEventListener('securitypolicyviolation', seen);
  }, []);
  return blocked;
}

/** @param {{conn: import('../protocol.js').Connection, room: string, doc: import('../streams.js').Room, joined: number}} props */
export function Player({ conn, room, doc, joined }) {
  const [on, setOn] = useState(false);
  const [language, setLanguage] = useState(kept('language', lang.value));
  const [audio, setAudio] = useState(kept('audio', '') === '1');
  const [captions, setCaptions] = useState(kept('captions', '') === '1');
  const [state, setState] = useState(/** @type {'joined' | 'playing' | 'stalled'} */ ('joined'));
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const blocked = useBlocked();
  const entry = playing(doc, now.value, language);
  const choices = languages(doc, now.value);
  const held = !!doc.hold;
  const sound = audio && !!entry?.audio_url;
  const url = entry?.kind === 'hls' ? (sound && entry.audio_url) || entry.url : null;
  const runs = on && !held && !!url;
  const lines = useCaptions(conn, room, on);
  const link = useLink(conn, room, entry);

  useEffect(() => {
    setState('joined');
    if (!runs || !video.current || !url) return;
    const line = play(video.current, url, setState);
    const gone = plays(room, () => behindOf({ ...line.at(), now: realTime(), entry_ms: entry?.latency_ms }));
    return () => {
      line.stop();
      gone();
    };
  }, [runs, url]);
  // Of a frame of somebody else's only its staff know.
  const framed = on && !held && entry?.kind === 'embed' ? entry.latency_ms || 0 : 0;
  useEffect(() => (framed ? plays(room, () => behindOf({ entry_ms: framed })) : undefined), [framed, room]);
  useEffect(() => void (held && announce(own(doc.hold?.text) || t('player.held'))), [held]);
  useReports(conn, room, on, runs ? state : 'joined', entry?.id);

  return html`<section class="player" aria-label=${t('player.title')}>
    ${held ? html`<${Held} hold=${doc.hold} />`
    : !entry ? html`<${Nothing} doc=${doc} />`
    : entry.kind === 'link' ? html`<div class="player-card"><p>${t('player.elsewhere')}</p>${link ? html`<a class="primary" href=${link} target="_blank" rel="noopener noreferrer">${t('player.open_link')}</a>` : null}</div>`
    : !on ? html`<div class="player-card player-start"><button type="button" class="primary" onClick=${() => setOn(true)}>${t('player.play')}</button>${mine.value.mode === 'on_site' ? html`<p class="hint">${t('player.on_site')}</p>` : null}</div>`
    : entry.kind === 'embed' ? html`<iframe class="player-frame" key=${entry.id} src=${entry.url} title=${entry.label || t('player.title')} sandbox="allow-scripts allow-same-origin allow-presentation allow-popups"
        allow="fullscreen; picture-in-picture; encrypted-media" referrerpolicy="strict-origin-when-cross-origin" allowfullscreen></iframe>`
    : html`<div class=${cx('player-stage', sound && 'sound')}>
        <video ref=${video} controls playsinline preload="none" crossorigin="anonymous" aria-label=${entry.label || t('player.title')}>
          ${entry.captions_url ? html`<track key=${entry.captions_url} kind="captions" src=${entry.captions_url} srclang=${entry.language || 'en'} label=${t('player.captions')} default=${captions} />` : null}
        </video>
        ${captions && lines.length ? html`<div class="player-captions" role="log" aria-live="off" aria-label=${t('player.captions')} dir="auto">${lines.slice(-2).map((l) => html`<p key=${l.at + l.text} lang=${l.language || null}>${l.text}</p>`)}</div>` : null}
        ${state === 'stalled' ? html`<p class="player-stalled" role="status">${t('player.stalled')}</p>` : null}
      </div>`}
    ${blocked ? html`<p class="player-note" role="alert">${t('player.blocked')} <button type="button" class="link" onClick=${() => location.reload()}>${t('player.reload')}</button></p>` : null}
    <div class="player-tools">
      ${choices.length ? html`<div class="player-choice" role="group" aria-label=${t('player.language')}>${choices.map((code) => html`<button key=${code} type="button" class="plain" lang=${code} aria-pressed=${entry?.language === code}
        onClick=${() => { setLanguage(code); keep('language', code); }}>${languageName(code)}</button>`)}</div>` : null}
      ${entry?.audio_url && !held ? html`<button type="button" class="plain" aria-pressed=${sound} onClick=${() => { setAudio(!audio); keep('audio', audio ? '' : '1'); }}>${t('player.audio')}</button>` : null}
      ${on && lines.length ? html`<button type="button" class="plain" aria-pressed=${captions} onClick=${() => { setCaptions(!captions); keep('captions', captions ? '' : '1'); }}>${t('player.live_captions')}</button>` : null}
      ${on && !held && entry && entry.kind !== 'link' ? html`<button type="button" class="plain" onClick=${() => setOn(false)}>${t('player.stop')}</button>` : null}
      ${joined ? html`<span class="player-count num">${tn('player.watching', joined)}</span>` : null}
    </div>
    ${on ? html`<${Attendance} conn=${conn} />` : null}
  </section>`;
}

/** @param {{hold: any}} props */
function Held({ hold }) {
  const left = hold.back_at ? Date.parse(hold.back_at) - minute.value : 0;
  return html`<div class="player-card player-held" role="status"><p class="player-words" dir="auto">${own(hold.text) || t('player.held')}</p>
    ${left > 0 ? html`<p>${t('player.back', { span: duration(left), time: clock(hold.back_at) })}</p>` : null}</div>`;
}

/** @param {{doc: import('../streams.js').Room}} props */
function Nothing({ doc }) {
  const at = next(doc, now.value);
  return html`<div class="player-card"><p>${at ? t('player.next', { time: dayKey(at) === dayKey(minute.value) ? clock(at) : `${dayName(at)} ${clock(at)}` }) : t('player.nothing')}</p></div>`;
}
