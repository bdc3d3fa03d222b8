// tests/web/badge_browser.mjs: badges and door lists as paper, in Chromium: none, one, a thousand; names of any length; what waits, fails and is printed again
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { access, axe, becomes, close, complaints, page, shot, still, until, wedge } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { conference } from './organise_kit.mjs';

const dir = mkdtempSync(path.join(tmpdir(), 'plenum-badges-'));
after(async () => {
  await close();
  if (!process.env.PLENUM_KEEP) rmSync(dir, { recursive: true, force: true });
});

const id = (slug) => sql(`select id from conference where slug = '${slug}'`);
/** Somebody registered, by SQL: [name, organisation, category]. */
function register(slug, rows) {
  const values = rows.map(([name, organisation, category]) => `(${[name, organisation, category].map((x) => (x ? `'${x.replaceAll("'", "''")}'` : 'null')).join()})`).join();
  sql(`with c as (select id from conference where slug = '${slug}'),
    k as (insert into category (conference, name, color) select c.id, x.name, x.color from c, (values ('Speaker', '#f2c200'), ('Press', '#0b5d3b'), ('Delegate', '#123a73')) x(name, color)
      on conflict on constraint category_name_once do update set color = excluded.color returning id, name),
    p as (insert into person (conference, email, name, organisation, category)
      select c.id, gen_random_uuid() || '@example.org', x.name, x.organisation, k.id from c, (values ${values}) x(name, organisation, category) left join k on k.name = x.category returning id, conference)
    insert into registration (person, conference) select id, conference from p`);
}

async function pdf(p, name) {
  const file = path.join(dir, `${name}.pdf`);
  await p.locator('.paper-print[data-whole="yes"]').waitFor();
  await still(p);
  await p.pdf({ path: file, preferCSSPageSize: true, printBackground: true });
  const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return { file, pages: Number(info.match(/Pages:\s+(\d+)/)[1]), size: info.match(/Page size:\s+([\d.]+) x ([\d.]+)/).slice(1).map((x) => Math.round(Number(x) / 72 * 25.4)), text };
}

const LONG = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff-Skjoldenæsholm von und zu Østergårdslund-Kjærgaard';
const NAMES = [
  ['Anna Lund', 'Favrholm', 'Speaker'], ['Bo Åberg', null, 'Delegate'], ['Per Aagaard', 'Foreningen af Danske Navneskilte og Beslægtede Papirvarer i Nordsjælland', 'Press'],
  [LONG, 'A company whose name is every bit as long as that of the person, and then goes on for a little', 'Delegate'], ['X'.repeat(180), 'Y'.repeat(120), 'Speaker'],
  ['محمد عبد الرحمن', 'جامعة القاهرة', 'Press'], ['山田 太郎', '東京大学', 'Delegate'], ['Li', null, null], ['Søren Ærø', 'Z', 'Speaker'], ['Maximiliane-Charlotte Schmidt-Rottluff', null, 'Press'],
];

test('nobody is registered: no badges to make, nothing printed, an empty door list', async () => {
  const c = await conference('badge-none');
  sql(`delete from registration where conference = '${id(c.slug)}'`);
  sql(`insert into checkin_list (conference, name) values ('${id(c.slug)}', 'Main door')`);
  const p = await c.open('#/badges', { axe: true });
  await p.getByText('Nobody registered on site is without a badge.').waitFor();
  assert.ok(await p.getByRole('button', { name: 'Make badges' }).isDisabled());
  await p.getByText('No badge has been printed yet.').waitFor();
  await shot(p, 'badges-none-1440-light', true);
  await p.getByRole('link', { name: 'Main door' }).click();
  await p.getByText('Nobody is registered for this door.').waitFor();
  assert.deepEqual(await axe(p), []);
  await p.context().close();
});

test('names of any length and script stand whole on each kind of paper, and the sheets are A4', async () => {
  const c = await conference('badge-names');
  sql(`delete from registration where conference = '${id(c.slug)}'`);
  for (const [n, kind, label, pages] of [[1, 'card', '90 × 55 mm, ten on A4', 1], [2, 'a6', 'A6, four on A4', 3], [3, 'label', '90 × 62 mm, label roll', 2]]) {
    register(c.slug, NAMES);
    const p = await c.open('#/badges', { axe: true, width: n === 1 ? 360 : 1440, theme: n === 2 ? 'dark' : 'light' });
    await p.getByRole('combobox', { name: 'Paper', exact: true }).selectOption({ label });
    await p.getByRole('button', { name: `Make ${NAMES.length} badges` }).waitFor();
    if (n === 1) {
      await still(p);
      assert.deepEqual(await axe(p), []);
      await shot(p, 'badges-before-360-light', true);
    }
    await p.getByRole('button', { name: `Make ${NAMES.length} badges` }).click();
    const paper = await pdf(p, kind);
    assert.deepEqual([paper.pages, ...paper.size], [pages, 210, 297], kind);
    for (const name of ['Anna', 'Lund', 'Søren', 'Ærø', 'Li', 'Speaker', 'Press']) assert.ok(paper.text.includes(name), `${kind}: ${name}`);
    assert.ok(paper.text.includes(`Box ${'ABC'[n - 1]}`) || kind === 'a6');
    // What is written stays inside its badge and off the band below.
    const out = await p.evaluate(() => [...document.querySelectorAll('svg.badge')].flatMap((svg) => {
      const [, , width, height] = (svg.getAttribute('viewBox') || '').split(' ').map(Number);
      const band = Number(svg.querySelector(':scope > rect')?.getAttribute('y') || height);
      return [...svg.querySelectorAll(':scope > text')].filter((t) => {
        const b = t.getBBox();
        return b.x < 1 || b.y < 0 || b.x + b.width > width - 1 || b.y + b.height > height || (t.getAttribute('fill') === '#000000' && b.y < band - 3 && b.y + b.height > band + 1);
      }).map((t) => t.textContent);
    }));
    assert.deepEqual(out, [], `${kind}: nothing leaves its badge`);
    // All of the longest name is there, broken where it had to be.
    const whole = await p.evaluate(() => [...document.querySelectorAll('svg.badge')].map((svg) => [...svg.querySelectorAll('text.strong')].map((t) => t.textContent).join('')));
    assert.ok(whole.some((t) => t.includes('X'.repeat(180))), `${kind}: all 180 letters`);
    await shot(p, `badges-sheet-${kind}`, true);
    await p.context().close();
  }
  assert.deepEqual(complaints, []);
});

test('a thousand badges in ten boxes: a hundred sheets, the door is told, one is printed again with a reason', async () => {
  const c = await conference('badge-many');
  sql(`delete from registration where conference = '${id(c.slug)}'`);
  register(c.slug, Array.from({ length: 1000 }, (_, i) => [`Given ${String.fromCharCode(65 + (i % 26))}${i}son`, i % 3 ? 'Somewhere' : null, ['Speaker', 'Press', 'Delegate'][i % 3]]));
  const p = await c.open('#/badges', { axe: true });
  await p.getByText('100 sheets of A4, 10 boxes').waitFor();
  await still(p);
  await shot(p, 'badges-before-1440-light', true);
  await p.getByRole('button', { name: 'Make 1000 badges' }).click();
  await p.getByText('1000 on 100 sheets').waitFor();
  const paper = await pdf(p, 'many');
  assert.equal(paper.pages, 100);
  assert.ok(paper.text.includes('Box J, 91 to 100'));
  await p.getByRole('link', { name: 'Back to badges' }).click();
  await p.getByRole('button', { name: 'They are in the boxes' }).click();
  await p.getByText(/in the boxes since/).waitFor();
  assert.equal(sql(`select count(*) from print_job where conference = '${id(c.slug)}' and state = 'done'`), '1000');
  await p.getByLabel('Search by name').fill('A0son');
  await becomes(() => p.locator('.badge-job').count(), 1);
  await p.getByRole('button', { name: 'Another badge for Given A0son' }).click();
  assert.ok(await p.getByRole('button', { name: 'Print another' }).isDisabled(), 'not without a reason');
  await p.getByLabel('Why another one').fill('Spilled coffee');
  await p.getByRole('button', { name: 'Print another' }).click();
  await becomes(() => p.locator('.badge-job').count(), 2);
  await p.getByText('copy 2 · Spilled coffee').waitFor();
  await p.getByLabel('Search by name').fill('');
  await p.getByText('1 to 100 of 1001').waitFor();
  await p.context().close();
});

test('one badge: printed once at a double click, waits while no printer is there, fails, is printed again; on paper of its own size', async () => {
  const c = await conference('badge-one');
  sql(`delete from registration where conference = '${id(c.slug)}'`);
  register(c.slug, [['Anna Lund', 'Favrholm', 'Speaker']]);
  const p = await c.open('#/badges', { axe: true });
  await p.getByLabel('Name', { exact: true }).fill('Anna');
  await p.getByRole('button', { name: 'Print the badge' }).dblclick();
  await p.getByText('It waits: no printer has asked for work.').waitFor();
  await p.locator('.badge-job .tag', { hasText: 'waits' }).waitFor();
  assert.equal(sql(`select count(*) from print_job where conference = '${id(c.slug)}'`), '1');
  await c.call('badge.claim', { printer: 'Hall A', ready: false, error: 'No paper' });
  await p.locator('.badge-printer', { hasText: 'No paper' }).waitFor();
  const { jobs } = await c.call('badge.claim', { printer: 'Hall A' });
  await p.locator('.badge-job .tag', { hasText: 'printing' }).waitFor();
  await c.call('badge.report', { job: jobs[0].id, state: 'failed', error: 'The printer gave up: paper jam' });
  await p.getByText('The printer gave up: paper jam').waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'badges-failed-1440-light', true);
  await p.getByRole('button', { name: 'Print it again' }).click();
  await p.locator('.badge-job .tag', { hasText: 'waits' }).waitFor();
  await p.getByRole('link', { name: 'Look at the badge of Anna Lund' }).click();
  const paper = await pdf(p, 'one');
  assert.deepEqual([paper.pages, ...paper.size], [1, 90, 55]);
  // This browser prints it: taken, handed to the printer, reported.
  await p.goto(p.url().replace(/#.*/, '#/badges'));
  await p.evaluate(() => {
    // Headless Chromium has no printer and says nothing: as with --kiosk-printing it is handed on at once.
    window['__printed'] = [];
    window.print = () => {
      window['__printed'].push(document.querySelector('.single svg')?.getAttribute('aria-label'));
      dispatchEvent(new Event('afterprint'));
    };
  });
  await p.getByLabel('Print in this browser, as').fill('Desk 1');
  await p.getByRole('button', { name: 'Start printing here' }).click();
  await p.getByText('1 printed here, 0 waiting').waitFor();
  assert.deepEqual(await p.evaluate(() => window['__printed']), ['Anna Lund']);
  await until(async () => sql(`select state || printer from print_job where conference = '${id(c.slug)}'`) === 'doneDesk 1');
  await p.context().close();
  assert.deepEqual(complaints, []);
});

test('the door list has 1,500 people on numbered pages, A to Z, and who has come', async () => {
  const c = await conference('badge-door');
  sql(`delete from registration where conference = '${id(c.slug)}'`);
  register(c.slug, [...NAMES, ...Array.from({ length: 1490 }, (_, i) => [`Given ${String.fromCharCode(65 + (i % 26))}${i}son`, 'Somewhere', 'Delegate'])]);
  const list = sql(`insert into checkin_list (conference, name) values ('${id(c.slug)}', 'Main door') returning id`);
  sql(`with s as (insert into station (conference, name, kind) values ('${id(c.slug)}', 'K', 'kiosk') returning id, conference), p as (select id from person where name = 'Anna Lund' and conference = '${id(c.slug)}'),
    x as (insert into scan (scan_id, conference, list, station, person, raw_hash, at${sql("select count(*) from information_schema.columns where table_name = 'scan' and column_name = 'verdict'") === '1' ? ', verdict, result' : ''})
      select gen_random_uuid(), s.conference, '${list}', s.id, p.id, '', now()${sql("select count(*) from information_schema.columns where table_name = 'scan' and column_name = 'verdict'") === '1' ? ", 'admitted', '{}'" : ''} from s, p returning scan_id, conference, list, person, at)
    insert into admission (conference, list, person, scan, at) select conference, list, person, scan_id, at from x`);
  const p = await c.open(`#/badges/door/${list}`, { axe: true, lang: 'da-DK' });
  await p.getByText('1500 personer på 38 sider, 1 er kommet').waitFor();
  const paper = await pdf(p, 'door');
  assert.deepEqual([paper.pages, ...paper.size], [38, 210, 297]);
  assert.ok(paper.text.includes('Side 38 af 38'));
  assert.match(paper.text, /Anna Lund.*Favrholm.*Speaker.*på stedet.*\d\d[:.]\d\d/);
  // Lines keep their height, so that nothing is pushed off a page.
  const tall = await p.evaluate(() => [...document.querySelectorAll('.door-page')].filter((s) => s.scrollHeight > s.clientHeight + 1).length);
  assert.equal(tall, 0);
  await shot(p, 'badges-door-list');
  await p.context().close();
  assert.deepEqual(complaints, []);
});

test('after green the kiosk says in which box a badge lies; a badge that is printed now comes out somewhere, or waits', async () => {
  const favrholm = id('favrholm');
  const call = async (method, params) => {
    const reply = await fetch(`${access.base}/rpc`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${access.tokens.organiser}` }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, key: crypto.randomUUID() } }) });
    const json = await reply.json();
    assert.ok(json.result, JSON.stringify(json.error));
    return json.result;
  };
  await call('badge.batch', { batch: crypto.randomUUID(), template: 'card', per_box: 10 });
  const k = await page('/kiosk', { token: access.tokens.kiosks[0], width: 1280, height: 800 });
  await k.getByRole('heading', { name: 'Scan your entry code' }).waitFor();
  // It is gone after seconds: it is written down as it comes.
  await k.evaluate(() => {
    const it = (window['__door'] = { said: [], verdicts: 0, there: false });
    new MutationObserver(() => {
      document.querySelectorAll('.badge-where').forEach((e) => it.said.includes(e.textContent) || it.said.push(e.textContent));
      const there = !!document.querySelector('.verdict');
      if (there && !it.there) it.verdicts++;
      it.there = there;
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const codes = [...access.codes];
  /** People come until the door says so of one: where the server takes its time the door judges by its own list, which knows of no printer. Returns how many. */
  const comes = async (/** @type {RegExp} */ what) => {
    const door = () => k.evaluate(() => window['__door']);
    for (let n = 1; codes.length; n++) {
      await until(async () => !(await door()).there);
      const { verdicts } = await door();
      await wedge(k, codes.shift());
      let now;
      await until(async () => (now = await door()).said.some((t) => what.test(t)) || (now.verdicts > verdicts && !now.there));
      if (now.said.some((t) => what.test(t))) return n;
    }
    return assert.fail(`nobody was told ${what}`);
  };
  await comes(/^Your badge: box [A-Z]+, \d+$/);
  await shot(k, 'kiosk-badge-box-1280-light');
  // Somebody who has none, and doors print.
  sql(`delete from print_job where conference = '${favrholm}'`);
  await call('badge.setting', { auto: true });
  let printed = await comes(/^Your badge comes later: the printer is off$/);
  await call('badge.claim', { printer: 'Hall A' });
  await call('badge.setting', { auto: true, printer: 'Hall A' });
  printed += await comes(/^Your badge is printing at Hall A$/);
  assert.equal(sql(`select count(*) between 2 and ${printed} and count(*) = count(distinct person) from print_job where conference = '${favrholm}'`), 't', 'one each');
  await k.context().close();
  assert.deepEqual(complaints, []);
});
