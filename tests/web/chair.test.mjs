// tests/web/chair.test.mjs: the chair's phone: what stands now and next, presses kept in order with their versions, the end that is expected
import test from 'node:test';
import assert from 'node:assert/strict';
import { applyChair, applyTalk, chairFrom, ending, endOf, hearTalk, pressed, tickTalk, toRead, viewOf } from '../../web/chair/state.js';

const q = (id, more = {}) => ({ id, talk: 'a', text: id, state: 'approved', version: 1, votes: 0, asked_at: `2021-05-02T09:00:0${id}Z`, ...more });
const of = (...rows) => new Map(rows.map((x) => [x.id, x]));
const press = (method, question, expect_version) => ({ key: `${method}${question}`, method, params: { question, expect_version, at: '2021-05-02T09:10:00Z' }, text: '' });

test('current, next and what follows, over all talks', () => {
  const v = viewOf(of(q('1', { votes: 2 }), q('2', { votes: 5, talk: 'b' }), q('3', { state: 'on_stage' }), q('4', { votes: 9, skipped: true })));
  assert.equal(v.current.id, '3');
  assert.equal(v.next.id, '2');
  assert.deepEqual(v.following.map((x) => x.id), ['1', '4']);
  assert.deepEqual(viewOf(new Map()), { current: null, next: null, following: [], more: 0, answered: 0 });
});

test('presses not yet sent show as done, each on the version the last one made', () => {
  const start = of(q('1', { state: 'on_stage', version: 4 }), q('2', { version: 2 }), q('3', { version: 1 }));
  const one = pressed(start, [press('qa.stage', '2', 2)]);
  assert.deepEqual([one.get('1').state, one.get('1').version, one.get('2').state, one.get('2').version], ['answered', 5, 'on_stage', 3]);
  const two = pressed(start, [press('qa.stage', '2', 2), press('qa.answer', '2', 3), press('qa.stage', '3', 1)]);
  assert.equal(viewOf(two).current.id, '3');
  assert.equal(two.get('2').version, 4);
  const skip = pressed(start, [press('qa.skip', '1', 4)]);
  assert.deepEqual([skip.get('1').state, viewOf(skip).current, viewOf(skip).next.id], ['approved', null, '2']);
});

test('a press that has arrived already, or was overtaken, changes nothing more', () => {
  const start = of(q('1', { state: 'on_stage', version: 3 }));
  assert.equal(pressed(start, [press('qa.stage', '1', 2)]).get('1').version, 3);
});

test('a talk\'s snapshot and events; what was moved here is not taken away by its old talk', () => {
  let m = hearTalk(new Map(), 'a', { questions: [q('1'), q('2')], tally: [['1', 6]] });
  assert.equal(m.get('1').votes, 6);
  m = applyTalk(m, 'b', 'question.added', q('1', { talk: 'b', version: 2 }));
  m = applyTalk(m, 'a', 'question.removed', { id: '1', moved_to: 'b' });
  assert.equal(m.get('1').talk, 'b');
  m = applyTalk(m, 'b', 'question.removed', { id: '1' });
  assert.ok(!m.has('1'));
  assert.equal(tickTalk(m, 'a', [['2', 3], ['waiting', 9]]).get('2').votes, 3);
  assert.equal(tickTalk(m, 'b', [['2', 5]]).get('2').votes, m.get('2').votes, 'what is not of that talk does not count there');
});

test('messages for the chair wait for its word, also when that word waits for the network', () => {
  let c = chairFrom({ session: 's', title: 'S', talks: [], messages: [{ id: 'm', audience: 'chair', text: 'x' }, { id: 'n', audience: 'desk', text: 'y' }] });
  assert.deepEqual(toRead(c, [], 'me').map((m) => m.id), ['m']);
  assert.deepEqual(toRead(c, [{ key: 'k', method: 'backstage.ack', params: { message: 'm', at: '' }, text: '' }], 'me'), []);
  c = applyChair(c, 'backstage.acked', { id: 'm', acked: { id: 'ana', name: 'Ana', at: '' } });
  assert.deepEqual(toRead(c, [], 'me'), []);
  assert.equal(applyChair(c, 'backstage.sent', {}), null);
});

test('time left goes by the expected end of this session\'s slot', () => {
  const rooms = [{ now: { session: 't', end: '2021-05-02T10:00:00Z' }, next: { session: 's', end: '2021-05-02T11:00:00Z', expected_end: '2021-05-02T11:05:00Z' } }];
  assert.equal(endOf(rooms, 's'), Date.parse('2021-05-02T11:05:00Z'));
  assert.equal(endOf(rooms, 't'), Date.parse('2021-05-02T10:00:00Z'));
  assert.equal(endOf(rooms, 'x'), 0);
  assert.equal(endOf([], 's', { end: '2021-05-02T11:00:00Z' }), Date.parse('2021-05-02T11:00:00Z'), 'without the room\'s word, the snapshot\'s');
});

test('a failed press is kept for trouble, and dropped with a word where the desk was faster', () => {
  assert.equal(ending('busy'), 'again');
  assert.equal(ending('limit.rate', { retry_after_ms: 500 }), 'again');
  assert.equal(ending('conflict'), 'late');
  assert.equal(ending('denied'), 'final');
});
