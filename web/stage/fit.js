// web/stage/fit.js: words as large as their box allows
import { html, useLayoutEffect, useRef } from '../ui/dom.js';

/** As large as the box allows, never under 5 % of the screen's height; what is too long even so breaks anywhere and stands closer, for nothing may be cut. @param {{text: string}} props */
export function Fit({ text }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const fit = () => {
      const inner = /** @type {HTMLElement} */ (el.firstElementChild);
      let low = innerHeight * 0.05;
      let high = Math.min(innerHeight * 0.17, innerWidth * 0.11);
      const fits = (/** @type {number} */ size) => {
        inner.style.fontSize = `${size}px`;
        return inner.scrollHeight <= el.clientHeight && inner.scrollWidth <= el.clientWidth;
      };
      inner.classList.remove('tight');
      if (!fits(Math.ceil(low))) inner.classList.add('tight');
      // A screen stood on its end, or words without a space: smaller rather than cut.
      while (low > 8 && !fits(low)) low *= 0.94;
      for (let i = 0; i < 9; i++) {
        const size = (low + high) / 2;
        if (fits(size)) low = size;
        else high = size;
      }
      inner.style.fontSize = `${Math.floor(low)}px`;
    };
    fit();
    document.fonts?.ready.then(fit);
    addEventListener('resize', fit);
    return () => removeEventListener('resize', fit);
  }, [text]);
  return html`<div class="fit" ref=${box}><p dir="auto">${text}</p></div>`;
}
