// web/kiosk/code.js: an entry code as it was meant, and what follows from it alone: its row in a snapshot and the key to what stands there
import { codeOf } from './wedge.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SIZE = 20;

/** Luhn over base 32, as services/core/code.c has it. @param {string} code at least 19 letters */
export function checkLetter(code) {
  let sum = 0;
  for (let i = SIZE - 2, factor = 2; i >= 0; i--, factor = 3 - factor) {
    const addend = factor * LETTERS.indexOf(code[i]);
    sum += Math.floor(addend / 32) + (addend % 32);
  }
  return LETTERS[(32 - (sum % 32)) % 32];
}

/** The 20 letters, or null: not a whole code. @param {string} text */
export function readCode(text) {
  const code = codeOf(text).replace(/0/g, 'O').replace(/1/g, 'I').replace(/8/g, 'B');
  return /^[A-Z2-7]{20}$/.test(code) && checkLetter(code) === code[SIZE - 1] ? code : null;
}

/** Without this (a page that did not come by https) nothing can be looked up in a snapshot. */
export const canOpen = () => typeof crypto !== 'undefined' && !!crypto.subtle;

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
export const hex = (/** @type {Uint8Array} */ b) => Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
/** @param {string} text */
export const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (x) => parseInt(x, 16));

/**
 * @param {string} code as readCode gave it @param {string} conference its uuid
 * @returns {Promise<{ticket: string, key: CryptoKey}>} ticket: the key of the row, hex
 */
export async function keysOf(code, conference) {
  const from = await crypto.subtle.importKey('raw', bytes(code), 'HKDF', false, ['deriveBits', 'deriveKey']);
  const how = (/** @type {string} */ info) => ({ name: 'HKDF', hash: 'SHA-256', salt: bytes(conference.toLowerCase()), info: bytes(info) });
  const [row, key] = await Promise.all([
    crypto.subtle.deriveBits(how('plenum ticket key'), from, 128),
    crypto.subtle.deriveKey(how('plenum ticket body'), from, { name: 'AES-GCM', length: 256 }, false, ['decrypt']),
  ]);
  return { ticket: hex(new Uint8Array(row)), key };
}

/** What stands in a row, for whoever has the code; null: not this code's row, or not whole. @param {Uint8Array} body @param {{ticket: string, key: CryptoKey}} keys @returns {Promise<Body | null>} */
export async function openBody(body, { ticket, key }) {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: /** @type {any} */ (body.subarray(0, 12)), additionalData: unhex(ticket), tagLength: 128 }, key, /** @type {any} */ (body.subarray(12)));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

/** @typedef {{n: string, c?: string, m?: string, t?: {id: string, text: string, confirm: boolean}[], b?: {box: string, number: number}}} Body n: the name a door says, c: category, m: how they take part, t: notes, b: where their badge lies */
