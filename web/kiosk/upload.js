// web/kiosk/upload.js: what is kept goes to the server in order, fifty at a time, as often as it takes; what it says of it comes back
import { backoff } from '../wire.js';

/** @typedef {import('./keep.js').Scan} Scan @typedef {import('./keep.js').Outcome} Outcome */

const BATCH = 50;
/** A frame holds 16 KiB, and a little is around the scans. */
const BYTES = 15000;
/** Scans that server and screen agree on only say so: many at once, and not at once. */
const QUIET_MS = 10000;
/** Faults that the same scan would meet again. */
const FINAL = ['bad_request', 'not_found', 'denied', 'key.reused', 'limit.size'];

export class Uploader {
  /**
   * @param {import('../protocol.js').Connection} conn @param {import('./keep.js').Keep} keep @param {import('./time.js').StationClock} clock
   * @param {{waits: (scan: Scan) => boolean, judged: (scan: Scan, result: any) => void, done: () => void}} on waits: whether the screen has not had its say on it yet
   */
  constructor(conn, keep, clock, on) {
    this.conn = conn;
    this.keep = keep;
    this.clock = clock;
    this.on = on;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.tries = 0;
    this.quietUntil = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
  }

  /** @param {boolean} [all] also those that are agreed on */
  poke(all = false) {
    if (all) this.quietUntil = 0;
    clearTimeout(this.again);
    if (this.conn.status.state !== 'open') return Promise.resolve();
    return (this.running ||= this.run().finally(() => (this.running = null)));
  }

  /** @param {number} ms */
  later(ms) {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.poke(), ms);
  }

  async run() {
    let after = 0;
    for (;;) {
      let found = await this.keep.next(BATCH, after);
      if (!found.length) break;
      let bytes = 0;
      const fits = found.findIndex((s) => (bytes += JSON.stringify(this.message(s)).length + 1) > BYTES);
      if (fits > 0) found = found.slice(0, fits);
      const ready = found.filter((s) => !s.fault && !this.on.waits(s));
      const loud = ready.some((s) => !s.answered);
      if (!loud && found.length < BATCH / 2 && performance.now() < this.quietUntil) {
        this.later(this.quietUntil - performance.now());
        break;
      }
      const last = found[found.length - 1].n;
      try {
        if (ready.length) await this.send(ready);
        this.tries = 0;
      } catch (e) {
        const fault = /** @type {import('../wire.js').Fault} */ (e);
        this.later(fault.data?.retry_after_ms ?? backoff(this.tries++));
        break;
      }
      // Those that stay are not asked for again in this round.
      after = last;
    }
    if (!this.quietUntil || performance.now() >= this.quietUntil) this.quietUntil = performance.now() + QUIET_MS;
    this.on.done();
  }

  /** The scan as the server takes it. @param {Scan} s */
  message({ n: _n, answered: _answered, fault: _fault, direction, boot_id, ...scan }) {
    const wall = this.clock.source.wall();
    const { time, uncert } = this.clock.now();
    // Of this segment of the clock more may be known now than when it was scanned.
    const same = boot_id === this.clock.boot;
    const better = same && this.clock.known ? { offset_ms: Math.round(time - wall), uncert_ms: Math.ceil(uncert) } : {};
    return { ...scan, ...better, ...(!same && { boot_id }), ...(direction === 'exit' && { direction }), shown: scan.shown || { verdict: 'refused', reason: 'not_shown' } };
  }

  /** @param {Scan[]} scans */
  async send(scans) {
    this.clock.tick();
    const reply = await this.conn.brief('checkin.upload', {
      sent_at: new Date(this.clock.source.wall()).toISOString(), sent_mono: Math.round(this.clock.source.mono()), boot_id: this.clock.boot, scans: scans.map((s) => this.message(s)),
    });
    const results = new Map(/** @type {any[]} */ (reply.scans).map((r) => [r.scan_id, r]));
    const gone = [];
    /** @type {Outcome[]} */
    const outcomes = [];
    for (const s of scans) {
      const r = results.get(s.scan_id);
      if (!r || (r.fault && !FINAL.includes(r.fault))) continue;
      if (r.fault) await this.keep.note(s.n, { fault: r.fault });
      else gone.push(s.n);
      const seen = s.shown || { verdict: /** @type {const} */ ('refused'), reason: 'not_shown' };
      if (!s.answered || r.conflict || r.fault) outcomes.push({ scan_id: s.scan_id, at: r.at || new Date(Date.parse(s.scanned_at) + (s.offset_ms || 0)).toISOString(), shown: seen, verdict: r.fault ? 'fault' : r.verdict, reason: r.fault || r.reason, conflict: r.conflict, offline: !s.answered, ...(s.ticket && { ticket: s.ticket }) });
    }
    await this.keep.settled(gone, outcomes);
    for (const s of scans) if (results.has(s.scan_id)) this.on.judged(s, results.get(s.scan_id));
    // A server that has no time for some is asked again, not at once.
    if (gone.length < scans.length) this.later(backoff(this.tries++));
  }
}
