// tests/web/review.test.mjs: the next abstract, what is still missing, files of other systems read
import test from 'node:test';
import assert from 'node:assert/strict';
import { after, counts, missing, same } from '../../web/review/model.js';
import { readAssignments } from '../../web/organise/review_read.js';

const list = [['a', 'final'], ['b', 'none'], ['c', 'final'], ['d', 'draft']].map(([abstract, state], i) => ({ abstract, number: i + 1, title: '', tracks: [], state: /** @type {any} */ (state) }));

test('the next one is the next that is not finished, round to the beginning', () => {
	assert.equal(after(list, '')?.abstract, 'b');
	assert.equal(after(list, 'b')?.abstract, 'd');
	assert.equal(after(list, 'd')?.abstract, 'b');
	assert.equal(after(list.slice(0, 1), 'a'), undefined);
	assert.deepEqual(counts(list), { done: 2, all: 4 });
});

test('what is missing, and what is the same', () => {
	const criteria = [{ id: 'x', name: 'X', weight: 1, min: 0, max: 5 }, { id: 'y', name: 'Y', weight: null, min: 0, max: 5 }];
	assert.deepEqual(missing(criteria, { scores: { x: 0 }, to_authors: '', to_committee: '' }).map((c) => c.id), ['y']);
	assert.ok(same({ scores: {}, to_authors: 'a', to_committee: '' }, { scores: {}, to_authors: 'a', to_committee: '' }));
	assert.ok(!same({ scores: { x: 1 }, to_authors: '', to_committee: '' }, { scores: {}, to_authors: '', to_committee: '' }));
});

test('pretalx by reviewer or by abstract, HotCRP with any of its reviews, quotes and semicolons; anything else is refused', () => {
	assert.deepEqual(readAssignments('{"a@b.dk": ["12", 7]}'), [{ number: '12', email: 'a@b.dk' }, { number: '7', email: 'a@b.dk' }]);
	assert.deepEqual(readAssignments('{"12": ["a@b.dk"]}'), [{ number: '12', email: 'a@b.dk' }]);
	assert.deepEqual(readAssignments('\ufeffpaper,action,email\r\n1,primaryreview,a@b.dk\r\n"2","conflict","c@d.dk"\r\n'), [{ number: '1', email: 'a@b.dk', action: 'review' }, { number: '2', email: 'c@d.dk', action: 'conflict' }]);
	assert.deepEqual(readAssignments('paper;email\n3;a@b.dk\n'), [{ number: '3', email: 'a@b.dk', action: 'review' }]);
	assert.equal(readAssignments('{"a@b.dk": 1}'), null);
	assert.equal(readAssignments('{'), null);
	assert.equal(readAssignments('a,b\n1,2\n'), null);
	assert.equal(readAssignments(''), null);
});
