// web/kiosk/camera.js: the camera as a scanner: switched on and off, lost and found again, looked through now and then. No picture is kept, none leaves this device
import { signal } from '../ui/dom.js';
import { Once, isCodeLike, nearest, planOf, troubleOf } from './camera_rules.js';
import { Reader } from './camera_reader.js';

/** @typedef {'off' | 'asking' | 'running' | 'asleep' | import('./camera_rules.js').Trouble} State */

/** asleep: the page cannot be seen, or the device gives no pictures for now. */
export const state = signal(/** @type {State} */ ('off'));
export const cameras = signal(/** @type {{id: string, name: string}[]} */ ([]));
/** What the running camera can do. */
export const ability = signal({ id: '', torch: false, facing: '' });
export const torch = signal(false);
/** Something is in view that is no entry code. */
export const foreign = signal(false);
/** Pictures read, codes seen, the time the last took: the self-test shows them. */
export const figures = signal({ looks: 0, found: 0, ms: 0, by: '', restarts: 0 });
export const stream = signal(/** @type {MediaStream | null} */ (null));

/** @typedef {{on: boolean, device: string, facing: 'user' | 'environment', mirror: boolean | null}} Wish mirror: null: as one expects of the camera's side */
const KEPT = 'plenum-camera';
/** @returns {Wish} */
function kept() {
  const standard = /** @type {Wish} */ ({ on: false, device: '', facing: 'environment', mirror: null });
  try {
    return { ...standard, ...JSON.parse(localStorage.getItem(KEPT) || '{}') };
  } catch {
    return standard;
  }
}
export const wish = signal(kept());

/** @param {Partial<Wish>} change */
function want(change) {
  wish.value = { ...wish.value, ...change };
  try {
    localStorage.setItem(KEPT, JSON.stringify(wish.value));
  } catch {
    // Then it is chosen again after a restart.
  }
}

/** Between two looks; a code is held up for a second at least. */
const PAUSE = 100;
/** Without a new picture for so long the device has gone to sleep, or has lost its camera without saying so. */
const STALLED = 6000;
const RETRY = 3000;
const WIDEST = 960;
/** So many looks in a row that failed are no bad picture. */
const MANY = 5;
let bad = 0;

let pass = (/** @type {string} */ _text) => {};
/** Each start has a number: what an earlier one still brings is not wanted any more. */
let turn = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let once = new Once();
const video = document.createElement('video');
video.muted = true;
video.playsInline = true;
/** @type {Reader | null} */
let reader = null;

function release() {
  turn++;
  clearTimeout(timer);
  for (const track of stream.value?.getTracks() || []) {
    track.onended = track.onmute = track.onunmute = null;
    track.stop();
  }
  stream.value = null;
  video.srcObject = null;
  torch.value = false;
  foreign.value = false;
}

/** @param {import('./camera_rules.js').Trouble} trouble */
function fail(trouble) {
  release();
  state.value = trouble;
  const mine = turn;
  // Somebody may close the other program or plug the camera in: nobody has to touch this page again.
  if (trouble !== 'refused' && trouble !== 'insecure') timer = setTimeout(() => mine === turn && start(), RETRY);
}

/** @param {MediaTrackConstraints} which */
const open = (which) => navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 1280 }, height: { ideal: 720 }, ...which } });

async function device() {
  const { device: id, facing } = wish.value;
  if (!id) return open({ facingMode: facing });
  // A camera that is not there any more must not keep another from doing its work.
  return open({ deviceId: { exact: id } }).catch((e) => (e?.name === 'OverconstrainedError' || e?.name === 'NotFoundError' ? open({ facingMode: facing }) : Promise.reject(e)));
}

async function start() {
  release();
  const mine = turn;
  if (!wish.value.on) return void (state.value = 'off');
  if (document.visibilityState === 'hidden') return void (state.value = 'asleep');
  if (!navigator.mediaDevices?.getUserMedia) return fail('insecure');
  state.value = 'asking';
  try {
    const got = await device();
    if (mine !== turn) return got.getTracks().forEach((t) => t.stop());
    const [track] = got.getVideoTracks();
    stream.value = got;
    track.onended = () => fail('busy');
    track.onmute = () => (state.value = 'asleep');
    track.onunmute = () => (state.value = 'running');
    video.srcObject = got;
    await video.play();
    if (mine !== turn) return;
    const can = /** @type {any} */ (track.getCapabilities?.() || {});
    ability.value = { id: track.getSettings().deviceId || '', torch: !!can.torch, facing: track.getSettings().facingMode || '' };
    state.value = 'running';
    once = new Once();
    list();
    look(0, mine, { time: -1, at: performance.now() });
  } catch (e) {
    if (mine === turn) fail(troubleOf(e));
  }
}

async function list() {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  cameras.value = all.filter((d) => d.kind === 'videoinput' && d.deviceId).map((d, i) => ({ id: d.deviceId, name: d.label || `${i + 1}` }));
}

/** @param {number} n @param {number} mine @param {{time: number, at: number}} fresh when the last new picture came */
async function look(n, mine, fresh) {
  if (mine !== turn) return;
  const from = performance.now();
  const again = (/** @type {{time: number, at: number}} */ f, /** @type {number} */ next) => {
    if (mine === turn) timer = setTimeout(() => look(next, mine, f), Math.max(0, PAUSE - (performance.now() - from)));
  };
  if (video.readyState < 2 || video.currentTime === fresh.time) {
    if (video.paused) video.play().catch(() => {});
    if (from - fresh.at > STALLED) return void start();
    return again(fresh, n);
  }
  if (state.value === 'asleep') state.value = 'running';
  const now = { time: video.currentTime, at: from };
  try {
    await read(n, mine);
    bad = 0;
  } catch {
    // One picture that cannot be read, one reader that fell: the next look has another.
    figures.value = { ...figures.value, restarts: figures.value.restarts + 1 };
    if (++bad >= MANY && mine === turn) return fail('failed');
  }
  again(now, n + 1);
}

/** @param {number} n @param {number} mine */
async function read(n, mine) {
  const plan = planOf(n, video.videoWidth, video.videoHeight);
  const scale = Math.min(1, WIDEST / Math.max(plan.width, plan.height));
  const size = { resizeWidth: Math.round(plan.width * scale), resizeHeight: Math.round(plan.height * scale) };
  const picture = await createImageBitmap(video, plan.x, plan.y, plan.width, plan.height, scale < 1 ? size : {});
  reader ||= new Reader();
  const { found, ms, by } = await reader.read(picture, { invert: plan.invert, flat: plan.flat });
  if (mine !== turn) return;
  figures.value = { ...figures.value, looks: figures.value.looks + 1, found: figures.value.found + (found.length ? 1 : 0), ms, by };
  const best = nearest(found, size.resizeWidth, size.resizeHeight);
  const text = best && isCodeLike(best.text) ? best.text : null;
  if (foreign.value !== (!!best && !text)) foreign.value = !foreign.value;
  const meant = once.look(text, performance.now());
  if (meant) pass(meant);
}

/** @param {boolean} on */
export function turnOn(on) {
  want({ on });
  start();
}

/** @param {string} device '' : by the side it is on */
export function choose(device) {
  want({ device, mirror: null });
  start();
}

/** @param {'user' | 'environment'} facing */
export function face(facing) {
  want({ facing, device: '', mirror: null });
  start();
}

export const mirrored = () => wish.value.mirror ?? (ability.value.facing === 'user' || (!ability.value.facing && wish.value.facing === 'user'));
export const mirror = (/** @type {boolean} */ on) => want({ mirror: on });

/** @param {boolean} on */
export async function light(on) {
  const track = stream.value?.getVideoTracks()[0];
  try {
    await track?.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] }));
    torch.value = on;
  } catch {
    torch.value = false;
  }
}

/** From now on codes go here; a camera that was on before the restart is on again. @param {(text: string) => void} scanned */
export function begin(scanned) {
  pass = scanned;
  document.addEventListener('visibilitychange', () => wish.value.on && start());
  navigator.mediaDevices?.addEventListener?.('devicechange', () => {
    if (state.value === 'none' || state.value === 'busy' || state.value === 'failed') start();
    else if (state.value === 'running') list();
  });
  // Allowed in the browser's own settings meanwhile: no need to press again.
  navigator.permissions?.query(/** @type {any} */ ({ name: 'camera' })).then((p) => (p.onchange = () => wish.value.on && p.state === 'granted' && state.value === 'refused' && start())).catch(() => {});
  start();
}
