// tests/web/desk.test.mjs: the desk's state: talks that tell of themselves in any order, columns by talk, claims, merges, moves, undo, hand-over, alarms
import test from 'node:test';
import assert from 'node:assert/strict';
import { allowed, apply, applyAlarm, applySession, claimedBy, columns, complete, emptyDesk, flat, handover, hear, mergeable, mergedInto, pieces, rankedRows, refuse, remember, sessionFrom, settle, size, tick, undoable, unread, waiting } from '../../web/moderate/state.js';

const q = (id, more = {}) => ({ id, talk: 'a', text: `Question ${id}`, state: 'pending', version: 1, votes: 0, asked_at: `2021-05-02T09:00:0${id.length}Z`, kind: 'asked', ...more });
const two = (a = [], b = []) => hear(hear(emptyDesk(['a', 'b']), 'a', { questions: a, window: { ask: true } }), 'b', { questions: b, window: { ask: false } });

test('a desk of two talks is whole when both have spoken, and groups by talk in the programme\'s order', () => {
  let d = emptyDesk(['a', 'b']);
  assert.ok(!complete(d));
  d = hear(d, 'b', { questions: [q('1', { talk: 'b' })] });
  assert.ok(!complete(d));
  d = refuse(d, 'a', 'denied');
  assert.ok(complete(d), 'a refusal is an answer too');
  d = hear(d, 'a', { questions: [q('22'), q('3')] });
  assert.equal(d.faults.size, 0);
  const c = columns(d);
  assert.deepEqual(c.pending.map((g) => [g.talk, g.rows.map((x) => x.id)]), [['a', ['3', '22']], ['b', ['1']]]);
  assert.deepEqual(flat(columns(d, 'b').pending).map((x) => x.id), ['1']);
  assert.equal(size(c.pending), 3);
});

test('a snapshot replaces what its talk had, and nothing of the others', () => {
  const d = hear(two([q('1'), q('2')], [q('9', { talk: 'b' })]), 'a', { questions: [q('2')] });
  assert.deepEqual([...d.questions.keys()].sort(), ['2', '9']);
});

test('what moved to another talk is not taken away by the old one\'s word', () => {
  const moved = q('1', { talk: 'b', version: 2 });
  let d = apply(two([q('1')]), 'b', 'question.added', moved);
  d = apply(d, 'a', 'question.removed', { id: '1', moved_to: 'b' });
  assert.equal(d.questions.get('1').talk, 'b', 'arrived first');
  d = apply(apply(two([q('1')]), 'a', 'question.removed', { id: '1', moved_to: 'b' }), 'b', 'question.added', moved);
  assert.equal(d.questions.get('1').talk, 'b', 'left first');
});

test('a whole row forgets what it does not say; counts and claims are told elsewhere and stay', () => {
  const claim = { by: { id: 'ana', name: 'Ana' }, until: '2026-01-01T00:00:30Z' };
  let d = two([q('1', { hits: ['word'], reports: 3, votes: 7, claim })]);
  d = apply(d, 'a', 'question.updated', q('1', { version: 2, votes: 0 }));
  const row = d.questions.get('1');
  assert.equal(row.hits, undefined);
  assert.equal(row.votes, 7);
  assert.deepEqual(row.claim, claim);
  assert.equal(apply(d, 'a', 'question.updated', q('1', { version: 1, text: 'late' })).questions.get('1').text, 'Question 1', 'an older word is not heard');
});

test('claims come and go as they are told; one\'s own is not shown as another\'s', () => {
  let d = two([q('1')]);
  d = apply(d, 'a', 'claim.changed', { question: '1', claim: { by: { id: 'ana', name: 'Ana' }, until: '2026-01-01T00:00:30Z' } });
  assert.equal(claimedBy(d.questions.get('1'), 'ben').name, 'Ana', 'long after `until`: it was renewed, which is not told');
  assert.equal(claimedBy(d.questions.get('1'), 'ana'), null);
  assert.equal(claimedBy(apply(d, 'a', 'claim.changed', { question: '1', claim: null }).questions.get('1'), 'ben'), null);
});

test('the approved: prepared ones apart, then by votes, then what was passed over', () => {
  const rows = [q('1', { votes: 1 }), q('2', { votes: 9, skipped: true }), q('3', { votes: 5 }), q('4', { kind: 'prepared' })];
  assert.deepEqual(rankedRows(rows).map((x) => x.id), ['4', '3', '1', '2']);
});

test('ticks are absolute and leave alone what is not a question', () => {
  const d = two([q('1')]);
  assert.equal(tick(d, 'a', [['waiting', 4], ['dismissed:spam', 1]]), d, 'the same desk');
  assert.equal(tick(d, 'a', [['1', 12]]).questions.get('1').votes, 12);
  assert.equal(tick(d, 'b', [['1', 3]]), d, 'it was moved away from there, and counts where it is');
});

test('merging: two of one talk that may still be judged, or into the one on stage; what was merged stands with its head', () => {
  assert.ok(mergeable(q('1'), q('2')));
  assert.ok(mergeable(q('1', { state: 'approved' }), q('2', { state: 'on_stage' })));
  assert.ok(!mergeable(q('1', { state: 'on_stage' }), q('2')));
  assert.ok(!mergeable(q('1'), q('1')));
  assert.ok(!mergeable(q('1'), q('2', { talk: 'b' })));
  assert.ok(!mergeable(undefined, q('2')));
  const d = two([q('1', { state: 'approved' }), q('2', { state: 'merged', merged_into: '1' }), q('3')]);
  assert.deepEqual(mergedInto(d, '1').map((x) => x.id), ['2']);
  assert.deepEqual(flat(columns(d).pending).map((x) => x.id), ['3'], 'it is in no list of its own');
  assert.equal(size(columns(d).done), 0);
});

test('which command stands beside which question', () => {
  assert.ok(allowed('qa.accept', q('1', { revision: 'new' })) && !allowed('qa.accept', q('1')));
  assert.ok(!allowed('qa.merge', q('1', { kind: 'prepared', state: 'approved' })));
  assert.ok(!allowed('person.mute', q('1', { kind: 'spoken' })));
  assert.ok(!allowed('qa.dismiss', q('1', { state: 'answered' })));
});

test('a reply settles what is certain, unless its event has said more', () => {
  const d = two([q('1', { votes: 3 })]);
  assert.equal(settle(d, '1', { state: 'approved', version: 2 }).questions.get('1').state, 'approved');
  const newer = apply(d, 'a', 'question.updated', q('1', { version: 3, state: 'on_stage' }));
  assert.equal(settle(newer, '1', { state: 'approved', version: 2 }).questions.get('1').state, 'on_stage');
});

test('undo: the last own action, for thirty seconds', () => {
  let own = remember([], { question: '1', method: 'qa.approve', at: 0 });
  own = remember(own, { question: '2', method: 'qa.dismiss', at: 1000 });
  assert.equal(undoable(own, 30999).question, '2');
  assert.equal(undoable(own, 31000), null);
  assert.equal(undoable([], 0), null);
  for (let i = 0; i < 30; i++) own = remember(own, { question: `${i}`, method: 'qa.approve', at: i });
  assert.equal(own.length, 10);
});

test('hand-over: offered to me, waiting for another, or nothing', () => {
  const s = sessionFrom({ session: 's', moderators: [{ id: 'ana', name: 'Ana', since: '' }, { id: 'ben', name: 'Ben', since: '' }], lead: { id: 'ana', name: 'Ana' }, offer: { to: 'ben', by: 'ana', note: 'Two are spam' } });
  assert.deepEqual(handover(s, 'ben'), { mine: true, to: 'Ben', by: 'Ana', note: 'Two are spam', waits: false });
  assert.equal(handover(s, 'ana').waits, true);
  const after = applySession(s, 'desk.changed', { lead: { id: 'ben', name: 'Ben' }, offer: null });
  assert.equal(handover(after, 'ben'), null);
  assert.equal(after.lead.id, 'ben');
  assert.equal(applySession(s, 'moderator.changed', {}), null, 'says too little: read again');
});

test('messages behind the stage wait until somebody has read them', () => {
  let s = sessionFrom({ session: 's' });
  s = applySession(s, 'backstage.sent', { id: 'm', audience: 'desk', text: 'Two minutes', by_name: 'Ana' });
  assert.equal(unread(s).length, 1);
  s = applySession(s, 'backstage.acked', { id: 'm', acked: { id: 'ben', name: 'Ben', at: '' } });
  assert.equal(unread(s).length, 0);
  assert.equal(s.messages[0].text, 'Two minutes');
});

test('alarms: one a session, its newest level, until it is settled', () => {
  let a = applyAlarm([], 'desk.waiting', { session: 's', level: 1 });
  a = applyAlarm(a, 'desk.waiting', { session: 's', level: 2 });
  a = applyAlarm(a, 'desk.waiting', { session: 't', level: 1 });
  assert.deepEqual(a.map((x) => [x.session, x.level]), [['s', 2], ['t', 1]]);
  assert.deepEqual(applyAlarm(a, 'desk.settled', { session: 's' }).map((x) => x.session), ['t']);
});

test('a thousand questions come in pieces that lose none, each talk\'s first under its heading', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => q(`${i}`));
  const d = two(rows, [q('x', { talk: 'b' })]);
  const p = pieces(columns(d).pending);
  assert.equal(p.reduce((n, x) => n + x.rows.length, 0), 1001);
  assert.deepEqual(p.filter((x) => x.head).map((x) => x.talk), ['a', 'b']);
  assert.ok(p.every((x) => x.rows.length <= 12));
  assert.equal(new Set(p.map((x) => x.key)).size, p.length);
  assert.deepEqual(waiting(d, 'b'), { count: 1, oldest: q('x').asked_at });
});
