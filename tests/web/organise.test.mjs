// tests/web/organise.test.mjs: the organiser's draft: events, days across the clock change, lanes, marks, two editors of one row
import test from 'node:test';
import assert from 'node:assert/strict';
import * as plan from '../../web/organise/plan.js';
import { addDays, dayOf, dayStart, tidyTime, timesOf, wall, withStart } from '../../web/organise/zone.js';

const zone = 'Europe/Copenhagen';
const slot = (id, start, end, more) => ({ id, session: 's1', room: 'r1', start, end, state: 'planned', version: 1, ...more });
const nine = slot('a', '2021-05-02T07:00:00.000Z', '2021-05-02T08:00:00.000Z');
const doc = () => ({
  conference: { title: 'T', version: 1 }, rooms: [{ id: 'r2', name: 'Lab', ord: 2, version: 1 }, { id: 'r1', name: 'Hall', ord: 1, version: 1 }], tracks: [], speakers: [],
  sessions: [{ id: 's1', title: 'One', version: 1, talks: [] }, { id: 's2', title: 'Two', version: 1, talks: [] }], slots: [nine],
});

test('rooms come in their order, and follow it when it changes', () => {
  const d = plan.draftFrom(doc());
  assert.deepEqual(d.rooms.map((r) => r.id), ['r1', 'r2']);
  const moved = plan.applyDraft(d, 'room.saved', { id: 'r1', name: 'Hall', ord: 3, version: 2 });
  assert.deepEqual(moved.rooms.map((r) => r.id), ['r2', 'r1']);
});

test('a slot moves, is cancelled and comes back; an older version changes nothing', () => {
  let d = plan.draftFrom(doc());
  d = plan.applyDraft(d, 'slot.moved', { ...nine, room: 'r2', version: 3 });
  assert.equal(d.slot.get('a').room, 'r2');
  assert.equal(plan.applyDraft(d, 'slot.moved', { ...nine, version: 2 }).slot.get('a').room, 'r2');
  d = plan.applyDraft(d, 'slot.cancelled', { ...nine, version: 4 });
  assert.equal(d.slot.get('a').state, 'cancelled');
  assert.deepEqual(plan.unplaced(d).map((s) => s.id), ['s1', 's2'], 'what is cancelled stands nowhere');
  d = plan.applyDraft(d, 'slot.changed', { ...nine, version: 5 });
  assert.deepEqual(plan.unplaced(d).map((s) => s.id), ['s2']);
});

test('a removed session takes its slots with it; an import or anything unknown is read again', () => {
  const d = plan.draftFrom(doc());
  const less = plan.applyDraft(d, 'session.removed', { id: 's1' });
  assert.deepEqual([less.slot.size, [...less.session.keys()]], [0, ['s2']]);
  assert.deepEqual(plan.applyDraft(d, 'room.removed', { id: 'r2' }).rooms.map((r) => r.id), ['r1']);
  assert.equal(plan.applyDraft(d, 'draft.imported', { slots: 4 }), null);
  assert.equal(plan.applyDraft(d, 'unheard.of', { id: 'x' }), null);
});

test('a day begins where its zone says, also when the clocks change and when midnight does not exist', () => {
  assert.equal(new Date(dayStart('2021-03-28', zone)).toISOString(), '2021-03-27T23:00:00.000Z');
  assert.equal(dayStart('2021-03-29', zone) - dayStart('2021-03-28', zone), 23 * 36e5);
  assert.equal(dayStart('2021-11-01', zone) - dayStart('2021-10-31', zone), 25 * 36e5);
  assert.equal(wall(dayStart('2018-11-04', 'America/Sao_Paulo'), 'America/Sao_Paulo'), '2018-11-04T01:00');
  assert.equal(wall(dayStart('2021-05-02', 'Pacific/Kiritimati'), 'Pacific/Kiritimati'), '2021-05-02T00:00');
  assert.equal(addDays('2021-02-28', 1), '2021-03-01');
});

test('days: those with slots, those of the conference, and both ends of what lasts for weeks', () => {
  const weeks = slot('w', '2021-03-21T08:00:00.000Z', '2021-05-02T10:00:00.000Z');
  assert.deepEqual(plan.daysOf([nine, weeks], (x) => dayOf(x, zone), ['2021-05-03', '']), ['2021-03-21', '2021-05-02', '2021-05-03']);
  const from = dayStart('2021-04-01', zone);
  const found = plan.ofDay([nine, weeks], from, dayStart('2021-04-02', zone));
  assert.deepEqual([found.day.length, found.long.map((s) => s.id)], [0, ['w']]);
});

test('the grid shows what is planned with an hour around it, and a working day when nothing is', () => {
  const from = dayStart('2021-05-02', zone);
  const at = (h) => ({ first: (h.first - from) / 36e5, last: (h.last - from) / 36e5 });
  assert.deepEqual(at(plan.hours([], from)), { first: 8, last: 18 });
  assert.deepEqual(at(plan.hours([slot('n', '2021-05-01T22:10:00.000Z', '2021-05-02T23:30:00.000Z')], from)), { first: 0, last: 27 });
});

test('overlapping slots stand side by side, later ones use the full width again', () => {
  const t = (h) => `2021-05-02T${h}:00.000Z`;
  const found = plan.lanes([slot('a', t('07:00'), t('09:00')), slot('b', t('07:30'), t('08:00')), slot('c', t('08:00'), t('09:00')), slot('d', t('09:00'), t('10:00'))]);
  assert.deepEqual(Object.fromEntries(found), { a: { lane: 0, lanes: 2 }, b: { lane: 1, lanes: 2 }, c: { lane: 1, lanes: 2 }, d: { lane: 0, lanes: 1 } });
});

test('marks say what the preview says, on both slots of a pair', () => {
  const marks = plan.marksOf({ changes: [{ slot: 'a', change: 'moved' }], overlaps: [{ room: 'r1', first: 'a', second: 'b' }], clashes: [{ speaker: { id: 'p', name: 'Ida' }, first: { slot: 'b' }, second: { slot: 'c' } }] });
  assert.deepEqual(marks.get('a'), { change: 'moved', overlap: ['b'] });
  assert.deepEqual(marks.get('b'), { overlap: ['a'], clash: [{ speaker: 'Ida', other: 'c' }] });
  assert.deepEqual(marks.get('c').clash, [{ speaker: 'Ida', other: 'b' }]);
});

test('two editors of one row: each field knows who changed it, and equal changes are no conflict', () => {
  const base = { title: 'A', abstract: 'x', talks: [{ title: 'A', speakers: [] }], kind: '' };
  const found = plan.merge(base, { ...base, title: 'B', abstract: 'y', kind: 'panel' }, { ...base, title: 'C', kind: 'panel', talks: [] }, Object.keys(base));
  assert.deepEqual(found, { mine: ['abstract'], theirs: ['talks'], both: ['title'] });
  assert.deepEqual(plan.merge({ kind: undefined }, { kind: null }, {}, ['kind']).both, [], 'nothing is nothing');
});

test('times as people type them', () => {
  for (const [typed, read] of [['9', '09:00'], ['0905', '09:05'], ['9.5', '09:05'], ['23:59', '23:59'], ['24:00', ''], ['9:60', ''], ['soon', ''], ['930', '09:30']]) assert.equal(tidyTime(typed), read, typed);
});

test('contrast is that of WCAG', () => {
  assert.equal(Math.round(plan.contrast('#000000', '#ffffff') * 10) / 10, 21);
  assert.ok(plan.contrast('#777777', '#ffffff') < 4.5 && plan.contrast('#767676', '#ffffff') > 4.5);
});

test('another start takes the end along, over midnight too, and leaves it alone while half a time is typed', () => {
  assert.deepEqual(withStart({ start: '2021-05-02T09:00', end: '2021-05-02T10:30' }, '2021-05-02T23:15'), { start: '2021-05-02T23:15', end: '2021-05-03T00:45' });
  assert.deepEqual(withStart({ start: '2021-05-02T09:00', end: '2021-05-02T10:30' }, '2021-05-04T09:00').end, '2021-05-04T10:30');
  assert.deepEqual(withStart({ start: '2021-05-02T09:00', end: '2021-05-02T10:30' }, '2021-05-02T'), { start: '2021-05-02T' });
});

test('typed times go to the server as typed; untouched ones stay the instants they are', () => {
  const base = { start: '2021-10-31T02:30', end: '2021-10-31T03:30', from: '2021-10-31T01:30:00.000Z', to: '2021-10-31T02:30:00.000Z' };
  assert.deepEqual(timesOf({ ...base }, base), { start: base.from, end: base.to });
  assert.deepEqual(timesOf({ start: '2021-10-31T2.15', end: '2021-10-31T0345' }, base), { start: '2021-10-31T02:15', end: '2021-10-31T03:45' });
  assert.equal(timesOf({ start: '2021-10-31T02:15', end: base.end }, base, { '2021-10-31T02:15': '2021-10-31T00:15:00.000Z' }).start, '2021-10-31T00:15:00.000Z');
});
