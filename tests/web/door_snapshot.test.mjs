// tests/web/door_snapshot.test.mjs: the snapshot's file, its keys and bodies, and what events make of it
import test from 'node:test';
import assert from 'node:assert/strict';
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { keysOf, openBody, readCode, checkLetter } from '../../web/kiosk/code.js';
import { Snapshot, SnapshotFile } from '../../web/kiosk/snapshot.js';

const CONFERENCE = '7b1c8a52-0d1e-4e55-9f5e-0a4c6d3b2f10';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const code = () => {
  const text = [...randomBytes(19)].map((b) => LETTERS[b % 32]).join('');
  return text + checkLetter(text);
};
const derive = (c, info, n) => Buffer.from(hkdfSync('sha256', c, CONFERENCE, info, n));

/** One row as the server makes it. */
function record(c, { status = 0, at = 0, station = 65535, body }) {
  const ticket = derive(c, 'plenum ticket key', 16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derive(c, 'plenum ticket body', 32), nonce);
  cipher.setAAD(ticket);
  const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(body)), cipher.final(), cipher.getAuthTag()]);
  const fixed = Buffer.alloc(9);
  fixed.writeUInt8(status, 0);
  fixed.writeUInt32BE(at, 1);
  fixed.writeUInt16BE(station, 5);
  fixed.writeUInt16BE(sealed.length, 7);
  return Buffer.concat([ticket, fixed, sealed]);
}

function file(records, more = {}) {
  const head = Buffer.from(JSON.stringify({ v: 1, list: { id: 'l', name: 'Door', opens: '2021-05-02T06:00:00Z' }, rules: [], categories: [{ id: 'c1', name: 'Speaker' }], notes: [{ id: 'n1', text: 'Hand over a lanyard', confirm: false }, { id: 'n2', category: 'c1', text: 'Call the host', confirm: true }],
    stations: ['Kiosk A'], as_of: '2021-05-02T07:00:00Z', zone: 'Europe/Copenhagen', conference: CONFERENCE, count: records.length, positions: { door: { epoch: 'e', position: 1 }, list: { epoch: 'e', position: 4 } }, ...more }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  const all = Buffer.concat([size, head, ...records]);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.length);
}

const one = code();
const two = code();
const ticket = (c) => derive(c, 'plenum ticket key', 16).toString('hex');

test('A11: a code is read as it was meant, and anything else is none', () => {
  assert.equal(readCode(one), one);
  assert.equal(readCode(` ${one.toLowerCase().replace(/(.{5})/g, '$1-')} `), one);
  assert.equal(readCode(`]Q3${one}`), one);
  assert.equal(readCode(one.slice(1)), null, 'cut short');
  assert.equal(readCode(`${one}A`), null, 'one too many');
  const at = 7;
  const flipped = one.slice(0, at) + LETTERS[(LETTERS.indexOf(one[at]) + 1) % 32] + one.slice(at + 1);
  assert.equal(readCode(flipped), null, 'one letter wrong');
  assert.equal(readCode(one.replaceAll('O', '0').replaceAll('I', '1').replaceAll('B', '8')), one, 'as people write them');
});

test('the row is found and opened by the shown code alone; A28: the tag is checked', async () => {
  const snapshot = new Snapshot(new SnapshotFile(file([record(one, { status: 1, at: 1619938800, station: 0, body: { n: 'Anna B.', c: 'c1', t: [{ id: 'p', text: 'Headset', confirm: true }] } }), record(two, { body: { n: 'Bo C.' } })])));
  const keys = await keysOf(one, CONFERENCE);
  assert.equal(keys.ticket, ticket(one));
  const row = snapshot.row(keys.ticket);
  assert.deepEqual([row.status, row.at, row.station], ['inside', 1619938800, 'Kiosk A']);
  const body = await openBody(row.body, keys);
  assert.equal(body.n, 'Anna B.');
  assert.deepEqual(snapshot.notes(body).map((n) => n.id), ['n1', 'n2', 'p']);
  assert.deepEqual(snapshot.notes(null).map((n) => n.id), ['n1']);
  assert.equal(await openBody(row.body, await keysOf(two, CONFERENCE)), null, 'another code opens nothing');
  const bent = row.body.slice();
  bent[bent.length - 1] ^= 1;
  assert.equal(await openBody(bent, keys), null, 'a bent tag opens nothing');
  assert.equal(snapshot.row(ticket(code())), null);
  assert.notEqual((await keysOf(one, '00000000-0d1e-4e55-9f5e-0a4c6d3b2f10')).ticket, ticket(one), 'another conference, another row');
});

test('A28: no name stands in the file', () => {
  const bytes = Buffer.from(file([record(one, { body: { n: 'Wilhelmine Unverkennbar' } })]));
  for (const hidden of ['Wilhelmine', one]) assert.equal(bytes.includes(hidden), false);
});

test('a file cut short anywhere is refused', () => {
  const whole = file([record(one, { body: { n: 'A' } }), record(two, { body: { n: 'B' } })]);
  new SnapshotFile(whole);
  for (let n = 0; n < whole.byteLength; n += 7) assert.throws(() => new SnapshotFile(whole.slice(0, n)), `${n} bytes`);
});

test('events: in, out, undone, not shown; a revoked ticket stays revoked; valid asks the server', () => {
  const s = new Snapshot(new SnapshotFile(file([record(one, { body: { n: 'A' } })])));
  const t = ticket(one);
  const judged = (verdict, more = {}) => s.event('scan.judged', { ticket: t, verdict, direction: 'entry', at: '2021-05-02T08:00:00Z', station: { id: 's', name: 'Kiosk B' }, ...more });
  assert.equal(judged('admitted'), 'changed');
  assert.deepEqual([s.row(t).status, s.row(t).station], ['inside', 'Kiosk B']);
  assert.ok(s.row(t).body.length, 'what stands there is kept');
  assert.equal(judged('refused', { reason: 'duplicate' }), 'nothing');
  assert.equal(s.row(t).status, 'inside');
  judged('admitted', { direction: 'exit' });
  assert.equal(s.row(t).status, 'left');
  judged('admitted');
  s.event('scan.undone', { ticket: t });
  assert.equal(s.row(t).status, 'out');
  judged('admitted');
  judged('refused', { reason: 'not_shown' });
  assert.equal(s.row(t).status, 'out');
  judged('admitted');
  assert.equal(s.event('scan.left', { ticket: t, at: '2021-05-02T08:30:00Z' }), 'changed');
  assert.equal(s.row(t).status, 'left', 'went into another hall');
  judged('admitted');
  assert.equal(s.event('list.emptied', { list: 'l', at: '2021-05-02T07:59:00Z' }), 'nothing', 'came after that day had ended');
  assert.equal(s.event('list.emptied', { list: 'l', at: '2021-05-03T00:00:00Z' }), 'changed');
  assert.equal(s.row(t).status, 'left');
  assert.equal(s.event('ticket.changed', { ticket: t, status: 'revoked' }), 'changed');
  judged('admitted');
  assert.equal(s.row(t).status, 'revoked');
  assert.equal(s.event('ticket.changed', { ticket: t, status: 'valid' }), 'fetch');
  assert.equal(s.event('ticket.changed', {}), 'fetch', 'many at once');
  assert.equal(s.event('scan.judged', { verdict: 'refused' }), 'nothing');
  assert.deepEqual([...s.dirty.keys()], [t]);
});

test('a delta is merged over what was heard, its header counts, and all of it comes back from the disk', () => {
  const base = file([record(one, { body: { n: 'A' } })]);
  const s = new Snapshot(new SnapshotFile(base));
  s.event('ticket.changed', { ticket: ticket(one), status: 'revoked' });
  s.merge(new SnapshotFile(file([record(one, { status: 0, body: { n: 'A new' } }), record(two, { body: { n: 'B' } })], { as_of: '2021-05-02T09:00:00Z', list: { id: 'l', name: 'Door', closes: '2021-05-02T18:00:00Z' } })));
  assert.equal(s.row(ticket(one)).status, 'out');
  assert.equal(s.size, 2);
  assert.equal(s.header.as_of, '2021-05-02T09:00:00Z');
  assert.deepEqual(s.rules, { opens: null, closes: Date.parse('2021-05-02T18:00:00Z'), rules: [] });
  const again = new Snapshot(new SnapshotFile(base), [...s.dirty.values()], s.header);
  assert.equal(again.row(ticket(two)).status, 'out');
  assert.equal(again.rules.closes, s.rules.closes);
});

test('25,000 rows are read and the file stays under 4 MB', () => {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(80);
  const records = Array.from({ length: 25000 }, () => Buffer.concat([randomBytes(16), Buffer.from([0, 0, 0, 0, 0, 255, 255]), size, randomBytes(80)]));
  const buffer = file(records);
  assert.ok(buffer.byteLength < 4 * 1024 * 1024, `${buffer.byteLength}`);
  const s = new Snapshot(new SnapshotFile(buffer));
  assert.equal(s.size, 25000);
  assert.equal(s.row(records[12345].subarray(0, 16).toString('hex')).status, 'out');
});
