// tests/web/camera_video.mjs: pictures of a code that somebody holds up, drawn by ourselves: turned, blurred, noisy; and a film of them that Chromium takes for a camera
import { createRequire } from 'node:module';
import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(join(dirname(fileURLToPath(import.meta.url)), '../../web/package.json'));
const qrcode = require('qrcode-generator');

export const WIDTH = 640;
export const HEIGHT = 480;

/** Numbers that look like chance and are the same in every run. @param {number} seed */
export function chance(seed) {
  let s = seed >>> 0 || 1;
  return () => {
    s ^= s << 13;
    s >>>= 0;
    s ^= s >>> 17;
    s ^= s << 5;
    s >>>= 0;
    return s / 4294967296;
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** @param {() => number} random @param {number} n */
export const letters = (random, n) => Array.from({ length: n }, () => BASE32[Math.floor(random() * 32)]).join('');

/** @param {string} text @param {'M' | 'Q' | 'L'} [level] @returns {{n: number, dark: (row: number, column: number) => boolean}} */
export function qr(text, level = 'M') {
  const code = qrcode(0, level);
  code.addData(text, 'Alphanumeric');
  code.make();
  return { n: code.getModuleCount(), dark: (r, c) => code.isDark(r, c) };
}

/** A hall in half-light. */
const hall = new Float32Array(WIDTH * HEIGHT);
for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) hall[y * WIDTH + x] = 70 + (x * 40) / WIDTH - (y * 25) / HEIGHT + (((x >> 6) + (y >> 5)) & 1 ? 6 : 0);
/** Noise of a small sensor, as much as serves for any picture from any place in it. */
const grain = new Float32Array(1 << 20);
const dust = chance(20210502);
for (let i = 0; i < grain.length; i++) grain[i] = dust() + dust() + dust() - 1.5;

/**
 * A luminance picture: the hall, a sheet of paper in it, the code on the paper; blurred as by a cheap lens, noisy as by a small sensor.
 * @param {{code: ReturnType<typeof qr> | null, size: number, angle?: number, x?: number, y?: number, blur?: number, noise?: number, seed?: number, inverted?: boolean}} o
 * size: the code's width without its margin, in pixels; angle: degrees
 */
export function picture(o) {
  const { code, size, angle = 0, x: cx = WIDTH / 2, y: cy = HEIGHT / 2, blur = 1, noise = 12, seed = 1 } = o;
  const out = hall.slice();
  if (code) {
    const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
    const unit = size / code.n;
    const half = size / 2;
    const edge = half + 4 * unit;
    const reach = Math.ceil(edge * (Math.abs(sin) + cos)) + 4;
    const [left, right, top, bottom] = [Math.max(0, Math.floor(cx - reach)), Math.min(WIDTH, Math.ceil(cx + reach)), Math.max(0, Math.floor(cy - reach)), Math.min(HEIGHT, Math.ceil(cy + reach))];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        let sum = 0;
        let hit = 0;
        for (let s = 0; s < 9; s++) {
          const [dx, dy] = [x + (s % 3) / 3 + 1 / 6 - cx, y + Math.floor(s / 3) / 3 + 1 / 6 - cy];
          const [u, v] = [dx * cos + dy * sin, dy * cos - dx * sin];
          if (Math.abs(u) > edge || Math.abs(v) > edge) continue;
          hit++;
          const [column, row] = [Math.floor((u + half) / unit), Math.floor((v + half) / unit)];
          const dark = row >= 0 && column >= 0 && row < code.n && column < code.n && code.dark(row, column);
          sum += dark !== !!o.inverted ? 42 : 214;
        }
        if (hit) out[y * WIDTH + x] = (sum + out[y * WIDTH + x] * (9 - hit)) / 9;
      }
    }
    soften(out, blur, left, right, top, bottom);
  }
  const bytes = new Uint8Array(WIDTH * HEIGHT);
  const from = (seed * 104729) % (grain.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.max(16, Math.min(235, out[i] + grain[from + i] * noise));
  return bytes;
}

/** A box of 2·r+1, once across and once down: near enough to a lens out of focus; r may be a fraction. @param {Float32Array} p @param {number} r @param {number} left @param {number} right @param {number} top @param {number} bottom */
function soften(p, r, left, right, top, bottom) {
  if (!r) return;
  const reach = Math.ceil(r);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.max(0, Math.min(1, r + 1 - Math.abs(i - reach))));
  const all = weights.reduce((a, b) => a + b);
  for (const step of [1, WIDTH]) {
    const before = p.slice();
    for (let y = Math.max(top, reach); y < Math.min(bottom, HEIGHT - reach); y++) {
      for (let x = Math.max(left, reach); x < Math.min(right, WIDTH - reach); x++) {
        const at = y * WIDTH + x;
        let sum = 0;
        for (let d = -reach; d <= reach; d++) sum += before[at + d * step] * weights[d + reach];
        p[at] = sum / all;
      }
    }
  }
}

/** A film of raw pictures. @param {string} file @param {Iterable<Uint8Array>} pictures @param {number} perSecond */
export function film(file, pictures, perSecond) {
  const out = openSync(file, 'w');
  const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  writeSync(out, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${perSecond}:1 Ip A1:1 C420jpeg\n`);
  for (const bytes of pictures) {
    writeSync(out, 'FRAME\n');
    writeSync(out, bytes);
    writeSync(out, grey);
  }
  closeSync(out);
}

/** Somebody comes with a code, holds it up for `n` pictures not quite still, and goes. @param {string} text @param {number} n @param {number} seed @param {number} [size] */
export function* heldUp(text, n, seed, size = 120) {
  const code = qr(text);
  const random = chance(seed + 1);
  for (let i = 0; i < n; i++) {
    const away = Math.max(0, 3 - i, 3 - (n - 1 - i)) * 60;
    yield picture({ code, size: size + Math.sin(i / 4) * 12, angle: Math.sin(i / 3 + seed) * 15, x: WIDTH / 2 + (random() - 0.5) * 40 + away, y: HEIGHT / 2 + (random() - 0.5) * 40 + away, blur: 0.6 + Math.abs(Math.sin(i)) * 0.8, noise: 14, seed: seed * 1000 + i });
  }
}

/** Nobody there. @param {number} n @param {number} seed */
export function* nobody(n, seed) {
  for (let i = 0; i < n; i++) yield picture({ code: null, size: 0, seed: seed * 1000 + i });
}
