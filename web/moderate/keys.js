// web/moderate/keys.js: which verdict stands on which key, and the page that tells
import { html, useEffect, useRef } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Close } from '../ui/icons.js';

export const REASONS = ['off_topic', 'duplicate', 'rude', 'spam', 'other'];

/** @type {{key: string, method: string, label: string, first?: string[]}[]} */
export const ACTIONS = [
  { key: 'a', method: 'qa.approve', label: 'moderate.approve', first: ['pending'] },
  { key: 's', method: 'qa.stage', label: 'moderate.to_stage', first: ['approved'] },
  { key: 'w', method: 'qa.answer', label: 'moderate.answer' },
  { key: 'd', method: 'qa.dismiss', label: 'moderate.dismiss' },
  { key: 'r', method: 'qa.reopen', label: 'moderate.reopen' },
];

/** @type {Record<string, string[]>} */
const FROM = {
  'qa.approve': ['pending', 'dismissed'],
  'qa.dismiss': ['pending', 'approved'],
  'qa.stage': ['approved'],
  'qa.answer': ['on_stage', 'approved'],
  'qa.reopen': ['answered', 'on_stage'],
};

/** @param {string} method @param {{state: string}} q */
export const allowed = (method, q) => (FROM[method] || []).includes(q.state);

/** @param {{open: boolean, close: () => void}} props */
export function Help({ open, close }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal();
    if (!open && box.current?.open) box.current?.close();
  }, [open]);
  const rows = [['j k', t('moderate.key_move')], ...ACTIONS.map((a) => [a.key, t(a.label)]), ['1–5', t('moderate.key_reason')], ['u', t('moderate.key_undo')], ['?', t('moderate.help')]];
  return html`<dialog ref=${box} class="dialog" aria-labelledby="help-h" onClose=${close}><div class="dialog-head"><h2 id="help-h">${t('moderate.help')}</h2><button type="button" class="plain square" aria-label=${t('close')} onClick=${close}><${Close} /></button></div>
    <dl class="keys">${rows.map(([k, v]) => html`<div key=${k}><dt><kbd>${k}</kbd></dt><dd>${v}</dd></div>`)}</dl></dialog>`;
}
