// tests/web/personal.test.mjs: conflicts in one's own programme, notices by urgency, what is kept without network
import test from 'node:test';
import assert from 'node:assert/strict';
import { conflicts, currentNotices, applyNotice, noticeKey } from '../../web/personal.js';
import { askEntry, voteEntry, starEntry, withEntry, sendable, verdict, starsWith } from '../../web/outbox.js';

const slot = (id, room, start, end, more) => ({ id, session: `s${id}`, room, start: `2021-05-02T${start}:00Z`, end: `2021-05-02T${end}:00Z`, state: 'planned', version: 1, ...more });
const ids = (map) => Object.fromEntries([...map].map(([id, with_]) => [id, with_.map((x) => x.id)]));

test('two starred at the same time in different places clash; one after the other, or in one room, not', () => {
  const slots = [slot('a', 'r1', '09:00', '10:00'), slot('b', 'r2', '09:30', '10:30'), slot('c', 'r1', '10:00', '11:00'), slot('d', 'r2', '08:00', '12:00', { state: 'cancelled' })];
  assert.deepEqual(ids(conflicts(slots, new Set(['sa', 'sb']))), { a: ['b'], b: ['a'] });
  assert.deepEqual(ids(conflicts(slots, new Set(['sa', 'sc', 'sd']))), {});
  assert.deepEqual(ids(conflicts(slots, new Set(['sa', 'sb', 'sc']))), { a: ['b'], b: ['a', 'c'], c: ['b'] });
});

test('a delay can make a clash and take one away', () => {
  const late = { expected_start: '2021-05-02T09:20:00Z', expected_end: '2021-05-02T10:20:00Z' };
  assert.equal(conflicts([slot('a', 'r1', '09:00', '10:00', late), slot('b', 'r2', '10:00', '11:00')], new Set(['sa', 'sb'])).size, 2);
  assert.equal(conflicts([slot('a', 'r1', '09:00', '10:00', late), slot('b', 'r2', '08:30', '09:15')], new Set(['sa', 'sb'])).size, 0);
});

test('a hackathon of six weeks clashes with nothing', () => {
  const long = { ...slot('h', 'r9', '09:00', '10:00'), start: '2021-03-21T16:00:00Z' };
  assert.equal(conflicts([long, slot('a', 'r1', '09:00', '10:00')], new Set(['sh', 'sa'])).size, 0);
});

const notice = (id, urgency, at, more) => ({ id, audience: 'all', urgency, text: { en: id }, version: 1, at: `2021-05-02T${at}:00Z`, ...more });

test('notices: the urgent first, then the newest; gone at their time, and when read, until edited', () => {
  const now = Date.parse('2021-05-02T10:00:00Z');
  const all = [notice('i', 'info', '09:50'), notice('u', 'urgent', '09:00'), notice('n', 'info', '09:55'), notice('o', 'important', '08:00', { until: '2021-05-02T10:00:00Z' })];
  assert.deepEqual(currentNotices(all, now, new Set()).map((n) => n.id), ['u', 'n', 'i']);
  assert.deepEqual(currentNotices(all, now - 1, new Set()).map((n) => n.id), ['u', 'o', 'n', 'i']);
  assert.deepEqual(currentNotices(all, now, new Set([noticeKey(all[1])])).map((n) => n.id), ['n', 'i']);
  let map = applyNotice(new Map(), 'notice.published', all[0]);
  map = applyNotice(map, 'notice.edited', { ...all[0], version: 2, text: { en: 'new' } });
  assert.equal(applyNotice(map, 'notice.edited', { ...all[0], version: 1 }), map, 'an older version changes nothing');
  assert.equal(currentNotices(map.values(), now, new Set([noticeKey(all[0])])).length, 1);
  assert.equal(applyNotice(map, 'notice.withdrawn', { id: 'i' }).size, 0);
});

const who = (entry, order, more) => ({ ...entry, person: 'p', slug: '', order, ...more });

test('kept: every question once, of stars and votes the last word; sent in the order they were made', () => {
  let kept = [];
  kept = withEntry(kept, who(askEntry('q1', { talk: 't', text: 'first' }, 't'), 1));
  kept = withEntry(kept, who(starEntry('s', true, 'k1'), 2));
  kept = withEntry(kept, who(askEntry('q2', { talk: 't', text: 'second' }, 't'), 3));
  kept = withEntry(kept, who(voteEntry('q9', 1, 4), 4));
  kept = withEntry(kept, who(starEntry('s', false, 'k2'), 5));
  kept = withEntry(kept, who(voteEntry('q9', 0, 5), 6));
  assert.deepEqual(sendable(kept, 'p', '').map((e) => e.id), ['q1', 'q2', 'k2', 'vote:q9']);
  assert.deepEqual(kept.find((e) => e.method === 'qa.vote').params, { question: 'q9', value: 0, seq: 5 });
  assert.deepEqual([...starsWith(new Set(['s', 'x']), kept)], ['x']);
});

test('kept by one person is never sent as another, nor in another conference, nor after a refusal', () => {
  const kept = [who(askEntry('q1', { talk: 't', text: 'mine' }, 't'), 1), who(askEntry('q2', { talk: 't', text: 'hers' }, 't'), 2, { person: 'other' }), who(askEntry('q3', { talk: 't', text: 'elsewhere' }, 't'), 3, { slug: 'x' }), who(askEntry('q4', { talk: 't', text: 'refused' }, 't'), 4, { why: 'closed' })];
  assert.deepEqual(sendable(kept, 'p', '').map((e) => e.id), ['q1']);
});

test('what is worth sending again, and what is an answer', () => {
  assert.deepEqual(['busy', 'unknown_outcome', 'auth.expired'].map((f) => verdict(f)), ['again', 'again', 'again']);
  assert.equal(verdict('limit.rate', { retry_after_ms: 20000 }), 'again');
  assert.deepEqual(['qa.closed', 'limit.rate', 'denied', 'not_found', 'key.reused'].map((f) => verdict(f)), ['final', 'final', 'final', 'final', 'final']);
});
