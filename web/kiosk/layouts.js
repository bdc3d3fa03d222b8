// web/kiosk/layouts.js: keyboards as a scanner types on them and as a computer hears them: what was meant, and which of the two is set wrongly (pure; tested in Node)
import { readCode } from './code.js';
import { strip } from './wedge.js';

const CODES = [
  'Backquote', ...'1234567890'.split('').map((d) => `Digit${d}`), 'Minus', 'Equal',
  ...'QWERTYUIOP'.split('').map((l) => `Key${l}`), 'BracketLeft', 'BracketRight', 'Backslash',
  ...'ASDFGHJKL'.split('').map((l) => `Key${l}`), 'Semicolon', 'Quote',
  'IntlBackslash', ...'ZXCVBNM'.split('').map((l) => `Key${l}`), 'Comma', 'Period', 'Slash',
];
/** Stands in the tables below for a key that waits for the next one (´ on a Danish keyboard). */
const DEAD = '\u0000';

/** What each key says alone, with Shift, and with AltGr where a scanner needs it. @type {Record<string, [string, string, Record<string, string>]>} */
const TABLES = {
  us: ['`1234567890-=qwertyuiop[]\\asdfghjkl;\'\\zxcvbnm,./', '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"|ZXCVBNM<>?', {}],
  uk: ['`1234567890-=qwertyuiop[]#asdfghjkl;\'\\zxcvbnm,./', '¬!"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@|ZXCVBNM<>?', {}],
  dk: [`½1234567890+${DEAD}qwertyuiopå${DEAD}'asdfghjklæø<zxcvbnm,.-`, `§!"#¤%&/()=?${DEAD}QWERTYUIOPÅ${DEAD}*ASDFGHJKLÆØ>ZXCVBNM;:_`, { Digit8: '[', Digit9: ']', IntlBackslash: '\\' }],
  de: [`${DEAD}1234567890ß${DEAD}qwertzuiopü+#asdfghjklöä<yxcvbnm,.-`, `°!"§$%&/()=?${DEAD}QWERTZUIOPÜ*'ASDFGHJKLÖÄ>YXCVBNM;:_`, { Digit8: '[', Digit9: ']', Minus: '\\' }],
};

/** @typedef {'us' | 'uk' | 'dk' | 'de'} Layout */
export const LAYOUTS = /** @type {Layout[]} */ (Object.keys(TABLES));

/** @typedef {{key: string, code: string, shift?: boolean, alt?: boolean}} Key */

/** The keys a scanner presses that believes in a layout. @param {string} text @param {Layout} layout @returns {Key[]} */
export function pressed(text, layout) {
  const [plain, shifted, more] = TABLES[layout];
  return [...text].map((letter) => {
    if (letter === ' ') return { key: ' ', code: 'Space' };
    const [p, s] = [plain.indexOf(letter), shifted.indexOf(letter)];
    if (p >= 0) return { key: letter, code: CODES[p] };
    if (s >= 0) return { key: letter, code: CODES[s], shift: true };
    const code = Object.keys(more).find((c) => more[c] === letter);
    return code ? { key: letter, code, alt: true } : { key: '', code: '' };
  });
}

/** What a computer that believes in a layout makes of such keys. @param {Key[]} keys @param {Layout} layout @param {boolean} [caps] @returns {Key[]} */
export function heard(keys, layout, caps = false) {
  const [plain, shifted, more] = TABLES[layout];
  return keys.filter((k) => k.code).map((k) => {
    const at = CODES.indexOf(k.code);
    if (at < 0) return k;
    const letter = k.alt ? more[k.code] || plain[at] : (k.shift ? shifted : plain)[at];
    const turned = caps && letter.toLowerCase() !== letter.toUpperCase() && letter !== 'ß' ? (k.shift ? letter.toLowerCase() : letter.toUpperCase()) : letter;
    return { ...k, key: letter === DEAD ? 'Dead' : turned };
  });
}

/** @param {Key[]} keys */
const typed = (keys) => keys.map((k) => ([...k.key].length === 1 ? k.key : '')).join('');

/** The letters that a scanner of this layout meant by the keys it pressed, whatever the computer made of them. @param {Key[]} keys @param {Layout} layout */
function meantBy(keys, layout) {
  const [plain, shifted, more] = TABLES[layout];
  return keys.map((k) => {
    const at = CODES.indexOf(k.code);
    return (k.alt && more[k.code]) || (at < 0 ? '' : (k.shift ? shifted : plain)[at].replace(DEAD, ''));
  }).join('');
}

/** Marks that scanners put in front, also where the layout has made something else of their first sign: `]Q3`, `\000026`. */
const MARKS = /^(?:[^A-Z2-7]{0,2}[A-Z][0-9])?(?:[^0-9]?[0-9]{6})?$/;

/** An entry code in a text, after marks as well. @param {string} text */
function codeIn(text) {
  const clean = strip(text).trim();
  const whole = readCode(clean);
  if (whole) return whole;
  const end = clean.slice(-20);
  return MARKS.test(clean.slice(0, -20).toUpperCase()) ? readCode(end) : null;
}

/** Of the keyboards here only the German one has letters in other places. @typedef {'us' | 'de'} Lettered */
const LETTERED = /** @type {Lettered[]} */ (['us', 'de']);
const turned = (/** @type {string} */ text) => text.replace(/[yz]/gi, (l) => ({ y: 'z', z: 'y', Y: 'Z', Z: 'Y' })[l] || l);

/**
 * Reads what a scanner meant: as the computer heard it, or from where the keys lie. The check letter tells which of the two it is; where both check, what was
 * learned from earlier codes of this scanner does.
 */
export class Meaning {
  /** @param {Lettered | null} [scanner] which keyboard the scanner believes in, as far as is known */
  constructor(scanner) {
    this.scanner = scanner || null;
  }

  /** @param {Key[]} keys @returns {{text: string, repaired: boolean, whole: boolean}} text: of no known form: as it was heard, without marks */
  read(keys) {
    const text = typed(keys);
    const asHeard = codeIn(text);
    // Some tablets do not tell where a key lies: Y and Z are all that differs.
    const placed = keys.every((k) => k.code);
    const by = { us: placed ? codeIn(meantBy(keys, 'us')) : asHeard, de: codeIn(placed ? meantBy(keys, 'de') : turned(text)) };
    const read = LETTERED.filter((layout) => by[layout]);
    // One alone reads, and the other would have been something else: so that is what this scanner is set to.
    if (read.length === 1) this.scanner = read[0];
    const code = (read.length === 1 ? by[read[0]] : read.length && this.scanner && by[this.scanner]) || asHeard;
    return code ? { text: code, repaired: code !== asHeard, whole: true } : { text: strip(text), repaired: false, whole: compare(text).state !== 'other' && compare(text).state !== 'lost' };
  }

  /** The card has told. @param {Finding} finding */
  learn(finding) {
    if (finding.state === 'layout') this.scanner = finding.pairs.every((p) => p.scanner === 'de') ? 'de' : 'us';
  }
}

/** The text of the self-test card: letters that move, digits, both cases, and signs that tell the keyboards apart. */
export const CARD = 'PLENUM-TEST:0123456789/qwertyYZ#"';

/**
 * pairs: which keyboards of scanner and computer would explain it.
 * @typedef {{state: 'good' | 'caps' | 'layout' | 'lost' | 'other', pairs: {scanner: Layout, computer: Layout}[], caps: boolean}} Finding
 */

/** Every pair of keyboards, and what becomes of the card between them. @type {Map<string, {scanner: Layout, computer: Layout, caps: boolean}[]> | undefined} */
let known;

function outcomes() {
  if (known) return known;
  known = new Map();
  for (const scanner of LAYOUTS) for (const computer of LAYOUTS) for (const caps of [false, true]) {
    const text = typed(heard(pressed(CARD, scanner), computer, caps));
    known.set(text, [...(known.get(text) || []), { scanner, computer, caps }]);
  }
  return known;
}

/** Whether a text is the card, however badly it came through. @param {string} text */
export const isCard = (text) => /^.{0,12}PLENUM.TEST/i.test(strip(text).trim());

/**
 * What the card tells: nothing is wrong; Caps Lock is on; scanner and computer believe in different keyboards (these pairs would explain it); letters are
 * lost on the way; or it was another code. @param {string} text @returns {Finding}
 */
export function compare(text) {
  const clean = strip(text).trim();
  // Marks in front of it have become something else as well.
  const found = [...outcomes().keys()].find((t) => clean.endsWith(t) && clean.length - t.length <= 12);
  if (found === CARD) return { state: 'good', pairs: [], caps: false };
  const pairs = outcomes().get(found || '') || [];
  const same = pairs.filter((p) => p.scanner === p.computer);
  if (same.length) return { state: 'caps', pairs: [], caps: true };
  if (pairs.length) return { state: 'layout', pairs, caps: pairs.every((p) => p.caps) };
  return { state: isCard(clean) ? 'lost' : 'other', pairs: [], caps: false };
}
