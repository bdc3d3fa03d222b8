// web/kiosk/engine.js: a scan's way: kept on the disk, judged by the server or else by this station, shown, reported
import { batch, effect } from '../ui/dom.js';
import { uuid } from '../wire.js';
import { canOpen, keysOf, openBody, readCode } from './code.js';
import { colour, judge } from './judge.js';
import { strip } from './wedge.js';
import { Uploader } from './upload.js';
import { Line } from './line.js';
import { conflicts, direction, later, shapeOf, show, shown, stopped, waiting } from './door.js';

/** @typedef {import('./keep.js').Scan} Scan @typedef {import('./door.js').Verdict} Verdict */
/** @typedef {{opinion: import('./judge.js').Opinion, verdict: Verdict}} Local */
/** @typedef {{until: number, verdict: Verdict, scan: string, basis: 'server' | 'snapshot'}} Recent */

/** A scanner that fires twice, a hand that comes back: the same ticket the same way within this is one scan. */
const REPEAT_MS = 10000;
const SHOWN_MS = { green: 2000, green_offline: 2500, amber: 20000, red: 3500 };
const NEEDLESS = 60000;
/** Somebody who was sent away for so long has gone, or is at the desk. */
const SENT_AWAY_MS = 30 * 60000;
/** A full disk is tried again. */
const RETRY_MS = 3000;

export class Engine {
  /** @param {import('../protocol.js').Connection} conn @param {import('./keep.js').Keep} keep @param {import('./station.js').Station} station @param {() => boolean} staffed whether somebody stands here who can do something */
  constructor(conn, keep, station, staffed) {
    this.conn = conn;
    this.keep = keep;
    this.station = station;
    this.staffed = staffed;
    this.line = new Line();
    /** The page began after this: earlier ones without a word about what was shown were not shown. */
    this.born = 0;
    /** Scans that the screen has not had its say on, by number. @type {Set<number>} */
    this.open = new Set();
    /** Admitted a moment ago, or on its way, by ticket and direction. @type {Map<string, Recent | 'under way'>} */
    this.recent = new Map();
    /** Tickets whose scan was shown otherwise than the server decided: told before they are scanned again. @type {Set<string>} */
    this.burnt = new Set();
    /** What the list's channel said of our own scans before their answers came, or instead of them. @type {Map<string, any>} */
    this.heard = new Map();
    /** Scans on their way. @type {Set<string>} */
    this.asked = new Set();
    /** @type {number[]} */
    this.unknowns = [];
    /** What the last minute was like, for the station board. @type {{at: number, took: number, colour: string}[]} */
    this.minute = [];
    this.uploader = new Uploader(conn, keep, station.clock, {
      waits: (s) => this.open.has(s.n) || (shown.value?.n === s.n && shown.value?.colour === 'amber'),
      judged: (s, result) => this.judged(s, result),
      done: () => void this.count(),
    });
    // Whoever looked at a question has let it go: what they made of it can be told.
    let asked = false;
    effect(() => {
      const asks = shown.value?.colour === 'amber';
      if (asked && !asks) setTimeout(() => this.uploader.poke(), 0);
      asked = asks;
    });
  }

  async begin() {
    const scans = await this.keep.scans();
    this.born = scans.length ? scans[scans.length - 1].n : 0;
    conflicts.value = (await this.keep.doc('conflicts')) || [];
    direction.value = (await this.keep.doc('direction')) || direction.value;
    await this.count();
  }

  async count() {
    waiting.value = (await this.keep.scans().catch(() => [])).filter((s) => !s.answered).length;
  }

  /** @param {string} text what a scanner, a camera or somebody typed */
  async scan(text) {
    const code = readCode(text);
    const raw = strip(text).trim().slice(0, 200);
    const { list, conference } = this.station;
    if (!raw || !list || stopped.value) return;
    const began = performance.now();
    const way = direction.value;
    const keys = code && conference && canOpen() ? await keysOf(code, conference) : null;
    const who = `${keys?.ticket || code || raw} ${way}`;
    const before = this.recent.get(who);
    if (before === 'under way') return;
    if (before && before.until > began) {
      this.tell({ ...before.verdict, verdict: 'repeat' }, before.basis, { scan: '', ...(keys && { ticket: keys.ticket }), way, began });
      return;
    }
    this.recent.set(who, 'under way');
    try {
      await this.judge({ who, code, raw, keys, way, began });
    } finally {
      if (this.recent.get(who) === 'under way') this.recent.delete(who);
    }
  }

  /** @param {{who: string, code: string | null, raw: string, keys: {ticket: string, key: CryptoKey} | null, way: 'entry' | 'exit', began: number}} x */
  async judge({ who, code, raw, keys, way, began }) {
    const { station } = this;
    if (keys && this.burnt.has(keys.ticket)) await Promise.race([this.uploader.poke(true), new Promise((done) => setTimeout(done, 3000))]);
    const stamp = station.clock.stamp();
    const patience = this.line.patience(this.conn.status.state === 'open');
    const position = station.snapshot?.header.positions.list?.position;
    /** @type {Omit<Scan, 'n' | 'seq'>} */
    const record = { scan_id: uuid(), list: station.list, direction: way, ...stamp, ...(keys ? { ticket: keys.ticket } : { code: code || raw }), ...(position !== undefined && { basis: position }) };
    const local = patience ? null : await this.local(code, keys, way);
    if (local) record.shown = this.seen(local.opinion, 'snapshot');
    /** @type {Scan} */
    let kept;
    try {
      kept = await this.keep.scan(record);
    } catch {
      return this.stop();
    }
    const about = { scan: kept.scan_id, n: kept.n, ...(keys && { ticket: keys.ticket }), way, began };
    if (local) return this.say(who, local.opinion, local.verdict, 'snapshot', about);
    this.open.add(kept.n);
    this.asked.add(kept.scan_id);
    const answer = this.ask(kept, code || raw);
    const first = await Promise.race([answer, new Promise((done) => setTimeout(() => done(null), patience))]);
    if (!first) this.line.bad();
    const judged = /** @type {Verdict | null} */ (first?.verdict ? first : this.heard.get(kept.scan_id) || null);
    this.heard.delete(kept.scan_id);
    this.asked.delete(kept.scan_id);
    const own = judged ? null : await this.local(code, keys, way);
    const opinion = judged ? { verdict: judged.verdict, reason: judged.reason } : /** @type {Local} */ (own).opinion;
    const seen = this.seen(/** @type {any} */ (opinion), judged ? 'server' : 'snapshot');
    try {
      await this.keep.note(kept.n, { shown: seen, ...(judged && { answered: true }) });
    } catch {
      this.open.delete(kept.n);
      return this.stop();
    }
    this.open.delete(kept.n);
    if (!judged) answer.then((late) => this.late(kept, seen, late));
    this.say(who, /** @type {any} */ (opinion), judged || /** @type {Local} */ (own).verdict, judged ? 'server' : 'snapshot', about);
  }

  /** The server's verdict; a fault when it has none. Never rejects. @param {Scan} s @param {string} code @returns {Promise<any>} */
  async ask(s, code) {
    const { scan_id, list, direction: way, scanned_at, boot_id, seq, offset_ms, uncert_ms } = s;
    try {
      const reply = await this.conn.brief('checkin.admit', { list, code, scan_id, direction: way, scanned_at, boot_id, seq, ...(offset_ms !== undefined && { offset_ms, uncert_ms }) });
      this.line.good();
      return reply;
    } catch (e) {
      this.line.bad();
      return { fault: /** @type {any} */ (e).fault || 'offline' };
    }
  }

  /** This station's own verdict. @param {string | null} code @param {{ticket: string, key: CryptoKey} | null} keys @param {'entry' | 'exit'} way @returns {Promise<Local>} */
  async local(code, keys, way) {
    const { snapshot, clock } = this.station;
    const row = (keys && snapshot?.row(keys.ticket)) || null;
    const body = keys && row?.body ? await openBody(row.body, keys) : null;
    const { time, uncert } = clock.now();
    const rules = snapshot?.rules || { opens: null, closes: null, rules: [] };
    const opinion = judge({ code: !!code, known: row, category: body?.c || null, mode: body?.m, direction: way, at: time, doubt: uncert, rules });
    if (code && !snapshot) opinion.reason = 'no_snapshot';
    /** @type {Verdict} */
    const verdict = { verdict: opinion.verdict, ...(opinion.reason && { reason: opinion.reason }), ...(opinion.window && { window: opinion.window }) };
    if (opinion.reason === 'duplicate' && row?.at) verdict.first = { at: new Date(row.at * 1000).toISOString(), station: row.station };
    if (opinion.verdict === 'refused' || !body || !snapshot) return { opinion, verdict };
    const category = snapshot.category(body.c);
    const notes = snapshot.notes(body);
    return { opinion, verdict: { ...verdict, person: { name: body.n }, ...(category && { category }), ...(notes.length && way === 'entry' && { notes }), ...(body.b && { badge: body.b }) } };
  }

  /** @param {import('./judge.js').Opinion} opinion @param {'server' | 'snapshot'} basis @returns {import('./keep.js').Seen} what the screen says, as the server is told */
  seen(opinion, basis) {
    const asks = colour(opinion, basis, this.staffed()) === 'amber';
    return { verdict: asks ? 'ask' : opinion.verdict, ...(opinion.reason && { reason: opinion.reason }) };
  }

  /**
   * Everything that follows from a verdict, in one step.
   * @param {string} who @param {import('./judge.js').Opinion} opinion @param {Verdict} verdict @param {'server' | 'snapshot'} basis
   * @param {{scan: string, n: number, ticket?: string, way: 'entry' | 'exit', began: number}} about
   */
  say(who, opinion, verdict, basis, about) {
    const good = opinion.verdict === 'admitted' || opinion.verdict === 'repeat';
    if (good) this.recent.set(who, { until: performance.now() + REPEAT_MS, verdict, scan: about.scan, basis });
    else this.recent.delete(who);
    if (good && about.ticket) {
      this.passed(about.ticket, about.way);
      conflicts.value = this.without(about.ticket);
    }
    this.tell(verdict, basis, about);
    void this.count();
    this.uploader.later(basis === 'server' ? 10000 : 200);
  }

  /** @param {string} ticket @param {'entry' | 'exit'} way */
  passed(ticket, way) {
    this.station.snapshot?.passed(ticket, way, this.station.clock.now().time, this.station.name);
    this.station.timer('write', 300, () => this.station.write());
  }

  /** @param {Verdict} verdict @param {'server' | 'snapshot'} basis @param {{scan: string, n?: number, ticket?: string, way: 'entry' | 'exit', began: number}} about */
  tell(verdict, basis, { way, began, ...about }) {
    const shade = colour(/** @type {any} */ (verdict), basis, this.staffed());
    const now = performance.now();
    const strange = ['unknown', 'malformed', 'wrong_event', 'not_in_snapshot'].includes(verdict.reason || '');
    this.unknowns = [...this.unknowns, ...(strange ? [now] : [])].filter((at) => now - at < NEEDLESS);
    this.minute = [...this.minute, { at: now, took: now - began, colour: shade }].filter((m) => now - m.at < 60000);
    show({ ...about, shape: shapeOf(shade, verdict.reason), colour: shade, direction: way, basis, verdict, hint: strange && this.unknowns.length >= 3 }, SHOWN_MS[shade]);
  }

  /** Somebody here has decided what the machine could not. @param {boolean} comes */
  async decide(comes) {
    const what = shown.value;
    if (!what?.n || what.colour !== 'amber') return;
    try {
      await this.keep.note(what.n, { shown: { verdict: comes ? 'admitted' : 'refused', reason: 'by_hand' } });
    } catch {
      return this.stop();
    }
    if (comes && what.ticket) this.passed(what.ticket, what.direction);
    const verdict = { ...what.verdict, verdict: comes ? 'admitted' : 'refused', reason: comes ? undefined : 'by_hand' };
    show({ ...what, colour: comes ? 'green_offline' : 'red', shape: comes ? 'tick' : 'cross', verdict }, 2000);
    this.uploader.later(0);
  }

  /** An event of the list: it may be about a scan whose answer is still on its way, or lost. @param {string} type @param {any} data */
  event(type, data) {
    if (type === 'scan.judged' && this.asked.has(data?.scan_id)) this.heard.set(data.scan_id, data);
  }

  /** The server's answer came after the screen had spoken: whoever it tells otherwise is told at once. @param {Scan} s @param {import('./keep.js').Seen} seen @param {any} late */
  late(s, seen, late) {
    if (!late.verdict) return;
    const same = (late.verdict === 'refused') === (seen.verdict === 'refused') && seen.verdict !== 'ask';
    if (same) this.keep.note(s.n, { answered: true }).then(() => this.count(), () => {});
    else {
      if (late.verdict === 'admitted' && s.ticket) this.burnt.add(s.ticket);
      this.uploader.poke();
    }
  }

  /** What became of a scan that was sent. @param {Scan} s @param {any} result */
  judged(s, result) {
    const in_ = result.verdict === 'admitted' || result.verdict === 'repeat';
    if (!s.answered && result.verdict) later.value = { ...later.value, [in_ ? 'admitted' : 'refused']: later.value[in_ ? 'admitted' : 'refused'] + 1 };
    if (s.ticket) this.burnt.delete(s.ticket);
    if (result.reason !== 'not_shown' || !s.ticket) return;
    // The server had let them in and the screen sent them away: they are out again, and may come.
    this.station.snapshot?.released(s.ticket);
    this.recent.delete(`${s.ticket} ${s.direction}`);
    const at = Date.parse(s.scanned_at) + (s.offset_ms || 0);
    if (s.shown && this.station.clock.now().time - at < SENT_AWAY_MS) {
      conflicts.value = [...this.without(s.ticket), { id: `burnt:${s.ticket}`, kind: 'burnt', at: new Date(at).toISOString(), stations: [], mine: [s.scan_id] }].slice(-20);
    }
  }

  /** What is to be looked at, but for a ticket that was burnt. @param {string} ticket */
  without(ticket) {
    return conflicts.value.filter((c) => c.id !== `burnt:${ticket}`);
  }

  /** `conflict.raised` and `conflict.settled` of this station. @param {string} type @param {any} data */
  conflict(type, data) {
    const c = data?.conflict;
    // Burnt and settled in one step: what there is to do about it is known here already.
    if (!c || c.kind === 'burnt') return;
    const rest = conflicts.value.filter((x) => x.id !== c.id);
    const own = this.conn.session?.station?.id;
    const scans = c.scans || [];
    const item = { id: c.id, kind: c.kind, at: scans[0]?.at || new Date(this.station.clock.now().time).toISOString(), undetermined: !!c.undetermined,
      stations: scans.map((/** @type {any} */ s) => s.station?.name).filter(Boolean), mine: scans.filter((/** @type {any} */ s) => s.station?.id === own).map((/** @type {any} */ s) => s.scan_id) };
    conflicts.value = type === 'conflict.settled' ? rest : [...rest, item].slice(-20);
    this.keep.put('conflicts', conflicts.value).catch(() => {});
  }

  /** Nobody is admitted who is not written down. */
  async stop() {
    shown.value = null;
    stopped.value = true;
    await this.keep.makeRoom().catch(() => {});
    const again = async () => {
      try {
        await this.keep.works();
        stopped.value = false;
      } catch {
        setTimeout(again, RETRY_MS);
      }
    };
    setTimeout(again, RETRY_MS);
  }

  /** @param {'entry' | 'exit'} way */
  async turn(way) {
    direction.value = way;
    await this.keep.put('direction', way).catch(() => {});
  }

  /** For the station board. */
  said() {
    const now = performance.now();
    const minute = this.minute.filter((m) => now - m.at < 60000);
    const took = minute.map((m) => m.took).sort((a, b) => a - b);
    const of = (/** @type {string[]} */ ...names) => minute.filter((m) => names.includes(m.colour)).length;
    return {
      scans_minute: minute.length, verdicts: { admitted: of('green', 'green_offline'), refused: of('red'), ask: of('amber') },
      ...(took.length && { p95_ms: Math.round(took[Math.ceil(took.length * 0.95) - 1]) }),
    };
  }

  /** Sent away: everything by which somebody could be known goes. */
  async forget() {
    this.station.forget();
    this.recent.clear();
    batch(() => {
      shown.value = null;
      conflicts.value = [];
      later.value = { admitted: 0, refused: 0 };
    });
    await this.keep.wipe().catch(() => {});
    await this.count();
  }
}
