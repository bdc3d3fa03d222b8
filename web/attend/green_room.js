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

/** @param {any} e */
const refusal = (e) => (e?.name === 'NotAllowedError' || e?.name === 'SecurityError' ? 'refused' : 'none');

/** One device, or why there is none. @param {'video' | 'audio'} kind @returns {Promise<{stream: MediaStream | null, why: string}>} */
async function open(kind) {
  if (!navigator.mediaDevices?.getUserMedia) return { stream: null, why: 'none' };
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ [kind]: true }), why: '' };
  } catch (e) {
    return { stream: null, why: refusal(e) };
  }
}

/** Listens until somebody was loud, or long enough. @param {MediaStream} stream @param {(level: number) => void} show @param {AbortSignal} signal @returns {Promise<'good' | 'silent'>} */
async function listen(stream, show, signal) {
  const sound = new AudioContext();
  const ear = sound.createAnalyser();
  sound.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const until = performance.now() + LISTEN_MS;
  let heard = 0;
  while (performance.now() < until && heard < 5 && !signal.aborted) {
    await new Promise((done) => setTimeout(done, 100));
    ear.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    if (level > LOUD) heard++;
    show(Math.min(1, level * 8));
  }
  await sound.close().catch(() => {});
  return heard ? 'good' : 'silent';
}

/** @param {{conn: import('../protocol.js').Connection, last: any}} props */
export function GreenRoom({ conn, last }) {
  const [found, setFound] = useState(/** @type {any} */ (last || null));
  const [busy, setBusy] = useState(false);
  const [level, setLevel] = useState(0);
  const [picture, setPicture] = useState(/** @type {MediaStream | null} */ (null));
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const over = useRef(/** @type {AbortController | null} */ (null));
  const kept = useRef(/** @type {MediaStream[]} */ ([]));
  const stop = () => {
    over.current?.abort();
    for (const stream of kept.current) for (const track of stream.getTracks()) track.stop();
    kept.current = [];
    setPicture(null);
    setLevel(0);
  };
  useEffect(() => stop, []);
  useEffect(() => {
    if (video.current) video.current.srcObject = picture;
  }, [picture]);
  const run = async () => {
    stop();
    over.current = new AbortController();
    setBusy(true);
    setFound(null);
    const camera = await open('video');
    if (camera.stream) kept.current.push(camera.stream);
    setPicture(camera.stream);
    const microphone = await open('audio');
    if (microphone.stream) kept.current.push(microphone.stream);
    const [heard, delay_ms] = await Promise.all([
      microphone.stream ? listen(microphone.stream, setLevel, over.current.signal) : microphone.why,
      delayOf(conn).catch(() => null),
    ]);
    const result = { camera: camera.stream ? 'good' : camera.why, microphone: heard, ...(delay_ms === null ? {} : { delay_ms }) };
    if (!over.current.signal.aborted) {
      setFound(result);
      await conn.call('talk.check', result).catch(() => {});
    }
    setBusy(false);
  };
  return html`<div class="green-room"><p class="hint">${t('turn.check_hint')}</p>
    ${picture ? html`<video ref=${video} class="green-picture" autoplay playsinline muted aria-label=${t('turn.picture')}></video>` : null}
    ${busy && picture !== undefined ? html`<p role="status">${t('turn.say')} <meter min="0" max="1" value=${level} aria-hidden="true"></meter></p>` : null}
    ${found ? html`<ul class="green-found" role="status">${found.camera ? html`<li class=${found.camera === 'good' ? 'good' : 'bad'}>${t(`turn.camera_${found.camera}`)}</li>` : null}
      ${found.microphone ? html`<li class=${found.microphone === 'good' ? 'good' : 'bad'}>${t(`turn.microphone_${found.microphone}`)}</li>` : null}
      ${typeof found.delay_ms === 'number' ? html`<li class=${found.delay_ms <= SLOW_MS ? 'good' : 'bad'}>${t(found.delay_ms <= SLOW_MS ? 'turn.delay' : 'turn.slow', { n: found.delay_ms })}</li>` : null}</ul>` : null}
    <p class="row"><button type="button" class="second" disabled=${busy} onClick=${run}>${t(found ? 'turn.check_again' : 'turn.check')}</button>
      ${picture && !busy ? html`<button type="button" class="second" onClick=${stop}>${t('turn.check_stop')}</button>` : null}</p></div>`;
}
