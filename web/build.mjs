// web/build.mjs OUTDIR: bundles each page into content-hashed files with a ready-made .gz beside every text file
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { dirname, join, basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] && resolve(process.argv[2]);
if (!out) {
  console.error('usage: node build.mjs OUTDIR');
  process.exit(2);
}

const PAGES = { index: 'front', attend: 'attend', moderate: 'moderate', kiosk: 'kiosk', stage: 'stage', organise: 'organise' };
/** What the attendee's phone may have to load, compressed. */
const ATTEND_LIMIT = 60 * 1024;

await rm(join(out, 'assets'), { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });

const rooms = Object.values(PAGES);
const result = await build({
  absWorkingDir: here,
  entryPoints: [
    ...rooms.map((room) => ({ in: `${room}/main.js`, out: room })),
    ...rooms.map((room) => ({ in: `${room}/${room}.css`, out: room })),
    { in: 'theme.js', out: 'theme' },
    { in: 'ui/icon.svg', out: 'icon' },
  ],
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/assets',
  loader: { '.woff2': 'file', '.svg': 'copy' },
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

/** @type {Record<string, string>} */
const asset = {};
for (const [file, info] of Object.entries(result.metafile.outputs)) {
  const name = basename(file);
  const from = info.entryPoint ? basename(info.entryPoint) : '';
  if (from === 'main.js') asset[`${basename(dirname(info.entryPoint || ''))}.js`] = name;
  else if (from) asset[from] = name;
  else if (name.startsWith('inter-latin-wght')) asset.font = name;
}

const template = await readFile(join(here, 'page.html'), 'utf8');
const texts = [];
for (const [page, room] of Object.entries(PAGES)) {
  const values = { room, theme: asset['theme.js'], css: asset[`${room}.css`], js: asset[`${room}.js`], icon: asset['icon.svg'], font: asset.font };
  const page_ = template.replace(/\{(\w+)\}/g, (_, name) => {
    if (!values[name]) throw new Error(`page.html asks for ${name}`);
    return values[name];
  });
  await writeFile(join(out, `${page}.html`), page_);
  texts.push(join(out, `${page}.html`));
}
for (const file of Object.keys(result.metafile.outputs)) {
  if (/\.(js|css|svg)$/.test(file)) texts.push(resolve(here, file));
}

let attend = 0;
for (const file of texts) {
  const zipped = gzipSync(await readFile(file), { level: 9 });
  await writeFile(`${file}.gz`, zipped);
  if ([asset['attend.js'], asset['theme.js']].includes(basename(file))) attend += zipped.length;
}
console.log(`web: ${texts.length} files in ${out}, attend loads ${(attend / 1024).toFixed(1)} KB of JavaScript`);
if (attend > ATTEND_LIMIT) {
  console.error(`web: the attend page may load ${ATTEND_LIMIT / 1024} KB`);
  process.exit(1);
}
