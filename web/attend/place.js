// web/attend/place.js: "3 ahead, about 2 min" in words
import { t } from '../i18n/index.js';
import { duration } from '../ui/clock.js';

/** '' where the server has not said it. @param {import('../qa_store.js').Asked} q */
export function placeText(q) {
  if (typeof q.ahead !== 'number') return '';
  const first = q.ahead === 0;
  if (!q.about_s) return first ? t('own.next') : t('own.ahead', { n: q.ahead });
  const span = duration(Math.max(60, q.about_s) * 1000);
  return first ? t('own.next_about', { span }) : t('own.ahead_about', { n: q.ahead, span });
}
