// web/kiosk/scanner.js: a keyboard scanner's keys, wherever the focus is
import { useLayoutEffect } from '../ui/dom.js';
import { Meaning } from './layouts.js';
import { Wedge, HELD, SILENCE } from './wedge.js';
import { wake } from './sound.js';

const KEPT = 'plenum-scanner';

function remembered() {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === 'us' || kept === 'de' ? kept : null;
  } catch {
    return null;
  }
}

/** How this station's scanner is set, as far as its codes have told. */
export const meaning = new Meaning(remembered());

/** For the next start of the page. */
export function remember() {
  try {
    if (meaning.scanner) localStorage.setItem(KEPT, meaning.scanner);
  } catch {
    // Then it is learned again.
  }
}

/** What is no whole code after so long will not become one. */
const UNFINISHED = 1000;

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @param {Element | null} e @returns {Field | null} */
const fieldOf = (e) => (e instanceof HTMLInputElement || e instanceof HTMLTextAreaElement || e instanceof HTMLSelectElement ? e : null);

/** @param {(text: string) => void} scanned */
export function useScanner(scanned) {
  // Before anybody can see that the door is ready: the first scan may follow at once.
  useLayoutEffect(() => {
    const wedge = new Wedge((keys) => meaning.read(keys));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let silence;
    /** What the field held before a scanner typed into it. */
    let before = '';
    /** @type {Field | null} */
    let field = null;
    const finish = (/** @type {string | null} */ text) => {
      if (!text) return;
      // Not on the first key: waking the sound takes long enough to break a scan in two.
      wake();
      if (field && document.activeElement === field && field.value !== before) {
        field.value = before;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      remember();
      scanned(text);
    };
    // No suffix: a whole code is taken at once, anything else may have its rest still on the way.
    const quiet = () => {
      const end = () => finish(wedge.end(wedge.last + SILENCE));
      if (wedge.whole) end();
      else silence = setTimeout(end, UNFINISHED);
    };
    const keys = (/** @type {KeyboardEvent} */ e) => {
      clearTimeout(silence);
      if (!wedge.size || e.timeStamp - wedge.last > (wedge.burst ? HELD : SILENCE)) {
        field = fieldOf(document.activeElement);
        before = field?.value || '';
      }
      // From the sixth key on it is a scanner: the rest is for nobody else, neither a field nor a browser's own keys.
      if (wedge.within(e, e.timeStamp)) {
        e.preventDefault();
        e.stopPropagation();
      }
      const ended = wedge.press(e, e.timeStamp);
      if (ended) {
        e.preventDefault();
        e.stopPropagation();
        finish(ended);
      } else silence = setTimeout(quiet, SILENCE);
    };
    document.addEventListener('keydown', keys, true);
    document.addEventListener('pointerdown', wake, true);
    return () => {
      clearTimeout(silence);
      document.removeEventListener('keydown', keys, true);
      document.removeEventListener('pointerdown', wake, true);
    };
  }, []);
}
