// tests/web/organise_browser.mjs: the organiser's table in Chromium: from nothing to a published programme, moving, conflicts, releases
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { access, axe, becomes, box as boxOf, close, complaints, page, shift, shot, still, until } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { block, conference, plenum, saved, small, steps, times } from './organise_kit.mjs';

const congress = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/data/38c3-schedule.xml');
const data = existsSync(congress) ? congress : '/work/shared/data/38c3-schedule.xml';
const missing = !existsSync(data) && 'the file of 1,007 events is not here';
after(close);

test('from an empty conference to a published programme, in the browser alone', async () => {
  const c = await conference('empty');
  const p = await c.open('', { axe: true });
  await p.getByText('The timetable is empty').waitFor();
  await shot(p, 'organise-empty-1440-light');
  assert.deepEqual(await axe(p), []);
  await p.getByRole('link', { name: 'Make a room' }).click();
  await p.getByLabel('Name').fill('Great Hall');
  await p.getByLabel('Places on site').fill('120');
  await p.getByRole('button', { name: 'Add', exact: true }).click();
  await p.locator('.row-line', { hasText: 'Great Hall' }).waitFor();
  await p.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Topics' }).click();
  await p.getByRole('link', { name: 'New topic' }).click();
  await p.getByLabel('Name').fill('Genomics');
  await p.getByLabel('Colour code').fill('#ffee99');
  await p.getByText(/Hard to see on light ground/).waitFor();
  await p.getByLabel('Colour code').fill('#0b6e99');
  await p.getByText(/Easy to see/).waitFor();
  await p.getByRole('button', { name: 'Add', exact: true }).click();
  await p.locator('.row-line', { hasText: 'Genomics' }).waitFor();
  await p.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Sessions' }).click();
  await p.getByRole('link', { name: 'New session' }).click();
  await p.getByLabel('Title', { exact: true }).fill('From patient to lab');
  await p.getByLabel('Topic').selectOption({ label: 'Genomics' });
  await p.getByRole('button', { name: 'Add a talk' }).click();
  await p.getByLabel('Title of talk 1').fill('The first talk');
  await p.getByLabel('Speaker of talk 1').fill('Ida Ærø');
  await p.getByRole('button', { name: 'Add as new' }).click();
  await p.locator('.chip', { hasText: 'Ida Ærø' }).waitFor();
  await p.getByRole('button', { name: 'Add', exact: true }).last().click();
  await p.getByText('Not in the timetable yet').waitFor();
  await p.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Timetable' }).click();
  await p.getByRole('button', { name: 'Place From patient to lab' }).click();
  await p.locator('dialog[open]').getByLabel('Time', { exact: true }).first().fill('9.30');
  await p.getByRole('button', { name: 'Place it' }).click();
  await block(p, 'From patient to lab').waitFor();
  await shot(p, 'organise-one-1440-light');
  await p.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: /Release/ }).click();
  await p.locator('.changes li', { hasText: 'From patient to lab' }).waitFor();
  await p.getByRole('button', { name: 'Publish 1 change' }).click();
  await p.getByText('Release 1 is out, with 1 change.').first().waitFor();
  const seen = await (await fetch(`${access.base}/e/empty/schedule.json`)).json();
  assert.match(JSON.stringify(seen), /From patient to lab/);
  const a = await page('/e/empty/attend', { width: 360 });
  await a.locator('.slot', { hasText: 'From patient to lab' }).first().waitFor();
  for (const x of [p, a]) await x.context().close();
});

test('a slot moves by keyboard: five minutes, another room, another length; each step is said; several steps are one write', async () => {
  const c = await small('keys');
  const p = await c.open('#/timetable/2021-05-02');
  await block(p, 'Gamma').focus();
  await steps(p, ...times('ArrowDown', 3));
  await p.locator('.tt-said', { hasText: '11:15–12:15, Hall' }).waitFor();
  await saved(p).waitFor();
  let s = await c.slot('Gamma');
  assert.deepEqual([s.start, s.end, s.version], ['2021-05-02T09:15:00.000Z', '2021-05-02T10:15:00.000Z', 2]);
  await becomes(() => p.evaluate(() => document.activeElement?.closest('[data-slot]')?.getAttribute('data-slot')), c.slots.Gamma, 'the focus stays on it');
  await steps(p, 'ArrowRight', 'Shift+ArrowUp');
  await p.locator('.tt-said', { hasText: 'Lab' }).waitFor();
  await until(async () => (await c.slot('Gamma')).version >= 3 && (await c.slot('Gamma')).end === '2021-05-02T10:10:00.000Z');
  s = await c.slot('Gamma');
  assert.equal(s.room, c.lab);
  await saved(p).waitFor();
  await p.locator('.block.changed', { hasText: 'Gamma' }).waitFor();
  await p.locator('.tt-said').getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await c.slot('Gamma')).room === c.hall);
  await saved(p).waitFor();
  // And by a real key.
  await block(p, 'Gamma').focus();
  await p.keyboard.press('ArrowLeft');
  await p.keyboard.press('ArrowRight');
  await p.locator('.tt-said', { hasText: 'Lab' }).waitFor();
  await until(async () => (await c.slot('Gamma')).room === c.lab);
  await block(p, 'Gamma').focus();
  await p.keyboard.press('Enter');
  await p.locator('dialog[open]').getByRole('heading', { name: 'Gamma' }).waitFor();
  await p.keyboard.press('Escape');
  await p.locator('dialog[open]').waitFor({ state: 'detached' });
  await p.context().close();
});

test('a slot moves under the mouse, in steps of five minutes; Escape lets it go where it was', async () => {
  const c = await small('mouse');
  const p = await c.open('#/timetable/2021-05-02');
  await block(p, 'Gamma').waitFor();
  await still(p);
  const box = await boxOf(block(p, 'Gamma'));
  const head = await boxOf(p.locator('.tt-room', { hasText: 'Lab' }));
  const drag = async () => {
    await p.mouse.move(box.x + 20, box.y + 10);
    await p.mouse.down();
    await p.mouse.move(head.x + 40, box.y + 25, { steps: 6 });
  };
  await drag();
  await p.keyboard.press('Escape');
  await p.mouse.up();
  assert.equal((await c.slot('Gamma')).version, 1);
  assert.equal(await p.locator('dialog[open]').count(), 0, 'letting go is no click');
  await drag();
  await shot(p, 'organise-drag-1440-light');
  await p.mouse.up();
  await until(async () => (await c.slot('Gamma')).room === c.lab);
  const minutes = new Date((await c.slot('Gamma')).start).getUTCMinutes();
  assert.equal(minutes % 5, 0);
  assert.equal(await p.locator('dialog[open]').count(), 0);
  await p.context().close();
});

test('overlaps and a speaker in two places are shown where they are, and publishing is refused by name', async () => {
  const c = await small('overlap');
  const p = await c.open('#/timetable/2021-05-02', { axe: true });
  await block(p, 'Beta').focus();
  await steps(p, ...times('ArrowUp', 6));
  await saved(p).waitFor();
  await p.locator('.block.bad', { hasText: 'Alpha' }).waitFor();
  await p.locator('.block.bad', { hasText: 'Beta' }).waitFor();
  await until(async () => /overlaps with Alpha.*Ida Ærø also speaks in Alpha/.test(await block(p, 'Beta').getAttribute('aria-label')));
  await p.locator('.conflicts').getByText('Overlap in Hall').waitFor();
  await p.locator('.conflicts').getByText('Ida Ærø in two places').waitFor();
  await shot(p, 'organise-overlap-1440-light');
  assert.deepEqual(await axe(p), []);
  await p.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: /Release/ }).click();
  await p.getByRole('button', { name: 'Publish 3 changes' }).click();
  await p.locator('.refusal-line').waitFor();
  assert.match(await p.locator('.refusal-line').innerText(), /Alpha[\s\S]*Beta|Beta[\s\S]*Alpha/);
  await shot(p, 'organise-refused-release-1440-light');
  assert.equal((await c.call('release.list', {})).releases.length, 0);
  await p.context().close();
});

test('some of the changes are published, and the rest waits', async () => {
  const c = await small('subset');
  const p = await c.open('#/release');
  await p.locator('.changes label', { hasText: 'Beta' }).locator('input').uncheck();
  await p.getByLabel('Note').fill('The first two');
  await p.getByRole('button', { name: 'Publish 2 changes' }).click();
  await p.getByText('Release 1 is out').first().waitFor();
  await until(async () => (await p.locator('.changes > li').count()) === 1);
  await p.locator('.changes li', { hasText: 'Beta' }).waitFor();
  const seen = await c.call('schedule.get', {});
  assert.deepEqual(seen.slots.map((s) => s.id).sort(), [c.slots.Alpha, c.slots.Gamma].sort());
  await p.locator('.releases').getByText('The first two').waitFor();
  await p.context().close();
});

test('a release is undone after seeing what that does; the draft stays', async () => {
  const c = await small('revert');
  await c.write('release.publish', {});
  const s = await c.slot('Gamma');
  await c.write('slot.move', { slot: s.id, start: '2021-05-02T14:00', end: '2021-05-02T15:00', expect_version: s.version });
  await c.write('release.publish', {});
  const p = await c.open('#/release', { axe: true });
  await p.getByRole('button', { name: /Release 2/ }).click();
  await p.locator('.release-one', { hasText: 'Gamma' }).waitFor();
  await p.getByRole('button', { name: 'Undo this release' }).click();
  const line = p.locator('.release-one .diff-place');
  // Times are written once the server has said what the zone's are.
  await until(async () => /14:00–15:00[\s\S]*11:00–12:00/.test(await line.innerText()));
  await shot(p, 'organise-revert-1440-light', true);
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: 'Publish without release 2' }).click();
  await p.getByText('Release 3 is out').first().waitFor();
  const seen = await c.call('schedule.get', {});
  assert.equal(seen.slots.find((x) => x.id === c.slots.Gamma).start, '2021-05-02T09:00:00.000Z');
  assert.equal((await c.slot('Gamma')).start, '2021-05-02T12:00:00.000Z');
  await p.locator('.changes li', { hasText: 'Gamma' }).first().waitFor();
  await p.context().close();
});

test('two organisers edit one session: the slower one sees both versions, chooses field by field, and nothing is lost', async () => {
  const c = await small('both');
  const p = await c.open(`#/session/${c.sessions.Alpha}`, { deaf: true, axe: true });
  await p.getByLabel('Title', { exact: true }).fill('Mine');
  await p.getByLabel('Abstract').fill('Only I wrote this.');
  await p.evaluate(() => (window['__deaf'] = true));
  const was = (await c.call('draft.get', {})).sessions.find((s) => s.id === c.sessions.Alpha);
  await c.write('session.save', { session: was.id, title: 'Theirs', subtitle: 'Only they wrote this.', expect_version: was.version });
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  const v = p.locator('.versions');
  await v.getByRole('group', { name: 'Title', exact: true }).getByText('Theirs').waitFor();
  await v.getByRole('group', { name: 'Title', exact: true }).getByText('Saved by Organiser both').waitFor();
  await shot(p, 'organise-versions-1440-light', true);
  assert.deepEqual(await axe(p), []);
  assert.ok(await v.getByRole('button', { name: 'Save what I chose' }).isDisabled(), 'both wrote a title: somebody must choose');
  await v.getByRole('group', { name: 'Title', exact: true }).getByLabel('Write another').check();
  await v.getByRole('group', { name: 'Title', exact: true }).getByRole('textbox').fill('Theirs and mine');
  await v.getByRole('button', { name: 'Save what I chose' }).click();
  await v.waitFor({ state: 'detached' });
  // The versions go as soon as the choice is on its way.
  const now = () => c.call('draft.get', {}).then((d) => d.sessions.find((/** @type {any} */ s) => s.id === c.sessions.Alpha));
  await becomes(async () => [(await now()).title, (await now()).subtitle, (await now()).abstract], ['Theirs and mine', 'Only they wrote this.', 'Only I wrote this.']);
  await p.context().close();
});

test('two organisers move one slot: the slower one is shown both places and chooses', async () => {
  const c = await small('places');
  const p = await c.open('#/timetable/2021-05-02', { deaf: true });
  await block(p, 'Gamma').waitFor();
  await p.evaluate(() => (window['__deaf'] = true));
  const s = await c.slot('Gamma');
  await c.write('slot.move', { slot: s.id, room: c.lab, expect_version: s.version });
  await block(p, 'Gamma').focus();
  await steps(p, ...times('ArrowDown', 12));
  const v = p.locator('dialog[open] .versions');
  await v.getByRole('group', { name: 'Start' }).getByText('12:00').waitFor();
  await v.getByRole('group', { name: 'Room' }).getByText('Lab').waitFor();
  await v.getByText('Saved by Organiser places').first().waitFor();
  await shot(p, 'organise-places-1440-light');
  await v.getByRole('button', { name: 'Save what I chose' }).click();
  await p.locator('dialog[open]').waitFor({ state: 'detached' });
  const now = await c.slot('Gamma');
  assert.deepEqual([now.room, now.start], [c.lab, '2021-05-02T10:00:00.000Z']);
  await p.context().close();
});

test('what is typed survives a reload, and is gone once it is saved', async () => {
  const c = await small('typed');
  const p = await c.open(`#/session/${c.sessions.Beta}`);
  await p.getByLabel('Abstract').fill('Half a thou');
  await p.reload();
  await until(async () => (await p.getByLabel('Abstract').inputValue()) === 'Half a thou');
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  await until(async () => (await c.call('draft.get', {})).sessions.find((s) => s.id === c.sessions.Beta).abstract === 'Half a thou');
  await becomes(() => p.evaluate(() => Object.keys(sessionStorage).filter((k) => k.startsWith('plenum-form')).length), 0);
  await p.context().close();
});

test('a time that the clocks show twice is asked for, one they skip too, and what is no time is refused', async () => {
  const c = await small('clocks');
  const p = await c.open(`#/timetable/2021-05-02/${c.slots.Gamma}`, { axe: true });
  const d = p.locator('dialog[open]');
  const [startDay, endDay] = [d.getByLabel('Day', { exact: true }).first(), d.getByLabel('Day', { exact: true }).last()];
  await startDay.fill('2021-10-31');
  await d.getByLabel('Time', { exact: true }).first().fill('02:30');
  await becomes(async () => [await endDay.inputValue(), await d.getByLabel('Time', { exact: true }).last().inputValue()], ['2021-10-31', '03:30'], 'the end goes along');
  await d.getByRole('button', { name: 'Save', exact: true }).click();
  await d.getByText(/the clocks show 02:30 twice/).waitFor();
  await shot(p, 'organise-twice-1440-light');
  assert.deepEqual(await axe(p), []);
  assert.equal((await c.slot('Gamma')).version, 1, 'nothing is changed');
  await d.getByRole('button', { name: /^02:30 CEST \(00:30 UTC\)/ }).waitFor();
  await d.getByRole('button', { name: /^02:30 CET \(01:30 UTC\)/ }).click();
  await d.getByRole('button', { name: 'Save', exact: true }).click();
  await d.waitFor({ state: 'detached' });
  assert.equal((await c.slot('Gamma')).start, '2021-10-31T01:30:00.000Z');
  await p.getByRole('link', { name: /31/ }).first().waitFor();
  const q = await c.open(`#/timetable/2021-05-02/${c.slots.Beta}`);
  const e = q.locator('dialog[open]');
  await e.getByLabel('Time', { exact: true }).first().fill('soon');
  await e.getByRole('button', { name: 'Save', exact: true }).click();
  await e.getByText('Write times as 09:30.').waitFor();
  await e.getByLabel('Time', { exact: true }).first().fill('11:00');
  await e.getByLabel('Time', { exact: true }).last().fill('10:00');
  await e.getByRole('button', { name: 'Save', exact: true }).click();
  await e.locator('.error').filter({ hasText: /./ }).filter({ hasNotText: 'Write times' }).first().waitFor();
  assert.equal((await c.slot('Beta')).version, 1);
  for (const x of [p, q]) await x.context().close();
});

test('a name that is taken is refused in the form, and a room in use stays', async () => {
  const c = await small('names');
  const p = await c.open('#/rooms/new');
  await p.getByLabel('Name').fill('Hall');
  await p.getByRole('button', { name: 'Add', exact: true }).click();
  await p.getByText('There is one of that name already.').waitFor();
  await p.getByLabel('Name').fill('Hall 2');
  await p.getByRole('button', { name: 'Add', exact: true }).click();
  await p.locator('.row-line', { hasText: 'Hall 2' }).click();
  await p.locator('.row-open h3', { hasText: 'Hall 2' }).waitFor();
  await p.getByRole('button', { name: 'Remove' }).click();
  await p.getByRole('button', { name: 'Remove for good' }).click();
  await p.locator('.row-line', { hasText: 'Hall 2' }).waitFor({ state: 'detached' });
  await p.locator('.row-line', { hasText: 'Hall' }).click();
  await p.locator('.row-open h3', { hasText: 'Hall' }).waitFor();
  await p.getByRole('button', { name: 'Remove' }).click();
  await p.getByRole('button', { name: 'Remove for good' }).click();
  await p.getByText('Something is in this room').waitFor();
  await p.context().close();
});

test('the conference: its title is changed for everybody at once; another zone shows the same instants by other clocks', async () => {
  const c = await small('settings');
  const p = await c.open('#/settings', { axe: true });
  await p.getByLabel('Title', { exact: true }).fill('Another name');
  await p.getByLabel('First words of the front page, Danish').fill('Velkommen');
  await p.getByRole('combobox', { name: 'Time zone' }).fill('Mars/Olympus');
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  await p.getByText('There is no such time zone.').waitFor();
  await p.getByRole('combobox', { name: 'Time zone' }).fill('America/New_York');
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  await until(async () => (await c.call('conference.get', {})).conference.title === 'Another name');
  assert.equal((await c.call('conference.get', {})).conference.info.lead.da, 'Velkommen');
  assert.deepEqual(await axe(p), []);
  await p.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Timetable' }).click();
  await p.locator('.block, .tl-row', { hasText: 'Alpha' }).getByText('03:00').first().waitFor();
  assert.equal((await c.slot('Alpha')).start, '2021-05-02T07:00:00.000Z');
  await p.context().close();
});

test('a role is given by name and e-mail, and taken again with a tick; nobody takes the table from themselves', async () => {
  const c = await small('staff');
  const p = await c.open('#/people', { axe: true });
  await p.getByLabel('Role').selectOption('moderator');
  await p.locator('.staff-add').getByLabel('Name').fill('Ea Ordstyrer');
  await p.locator('.staff-add').getByLabel('E-mail').fill('ea@example.org');
  await p.getByRole('button', { name: 'Give the role' }).click();
  await p.getByLabel('Ea Ordstyrer: Moderator').waitFor();
  const roles = async () => (await c.call('people.staff', {})).people.find((x) => x.name === 'Ea Ordstyrer')?.roles;
  assert.ok((await roles()).includes('moderator'));
  await p.getByLabel('Ea Ordstyrer: Desk').check();
  await until(async () => (await roles()).includes('desk'));
  await p.getByLabel('Ea Ordstyrer: Moderator').uncheck();
  await until(async () => !(await roles()).includes('moderator'));
  assert.ok(await p.getByLabel('Organiser staff: Organiser').isDisabled());
  await shot(p, 'organise-staff-1440-light', true);
  assert.deepEqual(await axe(p), []);
  await p.context().close();
});

test('after a release there is a minute in which Stop keeps the messages back, also after a reload', async () => {
  const token = access.tokens.organiser;
  const rpc = async (who, method, params) => {
    const reply = await fetch(`${access.base}/rpc`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${who}` }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
    const json = await reply.json();
    if (json.error) throw new Error(JSON.stringify(json.error));
    return json.result;
  };
  const draft = await rpc(token, 'draft.get', {});
  const slot = draft.slots.find((s) => draft.sessions.find((x) => x.id === s.session).title.startsWith('Whitepaper'));
  await rpc(access.tokens.attendees[0], 'star.set', { session: slot.session, value: true, key: crypto.randomUUID() });
  const earlier = (at) => new Date(Date.parse(at) - 5 * 60000).toISOString();
  await rpc(token, 'slot.move', { slot: slot.id, start: earlier(slot.start), end: earlier(slot.end), expect_version: slot.version, key: crypto.randomUUID() });
  const p = await page('/organise#/release', { token, width: 360, axe: true });
  await p.getByText(/Otherwise \d+ (person gets|people get) a message/).waitFor();
  await p.getByRole('button', { name: 'Publish 1 change' }).click();
  await p.locator('.hold').getByText(/will be told at \d\d:\d\d/).waitFor();
  // A minute is short where two pages are to be opened in it.
  sql(`update due set at = at + interval '10 minutes' where kind = 'news_release' and conference = '${access.conference}'`);
  await p.reload();
  await p.locator('.hold').getByText(/will be told/).waitFor();
  await shot(p, 'organise-hold-360-light');
  assert.deepEqual(await axe(p), []);
  // Another page of another view has the button too, and what it stops is stopped here.
  const q = await page('/organise#/rooms', { token });
  await q.locator('.hold').getByRole('button', { name: 'Stop' }).click();
  await q.locator('.hold').getByText(/^Stopped: \d+ p/).waitFor();
  await p.locator('.hold').getByText(/will be told/).waitFor({ state: 'detached' });
  await q.context().close();
  await p.context().close();
});

const VIEWS = [['timetable', '.tt, .tl'], ['sessions', '.rows'], ['rooms', '.row-line'], ['topics', '.row-line'], ['people', '.staff'], ['release', '.releases'], ['doors', '.pair-form'], ['settings', '.editor']];
const long = 'Precision medicine between laboratory and clinic: '.repeat(6).trim();

test('what comes into a view pushes nothing that was there', async () => {
  for (const [name, width] of /** @type {const} */ ([['timetable', 1440], ['people', 360], ['release', 1440], ['day', 360]])) {
    const p = await page(`/organise#/${name}`, { token: access.tokens.organiser, width });
    await p.locator('main h1').waitFor();
    await still(p);
    assert.ok((await shift(p)) <= 0.02, `${name} ${width}: layout shift ${await shift(p)}`);
    await p.context().close();
  }
});

// Colours are the theme's, places the width's: each of both once.
for (const [width, theme] of /** @type {const} */ ([[360, 'light'], [1440, 'dark']])) {
  test(`each view at ${width} px, ${theme}: no WCAG 2.2 A or AA violations, nothing too wide, also with very long names and right-to-left ones`, async () => {
    const slug = `long-${width}-${theme}`;
    const c = await small(slug);
    await c.write('room.save', { room: c.lab, name: `${long.slice(0, 150)} ${'x'.repeat(40)}`, expect_version: 1 });
    await c.write('session.save', { session: c.sessions.Beta, title: long, subtitle: 'מתמטיקה ורפואה מדויקת', abstract: long, expect_version: 1 });
    await c.write('session.save', { session: crypto.randomUUID(), title: 'الطب الدقيق من المريض إلى المختبر والعودة' });
    await c.write('track.save', { track: crypto.randomUUID(), name: long.slice(0, 190), color: '#0b6e99' });
    await c.write('release.publish', { slots: [c.slots.Alpha] });
    const p = await c.open('#/timetable/2021-05-02', { width, theme, axe: true });
    const check = async (/** @type {string} */ name, full = true) => {
      await still(p);
      await shot(p, `organise-${name}-${width}-${theme}`, full);
      assert.deepEqual(await axe(p), [], name);
      const wide = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name}: ${wide} px too wide`);
    };
    for (const [name, ready] of VIEWS) {
      await p.evaluate((to) => (location.hash = to), `#/${name}`);
      // Another view may have what this one is known by: which view it is says the row of parts.
      await p.locator(`a[href="#/${name}"][aria-current="page"]`).first().waitFor({ state: 'attached' });
      await p.locator(ready).first().waitFor();
      await check(name);
    }
    await p.evaluate((to) => (location.hash = to), `#/session/${c.sessions.Beta}`);
    await p.locator('.editor').waitFor();
    await check('session');
    await p.evaluate((to) => (location.hash = to), `#/timetable/2021-05-02/${c.slots.Beta}`);
    await p.locator('dialog[open] .editor').waitFor();
    await check('slot', false);
    await p.context().close();
  });
}

test('1,007 events: a day is drawn at a time, and a step by keyboard moves one', { skip: missing }, async () => {
  await plenum('import', 'schedule', data, '--into', 'congress');
  const token = JSON.parse(await plenum('token', '--role', 'organiser', '--email', 'big@example.org', '--into', 'congress', '--json')).token;
  for (const width of [1440, 360]) {
    const p = await page('/e/congress/organise#/timetable', { token, width, axe: true });
    let seen = 0;
    await p.locator('.tt, .tl').first().waitFor();
    for (const day of await p.locator('.days a').all()) {
      await day.click();
      await until(async () => (await day.getAttribute('aria-current')) === 'date');
      await still(p);
      seen += await p.locator('.block, .tl-row').count();
      const nodes = await p.evaluate(() => document.querySelectorAll('*').length);
      assert.ok(nodes < 4000, `${nodes} elements in the document`);
    }
    assert.ok(seen >= 1000, `${seen} slots seen`);
    await shot(p, `organise-congress-${width}-light`);
    assert.deepEqual(await axe(p), []);
    if (width > 1000) {
      const id = await p.locator('.block').nth(10).getAttribute('data-slot');
      const one = p.locator(`[data-slot="${id}"] button`);
      const before = await one.getAttribute('aria-label');
      await one.focus();
      await p.keyboard.press('ArrowDown');
      await saved(p).waitFor();
      await until(async () => (await one.getAttribute('aria-label')) !== before);
      await becomes(() => p.evaluate(() => document.activeElement?.closest('[data-slot]')?.getAttribute('data-slot')), id, 'the focus stays on it');
      await p.locator('.block.changed').first().waitFor({ state: 'attached' });
      await becomes(() => p.locator('.block.changed').count(), 1);
    }
    await p.context().close();
  }
});

test('Danish: the table speaks it', async () => {
  const c = await small('dansk');
  const p = await c.open('#/release', { lang: 'da-DK' });
  await p.getByRole('heading', { name: 'Udgivelse' }).waitFor();
  await p.getByRole('button', { name: 'Offentliggør 3 ændringer' }).waitFor();
  await shot(p, 'organise-danish-1440-light', true);
  await p.context().close();
});

test('no page complained', () => assert.deepEqual(complaints, []));
