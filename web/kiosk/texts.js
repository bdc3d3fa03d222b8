// web/kiosk/texts.js: the kiosk's page brings its own words, and says what a verdict means in them
import { extend, t } from '../i18n/index.js';
import { ago, clock } from '../ui/clock.js';
import en from '../i18n/door.en.js';
import da from '../i18n/door.da.js';

extend({ en, da });

/** A station as the server names it: its name, or the row that has one. @param {any} s */
const stationName = (s) => (s && typeof s === 'object' ? s.name : s) || '';

/** The one word. @param {import('./door.js').Shown} v */
export function wordOf(v) {
  if (v.shape === 'tick') return v.direction === 'exit' ? t('door.goodbye') : t('kiosk.welcome');
  // A clock in doubt: what it would say is not to be said aloud.
  if (v.verdict.verdict === 'ask' && ['not_yet', 'expired'].includes(v.verdict.reason || '')) return t('door.ask_time_word');
  return t(`kiosk.reason_${v.verdict.reason || 'unknown'}`);
}

/** When it would be right. @param {{opens?: string | number | null, closes?: string | number | null}} window */
function windowText({ opens, closes }) {
  return closes ? t('door.window_until', { opens: clock(opens || 0), closes: clock(closes) }) : t('door.window', { time: clock(opens || 0) });
}

/** Why the screen asks. @param {string | undefined} reason */
function askText(reason) {
  if (reason === 'not_in_snapshot' || reason === 'unknown') return t('door.ask_snapshot');
  if (reason === 'no_snapshot') return t('door.ask_none');
  return reason === 'wrong_mode' ? t('door.ask_mode') : t('door.ask_time');
}

/** What else there is to say, and what to do: one line each. @param {import('./door.js').Shown} v @param {boolean} staffed @returns {string[]} */
export function detailsOf(v, staffed) {
  const { verdict, first, window, reason } = v.verdict;
  if (v.shape === 'tick') {
    return [verdict === 'repeat' ? t('kiosk.repeat') : '', reason === 'exit_without_entry' ? t('kiosk.reason_exit_without_entry') : '', v.basis === 'snapshot' ? t('door.own_list') : ''].filter(Boolean);
  }
  const lines = [];
  if (v.shape === 'question') lines.push(askText(reason));
  if (first) lines.push(t('kiosk.first', { ago: ago(first.at), station: stationName(first.station) }).replace(/, $/, ''));
  if (window?.opens) lines.push(windowText(window));
  if (v.hint) lines.push(t('door.hint'));
  if (!staffed) lines.push(v.shape === 'question' ? t('door.ask') : t('kiosk.to_desk'));
  return lines;
}
