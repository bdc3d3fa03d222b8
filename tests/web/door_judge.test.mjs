// tests/web/door_judge.test.mjs: the kiosk's judgement: the vectors that the SQL is held against too, and what only a station without network knows
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { colour, doorReason, judge, nextWindow, ruleReason } from '../../web/kiosk/judge.js';

const at = Date.parse('2021-05-02T08:00:00Z');
const HOUR = 3600000;
const free = { opens: null, closes: null, rules: [] };
const base = { code: true, known: { status: 'out' }, direction: 'entry', at, doubt: 50, rules: free };
const says = (more) => judge({ ...base, ...more });

test('a good ticket is admitted, a ticket that is in is a duplicate, one that left may come back', () => {
  assert.deepEqual(says({}), { verdict: 'admitted' });
  assert.deepEqual(says({ known: { status: 'inside' } }), { verdict: 'refused', reason: 'duplicate' });
  assert.deepEqual(says({ known: { status: 'left' } }), { verdict: 'admitted' });
});

test('A09, A10: not in the snapshot is asked, not refused; an older code and a revoked one are refused by name', () => {
  assert.deepEqual(says({ known: null }), { verdict: 'ask', reason: 'not_in_snapshot' });
  for (const status of ['revoked', 'superseded']) assert.deepEqual(says({ known: { status } }), { verdict: 'refused', reason: status });
  assert.deepEqual(says({ code: false, known: null }), { verdict: 'refused', reason: 'malformed' });
});

test('whoever wants to leave may, and one who never came in is noted', () => {
  assert.deepEqual(says({ direction: 'exit', known: { status: 'inside' } }), { verdict: 'admitted' });
  for (const status of ['out', 'left', 'revoked', 'superseded']) assert.deepEqual(says({ direction: 'exit', known: { status } }), { verdict: 'admitted', reason: 'exit_without_entry' });
});

test('windows by category: now, next, over, none; the list\'s own times come first', () => {
  const rules = { opens: null, closes: null, rules: [{ category: 'a', opens: at, closes: at + HOUR }, { category: 'b', opens: at + HOUR, closes: at + 2 * HOUR }, { category: 'c', opens: at - HOUR, closes: at }] };
  assert.equal(ruleReason(rules, 'a', at), undefined);
  assert.equal(ruleReason(rules, 'a', at + HOUR), 'expired');
  assert.equal(ruleReason(rules, 'b', at), 'not_yet');
  assert.deepEqual(nextWindow(rules, 'b', at), { opens: at + HOUR, closes: at + 2 * HOUR });
  assert.equal(ruleReason(rules, 'c', at), 'expired');
  assert.equal(ruleReason(rules, 'd', at), 'wrong_category');
  assert.equal(ruleReason({ ...rules, opens: at + 1 }, 'd', at), 'not_yet');
  assert.deepEqual(says({ rules, category: 'b' }), { verdict: 'refused', reason: 'not_yet', window: { opens: at + HOUR, closes: at + 2 * HOUR } });
});

test('a clock in doubt near a boundary asks; far from one it does not', () => {
  const rules = { opens: at + 1000, closes: null, rules: [] };
  assert.deepEqual(says({ rules, doubt: 2000 }), { verdict: 'ask', reason: 'not_yet', window: { opens: at + 1000, closes: null } });
  assert.equal(says({ rules, doubt: 500 }).verdict, 'refused');
  assert.equal(says({ rules, at: at + 1500, doubt: 2000 }).verdict, 'ask');
  assert.equal(says({ rules, at: at + HOUR, doubt: 2000 }).verdict, 'admitted');
  assert.equal(says({ rules, doubt: Infinity }).verdict, 'ask', 'a station that never heard the time');
  assert.equal(says({ doubt: Infinity }).verdict, 'admitted', 'a list without times needs no clock');
});

test('registered for online: refused where nobody can change it, asked where somebody can', () => {
  const opinion = says({ mode: 'online' });
  assert.deepEqual(opinion, { verdict: 'refused', reason: 'wrong_mode' });
  assert.equal(colour(opinion, 'snapshot', false), 'red');
  assert.equal(colour(opinion, 'snapshot', true), 'amber');
  assert.equal(colour({ verdict: 'admitted' }, 'server', false), 'green');
  assert.equal(colour({ verdict: 'repeat' }, 'snapshot', false), 'green_offline');
  assert.equal(colour({ verdict: 'ask' }, 'snapshot', false), 'amber');
});

test('the order of refusals', () => {
  const rules = { opens: at + HOUR, closes: null, rules: [] };
  const all = { inside: true, mode: 'online', category: null, direction: 'entry', rules, at };
  assert.equal(doorReason({ ...all, status: 'unknown' }).reason, 'unknown');
  assert.equal(doorReason({ ...all, status: 'revoked' }).reason, 'revoked');
  assert.equal(doorReason(all).reason, 'duplicate');
  assert.equal(doorReason({ ...all, inside: false }).reason, 'not_yet');
  assert.equal(doorReason({ ...all, inside: false, at: at + HOUR }).reason, 'wrong_mode');
});

const vectors = JSON.parse(readFileSync(new URL('../vectors/door.json', import.meta.url), 'utf8'));

test('A35: the vectors of the door: verdict, reason and window as the server\'s', () => {
  assert.ok(vectors.cases.length >= 200);
  assert.ok(vectors.cases.some((c) => c.at.startsWith('2026-03-29')) && vectors.cases.some((c) => c.at.startsWith('2026-10-25')));
  const ms = (x) => (x ? Date.parse(x) : null);
  for (const c of vectors.cases) {
    const rules = { opens: ms(c.list.opens), closes: ms(c.list.closes), rules: c.rules.map((r) => ({ category: r.category, opens: ms(r.opens), closes: ms(r.closes) })) };
    const when = Date.parse(c.at);
    const { verdict, reason } = doorReason({ ...c.ticket, direction: c.direction, rules, at: when, doubt: c.uncert_ms });
    const window = reason === 'not_yet' && verdict === 'refused' ? nextWindow(rules, c.ticket.category, when) : undefined;
    const iso = (x) => (x === null || !Number.isFinite(x) ? null : new Date(x).toISOString());
    const said = { verdict, ...(reason && { reason }), ...(window && { window: { opens: iso(window.opens), closes: iso(window.closes) } }) };
    const wanted = { ...c.expect, ...(c.expect.window && { window: { opens: iso(ms(c.expect.window.opens)), closes: iso(ms(c.expect.window.closes)) } }) };
    assert.deepEqual(said, wanted, c.name);
  }
});
