// tests/web/days_browser.mjs: programmes of every shape on the attend page: six weeks of hackathon before the day, both nights of the clock's change, none, one, very long names
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { access, axe, becomes, close, complaints, page, shift, shot, still, until } from './kit.mjs';

const run = promisify(execFile);
const dir = mkdtempSync(path.join(tmpdir(), 'plenum-days-'));
after(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

/** One event: local start with its offset, length as hours:minutes. */
const event = (room, date, duration, title, more = {}) => ({ guid: randomUUID(), id: ++event.n, date, start: date.slice(11, 16), duration, room, title, subtitle: '', slug: `x-${event.n}`, url: '', track: null, type: 'talk', language: 'en', abstract: '', description: '', persons: [], links: [], ...more });
event.n = 0;

/** A conference of these events under a name of its own. */
async function conference(slug, title, starts, ends, events) {
  const names = [...new Set(events.map((e) => e.room))];
  const dates = [...new Set(events.map((e) => e.date.slice(0, 10)))].sort();
  const schedule = {
    schedule: { version: '1', base_url: 'https://example.org/', conference: {
      acronym: slug, title, start: starts, end: ends, daysCount: dates.length, timeslot_duration: '00:05', time_zone_name: 'Europe/Copenhagen', tracks: [], rooms: names.map((name) => ({ name, guid: randomUUID() })),
      days: dates.map((date, index) => ({ index: index + 1, date, day_start: `${date}T04:00:00+02:00`, day_end: `${date}T23:59:00+02:00`,
        rooms: Object.fromEntries(names.map((name) => [name, events.filter((e) => e.room === name && e.date.startsWith(date))])) })),
    } },
  };
  const file = path.join(dir, `${slug}.json`);
  writeFileSync(file, JSON.stringify(schedule));
  await run(path.join(process.env.PLENUM_BIN, 'plenum'), ['import', 'schedule', file, '--into', slug, '--dsn', access.app_dsn]);
}

/** Both widths and grounds. @param {string} name @param {string} address @param {string} ready @param {{zone?: string, full?: boolean}} [o] */
async function looked(name, address, ready, o = {}) {
  for (const [width, theme] of /** @type {const} */ ([[360, 'light'], [1440, 'dark']])) {
    const p = await page(address, { width, theme, axe: true, zone: o.zone });
    await p.locator(ready).first().waitFor();
    await still(p);
    await shot(p, `days-${name}-${width}-${theme}`, !!o.full);
    assert.deepEqual(await axe(p), [], `${name} ${width} ${theme}`);
    assert.ok((await shift(p)) <= 0.02, `${name} ${width}: layout shift ${await shift(p)}`);
    assert.ok((await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} ${width}: too wide`);
    await p.context().close();
  }
}

const times = (p) => p.locator('.group-time time').allInnerTexts();
/** The day of that name in the strip. */
const openDay = (p, name) => p.locator('.days button', { hasText: name }).first().click();

test('six weeks of hackathon before one day of conference: said, and no day is drowned', async () => {
  const before = ['2021-03-21T17:00:00+01:00', '2021-03-28T17:00:00+02:00', '2021-04-04T17:00:00+02:00', '2021-04-11T17:00:00+02:00', '2021-04-18T17:00:00+02:00', '2021-04-25T17:00:00+02:00'];
  await conference('ultra', 'Ultrathon and conference', '2021-05-02', '2021-05-02', [
    event('Online', '2021-03-21T17:00:00+01:00', '1006:00', 'Ultrathon'),
    ...before.map((at, i) => event('Stage', at, '00:45', i ? `Check-in ${i}` : 'Kick-off')),
    event('Stage', '2021-05-02T09:00:00+02:00', '01:00', 'Opening'), event('Stage', '2021-05-02T10:00:00+02:00', '01:00', 'Keynote'), event('Stage', '2021-05-03T01:30:00+02:00', '01:00', 'Last song'),
  ]);
  const p = await page('/e/ultra/attend', { width: 1440 });
  await p.locator('.slot').first().waitFor();
  await becomes(() => p.locator('.days button').allInnerTexts(), ['Sun 21 Mar', 'Sun 28 Mar', 'Sun 4 Apr', 'Sun 11 Apr', 'Sun 18 Apr', 'Sun 25 Apr', 'Sun 2 May'], 'days with something on them, in and outside the event');
  await openDay(p, '28 Mar');
  await becomes(() => times(p), ['17:00'], 'five in the afternoon, summer time or not');
  await until(async () => /Ultrathon[\s\S]*21 Mar – 2 May/.test(await p.locator('.long').innerText()));
  await openDay(p, '21 Mar');
  await becomes(() => times(p), ['17:00']);
  await openDay(p, '2 May');
  await becomes(() => times(p), ['09:00', '10:00', '01:30'], 'the night belongs to the day before');
  assert.match(await p.locator('.group-time').last().innerText(), /Mon/);
  assert.equal(await p.locator('.pieces .slot', { hasText: 'Ultrathon' }).count(), 0);
  await p.context().close();
  await looked('ultra', '/e/ultra/attend#/?day=2021-05-02', '.long');
});

test('both nights of the change, for somebody in New York: every hour once, as the server counts', async () => {
  await conference('change', 'The clock changes', '2021-03-27', '2021-10-31', [
    event('Hall', '2021-03-28T01:30:00+01:00', '00:30', 'Before the jump'), event('Hall', '2021-03-28T03:00:00+02:00', '00:30', 'After the jump'), event('Hall', '2021-03-28T09:00:00+02:00', '01:00', 'Morning in March'),
    event('Hall', '2021-10-31T02:30:00+02:00', '00:30', 'Half past two'), event('Hall', '2021-10-31T02:30:00+01:00', '00:30', 'Half past two again'), event('Hall', '2021-10-31T09:00:00+01:00', '01:00', 'Morning in October'),
  ]);
  const p = await page('/e/change/attend', { zone: 'America/New_York', width: 360 });
  await p.locator('.slot').first().waitFor();
  const shows = async (day, expected, why) => {
    await openDay(p, day);
    // The reader's own zone is fetched: its clocks come a moment later.
    await becomes(async () => (await p.locator('.group-time').allInnerTexts()).map((x) => x.replace(/\s+/g, ' ').trim()), expected, why);
  };
  await shows('27 Mar', ['01:30 Sun CET Sat 20:30 your time', '03:00 Sun CEST Sat 21:00 your time'], 'before four it is still the 27th');
  await shows('28 Mar', ['09:00 CEST 03:00 your time']);
  await shows('30 Oct', ['02:30 Sun CEST Sat 20:30 your time', '02:30 Sun CET Sat 21:30 your time']);
  await until(async () => /02:30 CEST–02:00 CET/.test(await p.locator('.slot .times').first().innerText()));
  assert.match(await p.locator('.slot .times').first().innerText(), /02:30 CEST–02:00 CET/);
  await shows('31 Oct', ['09:00 CET 04:00 your time']);
  await p.context().close();
  await looked('change', '/e/change/attend#/?day=2021-10-30', '.group', { zone: 'America/New_York' });
});

test('no programme, and one entry', async () => {
  await conference('empty', 'Nothing yet', '2021-05-02', '2021-05-02', []);
  await looked('none', '/e/empty/attend', '.empty');
  const q = await page('/e/empty/attend', { width: 360 });
  await q.locator('.empty').waitFor();
  await becomes(async () => (await q.locator('main').innerText()).trim().split(/\n+/)[0], 'No programme yet', 'nothing has gone by, so nothing is said to be over');
  assert.equal(await q.locator('.subscribe, .filters').count(), 0, 'nothing to search or subscribe to');
  await q.context().close();
  await conference('single', 'One only', '2021-05-02', '2021-05-02', [event('Room', '2021-05-02T09:00:00+02:00', '00:30', 'The only one')]);
  const p = await page('/e/single/attend', { width: 360 });
  await p.locator('.slot').first().waitFor();
  await becomes(() => p.locator('.slot').count(), 1);
  assert.equal(await p.locator('.days').count(), 0, 'no choice of one');
  await p.context().close();
  await looked('one', '/e/single/attend', '.slot');
});

test('before the programme begins the clock in the title bar is that of the season, not of the programme', async () => {
  await conference('winter', 'In the spring', '2021-05-02', '2021-05-02', [event('Room', '2021-05-02T09:00:00+02:00', '00:30', 'In the spring')]);
  await run(path.join(process.env.PLENUM_BIN, 'plenum'), ['conference', 'clock', 'winter', '--at', '2021-02-01T12:00:00+01:00', '--dsn', access.app_dsn]);
  const p = await page('/e/winter/attend');
  await p.locator('.slot').first().waitFor();
  await until(async () => /^12:\d\d CET$/.test(await p.locator('.bar-clock').innerText()));
  await until(async () => /CEST/.test(await p.locator('.zone-note').innerText()));
  await becomes(() => p.locator('.group-time').first().innerText(), '09:00');
  await p.context().close();
});

test('very long names, one word without end, and letters from right to left stay in their place', async () => {
  const word = 'Hippopotomonstrosesquippedaliophobia'.repeat(4);
  await conference('long', `Kongressen om ${word}`, '2021-05-02', '2021-05-02', [
    event(`Auditorium ${word}`, '2021-05-02T09:00:00+02:00', '00:30', `${word} and its treatment in a very long title that goes on over several lines on a phone`, { persons: [{ id: 1, name: word }] }),
    event('قاعة', '2021-05-02T09:00:00+02:00', '00:30', 'الطب الدقيق من المريض إلى المختبر'),
  ]);
  await looked('long', '/e/long/attend', '.slot', { full: true });
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints, []));
