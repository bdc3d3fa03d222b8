// web/protocol.js: the only file that owns a connection: call → promise, event → callback, over WebSocket or an event stream
import { Fault, SseParser, backoff, closeAction, messages, retryDelay, uuid } from './wire.js';
import { Channels } from './channels.js';
import { whoIs } from './identity.js';

/**
 * @typedef {{person: {id: string, name: string} | null, station: any, roles: string[], conference: {id: string, slug: string, title: string, zone: string},
 *   now: string, time: string, epoch: string, expires?: string, ping: number}} Session
 * @typedef {{token?: string, guest?: string, ticket?: string, cookie?: boolean}} Credentials
 * @typedef {{state: 'connecting' | 'open' | 'waiting' | 'refused' | 'signed-out', transport: 'ws' | 'sse', since: number, code?: number, fault?: string}} Status
 * @typedef {{method: string, params: any, tries: number, sent: boolean, once?: boolean, brief?: boolean, resolve: (v: any) => void, reject: (e: Fault) => void}} Pending
 */

/** An answer that has not come by then was lost. */
const BRIEF_MS = 10000;
const offline = () => new Fault({ message: 'offline', data: { fault: 'offline' } });

export class Connection {
  /** @param {{credentials: () => Promise<Credentials>, base?: string}} options */
  constructor({ credentials, base = location.origin }) {
    this.credentials = credentials;
    this.base = base;
    /** @type {Status} */
    this.status = { state: 'connecting', transport: 'ws', since: performance.now() };
    /** @type {Session | null} */
    this.session = null;
    this.onStatus = (/** @type {Status} */ _s) => {};
    this.onSession = (/** @type {Session} */ _s) => {};
    this.onRoles = (/** @type {string[]} */ _roles) => {};
    /** @type {Map<number, Pending>} */
    this.pending = new Map();
    this.nextId = 1;
    this.channels = new Channels((names) => this.ask(names));
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {AbortController | null} */
    this.stream = null;
    /** @type {Credentials} */
    this.who = {};
    this.attempt = 0;
    this.failures = 0;
    this.serial = 0;
    /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
    this.timers = {};
    addEventListener('online', () => this.hurry());
    addEventListener('offline', () => this.cut());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.hurry());
  }

  start() {
    this.open();
    return this;
  }

  /** Waiting for the back-off is pointless when the network or the reader has just come back. */
  hurry() {
    if (this.status.state === 'waiting') this.later(50 + Math.random() * 450);
  }

  /** Without any network the silence would be noticed half a minute later; until then a page would seem to be up to date. */
  cut() {
    if (this.status.state !== 'open') return;
    this.drop();
    this.later(backoff(this.attempt++));
  }

  /** New credentials (signed in or out): the same page goes on as somebody else. */
  renew() {
    this.channels.map.forEach((c) => (c.cursor = null));
    this.attempt = 0;
    this.drop();
    this.open();
  }

  /** @param {Status['state']} state @param {Partial<Status>} [more] */
  say(state, more) {
    const transport = this.failures >= 2 ? 'sse' : 'ws';
    this.status = { state, transport, since: state === this.status.state ? this.status.since : performance.now(), ...more };
    this.onStatus(this.status);
  }

  /** @param {string} name @param {number} ms @param {() => void} then */
  timer(name, ms, then) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(then, ms);
  }

  drop() {
    this.serial++;
    for (const name of ['silence', 'upgrade', 'again', 'bye']) clearTimeout(this.timers[name]);
    const { socket, stream } = this;
    this.socket = null;
    this.stream = null;
    socket?.close();
    stream?.abort();
    this.channels.lost();
    for (const [id, p] of this.pending) {
      if (p.once || p.brief) this.pending.delete(id);
      else p.sent = false;
      if (p.brief) p.reject(offline());
    }
  }

  /** @param {number} ms */
  later(ms) {
    this.say('waiting');
    this.timer('again', ms, () => this.open());
  }

  async open() {
    this.drop();
    const serial = this.serial;
    if (this.status.state !== 'waiting') this.say('connecting');
    try {
      this.who = await this.credentials();
    } catch {
      if (serial === this.serial) this.later(backoff(this.attempt++));
      return;
    }
    if (serial !== this.serial) return;
    if (this.failures >= 2) this.openStream();
    else this.openSocket();
  }

  openSocket() {
    const socket = new WebSocket(`${this.base.replace(/^http/, 'ws')}/ws`, 'plenum.v1');
    this.socket = socket;
    let greeted = false;
    const mine = () => this.socket === socket;
    this.timer('upgrade', 8000, () => {
      if (!mine()) return;
      if (navigator.onLine !== false) this.failures = 2;
      this.open();
    });
    socket.onopen = () => {
      const { ticket, token, guest } = this.who;
      const params = token ? { token } : ticket ? { ticket } : { guest };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'session.open', params }));
    };
    socket.onmessage = (e) => {
      if (!mine()) return;
      clearTimeout(this.timers.upgrade);
      this.heard();
      for (const message of messages(e.data)) {
        if (message.id === 0 && !message.method) {
          if (message.error) this.refused(new Fault(message.error));
          else {
            greeted = true;
            this.opened(message.result);
          }
        } else this.message(message);
      }
    };
    socket.onclose = (e) => {
      if (!mine()) return;
      this.drop();
      // Without any network the other way would fail alike, and say nothing about this one.
      if (!greeted && e.code === 1006 && navigator.onLine !== false) this.failures++;
      const action = closeAction(e.code);
      if (action === 'stay') this.say('refused', { code: e.code });
      else if (action === 'renew') this.renewed();
      else if (action === 'drain') this.later(this.drainDelay ?? Math.random() * 5000);
      else this.later(backoff(this.attempt++));
    };
  }

  /** The server wants another ticket or token. A token cannot be renewed by the page: its owner must sign in or pair again. */
  renewed() {
    if (this.who.token) this.say('signed-out');
    else this.later(backoff(0));
  }

  /** @param {Fault} fault */
  refused(fault) {
    this.drop();
    if (fault.fault === 'busy' || fault.fault === 'limit.rate' || fault.fault === 'internal') this.later(fault.data.retry_after_ms ?? backoff(this.attempt++));
    else if (fault.fault.startsWith('auth.') && this.who.ticket && this.attempt++ < 3) this.later(backoff(this.attempt));
    else if (fault.fault.startsWith('auth.') || (fault.fault === 'denied' && this.who.token)) this.say('signed-out', { fault: fault.fault });
    else this.say('refused', { fault: fault.fault });
  }

  /** @param {Session} session */
  opened(session) {
    this.attempt = 0;
    if (this.socket) this.failures = 0;
    this.drainDelay = undefined;
    if (this.session && session.person?.id !== this.session.person?.id) this.disown();
    if (session.person?.id !== this.session?.person?.id || session.conference.id !== this.session?.conference.id) this.channels.map.forEach((c) => (c.cursor = null));
    this.session = session;
    this.heard();
    this.onSession(session);
    this.say('open');
    this.ask(this.channels.names());
    for (const [id, p] of this.pending) if (!p.sent) this.send(id, p);
  }

  /** Somebody else sits here now: what the one before wrote and nobody has answered is not theirs to send. */
  disown() {
    for (const [id, p] of this.pending) {
      if (!['key', 'question', 'scan_id'].some((name) => name in p.params)) continue;
      this.pending.delete(id);
      p.reject(new Fault({ message: 'auth.required', data: { fault: 'auth.required' } }));
    }
  }

  heard() {
    const interval = this.session?.ping || 25;
    this.timer('silence', interval * 1000 + 10000, () => {
      this.drop();
      this.later(backoff(this.attempt++));
    });
  }

  /** @param {import('./wire.js').Message} m */
  message(m) {
    if (m.method === 'event') this.channels.event(m.params);
    else if (m.method === 'tick') this.channels.tick(m.params);
    else if (m.method === 'resync') this.ask(m.params.channels);
    else if (m.method === 'ping') {
      this.socket?.send('{"jsonrpc":"2.0","method":"pong"}');
      this.channels.heads(m.params?.heads);
    } else if (m.method === 'session.changed') {
      if (this.session && m.params?.roles) {
        const person = this.session.person && m.params.mode ? { ...this.session.person, mode: m.params.mode } : this.session.person;
        this.session = { ...this.session, roles: m.params.roles, person };
      }
      this.onRoles(m.params?.roles || []);
    } else if (m.method === 'bye') {
      const [from, to] = m.params?.after || [0, 5000];
      const delay = from + Math.random() * (to - from);
      this.drainDelay = delay;
      this.timer('bye', delay, () => this.open());
    } else if (typeof m.id === 'number') this.answer(m.id, m);
  }

  /** @param {number} id @param {import('./wire.js').Message} m */
  answer(id, m) {
    const p = this.pending.get(id);
    if (!p) return;
    if (!m.error) {
      this.pending.delete(id);
      p.resolve(m.result);
      return;
    }
    const fault = new Fault(m.error);
    p.tries++;
    const wait = retryDelay(fault, p.tries);
    if (wait === null) {
      this.pending.delete(id);
      p.reject(fault);
    } else {
      p.sent = false;
      setTimeout(() => this.pending.has(id) && !p.sent && this.status.state === 'open' && this.send(id, p), wait);
    }
  }

  /**
   * A call waits through a lost connection and is sent again afterwards: every write carries its key or its own id.
   * @param {string} method @param {any} [params] @returns {Promise<any>}
   */
  call(method, params = {}) {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const p = { method, params, tries: 0, sent: false, resolve, reject };
      this.pending.set(id, p);
      if (this.status.state === 'open') this.send(id, p);
    });
  }

  /** A call for now or not at all: refused as `offline` without a connection, when it is lost before the answer, and when none comes in ten seconds. @param {string} method @param {any} [params] @returns {Promise<any>} */
  brief(method, params = {}) {
    if (this.status.state !== 'open') return Promise.reject(offline());
    const id = this.nextId;
    const done = this.call(method, params);
    const p = this.pending.get(id);
    if (p) p.brief = true;
    const end = setTimeout(() => this.pending.delete(id) && p?.reject(offline()), BRIEF_MS);
    return done.finally(() => clearTimeout(end));
  }

  /** A keyed write. @param {string} method @param {any} params */
  write(method, params) {
    return this.call(method, { ...params, key: uuid() });
  }

  /** @param {number} id @param {Pending} p */
  send(id, p) {
    p.sent = true;
    if (this.socket) this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: p.method, params: p.params }));
    else this.post(id, p);
  }

  /** @param {string} name @param {import('./channels.js').Follower} follower @param {import('./wire.js').Cursor} [since] what the follower knows already @returns {() => void} stop following */
  subscribe(name, follower, since) {
    const added = this.channels.add(name, follower);
    const channel = this.channels.map.get(name);
    if (channel) channel.cursor = (added && since) || null;
    if (this.status.state === 'open') this.ask([name]);
    return () => {
      if (!this.channels.remove(name, follower) || this.status.state !== 'open') return;
      if (this.socket) this.call('channel.unsubscribe', { channels: [name] }).catch(() => {});
      else this.reopenStream();
    };
  }

  /** Start again from a snapshot. @param {string} name */
  resnapshot(name) {
    this.channels.forget(name);
    if (this.status.state === 'open') this.ask([name]);
  }

  /** @param {string[]} names */
  ask(names) {
    if (!names.length || this.status.state !== 'open') return;
    if (!this.socket) {
      this.reopenStream();
      return;
    }
    for (let i = 0; i < names.length; i += 64) {
      const channels = this.channels.request(names.slice(i, i + 64));
      const serial = this.serial;
      if (!channels.length) continue;
      const id = this.nextId++;
      const done = (/** @type {any} */ result) => serial === this.serial && result.channels.forEach((/** @type {any} */ c) => this.channels.reply(c));
      this.pending.set(id, { method: 'channel.subscribe', params: { channels }, tries: 0, sent: true, once: true, resolve: done, reject: () => {
        this.channels.lost();
        this.channels.later(names);
      } });
      this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'channel.subscribe', params: { channels } }));
    }
  }

  // Where WebSocket is blocked: the same frames as server-sent events, read with fetch so that one path serves cookie, guest and token.

  /** @param {string} path @param {Record<string, string>} [query] */
  address(path, query = {}) {
    const url = new URL(path, this.base);
    for (const [k, v] of Object.entries(query)) url.searchParams.set(k, v);
    if (this.who.guest !== undefined) url.searchParams.set('guest', this.who.guest);
    return url;
  }

  headers() {
    /** @type {Record<string, string>} */
    const headers = { 'Content-Type': 'application/json' };
    if (this.who.token) headers.Authorization = `Bearer ${this.who.token}`;
    return headers;
  }

  /** @param {string} method @param {any} params */
  async rpc(method, params) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const reply = await fetch(this.address('/rpc'), { method: 'POST', credentials: 'same-origin', headers: this.headers(), body });
    const json = await reply.json().catch(() => null);
    if (json?.error) throw new Fault(json.error);
    if (reply.ok && json) return json.result;
    const fault = { 401: 'auth.required', 403: 'denied', 413: 'limit.size', 429: 'limit.rate' }[reply.status] || 'busy';
    throw new Fault({ message: json?.message, data: { retry_after_ms: 1000, ...json, fault: json?.fault || fault } });
  }

  /** @param {number} id @param {Pending} p */
  async post(id, p) {
    const serial = this.serial;
    try {
      this.answer(id, { id, result: await this.rpc(p.method, p.params) });
    } catch (e) {
      if (e instanceof Fault) this.answer(id, { id, error: { code: e.code, message: e.message, data: e.data } });
      else {
        p.sent = false;
        if (serial === this.serial) this.lostStream();
      }
    }
  }

  async openStream() {
    const serial = this.serial;
    try {
      const session = await whoIs((method, params) => this.rpc(method, params), this.who, this.session, this.base);
      if (serial !== this.serial) return;
      this.opened(session);
      if (!this.stream) this.reopenStream();
    } catch (e) {
      if (serial !== this.serial) return;
      if (e instanceof Fault) this.refused(e);
      else this.lostStream();
    }
  }

  lostStream() {
    this.drop();
    // Both ways fail alike when the network is gone: try WebSocket again next time.
    this.failures = this.attempt % 2 ? 2 : 0;
    this.later(backoff(this.attempt++));
  }

  /** The set of channels is part of the address: another set is another request, each channel from where it was. */
  reopenStream() {
    this.timer('stream', 30, () => this.readStream());
  }

  async readStream() {
    this.stream?.abort();
    const stream = new AbortController();
    this.stream = stream;
    const names = this.channels.names();
    if (!names.length) return;
    const channels = this.channels.request(names);
    try {
      const url = this.address('/events', { channels: JSON.stringify(channels) });
      const reply = await fetch(url, { credentials: 'same-origin', headers: { ...this.headers(), Accept: 'text/event-stream' }, signal: stream.signal });
      if (!reply.ok || !reply.body) throw new Error(`events ${reply.status}`);
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new SseParser();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) throw new Error('ended');
        this.heard();
        for (const frame of parser.push(value)) {
          for (const m of messages(frame)) {
            if (m.id === 0 && m.result) m.result.channels.forEach((/** @type {any} */ c) => this.channels.reply(c));
            else this.message(m);
          }
        }
      }
    } catch {
      if (this.stream === stream && !stream.signal.aborted) this.lostStream();
    }
  }
}
