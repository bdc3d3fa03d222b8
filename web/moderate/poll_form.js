// web/moderate/poll_form.js: writing a poll: its question, two to ten answers, who sees the results
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { Close } from '../ui/icons.js';
import { uuid } from '../wire.js';
import '../ui/polls.js';

/** @typedef {import('../poll.js').Poll} Poll */

const KINDS = ['single', 'multiple'];
const RESULTS = ['always', 'after_vote', 'after_close', 'never'];
const MOST = 10;

/** @param {{conn: import('../protocol.js').Connection, talks: {id: string, title: string}[], poll: Poll | null, done: (saved: Poll | null) => void}} props */
export function PollForm({ conn, talks, poll, done }) {
  const [talk, setTalk] = useState(poll?.talk || talks[0]?.id || '');
  const [question, setQuestion] = useState(poll?.question || '');
  const [options, setOptions] = useState(poll ? poll.options.map((o) => o.text) : ['', '']);
  const [kind, setKind] = useState(poll?.kind || 'single');
  const [results, setResults] = useState(poll?.results || 'after_vote');
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  // A repeat after a lost answer makes no second poll.
  const id = useRef(poll?.id || uuid());
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  const focus = (/** @type {number} */ n) => requestAnimationFrame(() => /** @type {HTMLElement | null} */ (box.current?.querySelector(`[data-option="${n}"]`))?.focus());
  useEffect(() => /** @type {HTMLElement | null} */ (box.current?.querySelector('textarea'))?.focus(), []);

  const write = (/** @type {number} */ at, /** @type {string} */ value) => setOptions(options.map((o, i) => (i === at ? value : o)));
  const add = () => {
    if (options.length >= MOST) return;
    setOptions([...options, '']);
    focus(options.length);
  };
  const drop = (/** @type {number} */ at) => {
    setOptions(options.filter((_, i) => i !== at));
    focus(Math.max(0, at - 1));
  };
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (busy) return;
    const words = options.map((o) => o.trim()).filter(Boolean);
    if (words.length < 2 || new Set(words).size !== words.length) return setWhy(t('polls.two_options'));
    setBusy(true);
    setWhy('');
    try {
      const same = poll && poll.results === results;
      const what = { poll: id.current, question: question.trim(), options: words, kind, ...(same ? {} : { results }) };
      const reply = await (poll ? conn.write('poll.edit', { ...what, expect_version: poll.version }) : conn.write('poll.create', { ...what, talk }));
      announce(t('polls.did_save'));
      // The ids of new answers come with the event; until then the poll is shown by its words.
      const known = new Map((poll?.options || []).map((o) => [o.text, o.id]));
      done({ .../** @type {Poll} */ (poll || {}), id: id.current, talk: reply.talk, question: question.trim(), kind, results, state: reply.state, version: reply.version, shown: true, options: words.map((text) => ({ id: known.get(text) || text, text })) });
    } catch (f) {
      setWhy(/** @type {any} */ (f).fault === 'conflict' ? t('polls.conflict') : whyOf(f));
      setBusy(false);
    }
  };
  const keys = (/** @type {KeyboardEvent} */ e) => {
    e.stopPropagation();
    if (e.key === 'Escape') done(null);
    else if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save(e);
  };
  const optionKeys = (/** @type {KeyboardEvent} */ e, /** @type {number} */ i) => {
    if (e.key !== 'Enter' || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    if (i < options.length - 1) focus(i + 1);
    else if (options[i].trim()) add();
  };
  const pick = (/** @type {string} */ label, /** @type {string} */ value, /** @type {string[]} */ all, /** @type {string} */ prefix, /** @type {(v: any) => void} */ set, fixed = false) => html`<label class="field"><span>${label}</span><select disabled=${fixed} onChange=${(/** @type {any} */ e) => set(e.target.value)}>${all.map((v) => html`<option key=${v} value=${v} selected=${v === value}>${t(`${prefix}${v}`)}</option>`)}</select></label>`;
  return html`<form class="poll-form" ref=${box} onSubmit=${save} onKeyDown=${keys} aria-label=${t(poll ? 'polls.edit' : 'polls.new')}>
    ${!poll && talks.length > 1 ? html`<label class="field"><span>${t('polls.talk')}</span><select onChange=${(/** @type {any} */ e) => setTalk(e.target.value)}>${talks.map((x) => html`<option key=${x.id} value=${x.id} selected=${x.id === talk}>${x.title}</option>`)}</select></label>` : null}
    <label class="field"><span>${t('polls.question')}</span><textarea rows="2" dir="auto" required maxlength="300" value=${question} onInput=${(/** @type {any} */ e) => setQuestion(e.target.value)}></textarea></label>
    <fieldset class="poll-form-options"><legend>${t('polls.options')}</legend>
      ${options.map((o, i) => html`<div key=${i} class="poll-form-option"><input type="text" dir="auto" data-option=${i} maxlength="200" aria-label=${t('polls.option', { n: i + 1 })} placeholder=${t('polls.option', { n: i + 1 })} value=${o} onInput=${(/** @type {any} */ e) => write(i, e.target.value)} onKeyDown=${(/** @type {KeyboardEvent} */ e) => optionKeys(e, i)} />${options.length > 2 ? html`<button type="button" class="plain square" aria-label=${t('polls.drop_option', { n: i + 1 })} onClick=${() => drop(i)}><${Close} /></button>` : null}</div>`)}
      ${options.length < MOST ? html`<button type="button" class="link" onClick=${add}>${t('polls.add_option')}</button>` : null}</fieldset>
    <div class="poll-form-row">${pick(t('polls.kind'), kind, KINDS, 'polls.kind_', setKind)}${pick(t('polls.results'), results, RESULTS, 'polls.results_', setResults, poll?.state === 'running')}</div>
    <p class="error" role="alert">${why}</p>
    <p class="poll-form-foot"><button type="submit" class="primary" disabled=${busy || !question.trim()}>${t(poll ? 'polls.save_changes' : 'polls.save')}</button><button type="button" class="second" onClick=${() => done(null)}>${t('polls.cancel')}</button></p>
  </form>`;
}
