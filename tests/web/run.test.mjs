// tests/web/run.test.mjs: what the one big button does next, and that a press made without network shows at once; presses kept in their order
import test from 'node:test';
import assert from 'node:assert/strict';
import { applyRoom, countdown, pressed, roomFrom, runOf } from '../../web/run.js';
import { pressesOf } from '../../web/ui/presses.js';

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

/** A page's presses over a server that answers as it is told, and what the browser keeps. */
function pressesOn(answers, kept = '[]') {
  const store = { text: kept, getItem: () => store.text, setItem: (_name, text) => (store.text = text) };
  const page = { open: true, me: 'ana' };
  const sent = [];
  const reached = [];
  const later = [];
  const conn = { call: async (method, params) => {
    sent.push(`${method} ${params.n}`);
    const a = answers.shift();
    if (a?.fault) throw a;
    return { positions: params.n, ...a };
  }, channels: { reached: (at) => new Promise((done) => reached.push([at, done])) } };
  const own = pressesOf({ place: 'x', store: () => store, open: () => page.open, may: (p) => p.who === page.me, refusal: (e, p) => (e.fault === 'busy' ? null : `${e.fault} ${p.params.n}`), later: (what) => later.push(what) });
  const press = (n, who = 'ana') => own.press(conn, { method: 'do', params: { n }, who });
  return { ...own, press, flush: () => own.flush(conn), page, sent, reached, later, stored: () => JSON.parse(store.text) };
}
const numbers = (list) => list.map((p) => p.params.n);

test('presses go one after the other, each once, and show until what they did has been heard', async () => {
  const p = pressesOn([]);
  const all = [p.press(1), p.press(2)];
  assert.deepEqual(numbers(p.presses.value), [1, 2]);
  assert.deepEqual((await Promise.all(all)).map((r) => r.positions), [1, 2]);
  assert.deepEqual(p.sent, ['do 1', 'do 2']);
  assert.deepEqual([numbers(p.presses.value), p.presses.value.every((x) => x.sent)], [[1, 2], true]);
  p.reached[0][1]();
  await Promise.resolve();
  assert.deepEqual(numbers(p.presses.value), [2]);
});

test('without a connection they are kept, also over a reload; what was sent is not sent again', async () => {
  const p = pressesOn([]);
  p.page.open = false;
  void p.press(1);
  void p.press(2, 'bo');
  assert.deepEqual([p.sent, numbers(p.stored())], [[], [1, 2]]);
  const again = pressesOn([], JSON.stringify([...p.stored(), { key: 'k', method: 'do', params: { n: 3 }, who: 'ana', sent: true }]));
  assert.deepEqual(numbers(again.presses.value), [1, 2]);
  await again.flush();
  assert.deepEqual(again.sent, ['do 1'], 'each for who made it');
  again.page.me = 'bo';
  await again.flush();
  assert.deepEqual(again.sent, ['do 1', 'do 2']);
});

test('one that may work later stays in front and is sent again by itself; one that is refused goes, says why, and the next is sent', async () => {
  const p = pressesOn([{ fault: 'busy' }, { fault: 'late' }, {}]);
  const first = p.press(1);
  const next = p.press(2);
  await p.flush();
  await new Promise((done) => setImmediate(done));
  assert.deepEqual([p.sent, numbers(p.presses.value), p.refused.value, p.later.length], [['do 1'], [1, 2], '', 1]);
  await p.later[0]();
  assert.deepEqual(p.sent, ['do 1', 'do 1', 'do 2']);
  assert.deepEqual([await first, (await next).positions, p.refused.value], [null, 2, 'late 1']);
  assert.deepEqual(numbers(p.stored().filter((x) => !x.sent)), []);
});
