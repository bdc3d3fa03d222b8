// web/ui/near.js: which parts of a long list are near the screen and worth drawing

/** @type {IntersectionObserver | null} */
let watcher = null;
/** @type {WeakMap<Element, (near: boolean) => void>} */
const watched = new WeakMap();

/** @param {Element} el @param {(near: boolean) => void} then @returns {() => void} stop */
export function watch(el, then) {
  watcher ||= new IntersectionObserver((entries) => entries.forEach((e) => watched.get(e.target)?.(e.isIntersecting)), { rootMargin: '1200px 0px' });
  watched.set(el, then);
  watcher.observe(el);
  return () => watcher?.unobserve(el);
}
