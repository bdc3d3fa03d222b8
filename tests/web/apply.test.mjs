// tests/web/apply.test.mjs: a draft as it is typed: saved a moment later, in order; two tabs; a device that kept something; and files that can be read again
import test from 'node:test';
import assert from 'node:assert/strict';
import { Draft, blank, contentOf, restore, same } from '../../web/apply/draft.js';
import { cell, csv, json } from '../../web/organise/call_file.js';

const person = { id: 'p', name: 'Nina' };

function store() {
  const kept = new Map();
  return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => void kept.set(k, v), removeItem: (k) => void kept.delete(k), kept };
}

/** A server that answers when it is told to. */
function server() {
  const asked = [];
  return { asked, write: (method, params) => new Promise((resolve, reject) => asked.push({ method, params: structuredClone(params), resolve, reject })) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const make = (row = null, storage = store(), conn = server()) => ({ draft: new Draft({ conn, slug: 's', person, row, storage }), storage, conn });

test('what is typed while a save is under way goes after it, with the version that it left', async () => {
  const { draft, conn, storage } = make();
  draft.set({ title: 'A' });
  assert.equal(draft.state.value, 'typing');
  assert.equal(storage.kept.size, 1);
  const first = draft.save();
  draft.set({ title: 'AB' });
  const second = draft.save();
  assert.equal(conn.asked.length, 1);
  conn.asked[0].resolve({ version: 1, saved: '2021-01-01T00:00:00Z' });
  await first;
  await settle();
  assert.deepEqual([conn.asked[1].params.expect_version, conn.asked[1].params.content.title], [1, 'AB']);
  conn.asked[1].resolve({ version: 2, saved: '2021-01-01T00:00:01Z' });
  await second;
  assert.deepEqual([draft.state.value, draft.version, storage.kept.size], ['saved', 2, 0]);
});

test('another tab: nothing is written over before its writer has said so', async () => {
  const { draft, conn } = make();
  draft.set({ title: 'Mine' });
  const saving = draft.save();
  const theirs = { abstract: draft.id, state: 'draft', version: 4, consents: [], draft: { ...blank(person), title: 'Theirs' } };
  conn.asked[0].reject({ fault: 'conflict', data: { current: theirs } });
  await saving;
  assert.equal(draft.state.value, 'conflict');
  draft.set({ title: 'Mine still' });
  await draft.save();
  assert.equal(conn.asked.length, 1);
  draft.mine();
  void draft.save();
  await settle();
  assert.deepEqual([conn.asked[1].params.expect_version, conn.asked[1].params.content.title], [4, 'Mine still']);
  draft.forget();
});

test('the other version can be taken; the same words are no two versions', async () => {
  const { draft, conn } = make();
  draft.set({ title: 'Mine' });
  let saving = draft.save();
  const theirs = { abstract: draft.id, state: 'draft', version: 4, consents: [], draft: { ...blank(person), title: 'Theirs' } };
  conn.asked[0].reject({ fault: 'conflict', data: { current: theirs } });
  await saving;
  draft.taken(theirs);
  assert.deepEqual([draft.state.value, draft.version, draft.content.value.title], ['saved', 4, 'Theirs']);
  draft.set({ title: 'Both' });
  saving = draft.save();
  conn.asked[1].reject({ fault: 'conflict', data: { current: { ...theirs, version: 5, draft: { ...blank(person), title: 'Both' } } } });
  await saving;
  assert.deepEqual([draft.state.value, draft.version], ['saved', 5]);
});

test('a device that kept something goes on with it, or asks', () => {
  const row = { abstract: 'a', state: 'draft', version: 3, consents: [], draft: { ...blank(person), title: 'There' } };
  const content = { ...blank(person), title: 'Here' };
  assert.equal(restore(null, row), 'none');
  assert.equal(restore({ version: 2, content: row.draft }, row), 'none');
  assert.equal(restore({ version: 3, content }, row), 'mine');
  assert.equal(restore({ version: 2, content }, row), 'choose');
  assert.equal(restore({ version: 0, content }, null), 'mine');
  const storage = store();
  storage.setItem('plenum-abstract:s:p:a', JSON.stringify({ id: 'a', version: 2, content }));
  const { draft } = make(row, storage);
  assert.deepEqual([draft.state.value, draft.content.value.title, contentOf(draft.theirs.value).title], ['conflict', 'Here', 'There']);
  // Begun here and never sent: under the same id again.
  const begun = make();
  begun.draft.set({ title: 'Offline' });
  clearTimeout(begun.draft.timer);
  const after = make(null, begun.storage);
  assert.deepEqual([after.draft.id, after.draft.content.value.title], [begun.draft.id, 'Offline']);
  after.draft.forget();
});

test('refused, what was typed stays on the device', async () => {
  const { draft, conn, storage } = make();
  draft.set({ title: 'Late' });
  const saving = draft.save();
  conn.asked[0].reject({ fault: 'call.closed', data: {} });
  await saving;
  assert.deepEqual([draft.state.value, storage.kept.size], ['refused', 1]);
  const submitting = draft.submit([]);
  await settle();
  conn.asked[1].resolve({ version: 1, number: 1, received: '2021-01-01T00:00:00Z' });
  await submitting;
  assert.deepEqual([draft.state.value, storage.kept.size], ['saved', 0]);
  assert.ok(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }) && !same({ a: 1 }, { a: 1, b: 2 }) && !same([1], { 0: 1 }));
});

test('a file is one a spreadsheet takes for no formula, and the import for the same rows', () => {
  assert.deepEqual(['=1+1', '-2', 'a;b', 'say "so"', 'two\nlines', null].map(cell), ["'=1+1", "'-2", '"a;b"', '"say ""so"""', '"two\nlines"', '']);
  const row = { number: 3, title: '=T', body: 'B', wish: 'talk', mode: 'online', state: 'submitted', received: '2021-01-01T00:00:00Z', person: { name: 'Nina', email: 'n@example.org' }, tracks: ['t'],
    authors: [{ name: 'Nina', affiliation: 'KU', email: '', presents: true }, { name: 'Bo', affiliation: '', email: '', presents: false }],
    consents: [{ kind: 'data', version: 1, given: true, at: '2021-01-01T00:00:00Z' }, { kind: 'book', version: 2, given: false, at: '2021-01-02T00:00:00Z' }] };
  const topics = new Map([['t', 'Imaging']]);
  assert.equal(csv([row], topics).split('\r\n')[1], "3,'=T,n@example.org,Nina,\"*Nina (KU); Bo\",B,Imaging,online,talk,submitted,2021-01-01T00:00:00Z,,\"data 1@2021-01-01T00:00:00Z; book 2=no@2021-01-02T00:00:00Z\"");
  assert.deepEqual(JSON.parse(json([row], topics)).abstracts[0].topics, ['Imaging']);
  assert.deepEqual(JSON.parse(json([row], topics)).abstracts[0].consents, row.consents);
});
