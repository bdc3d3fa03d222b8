// tests/web/qa_store.test.mjs: what an attendee's page knows of questions: lists by talk, merging, windows, counts, how far behind, what is told of one's own
import test from 'node:test';
import assert from 'node:assert/strict';
import * as qa from '../../web/qa_store.js';
import { votesKept, askEntry, voteEntry } from '../../web/outbox.js';

const q = (id, votes, at, more) => ({ id, talk: 'a', text: id, state: 'approved', version: 1, votes, asked_at: `2021-05-02T07:${at}:00.000Z`, ...more });
const open = { ask: true, vote: true, show: true, mic: false, paused: false, joint: false };
const hall = (questions, more) => qa.hallFrom({ questions, window: open, identity: 'masked', moderated: true, ...more });
const ids = (rows) => rows.map((x) => x.id).join('');

test('on stage apart, passed over last, then votes, then who asked first', () => {
  const h = hall([q('a', 1, '02'), q('b', 5, '01', { skipped: true }), q('c', 1, '01'), q('d', 9, '03', { state: 'on_stage' }), q('e', 2, '04'), q('f', 8, '05', { state: 'answered' })]);
  const { stage, rest, answered } = qa.listOf(h);
  assert.deepEqual([ids(stage), ids(rest), ids(answered)], ['d', 'ecab', 'f']);
  assert.equal(qa.openCount(h), 5);
  assert.equal(ids(qa.listOf(undefined).rest), '');
});

test('an older gateway\'s window has no say about showing: it shows', () => {
  const h = qa.hallFrom({ questions: [], window: { ask: true, vote: false } });
  assert.deepEqual(h.window, { ask: true, vote: false, show: true, mic: false, paused: false, joint: false });
  assert.deepEqual([h.identity, h.moderated], ['masked', true]);
});

test('a list that may not be seen is forgotten, and read again when it may', () => {
  const h = qa.applyHall(hall([q('a', 1, '01')]), 'window.changed', { talk: 'a', window: { ...open, show: false } });
  assert.equal(h.questions.size, 0);
  assert.equal(qa.applyHall(h, 'window.changed', { talk: 'a', window: open }), null);
  assert.equal(qa.applyHall(hall([q('a', 1, '01')]), 'window.changed', { talk: 'a', window: { ...open, ask: false } }).questions.size, 1);
});

test('paused is not closed', () => {
  assert.equal(qa.askBar(hall([])), '');
  assert.equal(qa.askBar(hall([], { window: { ...open, paused: true } })), 'paused');
  assert.equal(qa.askBar(hall([], { window: { ...open, ask: false } })), 'closed');
  assert.equal(qa.askBar(undefined), '', 'nothing is known yet: the box stays open');
});

test('counts of what waits and what was not shown come with the ticks, beside votes', () => {
  let h = hall([q('a', 1, '01')], { tally: [['a', 4], ['waiting', 2], ['dismissed:off_topic', 2], ['dismissed:duplicate', 1], ['mic', 3], ['unheard:of', 9]] });
  assert.deepEqual([h.questions.get('a').votes, h.waiting, h.mic], [4, 2, 3]);
  assert.deepEqual(qa.notShown(h), { n: 3, why: [['off_topic', 2], ['duplicate', 1]] });
  h = qa.tickHall(h, [['dismissed:off_topic', 0], ['waiting', 0]]);
  assert.deepEqual(qa.notShown(h), { n: 1, why: [['duplicate', 1]] });
  assert.equal(h.waiting, 0);
  assert.deepEqual(qa.notShown(undefined), { n: 0, why: [] });
});

test('a merged question leads to where it went, also over two steps, and comes back when it is taken apart', () => {
  let h = hall([q('a', 1, '01'), q('b', 2, '02'), q('c', 3, '03')]);
  h = qa.applyHall(h, 'question.removed', { id: 'a', into: 'b' });
  h = qa.applyHall(h, 'question.removed', { id: 'b', into: 'c' });
  assert.deepEqual(qa.mergedInto(h, 'c').sort(), ['a', 'b']);
  assert.equal(ids(qa.listOf(h).rest), 'c');
  h = qa.applyHall(h, 'question.added', q('b', 2, '02', { version: 3 }));
  assert.deepEqual(qa.mergedInto(h, 'c'), []);
  assert.deepEqual(qa.mergedInto(h, 'b'), ['a']);
});

test('a question that moved to another talk is gone from this one', () => {
  const h = qa.applyHall(hall([q('a', 1, '01')]), 'question.removed', { id: 'a', moved_to: 'other' });
  assert.deepEqual([h.questions.size, h.merged.size], [0, 0]);
});

test('settings that change reach the box', () => {
  const h = qa.applyHall(hall([]), 'settings.changed', { identity: 'choice', moderated: false, version: 2 });
  assert.deepEqual([h.identity, h.moderated], ['choice', false]);
  assert.deepEqual([qa.applyHall(h, 'settings.changed', { settings: { identity: 'named' } }).identity], ['named']);
});

test('of a block the own talk, what runs, and a joint discussion stand open', () => {
  const talk = (id, more) => ({ id, title: id, speakers: [], ...more });
  const talks = [talk('a', { started: 'x', ended: 'y' }), talk('b', { started: 'x' }), talk('c'), talk('d')];
  const open_ = (halls) => qa.groupsOf(talks, halls, 'c').filter((g) => g.open).map((g) => g.talk.id).join('');
  assert.equal(open_(new Map()), 'bc');
  assert.equal(open_(new Map([['a', hall([], { window: { ...open, joint: true } })]])), 'abc');
});

test('how far behind: the stream\'s own clock, else its live edge, else what staff said; a recording says nothing; never beyond two minutes', () => {
  const at = (x) => qa.behindOf(x);
  assert.equal(at({ playing_at: 1000, now: 31000, latency_ms: 6000, entry_ms: 20000 }), 30000);
  assert.equal(at({ playing_at: null, now: 31000, latency_ms: 6000, entry_ms: 20000 }), 6000);
  assert.equal(at({ latency_ms: NaN, entry_ms: 20000 }), 20000);
  assert.equal(at({ playing_at: 50000, now: 31000, latency_ms: null, entry_ms: null }), 0, 'a clock ahead of ours');
  assert.equal(at({ playing_at: 0.5, now: 86400000, latency_ms: 8000 }), 8000);
  assert.equal(at({ playing_at: 1000, now: 301000 }), 120000);
  assert.equal(at({}), 0);
});

test('who watches from behind asks the session, everybody else the talk on the page', () => {
  const base = { text: 'x', talk: 't', session: 's' };
  assert.deepEqual(qa.askParams({ ...base, follows: true, behind_ms: 25000 }), { session: 's', text: 'x', behind_ms: 25000 });
  assert.deepEqual(qa.askParams({ ...base, follows: true, behind_ms: 0 }), { talk: 't', text: 'x' });
  assert.deepEqual(qa.askParams({ ...base, behind_ms: 9000, whole: true, named: true, quote: 'with_name' }), { talk: 't', text: 'x', whole: true, named: true, quote: 'with_name', behind_ms: 9000 });
});

test('what is told of one\'s own: ahead and about while it waits, a reason only when one is given', () => {
  const word = (x) => qa.ownWord({ ...q('a', 0, '01'), ...x });
  assert.equal(word({ state: 'pending' }), 'pending');
  assert.equal(word({ state: 'pending', ahead: 3, about_s: 120 }), 'ahead_about');
  assert.equal(word({ state: 'pending', ahead: 3 }), 'ahead');
  assert.equal(word({ state: 'pending', ahead: 0, about_s: 30 }), 'first_about');
  assert.equal(word({ state: 'pending', ahead: 0 }), 'first');
  assert.equal(word({ state: 'dismissed', reason: 'rude' }), 'dismissed_why');
  assert.equal(word({ state: 'dismissed', reason: null }), 'dismissed');
  assert.equal(word({ state: 'merged' }), 'merged');
  assert.deepEqual(qa.ownActions(q('a', 0, '01')), { revise: true, withdraw: true });
  assert.deepEqual(qa.ownActions(q('a', 0, '01', { state: 'on_stage' })), { revise: false, withdraw: false });
});

test('an answer about one\'s own does not undo what was heard since', () => {
  const own = new Map([['a', q('a', 0, '01', { version: 3 })], ['b', q('b', 0, '02', { state: 'pending', ahead: 4, about_s: 60 })]]);
  const next = qa.withMine(own, [q('a', 0, '01', { version: 2, state: 'pending', ahead: 1 }), q('b', 0, '02', { version: 2, state: 'pending', ahead: 2 })]);
  assert.deepEqual([next.get('a').state, next.get('a').ahead], ['approved', undefined]);
  assert.deepEqual([next.get('b').ahead, next.get('b').about_s], [2, undefined]);
  assert.equal(qa.someWait(own), true);
  assert.equal(qa.someWait(new Map([['a', q('a', 0, '01')]])), false);
  assert.equal(ids(qa.ownOf(new Map([['a', q('a', 0, '01')], ['b', q('b', 0, '02')], ['c', q('c', 0, '03', { state: 'withdrawn' })], ['d', q('d', 0, '04', { talk: 'z' })]]), new Set(['a']))), 'ba');
});

test('a long list in pieces', () => {
  const pieces = qa.pieceIds(Array.from({ length: 60 }, (_, i) => String(i)));
  assert.deepEqual(pieces.map((p) => [p.from, p.ids.length]), [[0, 25], [25, 25], [50, 10]]);
  assert.deepEqual(qa.pieceIds([]), []);
});

test('a speaker\'s questions by talk, the talk with the most first, the most wanted first', () => {
  const groups = qa.byTalk([q('a', 1, '01'), q('b', 2, '02', { talk: 'b' }), q('c', 5, '03', { talk: 'b' })]);
  assert.deepEqual(groups.map((g) => [g.talk, ids(g.rows)]), [['b', 'cb'], ['a', 'a']]);
});

test('votes kept for later are known by question; a refused one is not', () => {
  const entry = (e, more) => ({ ...e, person: 'p', slug: '', order: 1, ...more });
  const kept = votesKept([entry(voteEntry('x', 1, 3)), entry(voteEntry('y', 0, 4)), entry(voteEntry('z', 1, 5), { why: 'qa.closed' }), entry(askEntry('q', { talk: 't', text: 'x' }, 't'))]);
  assert.deepEqual([...kept], [['x', 1], ['y', 0]]);
});

test('a vote cast here leaves the page for the count that has it: what is shown falls for no older one, and rises twice for none', () => {
  assert.equal(qa.counted(4, 1, 5), true, 'also before its answer');
  assert.equal(qa.counted(4, 1, 4), false, 'from before the vote');
  assert.equal(qa.counted(4, 1, 7), true, 'with others');
  assert.equal(qa.counted(5, -1, 5), false);
  assert.equal(qa.counted(5, -1, 4), true);
  assert.equal(qa.counted(5, 0, 6), false, 'nothing is added');
});
