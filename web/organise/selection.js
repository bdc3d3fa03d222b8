// web/organise/selection.js: the selection: the board, how many places there are, and the log; fetched when somebody goes there
import './selection_texts.js';
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { href } from './route.js';
import { SelectionBoard } from './selection_board.js';
import { Places } from './selection_places.js';
import { Log } from './selection_log.js';

/** @typedef {import('./selection_model.js').Board} Board */

/** While mails leave, the board is looked at again after this long. */
const LEAVING_MS = 3000;

/** The board as it stands, read again a moment after anything changed. @param {import('../protocol.js').Connection} conn */
function useBoard(conn) {
  const [board, setBoard] = useState(/** @type {Board | null} */ (null));
  const [error, setError] = useState('');
  const reading = useRef({ busy: false, again: false });
  const read = async () => {
    const r = reading.current;
    if (r.busy) return void (r.again = true);
    r.busy = true;
    do {
      r.again = false;
      try {
        setBoard(await conn.call('decision.board'));
        setError('');
      } catch (e) {
        setError(whyOf(e));
      }
    } while (r.again);
    r.busy = false;
  };
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(read, 150);
    };
    const stop = conn.subscribe('selection', { snapshot: soon, event: soon });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  const leaving = board?.mails || 0;
  useEffect(() => {
    if (!leaving) return;
    const beat = setInterval(read, LEAVING_MS);
    return () => clearInterval(beat);
  }, [leaving > 0]);
  return { board, error, read };
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function SelectionView({ conn, args }) {
  const { board, error, read } = useBoard(conn);
  const part = ['places', 'log'].includes(args[0]) ? args[0] : 'board';
  const nav = html`<nav class="sel-parts" aria-label=${t('selection.parts')}>${['board', 'places', 'log'].map((p) => html`<a key=${p} href=${p === 'board' ? href('selection') : href('selection', p)} aria-current=${p === part ? 'page' : null}>${t(`selection.part_${p}`)}</a>`)}</nav>`;
  return html`<h1>${t('view.selection')}</h1>${nav}
    <p class="error" role="alert">${error}</p>
    ${!board ? (error ? null : html`<${Skeleton} n=${8} />`)
    : part === 'places' ? html`<${Places} conn=${conn} board=${board} read=${read} />`
    : part === 'log' ? html`<${Log} conn=${conn} board=${board} />`
    : html`<${SelectionBoard} conn=${conn} board=${board} read=${read} />`}`;
}
