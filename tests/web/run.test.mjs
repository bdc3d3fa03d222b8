// tests/web/run.test.mjs: what the one big button does next, and that a press made without network shows at once
import test from 'node:test';
import assert from 'node:assert/strict';
import { applyRoom, countdown, pressed, roomFrom, runOf } from '../../web/run.js';

const T = Date.parse('2021-05-02T07:00:00Z');
const iso = (minutes) => new Date(T + minutes * 60000).toISOString();
const slot = (id, from, to, more = {}) => ({ id, session: id, room: 'r', start: iso(from), end: iso(to), state: 'planned', version: 1, ...more });
const three = () => [slot('a', 0, 30), slot('b', 30, 60), slot('c', 60, 90, { anchor: true })];

test('before the first: start it; while one runs: end it; when the next is due: start that', () => {
  assert.deepEqual([runOf(three(), T - 60000).action, runOf(three(), T - 60000).following[0].id], ['start', 'a']);
  const running = three().map((x) => (x.id === 'a' ? { ...x, state: 'running', started: iso(0) } : x));
  assert.deepEqual([runOf(running, T + 10 * 60000).action, runOf(running, T + 10 * 60000).current.id], ['end', 'a']);
  const due = runOf(running, T + 29 * 60000);
  assert.deepEqual([due.action, due.current.id, due.following[0].id], ['next', 'a', 'b']);
  assert.equal(runOf([], T).action, 'none');
});

test('one that nobody started is taken to be on, until another is or its time is over', () => {
  const { current, action } = runOf(three(), T + 5 * 60000);
  assert.deepEqual([current.id, current.state, action], ['a', 'planned', 'end']);
  assert.equal(runOf(three(), T + 2 * 60000).current, null, 'three minutes belong to whoever is late');
  const late = three().map((x) => (x.id === 'a' ? { ...x, expected_start: iso(20), expected_end: iso(50) } : x));
  assert.equal(runOf(late, T + 5 * 60000).current, null);
  assert.equal(runOf(three().map((x) => ({ ...x, state: 'cancelled' })), T + 5 * 60000).current, null);
  assert.equal(runOf(three(), T + 200 * 60000).action, 'none');
});

test('a kept press shows as the server will say it: starting one ends the one before', () => {
  const rows = pressed(three(), [
    { key: '1', method: 'slot.start', params: { slot: 'a', at: iso(4) }, person: 'p' },
    { key: '2', method: 'slot.add_time', params: { slot: 'a', seconds: 300 }, person: 'p' },
    { key: '3', method: 'slot.start', params: { slot: 'b', at: iso(40) }, person: 'p' },
  ]);
  assert.deepEqual(rows.map(({ state, expected_start, expected_end }) => [state, expected_start, expected_end]), [['ended', iso(4), iso(39)], ['running', iso(40), iso(70)], ['planned', undefined, undefined]]);
  assert.equal(pressed(three(), [{ key: '1', method: 'slot.end', params: { slot: 'a', at: iso(4) }, person: 'p', why: 'refused' }])[0].state, 'planned');
});

test('"we are on time", kept: the plan of the moment it was said; what was pressed after it stays', () => {
  const late = three().map((x) => (x.id === 'a' ? { ...x, state: 'running', started: iso(6), expected_start: iso(6), expected_end: iso(41), added: 300 } : { ...x, expected_start: iso(41) }));
  const said = (minutes) => [{ key: '1', method: 'slot.on_time', params: { room: 'r', at: iso(minutes) }, person: 'p' }];
  assert.deepEqual(pressed(late, said(10)).map((x) => [x.state, x.started, x.expected_start, x.expected_end]), [['running', iso(0), undefined, undefined], ['planned', undefined, undefined, undefined], ['planned', undefined, undefined, undefined]]);
  assert.deepEqual(pressed(late, said(35)).map((x) => [x.state, x.started, x.ended]), [['ended', iso(6), iso(30)], ['running', iso(30), undefined], ['planned', undefined, undefined]]);
  assert.deepEqual(pressed(late, said(5))[0], late[0], 'started since');
});

test('the room\'s events: whole slots, expected times back on plan, the alarm comes and goes', () => {
  let r = roomFrom({ room: { id: 'r', name: 'Hall' }, slots: three() });
  r = applyRoom(r, 'expected.changed', { room: 'r', slots: [{ slot: 'b', expected_start: iso(40), expected_end: iso(70), assumed: true }], alarm: { slot: 'c', deficit_s: 600 } });
  assert.deepEqual([r.slots[1].expected_start, r.slots[1].assumed, r.alarm.deficit_s], [iso(40), true, 600]);
  r = applyRoom(r, 'expected.changed', { room: 'r', slots: [{ slot: 'b', expected_start: iso(30), expected_end: iso(60) }], alarm: null });
  assert.deepEqual([r.slots[1].assumed, r.alarm], [undefined, null]);
  r = applyRoom(r, 'slot.started', { ...three()[0], state: 'running', started: iso(1) });
  assert.equal(r.slots[0].state, 'running');
  assert.equal(applyRoom(r, 'notice.published', {}), r);
});

test('figures', () => {
  assert.deepEqual([countdown(0), countdown(725000), countdown(-65000), countdown(3725000)], ['0:00', '12:05', '1:05', '1:02:05']);
});
