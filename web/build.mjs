// web/build.mjs OUTDIR: bundles each page into content-hashed files with a ready-made .gz beside every text file
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { dirname, join, basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] && resolve(process.argv[2]);
if (!out) {
  console.error('usage: node build.mjs OUTDIR');
  process.exit(2);
}

const PAGES = { index: 'front', attend: 'attend', moderate: 'moderate', kiosk: 'kiosk', stage: 'stage', run: 'run', chair: 'chair', organise: 'organise', review: 'review', me: 'me', register: 'register', apply: 'apply', posters: 'posters', book: 'book' };
/** What the attendee's phone may have to load, compressed. */
const ATTEND_LIMIT = 60 * 1024;

await rm(join(out, 'assets'), { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });

const options = {
  absWorkingDir: here,
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/assets',
  loader: /** @type {const} */ ({ '.woff2': 'file', '.svg': 'copy', '.wasm': 'file' }),
  bundle: true,
  minify: true,
  format: /** @type {const} */ ('esm'),
  target: ['chrome111', 'firefox113', 'safari16.4'],
  legalComments: /** @type {const} */ ('none'),
  metafile: /** @type {const} */ (true),
  /** @type {Record<string, string>} */
  define: {},
  logLevel: /** @type {const} */ ('warning'),
};
const rooms = Object.values(PAGES);
// What reads codes out of the camera's pictures: a worker and its WebAssembly, both ours, loaded when the camera is switched on.
const camera = await build({ ...options, format: 'iife', entryPoints: [{ in: 'kiosk/camera_worker.js', out: 'camera_worker' }] });
const scanner = Object.keys(camera.metafile.outputs).map((file) => `/assets/${basename(file)}`);
options.define = { CAMERA_WORKER: JSON.stringify(scanner.find((file) => file.endsWith('.js'))) };
const plain = build({ ...options, entryPoints: [...rooms.map((room) => ({ in: `${room}/${room}.css`, out: room })), { in: 'theme.js', out: 'theme' }, { in: 'ui/icon.svg', out: 'icon' }] });
// Each page by itself: what it loads later is split off, and no page carries another's parts.
const pages = rooms.map((room) => build({ ...options, splitting: true, entryPoints: [{ in: `${room}/main.js`, out: room }] }));

/** @type {Record<string, import('esbuild').Metafile['outputs'][string]>} */
const outputs = { ...camera.metafile.outputs };
for (const result of await Promise.all([plain, ...pages])) Object.assign(outputs, result.metafile.outputs);

/** @type {Record<string, string>} */
const asset = {};
for (const [file, info] of Object.entries(outputs)) {
  const name = basename(file);
  const from = info.entryPoint ? basename(info.entryPoint) : '';
  if (from === 'main.js') asset[`${basename(dirname(info.entryPoint || ''))}.js`] = name;
  else if (from) asset[from] = name;
  else if (name.startsWith('inter-latin-wght')) asset.font = name;
}

/** What a script needs before it can run, itself first. @param {string} name @param {string[]} [seen] @returns {string[]} */
function needs(name, seen = []) {
  if (seen.includes(name)) return seen;
  seen.push(name);
  const file = Object.keys(outputs).find((f) => basename(f) === name) || '';
  for (const i of outputs[file].imports) if (i.kind === 'import-statement') needs(basename(i.path), seen);
  return seen;
}

/** And what it may ask for later. @param {string} name @param {string[]} [seen] @returns {string[]} */
function reaches(name, seen = []) {
  if (seen.includes(name)) return seen;
  seen.push(name);
  const file = Object.keys(outputs).find((f) => basename(f) === name) || '';
  for (const i of outputs[file].imports) if (i.path.endsWith('.js')) reaches(basename(i.path), seen);
  return seen;
}

const template = await readFile(join(here, 'page.html'), 'utf8');
const texts = [];
for (const [page, room] of Object.entries(PAGES)) {
  const preload = needs(asset[`${room}.js`]).slice(1).map((name) => `<link rel="modulepreload" href="/assets/${name}">\n`).join('');
  const values = { room, preload, theme: asset['theme.js'], css: asset[`${room}.css`], js: asset[`${room}.js`], icon: asset['icon.svg'], font: asset.font };
  const text = template.replace(/\{(\w+)\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`page.html asks for ${name}`);
    return values[name];
  });
  await writeFile(join(out, `${page}.html`), text);
  texts.push(join(out, `${page}.html`));
}
for (const file of Object.keys(outputs)) {
  if (/\.(js|css|svg|wasm)$/.test(file)) texts.push(resolve(here, file));
}

// The workers that keep a page for a device without network: their text changes with the files they keep, and so does their version.
const filesOf = (room) => [asset['theme.js'], asset[`${room}.css`], asset['icon.svg'], asset.font, ...reaches(asset[`${room}.js`])];
for (const [room, file, pinned] of [['attend', 'sw', false], ['kiosk', 'kiosk-sw', true]]) {
  const keep = [...filesOf(room).filter((name) => !/player|hls/.test(name)).map((name) => `/assets/${name}`), ...(pinned ? scanner : [])];
  const version = createHash('sha256').update(await readFile(join(out, `${room}.html`))).update(keep.join()).digest('hex').slice(0, 12);
  const define = { VERSION: JSON.stringify(version), KEEP: JSON.stringify(keep), ROOM: JSON.stringify(room), PINNED: String(pinned) };
  const worker = await build({ ...options, outdir: out, entryNames: '[name]', format: 'iife', splitting: false, entryPoints: [{ in: 'sw.js', out: file }], define });
  texts.push(...Object.keys(worker.metafile.outputs).map((name) => resolve(here, name)));
}

let attend = 0;
const first = [asset['theme.js'], ...needs(asset['attend.js'])];
for (const file of texts) {
  const zipped = gzipSync(await readFile(file), { level: 9 });
  await writeFile(`${file}.gz`, zipped);
  if (first.includes(basename(file))) attend += zipped.length;
}
console.log(`web: ${texts.length} files in ${out}, attend loads ${(attend / 1024).toFixed(1)} KB of JavaScript`);
if (attend > ATTEND_LIMIT) {
  console.error(`web: the attend page may load ${ATTEND_LIMIT / 1024} KB`);
  process.exit(1);
}
