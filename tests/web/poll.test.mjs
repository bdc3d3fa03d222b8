// tests/web/poll.test.mjs: what a page knows of a poll, as pure functions
import test from 'node:test';
import assert from 'node:assert/strict';
import { applyPoll, bars, deskOrder, mayHear, newer, withCounts } from '../../web/poll.js';

const poll = (more = {}) => ({ id: 'p', talk: 't', question: '?', kind: 'single', results: 'always', state: 'running', version: 2, options: [{ id: 'a', text: 'A' }, { id: 'b', text: 'B' }], opened_at: '2021-05-02T07:00:00.000Z', ...more });

test('an older picture of a poll changes nothing, and one\'s own choice stays', () => {
  const here = poll({ version: 3, mine: { options: ['a'], seq: 4 } });
  assert.equal(newer(here, poll({ version: 2, question: 'old' })), here);
  assert.deepEqual(newer(here, poll({ version: 4 })).mine, { options: ['a'], seq: 4 });
  assert.equal(newer(here, poll({ id: 'q' })).mine, undefined);
});

test('counts that were heard while it ran are not those it ends with', () => {
  const heard = poll({ counts: [['a', 1], ['voters', 1]] });
  assert.deepEqual(newer(heard, poll({ version: 3 })).counts, heard.counts);
  assert.equal(newer(heard, poll({ version: 3, state: 'closed', results: 'never' })).counts, undefined);
});

test('a new poll takes the place of the last; a late word about an old one does not', () => {
  const one = poll({ state: 'closed', version: 3 });
  const two = poll({ id: 'q', opened_at: '2021-05-02T08:00:00.000Z' });
  assert.equal(applyPoll(one, 'poll.opened', two).id, 'q');
  assert.equal(applyPoll(two, 'poll.changed', one).id, 'q');
  assert.equal(applyPoll({ ...two, state: 'closed', version: 3 }, 'poll.changed', one).id, 'q');
  assert.equal(applyPoll(null, 'question.added', { id: 'x' }), null);
});

test('ticks say what changed; bars are shares of those who voted', () => {
  let p = withCounts(poll({ kind: 'multiple' }), [['a', 3], ['b', 1], ['voters', 3]]);
  p = withCounts(p, [['b', 2]]);
  assert.deepEqual(bars(p), { voters: 3, top: 3, rows: [{ id: 'a', text: 'A', n: 3, share: 100 }, { id: 'b', text: 'B', n: 2, share: 67 }] });
  assert.equal(bars(poll()), null);
  assert.deepEqual(bars(poll(), [['voters', 0]]).rows.map((r) => r.share), [0, 0]);
});

test('who may hear while it runs', () => {
  assert.equal(mayHear(poll()), true);
  assert.equal(mayHear(poll({ results: 'after_vote' })), false);
  assert.equal(mayHear(poll({ results: 'after_vote', mine: { options: ['a'], seq: 1 } })), true);
  assert.equal(mayHear(poll({ results: 'after_vote', mine: { options: [], seq: 2 } })), false);
  for (const results of ['after_close', 'never']) assert.equal(mayHear(poll({ results, mine: { options: ['a'], seq: 1 } })), false);
});

test('the desk has the running one first, then drafts, then the ended ones', () => {
  const all = [poll({ id: '1', state: 'closed', nth: 1 }), poll({ id: '2', state: 'draft', nth: 2 }), poll({ id: '3', nth: 3 }), poll({ id: '4', state: 'draft', nth: 4 })];
  assert.deepEqual(deskOrder(new Map(all.map((p) => [p.id, p])), [{ id: 't' }]).map((p) => p.id), ['3', '4', '2', '1']);
});
