// web/i18n/index.js: which language, and how a text of the catalogue is filled in
import { signal } from '../ui/dom.js';
import en from './en.js';
import da from './da.js';

/** @type {Record<string, Record<string, string>>} */
const catalogues = { en, da };

/** Texts that only one page needs: that page brings them. @param {Record<string, Record<string, string>>} more */
export function extend(more) {
  for (const [name, texts] of Object.entries(more)) Object.assign(catalogues[name], texts);
}

function first() {
  try {
    const kept = localStorage.getItem('plenum-lang');
    if (kept && catalogues[kept]) return kept;
  } catch {
    // A browser that keeps nothing still gets its own language.
  }
  const wanted = (navigator.languages || [navigator.language]).map((l) => l.slice(0, 2));
  return wanted.find((l) => catalogues[l] || l === 'nb' || l === 'nn' || l === 'sv') === undefined ? 'en' : catalogues[wanted[0]] ? wanted[0] : wanted.includes('da') ? 'da' : 'en';
}

export const lang = signal(first());

/** @param {string} value */
export function setLang(value) {
  lang.value = value;
  try {
    localStorage.setItem('plenum-lang', value);
  } catch {
    // Kept for this page only.
  }
}

// The clock's days begin with a capital, for they mostly begin a line; inside a Danish sentence they do not.
const DAY = /^(Man|Tirs|Ons|Tors|Fre|Lør|Søn)dag \d/;
/** @param {string} text @param {number} at @param {string} value */
const inside = (text, at, value) => (lang.value === 'da' && DAY.test(value) && /[^.!?\s]\s*$/.test(text.slice(0, at)) ? value.charAt(0).toLowerCase() + value.slice(1) : value);

/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function t(key, values) {
  const text = catalogues[lang.value][key] ?? en[/** @type {keyof typeof en} */ (key)] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (_, name, at) => inside(text, at, String(values[name] ?? ''))) : text;
}

/** With a number: `key.one` or `key.other`. @param {string} key @param {number} n @param {Record<string, string | number>} [values] */
export const tn = (key, n, values) => t(`${key}.${n === 1 ? 'one' : 'other'}`, { n, ...values });

/** A text that the conference brings in several languages. @param {Record<string, string> | null | undefined} text */
export const own = (text) => (text ? text[lang.value] || text.en || Object.values(text)[0] || '' : '');
