// web/organise/people.js: the people of the conference as its table sees them
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Part } from './part.js';
import { Codes } from './codes.js';

/** @param {{conn: import('../protocol.js').Connection}} props */
export const People = ({ conn }) => html`<h1>${t('view.people')}</h1><${Part} id="codes" title=${t('organise.codes')}><${Codes} conn=${conn} /><//>`;
