// web/attend/media.js: one HLS stream in a <video>, by hls.js or by the browser itself, kept alive; says joined, playing or stalled

/** How long a picture may stand still before it counts as stalled, and before the stream is asked for anew. */
const STALLED_MS = 3000;
const ANEW_MS = 10000;

/**
 * @param {HTMLVideoElement} video @param {string} url @param {(state: 'joined' | 'playing' | 'stalled') => void} say
 * @returns {{stop: () => void, at: () => {playing_at: number | null, latency_ms: number | null}}} `at`: the moment whose picture is shown, by the stream's own clock, and how far it is from the live edge
 */
export function play(video, url, say) {
  /** @type {import('hls.js').default | null} */
  let hls = null;
  let over = false;
  let at = -1;
  let moved = performance.now();
  let asked = moved;

  const start = async () => {
    asked = performance.now();
    // An iPhone has no MediaSource and plays HLS by itself; everything else may claim to, but does it better with hls.js.
    if (!('MediaSource' in window) && video.canPlayType('application/vnd.apple.mpegurl')) {
      video.src = url;
      video.play().catch(() => {});
      return;
    }
    const { default: Hls } = await import('hls.js');
    if (over) return;
    hls?.destroy();
    // No worker: the page's policy lets in none made of text, and one live stream needs none.
    const mine = new Hls({ enableWorker: false, backBufferLength: 30, capLevelToPlayerSize: true, liveSyncDurationCount: 2, liveMaxLatencyDurationCount: 6 });
    hls = mine;
    mine.on(Hls.Events.MANIFEST_PARSED, () => video.play().catch(() => {}));
    mine.on(Hls.Events.ERROR, (_, data) => {
      if (!data.fatal || over || mine !== hls) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR) mine.recoverMediaError();
      // A network that fails: the watch below asks again, not more often than it should.
    });
    mine.loadSource(url);
    mine.attachMedia(video);
  };

  const watch = setInterval(() => {
    const now = performance.now();
    if (video.currentTime !== at) {
      at = video.currentTime;
      moved = now;
      if (!video.paused && at > 0) say('playing');
      return;
    }
    if (video.paused && video.readyState > 2) {
      say('joined');
      moved = asked = now;
      return;
    }
    if (now - moved > STALLED_MS) say('stalled');
    if (now - Math.max(moved, asked) > ANEW_MS) start().catch(() => {});
  }, 500);

  start().catch(() => {});
  const stop = () => {
    over = true;
    clearInterval(watch);
    hls?.destroy();
    video.pause();
    video.removeAttribute('src');
    video.load();
  };
  const where = () => {
    // An iPhone tells when its stream began.
    const began = hls ? NaN : Number(/** @type {any} */ (video).getStartDate?.());
    return { playing_at: hls ? hls.playingDate?.getTime() ?? null : began > 0 ? began + video.currentTime * 1000 : null, latency_ms: hls ? hls.latency * 1000 : null };
  };
  return { stop, at: where };
}
