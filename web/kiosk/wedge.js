// web/kiosk/wedge.js: tells a scanner that types from a person who types, and cleans what it typed (pure; tested in Node)

/** Gap between two letters of a scanner, and the silence after the last. */
export const GAP = 35;
export const SILENCE = 60;
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

/** Collects keys; a burst of at least six with a median gap under 35 ms, ended by Enter, Tab or silence, is a scan. */
export class Wedge {
  text = '';
  /** @type {number[]} */
  gaps = [];
  last = 0;

  clear() {
    this.text = '';
    this.gaps = [];
    this.last = 0;
  }

  /** Whether what stands here so far came from a scanner. */
  get burst() {
    return this.text.length >= SHORTEST && median(this.gaps) < GAP;
  }

  /**
   * @param {{key: string, repeat?: boolean, isComposing?: boolean}} key @param {number} at milliseconds
   * @returns {string | null} a finished scan
   */
  press(key, at) {
    if (key.repeat || key.isComposing) return null;
    if (key.key === 'Enter' || key.key === 'Tab') return this.end(at);
    if ([...key.key].length !== 1) return null;
    // A letter after a silence begins anew: two scans never run together, and neither do a person's keys and a scan.
    if (this.text && at - this.last > SILENCE) this.clear();
    if (this.text) this.gaps.push(at - this.last);
    this.text += key.key;
    this.last = at;
    return null;
  }

  /** Called when keys have stopped. @param {number} at @returns {string | null} */
  end(at) {
    const scan = this.burst && at - this.last < 1000 ? strip(this.text) : null;
    this.clear();
    return scan || null;
  }
}
