// tests/web/selection.test.mjs: the selection's board as data: tabs, order, where a talk would go, one up and one down
import test from 'node:test';
import assert from 'node:assert/strict';
import { changed, counts, left, meant, moved, placeFor, shown, tabOf } from '../../web/organise/selection_model.js';

const row = (number, more = {}) => ({ abstract: `a${number}`, number, title: `On ${number}`, name: 'Åse Ærø', wish: 'talk', mode: 'on_site', received: '', tracks: [], version: 0, ...more });
const standby = (number, rank, session = null) => row(number, { staged: { outcome: 'standby', rank, session, at: '' } });
const numbers = (rows) => rows.map((r) => r.number);
const plain = (text) => text.toLowerCase();
const by = (more = {}) => ({ tab: 'all', track: '', sort: 'number', words: [], ...more });

test('what is meant goes before what is in force; a place given back is not undecided', () => {
  const rows = [row(1), row(2, { outcome: 'talk' }), row(3, { outcome: 'talk', staged: { outcome: 'declined', at: '' } }), row(4, { returned: 'x' })];
  assert.deepEqual(rows.map(tabOf), ['open', 'talk', 'declined', 'returned']);
  assert.deepEqual(counts(rows), { all: 4, open: 1, talk: 1, poster: 0, standby: 0, declined: 1, returned: 1 });
  assert.equal(meant(rows[2]).outcome, 'declined');
});

test('unreviewed ones come last whatever the order, and equals by number', () => {
  const rows = [row(1), row(2, { score: 7, z: -1 }), row(3, { score: 9, z: 0.5 }), row(4, { score: 7, z: 2 })];
  assert.deepEqual(numbers(shown(rows, by({ sort: 'score' }), plain)), [3, 2, 4, 1]);
  assert.deepEqual(numbers(shown(rows, by({ sort: 'z' }), plain)), [4, 3, 2, 1]);
});

test('every word somewhere, and of one topic', () => {
  const rows = [row(1, { tracks: ['t'] }), row(21, { title: 'Whole genomes' }), row(12, { tracks: ['t'], affiliation: 'DTU' })];
  assert.deepEqual(numbers(shown(rows, by({ words: ['genomes', 'åse'] }), plain)), [21]);
  assert.deepEqual(numbers(shown(rows, by({ track: 't', words: ['dtu'] }), plain)), [12]);
});

test('a standby list is in its own order, that of all sessions last', () => {
  const rows = [standby(1, 2), standby(2, 1), standby(3, 2, 's'), standby(4, 1, 's')];
  assert.deepEqual(numbers(shown(rows, by({ tab: 'standby', sort: 'score' }), plain)), [4, 3, 2, 1]);
});

test('a talk goes where it is, else to one of its topics with room, else to the first with room', () => {
  const place = (session, track, taken) => ({ session, title: session, track, places: 2, start: null, room: null, taken, held: 0 });
  const sessions = [place('full', 'x', 2), place('first', 'y', 1), place('topic', 'z', 0)];
  assert.equal(placeFor(row(1, { tracks: ['z'] }), sessions), 'topic');
  assert.equal(placeFor(row(1, { tracks: ['x'] }), sessions), 'first');
  assert.equal(placeFor(row(1, { staged: { outcome: 'talk', session: 'full', at: '' } }), sessions), 'full');
  assert.equal(placeFor(row(1), [sessions[0]]), null);
  assert.equal(left({ places: null, taken: 5 }), Infinity);
  assert.equal(left({ places: 1, taken: 3 }), 0);
});

test('down is the next one moved up; the ends stay', () => {
  const rows = [standby(1, 1), standby(2, 3), standby(3, 1, 's')];
  assert.deepEqual(moved(rows, rows[1], -1), { row: rows[1], rank: 1 });
  assert.deepEqual(moved(rows, rows[0], 1), { row: rows[1], rank: 1 });
  assert.equal(moved(rows, rows[0], -1), null);
  assert.equal(moved(rows, rows[2], 1), null);
});

test('what is told of what changed since it was looked at', () => {
  const reg = (n, stays) => ({ abstract: `a${n}`, number: n, title: '', name: `Author ${n}`, email: `${n}@x`, what: 'talk', ...(stays ? { stays } : {}) });
  const kinds = (...numbers) => [{ kind: 'decision.declined', abstracts: numbers.length, invitations: 0, samples: [], recipients: numbers.map((n) => ({ abstract: `a${n}`, email: `${n}@x`, session: null, rank: null })) }];
  const preview = (registered, of = kinds(1, 2)) => ({ hash: 'h', count: 2, expires: '', over: [], kinds: of, registered });
  const seen = preview([reg(1), reg(2), reg(3, 'inside'), reg(4)]);
  assert.deepEqual(changed(seen, preview([reg(1), reg(2, 'inside'), reg(3), reg(5)])), {
    people: [{ name: 'Author 2', what: 'inside' }, { name: 'Author 3', what: 'may' }, { name: 'Author 5', what: 'new' }, { name: 'Author 4', what: 'gone' }], staged: false });
  assert.deepEqual(changed(seen, preview(seen.registered, kinds(1))), { people: [], staged: true });
  assert.deepEqual(changed(seen, seen), { people: [], staged: false });
});
