// tests/web/store.test.mjs: the pages' store over snapshots and events
import test from 'node:test';
import assert from 'node:assert/strict';
import * as store from '../../web/store.js';

const slot = (id, session, room, start, end, more) => ({ id, session, room, start: `2021-05-02T${start}:00.000Z`, end: `2021-05-02T${end}:00.000Z`, state: 'planned', version: 1, ...more });
const doc = () => ({
  release: 1, position: 4, zone: 'Europe/Copenhagen', rooms: [{ id: 'r1', name: 'Auditorium' }, { id: 'r2', name: 'Lab' }], tracks: [{ id: 't', name: 'Clinic' }],
  sessions: [
    { id: 's1', guid: 'g1', title: 'Søren og genomet', track: 't', talks: [{ id: 'a', title: 'A', speakers: [{ id: 'p', name: 'Ida Ærø' }] }, { id: 'b', title: 'B', speakers: [] }] },
    { id: 's2', guid: 'g2', title: 'Lunch', track: null, talks: [{ id: 'c', title: 'Lunch', speakers: [] }] },
  ],
  slots: [slot('l2', 's2', 'r1', '10:00', '11:00'), slot('l1', 's1', 'r1', '07:00', '08:00')],
});
const q = (id, votes, at, more) => ({ id, talk: 'a', text: id, state: 'approved', version: 1, votes, asked_at: `2021-05-02T07:${at}:00.000Z`, ...more });

test('a programme is put in order and found by day, room, track and words without marks', () => {
  const s = store.scheduleFrom(doc());
  assert.deepEqual(s.slots.map((x) => x.id), ['l1', 'l2']);
  const day = (x) => x.slice(0, 10);
  assert.equal(store.filterSlots(s, { text: 'soren' }, day).length, 1);
  assert.equal(store.filterSlots(s, { text: 'aero genom' }, day).length, 1);
  assert.equal(store.filterSlots(s, { room: 'r2' }, day).length, 0);
  assert.equal(store.filterSlots(s, { track: 't', day: '2021-05-02' }, day).length, 1);
  assert.equal(store.filterSlots(s, { day: '2021-05-03' }, day).length, 0);
});

test('a slot moves, is cancelled, and an older version changes nothing', () => {
  let s = store.scheduleFrom(doc());
  s = store.applySchedule(s, 'slot.moved', slot('l1', 's1', 'r2', '12:00', '13:00', { version: 3 }));
  assert.deepEqual(s.slots.map((x) => x.id), ['l2', 'l1']);
  assert.equal(store.applySchedule(s, 'slot.moved', slot('l1', 's1', 'r1', '07:00', '08:00', { version: 2 })), s);
  s = store.applySchedule(s, 'slot.cancelled', { id: 'l2', version: 2 });
  assert.equal(s.slots.find((x) => x.id === 'l2').state, 'cancelled');
});

test('a release, or a slot of something unknown, asks for the document again', () => {
  const s = store.scheduleFrom(doc());
  assert.equal(store.applySchedule(s, 'release.published', { release: 2 }), null);
  assert.equal(store.applySchedule(s, 'conference.edited', { id: 'c', title: 'Renamed' }), null);
  assert.equal(store.applySchedule(s, 'slot.added', slot('x', 'unknown', 'r1', '09:00', '10:00')), null);
});

test('a talk starts and ends; what that means for its slot is told by itself', () => {
  let s = store.scheduleFrom(doc());
  s = store.applySchedule(s, 'talk.started', { talk: 'a', started: '2021-05-02T07:01:00Z' });
  assert.equal(store.talkState(s.talk.get('a')), 'running');
  assert.equal(s.slots[0].state, 'planned');
  s = store.applySchedule(s, 'talk.ended', { talk: 'a', ended: '2021-05-02T07:30:00Z' });
  assert.equal(store.talkState(s.talk.get('a')), 'ended');
});

test('a whole row takes the place of the old one: an end that was a mistake and added time are gone', () => {
  let s = store.scheduleFrom(doc());
  const row = s.slots[0];
  s = store.applySchedule(s, 'slot.ended', { ...row, started: '2021-05-02T07:01:00Z', ended: '2021-05-02T07:02:00Z', state: 'ended' });
  s = store.applySchedule(s, 'slot.started', { ...row, started: '2021-05-02T07:01:00Z', state: 'running' });
  assert.deepEqual(s.slots[0], { ...row, started: '2021-05-02T07:01:00Z', state: 'running' });
  const late = { slot: row.id, expected_start: row.start, expected_end: '2021-05-02T08:10:00Z' };
  s = store.applySchedule(s, 'expected.changed', { slots: [{ ...late, added: 600 }] });
  assert.equal(s.slots[0].added, 600);
  assert.equal(store.applySchedule(s, 'expected.changed', { slots: [late] }).slots[0].added, undefined);
});

test('a slot nobody started runs by the clock and is over after its time', () => {
  const s = store.scheduleFrom(doc());
  assert.equal(store.slotState(s.slots[0], Date.parse('2021-05-02T06:30:00Z')), 'planned');
  assert.equal(store.slotState(s.slots[0], Date.parse('2021-05-02T07:30:00Z')), 'running');
  assert.equal(store.slotState(s.slots[0], Date.parse('2021-05-02T08:30:00Z')), 'over');
});

test('pieces keep every slot, in order, and none is huge', () => {
  const slots = Array.from({ length: 1007 }, (_, i) => slot(`n${i}`, 's1', 'r1', `${String(7 + Math.floor(i / 100)).padStart(2, '0')}:00`, '23:00'));
  const parts = store.pieces(slots);
  assert.deepEqual(parts.flat().flatMap((g) => g.slots), slots);
  assert.ok(parts.every((p) => p.reduce((n, g) => n + g.slots.length, 0) <= 30));
});

test('questions: added, updated, removed; an older version and lost own members change nothing', () => {
  let s = store.questionsFrom({ questions: [q('x', 3, '01', { mine: true, my_vote: 1, version: 2 })], window: { ask: true, vote: true }, tally: [['x', 5]] });
  assert.equal(s.questions.get('x').votes, 5);
  s = store.applyQuestions(s, 'question.updated', { ...q('x', 3, '01'), version: 3, state: 'on_stage' });
  assert.deepEqual([s.questions.get('x').state, s.questions.get('x').mine, s.questions.get('x').my_vote, s.questions.get('x').votes], ['on_stage', true, 1, 5]);
  assert.equal(store.applyQuestions(s, 'question.updated', { ...q('x', 3, '01'), version: 1 }), s);
  s = store.applyQuestions(s, 'question.added', q('y', 0, '02'));
  s = store.applyTick(s, [['y', 9], ['unknown', 4]]);
  assert.deepEqual(store.ranked(s.questions.values()).map((x) => x.id), ['y', 'x']);
  s = store.applyQuestions(s, 'question.removed', { id: 'y' });
  assert.equal(s.questions.size, 1);
  s = store.applyQuestions(s, 'window.changed', { talk: 'a', window: { ask: false, vote: true } });
  assert.deepEqual(s.window, { ask: false, vote: true });
});

test('equal votes: who asked first stands first', () => {
  assert.deepEqual(store.ranked([q('late', 2, '09'), q('early', 2, '01'), q('top', 3, '10')]).map((x) => x.id), ['top', 'early', 'late']);
});

test('a held list stays: known rows where they are, new ones below, the moved are counted', () => {
  const wanted = [q('b', 5, '01'), q('a', 4, '01'), q('c', 3, '01'), q('new', 2, '01')];
  assert.deepEqual(store.heldOrder(['a', 'b', 'gone', 'c'], wanted, true), { order: ['a', 'b', 'c', 'new'], moved: 2 });
  assert.deepEqual(store.heldOrder(['a', 'b'], wanted, false), { order: ['b', 'a', 'c', 'new'], moved: 0 });
});

test('own questions that only their asker sees', () => {
  const mine = store.personFrom({ questions: [q('w', 0, '01', { state: 'pending' }), q('d', 0, '02', { state: 'dismissed' }), q('x', 1, '03'), q('o', 0, '04', { state: 'pending', talk: 'other' })], votes: [['x', 1]], seq: 7 });
  assert.equal(mine.seq, 7);
  assert.deepEqual(store.ownHidden(mine.questions, 'a', new Map()).map((x) => x.id), ['d', 'w']);
});

test('the stage: staged, voted for, cleared', () => {
  let s = store.stageFrom({ room: { id: 'r1', name: 'A' }, question: null, talk: { id: 'a', title: 'A', speakers: [] } });
  s = store.applyStage(s, 'question.staged', { question: q('x', 3, '01') });
  assert.equal(s.talk.id, 'a');
  s = store.tickStage(s, [['other', 1], ['x', 8]]);
  assert.equal(s.question.votes, 8);
  s = store.applyStage(s, 'question.staged', { question: null, talk: null });
  assert.deepEqual([s.question, s.talk], [null, null]);
});

test('the stage hears what comes next, its time and messages in one word; counts come by tick alone', () => {
  let s = store.stageFrom({ room: { id: 'r1', name: 'A' }, question: q('x', 3, '01'), talk: null });
  assert.deepEqual([s.next, s.poll, s.timer, s.messages], [null, null, null, []]);
  s = store.applyStage(s, 'stage.changed', { question: q('x', undefined, '01'), talk: null, next: q('n', undefined, '02'), timer: { ends: '2021-05-02T08:00:00.000Z' }, messages: [{ id: 'm', text: 'Louder', by: 'A', at: '' }] });
  assert.deepEqual([s.question.votes, s.next.id, s.messages.length, s.room.id], [3, 'n', 1, 'r1']);
  s = store.tickStage(s, [['n', 5]]);
  assert.equal(s.next.votes, 5);
  s = store.applyStage(s, 'poll.opened', { poll: { id: 'p', state: 'running' } });
  assert.equal(s.poll.id, 'p');
  s = store.applyStage(s, 'question.staged', { question: null, talk: null, next: null, messages: [] });
  assert.deepEqual([s.question, s.next, s.poll.id, s.messages.length], [null, null, 'p', 0]);
});

test('the time left: seconds to the end, then how long it has been over, and nothing when nobody ends it', () => {
  const timer = { ends: '2021-05-02T08:00:00.000Z' };
  const at = (seconds) => store.timeLeft(timer, Date.parse(timer.ends) - seconds * 1000);
  assert.deepEqual([at(605).text, at(605).tone, at(3725).text], ['10:05', '', '1:02:05']);
  assert.deepEqual([at(119.2).text, at(119.2).tone], ['2:00', 'soon']);
  assert.deepEqual([at(0).text, at(-61).text, at(-61).tone], ['0:00', '+1:01', 'over']);
  assert.equal(at(-3700), null);
  assert.equal(store.timeLeft(null, 1), null);
});

test('counts at the door move with each verdict; what cannot be counted is asked for', () => {
  const s = { admitted: 1, inside: 1, refused: 0, conflicts: 0 };
  assert.deepEqual(store.applyStats(s, 'scan.judged', { verdict: 'admitted' }), { admitted: 2, inside: 2, refused: 0, conflicts: 0 });
  assert.deepEqual(store.applyStats(s, 'scan.judged', { verdict: 'refused' }), { admitted: 1, inside: 1, refused: 1, conflicts: 0 });
  assert.equal(store.applyStats(s, 'scan.judged', { verdict: 'repeat' }), s);
  assert.equal(store.applyStats(s, 'scan.undone', {}), null);
  assert.deepEqual(store.applyStats(s, 'scan.judged', { verdict: 'admitted', direction: 'entry', again: true }), { admitted: 1, inside: 2, refused: 0, conflicts: 0 }, 'came back');
  assert.equal(store.applyStats(s, 'scan.judged', { verdict: 'refused', reason: 'duplicate_offline', n: 2 }), null, 'another opinion: ask');
  assert.deepEqual(store.applyStats(s, 'scan.judged', { verdict: 'admitted', direction: 'exit', reason: 'exit_without_entry' }), { admitted: 1, inside: 1, refused: 0, conflicts: 1 });
  assert.deepEqual(store.applyStats(s, 'scan.left', {}), { admitted: 1, inside: 0, refused: 0, conflicts: 0 }, 'went elsewhere');
});

test('expected times: told, taken back, and gone once the slot is planned anew', () => {
  let s = store.scheduleFrom(doc());
  const late = { slot: 'l1', expected_start: '2021-05-02T07:12:00.000Z', expected_end: '2021-05-02T08:12:00.000Z', assumed: true, unconfirmed: true };
  s = store.applySchedule(s, 'expected.changed', { room: 'r1', slots: [late, { ...late, slot: 'unknown' }] });
  assert.deepEqual([s.slots[0].expected_start, s.slots[0].assumed, s.slots[0].unconfirmed], [late.expected_start, true, true]);
  assert.equal(store.slotState(s.slots[0], Date.parse('2021-05-02T07:05:00Z')), 'planned', 'not on before it is expected');
  assert.equal(store.slotState(s.slots[0], Date.parse('2021-05-02T08:05:00Z')), 'running');
  const planned = store.applySchedule(s, 'expected.changed', { room: 'r1', slots: [{ slot: 'l1', expected_start: s.slots[0].start, expected_end: s.slots[0].end }] });
  assert.deepEqual(planned.slots[0], store.scheduleFrom(doc()).slots[0], 'on plan again: as before');
  s = store.applySchedule(s, 'slot.moved', slot('l1', 's1', 'r1', '07:10', '08:10', { version: 2 }));
  assert.equal(s.slots[0].expected_start, undefined);
});

test('a slot starts, ends, and is removed when a release is taken back', () => {
  let s = store.scheduleFrom(doc());
  s = store.applySchedule(s, 'slot.started', { id: 'l1', started: '2021-05-02T07:03:00.000Z' });
  assert.deepEqual([s.slots[0].state, s.slots[0].started], ['running', '2021-05-02T07:03:00.000Z']);
  s = store.applySchedule(s, 'slot.ended', { id: 'l1', ended: '2021-05-02T07:40:00.000Z' });
  assert.equal(s.slots[0].state, 'ended');
  assert.equal(store.applySchedule(s, 'slot.removed', { id: 'l1' }).slots.length, 1);
});

test('now and next without the server: by expected times', () => {
  let s = store.scheduleFrom(doc());
  const at = (x) => store.nowFrom(s, Date.parse(`2021-05-02T${x}:00Z`)).rooms[0];
  assert.deepEqual([at('07:30').now.slot, at('07:30').next.slot, at('09:00').now, at('09:00').next.title], ['l1', 'l2', null, 'Lunch']);
  s = store.applySchedule(s, 'expected.changed', { slots: [{ slot: 'l2', expected_start: '2021-05-02T10:20:00.000Z', expected_end: '2021-05-02T11:20:00.000Z' }] });
  assert.equal(at('10:10').now, null);
  assert.equal(at('11:10').now.slot, 'l2');
  s = store.applySchedule(s, 'slot.cancelled', { id: 'l2', version: 2 });
  assert.equal(at('11:10').now, null);
});

test('a person: stars, what changed for them, once read gone', () => {
  let p = store.personFrom({ stars: ['s1'], news: [{ id: 'n1', slot: 'a' }], mode: 'online' });
  p = store.applyPerson(p, 'star.changed', { session: 's2', value: true });
  p = store.applyPerson(p, 'star.changed', { session: 's1', value: false });
  p = store.applyPerson(p, 'news.added', { id: 'n2', slot: 'b', kind: 'moved' });
  p = store.applyPerson(p, 'news.added', { id: 'n2', slot: 'b', kind: 'cancelled' });
  assert.deepEqual([[...p.stars], p.news.map((x) => x.id), p.news[0].kind, p.mode], [['s2'], ['n2', 'n1'], 'cancelled', 'online']);
  assert.deepEqual(store.applyPerson(store.applyPerson(p, 'news.added', { id: 'n3', slot: 'l' }), 'news.added', { id: 'n4', slot: 'l' }).news.map((x) => x.id), ['n4', 'n2', 'n1']);
  assert.deepEqual(store.applyPerson(p, 'news.added', { id: 'n3', slot: 'b', kind: 'expected' }).news.map((x) => x.id), ['n3', 'n2', 'n1'], 'a delay does not hide a cancellation');
  assert.deepEqual(store.applyPerson(p, 'news.read', { news: 'n2' }).news.map((x) => x.id), ['n1']);
  assert.deepEqual(store.personFrom(JSON.parse(JSON.stringify(store.personDoc(p)))), p, 'kept and read again it is the same');
  assert.deepEqual(store.filterSlots(store.scheduleFrom(doc()), { stars: p.stars }, () => '').map((x) => x.id), ['l2']);
});
