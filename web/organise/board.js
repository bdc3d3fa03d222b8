// web/organise/board.js: the station board at the organiser's table
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Board as Stations } from '../ui/board.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export const Board = ({ conn }) => html`<h1>${t('view.board')}</h1><${Stations} conn=${conn} may=${true} />`;
