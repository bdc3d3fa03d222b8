// web/theme.js: sets light or dark before the first paint (a small script of its own, not a module)
(() => {
  const kept = () => {
    try {
      return localStorage.getItem('plenum-theme');
    } catch {
      return null;
    }
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const set = () => {
    const fixed = root.dataset.room === 'stage' ? 'dark' : kept();
    root.dataset.theme = fixed === 'dark' || (fixed !== 'light' && dark.matches) ? 'dark' : 'light';
  };
  set();
  dark.addEventListener('change', set);
})();
