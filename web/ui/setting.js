// web/ui/setting.js: settings that are saved at once: what was typed or ticked stays as it is, whatever is drawn before the answer has come
import { html, useEffect, useRef, useState } from './dom.js';

/** One after the other: each change goes with the version that the one before has left. @returns {<T>(what: () => Promise<T>) => Promise<T>} */
export function useTurns() {
  const last = useRef(/** @type {Promise<any>} */ (Promise.resolve()));
  return (what) => (last.current = last.current.then(what, what));
}

/** A number, saved when it is left. @param {{label: string, min: number, max: number, value: number, set: (n: number) => Promise<any> | undefined}} props */
export function NumberField({ label, min, max, value, set }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const save = async (/** @type {HTMLInputElement} */ input) => {
    const typed = input.value;
    if (typed === '' || !input.checkValidity()) return;
    await set(Number(typed));
    setDraft((now) => (now === typed ? null : now));
  };
  return html`<label class="field"><span>${label}</span><input type="number" inputmode="numeric" required min=${min} max=${max} value=${draft ?? value} onInput=${(/** @type {any} */ e) => setDraft(e.target.value)}
    onChange=${(/** @type {any} */ e) => save(e.target)} onBlur=${(/** @type {any} */ e) => e.target.checkValidity() || setDraft(null)} /></label>`;
}

/** How long the answer and what it changes may be apart. */
const APART_MS = 2000;

/** A box to tick. `set` promises once it is answered; what it changes may be told a moment later. @param {{label: string, value: boolean, set: (on: boolean) => Promise<any>}} props */
export function Tick({ label, value, set }) {
  const [wanted, setWanted] = useState(/** @type {boolean | null} */ (null));
  const asked = useRef(0);
  useEffect(() => {
    // Ticked and unticked at once, the value may be the one from before both: only with their answers does it mean the last.
    if (wanted === value && !asked.current) setWanted(null);
  }, [wanted, value]);
  const change = async (/** @type {boolean} */ on) => {
    setWanted(on);
    asked.current++;
    try {
      await set(on);
    } finally {
      asked.current--;
    }
    setTimeout(() => setWanted((now) => (now === on ? null : now)), APART_MS);
  };
  return html`<label class="tick"><input type="checkbox" checked=${wanted ?? value} onChange=${(/** @type {any} */ e) => change(e.target.checked)} /><span>${label}</span></label>`;
}
