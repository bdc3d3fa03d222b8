// tests/web/streams.test.mjs: which entry plays: by the clock, by staff, by language
import test from 'node:test';
import assert from 'node:assert/strict';
import { languages, next, open, plays } from '../../web/streams.js';

const at = (text) => Date.parse(`2021-05-02T${text}:00Z`);
const entry = (id, language, starts, ends) => ({ id, kind: 'hls', language, starts: starts ? `2021-05-02T${starts}:00.000Z` : null, ends: ends ? `2021-05-02T${ends}:00.000Z` : null });
const room = (streams, more = {}) => ({ room: 'r', current: null, switched: false, hold: null, streams, ...more });
const day = room([entry('all', 'en'), entry('morning', 'en', '07:00', '10:00'), entry('morning-da', 'da', '07:00', '10:00'), entry('evening', 'en', '16:00')]);

test('by the clock: what began last, and what has no window when nothing else has', () => {
  assert.equal(plays(day, at('06:59')).id, 'all');
  assert.equal(plays(day, at('07:00')).id, 'morning');
  assert.equal(plays(day, at('09:59')).id, 'morning');
  assert.equal(plays(day, at('10:00')).id, 'all', 'an end is not part of the window');
  assert.equal(plays(day, at('16:00')).id, 'evening');
  assert.equal(plays(room([entry('later', 'en', '12:00')]), at('11:59')), null);
});

test('the language is the viewer\'s, as long as there is one in it', () => {
  assert.equal(plays(day, at('08:00'), 'da').id, 'morning-da');
  assert.equal(plays(day, at('12:00'), 'da').id, 'all');
  assert.deepEqual(languages(day, at('08:00')), ['da', 'en']);
  assert.deepEqual(languages(day, at('12:00')), []);
});

test('what staff switched to wins over both', () => {
  const switched = { ...day, switched: true, current: 'evening' };
  assert.equal(plays(switched, at('08:00'), 'da').id, 'evening');
  assert.deepEqual(languages(switched, at('08:00')), []);
  assert.equal(plays({ ...day, switched: true, current: 'gone' }, at('08:00')).id, 'morning');
});

test('when there is something to see again', () => {
  assert.equal(next(day, at('08:00')), '2021-05-02T16:00:00.000Z');
  assert.equal(next(day, at('17:00')), null);
  assert.equal(open(day, at('08:00')).length, 3);
});
