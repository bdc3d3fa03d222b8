// tests/web/offline_browser.mjs: twenty minutes in a tunnel, in Chromium and in Firefox: the programme, stars and abstracts are there, and what was written is sent once.
// The gateway is stopped while the phone is "in the tunnel"; PLENUM_TUNNEL_MINUTES waits in real time (soak), else Chromium's clock is moved.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from '../support/instance.mjs';
import { connect } from '../support/client.mjs';
import { PATIENCE, becomes, close, page, shot, until } from './kit.mjs';

const MINUTES = Number(process.env.PLENUM_TUNNEL_MINUTES || 0);
const FIREFOX = process.env.PLENUM_FIREFOX || '/usr/bin/firefox-esr';
const require = createRequire(join(dirname(fileURLToPath(import.meta.url)), '../../web/package.json'));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let it;
/** Somebody else's question, to be voted for. */
let question = '';
before(async () => {
  it = await demo({ limit: 540 + MINUTES * 150 });
  question = randomUUID();
  const asker = await connect(it.access, 'attendees 9');
  await asker.persist('qa.ask', { question, talk: it.access.talk, text: 'Asked before the tunnel?' });
  const mod = await connect(it.access, 'moderator');
  await mod.persist('qa.approve', { question, expect_version: 1, key: randomUUID() });
  await Promise.all([asker.close(), mod.close()]);
});
after(async () => {
  await close();
  await it.stop();
});

/** What a moderator sees of a text, and what the server knows of the person's stars. */
async function judged(token, text) {
  const ask = async (who, name) => {
    // A server that has just begun may have no time yet.
    for (const end = Date.now() + 60000; ; await wait(300)) {
      const client = await connect(it.access, { token: who }).catch((e) => {
        if (e.fault !== 'busy' || Date.now() > end) throw e;
      });
      if (!client) continue;
      const [{ snapshot, fault }] = (await client.persist('channel.subscribe', { channels: [{ name: name(client) }] })).channels;
      client.close();
      if (fault === 'busy' && Date.now() < end) continue;
      return snapshot;
    }
  };
  const seen = await ask(it.access.tokens.moderator, () => `talk:${it.access.talk}:mod`);
  const own = await ask(token, (client) => `person:${client.hello.person.id}`);
  return { questions: seen.questions.filter((q) => q.text === text).length, stars: own.stars, votes: own.votes };
}

const controlled = () => navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.some((n) => n.startsWith('plenum-attend-')) && !!navigator.serviceWorker.controller);
const kept = () => new Promise((done) => {
  const open = indexedDB.open('plenum-attend');
  open.onsuccess = () => {
    const db = open.result;
    const ask = (store, then) => (db.transaction(store).objectStore(store).getAllKeys().onsuccess = (e) => then(e.target.result));
    ask('doc', (docs) => ask('outbox', (left) => {
      const person = docs.find((k) => k.startsWith('person:'));
      const end = (stars) => {
        db.close();
        done({ docs, left, stars });
      };
      if (!person) end(0);
      else db.transaction('doc').objectStore('doc').get(person).onsuccess = (e) => end(e.target.result.doc.stars.length);
    }));
  };
});

/**
 * The same steps in any browser. @param {{name: string, open: (path: string) => Promise<any>, tunnel: () => Promise<void>, daylight: () => Promise<void>, later: (p: any) => Promise<void>, token: string}} b
 * The pages have goto-free helpers: click(selector), fill(selector, text), text(selector), evaluate(fn), shot(name), close().
 */
async function through(b) {
  const text = `From the tunnel, in ${b.name} ${Date.now().toString(36)}`;
  const talk = `/attend#/talk/${it.access.talk}`;
  let p = await b.open('/attend');
  await until(async () => (await p.count('.slot')) > 3);
  await until(() => p.evaluate(controlled), 90000);
  await p.click('.slot .star');
  await until(async () => (await judged(b.token, text)).stars.length === 1);
  await until(async () => (await p.evaluate(kept)).docs.length === 2);
  await until(async () => (await p.evaluate(kept)).stars === 1);
  await p.close();

  // The network goes while the page is open, with a finger on a vote.
  p = await b.open(talk);
  await until(async () => (await p.count(`.question[data-question="${question}"] .vote`)) === 1);
  await b.tunnel();
  await until(async () => /as of \d\d:\d\d/.test(await p.text('.line')), 90000);
  await p.click(`.question[data-question="${question}"] .vote`);
  await until(async () => (await p.evaluate(kept)).left.includes(`vote:${question}`));
  await p.close();
  p = await b.open('/attend');
  await until(async () => (await p.count('.slot')) > 3, 90000);
  await until(async () => (await p.count('.slot .star.on')) === 1);
  await until(async () => /as of \d\d:\d\d/.test(await p.text('.line')), 90000);
  await p.click('.slot:nth-of-type(1) .star:not(.on)');
  await until(async () => /Kept/.test(await p.text('.programme')));
  await becomes(async () => (await p.evaluate(kept)).left.length, 2);
  await p.shot(`offline-home-${b.name}`);
  await p.close();
  p = await b.open(talk);
  await until(async () => (await p.count('.talk-about h1')) === 1, 90000);
  assert.ok((await p.text('.talk-about')).length > 40, 'the abstract is there');
  await p.fill('#ask-text', text);
  await p.click('.ask button[type=submit]');
  await until(async () => /Waiting for the network/.test(await p.text('.talk-qa')));
  await p.shot(`offline-asked-${b.name}`);
  await b.later(p);
  // Shown first, then written down.
  await becomes(async () => (await p.evaluate(kept)).left.length, 3, 'a question, a star and a vote are kept on the disk');
  await p.close();

  await b.daylight();
  assert.equal((await judged(b.token, text)).questions, 0, 'nothing was sent by a closed page');
  p = await b.open(talk);
  // Firefox lets a WebSocket wait up to a minute after many that failed.
  await until(async () => (await judged(b.token, text)).questions === 1, 120000);
  await until(async () => (await p.evaluate(kept)).left.length === 0);
  await until(async () => /waiting for a moderator/.test(await p.text('.talk-qa')));
  const { stars, votes } = await judged(b.token, text);
  assert.equal(stars.length, 2, 'the star from the tunnel too');
  assert.deepEqual(votes.filter(([id]) => id === question), [[question, 1]], 'and the vote');
  await p.close();
  // Opened again it has nothing left to say.
  p = await b.open(talk);
  await until(async () => /waiting for a moderator/.test(await p.text('.talk-qa')), 90000);
  await wait(1500);
  assert.equal((await judged(b.token, text)).questions, 1, 'once');
  await p.close();
}

test('Chromium: through the tunnel', async () => {
  const token = it.access.tokens.attendees[0];
  const first = await page('/healthz', { token, base: it.access.base, width: 360 });
  const context = first.context();
  await first.close();
  const open = async (path) => {
    const p = await context.newPage();
    p.setDefaultTimeout(PATIENCE);
    if (!MINUTES) await p.clock.install();
    await p.goto(it.access.base + path);
    return {
      raw: p, click: (s) => p.locator(s).first().click(), fill: (s, t) => p.locator(s).fill(t), text: (s) => p.locator(s).first().innerText(), count: (s) => p.locator(s).count(),
      evaluate: (f) => p.evaluate(f), shot: (name) => shot(p, `${name}-360-light`), close: () => p.close(),
    };
  };
  await through({
    name: 'chromium', token, open,
    tunnel: async () => {
      await context.setOffline(true);
      await it.instance.stopGateway();
    },
    daylight: async () => {
      await it.instance.startGateway();
      await context.setOffline(false);
    },
    later: async (p) => (MINUTES ? wait(MINUTES * 60000) : p.raw.clock.fastForward(20 * 60000)),
  });
  await context.close();
});

test('Firefox: through the tunnel', { skip: !existsSync(FIREFOX) && 'no Firefox here' }, async () => {
  const puppeteer = require('puppeteer-core');
  const token = it.access.tokens.attendees[1];
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true, args: ['--width=400', '--height=800'], extraPrefsFirefox: { 'intl.accept_languages': 'en-GB,en' } });
  const open = async (path) => {
    const p = await browser.newPage();
    p.setDefaultTimeout(PATIENCE);
    await p.setViewport({ width: 360, height: 780 });
    await p.evaluateOnNewDocument((t) => sessionStorage.setItem('plenum-token', t), token);
    await p.goto(it.access.base + path);
    return {
      click: (s) => p.locator(s).click(), fill: (s, t) => p.locator(s).fill(t), text: (s) => p.$eval(s, (el) => el.innerText).catch(() => ''), count: (s) => p.$$(s).then((l) => l.length),
      evaluate: (f) => p.evaluate(f), shot: (name) => p.screenshot({ path: `${process.env.PLENUM_SCREENSHOTS || 'build/screenshots'}/${name}-360-light.png` }), close: () => p.close(),
    };
  };
  try {
    await through({
      name: 'firefox', token, open,
      tunnel: () => it.instance.stopGateway(),
      daylight: () => it.instance.startGateway(),
      later: () => wait(MINUTES ? MINUTES * 60000 : 3000),
    });
  } finally {
    await browser.close();
  }
});

test('a newer page reaches somebody who has the old one: online the page comes from the network', async () => {
  const p = await page('/attend', { base: it.access.base });
  await p.locator('.slot').first().waitFor();
  await until(() => p.evaluate(controlled), 90000);
  // What the worker keeps is made wrong: only without network may it be shown.
  await p.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      await cache.put('/attend', new Response('<!doctype html><title>old</title><p id="old">old</p>', { headers: { 'content-type': 'text/html' } }));
    }
  });
  // What takes longer than the worker's six seconds is no network to it, and the machine may be busy: then the kept one is right.
  let old = 1;
  for (let took = Infinity, left = 5; old && took > 6000 && left; left--) {
    const began = Date.now();
    await p.reload();
    await p.locator('.slot, #old').first().waitFor();
    took = Date.now() - began;
    old = await p.locator('#old').count();
  }
  assert.equal(old, 0);
  await p.context().close();
});

test('the front page and others are not the worker\'s business, and the kiosk has its own', async () => {
  const p = await page('/attend', { base: it.access.base });
  await p.locator('.slot').first().waitFor();
  await until(() => p.evaluate(controlled), 90000);
  for (const path of ['/', '/organise']) {
    await p.goto(it.access.base + path);
    assert.equal(await p.evaluate(() => !!navigator.serviceWorker.controller), false, path);
  }
  await p.goto(`${it.access.base}/kiosk`);
  assert.doesNotMatch(await p.evaluate(() => navigator.serviceWorker.controller?.scriptURL || ''), /\/sw\.js$/);
  await p.context().close();
});
