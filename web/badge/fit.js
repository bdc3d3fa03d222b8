// web/badge/fit.js: words as large as their box allows, in a few lines; never cut, whatever their length (no DOM: pages and the print program share it)

/** How wide a text is at size 1. @typedef {(text: string, strong: boolean) => number} Measure */
/** @typedef {{size: number, lines: string[]}} Fitted */

export const LINE = 1.12;
const segments = 'Segmenter' in Intl ? new Intl.Segmenter('en', { granularity: 'grapheme' }) : null;

/** Letters as people see them: an accent stays with what it stands on. @param {string} text */
const letters = (text) => (segments ? [...segments.segment(text)].map((s) => s.segment) : [...text]);

/** A word of more than a line in pieces that fit. @param {string} word @param {number} width @param {(t: string) => number} wide */
function pieces(word, width, wide) {
  const out = [''];
  for (const letter of letters(word)) {
    const last = out[out.length - 1];
    if (last && wide(last + letter) > width) out.push(letter);
    else out[out.length - 1] = last + letter;
  }
  return out;
}

/** Lines of at most that width, words kept whole where they can be; hyphens are places to break. @param {string} text @param {number} width @param {(t: string) => number} wide @param {boolean} breaks whether a word may be broken @returns {string[] | null} */
function wrap(text, width, wide, breaks) {
  const words = text.trim().split(/\s+/).flatMap((w, i) => w.split(/(?<=[-‐])/).map((p, n) => ({ text: p, glue: n ? '' : i ? ' ' : '' })));
  /** @type {string[]} */
  const lines = [];
  let line = '';
  for (const word of words) {
    if (line && wide(line + word.glue + word.text) <= width) {
      line += word.glue + word.text;
      continue;
    }
    if (line) lines.push(line);
    line = word.text;
    if (wide(line) <= width) continue;
    if (!breaks) return null;
    const parts = pieces(line, width, wide);
    lines.push(...parts.slice(0, -1));
    line = parts[parts.length - 1];
  }
  return line ? [...lines, line] : lines;
}

/**
 * The largest size between max and min at which the text stands in the box in so many lines; under min it may break inside words and
 * take more lines; and what is too long even so becomes as small as it must.
 * @param {string} text @param {{width: number, height: number, max: number, min: number, lines: number, strong?: boolean}} box @param {Measure} measure @returns {Fitted}
 */
export function fit(text, box, measure) {
  if (!text.trim()) return { size: box.max, lines: [] };
  const at = (/** @type {number} */ size, /** @type {boolean} */ breaks) => wrap(text, box.width, (t) => measure(t, !!box.strong) * size, breaks);
  for (let size = box.max; size >= box.min - 1e-9; size -= 0.1) {
    const lines = at(size, false);
    if (lines && lines.length <= box.lines && lines.length * size * LINE <= box.height) return { size, lines };
  }
  for (let size = box.min; ; size *= 0.95) {
    const lines = at(size, true);
    if (lines && lines.length * size * LINE <= box.height) return { size, lines };
  }
}
