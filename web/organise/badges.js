// web/organise/badges.js: badges on paper: the evening before in boxes, one by one at the door, what waits and what failed; and door lists
import './badge_texts.js';
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { Part } from './part.js';
import { href } from './route.js';
import { Batch } from './badges_batch.js';
import { Jobs, One } from './badges_jobs.js';
import { Printers } from './badges_printers.js';
import { PrintPage } from './badges_print.js';
import { DoorList } from './badges_door.js';
import { PrintHere } from './badges_here.js';

/**
 * @typedef {{id: string, person: {id: string, name: string}, template: import('../badge/layout.js').Template, copy: number, reason?: string, state: string, printer?: string, error?: string,
 *   by?: string, batch?: string, box?: string, number?: number, at: string, changed: string}} Job
 * @typedef {{id: string, n: number, template: import('../badge/layout.js').Template, per_box: number, badges: number, first: string, last: string, at: string, printed?: string, by?: string}} Made
 * @typedef {{name: string, ready: boolean, error?: string, seen: string, online: boolean}} Printer
 * @typedef {{jobs: Job[], total: number, counts: Record<string, number>, printers: Printer[], batches: Made[], stations: {id: string, name: string, printer?: string}[],
 *   setting: {template: import('../badge/layout.js').Template, per_box: number, auto: boolean, printer?: string}}} List
 */

/** All of it, read again a moment after anything changed. @param {import('../protocol.js').Connection} conn @param {{state: string, text: string, after: number}} asked */
function useBadges(conn, asked) {
  const [list, setList] = useState(/** @type {List | null} */ (null));
  const [error, setError] = useState('');
  const newest = useRef(asked);
  newest.current = asked;
  const turn = useRef({ asked: 0, told: 0 });
  const read = () => {
    const { state, text, after } = newest.current;
    const mine = newest.current;
    const n = ++turn.current.asked;
    return conn.call('badge.list', { ...(state ? { state } : {}), ...(text ? { text } : {}), after }).then((r) => {
      // Of two answers the one to the later question counts, in whatever order they come.
      if (n < turn.current.told || newest.current.state !== mine.state || newest.current.text !== mine.text || newest.current.after !== mine.after) return;
      turn.current.told = n;
      setList(r);
      setError('');
    }).catch((e) => setError(whyOf(e)));
  };
  useEffect(() => void read(), [asked.state, asked.text, asked.after]);
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(read, 300);
    };
    // Whether a printer has been heard of lately is a matter of time alone.
    const beat = setInterval(soon, 20000);
    const stop = conn.subscribe('badge', { snapshot: soon, event: soon });
    return () => {
      clearTimeout(timer);
      clearInterval(beat);
      stop();
    };
  }, []);
  return { list, error, read };
}

/** @param {{conn: import('../protocol.js').Connection}} props */
function Overview({ conn }) {
  const [asked, setAsked] = useState({ state: '', text: '', after: 0 });
  const [lists, setLists] = useState(/** @type {{id: string, name: string}[]} */ ([]));
  const { list, error, read } = useBadges(conn, asked);
  useEffect(() => void conn.call('checkin.lists').then((r) => setLists(r.lists)).catch(() => {}), []);
  if (!list) return html`<h1>${t('view.badges')}</h1>${error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${8} />`}`;
  return html`<h1>${t('view.badges')}</h1>
    <p class="error" role="alert">${error}</p>
    <${Part} id="batch" title=${t('badges.before')}><${Batch} conn=${conn} list=${list} read=${read} /><//>
    <${Part} id="one" title=${t('badges.one')}><${One} conn=${conn} list=${list} read=${read} /><//>
    <${Part} id="jobs" title=${t('badges.jobs')}><${Jobs} conn=${conn} list=${list} asked=${asked} ask=${setAsked} read=${read} /><//>
    <${Part} id="printers" title=${t('badges.printers')}><${Printers} conn=${conn} list=${list} read=${read} /><//>
    <${Part} id="paper" title=${t('badges.door_lists')}><p class="hint">${t('badges.door_hint')}</p>
      ${lists.length ? html`<ul class="rows">${lists.map((l) => html`<li key=${l.id}><a class="row-line" href=${href('badges', 'door', l.id)}><span class="row-name" dir="auto">${l.name}</span></a></li>`)}</ul>` : html`<p class="empty-line">${t('organise.no_lists')}</p>`}<//>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Badges({ conn, args }) {
  const [what, id] = args;
  if (what === 'print' && id) return html`<${PrintPage} key=${id} conn=${conn} batch=${id} />`;
  if (what === 'job' && id) return html`<${PrintPage} key=${id} conn=${conn} job=${id} />`;
  if (what === 'door' && id) return html`<${DoorList} key=${id} conn=${conn} list=${id} />`;
  if (what === 'here' && id) return html`<${PrintHere} key=${id} conn=${conn} printer=${id} />`;
  return html`<${Overview} conn=${conn} />`;
}
