// tests/web/dayplan.test.mjs: a delay pushes only what it runs into, a break gives way, an anchor never moves
import test from 'node:test';
import assert from 'node:assert/strict';
import { daysOf, delayed, neighbour, squeezed } from '../../web/dayplan.js';

const T = Date.parse('2021-05-02T07:00:00Z');
const iso = (minutes) => new Date(T + minutes * 60000).toISOString();
const slot = (id, from, to, more = {}) => ({ id, session: id, room: 'r', start: iso(from), end: iso(to), state: 'planned', version: 1, ...more });
const at = (moves) => moves.map((m) => [m.slot, (Date.parse(m.start) - T) / 60000, (Date.parse(m.end) - T) / 60000]);

test('what stands free stays, what is run into is pushed, other rooms never', () => {
  const day = [slot('a', 0, 30), slot('b', 30, 60), slot('c', 70, 100), slot('x', 30, 60, { room: 'other' }), slot('gone', 30, 60, { state: 'cancelled' })];
  assert.deepEqual(at(delayed(day, 'a', 10)), [['a', 10, 40], ['b', 40, 70]]);
  assert.deepEqual(at(delayed(day, 'a', 15)), [['a', 15, 45], ['b', 45, 75], ['c', 75, 105]]);
  assert.deepEqual(delayed(day, 'nothing', 15), []);
});

test('a break gives way down to its least and then is pushed; an anchor stays', () => {
  const day = [slot('a', 0, 30), slot('tea', 30, 50, { min_s: 600 }), slot('b', 50, 80), slot('fixed', 80, 100, { anchor: true })];
  assert.deepEqual(at(delayed(day, 'a', 10)), [['a', 10, 40], ['tea', 40, 50]]);
  assert.deepEqual(at(delayed(day, 'a', 15)), [['a', 15, 45], ['tea', 45, 55], ['b', 55, 85]]);
});

test('property: nothing that was pushed overlaps, nobody gets less than its least, an anchor never moves', () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n;
  for (let run = 0; run < 500; run++) {
    const day = [];
    for (let i = 0, at = 0; i < 8; i++) {
      const length = 10 + random(50);
      day.push(slot(`s${i}`, at, at + length, random(4) === 0 ? { min_s: 300 } : random(6) === 0 ? { anchor: true } : {}));
      at += length + (random(3) ? 0 : random(20));
    }
    const moves = delayed(day, `s${random(8)}`, 5 + random(40));
    for (let i = 1; i < moves.length; i++) {
      const was = day.find((x) => x.id === moves[i].slot);
      const length = Date.parse(moves[i].end) - Date.parse(moves[i].start);
      assert.ok(moves[i].start >= moves[i - 1].end);
      assert.ok(!was.anchor && length >= Math.min(was.min_s ? was.min_s * 1000 : Infinity, Date.parse(was.end) - Date.parse(was.start)));
      assert.ok(moves[i].start >= was.start, 'nothing is pulled forward');
    }
  }
});

test('neighbours of different lengths fit between the same walls after a swap', () => {
  const day = [slot('a', 0, 20), slot('b', 30, 80), slot('c', 80, 100)];
  assert.deepEqual(at([squeezed(day, day[0], day[1])]), [['a', 60, 80]], 'b then takes 0 to 50, and the pause of ten minutes stays');
  assert.deepEqual(at([squeezed(day, day[1], day[0])]), [['a', 60, 80]]);
  assert.equal(squeezed(day, day[0], day[2]), null, 'another one lies between');
  assert.equal(squeezed(day, day[0], { ...day[1], room: 'other' }), null);
});

test('the neighbour, and the day to begin with', () => {
  const day = [slot('a', 0, 30), slot('b', 30, 60), slot('c', 60, 90)];
  assert.deepEqual([neighbour(day, day[0]).id, neighbour(day, day[2]).id, neighbour([day[0]], day[0])], ['b', 'b', null]);
  const key = (x) => new Date(x).toISOString().slice(0, 10);
  assert.deepEqual(daysOf([{ start: iso(0) }, { start: iso(3 * 1440) }], key, T + 1440 * 60000), { days: ['2021-05-02', '2021-05-05'], today: '2021-05-05' });
  assert.equal(daysOf([], key, T).today, '2021-05-02');
});
