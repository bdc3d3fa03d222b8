// web/organise/review.js: where reviewing is run from; its parts are fetched when somebody comes here
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Later } from '../ui/later.js';
import './review_texts.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export const Review = ({ conn }) => html`<h1>${t('view.review')}</h1><${Later} load=${() => import('./review_table.js')} name="ReviewTable" props=${{ conn }} />`;
