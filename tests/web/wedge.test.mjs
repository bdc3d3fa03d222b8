// tests/web/wedge.test.mjs: a scanner that types, told from a person who types
import test from 'node:test';
import assert from 'node:assert/strict';
import { Wedge, codeOf, grouped, strip } from '../../web/kiosk/wedge.js';

/** Types the keys with a gap and says what came out, ended by a key or by silence. */
function type(wedge, keys, gap, from = 1000) {
  let at = from;
  const scans = [];
  for (const key of keys) {
    const scan = wedge.press(typeof key === 'string' ? { key } : key, at);
    if (scan) scans.push(scan);
    at += gap;
  }
  return { scans, at };
}

test('a burst ended by Enter or by Tab is a scan', () => {
  assert.deepEqual(type(new Wedge(), [...'ABCDEFGH', 'Enter'], 12).scans, ['ABCDEFGH']);
  assert.deepEqual(type(new Wedge(), [...'ABCDEFGH', 'Tab'], 12).scans, ['ABCDEFGH']);
});

test('a scanner without a suffix is ended by silence', () => {
  const w = new Wedge();
  const { scans, at } = type(w, [...'ABCDEFGH'], 12);
  assert.deepEqual(scans, []);
  assert.equal(w.end(at + 60), 'ABCDEFGH');
  assert.equal(w.end(at + 120), null);
});

test('a person who types is no scan, however long the text', () => {
  const w = new Wedge();
  assert.deepEqual(type(w, [...'ABCDEFGHIJKLMNOP', 'Enter'], 55).scans, []);
  assert.deepEqual(type(w, [...'ABCDEFGHIJKLMNOP', 'Enter'], 140).scans, []);
});

test('five letters are no scan', () => assert.deepEqual(type(new Wedge(), [...'ABCDE', 'Enter'], 5).scans, []));

test('one slow key in a burst does not spoil it: the median counts', () => {
  const w = new Wedge();
  [0, 10, 20, 30, 80, 90, 100, 110].forEach((at, i) => w.press({ key: 'ABCDEFGH'[i] }, 1000 + at));
  assert.equal(w.press({ key: 'Enter' }, 1120), 'ABCDEFGH');
});

test('two scans never run together, nor a person\'s letter and a scan', () => {
  const w = new Wedge();
  const first = type(w, [...'AAAAAAAA', 'Enter'], 10);
  const second = type(w, [...'BBBBBBBB', 'Enter'], 10, first.at + 15);
  assert.deepEqual([...first.scans, ...second.scans], ['AAAAAAAA', 'BBBBBBBB']);
  w.press({ key: 'x' }, 9000);
  assert.deepEqual(type(w, [...'CCCCCCCC', 'Enter'], 10, 9200).scans, ['CCCCCCCC']);
});

test('auto-repeat, composition and shift keys are not letters', () => {
  const keys = [...'ABCD', { key: 'Shift' }, { key: 'D', repeat: true }, { key: 'あ', isComposing: true }, ...'EFGH', 'Enter'];
  assert.deepEqual(type(new Wedge(), keys, 9).scans, ['ABCDEFGH']);
});

test('what scanners add is taken off', () => {
  assert.equal(strip(']Q3ABC'), 'ABC');
  assert.equal(strip('\\000026ABC'), 'ABC');
  assert.equal(strip('\u001dAB\u0002C\r'), 'ABC');
  assert.equal(codeOf(' abcde-fghij klmno‐'.replace('‐', '-')), 'ABCDEFGHIJKLMNO');
  assert.equal(grouped('abcdefghijklmnopqrst'), 'ABCDE FGHIJ KLMNO PQRST');
});
