// web/attend/green_room.js: who speaks from elsewhere tries camera, microphone and connection; the chair is told what was found, never what was seen
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';

/** How long the microphone is listened to, and how loud somebody must have been in that time (of 1). */
const LISTEN_MS = 6000;
const LOUD = 0.02;
/** What an answer may take before a speaker should look for a cable. */
const SLOW_MS = 300;

/** The median of five round trips. @param {import('../protocol.js').Connection} conn */
async function delayOf(conn) {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await conn.call('now.get');
    times.push(performance.now() - began);
  }
  return Math.min(60000, Math.round(times.sort((a, b) => a - b)[2]));
}

/** @typedef {'video' | 'audio'} Kind */

/** Why there is no device. `busy` is only said here: to the chair it is as if there were none. @param {any} e */
const refusal = (e) => (e?.name === 'NotAllowedError' || e?.name === 'SecurityError' ? 'refused' : e?.name === 'NotReadableError' || e?.name === 'AbortError' ? 'busy' : 'none');

/** One device, or why there is none. A chosen one may have been pulled out: then any. @param {Kind} kind @param {string} id @returns {Promise<{stream: MediaStream | null, why: string}>} */
async function open(kind, id) {
  if (!navigator.mediaDevices?.getUserMedia) return { stream: null, why: 'none' };
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ [kind]: id ? { deviceId: { exact: id } } : true }), why: '' };
  } catch (e) {
    return id && /** @type {any} */ (e)?.name === 'OverconstrainedError' ? open(kind, '') : { stream: null, why: refusal(e) };
  }
}

/**
 * Listens until told to stop. `say` hears once whether somebody was heard, and again when somebody is heard after all.
 * @param {MediaStream} stream @param {(level: number) => void} show @param {(heard: 'good' | 'silent') => void} say @param {AbortSignal} signal
 */
function listen(stream, show, say, signal) {
  const sound = new AudioContext();
  const ear = sound.createAnalyser();
  sound.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const until = performance.now() + LISTEN_MS;
  let heard = 0;
  let said = '';
  const timer = setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    if (level > LOUD) heard++;
    show(Math.min(1, level * 8));
    const now = heard >= 5 ? 'good' : performance.now() < until ? '' : heard ? 'good' : 'silent';
    if (now && now !== said) say((said = now));
  }, 100);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    void sound.close().catch(() => {});
  }, { once: true });
}

/** Which one, where there are several. @param {{kind: Kind, stream: MediaStream | null, all: MediaDeviceInfo[], off: boolean, choose: (id: string) => void}} props */
function Device({ kind, stream, all, off, choose }) {
  const own = all.filter((d) => d.kind === `${kind}input`);
  const track = stream?.getTracks()[0];
  if (!track || own.length < 2) return track?.label ? html`<p class="hint"><bdi>${track.label}</bdi></p>` : null;
  return html`<label class="field"><span>${t(`turn.which_${kind}`)}</span><select data-kind=${kind} disabled=${off} value=${track.getSettings().deviceId} onChange=${(/** @type {any} */ e) => choose(e.target.value)}>${own.map((d, i) => html`<option key=${d.deviceId} value=${d.deviceId}>${d.label || i + 1}</option>`)}</select></label>`;
}

/** @param {{found: any}} props */
function Found({ found }) {
  const line = (/** @type {boolean} */ good, /** @type {string} */ text) => html`<li class=${good ? 'good' : 'bad'}>${text}</li>`;
  return html`<ul class="green-found">${found.camera ? line(found.camera === 'good', t(`turn.camera_${found.camera}`)) : null}
    ${found.microphone ? line(found.microphone === 'good', t(`turn.microphone_${found.microphone}`)) : null}
    ${typeof found.delay_ms === 'number' ? line(found.delay_ms <= SLOW_MS, t(found.delay_ms <= SLOW_MS ? 'turn.delay' : 'turn.slow', { n: found.delay_ms })) : null}</ul>`;
}

/**
 * The trial itself: what is open, and what was found. All of it is let go at its end, with the page, and when the reader goes to the hall's
 * own meeting, which wants the same devices.
 * @param {import('../protocol.js').Connection} conn @param {any} last
 */
function useTrial(conn, last) {
  const [found, setFound] = useState(/** @type {any} */ (last || null));
  const [step, setStep] = useState(/** @type {'' | 'asking' | 'listening'} */ (''));
  const [level, setLevel] = useState(0);
  const [streams, setOpen] = useState(/** @type {Record<Kind, MediaStream | null>} */ ({ video: null, audio: null }));
  const [all, setAll] = useState(/** @type {MediaDeviceInfo[]} */ ([]));
  const over = useRef(/** @type {AbortController | null} */ (null));
  const stop = () => {
    over.current?.abort();
    setOpen({ video: null, audio: null });
    setLevel(0);
    setStep('');
  };
  useEffect(() => {
    const away = () => document.hidden && stop();
    addEventListener('visibilitychange', away);
    return () => {
      removeEventListener('visibilitychange', away);
      over.current?.abort();
    };
  }, []);
  /** @param {Partial<Record<Kind, string>>} which */
  const run = async (which = {}) => {
    stop();
    const { signal } = (over.current = new AbortController());
    const take = async (/** @type {Kind} */ kind) => {
      const got = signal.aborted ? { stream: null, why: 'none' } : await open(kind, which[kind] || '');
      const end = () => got.stream?.getTracks().forEach((track) => track.stop());
      // The answer may come when nobody wants it any more.
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
      return got;
    };
    setStep('asking');
    setFound(null);
    const camera = await take('video');
    if (!signal.aborted) setOpen({ video: camera.stream, audio: null });
    const microphone = await take('audio');
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    if (signal.aborted) return;
    setOpen({ video: camera.stream, audio: microphone.stream });
    setAll(devices || []);
    setStep('listening');
    const delay = delayOf(conn).catch(() => null);
    const say = async (/** @type {string} */ heard) => {
      const delay_ms = await delay;
      if (signal.aborted) return;
      const result = { camera: camera.stream ? 'good' : camera.why, microphone: heard, ...(delay_ms === null ? {} : { delay_ms }) };
      setFound(result);
      setStep('');
      const none = (/** @type {string} */ why) => (why === 'busy' ? 'none' : why);
      await conn.call('talk.check', { ...result, camera: none(result.camera), microphone: none(heard) }).catch(() => {});
    };
    if (microphone.stream) listen(microphone.stream, setLevel, say, signal);
    else await say(microphone.why);
  };
  return { found, step, level, streams, all, run, stop };
}

/** @param {{conn: import('../protocol.js').Connection, last: any}} props */
export function GreenRoom({ conn, last }) {
  const { found, step, level, streams, all, run, stop } = useTrial(conn, last);
  const { video: picture, audio } = streams;
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  useEffect(() => {
    if (video.current) video.current.srcObject = picture;
  }, [picture]);
  const idOf = (/** @type {MediaStream | null} */ stream) => stream?.getTracks()[0].getSettings().deviceId || '';
  const choose = (/** @type {Kind} */ kind) => (/** @type {string} */ id) => void run({ video: idOf(picture), audio: idOf(audio), [kind]: id });
  return html`<div class="green-room"><p class="hint">${t('turn.check_hint')}</p>
    ${picture ? html`<video ref=${video} class="green-picture" autoplay playsinline muted aria-label=${t('turn.picture')}></video>` : null}
    <${Device} kind="video" stream=${picture} all=${all} off=${!!step} choose=${choose('video')} />
    ${audio ? html`<meter min="0" max="1" value=${level} aria-label=${t('turn.loud')}></meter>` : null}
    <${Device} kind="audio" stream=${audio} all=${all} off=${!!step} choose=${choose('audio')} />
    <div role="status">${step ? html`<p>${t(step === 'asking' ? 'turn.asking' : audio ? 'turn.say' : 'turn.trying')}</p>` : null}${found ? html`<${Found} found=${found} />` : null}</div>
    <p class="row"><button type="button" class="second" disabled=${!!step} onClick=${() => void run()}>${t(found ? 'turn.check_again' : 'turn.check')}</button>
      ${picture || audio ? html`<button type="button" class="second" onClick=${stop}>${t('turn.check_stop')}</button>` : null}</p></div>`;
}
