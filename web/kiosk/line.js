// web/kiosk/line.js: how long an answer is worth waiting for, by how the last ones came (pure; tested in Node)
const PATIENCE_MS = 1500;
/** After one that did not come: long enough for a line that is well again, too short for a queue to grow. */
const DOUBT_MS = 300;

export class Line {
  doubt = false;

  /** 0: do not ask at all. @param {boolean} open */
  patience(open) {
    return !open ? 0 : this.doubt ? DOUBT_MS : PATIENCE_MS;
  }

  good() {
    this.doubt = false;
  }

  bad() {
    this.doubt = true;
  }
}
