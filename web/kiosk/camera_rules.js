// web/kiosk/camera_rules.js: what of a picture is looked at, which reader is trusted, and when a code that is held up counts (pure; tested in Node)

/** @typedef {{text: string, x: number, y: number, size: number}} Found a code in a picture: its middle and its width, in the picture's pixels */

/** As long as this without being seen, and a code has left; so long after it was scanned, and it may be meant once more. */
export const LEFT = 800;
export const AGAIN = 3000;
/** Looks without it that it takes as well: on a slow machine a second may be one look. */
const MISSES = 2;

/**
 * A code in view is scanned once; again after it has left, or once more after three seconds: somebody may be holding on because nothing happened.
 * No oftener in one stay: a phone that is left lying under the camera must not turn its owner's welcome into a refusal.
 */
export class Once {
  /** @type {Map<string, {seen: number, taken: number, times: number, misses: number}>} */
  here = new Map();

  /** One look. @param {string | null} text what was seen, if anything @param {number} at milliseconds @returns {string | null} what is to be scanned */
  look(text, at) {
    for (const [other, one] of this.here) {
      if (other === text) continue;
      one.misses++;
      if (one.misses >= MISSES && at - one.seen >= LEFT) this.here.delete(other);
    }
    if (!text) return null;
    const one = this.here.get(text);
    if (!one) {
      this.here.set(text, { seen: at, taken: at, times: 1, misses: 0 });
      return text;
    }
    one.seen = at;
    one.misses = 0;
    if (one.times > 1 || at - one.taken < AGAIN) return null;
    one.taken = at;
    one.times++;
    return text;
  }
}

/**
 * Which part of the picture the n-th look reads: mostly the square that the page frames, at full sharpness; now and then all of it, and inverted (a mail in
 * dark colours shows white on black). @param {number} n @param {number} width @param {number} height
 */
export function planOf(n, width, height) {
  const side = Math.round(Math.min(width, height) * 0.85);
  const whole = n % 4 === 3;
  const box = whole ? { x: 0, y: 0, width, height } : { x: Math.round((width - side) / 2), y: Math.round((height - side) / 2), width: side, height: side };
  return { ...box, invert: n % 4 === 1 || whole, flat: n % 8 === 6 };
}

/** Of several codes in view the one that is held in the middle. @param {Found[]} found @param {number} width @param {number} height */
export function nearest(found, width, height) {
  const far = (/** @type {Found} */ f) => Math.hypot(f.x - width / 2, f.y - height / 2);
  return [...found].sort((a, b) => far(a) - far(b))[0] || null;
}

/** Whether a text could be meant as an entry code; a web address on a poster behind the queue is none, and no reason to refuse anybody. @param {string} text */
export const isCodeLike = (text) => /^[A-Za-z0-9\s\-–—_.]{4,64}$/.test(text.trim());

/** Looks that the browser's own reader has to agree in before it may go first. */
const PROOF = 5;

/**
 * The browser's own reader is fast where there is one, and wrong here and there: it goes first once it has said the same as ours often enough, and never again
 * after it said something else. @template P
 */
export class Readers {
  agreed = 0;
  trusted = true;

  /** @param {(picture: P, how: {invert: boolean, flat: boolean}) => Promise<Found[]>} ours @param {((picture: P) => Promise<Found[]>) | null} theirs */
  constructor(ours, theirs) {
    this.ours = ours;
    this.theirs = theirs;
  }

  /** @param {P} picture @param {{invert: boolean, flat: boolean}} how @returns {Promise<{found: Found[], by: 'own' | 'browser'}>} */
  async read(picture, how) {
    const first = this.theirs && this.trusted ? await this.theirs(picture).catch(() => this.distrust()) : [];
    if (first.length && this.agreed >= PROOF) return { found: first, by: 'browser' };
    const found = await this.ours(picture, how);
    for (const f of first) {
      if (!found.length) continue;
      if (found.some((o) => o.text === f.text)) this.agreed++;
      else this.distrust();
    }
    return { found, by: 'own' };
  }

  /** @returns {Found[]} */
  distrust() {
    this.trusted = false;
    return [];
  }
}

/** @typedef {'refused' | 'none' | 'busy' | 'insecure' | 'failed'} Trouble */

/** What a browser's refusal means to the people at the door. @param {any} error @returns {Trouble} */
export function troubleOf(error) {
  const name = error?.name || '';
  if (name === 'NotAllowedError' || name === 'SecurityError' || name === 'PermissionDeniedError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError' || name === 'DevicesNotFoundError') return 'none';
  if (name === 'NotReadableError' || name === 'AbortError' || name === 'TrackStartError') return 'busy';
  return name === 'InsecureContext' ? 'insecure' : 'failed';
}
