// web/kiosk/camera_worker.js: reads codes out of the camera's pictures, beside the page: a difficult picture never holds up a verdict. Nothing of a picture stays
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm';
import { Readers } from './camera_rules.js';

const self = /** @type {any} */ (globalThis);

// Left to itself the library fetches its part from a network of others.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

/** @typedef {import('./camera_rules.js').Found} Found */

/** @param {{x: number, y: number}[]} corners @param {string} text @returns {Found} */
function place(corners, text) {
  const xs = corners.map((c) => c.x);
  const ys = corners.map((c) => c.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { text, x: (left + right) / 2, y: (top + bottom) / 2, size: Math.max(right - left, bottom - top) };
}

/** @param {ImageData} picture @param {{invert: boolean, flat: boolean}} how */
async function ours(picture, how) {
  const read = await readBarcodes(picture, {
    formats: ['QRCode'], tryHarder: true, tryRotate: false, tryInvert: how.invert, maxNumberOfSymbols: 4, textMode: 'Plain',
    binarizer: how.flat ? 'GlobalHistogram' : 'LocalAverage',
  });
  return read.filter((r) => r.isValid && r.text).map((r) => place([r.position.topLeft, r.position.topRight, r.position.bottomRight, r.position.bottomLeft], r.text));
}

async function browsers() {
  const Detector = self.BarcodeDetector;
  if (!Detector || !(await Detector.getSupportedFormats().catch(() => [])).includes('qr_code')) return null;
  const detector = new Detector({ formats: ['qr_code'] });
  return async (/** @type {ImageData} */ picture) => (await detector.detect(picture)).map((/** @type {any} */ d) => place(d.cornerPoints, d.rawValue));
}

const readers = browsers().catch(() => null).then((theirs) => new Readers(ours, theirs));

const canvas = new OffscreenCanvas(1, 1);
const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));

self.onmessage = async (/** @type {MessageEvent} */ e) => {
  const { id, picture, how } = e.data;
  try {
    canvas.width = picture.width;
    canvas.height = picture.height;
    context.drawImage(picture, 0, 0);
    const pixels = context.getImageData(0, 0, picture.width, picture.height);
    picture.close();
    const from = performance.now();
    const read = await (await readers).read(pixels, how);
    self.postMessage({ id, ...read, ms: performance.now() - from });
  } catch (error) {
    self.postMessage({ id, found: [], by: 'own', ms: 0, error: String(error) });
  }
};
