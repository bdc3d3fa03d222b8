// web/kiosk/snapshot.js: who may come in, for a station without network: the file of GET /snapshot/<list> and what has changed since (no I/O; tested in Node)
/**
 * @typedef {import('./judge.js').Known['status']} State
 * @typedef {{v: number, list: {id: string, name: string, capacity?: number | null, opens?: string | null, closes?: string | null, zone?: any}, rules: {category: string | null, opens: string, closes: string}[],
 *   categories: {id: string, name: string, color?: string}[], notes: Note[], stations: string[], as_of: string, time?: string, zone: string, conference: string, count: number,
 *   positions: {door: import('../wire.js').Cursor, list: import('../wire.js').Cursor}}} Header
 * @typedef {{id: string, text: any, confirm: boolean, category?: string | null}} Note
 * @typedef {{ticket: string, status: State, at?: number, station?: string, body?: Uint8Array}} Row at: Unix seconds, conference time
 */

/** @type {State[]} */
const STATES = ['out', 'inside', 'left', 'revoked', 'superseded'];
const KEY = 16;
/** Key, state, time, station, size of the body. */
const FIXED = KEY + 1 + 4 + 2 + 2;

/** @type {string[]} */
const PAIRS = Array.from({ length: 256 }, (_, x) => x.toString(16).padStart(2, '0'));

/** One file: its header and where each row begins. */
export class SnapshotFile {
  /** @param {ArrayBuffer} buffer throws when it is not whole */
  constructor(buffer) {
    const view = new DataView(buffer);
    const size = view.getUint32(0);
    this.bytes = new Uint8Array(buffer);
    this.view = view;
    /** @type {Header} */
    this.header = JSON.parse(new TextDecoder().decode(this.bytes.subarray(4, 4 + size)));
    if (this.header.v !== 1) throw new Error(`snapshot version ${this.header.v}`);
    /** @type {Map<string, number>} */
    this.index = new Map();
    let at = 4 + size;
    while (at < buffer.byteLength) {
      let key = '';
      for (let i = 0; i < KEY; i++) key += PAIRS[this.bytes[at + i]];
      this.index.set(key, at);
      at += FIXED + view.getUint16(at + FIXED - 2);
    }
    if (at !== buffer.byteLength || this.index.size !== this.header.count) throw new Error('snapshot cut short');
  }

  /** @param {string} ticket @returns {Row | null} */
  row(ticket) {
    const at = this.index.get(ticket);
    if (at === undefined) return null;
    const station = this.view.getUint16(at + KEY + 5);
    const size = this.view.getUint16(at + FIXED - 2);
    const seconds = this.view.getUint32(at + KEY + 1);
    /** @type {Row} */
    const row = { ticket, status: STATES[this.bytes[at + KEY]] || 'revoked', body: this.bytes.slice(at + FIXED, at + FIXED + size) };
    if (seconds) row.at = seconds;
    if (station !== 65535) row.station = this.header.stations[station];
    return row;
  }

  /** @returns {Row[]} */
  rows() {
    return [...this.index.keys()].map((ticket) => /** @type {Row} */ (this.row(ticket)));
  }
}

/** A file with everything heard since on top of it. */
export class Snapshot {
  /** @param {SnapshotFile} file @param {Row[]} [changed] what was kept of the changes @param {Header} [header] the newest header */
  constructor(file, changed = [], header = file.header) {
    this.file = file;
    this.header = header;
    /** @type {Map<string, Row>} */
    this.changed = new Map(changed.map((row) => [row.ticket, row]));
    /** Those to be written down. @type {Map<string, Row>} */
    this.dirty = new Map();
    this.rules = rulesOf(header);
  }

  /** @param {string} ticket */
  row(ticket) {
    return this.changed.get(ticket) || this.file.row(ticket);
  }

  get size() {
    let more = 0;
    for (const ticket of this.changed.keys()) if (!this.file.index.has(ticket)) more++;
    return this.file.index.size + more;
  }

  /** @param {Row} row */
  put(row) {
    this.changed.set(row.ticket, row);
    this.dirty.set(row.ticket, row);
  }

  /** A file of what changed since: newer than anything heard before it was made. @param {SnapshotFile} file */
  merge(file) {
    for (const row of file.rows()) this.put(row);
    this.header = file.header;
    this.rules = rulesOf(file.header);
  }

  /** Somebody was let in or out, here or elsewhere; a ticket that is no longer good stays that. @param {string} ticket @param {'entry' | 'exit'} direction @param {number} at ms @param {string} [station] */
  passed(ticket, direction, at, station) {
    const old = this.row(ticket);
    const dead = old && (old.status === 'revoked' || old.status === 'superseded');
    /** @type {Row} */
    const row = { ...old, ticket, status: dead ? old.status : direction === 'entry' ? 'inside' : 'left' };
    if (direction === 'entry') {
      row.at = Math.floor(at / 1000);
      if (station) row.station = station;
      else delete row.station;
    }
    this.put(row);
  }

  /** An admission was taken back. @param {string} ticket */
  released(ticket) {
    const old = this.row(ticket);
    if (old && (old.status === 'inside' || old.status === 'left')) this.put({ ticket, status: 'out', ...(old.body && { body: old.body }) });
  }

  /**
   * An event of `list:<id>` or `door`.
   * @param {string} type @param {any} data
   * @returns {'nothing' | 'changed' | 'fetch'} fetch: only the server knows what stands there now
   */
  event(type, data) {
    // Notes that name nobody stand in the header.
    if (type === 'note.changed' || (type === 'ticket.changed' && (!data?.ticket || data.status === 'valid'))) return 'fetch';
    if (type === 'list.emptied') return this.emptied(Date.parse(data.at));
    if (!data?.ticket) return 'nothing';
    if (type === 'ticket.changed') {
      this.put({ ...this.row(data.ticket), ticket: data.ticket, status: data.status });
      return 'changed';
    }
    if (type === 'scan.undone' || (type === 'scan.judged' && data.reason === 'not_shown')) this.released(data.ticket);
    else if (type === 'scan.judged' && data.verdict === 'admitted') this.passed(data.ticket, data.direction === 'exit' ? 'exit' : 'entry', Date.parse(data.at), (data.station || data.staff)?.name);
    else if (type === 'scan.left') this.passed(data.ticket, 'exit', Date.parse(data.at));
    else return 'nothing';
    return 'changed';
  }

  /** The list's day ended: whoever had come by then has left. @param {number} at ms @returns {'changed' | 'nothing'} */
  emptied(at) {
    let moved = false;
    for (const ticket of new Set([...this.changed.keys(), ...this.file.index.keys()])) {
      const row = this.row(ticket);
      if (row?.status !== 'inside' || (row.at || 0) * 1000 > at) continue;
      this.put({ ...row, status: 'left' });
      moved = true;
    }
    return moved ? 'changed' : 'nothing';
  }

  /** What is to be asked of whoever comes: the notes for everybody and for a category, then a person's own. @param {import('./code.js').Body | null} body @returns {Note[]} */
  notes(body) {
    const shared = (this.header.notes || []).filter((n) => !n.category || n.category === body?.c);
    return [...shared, ...(body?.t || [])];
  }

  /** @param {string | undefined} id */
  category(id) {
    return (id && this.header.categories?.find((c) => c.id === id)) || null;
  }
}

/** @param {Header} header @returns {import('./judge.js').Rules} */
export function rulesOf({ list, rules }) {
  const at = (/** @type {string | null | undefined} */ x) => (x ? Date.parse(x) : null);
  return { opens: at(list.opens), closes: at(list.closes), rules: (rules || []).map((r) => ({ category: r.category ?? null, opens: Date.parse(r.opens), closes: Date.parse(r.closes) })) };
}

