// tests/web/door_browser.mjs: stations at a door in Chromium with the network really cut: browser offline, gateway stopped, answers lost, browsers killed, disks full.
// PLENUM_DOOR_SCANS (10000 in soak) kept scans are uploaded, PLENUM_DOOR_MINUTES (30 in soak) is a door on its own for so long.
import test, { after, afterEach, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demo } from '../support/instance.mjs';
import { connect } from '../support/client.mjs';
import { PATIENCE, becomes, close, keeping, open, shot, until, wedge } from './kit.mjs';
import { connected, cut, dismiss, disk, judged, network, pageKept, rows, scan, snapshotKept, station, twice } from './door_kit.mjs';

const MINUTES = Number(process.env.PLENUM_DOOR_MINUTES || 0);
const SCANS = Number(process.env.PLENUM_DOOR_SCANS || 200);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let it;
/** Attendees who come in person, and the code of each: every test takes its own. */
const people = [];
const take = () => people.shift();
/** @type {any[]} */
let pages = [];
const at = async (which, o) => {
  const p = await station(it, which, o);
  pages.push(p);
  return p;
};
const staff = (role = 'organiser') => connect(it.access, role);
let up = true;
const stop = async () => {
  up = false;
  await it.instance.stopGateway();
};
const go = async () => {
  if (!up) await it.instance.startGateway();
  up = true;
};

before(async () => {
  it = await demo({ limit: 840 + MINUTES * 90 });
  const found = await rows(it, `select p.email from person p join conference c on c.id = p.conference where c.slug = '${it.access.slug}' and p.mode = 'on_site' and p.email like 'attendee%' order by length(p.email), p.email limit 40`);
  const emails = found.map(([e]) => e);
  const { codes } = await it.instance.call('people.codes', { emails, limit: emails.length }, it.access.slug);
  for (const { email: e, code } of codes) people.push({ email: e, code });
});
after(async () => {
  await close();
  await it.stop();
});
afterEach(async (t) => {
  for (const [i, p] of pages.entries()) {
    if (t.passed === false || t.error) await shot(p, `failed-door-${i}-${t.name.slice(0, 20).replace(/\W+/g, '-')}`).catch(() => {});
    assert.deepEqual(p.errors, [], 'no error in the page');
    await p.context().close().catch(() => {});
  }
  pages = [];
  await go();
});

test('online: green by the server, a repeat within ten seconds writes nothing (A19), what the screen showed is reported', async () => {
  const [one, two] = [take(), take()];
  const p = await at(0);
  await snapshotKept(p);
  await shot(p, 'door-ready-1280');
  const [first, again] = await twice(p, one.code);
  assert.deepEqual([first.shape, first.colour], ['tick', 'green']);
  assert.doesNotMatch(first.text, /Already scanned/);
  assert.deepEqual([again.shape, again.colour], ['tick', 'green']);
  assert.match(again.text, /Already scanned just now/);
  const numbers = (await disk(p)).docs.numbers.n;
  assert.equal(numbers, 1, 'for the repeat nothing was written');
  assert.equal((await judged(it, one.email)).length, 1, 'here and there');
  await scan(p, two.code, { stay: true });
  await shot(p, 'door-green-1280');
  // The station board hears of it, for a minute.
  await until(async () => (await rows(it, `select (said ->> 'scans_minute')::int from station_state`)).some(([n]) => Number(n) >= 2));
  await until(async () => (await rows(it, `select count(*) from scan where shown_verdict = 'admitted'`))[0][0] === '2');
  await until(async () => (await disk(p)).scans.length === 0);
  assert.equal((await disk(p)).docs.numbers.n, numbers + 1);
});

test('A37, A09, A16: without any network the page starts from its worker and goes on admitting; killed after the verdict, the scan is there', async () => {
  const [one, two, three] = [take(), take(), take()];
  const dir = mkdtempSync(join(tmpdir(), 'plenum-door-'));
  const start = () => keeping(dir, { viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/Copenhagen' });
  const context = await start();
  let p = await station(it, 0, { context });
  await snapshotKept(p);
  await pageKept(p);
  const full = [];
  p.on('request', (r) => r.url().includes('/snapshot/') && full.push(r.url()));
  assert.equal((await scan(p, one.code)).colour, 'green');
  // A gateway that comes back is caught up with by numbers, not by the whole list.
  await stop();
  await cut(p);
  await go();
  await connected(p);
  assert.deepEqual(full.filter((u) => !u.includes('since=')), [], 'no full reload');

  await context.setOffline(true);
  await stop();
  await cut(p);
  await p.reload();
  await p.locator('.door h1').waitFor();
  await cut(p);
  await becomes(async () => /No network · as of \d\d:\d\d/.test(await network(p)), true);
  await p.getByText('goes on with what it knew').waitFor();
  await shot(p, 'door-offline-1280');
  const green = await scan(p, two.code, { stay: true });
  await shot(p, 'door-green-offline-1280');
  assert.deepEqual([green.shape, green.colour], ['tick', 'green_offline']);
  assert.match(green.text, /Checked without network/);
  const red = await scan(p, one.code, { stay: true });
  await shot(p, 'door-duplicate-1280');
  assert.deepEqual([red.shape, red.colour], ['bar', 'red']);
  assert.match(red.text, /Checked in .* ago, Kiosk A/);
  const person = (await rows(it, `select name from person where email = '${one.email}'`))[0][0];
  assert.ok(!red.text.includes(person.split(' ')[0]), 'red shows no name');
  // A ticket that was sold after the snapshot was made.
  const sold = await sell();
  const amber = await scan(p, sold, { stay: true });
  await shot(p, 'door-amber-1280');
  assert.deepEqual([amber.shape, amber.colour], ['question', 'amber']);
  assert.match(amber.text, /Not in this list/);

  // Killed as soon as the verdict stands there.
  const { colour } = await scan(p, three.code, { stay: true });
  for (const pid of pidsOf(dir)) killed(pid);
  assert.equal(colour, 'green_offline');
  await context.close().catch(() => {});
  const again = await start();
  await again.setOffline(true);
  p = again.pages()[0] || (await again.newPage());
  p.setDefaultTimeout(PATIENCE);
  await p.goto(`${it.access.base}/kiosk`);
  await p.locator('.door h1').waitFor();
  const kept = (await disk(p)).scans.filter((s) => !s.answered);
  assert.equal(kept.at(-1).shown.verdict, 'admitted');
  assert.equal(kept.length, 4, 'four were scanned without network');
  assert.ok(kept.every((s) => s.ticket && !s.code), 'no code is kept');
  assert.equal((await scan(p, three.code)).shape, 'bar', 'and it is known to be in');
  await go();
  await again.setOffline(false);
  await connected(p);
  await until(async () => (await disk(p)).scans.length === 0, 90000);
  for (const who of [two, three]) assert.deepEqual((await judged(it, who.email))[0], ['admitted', '']);
  assert.equal((await scan(p, sold)).colour, 'green', 'what was not known then is known now');
  await again.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Somebody who registers just now. */
async function sell() {
  const address = `late-${Date.now().toString(36)}@favrholm.example`;
  await it.instance.call('people.import', { rows: [{ email: address, name: 'Sofie Sent' }], key: randomUUID() }, it.access.slug);
  return (await it.instance.call('people.codes', { emails: [address], limit: 1 }, it.access.slug)).codes[0].code;
}

function pidsOf(dir) {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter((l) => l.includes(dir) && l.includes('chromium')).map((l) => Number(l.trim().split(' ')[0]));
}

/** One that ended by itself when its parent was killed is as dead. @param {number} pid */
function killed(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (e) {
    if (e.code !== 'ESRCH') throw e;
  }
}

/** Writes until nothing more goes in, not even a few bytes. */
const fill = () => new Promise((done, fail) => {
  const asked = indexedDB.open('filler', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('x', { autoIncrement: true });
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const put = (size) => {
      const tx = asked.result.transaction('x', 'readwrite', { durability: 'strict' });
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65536)));
      for (let i = 0; i < size; i += bytes.length) tx.objectStore('x').put(bytes);
      tx.oncomplete = () => put(size);
      tx.onabort = () => {
        if (size > 32) return put(size >> 1);
        // Left open it could not be deleted afterwards.
        asked.result.close();
        done(null);
      };
    };
    put(1 << 20);
  };
});
const empty = () => new Promise((done) => {
  const asked = indexedDB.open('filler', 1);
  asked.onsuccess = () => {
    const tx = asked.result.transaction('x', 'readwrite');
    tx.objectStore('x').clear();
    tx.oncomplete = () => {
      asked.result.close();
      indexedDB.deleteDatabase('filler').onsuccess = () => done(null);
    };
  };
});

test('A17: a full disk stops the station: nobody is admitted who is not written down', async () => {
  const [one, two] = [take(), take()];
  const context = await (await open()).newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/Copenhagen' });
  const cdp = await context.newCDPSession(await context.newPage());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: it.access.base, quotaSize: 24 << 20 });
  const p = await at(0, { context });
  await snapshotKept(p);
  await pageKept(p);
  await p.evaluate(fill);
  // What the browser tidies up afterwards makes no room.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: it.access.base, quotaSize: 1 << 20 });
  const before = (await rows(it, 'select count(*) from scan'))[0][0];
  await wedge(p, one.code);
  await p.locator('.door-stop').waitFor();
  await shot(p, 'door-stopped-1280');
  await wedge(p, two.code);
  await wait(500);
  assert.equal(await p.locator('.verdict').count(), 0);
  assert.equal((await rows(it, 'select count(*) from scan'))[0][0], before, 'nothing was sent either');
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: it.access.base, quotaSize: 512 << 20 });
  await p.evaluate(empty);
  await p.locator('.door-stop').waitFor({ state: 'detached' });
  assert.equal((await scan(p, one.code)).colour, 'green');
});

/** A connection that loses what comes back while `window.__lost` is set. */
const losing = () => {
  const Own = window.WebSocket;
  window.WebSocket = class extends Own {
    set onmessage(f) {
      super.onmessage = (e) => {
        if (!window['__lost']?.test(e.data)) return f.call(this, e);
        // The line itself stands: a ping is answered, but does not say what there would be to hear.
        if (e.data.includes('"method":"ping"')) f.call(this, { data: '{"jsonrpc":"2.0","method":"ping"}' });
      };
    }
  };
};

test('A14, A38: accepted but shown red: the station is told and the ticket is green again; events that were lost are caught up', async () => {
  const one = take();
  const [a, b] = [await at(0, { before: losing }), await at(1)];
  await snapshotKept(a);
  assert.equal((await scan(b, one.code)).colour, 'green');
  await until(async () => (await disk(a)).rows.length > 0);
  // Staff take it back; A does not hear of it, and the answer to its own scan is lost as well, and those that would say that the line is good.
  await a.evaluate(() => (window['__lost'] = /"method":"event"|"verdict"|"heads"|"now"/));
  const s = await staff();
  const [[first]] = await judged(it, one.email, ['s.scan_id']);
  await s.write('checkin.undo', { scan_id: first, reason: 'Went to the wrong door' });
  const red = await scan(a, one.code);
  assert.deepEqual([red.shape, red.colour], ['bar', 'red'], 'by its own list');
  await until(async () => /The network is slow/.test(await network(a)));
  await a.evaluate(() => (window['__lost'] = null));
  // A line in doubt is waited for less than a busy machine takes.
  await connected(a);
  await until(async () => (await judged(it, one.email)).some(([, reason]) => reason === 'not_shown'), 90000);
  await a.getByRole('button', { name: /1 thing to look at/ }).click();
  await a.getByText('sent away though the ticket is good').waitFor();
  await shot(a, 'door-burnt-1280');
  assert.equal((await scan(a, one.code)).colour, 'green', 'the next scan');
  await a.locator('.door-conflict').waitFor({ state: 'detached' });
  // What was lost is heard: without network A knows what B let in.
  await until(async () => (await judged(it, one.email)).at(-1)[0] === 'admitted');
  const two = take();
  await a.evaluate(() => (window['__lost'] = /"method":"event"/));
  assert.equal((await scan(b, two.code)).colour, 'green');
  await a.evaluate(() => (window['__lost'] = null));
  assert.equal((await scan(b, take().code)).colour, 'green', 'the one after shows the gap');
  await until(async () => (await disk(a)).rows.some((r) => r.status === 'inside' && r.station === 'Kiosk B'));
  await a.context().setOffline(true);
  await cut(a);
  assert.equal((await scan(a, two.code)).shape, 'bar');
  await s.close();
});

test('two doors without network let one ticket in twice: both are told what to do', async () => {
  const one = take();
  const [a, b] = [await at(0), await at(1)];
  for (const p of [a, b]) await snapshotKept(p);
  for (const p of [a, b]) await p.context().setOffline(true);
  for (const p of [a, b]) await cut(p);
  assert.equal((await scan(a, one.code)).colour, 'green_offline');
  await wait(100);
  assert.equal((await scan(b, one.code)).colour, 'green_offline');
  // The later one comes first.
  await b.context().setOffline(false);
  await connected(b);
  await until(async () => (await disk(b)).scans.length === 0);
  await a.context().setOffline(false);
  await connected(a);
  for (const p of [a, b]) await p.getByRole('button', { name: /1 thing to look at/ }).waitFor();
  await shot(a, 'door-conflict-1280');
  const verdicts = (await judged(it, one.email)).map((v) => v.join(' ').trim()).sort();
  assert.deepEqual(verdicts, ['admitted', 'refused duplicate_offline']);
});

test(`A18: ${SCANS} kept scans go in order, the upload cut and repeated, duplicates ignored`, async () => {
  const p = await at(1);
  await snapshotKept(p);
  await p.context().setOffline(true);
  await cut(p);
  const tickets = people.slice(0, 10).map((x) => x.code);
  const header = (await disk(p)).docs.header;
  // As the page would have written them over a morning; each ticket comes again and again.
  await p.evaluate(({ scans, list, tickets: codes }) => new Promise((done) => {
    const asked = indexedDB.open('plenum-door', 1);
    asked.onsuccess = () => {
      const tx = asked.result.transaction(['scan', 'doc'], 'readwrite');
      const boot = crypto.randomUUID();
      const from = +new Date() - scans * 1000;
      tx.objectStore('doc').get('numbers').onsuccess = (e) => {
        const n0 = e.target.result?.n || 0;
        for (let i = 1; i <= scans; i++) {
          tx.objectStore('scan').put({ n: n0 + i, seq: i, scan_id: crypto.randomUUID(), list, code: codes[i % codes.length], direction: 'entry', scanned_at: new Date(from + i * 1000).toISOString(), mono: i * 1000, boot_id: boot, offset_ms: 0, uncert_ms: 50, shown: { verdict: 'refused', reason: 'duplicate' } });
        }
        tx.objectStore('doc').put({ n: n0 + scans, seq: scans, boot }, 'numbers');
      };
      tx.oncomplete = () => done(null);
    };
  }), { scans: SCANS, list: header.list.id, tickets });
  const before = Number((await rows(it, 'select count(*) from scan'))[0][0]);
  const sent = [];
  p.on('websocket', (w) => w.on('framesent', (f) => String(f.payload).includes('checkin.upload') && sent.push(JSON.parse(String(f.payload)).params.scans.map((s) => s.seq))));
  const ids = new Set((await disk(p)).scans.map((s) => s.scan_id));
  for (let round = 0; round < 5 && (await disk(p)).scans.length; round++) {
    const left = (await disk(p)).scans.length;
    await p.context().setOffline(false);
    if (round < 3) await until(async () => (await disk(p)).scans.length < left);
    else await until(async () => (await disk(p)).scans.length === 0, 120000);
    await p.context().setOffline(true);
    await cut(p);
  }
  assert.equal((await disk(p)).scans.length, 0);
  const stored = (await rows(it, 'select scan_id, station_seq from scan')).filter(([id]) => ids.has(id));
  assert.deepEqual([stored.length, new Set(stored.map(([, seq]) => seq)).size], [SCANS, SCANS], 'each once');
  assert.equal(Number((await rows(it, 'select count(*) from scan'))[0][0]), before + SCANS);
  const flat = sent.flat();
  assert.ok(sent.every((batch) => batch.every((seq, i) => !i || seq === batch[i - 1] + 1)), 'in order within a message');
  assert.ok(flat.length >= SCANS && sent.every((batch, i) => !i || batch[0] <= sent[i - 1].at(-1) + 1), 'and no message leaves one out');
});

test('A06: a clock three hours wrong, then set back a day, then jumping: entries keep their order and their times', async () => {
  const [one, two, three] = [take(), take(), take()];
  const p = await at(0, { before: () => {
    window['__wrong'] = 3 * 3600000;
    const Own = Date;
    window.Date = /** @type {any} */ (class extends Own {
      constructor(...args) {
        if (args.length) super(...args);
        else super(Own.now() + window['__wrong']);
      }
      static now() {
        return Own.now() + window['__wrong'];
      }
    });
  } });
  await snapshotKept(p);
  await p.getByText(/clock is 3 h wrong/).waitFor();
  await shot(p, 'door-skew-1280');
  await p.context().setOffline(true);
  await cut(p);
  const started = Date.now();
  const [[now]] = await rows(it, `select extract(epoch from plenum_now(id)) from conference where slug = '${it.access.slug}'`);
  assert.equal((await scan(p, one.code)).colour, 'green_offline');
  await p.evaluate(() => (window['__wrong'] = -86400000));
  assert.equal((await scan(p, two.code)).colour, 'green_offline');
  await p.evaluate(() => (window['__wrong'] = -86400000 + 40000));
  assert.equal((await scan(p, three.code)).colour, 'green_offline');
  const kept = (await disk(p)).scans;
  assert.equal(new Set(kept.map((s) => s.boot_id)).size, 3, 'each jump is its own segment');
  await p.context().setOffline(false);
  await connected(p);
  await until(async () => (await disk(p)).scans.length === 0);
  const times = [];
  for (const who of [one, two, three]) {
    const admitted = (await judged(it, who.email, ['j.verdict', 'extract(epoch from s.at)'])).filter(([verdict]) => verdict === 'admitted');
    assert.equal(admitted.length, 1);
    times.push(Number(admitted[0][1]));
  }
  assert.ok(times[0] <= times[1] && times[1] <= times[2] + 45, `in order: ${times}`);
  for (const t of times) assert.ok(t >= Number(now) - 60 && t <= Number(now) + (Date.now() - started) / 1000 + 60, 'within the minute');
});

test('A29: a station sent away while it has no network forgets everybody, keeps what was not sent, and says so', async () => {
  const one = take();
  const made = await it.instance.plenum(['kiosk', 'create', '--name', 'Kiosk C', '--kind', 'kiosk', '--list', it.access.list, '--into', it.access.slug, '--json']);
  it.access.tokens.kiosks.push(made.token);
  // What it does every ten seconds it does every second here, and it is counted.
  const p = await at(it.access.tokens.kiosks.length - 1, { before: () => {
    const own = window.setInterval;
    window['__beats'] = 0;
    window.setInterval = /** @type {any} */ ((then, ms, ...more) => (ms === 10000 ? own(() => (window['__beats']++, then()), 1000) : own(then, ms, ...more)));
  } });
  await snapshotKept(p);
  await p.context().setOffline(true);
  await cut(p);
  assert.equal((await scan(p, one.code)).colour, 'green_offline');
  const s = await staff();
  await s.write('device.revoke', { station: made.station });
  await s.close();
  await p.context().setOffline(false);
  await p.locator('.pair-code').waitFor();
  await p.getByText('has been deleted here').waitFor();
  await p.getByText('1 scan of the station that was here').waitFor();
  await shot(p, 'door-revoked-1280');
  const beats = await p.evaluate(() => window['__beats']);
  await until(() => p.evaluate((n) => window['__beats'] > n + 1, beats));
  const left = await disk(p);
  assert.deepEqual([left.rows.length, left.outcomes.length, Object.keys(left.docs)], [0, 0, ['numbers']]);
  const [file] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: /Save the kept scans/ }).click()]);
  const saved = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.equal(saved.scans.length, 1);
  assert.ok(!JSON.stringify(saved).includes(one.code) && saved.scans[0].ticket);
});

test('every state at 360 and 1440, in Danish too: nothing too wide', async () => {
  for (const [width, height, lang] of [[360, 780, 'da-DK'], [1440, 900, 'en-GB']]) {
    const p = await at(0, { width, height, lang });
    await snapshotKept(p);
    const fits = async (name) => {
      await shot(p, `door-${name}-${width}`);
      assert.ok((await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} ${width} too wide`);
    };
    await fits('idle');
    await p.context().setOffline(true);
    await cut(p).catch(() => {});
    await fits('idle-offline');
    for (const [name, code] of [['green-offline', people[0].code], ['amber', 'AAAAAAAAAAAAAAAAAAAA'], ['red', 'BBBBBBBBBB']]) {
      await scan(p, code, { stay: true });
      await fits(name);
    }
    await dismiss(p);
    await p.locator('[data-panel=station]').click();
    await p.locator('.door-panel').waitFor();
    await fits('settings');
  }
});

test(`a door on its own for ${MINUTES || 'half a'} minute${MINUTES === 1 ? '' : 's'}: it admits all the while and everything arrives`, async () => {
  const p = await at(0);
  await snapshotKept(p);
  await pageKept(p);
  await p.context().setOffline(true);
  await stop();
  await cut(p);
  const end = Date.now() + (MINUTES || 0.1) * 60000;
  const mine = [];
  while ((Date.now() < end || mine.length < 3) && people.length) {
    const who = take();
    assert.equal((await scan(p, who.code)).colour, 'green_offline');
    mine.push(who);
    if (mine.length === 2) {
      await p.reload();
      await p.locator('.door h1').waitFor();
      await cut(p);
    }
    await wait(MINUTES ? MINUTES * 60000 / 12 : 500);
  }
  assert.ok(mine.length >= 3);
  await go();
  await p.context().setOffline(false);
  await connected(p);
  await until(async () => (await disk(p)).scans.length === 0, 90000);
  for (const who of mine) assert.deepEqual((await judged(it, who.email)).filter(([verdict]) => verdict === 'admitted'), [['admitted', '']]);
  assert.equal((await rows(it, "select count(*) from conflict where kind = 'missing_scans' and settled is null"))[0][0], '0');
});
