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

/**
 * A luminance picture: a hall in half-light, a sheet of paper in it, the code on the paper; blurred as by a cheap lens, noisy as by a small sensor.
 * @param {{code: ReturnType<typeof qr> | null, size: number, angle?: number, x?: number, y?: number, blur?: number, noise?: number, seed?: number, light?: number, inverted?: boolean}} o
 * size: the code's width without its margin, in pixels; angle: degrees
 */
export function picture(o) {
  const { code, size, angle = 0, x: cx = WIDTH / 2, y: cy = HEIGHT / 2, blur = 1, noise = 12, seed = 1, light = 1 } = o;
  const out = new Float32Array(WIDTH * HEIGHT);
  const random = chance(seed * 7919 + 13);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) out[y * WIDTH + x] = 70 + (x * 40) / WIDTH - (y * 25) / HEIGHT + (((x >> 6) + (y >> 5)) & 1 ? 6 : 0);
  if (code) {
    const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
    const unit = size / code.n;
    const half = size / 2;
    const margin = 4 * unit;
    const reach = Math.ceil((half + margin) * 1.5);
    for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(HEIGHT, cy + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(WIDTH, cx + reach); x++) {
        let sum = 0;
        let hit = 0;
        for (let s = 0; s < 9; s++) {
          const [dx, dy] = [x + (s % 3) / 3 + 1 / 6 - cx, y + Math.floor(s / 3) / 3 + 1 / 6 - cy];
          const [u, v] = [dx * cos + dy * sin, dy * cos - dx * sin];
          if (Math.abs(u) > half + margin || Math.abs(v) > half + margin) continue;
          hit++;
          const [column, row] = [Math.floor((u + half) / unit), Math.floor((v + half) / unit)];
          const dark = row >= 0 && column >= 0 && row < code.n && column < code.n && code.dark(row, column);
          sum += dark !== !!o.inverted ? 42 : 214;
        }
        if (hit) out[y * WIDTH + x] = (sum + out[y * WIDTH + x] * (9 - hit)) / 9;
      }
    }
  }
  const soft = soften(out, blur);
  const bytes = new Uint8Array(WIDTH * HEIGHT);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.max(16, Math.min(235, soft[i] * light + (random() + random() + random() - 1.5) * noise));
  return bytes;
}

/** A box of 2·r+1, twice: near enough to a lens out of focus; r may be a fraction. @param {Float32Array} from @param {number} r */
function soften(from, r) {
  if (!r) return from;
  const weight = (/** @type {number} */ d) => Math.max(0, Math.min(1, r + 1 - Math.abs(d)));
  const reach = Math.ceil(r);
  let now = from;
  for (const step of [1, WIDTH]) {
    const next = new Float32Array(now.length);
    for (let i = 0; i < now.length; i++) {
      let sum = 0;
      let all = 0;
      for (let d = -reach; d <= reach; d++) {
        const w = weight(d);
        const at = i + d * step;
        if (at < 0 || at >= now.length) continue;
        sum += now[at] * w;
        all += w;
      }
      next[i] = sum / all;
    }
    now = next;
  }
  return now;
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
