// web/kiosk/time.js: a station's clock: how far from the conference's, how sure of that, and when it was moved (pure; tested in Node)
/**
 * @typedef {{wall: () => number, mono: () => number, id: () => string}} Source
 * @typedef {{offset: number, uncert: number, wall: number, jumped: boolean}} Kept what is written down for after a restart
 * @typedef {{time: number, mono: number, uncert: number}} Sample conference time at a moment of the monotonic clock
 */

/** Two clocks of one machine that part by more were moved apart. */
const JUMP = 2000;
/** How far a quartz may run wrong: 0.1 ms a second. */
const DRIFT = 1e-4;
/** What a machine that was off may have done to its clock without our seeing it. */
const RESTART = 30000;
const BEST_OF = 8;

export class StationClock {
  /** @param {Source} source @param {Kept | null} [kept] */
  constructor(source, kept = null) {
    this.source = source;
    /** @type {Sample[]} */
    this.samples = [];
    /** How far the machine's clock is from real time: what a banner says. @type {number | null} */
    this.skew = null;
    /** Whether the clock was moved since a heartbeat last told the server. */
    this.jumped = false;
    this.boot = source.id();
    this.apart = source.wall() - source.mono();
    if (kept) this.restart(kept);
  }

  /** @param {Kept} kept */
  restart(kept) {
    const wall = this.source.wall();
    const off = wall - kept.wall;
    // A clock that went back while nobody looked: the time it last knew is the least it can be.
    const back = off < 0 ? -off + 3600000 : 0;
    this.samples = [{ time: Math.max(wall, kept.wall) + kept.offset, mono: this.source.mono(), uncert: kept.uncert + RESTART + Math.abs(off) * DRIFT + back }];
    this.jumped = kept.jumped || back > 0;
  }

  /** Whether conference time is known at all. */
  get known() {
    return this.samples.length > 0;
  }

  /** To be called every second or so, and before a stamp. @returns {boolean} whether the clock was moved: another segment has begun */
  tick() {
    const apart = this.source.wall() - this.source.mono();
    const by = apart - this.apart;
    this.apart = apart;
    if (Math.abs(by) <= JUMP) return false;
    this.boot = this.source.id();
    this.jumped = true;
    if (this.known) {
      const { time, uncert } = this.now();
      // Set back, the monotonic clock is right. Forward, the machine may have slept as well, and that clock with it.
      this.samples = [{ time, mono: this.source.mono(), uncert: uncert + Math.max(0, by) }];
    }
    return true;
  }

  /** The answer to something that was sent when the monotonic clock stood at `sent`. @param {number} sent @param {string} time conference time @param {string} [real] */
  heard(sent, time, real) {
    const mono = this.source.mono();
    const half = (mono - sent) / 2;
    if (half < 0) return;
    if (this.tick()) this.samples = [];
    const sample = { time: Date.parse(time) + half, mono, uncert: half + 1 };
    // A conference whose clock was set (a rehearsal) is believed at once.
    if (this.known && Math.abs(this.now().time - sample.time) > this.now().uncert + sample.uncert) this.samples = [];
    this.samples = [...this.samples, sample].slice(-BEST_OF);
    if (real) this.skew = this.source.wall() - (Date.parse(real) + half);
  }

  /** The time came with something else: good enough until the first answer to a heartbeat. @param {string} time @param {number} uncert */
  about(time, uncert) {
    this.tick();
    if (!this.known || this.now().uncert > uncert) this.samples = [{ time: Date.parse(time), mono: this.source.mono(), uncert }];
  }

  /** @returns {{time: number, uncert: number}} */
  now() {
    const mono = this.source.mono();
    if (!this.known) return { time: 0, uncert: Infinity };
    const at = (/** @type {Sample} */ s) => s.uncert + (mono - s.mono) * DRIFT;
    const best = this.samples.reduce((a, b) => (at(b) < at(a) ? b : a));
    return { time: best.time + (mono - best.mono), uncert: at(best) };
  }

  /** What is written beside a scan. */
  stamp() {
    this.tick();
    const wall = this.source.wall();
    const { time, uncert } = this.now();
    const own = { scanned_at: new Date(wall).toISOString(), mono: Math.round(this.source.mono()), boot_id: this.boot };
    return this.known ? { ...own, offset_ms: Math.round(time - wall), uncert_ms: Math.ceil(uncert) } : own;
  }

  /** @returns {Kept | null} */
  keep() {
    if (!this.known) return null;
    const { time, uncert } = this.now();
    const wall = this.source.wall();
    return { offset: time - wall, uncert, wall, jumped: this.jumped };
  }
}
