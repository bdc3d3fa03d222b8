// tests/web/catalogue.test.mjs: both languages have every text that the pages ask for, and none that they do not
import test from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import enAll from '../../web/i18n/en.js';
import daAll from '../../web/i18n/da.js';
import enOrganise from '../../web/i18n/organise.en.js';
import daOrganise from '../../web/i18n/organise.da.js';
import enPlayer from '../../web/i18n/player.en.js';
import daPlayer from '../../web/i18n/player.da.js';
import enQa from '../../web/i18n/qa.en.js';
import daQa from '../../web/i18n/qa.da.js';
import enSpeaker from '../../web/i18n/speaker.en.js';
import daSpeaker from '../../web/i18n/speaker.da.js';
import enStage from '../../web/i18n/stage.en.js';
import daStage from '../../web/i18n/stage.da.js';
import enStreams from '../../web/i18n/streams.en.js';
import daStreams from '../../web/i18n/streams.da.js';
import enDay from '../../web/i18n/day.en.js';
import daDay from '../../web/i18n/day.da.js';
import enChair from '../../web/i18n/chair.en.js';
import daChair from '../../web/i18n/chair.da.js';
import enDesk from '../../web/i18n/desk.en.js';
import daDesk from '../../web/i18n/desk.da.js';
import enRun from '../../web/i18n/run.en.js';
import daRun from '../../web/i18n/run.da.js';
import enCamera from '../../web/i18n/camera.en.js';
import daCamera from '../../web/i18n/camera.da.js';
import enPoll from '../../web/i18n/poll.en.js';
import daPoll from '../../web/i18n/poll.da.js';
import enMic from '../../web/i18n/mic.en.js';
import daMic from '../../web/i18n/mic.da.js';
import enBadge from '../../web/i18n/badge.en.js';
import daBadge from '../../web/i18n/badge.da.js';

const en = { ...enChair, ...enDesk, ...enSpeaker, ...enStage, ...enQa, ...enRun, ...enDay, ...enAll, ...enOrganise, ...enPlayer, ...enStreams, ...enPoll, ...enCamera, ...enMic, ...enBadge };
const da = { ...daChair, ...daDesk, ...daSpeaker, ...daStage, ...daQa, ...daRun, ...daDay, ...daAll, ...daOrganise, ...daPlayer, ...daStreams, ...daPoll, ...daCamera, ...daMic, ...daBadge };
const web = join(dirname(fileURLToPath(import.meta.url)), '../../web');

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return ['node_modules', 'build', 'i18n'].includes(name) ? [] : sources(path);
    return name.endsWith('.js') ? [readFileSync(path, 'utf8')] : [];
  });
}

const text = [...sources(web), readFileSync(join(web, 'i18n/index.js'), 'utf8')].join('\n');
const asked = (pattern) => [...new Set([...text.matchAll(pattern)].map((m) => m[1]))];

test('English and Danish have the same keys, all filled', () => {
  assert.deepEqual(Object.keys(da).sort(), Object.keys(en).sort());
  for (const catalogue of [en, da]) for (const [key, value] of Object.entries(catalogue)) assert.ok(value.trim(), key);
});

test('a page\'s own catalogue says nothing twice', () => {
  for (const own of [enChair, enDesk, enSpeaker, enStage, enQa, enOrganise, enPlayer, enStreams, enPoll, enCamera, enMic, enBadge]) assert.deepEqual(Object.keys(own).filter((k) => k in enAll), []);
});

test('a text has the same gaps to fill in both languages', () => {
  const gaps = (s) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();
  for (const key of Object.keys(en)) {
    // "1 answered" needs no number in one language and may in the other.
    if (key.endsWith('.one')) continue;
    assert.equal(gaps(da[key]), gaps(en[key]), key);
  }
});

test('every text a page asks for exists', () => {
  const missing = asked(/\bt\(\s*'([\w.]+)'/g).filter((k) => !(k in en));
  missing.push(...asked(/\btn\(\s*'([\w.]+)'/g).filter((k) => !(`${k}.one` in en) || !(`${k}.other` in en)));
  missing.push(...asked(/label: '([\w.]+)'/g).filter((k) => !(k in en)));
  for (const prefix of asked(/\bt\(\s*`([\w.]+)\$\{/g)) if (!Object.keys(en).some((k) => k.startsWith(prefix))) missing.push(`${prefix}…`);
  assert.deepEqual(missing, []);
});

test('no text is kept that no page asks for', () => {
  const plain = new Set([...asked(/'([a-z_]+\.[\w.]+)'/g), ...asked(/'([a-z_]+)'/g)]);
  const prefixes = asked(/`([\w.]+)\$\{/g);
  const unused = Object.keys(en).filter((k) => !plain.has(k) && !plain.has(k.replace(/\.(one|other)$/, '')) && !prefixes.some((p) => k.startsWith(p)));
  assert.deepEqual(unused, []);
});

test('no exclamation marks', () => {
  for (const catalogue of [en, da]) assert.deepEqual(Object.values(catalogue).filter((v) => v.includes('!')), []);
});
