// web/attend/report.js: telling the moderators that a question should not stand there
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';

const REASONS = ['off_topic', 'duplicate', 'rude', 'spam', 'other'];

/** @param {{conn: import('../protocol.js').Connection, q: import('../qa_store.js').Asked, close: () => void}} props */
export function Report({ conn, q, close }) {
  const [said, setSaid] = useState('');
  const [failed, setFailed] = useState(false);
  const send = async (/** @type {string} */ reason) => {
    setSaid(t('ask.sending'));
    try {
      await conn.call('qa.report', { question: q.id, reason });
      setFailed(false);
      setSaid(t('qa.reported'));
      announce(t('qa.reported'));
    } catch (e) {
      setFailed(true);
      setSaid(whyOf(e));
    }
  };
  if (said && !failed) return html`<p class="hint" role="status">${said}</p>`;
  return html`<div class="report" role="group" aria-label=${t('qa.report_why')}><p>${t('qa.report_why')}</p>
    <p class="row">${REASONS.map((r) => html`<button key=${r} type="button" class="second" onClick=${() => send(r)}>${t(`reason.${r}`)}</button>`)}<button type="button" class="plain" onClick=${close}>${t('cancel')}</button></p>
    <p class="error" role="alert">${failed ? said : ''}</p></div>`;
}
