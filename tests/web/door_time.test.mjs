// tests/web/door_time.test.mjs: a station's clock: offsets by heartbeat, drift, jumps, a restart without network (A06)
import test from 'node:test';
import assert from 'node:assert/strict';
import { StationClock } from '../../web/kiosk/time.js';

const REAL = Date.parse('2026-11-27T08:00:00Z');
const CONFERENCE = Date.parse('2021-05-02T08:00:00Z');
const iso = (ms) => new Date(ms).toISOString();

/** A machine whose clock is wrong by `wrong`, and a server that is not. */
function machine(wrong = 0) {
  const m = { t: 0, wrong, n: 0 };
  const source = { wall: () => REAL + m.t + m.wrong, mono: () => 5000 + m.t, id: () => `boot-${++m.n}` };
  /** One heartbeat whose ways take so long. */
  const beat = (clock, there = 20, back = 20) => {
    const sent = source.mono();
    m.t += there;
    const [time, real] = [iso(CONFERENCE + m.t), iso(REAL + m.t)];
    m.t += back;
    clock.heard(sent, time, real);
  };
  const error = (clock) => Math.abs(clock.now().time - (CONFERENCE + m.t));
  return { m, source, beat, error };
}

test('the best of the last eight heartbeats says how far off we are, and how sure', () => {
  const { m, source, beat, error } = machine(3 * 3600000);
  const clock = new StationClock(source);
  assert.equal(clock.now().uncert, Infinity);
  for (const way of [400, 900, 10, 700]) {
    beat(clock, way, way / 2);
    m.t += 10000;
  }
  assert.ok(error(clock) <= clock.now().uncert && clock.now().uncert < 15, `${error(clock)} within ${clock.now().uncert}`);
  assert.ok(Math.abs(clock.skew - 3 * 3600000) < 1000, 'a banner can say three hours');
  const stamp = clock.stamp();
  assert.equal(Date.parse(stamp.scanned_at), source.wall());
  assert.ok(Math.abs(Date.parse(stamp.scanned_at) + stamp.offset_ms - (CONFERENCE + m.t)) <= stamp.uncert_ms);
  for (let i = 0; i < 8; i++) beat(clock, 300, 300);
  assert.ok(clock.now().uncert > 100, 'the ninth is forgotten');
});

test('without heartbeats the doubt grows with age', () => {
  const { m, source, beat } = machine();
  const clock = new StationClock(source);
  beat(clock);
  const before = clock.now().uncert;
  m.t += 30 * 60000;
  assert.ok(clock.now().uncert > before + 100 && clock.now().uncert < before + 1000);
});

test('set back a day while running: another segment, the time goes on, the doubt stays', () => {
  const { m, source, beat, error } = machine();
  const clock = new StationClock(source);
  beat(clock);
  const first = clock.boot;
  m.t += 60000;
  assert.equal(clock.tick(), false);
  m.wrong -= 86400000;
  assert.equal(clock.tick(), true);
  assert.notEqual(clock.boot, first);
  assert.ok(clock.jumped);
  assert.ok(error(clock) <= clock.now().uncert && clock.now().uncert < 1000);
  const stamp = clock.stamp();
  assert.ok(Math.abs(Date.parse(stamp.scanned_at) + stamp.offset_ms - (CONFERENCE + m.t)) <= stamp.uncert_ms, 'the raw time is kept, the offset mends it');
});

test('set forward three hours, or asleep for three hours: nobody can tell which, and it says so until the next heartbeat', () => {
  const { m, source, beat, error } = machine();
  const clock = new StationClock(source);
  beat(clock);
  m.wrong += 3 * 3600000;
  clock.tick();
  assert.ok(clock.now().uncert >= 3 * 3600000);
  beat(clock);
  assert.ok(error(clock) <= clock.now().uncert && clock.now().uncert < 100);
});

test('jumping all the time: each jump its own segment, and a small step is none', () => {
  const { m, source, beat } = machine();
  const clock = new StationClock(source);
  beat(clock);
  const boots = new Set([clock.boot]);
  for (const by of [5000, -7000, 86400000, -86400000]) {
    m.t += 1000;
    m.wrong += by;
    boots.add(clock.stamp().boot_id);
  }
  assert.equal(boots.size, 5);
  m.wrong += 1500;
  assert.equal(clock.tick(), false);
});

test('after a restart without network: the stored offset, with an honest doubt', () => {
  const { m, source, beat, error } = machine(-86400000);
  const clock = new StationClock(source);
  beat(clock);
  const kept = clock.keep();
  m.t += 600000;
  const again = new StationClock(source, kept);
  assert.ok(error(again) <= again.now().uncert);
  assert.ok(again.now().uncert >= 30000 && again.now().uncert < 40000);
  assert.notEqual(again.boot, clock.boot);
  // The clock was set back while the machine was off: it is at least as late as it was.
  m.wrong -= 3600000;
  const back = new StationClock(source, kept);
  assert.ok(error(back) <= back.now().uncert && back.jumped);
});

test('the conference\'s clock was set: believed at once', () => {
  const { m, source, beat } = machine();
  const clock = new StationClock(source);
  beat(clock);
  clock.heard(source.mono(), iso(CONFERENCE + 86400000), iso(REAL + m.t));
  assert.ok(Math.abs(clock.now().time - (CONFERENCE + 86400000)) < 10);
});
