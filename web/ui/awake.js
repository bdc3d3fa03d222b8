// web/ui/awake.js: a screen that people look at must not go dark
import { useEffect } from './dom.js';

export function useAwake() {
  useEffect(() => {
    /** @type {any} */
    let lock = null;
    const take = async () => {
      if (document.visibilityState === 'visible') lock = await navigator.wakeLock?.request('screen').catch(() => null);
    };
    take();
    document.addEventListener('visibilitychange', take);
    return () => {
      document.removeEventListener('visibilitychange', take);
      lock?.release();
    };
  }, []);
}
