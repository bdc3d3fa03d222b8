// web/moderate/keys.js: which command stands on which key, and the page that tells
import { html, useEffect, useRef } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Close } from '../ui/icons.js';

export const REASONS = ['off_topic', 'duplicate', 'rude', 'spam', 'other'];

/**
 * `main` stands beside every question, the others beside the chosen one. `form`: asks for something first.
 * @typedef {{key: string, method: string, label: string, main?: boolean, first?: string[], form?: string}} Action
 * @type {Action[]}
 */
export const ACTIONS = [
  { key: 'a', method: 'qa.approve', label: 'moderate.approve', main: true, first: ['pending'] },
  { key: 's', method: 'qa.stage', label: 'moderate.to_stage', main: true, first: ['approved'] },
  { key: 'w', method: 'qa.answer', label: 'moderate.answer', main: true },
  { key: 'd', method: 'qa.dismiss', label: 'moderate.dismiss', main: true, form: 'reasons' },
  { key: 'r', method: 'qa.reopen', label: 'moderate.reopen', main: true },
  { key: 'i', method: 'qa.accept', label: 'desk.accept', main: true },
  { key: 'h', method: 'qa.hold', label: 'desk.hold' },
  { key: 'x', method: 'qa.skip', label: 'desk.skip' },
  { key: 'e', method: 'qa.edit', label: 'desk.edit', form: 'edit' },
  { key: 't', method: 'qa.answer', label: 'desk.reply', form: 'answer' },
  { key: 'm', method: 'qa.merge', label: 'desk.merge', form: 'merge' },
  { key: 'v', method: 'qa.move', label: 'desk.move', form: 'move' },
  { key: 'o', method: 'person.mute', label: 'desk.mute', form: 'mute' },
  { key: 'z', method: 'qa.restore', label: 'desk.restore' },
];

/** The keys that are about the desk and not about one question. */
export const DESK_KEYS = [
  { key: 'n', label: 'desk.key_note' },
  { key: 'p', label: 'desk.key_prepare' },
  { key: 'g', label: 'desk.unmerge' },
  { key: 'b', label: 'desk.key_backstage' },
  { key: 'y', label: 'desk.key_ack' },
  { key: 'f', label: 'desk.key_filter' },
  { key: '[ ]', label: 'desk.key_column' },
  { key: 'Esc', label: 'desk.key_escape' },
];

/** @param {{open: boolean, close: () => void}} props */
export function Help({ open, close }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal();
    if (!open && box.current?.open) box.current?.close();
  }, [open]);
  const rows = [['j k', t('moderate.key_move')], ...ACTIONS.map((a) => [a.key, t(a.label)]), ['1–5', t('moderate.key_reason')], ['0', t('desk.key_silent')], ['u', t('moderate.key_undo')], ...DESK_KEYS.map((k) => [k.key, t(k.label)]), ['?', t('moderate.help')]];
  return html`<dialog ref=${box} class="dialog wide-dialog" aria-labelledby="help-h" onClose=${close}><div class="dialog-head"><h2 id="help-h">${t('moderate.help')}</h2><button type="button" class="plain square" aria-label=${t('close')} onClick=${close}><${Close} /></button></div>
    <dl class="keys">${rows.map(([k, v]) => html`<div key=${k}><dt>${k.split(' ').map((x) => html`<kbd key=${x}>${x}</kbd> `)}</dt><dd>${v}</dd></div>`)}</dl></dialog>`;
}
