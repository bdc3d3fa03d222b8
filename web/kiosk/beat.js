// web/kiosk/beat.js: every ten seconds: the server's time for the station's clock, the station's state for the board
import { setClock } from '../ui/clock.js';
import { waiting } from './door.js';

const EVERY_MS = 10000;
/** The script's name is its content. */
export const version = /-([A-Z0-9]{8})\.js$/.exec(import.meta.url)?.[1] || '';

export class Beat {
  /** @param {import('../protocol.js').Connection} conn @param {import('./station.js').Station} station @param {import('./engine.js').Engine} engine @param {import('./keep.js').Keep} keep */
  constructor(conn, station, engine, keep) {
    this.conn = conn;
    this.station = station;
    this.engine = engine;
    this.keep = keep;
    /** When the line was lost, on the conference's clock. @type {number | null} */
    this.lostAt = null;
    this.timer = setInterval(() => this.beat(), EVERY_MS);
    // A clock that is moved is noticed within a second, not with the next scan.
    setInterval(() => this.station.clock.tick() && this.show(), 1000);
  }

  /** The page's clock goes by the station's. */
  show() {
    const { clock } = this.station;
    if (clock.known) setClock(new Date(clock.now().time).toISOString());
  }

  lost() {
    this.lostAt ??= this.station.clock.known ? this.station.clock.now().time : null;
  }

  async message() {
    const { clock, snapshot } = this.station;
    const oldest = (await this.keep.next(1))[0];
    const { scanned_at, mono, boot_id, ...own } = clock.stamp();
    return {
      boot_id, sent_at: scanned_at, mono, ...own, queue: waiting.value, ...(oldest && { oldest_at: oldest.scanned_at }),
      ...(snapshot && { snapshot: { position: snapshot.header.positions.list.position, as_of: snapshot.header.as_of } }),
      ...(this.lostAt && { offline_since: new Date(this.lostAt).toISOString() }), ...this.engine.said(), ...(version && { version }), ...(clock.jumped && { jumped: true }),
    };
  }

  async beat() {
    const { clock } = this.station;
    if (this.conn.status.state !== 'open') {
      await this.station.writeClock();
      return;
    }
    try {
      const params = this.conn.session?.station ? await this.message() : null;
      const sent = performance.now();
      const reply = params ? await this.conn.brief('station.heartbeat', params) : await this.conn.brief('now.get');
      clock.heard(sent, reply.time, reply.now);
      if (params) {
        clock.jumped = false;
        this.lostAt = null;
      }
      this.engine.line.good();
      this.show();
      this.station.fresh();
      await this.station.writeClock();
    } catch {
      // The next one tells.
    }
  }
}
