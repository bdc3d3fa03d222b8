// web/moderate/forms.js: what a command asks first, in place: the reason, new words, an answer, another talk, for how long somebody is silent; and new questions
import { html, signal, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { REASONS } from './keys.js';
import { desk, form } from './model.js';

/** @typedef {import('./state.js').Row} Row @typedef {(method: string, row: Row, more?: any) => void} Done */

/** Whether the next dismissal is told to nobody; the key 0 turns it. */
export const silent = signal(false);

const close = () => (form.value = null);

/** Escape puts it away, Ctrl and Enter sends it. @param {{name: string, label: string, children?: any, submit?: () => void}} props */
function Box({ name, label, children, submit }) {
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  useEffect(() => {
    const first = /** @type {HTMLElement | null} */ (box.current?.querySelector('textarea, [data-first]'));
    first?.focus();
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const keys = (/** @type {KeyboardEvent} */ e) => {
    e.stopPropagation();
    if (e.key === 'Escape') {
      close();
      /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
    } else if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) submit?.();
  };
  return html`<form ref=${box} class=${`item-form ${name}`} aria-label=${label} onKeyDown=${submit ? keys : undefined} onClick=${(/** @type {Event} */ e) => e.stopPropagation()}
    onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); submit?.(); }}>${children}</form>`;
}

/** @param {{label: string, disabled?: boolean}} props */
const Foot = ({ label, disabled }) => html`<p class="row form-foot"><button type="submit" class="primary" disabled=${disabled}>${label}</button><button type="button" class="plain" onClick=${close}>${t('cancel')}</button></p>`;

/** @param {{q: Row, done: Done}} props */
function Reasons({ q, done }) {
  return html`<${Box} name="reasons" label=${t('moderate.why')}>${REASONS.map((r, i) => html`<button key=${r} type="button" class="second" onClick=${() => done('qa.dismiss', q, { reason: r, ...(silent.value ? { silent: true } : {}) })}><kbd>${i + 1}</kbd>${t(`reason.${r}`)}</button>`)}
    <label class="tick"><input type="checkbox" checked=${silent.value} onChange=${(/** @type {any} */ e) => (silent.value = e.target.checked)} /><span><kbd>0</kbd> ${t('desk.silent')}</span></label><//>`;
}

/** @param {{q: Row, done: Done}} props */
function Edit({ q, done }) {
  const [text, setText] = useState(q.text);
  const [was] = useState(q.version);
  return html`<${Box} name="edit" label=${t('desk.edit')} submit=${() => text.trim() && done('qa.edit', q, { text: text.trim() })}>
    ${q.version !== was ? html`<p class="error" role="alert">${t('desk.changed_meanwhile')}</p>` : null}
    <label class="field"><span>${t('desk.edit_label')}</span><textarea rows="4" maxlength="500" dir="auto" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea></label>
    <p class="hint">${t('desk.edit_hint')}</p><${Foot} label=${t('desk.save')} disabled=${!text.trim()} /><//>`;
}

/** Only one person writes an answer at a time. @param {{q: Row, who: {name: string} | null, done: Done}} props */
function Answer({ q, who, done }) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(true);
  return html`<${Box} name="answer" label=${t('desk.reply')} submit=${() => text.trim() && done('qa.answer', q, { text: text.trim(), public: open })}>
    ${who ? html`<p class="error" dir="auto">${t('desk.answering', { name: who.name })} <button type="button" class="link" onClick=${() => done('qa.claim', q, { value: true, force: true })}>${t('desk.take_over')}</button></p>` : null}
    <label class="field"><span>${t('desk.answer_label')}</span><textarea rows="4" maxlength="2000" dir="auto" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea></label>
    <fieldset class="choices"><legend class="out-of-sight">${t('desk.answer_for')}</legend>${[true, false].map((v) => html`<label key=${v} class="tick"><input type="radio" name=${`for-${q.id}`} checked=${open === v} onChange=${() => setOpen(v)} /><span>${t(v ? 'desk.for_all' : 'desk.for_asker')}</span></label>`)}</fieldset>
    <${Foot} label=${t('desk.send')} disabled=${!text.trim() || !!who} /><//>`;
}

/** Where it belongs instead: its votes go with it. @param {{q: Row, done: Done}} props */
function Move({ q, done }) {
  const others = desk.value.talks.filter((id) => id !== q.talk);
  return html`<${Box} name="move" label=${t('desk.move')}>${others.map((id, i) => html`<button key=${id} type="button" class="second" onClick=${() => done('qa.move', q, { talk: id })}>${i < 9 ? html`<kbd>${i + 1}</kbd>` : null}<span dir="auto">${titleOf(id)}</span></button>`)}<//>`;
}

/** @param {{q: Row, done: Done}} props */
function Mute({ q, done }) {
  return html`<${Box} name="mute" label=${t('desk.mute')}><p class="hint">${t('desk.mute_hint')}</p>
    ${['hard', 'silent', 'off'].map((how, i) => html`<button key=${how} type="button" class="second" onClick=${() => done('person.mute', q, { how })}><kbd>${i + 1}</kbd>${t(`desk.mute_${how}`)}</button>`)}<//>`;
}

/** @param {{kind: string, q: Row, who: {name: string} | null, done: Done}} props */
export function Form({ kind, q, who, done }) {
  const view = { reasons: Reasons, edit: Edit, answer: Answer, move: Move, mute: Mute }[kind];
  return view ? html`<${view} q=${q} who=${who} done=${done} />` : null;
}

/** What a digit means while something is asked. @param {Row} q @param {number} digit @returns {[string, any] | null} */
export function byDigit(q, digit) {
  const kind = form.value?.kind;
  if (kind === 'reasons' && REASONS[digit - 1]) return ['qa.dismiss', { reason: REASONS[digit - 1], ...(silent.value ? { silent: true } : {}) }];
  const other = desk.value.talks.filter((id) => id !== q.talk)[digit - 1];
  if (kind === 'move' && other) return ['qa.move', { talk: other }];
  const how = ['hard', 'silent', 'off'][digit - 1];
  return kind === 'mute' && how ? ['person.mute', { how }] : null;
}

/** @param {string} talk */
export const titleOf = (talk) => {
  const found = schedule.value?.talk.get(talk);
  return found ? found.talk.title || found.session.title : '';
};

/** A new question: prepared for later, or asked aloud in the hall just now. @param {{kind: 'note' | 'prepare', talk: string, save: (kind: 'note' | 'prepare', talk: string, text: string) => Promise<boolean>}} props */
export function Composer({ kind, talk, save }) {
  const [text, setText] = useState('');
  const [to, setTo] = useState(talk);
  const [wait, setWait] = useState(false);
  const submit = async () => {
    if (!text.trim() || wait) return;
    setWait(true);
    // Another form may have been opened meanwhile.
    if ((await save(kind, to, text.trim())) && form.value?.kind === kind) close();
    setWait(false);
  };
  return html`<${Box} name="composer" label=${t(`desk.${kind}`)} submit=${submit}><h3>${t(`desk.${kind}`)}</h3><p class="hint">${t(`desk.${kind}_hint`)}</p>
    ${desk.value.talks.length > 1 ? html`<label class="field"><span>${t('desk.of_talk')}</span><select value=${to} onChange=${(/** @type {any} */ e) => setTo(e.target.value)}>${desk.value.talks.map((id) => html`<option key=${id} value=${id}>${titleOf(id)}</option>`)}</select></label>` : null}
    <label class="field"><span>${t('desk.text')}</span><textarea rows="3" maxlength="500" dir="auto" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea></label>
    <${Foot} label=${t(kind === 'note' ? 'desk.note_save' : 'desk.save')} disabled=${!text.trim() || wait} /><//>`;
}

