// web/theme.js: sets light or dark before the first paint (a small script of its own, not a module)
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem('plenum-theme');
  } catch {
    kept = null;
  }
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const fixed = root.dataset.room === 'stage' ? 'dark' : kept;
  const set = () => (root.dataset.theme = fixed === 'dark' || (fixed !== 'light' && dark.matches) ? 'dark' : 'light');
  set();
  if (!fixed) dark.addEventListener('change', set);
})();
