// web/kiosk/station.js: what this station knows: its clock, who may come in, since when it has heard nothing; kept for a start without network
import { signal } from '../ui/dom.js';
import { Snapshot, SnapshotFile } from './snapshot.js';
import { StationClock } from './time.js';
import { under, uuid } from '../wire.js';
import { slug } from '../ui/app.js';

/** Changes are written down together. */
const WRITE_MS = 300;
/** A ticket that became valid is asked for with those that follow it. */
const FETCH_MS = 200;
const AGAIN_MS = 5000;

export const source = { wall: () => +new Date(), mono: () => performance.now(), id: uuid };

/** How many tickets are known, and until when (conference time) all that happened elsewhere was heard. */
export const knows = signal({ tickets: 0, asOf: 0 });

export class Station {
  /** @param {import('../protocol.js').Connection} conn @param {import('./keep.js').Keep} keep @param {import('./time.js').Kept | null} clock */
  constructor(conn, keep, clock) {
    this.conn = conn;
    this.keep = keep;
    this.clock = new StationClock(source, clock);
    /** @type {Snapshot | null} */
    this.snapshot = null;
    this.list = '';
    this.name = '';
    this.conference = '';
    this.onStats = (/** @type {string} */ _type, /** @type {any} */ _data) => {};
    /** Events while a file is on its way: those that are newer are laid over it. @type {{name: 'door' | 'list', type: string, data: any, position: number}[] | null} */
    this.early = null;
    /** @type {(() => void)[]} */
    this.stops = [];
    /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
    this.timers = {};
  }

  /** @param {string} name @param {number} ms @param {() => any} then */
  timer(name, ms, then) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(then, ms);
  }

  /** What was kept of this list, or nothing. @param {string} list */
  async load(list) {
    this.list = list;
    const kept = await this.keep.kept().catch(() => null);
    if (!kept || kept.header.list.id !== list || this.list !== list) return;
    try {
      this.snapshot = new Snapshot(new SnapshotFile(kept.buffer), kept.rows, kept.header);
      await this.reapply();
      this.say((await this.keep.doc('heard')) || Date.parse(kept.header.time || kept.header.as_of));
    } catch {
      // Another version's, or not whole: asked for again.
      this.snapshot = null;
    }
  }

  /** @param {number} [asOf] */
  say(asOf = knows.value.asOf) {
    knows.value = { tickets: this.snapshot?.size || 0, asOf };
  }

  /** Something was heard just now. */
  fresh() {
    if (this.snapshot && !this.early && this.conn.status.state === 'open') this.say(this.clock.now().time);
  }

  /** Whom this station let in and has not told anybody yet is in, whatever a file says. */
  async reapply() {
    for (const s of await this.keep.scans()) {
      if (!s.answered && s.ticket && s.list === this.list && (s.shown?.verdict === 'admitted' || s.shown?.verdict === 'repeat')) {
        this.snapshot?.passed(s.ticket, s.direction, Date.parse(s.scanned_at) + (s.offset_ms || 0), this.name);
      }
    }
  }

  /** Looks after a list from now on: what was kept, then what is new. Called with every session. @param {string} list @param {string} conference */
  async follow(list, conference) {
    this.conference = conference;
    if (this.list === list && this.stops.length) {
      if (!this.snapshot) this.fetch();
      return;
    }
    this.leave();
    if (this.list !== list || !this.snapshot) {
      this.snapshot = null;
      await this.load(list);
    }
    if (this.list !== list) return;
    const from = this.snapshot?.header.positions;
    // The door first: what is no longer good is heard before anything else.
    this.stops = [
      this.conn.subscribe('door', this.follower('door'), from?.door),
      this.conn.subscribe(`list:${list}`, this.follower('list'), from?.list),
    ];
    if (!this.snapshot) this.fetch();
  }

  leave() {
    for (const stop of this.stops) stop();
    this.stops = [];
    for (const name of Object.keys(this.timers)) clearTimeout(this.timers[name]);
    this.early = null;
  }

  /** @param {'door' | 'list'} name @returns {import('../channels.js').Follower} */
  follower(name) {
    return {
      event: (type, data, position) => {
        this.early?.push({ name, type, data, position });
        this.apply(name, type, data, position);
        if (name === 'list') this.onStats(type, data);
      },
      // Not what was missed but how things stand: only a file says who is in.
      snapshot: (doc, reply) => {
        if (name === 'list') this.onStats('snapshot', doc);
        const known = this.snapshot?.header.positions[name];
        if (this.snapshot && (known?.epoch !== reply.epoch || known?.position !== reply.position)) this.fetch();
      },
    };
  }

  /** @param {'door' | 'list'} name @param {string} type @param {any} data @param {number} position */
  apply(name, type, data, position) {
    if (!this.snapshot) return;
    const what = this.snapshot.event(type, data);
    const { header } = this.snapshot;
    this.snapshot.header = { ...header, positions: { ...header.positions, [name]: { ...header.positions[name], position } } };
    if (what === 'fetch') this.timer('fetch', FETCH_MS, () => this.fetch());
    this.timer('write', WRITE_MS, () => this.write());
    this.fresh();
  }

  /** Changes to the disk. What is lost there is heard again. */
  async write() {
    const { snapshot } = this;
    if (!snapshot) return;
    const rows = [...snapshot.dirty.values()];
    snapshot.dirty.clear();
    await this.keep.rows(rows, snapshot.header).catch(() => rows.forEach((row) => snapshot.dirty.set(row.ticket, row)));
  }

  /** The file, or what has changed since the last. */
  async fetch() {
    if (this.early) {
      // What made it necessary may be younger than the file that is on its way.
      this.timer('fetch', AGAIN_MS / 10, () => this.fetch());
      return;
    }
    const { list, snapshot } = this;
    if (!list || this.conn.status.state !== 'open') return;
    this.early = [];
    try {
      const buffer = await this.download(list, snapshot?.header);
      if (this.list !== list) return;
      const file = new SnapshotFile(buffer);
      if (snapshot && snapshot.header.positions.door.epoch === file.header.positions.door.epoch) snapshot.merge(file);
      else if (snapshot) throw new Error('another epoch');
      else this.snapshot = new Snapshot(file);
      for (const e of this.early || []) if (e.position > file.header.positions[e.name].position) this.apply(e.name, e.type, e.data, e.position);
      await this.reapply();
      // Sent away meanwhile: the file is not written where everything was just deleted.
      if (this.list !== list) return;
      if (snapshot) await this.write();
      else await this.keep.snapshot(buffer, file.header).then(() => this.write()).catch(() => {});
      this.early = null;
      this.fresh();
    } catch (e) {
      if (this.list !== list) return;
      this.early = null;
      // A file of another history: all of it once more.
      if (/another epoch/.test(String(e))) this.snapshot = null;
      this.timer('fetch', AGAIN_MS, () => this.fetch());
    }
  }

  /** @param {string} list @param {import('./snapshot.js').Header} [header] */
  async download(list, header) {
    const url = this.conn.address(under(slug, `/snapshot/${list}`), header ? { since: header.as_of } : {});
    const { token } = this.conn.who;
    /** @type {Record<string, string>} */
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    const reply = await fetch(url, { headers, credentials: 'same-origin', cache: 'no-store' });
    if (!reply.ok) throw new Error(`snapshot ${reply.status}`);
    return reply.arrayBuffer();
  }

  /** A restart without network begins with this. Whoever has no list has nothing to begin, and was perhaps sent away. */
  async writeClock() {
    const kept = this.list ? this.clock.keep() : null;
    if (!kept) return;
    await this.keep.put('clock', kept).catch(() => {});
    if (knows.value.asOf) await this.keep.put('heard', knows.value.asOf).catch(() => {});
  }

  forget() {
    this.leave();
    this.list = '';
    this.snapshot = null;
    knows.value = { tickets: 0, asOf: 0 };
  }
}
