// tests/web/protocol.test.mjs: the client's rules of plenum.v1: order, gaps, cursors, retries, close codes, streams
import test from 'node:test';
import assert from 'node:assert/strict';
import { Fault, SseParser, backoff, closeAction, messages, place, retryDelay, slugOf, under, uuid } from '../../web/wire.js';
import { Channels } from '../../web/channels.js';
import { webcrypto } from 'node:crypto';

// Debian's Node 18 has it, but not by the name that browsers know.
globalThis.crypto ??= webcrypto;

test('full jitter: within 0.1 and 30 s, growing to its ceiling', () => {
  assert.equal(backoff(0, () => 1), 500);
  assert.equal(backoff(3, () => 1), 4000);
  assert.equal(backoff(50, () => 1), 30000);
  assert.equal(backoff(50, () => 0), 100);
});

test('close codes by range', () => {
  const codes = { 4400: 'stay', 4408: 'stay', 4450: 'renew', 4451: 'renew', 4500: 'back-off', 4529: 'back-off', 4550: 'drain', 1006: 'back-off', 1012: 'back-off' };
  for (const [code, action] of Object.entries(codes)) assert.equal(closeAction(Number(code)), action, code);
});

test('positions: old ones are dropped, the next is taken, a later one is a gap', () => {
  assert.deepEqual([place(5, 4), place(5, 5), place(5, 6), place(5, 7), place(null, 1)], ['drop', 'drop', 'apply', 'gap', 'gap']);
});

test('retries: three at most, only where the same call may help', () => {
  const f = (fault, retry_after_ms) => new Fault({ code: -32020, message: '', data: { fault, retry_after_ms } });
  assert.equal(retryDelay(f('busy', 700), 1), 700);
  assert.equal(retryDelay(f('unknown_outcome'), 1, () => 1), 1000);
  assert.equal(retryDelay(f('busy', 700), 3), null);
  assert.equal(retryDelay(f('limit.rate'), 1), null);
  assert.equal(retryDelay(f('limit.rate', 900), 1), 900);
  assert.equal(retryDelay(f('conflict', 900), 1), null);
});

test('a frame holds one message or several', () => {
  assert.equal(messages('{"id":1}').length, 1);
  assert.equal(messages('[{"id":1},{"id":2}]').length, 2);
});

test('server-sent events survive any cut, comments and all three line ends', () => {
  const text = ': hello\n\ndata: {"a":1}\r\n\r\nevent: x\ndata: one\ndata: two\n\ndata:tight\n\n';
  for (let size = 1; size < text.length; size++) {
    const p = new SseParser();
    const out = [];
    for (let i = 0; i < text.length; i += size) out.push(...p.push(text.slice(i, i + size)));
    assert.deepEqual(out, ['{"a":1}', 'one\ntwo', 'tight'], `cut every ${size}`);
  }
});

test('the address names the conference', () => {
  assert.deepEqual([slugOf('/attend'), slugOf('/e/camp/attend'), slugOf('/e/camp'), slugOf('/e/')], ['', 'camp', 'camp', '']);
  assert.deepEqual([under('', '/now.json'), under('camp', '/now.json')], ['/now.json', '/e/camp/now.json']);
  assert.match(uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

/** A channel being followed, what it heard, and what it asked for. */
function following() {
  const heard = [];
  const asked = [];
  const channels = new Channels((names) => {
    asked.push(...names);
    channels.request(names);
  });
  channels.add('c', { snapshot: (d) => heard.push(['snapshot', d]), event: (t, d, n) => heard.push([t, n]), tick: (y) => heard.push(['tick', y]), fault: (f) => heard.push(['fault', f]) });
  const event = (position) => channels.event({ channel: 'c', position, type: 'e', data: {} });
  return { channels, heard, asked, event };
}

test('a snapshot, then events in order; what was seen is not seen twice', () => {
  const { channels, heard, asked, event } = following();
  assert.deepEqual(channels.request(['c']), [{ name: 'c' }]);
  channels.reply({ name: 'c', epoch: 'e', position: 4, snapshot: { n: 4 }, tally: [['q', 1]] });
  event(4);
  event(5);
  event(5);
  event(6);
  assert.deepEqual(heard, [['snapshot', { n: 4 }], ['tick', [['q', 1]]], ['e', 5], ['e', 6]]);
  assert.deepEqual(asked, []);
  assert.deepEqual(channels.request(['c']), [{ name: 'c', since: { epoch: 'e', position: 6 } }]);
});

test('a write is waited for until its own events are here: through a lost connection, not for what nobody follows', async () => {
  const { channels, heard, event } = following();
  const there = [];
  const wait = (name, positions) => void channels.reached(positions).then(() => there.push([name, heard.length]));
  const turn = () => new Promise((done) => setTimeout(done));
  channels.request(['c']);
  wait('before the snapshot', { c: 4 });
  channels.reply({ name: 'c', epoch: 'e', position: 4, snapshot: {} });
  wait('nothing followed', { other: 9 });
  wait('nothing written', undefined);
  wait('the next', { c: 5, other: 9 });
  wait('lost on the way', { c: 6 });
  await turn();
  assert.deepEqual(there, [['before the snapshot', 1], ['nothing followed', 1], ['nothing written', 1]]);
  event(5);
  await turn();
  assert.deepEqual(there.slice(3), [['the next', 2]]);
  channels.lost();
  channels.request(['c']);
  await turn();
  assert.equal(there.length, 4);
  channels.reply({ name: 'c', epoch: 'e', position: 6, events: [{ position: 6, type: 'e', data: {} }] });
  await turn();
  assert.deepEqual(there.slice(4), [['lost on the way', 3]]);
  wait('another epoch', { c: 99 });
  channels.request(['c']);
  channels.reply({ name: 'c', epoch: 'f', position: 1, snapshot: {} });
  wait('no longer followed', { c: 99 });
  channels.remove('c', [...channels.map.get('c').followers][0]);
  await turn();
  assert.deepEqual(there.slice(5).map(([name]) => name), ['another epoch', 'no longer followed']);
});

test('events that overtake the reply wait for it', () => {
  const { channels, heard, event } = following();
  channels.request(['c']);
  event(5);
  event(6);
  channels.reply({ name: 'c', epoch: 'e', position: 5, snapshot: {} });
  assert.deepEqual(heard, [['snapshot', {}], ['e', 6]]);
});

test('a gap is asked for once, and closed from the log', () => {
  const { channels, heard, asked, event } = following();
  channels.request(['c']);
  channels.reply({ name: 'c', epoch: 'e', position: 1, snapshot: {} });
  event(4);
  event(5);
  assert.deepEqual(asked, ['c']);
  channels.reply({ name: 'c', epoch: 'e', position: 4, events: [2, 3, 4].map((position) => ({ position, type: 'e', data: {} })) });
  assert.deepEqual(heard.slice(1), [['e', 2], ['e', 3], ['e', 4], ['e', 5]]);
});

test('a ping that names a higher head reveals a lost push', () => {
  const { channels, asked } = following();
  channels.request(['c']);
  channels.reply({ name: 'c', epoch: 'e', position: 3, snapshot: {} });
  channels.heads({ c: 3, unknown: 9 });
  assert.deepEqual(asked, []);
  channels.heads({ c: 4 });
  assert.deepEqual(asked, ['c']);
});

test('a lost connection resumes from its cursor; a forgotten one from a snapshot', () => {
  const { channels } = following();
  channels.request(['c']);
  channels.reply({ name: 'c', epoch: 'e', position: 3, snapshot: {} });
  channels.lost();
  assert.deepEqual(channels.request(['c']), [{ name: 'c', since: { epoch: 'e', position: 3 } }]);
  channels.forget('c');
  assert.deepEqual(channels.request(['c']), [{ name: 'c' }]);
});

test('a denied channel tells its follower and is not asked for by pings', () => {
  const { channels, heard, asked } = following();
  channels.request(['c']);
  channels.reply({ name: 'c', fault: 'denied' });
  channels.heads({ c: 9 });
  assert.deepEqual([heard, asked], [[['fault', 'denied']], []]);
});

test('a channel for which the server has no time now is asked for again, and nobody is told of a refusal', async () => {
  const { channels, heard, asked } = following();
  channels.request(['c']);
  channels.reply({ name: 'c', fault: 'busy' });
  assert.deepEqual(asked, []);
  for (let i = 0; i < 300 && asked.length === 0; i++) await new Promise((done) => setTimeout(done, 50));
  assert.deepEqual([heard, asked], [[], ['c']]);
  channels.reply({ name: 'c', epoch: 'e', position: 3, snapshot: {} });
  assert.equal(heard.length, 1);
});
