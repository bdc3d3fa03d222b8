// web/organise/badges_here.js: this browser as the program beside a printer: Chrome with --kiosk-printing prints without asking
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { Badge } from '../badge/svg.js';
import { href } from './route.js';

/** @typedef {import('../badge/layout.js').Paper & {held: boolean}} Claimed */

/** One job at a time: taken, shown, printed, reported. @param {{conn: import('../protocol.js').Connection, printer: string}} props */
export function PrintHere({ conn, printer }) {
  const [job, setJob] = useState(/** @type {Claimed | null} */ (null));
  const [printed, setPrinted] = useState(0);
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState('');
  const busy = useRef(false);
  useEffect(() => {
    let gone = false;
    /** Something changed while a question was on its way: its answer may be from before. */
    let again = false;
    const next = async () => {
      again = busy.current;
      if (busy.current || gone) return;
      busy.current = true;
      try {
        const r = await conn.call('badge.claim', { printer, max: 1 });
        setWaiting(r.waiting);
        setError('');
        const found = /** @type {Claimed | undefined} */ (r.jobs[0]);
        if (found?.held) {
          // From before this page was loaded: whether it was printed nobody here knows.
          await conn.call('badge.report', { job: found.id, state: 'unknown', error: t('badges.here_lost') });
        } else if (found && !gone) {
          setJob(found);
          return;
        }
      } catch (e) {
        setError(whyOf(e));
        again = false;
      }
      busy.current = false;
      if (again) next();
    };
    const stop = conn.subscribe('badge', { snapshot: next, event: next });
    const beat = setInterval(next, 20000);
    addEventListener('badge-printed', next);
    return () => {
      gone = true;
      clearInterval(beat);
      removeEventListener('badge-printed', next);
      stop();
    };
  }, []);
  useEffect(() => {
    if (!job) return;
    const done = async () => {
      // The browser has handed it on; paper that jams is seen by whoever stands there.
      await conn.call('badge.report', { job: job.id, state: 'done' }).catch((e) => setError(whyOf(e)));
      setPrinted((n) => n + 1);
      announce(t('badges.here_done', { name: job.name }));
      setJob(null);
      busy.current = false;
      dispatchEvent(new Event('badge-printed'));
    };
    addEventListener('afterprint', done, { once: true });
    document.fonts.ready.then(() => requestAnimationFrame(() => print()));
    return () => removeEventListener('afterprint', done);
  }, [job]);
  return html`<div class="paper-head"><h1 dir="auto">${printer}</h1><p class="row"><span class="num" role="status">${t('badges.here_state', { printed, waiting })}</span><a class="second" href=${href('badges')}>${t('badges.here_stop')}</a></p><p class="error" role="alert">${error}</p></div>
    <div class="paper-print">${job ? html`<div class=${`single single-${job.template}`}><${Badge} paper=${job} /></div>` : null}</div>`;
}
