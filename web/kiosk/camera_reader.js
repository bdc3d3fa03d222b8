// web/kiosk/camera_reader.js: the page's end of the worker that reads pictures: one picture at a time, and another worker when one does not answer
/** @typedef {import('./camera_rules.js').Found} Found */

/** @type {string} */
// @ts-ignore put in by the build
const WORKER = CAMERA_WORKER;

/** A picture takes some hundredths of a second; before the first the worker has its WebAssembly to fetch. */
const FIRST = 30000;
const LATER = 5000;

/** @type {any} */
const types = /** @type {any} */ (globalThis).trustedTypes;
const policy = types?.createPolicy('plenum-camera', { createScriptURL: (/** @type {string} */ url) => (url === WORKER ? url : '') });

export class Reader {
  /** @type {Worker | null} */
  worker = null;
  /** @type {{id: number, done: (answer: any) => void, failed: (e: Error) => void, timer: ReturnType<typeof setTimeout>} | null} */
  open = null;
  answered = false;
  id = 0;

  made() {
    const worker = new Worker(policy ? policy.createScriptURL(WORKER) : WORKER);
    worker.onmessage = (e) => {
      if (this.open?.id !== e.data.id) return;
      this.answered = true;
      // What has thrown once may be beyond repair inside: a new one costs little.
      if (e.data.error) this.fall(new Error(e.data.error));
      else this.end(null, e.data);
    };
    worker.onerror = (e) => {
      e.preventDefault();
      this.fall(new Error(e.message || 'worker'));
    };
    return worker;
  }

  /** @param {Error | null} error @param {any} [answer] */
  end(error, answer) {
    const open = this.open;
    this.open = null;
    clearTimeout(open?.timer);
    if (error) open?.failed(error);
    else open?.done(answer);
  }

  /** The worker is given up; the next picture gets another. @param {Error} error */
  fall(error) {
    this.worker?.terminate();
    this.worker = null;
    this.answered = false;
    this.end(error);
  }

  /** @param {ImageBitmap} picture given away @param {{invert: boolean, flat: boolean}} how @returns {Promise<{found: Found[], ms: number, by: string}>} */
  read(picture, how) {
    this.worker ||= this.made();
    const id = ++this.id;
    const answer = new Promise((done, failed) => {
      this.open = { id, done, failed, timer: setTimeout(() => this.fall(new Error('no answer')), this.answered ? LATER : FIRST) };
    });
    this.worker.postMessage({ id, picture, how }, [picture]);
    return /** @type {any} */ (answer);
  }
}
