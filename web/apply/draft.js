// web/apply/draft.js: one abstract as it is typed: kept on the device with each key, saved a moment later, and honest about which of the two it is
import { signal } from '../ui/dom.js';
import { uuid } from '../wire.js';

/**
 * @typedef {{name: string, affiliation: string, email: string, presents: boolean}} Author
 * @typedef {{title: string, body: string, wish: string, mode: string, tracks: string[], authors: Author[]}} Content
 * @typedef {{abstract: string, number?: number, state: string, version: number, saved?: string, received?: string, withdrawn?: string, outcome?: string, rank?: number, session?: string,
 *   content?: Content, draft?: Content, consents: {kind: string, version: number, given: boolean, at: string}[]}} Row as abstract.mine has it
 * `typing` and `saving` are on their way to the server, `kept` is on this device alone, `conflict` was saved elsewhere meanwhile, `refused` is not taken.
 * @typedef {'new' | 'saved' | 'typing' | 'saving' | 'kept' | 'conflict' | 'refused'} SaveState
 */

const PAUSE_MS = 900;

/** @param {{id: string, name: string}} person @returns {Content} */
export const blank = (person) => ({ title: '', body: '', wish: 'either', mode: 'on_site', tracks: [], authors: [{ name: person.name, affiliation: '', email: '', presents: true }] });

/** What is to be shown of a row: what was typed last, else what was handed in. @param {Row} row @returns {Content | undefined} */
export const contentOf = (row) => row.draft || row.content;

/** Whether two contents say the same, in whatever order their members come. @param {any} a @param {any} b @returns {boolean} */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((n) => same(a[n], b[n]));
}

/**
 * What a device has kept against what the server has: nothing, to be sent on, or a choice for its writer.
 * @param {{version: number, content: Content} | null} kept @param {Row | null} row @returns {'none' | 'mine' | 'choose'}
 */
export function restore(kept, row) {
  if (!kept || (row && same(kept.content, contentOf(row)))) return 'none';
  return kept.version === (row ? row.version : 0) ? 'mine' : 'choose';
}

export class Draft {
  /**
   * @param {{conn: any, slug: string, person: {id: string, name: string}, row: Row | null, storage?: any}} o row: null for one that begins here
   */
  constructor({ conn, slug, person, row, storage = globalThis.localStorage }) {
    this.conn = conn;
    this.storage = storage;
    this.id = row?.abstract || uuid();
    this.place = `plenum-abstract:${slug}:${person.id}:${row ? this.id : 'new'}`;
    const kept = this.read();
    // One that was begun here and never reached the server goes on under its own id.
    if (!row && kept?.id) this.id = kept.id;
    this.version = row?.version || 0;
    this.row = signal(row);
    this.content = signal((row && contentOf(row)) || blank(person));
    this.state = signal(/** @type {SaveState} */ (row ? 'saved' : 'new'));
    this.savedAt = signal(row?.saved || '');
    this.fault = signal(/** @type {any} */ (null));
    /** What the server has, where it is not what this page has. @type {import('@preact/signals').Signal<Row | null>} */
    this.theirs = signal(/** @type {Row | null} */ (null));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<void> | null} */
    this.busy = null;
    this.changed = false;
    const found = restore(kept, row);
    if (found === 'none') return;
    this.content.value = kept.content;
    this.changed = true;
    if (found === 'mine') this.later(0);
    else [this.state.value, this.theirs.value] = ['conflict', row];
  }

  read() {
    try {
      return JSON.parse(this.storage.getItem(this.place) || 'null');
    } catch {
      return null;
    }
  }

  keep() {
    try {
      if (this.changed) this.storage.setItem(this.place, JSON.stringify({ id: this.id, version: this.version, content: this.content.value }));
      else this.storage.removeItem(this.place);
    } catch {
      // A browser that keeps nothing still saves to the server.
    }
  }

  /** @param {Partial<Content>} values */
  set(values) {
    this.content.value = { ...this.content.value, ...values };
    this.changed = true;
    this.keep();
    if (this.state.value === 'conflict') return;
    this.state.value = 'typing';
    this.later();
  }

  later(ms = PAUSE_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), ms);
  }

  /** Saves what has been typed; a save under way is waited for, and what was typed meanwhile goes after it. @returns {Promise<void>} */
  async save() {
    clearTimeout(this.timer);
    if (this.busy) {
      await this.busy;
      if (this.changed && this.state.value !== 'conflict' && this.state.value !== 'refused') await this.save();
      return;
    }
    if (!this.changed || this.state.value === 'conflict') return;
    this.busy = this.send().finally(() => (this.busy = null));
    await this.busy;
  }

  async send() {
    const content = this.content.value;
    this.state.value = 'saving';
    try {
      const reply = await this.conn.write('abstract.save', { abstract: this.id, content, expect_version: this.version });
      this.version = reply.version;
      this.savedAt.value = reply.saved;
      this.fault.value = null;
      this.changed = this.content.value !== content;
      this.state.value = this.changed ? 'typing' : 'saved';
      this.keep();
      if (this.changed) this.later();
    } catch (e) {
      this.failed(e);
    }
  }

  /** @param {any} e */
  failed(e) {
    this.fault.value = e;
    if (e?.fault === 'conflict' && e.data?.current) {
      const current = e.data.current;
      // The same words from another page are no two versions.
      if (current.version && same(contentOf(current), this.content.value)) return this.taken(current);
      this.theirs.value = current.version ? current : null;
      this.state.value = 'conflict';
    } else {
      this.state.value = 'refused';
    }
  }

  /** Goes on from what the server has. @param {Row} row */
  taken(row) {
    clearTimeout(this.timer);
    this.version = row.version;
    this.row.value = row;
    this.content.value = contentOf(row) || this.content.value;
    this.savedAt.value = row.saved || '';
    this.theirs.value = null;
    this.changed = false;
    this.fault.value = null;
    this.state.value = 'saved';
    this.keep();
  }

  /** Goes on with what is here; what the other page saved is written over. */
  mine() {
    this.version = this.theirs.value?.version || 0;
    this.theirs.value = null;
    this.state.value = 'typing';
    this.keep();
    this.later(0);
  }

  /** Hands in what is here, in one message. Throws what it was refused for. @param {{kind: string, version: number, given: boolean}[]} consents */
  async submit(consents) {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    clearTimeout(this.timer);
    const content = this.content.value;
    try {
      const reply = await this.conn.write('abstract.submit', { abstract: this.id, content, consents, expect_version: this.version });
      this.version = reply.version;
      this.changed = this.content.value !== content;
      this.state.value = this.changed ? 'typing' : 'saved';
      this.savedAt.value = reply.received;
      this.fault.value = null;
      this.keep();
      if (this.changed) this.later();
      return reply;
    } catch (e) {
      if (/** @type {any} */ (e)?.fault === 'conflict') this.failed(e);
      else if (this.changed) this.later();
      throw e;
    }
  }

  /** Nothing of it is left, neither there nor here. */
  forget() {
    clearTimeout(this.timer);
    this.changed = false;
    this.keep();
  }
}
