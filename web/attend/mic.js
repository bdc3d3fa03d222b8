// web/attend/mic.js: one's own place at the microphones: taken, kept while the page is there, called, heard
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { extend, t, tn } from '../i18n/index.js';
import en from '../i18n/mic.en.js';
import da from '../i18n/mic.da.js';
import { person, status } from '../ui/app.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { signin } from '../ui/signin.js';

extend({ en, da });

/**
 * @typedef {{entry: string, session: string, talk: string, origin: 'room' | 'remote', state: string, version: number, place?: number, waiting?: number,
 *   question?: string, called_as?: string, read_out?: boolean, bridge?: number}} Place
 * @typedef {{entry: Place | null, bridge: {url: string, version: number} | null, waiting: number, talks: {talk: string, open: boolean, paused: boolean}[]}} Mine
 */

const LIVE = ['waiting', 'called', 'connecting', 'heard'];
const BEAT = 20000;
const LIMIT = 500;

/** What the server knows of one's own place: asked for, told of, and kept by a word every 20 s. @param {import('../protocol.js').Connection} conn @param {string} session */
function usePlace(conn, session) {
  const [mine, setMine] = useState(/** @type {Mine | null} */ (null));
  const held = useRef(/** @type {Mine | null} */ (null));
  const asked = useRef(0);
  const who = person.value?.id;
  const take = (/** @type {Mine} */ doc) => {
    held.current = doc;
    setMine(doc);
  };
  // Only the newest answer counts: an older one may have been overtaken.
  const read = (/** @type {string} */ method, gone = () => false) => {
    const n = ++asked.current;
    return conn.call(method, { session }).then((doc) => !gone() && n === asked.current && take(doc));
  };
  useEffect(() => {
    if (!who || !session) return;
    let gone = false;
    const ask = (/** @type {string} */ method) => {
      if (conn.status.state === 'open') read(method, () => gone).catch(() => {});
    };
    const live = () => LIVE.includes(held.current?.entry?.state || '');
    const stop = conn.subscribe(`person:${who}`, {
      snapshot: () => ask(live() ? 'mic.here' : 'mic.mine'),
      event: (type, data) => {
        if (!type.startsWith('mic.') || data.session !== session) return;
        if (held.current) take({ ...held.current, entry: data, bridge: data.bridge ? held.current.bridge : null });
        // The link is in no event: whoever is called asks for it.
        ask('mic.mine');
      },
    });
    const beat = () => live() && ask('mic.here');
    const timer = setInterval(beat, BEAT);
    const seen = () => document.visibilityState === 'visible' && beat();
    document.addEventListener('visibilitychange', seen);
    return () => {
      gone = true;
      stop();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [who, session]);
  return { mine, refresh: () => read('mic.mine') };
}

/** @param {{place: Place, text: string, setText: (v: string) => void, act: (m: string, p?: any) => void, busy: boolean}} props */
function ReadOut({ place, text, setText, act, busy }) {
  const [open, setOpen] = useState(false);
  if (place.read_out) {
    return html`<p class="mic-read">${t('mic.read_wanted')}${text ? html` <q dir="auto">${text}</q>` : null} <button type="button" class="link" disabled=${busy} onClick=${() => act('mic.read_out', { entry: place.entry })}>${t('mic.read_back')}</button></p>`;
  }
  if (!open) return html`<button type="button" class="second" onClick=${() => setOpen(true)}>${t('mic.read_out')}</button>`;
  const size = [...text.trim()].length;
  const send = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!size || size > LIMIT) return;
    act('mic.read_out', { entry: place.entry, text: text.trim() });
    setOpen(false);
  };
  return html`<form class="mic-read" onSubmit=${send}>
    <label for="mic-text">${t('mic.read_label')}</label>
    <textarea id="mic-text" rows="2" dir="auto" maxlength=${LIMIT + 100} value=${text} ref=${(/** @type {HTMLElement | null} */ el) => el && !text && el.focus()} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea>
    <div class="row"><button type="submit" class="primary" disabled=${busy || !size || size > LIMIT}>${t('mic.read_send')}</button>
      <button type="button" class="plain" onClick=${() => setOpen(false)}>${t('close')}</button><span class="hint num">${size}/${LIMIT}</span></div>
  </form>`;
}

/** Called, in the hall or elsewhere. @param {{place: Place, bridge: Mine['bridge'], act: (m: string, p?: any) => void, busy: boolean}} props */
function Turn({ place, bridge, act, busy }) {
  const connecting = () => act('mic.connecting', { entry: place.entry, expect_version: place.version });
  if (place.state === 'heard') return html`<p class="mic-turn" role="status"><strong>${t('mic.heard')}</strong></p>`;
  if (place.origin === 'room') return html`<p class="mic-turn" role="alert"><strong>${t('mic.your_turn')}</strong> ${t('mic.walk')}</p>`;
  return html`<div class="mic-turn" role="alert"><p><strong>${t('mic.your_turn')}</strong> ${place.state === 'connecting' ? t('mic.wait_heard') : bridge ? t('mic.link_hint') : t('mic.no_link')}</p>
    <div class="row">${bridge ? html`<a class="primary" href=${bridge.url} target="_blank" rel="noopener noreferrer" onClick=${() => place.state === 'called' && connecting()}>${t('mic.link')}</a>` : null}
      ${place.state === 'called' && bridge ? html`<button type="button" class="second" disabled=${busy} onClick=${connecting}>${t('mic.connecting')}</button>` : null}</div>
    ${bridge && bridge.version > 1 ? html`<p class="hint">${t('mic.new_link')}</p>` : null}</div>`;
}

/** @param {{conn: import('../protocol.js').Connection, talk: string, session: string}} props */
export function MicBox({ conn, talk, session }) {
  const { mine, refresh } = usePlace(conn, session);
  const [origin, setOrigin] = useState('');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const was = useRef('');
  const [ended, setEnded] = useState(false);
  const place = mine?.entry && LIVE.includes(mine.entry.state) ? mine.entry : null;
  useEffect(() => {
    if (!mine) return;
    try {
      // Coming back to the page opens this part again: see aloud.js.
      if (place) localStorage.setItem(`plenum-mic:${session}`, '1');
      else localStorage.removeItem(`plenum-mic:${session}`);
    } catch {
      // The place is the server's; only the line is folded.
    }
  }, [!!place, !!mine]);
  const state = mine?.entry?.state || '';
  useEffect(() => {
    if (state === 'called' && was.current !== 'called') {
      announce(t('mic.your_turn'));
      navigator.vibrate?.([300, 150, 300]);
    }
    // What was over before this page was opened is no news.
    if (!state) return;
    was.current = LIVE.includes(state) ? state : was.current && 'over';
    setEnded(was.current === 'over');
  }, [state]);
  const act = async (/** @type {string} */ method, /** @type {any} */ params = {}) => {
    setBusy(true);
    setWhy('');
    try {
      if (method === 'mic.join' || method === 'mic.leave') await conn.call(method, params);
      else await conn.write(method, params);
      await refresh();
    } catch (e) {
      setWhy(whyOf(e));
      await refresh().catch(() => {});
    }
    setBusy(false);
  };
  if (!person.value) {
    return html`<section class="mic" aria-labelledby="mic-h"><h3 id="mic-h" class="out-of-sight">${t('mic.title')}</h3><p class="hint">${t('mic.guest')} <button type="button" class="link" onClick=${() => (signin.value = { why: t('mic.guest') })}>${t('sign.in')}</button></p></section>`;
  }
  if (!mine) return null;
  const window = mine.talks?.find((x) => x.talk === talk) || mine.talks?.[0];
  const from = origin || (/** @type {any} */ (person.value).mode === 'online' ? 'remote' : 'room');
  const online = status.value.state === 'open';
  const over = !place && state && ended ? t(`mic.over_${state}`) : '';
  return html`<section class="mic" aria-labelledby="mic-h">
    <h3 id="mic-h" class="out-of-sight">${t('mic.title')}</h3>
    ${mine.waiting && !place ? html`<p class="hint num">${tn('mic.waiting', mine.waiting)}</p>` : null}
    ${place && place.state !== 'waiting' ? html`<${Turn} place=${place} bridge=${mine.bridge} act=${act} busy=${busy} />` : null}
    ${place && place.state === 'waiting' ? html`<p class="mic-place"><span>${t('mic.place')}</span> <strong class="num">${t('mic.place_of', { place: place.place || mine.waiting, n: Math.max(place.place || 0, mine.waiting) })}</strong>${place.place === 1 ? html` <span class="tag on">${t('mic.place_next')}</span>` : null}</p>
      <p class="hint">${!online ? t('mic.offline') : window?.paused ? t('mic.paused') : place.origin === 'room' ? t('mic.kept_room') : t('mic.kept')}</p>` : null}
    ${place?.called_as ? html`<p class="hint num">${t('mic.called_as', { name: place.called_as })}</p>` : null}
    ${over ? html`<p role="status">${over}</p>` : null}
    ${why ? html`<p class="error" role="alert">${why}</p>` : null}
    ${place && place.state !== 'heard' ? html`<${ReadOut} place=${place} text=${text} setText=${setText} act=${act} busy=${busy} />` : null}
    ${place ? html`<button type="button" class="link" disabled=${busy} onClick=${() => act('mic.leave', { session })}>${t('mic.leave')}</button>`
      : !window?.open || window.paused ? html`<p class="hint">${t(window?.paused ? 'mic.paused' : 'mic.closed')}</p>`
      : html`<fieldset class="mic-where"><legend class="out-of-sight">${t('mic.where')}</legend>${['room', 'remote'].map((o) => html`<label key=${o}><input type="radio" name="mic-origin" value=${o} checked=${from === o} onChange=${() => setOrigin(o)} /> ${t(`mic.${o}`)}</label>`)}</fieldset>
        <button type="button" class="second" disabled=${busy} onClick=${() => act('mic.join', { talk, origin: from })}>${t('mic.join')}</button>
        <p class="hint">${t('mic.join_hint')}</p>`}
  </section>`;
}
