// tests/web/talk_board.test.mjs: a board's times as the server reckons them, presses before they arrive, warnings, who is missing
import test from 'node:test';
import assert from 'node:assert/strict';
import { applyBoard, boardView, missing, moved, offered, pressedBoard, standing, timesOf } from '../../web/talk_board.js';

const at = (hm) => `2021-05-02T${hm}:00.000Z`;
const ms = (hm) => Date.parse(at(hm));
const talk = (id, more = {}) => ({ id, ord: Number(id), title: `Talk ${id}`, speaker: { person: `p${id}`, name: `Speaker ${id}` }, mode: 'on_site', state: 'waiting', planned: null, actual: null, expected: null, allotted_s: 900, added_s: 0, paused_s: 0, in_building: false, online: false, ...more });
const board = (talks, more = {}) => ({ session: 's', title: 'Short talks', slot: { id: 'x', start: at('08:00'), end: at('09:00'), started: at('08:00') }, talks, standby: [], alarm_at: at('07:15'), ...more });
const on = (id, start, more = {}) => talk(id, { state: 'on', actual: { start: at(start), end: '' }, ...more });

test('what is on goes on, what waits follows it, who did not come takes no time', () => {
  const b = board([on('1', '08:00', { added_s: 120 }), talk('2', { state: 'no_show' }), talk('3'), talk('4')]);
  const times = timesOf(b, ms('08:10'));
  assert.deepEqual(times.get('3'), { start: ms('08:17'), end: ms('08:32') });
  assert.equal(times.has('2'), false);
  assert.equal(timesOf(b, ms('08:20')).get('3').start, ms('08:20'), 'over its time it pushes');
  assert.equal(timesOf(board([talk('1'), talk('2')], { slot: { start: at('08:00'), expected_start: at('08:05') } }), ms('07:00')).get('2').start, ms('08:20'));
  assert.equal(timesOf(board([talk('1')], { slot: null }), 0).size, 0);
});

test('a question that is put in between does not cost the speaker anything', () => {
  const x = on('1', '08:00', { state: 'paused', paused_at: at('08:05'), paused_s: 60 });
  assert.deepEqual(standing(x, ms('08:10')), { left: 11 * 60000, state: 'paused' });
  assert.equal(standing(on('1', '08:00'), ms('08:14')).state, 'warn');
  assert.equal(standing(on('1', '08:00'), ms('08:12')).state, 'on');
  assert.equal(standing(on('1', '08:00'), ms('08:16')).state, 'over');
});

test('presses show at once, in their order, and an overtaken one changes nothing', () => {
  const b = board([on('1', '08:00', { state: 'paused', paused_at: at('08:05') }), talk('2'), talk('3')]);
  const p = (method, params) => ({ method, params: { at: at('08:08'), ...params } });
  const done = pressedBoard(b, [p('talk.resume', { talk: '1' }), p('talk.start', { talk: '2' }), p('talk.no_show', { talk: '1', value: true }), p('talk.add_time', { talk: '2', seconds: 60, expect_added: 0 }), p('talk.add_time', { talk: '2', seconds: 60, expect_added: 0 })]);
  assert.deepEqual(done.talks.map((x) => x.state), ['done', 'on', 'waiting']);
  assert.equal(done.talks[0].paused_s, 180);
  assert.equal(done.talks[1].added_s, 60);
  assert.equal(boardView(done).current.id, '2');
  const order = moved(b, '3', -1);
  assert.deepEqual(order, { talks: ['3', '2'], was: ['2', '3'] });
  assert.deepEqual(pressedBoard(b, [p('talk.order', order)]).talks.map((x) => x.id), ['1', '3', '2']);
  assert.equal(moved(b, '2', -1), null);
  assert.equal(moved(b, '1', 1), null, 'one that has begun stays');
});

test('who came is missing no more; nobody is before it is asked', () => {
  const b = board([talk('1'), talk('2', { in_building: true }), talk('3', { state: 'ready' }), talk('4', { speaker: { person: null, name: 'By name' } })], { standby: [{ abstract: 'a', name: 'First', rank: 1, person: 'q1' }, { abstract: 'b', name: 'Second', rank: 2, person: 'q2' }] });
  assert.deepEqual(missing(b, ms('07:15')).map((x) => x.id), ['1']);
  assert.deepEqual(missing(b, ms('07:14')), []);
  const came = applyBoard(b, 'board.presence', { session: 's', person: 'p1', in_building: false, online: true, check: null });
  assert.deepEqual(missing(came, ms('07:15')), []);
  assert.equal(offered(b)[0].name, 'First');
  assert.equal(offered(applyBoard(b, 'board.presence', { session: 's', person: 'q2', in_building: true, online: false }))[0].name, 'Second');
  assert.equal(applyBoard(b, 'board.switched', { session: 's', person: 'p2', mode: 'online' }).talks[1].mode, 'online');
  assert.equal(applyBoard(b, 'board.changed', { session: 's', refetch: true }), null);
});
