// tests/web/zone.test.mjs: wall-clock times by the server's offsets: both days of the change, a reader in New York, the night that belongs to the day before
import test from 'node:test';
import assert from 'node:assert/strict';
import { zoneFrom, mergeZone, offsetAt, wall, wallClock, wallDate, wallDay, isLong, distance } from '../../web/zone.js';

const copenhagen = zoneFrom([
  { from: '2020-10-25T01:00:00.000Z', seconds: 3600, name: 'CET' },
  { from: '2021-03-28T01:00:00.000Z', seconds: 7200, name: 'CEST' },
  { from: '2021-10-31T01:00:00.000Z', seconds: 3600, name: 'CET' },
]);
const newYork = zoneFrom([
  { from: '2021-11-07T06:00:00.000Z', seconds: -18000, name: 'EST' },
  { from: '2021-03-14T07:00:00.000Z', seconds: -14400, name: 'EDT' },
  { from: '2020-11-01T06:00:00.000Z', seconds: -18000, name: 'EST' },
]);
const at = (zone, instant) => wallClock(wall(zone, Date.parse(instant)));
const day = (zone, instant) => wallDay(wall(zone, Date.parse(instant)));

test('28 March 2021: the hour from two to three does not exist', () => {
  assert.deepEqual(['00:30', '00:59', '01:00', '01:30'].map((x) => at(copenhagen, `2021-03-28T${x}:00Z`)), ['01:30', '01:59', '03:00', '03:30']);
  assert.equal(offsetAt(copenhagen, Date.parse('2021-03-28T00:59:59.999Z')).name, 'CET');
  assert.equal(offsetAt(copenhagen, Date.parse('2021-03-28T01:00:00Z')).name, 'CEST');
});

test('31 October 2021: the hour from two to three is there twice, under two names', () => {
  assert.deepEqual(['00:30', '01:30', '02:30'].map((x) => at(copenhagen, `2021-10-31T${x}:00Z`)), ['02:30', '02:30', '03:30']);
  assert.deepEqual(['00:30', '01:30'].map((x) => offsetAt(copenhagen, Date.parse(`2021-10-31T${x}:00Z`)).name), ['CEST', 'CET']);
});

test('a reader in New York: six hours behind, five in the weeks when only one side has changed', () => {
  const apart = (x) => distance(offsetAt(newYork, Date.parse(x)).seconds - offsetAt(copenhagen, Date.parse(x)).seconds);
  assert.equal(apart('2021-05-02T07:00:00Z'), '−6 h');
  assert.equal(apart('2021-03-21T16:00:00Z'), '−5 h');
  assert.equal(apart('2021-11-01T12:00:00Z'), '−5 h');
  assert.equal(at(newYork, '2021-05-02T07:00:00Z'), '03:00');
  assert.equal(wallDate(wall(newYork, Date.parse('2021-05-02T02:00:00Z'))), '2021-05-01', 'still yesterday there');
});

test('the programme\'s day begins at four in the morning, on both days of the change too', () => {
  assert.equal(day(copenhagen, '2021-05-02T01:59:59Z'), '2021-05-01');
  assert.equal(day(copenhagen, '2021-05-02T02:00:00Z'), '2021-05-02');
  assert.equal(day(copenhagen, '2021-03-28T01:59:00Z'), '2021-03-27', '03:59 summer time');
  assert.equal(day(copenhagen, '2021-03-28T02:00:00Z'), '2021-03-28', '04:00 summer time');
  assert.equal(day(copenhagen, '2021-10-31T02:59:00Z'), '2021-10-30', '03:59 winter time');
  assert.equal(day(copenhagen, '2021-10-31T03:00:00Z'), '2021-10-31', '04:00 winter time');
});

test('half hours, no difference, and a hackathon of six weeks', () => {
  assert.equal(distance(12600), '+3:30 h');
  assert.equal(distance(0), '');
  assert.ok(isLong({ start: '2021-03-21T16:00:00Z', end: '2021-05-02T10:00:00Z' }));
  assert.ok(!isLong({ start: '2021-05-01T20:00:00Z', end: '2021-05-02T06:00:00Z' }));
});

test('a zone nobody has told us of writes nothing rather than something wrong', () => {
  assert.equal(at(zoneFrom(undefined), '2021-05-02T07:00:00Z'), '');
  assert.equal(wallDate(wall([], 0)), '');
});

test('newer offsets replace the older ones for the same span and leave the rest', () => {
  const fresh = zoneFrom([{ from: '2021-03-28T01:00:00Z', seconds: 10800, name: 'NEW' }]);
  const merged = mergeZone(copenhagen, fresh);
  assert.deepEqual(merged.map((o) => o.name), ['CET', 'NEW', 'CET']);
  assert.equal(mergeZone(copenhagen, []), copenhagen);
  // A list that begins inside a span says the same as the longer one.
  const part = mergeZone(copenhagen, zoneFrom([{ from: '2021-05-01T00:00:00Z', seconds: 7200, name: 'CEST' }]));
  assert.equal(at(part, '2021-04-01T10:00:00Z'), '12:00');
});
