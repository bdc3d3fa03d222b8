// tests/web/build.test.mjs: the built pages: size, hashed names, gzip twins, nothing inline, types
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../web');
const out = mkdtempSync(join(tmpdir(), 'plenum-web-'));
execFileSync(process.execPath, ['build.mjs', out], { cwd: web });
process.on('exit', () => rmSync(out, { recursive: true, force: true }));

const PAGES = ['index', 'attend', 'moderate', 'kiosk', 'stage', 'run', 'organise', 'chair', 'apply'];
const html = (page) => readFileSync(join(out, `${page}.html`), 'utf8');

test('each page names files that exist, each text has its gzip twin', () => {
  for (const page of PAGES) {
    const files = [...html(page).matchAll(/"(\/assets\/[^"]+)"/g)].map((m) => m[1]);
    assert.ok(files.length >= 5, page);
    for (const f of files) {
      assert.match(f, /-[A-Z0-9]{8}\.\w+$/);
      assert.ok(existsSync(join(out, f)), f);
    }
  }
  for (const f of readdirSync(join(out, 'assets')).filter((n) => /\.(js|css|svg|wasm)$/.test(n))) {
    assert.deepEqual(gunzipSync(readFileSync(join(out, 'assets', `${f}.gz`))), readFileSync(join(out, 'assets', f)), f);
  }
});

test('the attendee loads at most 60 KB of JavaScript, compressed', () => {
  const scripts = [...html('attend').matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((m) => readFileSync(join(out, m[1])));
  const size = scripts.reduce((n, s) => n + gzipSync(s, { level: 6 }).length, 0);
  assert.ok(size <= 60 * 1024, `${size} bytes`);
});

test('the worker keeps files that exist: all that the attend page loads, and its version is made of them', () => {
  const worker = readFileSync(join(out, 'sw.js'), 'utf8');
  const kept = [...worker.matchAll(/"(\/assets\/[^"]+)"/g)].map((m) => m[1]);
  for (const f of kept) assert.ok(existsSync(join(out, f)), f);
  for (const [, f] of html('attend').matchAll(/"(\/assets\/[^"]+)"/g)) assert.ok(kept.includes(f), f);
  assert.match(worker, /"[0-9a-f]{12}"/);
  assert.ok(existsSync(join(out, 'sw.js.gz')));
});

test('the reader of codes is ours, a worker and its WebAssembly, and the page that is first seen does not bring it', () => {
  const assets = readdirSync(join(out, 'assets'));
  const worker = assets.find((n) => /^camera_worker-\w{8}\.js$/.test(n)) || '';
  const wasm = assets.find((n) => /^zxing_reader-\w{8}\.wasm$/.test(n)) || '';
  assert.ok(readFileSync(join(out, 'assets', worker), 'utf8').includes(`/assets/${wasm}`), 'fetched from here');
  for (const page of PAGES) assert.ok(!html(page).includes('camera_worker') && !html(page).includes('.wasm'), page);
});

test('nothing inline, nothing from elsewhere, no raw HTML', () => {
  for (const page of PAGES) {
    assert.doesNotMatch(html(page), /<script(?![^>]*src=)/);
    assert.doesNotMatch(html(page), /<style|style=|onload=|https?:\/\//);
  }
  const grep = (pattern) => execFileSync('grep', ['-rnlE', pattern, web, '--include=*.js', '--exclude-dir=node_modules', '--exclude-dir=build'], { encoding: 'utf8' }).trim().split('\n');
  assert.deepEqual(grep('new WebSocket|new EventSource').map((f) => f.slice(web.length + 1)), ['protocol.js'], 'one file owns the connection');
  assert.throws(() => grep('dangerouslySetInnerHTML|\\.innerHTML|Date\\.now\\(\\)'), 'text by Preact, time by the conference\'s clock');
});

test('types hold', () => {
  execFileSync(process.execPath, [join(web, 'node_modules/typescript/bin/tsc'), '-p', join(web, 'tsconfig.json')], { encoding: 'utf8' });
});
