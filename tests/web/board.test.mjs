// tests/web/board.test.mjs: what the station board calls trouble
import test from 'node:test';
import assert from 'node:assert/strict';
import { troubles } from '../../web/board.js';

const at = Date.parse('2021-05-02T08:30:00Z');
const ago = (ms) => new Date(at - ms).toISOString();
const fine = { id: '1', name: 'Kiosk A', profile: 'self_service', seen: ago(4000), online: true, said: { queue: 0, snapshot: { as_of: ago(20000) }, p95_ms: 12 } };
const what = (s) => troubles(s).map((x) => x.what);

test('a station that does its work is none', () => assert.deepEqual(what(fine), []));

test('never seen, silent, scans kept, no list, a clock that jumped, a printer, slowness', () => {
  assert.deepEqual(what({ ...fine, seen: null }), ['never']);
  assert.deepEqual(what({ ...fine, online: false }), ['offline']);
  assert.deepEqual(what({ ...fine, locked: true }), ['locked']);
  assert.deepEqual(troubles({ ...fine, said: { ...fine.said, queue: 3 } }), [{ what: 'queue', n: 3 }]);
  assert.deepEqual(what({ ...fine, said: {} }), ['no_snapshot']);
  assert.deepEqual(what({ ...fine, said: { ...fine.said, jumped: true } }), ['jumped']);
  assert.deepEqual(what({ ...fine, said: { ...fine.said, printer: 'offline' } }), ['printer']);
  assert.deepEqual(what({ ...fine, said: { ...fine.said, p95_ms: 1500 } }), ['slow']);
});

test('a board and a printer need no list', () => {
  assert.deepEqual(what({ ...fine, profile: 'board', said: {} }), []);
  assert.deepEqual(what({ ...fine, online: false, said: { snapshot: { as_of: ago(610000) } } }), ['offline']);
});
