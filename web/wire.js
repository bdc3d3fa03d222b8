// web/wire.js: the pure rules of the plenum.v1 protocol as a client sees them (no sockets; tested in Node)

/**
 * @typedef {{epoch: string, position: number}} Cursor
 * @typedef {{jsonrpc?: string, id?: number | string | null, method?: string, params?: any, result?: any, error?: {code: number, message: string, data?: any}}} Message
 */

/** A random UUID, also where the page is not a secure context (a demo on the local network). */
export function uuid() {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/**
 * Full jitter: anything between nothing and the ceiling, so that a thousand phones do not return together.
 * The floor keeps a single client from spinning.
 * @param {number} attempt 0 for the first @param {() => number} [random]
 */
export function backoff(attempt, random = Math.random) {
  const ceiling = Math.min(30000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(100 + random() * (ceiling - 100));
}

/**
 * What a close code asks of us.
 * @param {number} code
 * @returns {'stay' | 'renew' | 'back-off' | 'drain'}
 */
export function closeAction(code) {
  if (code >= 4400 && code <= 4449) return 'stay';
  if (code >= 4450 && code <= 4499) return 'renew';
  if (code >= 4550 && code <= 4599) return 'drain';
  return 'back-off';
}

/**
 * Where an event stands relative to what we have.
 * @param {number | null} own @param {number} position
 * @returns {'drop' | 'apply' | 'gap'}
 */
export function place(own, position) {
  if (own === null) return 'gap';
  if (position <= own) return 'drop';
  return position === own + 1 ? 'apply' : 'gap';
}

/** A refusal by the server, or of the connection, that a page shows or acts on. */
export class Fault extends Error {
  /** @param {{code?: number, message?: string, data?: any}} error */
  constructor(error) {
    super(error.message || 'internal');
    this.code = error.code ?? -32603;
    /** @type {Record<string, any>} */
    this.data = error.data || {};
    /** @type {string} */
    this.fault = this.data.fault || 'internal';
  }
}

/**
 * How long to wait before the same call is sent again, or null when the answer is final.
 * A rate limit without a waiting time is a product limit (ten questions a talk) and final.
 * @param {Fault} fault @param {number} tries so far @param {() => number} [random]
 */
export function retryDelay(fault, tries, random = Math.random) {
  if (tries >= 3) return null;
  const named = fault.data.retry_after_ms;
  if (fault.fault === 'limit.rate') return typeof named === 'number' && named <= 10000 ? named : null;
  if (fault.fault !== 'busy' && fault.fault !== 'unknown_outcome') return null;
  return typeof named === 'number' ? Math.min(named, 30000) : backoff(tries, random);
}

/**
 * One frame holds one message or an array of them.
 * @param {string} text
 * @returns {Message[]}
 */
export function messages(text) {
  const value = JSON.parse(text);
  return Array.isArray(value) ? value : [value];
}

/** Splits a stream of server-sent events into the `data` of each; comments and other fields only prove life. */
export class SseParser {
  constructor() {
    this.rest = '';
    /** @type {string[]} */
    this.data = [];
  }

  /** @param {string} chunk @returns {string[]} */
  push(chunk) {
    /** @type {string[]} */
    const out = [];
    this.rest += chunk;
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r(?!$)/);
      if (end < 0) break;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith('\r\n', end) ? 2 : 1));
      if (line === '') {
        if (this.data.length) out.push(this.data.join('\n'));
        this.data = [];
      } else if (line.startsWith('data:')) this.data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    return out;
  }
}

/** The conference named by the address: `/e/<slug>/…`, or '' for the default one. @param {string} pathname */
export function slugOf(pathname) {
  const m = /^\/e\/([^/]+)(\/|$)/.exec(pathname);
  return m ? decodeURIComponent(m[1]) : '';
}

/** The same address under this conference. @param {string} slug @param {string} path */
export const under = (slug, path) => (slug ? `/e/${encodeURIComponent(slug)}${path}` : path);
