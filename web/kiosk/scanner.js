// web/kiosk/scanner.js: a keyboard scanner's keys, wherever the focus is
import { useEffect } from '../ui/dom.js';
import { Wedge, SILENCE } from './wedge.js';
import { wake } from './sound.js';

/** @param {(text: string) => void} scanned */
export function useScanner(scanned) {
  useEffect(() => {
    const wedge = new Wedge();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let silence;
    /** What the field held before a scanner typed into it. */
    let before = '';
    /** @type {HTMLInputElement | null} */
    let field = null;
    const finish = (/** @type {string | null} */ text) => {
      if (!text) return;
      // Not on the first key: waking the sound takes long enough to break a scan in two.
      wake();
      if (field && document.activeElement === field) {
        field.value = before;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      scanned(text);
    };
    const keys = (/** @type {KeyboardEvent} */ e) => {
      clearTimeout(silence);
      if (!wedge.text) {
        field = document.activeElement instanceof HTMLInputElement ? document.activeElement : null;
        before = field?.value || '';
      }
      const ended = wedge.press(e, e.timeStamp);
      if (ended) {
        e.preventDefault();
        e.stopPropagation();
        finish(ended);
      } else silence = setTimeout(() => finish(wedge.end(performance.now())), SILENCE);
    };
    document.addEventListener('keydown', keys, true);
    document.addEventListener('pointerdown', wake, true);
    return () => {
      document.removeEventListener('keydown', keys, true);
      document.removeEventListener('pointerdown', wake, true);
    };
  }, []);
}
