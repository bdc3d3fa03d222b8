// web/kiosk/sound.js: one short figure of tones for each verdict, told apart without looking
/** @type {AudioContext | null} */
let context = null;

/** Browsers let a page sound only after a touch or a key. */
export function wake() {
  try {
    context ||= new AudioContext();
    if (context.state === 'suspended') context.resume();
  } catch {
    context = null;
  }
}

/** @type {Record<string, [number, number, number][]>} */
const FIGURES = {
  tick: [[660, 0, 0.09], [990, 0.1, 0.18]],
  bar: [[440, 0, 0.14], [440, 0.2, 0.14]],
  cross: [[220, 0, 0.4]],
  question: [[440, 0, 0.12], [554, 0.16, 0.12], [440, 0.32, 0.12]],
  wait: [[330, 0, 0.12]],
};

/** @param {string} shape */
export function sound(shape) {
  if (!context || context.state !== 'running') return;
  for (const [pitch, from, length] of FIGURES[shape] || []) {
    const start = context.currentTime + from;
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.type = shape === 'cross' ? 'square' : 'sine';
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(0.25, start + 0.01);
    level.gain.setValueAtTime(0.25, start + length - 0.03);
    level.gain.linearRampToValueAtTime(0, start + length);
    tone.connect(level).connect(context.destination);
    tone.start(start);
    tone.stop(start + length);
  }
}
