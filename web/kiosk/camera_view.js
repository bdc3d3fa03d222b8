// web/kiosk/camera_view.js: what the camera sees, with the frame to hold a code into; why it sees nothing; its switches
import { html, useEffect, useRef, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { ability, cameras, choose, face, figures, foreign, light, mirror, mirrored, state, stream, torch, turnOn, wish } from './camera.js';

function Picture() {
  const ref = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const source = stream.value;
  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.srcObject = source;
    if (source) video.play().catch(() => {});
    return () => void (video.srcObject = null);
  }, [source]);
  return html`<div class=${cx('viewfinder-picture', mirrored() && 'mirrored')}><video ref=${ref} muted playsinline autoplay aria-label=${t('camera.picture')}></video><span class="viewfinder-frame" aria-hidden="true"></span></div>`;
}

/** The picture, or in words why there is none and what to do about it. */
export function Viewfinder() {
  const s = state.value;
  const trouble = ['refused', 'none', 'busy', 'insecure', 'failed'].includes(s);
  return html`<div class="viewfinder" data-state=${s}>
    ${s === 'running' ? html`<${Picture} />` : null}
    <p class=${cx('viewfinder-word', trouble && 'trouble')} role="status">${s === 'running' && foreign.value ? t('camera.foreign') : t(`camera.state_${s}`)}</p>
    ${trouble ? html`<p class="viewfinder-now">${t(`camera.now_${s}`)}</p><button type="button" class="big" onClick=${() => turnOn(true)}>${t('camera.again')}</button>` : null}
  </div>`;
}

/** Under the instruction while nobody is at the door. */
export const CameraIdle = () => (wish.value.on ? html`<${Viewfinder} />` : null);

function Which() {
  const { device, facing } = wish.value;
  return html`${cameras.value.length > 1 ? html`<label class="field"><span>${t('camera.which')}</span><select value=${device} onChange=${(/** @type {any} */ e) => choose(e.target.value)}>
      <option value="">${t('camera.any')}</option>${cameras.value.map((c, i) => html`<option key=${c.id} value=${c.id}>${c.name || t('camera.nth', { n: i + 1 })}</option>`)}</select></label>` : null}
    <div class="choices" role="group" aria-label=${t('camera.side')}>
      <button type="button" class="big" aria-pressed=${!device && facing === 'environment'} onClick=${() => face('environment')}>${t('camera.back')}</button>
      <button type="button" class="big" aria-pressed=${!device && facing === 'user'} onClick=${() => face('user')}>${t('camera.front')}</button></div>`;
}

/** The camera's part of the setup. */
export function CameraSetup() {
  const on = wish.value.on;
  const f = figures.value;
  return html`<div class="setup-part camera-setup">
    <p class="door-hint">${t('camera.hint')}</p>
    <button type="button" class=${cx('big', !on && 'primary')} onClick=${() => turnOn(!on)}>${on ? t('camera.off') : t('camera.on')}</button>
    ${on ? html`<${Viewfinder} />
      <${Which} />
      <label class="check"><input type="checkbox" checked=${mirrored()} onChange=${(/** @type {any} */ e) => mirror(e.target.checked)} /> <span>${t('camera.mirror')}</span></label>
      ${ability.value.torch ? html`<label class="check"><input type="checkbox" checked=${torch.value} onChange=${(/** @type {any} */ e) => light(e.target.checked)} /> <span>${t('camera.torch')}</span></label>` : null}
      ${f.looks ? html`<p class="hint num">${t('camera.figures', { looks: f.looks, found: f.found, ms: Math.round(f.ms) })}${f.restarts ? html` ${tn('camera.restarts', f.restarts)}` : null}</p>` : null}` : null}
  </div>`;
}
