// web/me/words.js: how the page of one's own says things
import { t } from '../i18n/index.js';
import { clock, dayName, zoneName } from '../ui/clock.js';

/** @param {string} at */
export const stamp = (at) => `${dayName(at)}, ${clock(at)} ${zoneName(at)}`;

/** @param {boolean} fee @param {number} nights */
export const cover = (fee, nights) => `${t(fee ? 'me.fee' : 'me.no_fee')}${nights ? ` ${t(nights === 1 ? 'me.one_night' : 'me.n_nights', { n: nights })}` : ''} ${t('me.travel')}`;
