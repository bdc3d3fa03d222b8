// web/channels.js: the channels a page follows: cursors, order, gaps (no sockets; tested in Node)
import { place } from './wire.js';

/**
 * @typedef {import('./wire.js').Cursor} Cursor
 * @typedef {{
 *   snapshot?: (data: any, reply: any) => void,
 *   event?: (type: string, data: any, position: number) => void,
 *   tick?: (tally: [string, number][]) => void,
 *   fault?: (fault: string) => void,
 * }} Follower
 * @typedef {{name: string, cursor: Cursor | null, pending: boolean, early: any[], faulted: string | null, followers: Set<Follower>, latest: any}} Channel
 */

/** A server that has no time, or its database back in a moment, is asked again after this long and up to three times as long. */
const AGAIN_MS = 1000;

/** What a page follows, and how far it is in each. */
export class Channels {
  /** @param {(names: string[]) => void} ask called with channels that must be (re-)subscribed */
  constructor(ask) {
    this.ask = ask;
    /** @type {Map<string, Channel>} */
    this.map = new Map();
    /** @type {Set<() => boolean>} who waits for a channel to get somewhere; true: has waited long enough */
    this.waiting = new Set();
  }

  /** @param {string} name @param {Follower} follower @returns {boolean} whether the channel is new */
  add(name, follower) {
    const known = this.map.get(name);
    if (known) {
      known.followers.add(follower);
      return false;
    }
    this.map.set(name, { name, cursor: null, pending: false, early: [], faulted: null, followers: new Set([follower]), latest: null });
    return true;
  }

  /** @param {string} name @param {Follower} follower @returns {boolean} whether nobody follows it any more */
  remove(name, follower) {
    const channel = this.map.get(name);
    if (!channel) return false;
    channel.followers.delete(follower);
    if (channel.followers.size) return false;
    this.map.delete(name);
    this.moved();
    return true;
  }

  /**
   * Resolved when what is followed has got as far as a write's own events: until then a page shows the write by itself, also through a
   * connection lost between the reply and them. Channels that nobody follows, or may not, are not waited for.
   * @param {Record<string, number> | undefined} positions of the write's reply @returns {Promise<void>}
   */
  reached(positions) {
    const epochs = new Map([...this.map].map(([name, { cursor }]) => [name, cursor?.epoch]));
    const there = () => Object.entries(positions || {}).every(([name, position]) => {
      const channel = this.map.get(name);
      if (!channel || channel.faulted) return true;
      if (!channel.cursor) return false;
      const epoch = epochs.get(name);
      return channel.cursor.position >= position || (epoch !== undefined && epoch !== channel.cursor.epoch);
    });
    return new Promise((resolve) => {
      const look = () => there() && (resolve(), true);
      if (!look()) this.waiting.add(look);
    });
  }

  moved() {
    for (const look of this.waiting) if (look()) this.waiting.delete(look);
  }

  names() {
    return [...this.map.keys()];
  }

  /** The members of `channel.subscribe` for these channels; marks them as asked for. @param {string[]} names */
  request(names) {
    const out = [];
    for (const name of names) {
      const channel = this.map.get(name);
      if (!channel) continue;
      channel.pending = true;
      out.push(channel.cursor ? { name, since: channel.cursor } : { name });
    }
    return out;
  }

  /** A lost connection: nothing is on its way any more. */
  lost() {
    for (const channel of this.map.values()) {
      channel.pending = false;
      channel.early = [];
    }
  }

  /** Asked again in a while, whoever still follows it and was not answered meanwhile. @param {string[]} names */
  later(names) {
    const marks = names.map((name) => this.map.get(name)).filter((channel) => channel !== undefined);
    setTimeout(() => this.ask(marks.filter((channel) => this.map.get(channel.name) === channel && !channel.pending).map(({ name }) => name)), AGAIN_MS * (1 + 2 * Math.random()));
  }

  /** Forget how far we were, so that the next subscribe brings a snapshot. @param {string} name */
  forget(name) {
    const channel = this.map.get(name);
    if (channel) channel.cursor = null;
  }

  /** One member of a subscribe reply. @param {any} reply */
  reply(reply) {
    const channel = this.map.get(reply.name);
    if (!channel) return;
    channel.pending = false;
    const early = channel.early;
    channel.early = [];
    if (reply.fault === 'busy') {
      this.later([reply.name]);
      return;
    }
    if (reply.fault) {
      channel.faulted = reply.fault;
      for (const f of channel.followers) f.fault?.(reply.fault);
      this.moved();
      return;
    }
    channel.faulted = null;
    if (reply.snapshot !== undefined) {
      channel.cursor = { epoch: reply.epoch, position: reply.position };
      for (const f of channel.followers) f.snapshot?.(reply.snapshot, reply);
    } else {
      for (const event of reply.events || []) {
        const own = channel.cursor ? channel.cursor.position : -1;
        if (event.position <= own) continue;
        this.deliver(channel, event);
      }
      channel.cursor = { epoch: reply.epoch, position: reply.position };
    }
    if (reply.tally) for (const f of channel.followers) f.tick?.(reply.tally);
    for (const event of early) this.event(event);
    this.moved();
  }

  /** @param {Channel} channel @param {any} event */
  deliver(channel, event) {
    if (channel.cursor) channel.cursor = { epoch: channel.cursor.epoch, position: event.position };
    for (const f of [...channel.followers]) f.event?.(event.type, event.data, event.position);
    this.moved();
  }

  /** The params of an `event` notification. @param {any} event */
  event(event) {
    const channel = this.map.get(event.channel);
    if (!channel) return;
    // While a reply is on its way its position is not known yet: what arrives meanwhile is judged after it.
    if (channel.pending) {
      channel.early.push(event);
      return;
    }
    const where = place(channel.cursor ? channel.cursor.position : null, event.position);
    if (where === 'apply') this.deliver(channel, event);
    else if (where === 'gap') this.ask([channel.name]);
  }

  /** @param {{channel: string, tally: [string, number][]}} tick */
  tick(tick) {
    for (const f of this.map.get(tick.channel)?.followers || []) f.tick?.(tick.tally);
  }

  /** A ping names the heads of quiet channels: one above ours means a push was lost. @param {Record<string, number>} heads */
  heads(heads) {
    const behind = [];
    for (const [name, head] of Object.entries(heads || {})) {
      const channel = this.map.get(name);
      if (channel && !channel.pending && !channel.faulted && (!channel.cursor || head > channel.cursor.position)) behind.push(name);
    }
    if (behind.length) this.ask(behind);
  }
}
