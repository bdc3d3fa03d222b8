// web/kiosk/wedge.js: tells a scanner that types from a person who types, and cleans what it typed (pure; tested in Node)

/** Gap between two letters of a scanner, and the silence after the last. */
export const GAP = 35;
export const SILENCE = 60;
/** A busy machine may hold keys back for so long: parts of a scan that far apart are one, if together they are a code and alone they are none. */
export const HELD = 250;
const SHORTEST = 6;

/** What scanners put around the code: AIM ids (]Q3), ECI marks (\000026), control characters. @param {string} text */
export function strip(text) {
  return text.replace(/^\s*\][A-Za-z][0-9A-Za-z]/, '').replace(/\\\d{6}/g, '').replace(/[\u0000-\u001f\u007f-\u009f]/g, '');
}

/** An entry code as the server wants it, from paper, a screen or a scanner. @param {string} text */
export const codeOf = (text) => strip(text).toUpperCase().replace(/[\s\-–—_.]/g, '');

/** In groups of five, as on paper. @param {string} code */
export const grouped = (code) => codeOf(code).replace(/(.{5})(?=.)/g, '$1 ');

/** @param {number[]} gaps */
function median(gaps) {
  const s = [...gaps].sort((a, b) => a - b);
  return s[Math.floor(s.length / 2)];
}

/** @typedef {import('./layouts.js').Key} Key */
/** @typedef {{key: string, code?: string, repeat?: boolean, isComposing?: boolean, shiftKey?: boolean, altKey?: boolean, ctrlKey?: boolean, metaKey?: boolean}} Pressed */

/** Some scanners end with a line feed or a return as a control key; a browser would open its downloads. @param {Pressed} key */
const isControl = (key) => !!(key.ctrlKey || key.metaKey) && !key.altKey;
/** @param {Pressed} key */
const ends = (key) => key.key === 'Enter' || key.key === 'Tab' || (isControl(key) && /^[jm]$/i.test(key.key));

/** Collects keys; a burst of at least six with a median gap under 35 ms, ended by Enter, Tab or silence, is a scan. */
export class Wedge {
  /** @type {Key[]} */
  keys = [];
  /** @type {number[]} */
  gaps = [];
  last = 0;
  /** What came shortly before, after which there was a gap. @type {Key[]} */
  older = [];
  /** When a scan ended: what a scanner sends after that (return and line feed, tab and return) is still its own. */
  ended = -Infinity;
  /** Whether the scan that ended last was read from where its keys lie, since their letters made no code. */
  repaired = false;

  /** @param {(keys: Key[]) => {text: string, repaired: boolean, whole: boolean}} [meant] what the keys were meant to say; whole: nothing is missing */
  constructor(meant) {
    this.meant = meant || ((keys) => ({ text: strip(keys.map((k) => ([...k.key].length === 1 ? k.key : '')).join('')), repaired: false, whole: false }));
  }

  get text() {
    return this.keys.map((k) => k.key).join('');
  }

  /** Keys so far. */
  get size() {
    return this.keys.length;
  }

  clear() {
    this.keys = [];
    this.older = [];
    this.gaps = [];
    this.last = 0;
  }

  /** What was typed, and whether it came whole: alone, or with what came shortly before. */
  reading() {
    const alone = this.meant(this.keys);
    if (alone.whole || !this.older.length) return alone;
    const together = this.meant([...this.older, ...this.keys]);
    return together.whole ? together : alone;
  }

  /** Nothing is missing: silence need not be waited for any longer. */
  get whole() {
    return this.burst && this.reading().whole;
  }

  /** Whether what stands here so far came from a scanner. */
  get burst() {
    return this.size + this.older.length >= SHORTEST && this.gaps.length > 0 && median(this.gaps) < GAP;
  }

  /** Whether a key belongs to a scan that has begun: a page keeps it from doing anything else. @param {Pressed} key @param {number} at */
  within(key, at) {
    if (!this.size && at - this.ended <= 2 * SILENCE) return isControl(key) || ends(key);
    return this.burst && at - this.last <= SILENCE && (isControl(key) || [...key.key].length === 1 || key.key === 'Dead');
  }

  /**
   * @param {Pressed} key @param {number} at milliseconds
   * @returns {string | null} a finished scan
   */
  press(key, at) {
    if (key.repeat || key.isComposing) return null;
    if (ends(key)) return this.end(at);
    // A dead key is a letter's place all the same: where it lies says what was meant.
    if (isControl(key) || ([...key.key].length !== 1 && key.key !== 'Dead')) return null;
    // A letter after a silence begins anew: two scans never run together, and neither do a person's keys and a scan.
    if (this.size && at - this.last > SILENCE) {
      if (at - this.last <= HELD && this.size + this.older.length < 64) {
        this.older.push(...this.keys);
        this.keys = [];
      } else this.clear();
    }
    if (this.size) this.gaps.push(at - this.last);
    this.keys.push({ key: key.key, code: key.code || '', shift: !!key.shiftKey, alt: !!key.altKey });
    this.last = at;
    return null;
  }

  /** Called when keys have stopped. @param {number} at @returns {string | null} */
  end(at) {
    const read = this.burst && at - this.last < 1000 ? this.reading() : null;
    this.repaired = !!read?.repaired;
    if (read) this.ended = at;
    this.clear();
    return read?.text || null;
  }
}
