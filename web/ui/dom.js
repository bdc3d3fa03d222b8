// web/ui/dom.js: the view library in one place: Preact, htm and signals
import { h, render, Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState, useCallback } from 'preact/hooks';
import { signal, computed, effect, batch, useSignal, useComputed } from '@preact/signals';
import htm from 'htm';

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);
export { h, render, Fragment, useEffect, useLayoutEffect, useRef, useState, useCallback, signal, computed, effect, batch, useSignal, useComputed };

/** @param {...(string | false | null | undefined)} names */
export const cx = (...names) => names.filter(Boolean).join(' ');

/** Turns true once something has taken longer than people notice; until then a page stays quiet. @param {boolean} busy */
export function useSlow(busy, ms = 300) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return setSlow(false);
    const t = setTimeout(() => setSlow(true), ms);
    return () => clearTimeout(t);
  }, [busy]);
  return busy && slow;
}

/** @param {string} id */
export function mount(id, /** @type {any} */ tree) {
  const place = document.getElementById(id);
  if (place) render(tree, place);
}
