// tests/web/catalogue.test.mjs: both languages have every text that the pages ask for, and none that they do not
import test from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../web');
/** Each page's own catalogue, by the name of its file. @param {string} lang */
const pages = async (lang) => Object.fromEntries(await Promise.all(readdirSync(join(web, 'i18n')).filter((n) => n.endsWith(`.${lang}.js`)).map(async (n) => [n, (await import(`../../web/i18n/${n}`)).default])));
const { default: enAll } = await import('../../web/i18n/en.js');
const { default: daAll } = await import('../../web/i18n/da.js');
const ownEn = await pages('en');
const en = Object.assign({}, ...Object.values(ownEn), enAll);
const da = Object.assign({}, ...Object.values(await pages('da')), daAll);

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
  for (const [name, own] of Object.entries(ownEn)) assert.deepEqual(Object.keys(own).filter((k) => k in enAll), [], name);
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

test('a day is written small inside a Danish sentence, and large where it begins one', async () => {
  globalThis.navigator ??= /** @type {any} */ ({ language: 'en' });
  const { extend, setLang, t } = await import('../../web/i18n/index.js');
  extend({ en: { 'test.in': 'Since {when}', 'test.first': '{when}: {title}', 'test.next': 'Closed. {when} it opens' }, da: { 'test.in': 'Tilmeldt siden {when}', 'test.first': '{when}: {title}', 'test.next': 'Lukket. {when} åbner det' } });
  const when = 'Lørdag 28. november';
  setLang('da');
  assert.equal(t('test.in', { when }), 'Tilmeldt siden lørdag 28. november');
  assert.equal(t('test.first', { when, title: 'Lørdag i byen' }), 'Lørdag 28. november: Lørdag i byen');
  assert.equal(t('test.next', { when }), 'Lukket. Lørdag 28. november åbner det');
  setLang('en');
  assert.equal(t('test.in', { when: 'Saturday 28 November' }), 'Since Saturday 28 November');
});
