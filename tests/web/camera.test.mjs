// tests/web/camera.test.mjs: which part of a picture is read, by whom, and when a code that is held up counts
import test from 'node:test';
import assert from 'node:assert/strict';
import { Once, Readers, isCodeLike, nearest, planOf, troubleOf } from '../../web/kiosk/camera_rules.js';

/** Looks every 100 ms; says when something was scanned. @param {Once} once @param {(string | null)[]} seen @param {number} [from] */
const looks = (once, seen, from = 0) => seen.map((text, i) => once.look(text, from + i * 100) && `${text} at ${from + i * 100}`).filter(Boolean);
const times = (n, text) => Array(n).fill(text);

test('a code that is held up counts once, and once more after three seconds, however long it stays', () => {
  assert.deepEqual(looks(new Once(), times(120, 'A')), ['A at 0', 'A at 3000']);
});

test('a look that missed it, or five, is not leaving', () => {
  assert.deepEqual(looks(new Once(), [...times(5, 'A'), ...times(5, null), ...times(5, 'A')]), ['A at 0']);
});

test('after it has left it counts again, and so does another in its place at once', () => {
  assert.deepEqual(looks(new Once(), [...times(3, 'A'), ...times(9, null), ...times(3, 'A')]), ['A at 0', 'A at 1200']);
  assert.deepEqual(looks(new Once(), [...times(3, 'A'), ...times(3, 'B'), 'B', 'B']), ['A at 0', 'B at 300']);
});

test('one slow look without it, however long it took, is not leaving', () => {
  const once = new Once();
  assert.equal(once.look('A', 0), 'A');
  assert.equal(once.look(null, 2500), null);
  assert.equal(once.look('A', 2600), null);
});

test('two codes in turn before one camera do not open the door at every look', () => {
  const once = new Once();
  const taken = looks(once, Array.from({ length: 20 }, (_, i) => (i % 2 ? 'A' : 'B')));
  assert.ok(taken.length <= 4, taken.join());
});

test('every look reads within the picture, every fourth all of it', () => {
  for (let n = 0; n < 16; n++) {
    for (const [w, h] of [[640, 480], [480, 640], [1280, 720], [1, 1]]) {
      const p = planOf(n, w, h);
      assert.ok(p.x >= 0 && p.y >= 0 && p.width >= 1 && p.height >= 1 && p.x + p.width <= w && p.y + p.height <= h, JSON.stringify([n, w, h, p]));
    }
  }
  assert.equal([0, 1, 2, 3, 4, 5, 6, 7].filter((n) => planOf(n, 640, 480).width === 640).length, 2);
  assert.ok([0, 1, 2, 3].some((n) => planOf(n, 640, 480).invert), 'white on black too');
});

test('of several codes the one in the middle', () => {
  const at = (text, x) => ({ text, x, y: 240, size: 90 });
  assert.equal(nearest([at('left', 100), at('middle', 330), at('right', 600)], 640, 480)?.text, 'middle');
  assert.equal(nearest([], 640, 480), null);
});

test('what could be an entry code, and what is a poster', () => {
  for (const text of ['ABCDEFGHIJKLMNOPQRST', 'abcde fghij klmno pqrst', 'ABCD', 'ABCDE-FGHIJ-KLMNO-PQRST']) assert.ok(isCodeLike(text), text);
  for (const text of ['https://example.org/x', 'WIFI:S:Hall;T:WPA;P:secret;;', '', 'A', 'x'.repeat(65), 'mailto:a@b.c']) assert.ok(!isCodeLike(text), text);
});

const found = (text) => [{ text, x: 0, y: 0, size: 9 }];
const how = { invert: false, flat: false };

test('the browser\'s reader goes first once it has agreed five times', async () => {
  let own = 0;
  const r = new Readers(async () => (own++, found('A')), async () => found('A'));
  for (let i = 0; i < 5; i++) assert.equal((await r.read(null, how)).by, 'own');
  assert.equal((await r.read(null, how)).by, 'browser');
  assert.equal(own, 5);
});

test('the browser\'s reader is never asked again once it has said something else, or failed', async () => {
  for (const wrong of [async () => found('B'), async () => Promise.reject(new Error('no service'))]) {
    let asked = 0;
    const r = new Readers(async () => found('A'), () => (asked++, wrong()));
    for (let i = 0; i < 9; i++) assert.deepEqual(await r.read(null, how), { found: found('A'), by: 'own' });
    assert.equal(asked, 1);
  }
});

test('where the browser\'s reader sees nothing ours still reads', async () => {
  const r = new Readers(async () => found('A'), async () => []);
  for (let i = 0; i < 9; i++) assert.equal((await r.read(null, how)).found[0].text, 'A');
});

test('what a refusal of the camera means', () => {
  const named = (name) => troubleOf(Object.assign(new Error('x'), { name }));
  assert.deepEqual(['NotAllowedError', 'NotFoundError', 'OverconstrainedError', 'NotReadableError', 'AbortError', 'TypeError'].map(named), ['refused', 'none', 'none', 'busy', 'busy', 'failed']);
  assert.equal(troubleOf(undefined), 'failed');
});
