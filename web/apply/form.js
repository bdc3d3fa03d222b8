// web/apply/form.js: one abstract: its fields, what became of what was typed, and handing it in
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { slug, status } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { clock, dayMonth, now } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { under } from '../wire.js';
import { Authors } from './authors.js';
import { mayHandIn, readCall, said } from './call.js';
import { same } from './draft.js';

/** Characters as the server counts them. @param {string} text */
const characters = (text) => [...text.trim().normalize('NFC')].length;

/** @param {string} at */
export const stamp = (at) => `${dayMonth(Date.parse(at))}, ${clock(Date.parse(at))}`;

/** What is true of what was typed, in one line. @param {{draft: import('./draft.js').Draft}} props */
function Saved({ draft }) {
  const state = draft.state.value;
  const away = status.value.state !== 'open';
  const fault = draft.fault.value;
  const text = state === 'new' ? t('apply.state_new')
    : state === 'refused' ? t('apply.state_refused', { why: whyOf(fault) })
    : state === 'conflict' ? t('apply.state_conflict')
    : state === 'saved' ? t('apply.state_saved', { time: stamp(draft.savedAt.value) })
    : away ? t('apply.state_away') : state === 'typing' ? t('apply.state_typing') : t('apply.state_saving');
  return html`<p class=${cx('save-state', (state === 'refused' || state === 'conflict') && 'bad')} role="status">${text}</p>`;
}

/** @param {{draft: import('./draft.js').Draft}} props */
function Conflict({ draft }) {
  const theirs = draft.theirs.value;
  const other = theirs?.draft || theirs?.content;
  return html`<section class="conflict" role="alert"><h3>${t('apply.conflict')}</h3><p>${theirs?.saved ? t('apply.conflict_about', { time: stamp(theirs.saved) }) : t('apply.conflict_gone')}</p>
    ${other ? html`<p class="conflict-title" dir="auto">${other.title || t('apply.untitled')}</p>` : null}
    <div class="row"><button type="button" class="primary" onClick=${() => draft.mine()}>${t('apply.keep_mine')}</button>
    ${theirs ? html`<button type="button" class="second" onClick=${() => draft.taken(theirs)}>${t('apply.take_theirs')}</button>` : null}</div></section>`;
}

/** @param {{name: string, legend: string, value: string, options: string[], set: (v: string) => void, locked: boolean}} props */
const Choice = ({ name, legend, value, options, set, locked }) => html`<fieldset class="choice"><legend>${legend}</legend>${options.map((o) => html`<label key=${o} class="pick"><input type="radio" name=${name} disabled=${locked} checked=${value === o} onChange=${() => set(o)} /><span>${t(`apply.${name}_${o}`)}</span></label>`)}</fieldset>`;

/** What has been handed in, and what has changed since. @param {{row: import('./draft.js').Row, changed: boolean}} props */
function Standing({ row, changed }) {
  if (row.state === 'draft') return null;
  return html`<div class="standing"><p><strong>${row.state === 'withdrawn' ? t('apply.is_withdrawn', { n: row.number || '' }) : t('apply.is_submitted', { n: row.number || '' })}</strong>${' '}<span class="hint num">${row.state === 'withdrawn' && row.withdrawn ? stamp(row.withdrawn) : row.received ? t('apply.received', { time: stamp(row.received) }) : ''}</span></p>
    ${row.outcome ? html`<p>${t(`apply.outcome_${row.outcome}`, { rank: row.rank || '', session: row.session || '' })} <a href=${under(slug, '/me')}>${t('apply.me')}</a></p>` : null}
    ${changed && row.state === 'submitted' ? html`<p class="unsent">${t('apply.unsent')}</p>` : null}</div>`;
}

/** @param {{conn: import('../protocol.js').Connection, c: import('./call.js').Call, draft: import('./draft.js').Draft, done: (text: string) => Promise<any>, back: () => void}} props */
export function Form({ conn, c, draft, done, back }) {
  const row = draft.row.value;
  const content = draft.content.value;
  const [given, setGiven] = useState(() => Object.fromEntries((row?.consents || []).filter((g) => g.given && c.consents.some((k) => k.kind === g.kind && k.version === g.version)).map((g) => [g.kind, true])));
  const [missing, setMissing] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  now.value;
  const locked = !!row?.outcome || !mayHandIn(c);
  const unsent = !!row && (row.state !== 'submitted' || !!row.draft || !same(content, row.content));
  const size = characters(content.body);
  useEffect(() => {
    if (!missing) return;
    const place = document.getElementById(`f-${missing === 'presenter' ? 'authors' : missing}`);
    place?.focus();
    place?.scrollIntoView({ block: 'center' });
  }, [missing]);
  // A page that is left says goodbye to what only it knows.
  useEffect(() => {
    const go = () => void draft.save();
    addEventListener('pagehide', go);
    return () => removeEventListener('pagehide', go);
  }, [draft]);
  const set = (/** @type {any} */ values) => {
    setMissing('');
    draft.set(values);
  };
  const submit = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    setMissing('');
    try {
      const reply = await draft.submit(c.consents.map((k) => ({ kind: k.kind, version: k.version, given: !!given[k.kind] })));
      announce(t('apply.done', { n: reply.number }));
      await done(t('apply.done', { n: reply.number }));
    } catch (x) {
      const field = /** @type {any} */ (x)?.data?.current?.field;
      if (/** @type {any} */ (x)?.fault === 'abstract.incomplete') setMissing(field);
      else {
        setError(whyOf(x));
        if (/^call\./.test(/** @type {any} */ (x)?.fault || '')) void readCall(conn);
      }
    }
    setBusy(false);
  };
  const withdraw = async () => {
    setBusy(true);
    setError('');
    try {
      if (draft.version) {
        const reply = await conn.write('abstract.withdraw', { abstract: draft.id, expect_version: draft.version });
        draft.forget();
        await done(t(reply.state === 'gone' ? 'apply.gone' : 'apply.withdrawn_done'));
      } else {
        draft.forget();
        back();
      }
    } catch (x) {
      setError(whyOf(x));
    }
    setLeaving(false);
    setBusy(false);
  };
  const wrong = (/** @type {string} */ name) => (missing === name ? html`<span class="error" id=${`w-${name}`}>${t(`apply.missing_${name}`)}</span>` : null);
  const decided = row?.outcome === 'talk' || row?.outcome === 'poster';
  return html`<form ref=${form} class="abstract" noValidate onSubmit=${submit}>
    ${row ? html`<${Standing} row=${row} changed=${unsent} />` : null}
    ${draft.state.value === 'conflict' ? html`<${Conflict} draft=${draft} />` : null}
    <label class="field"><span>${t('apply.title')}</span><input id="f-title" maxlength="300" dir="auto" autocomplete="off" disabled=${locked} aria-invalid=${missing === 'title'} aria-describedby=${missing === 'title' ? 'w-title' : null} value=${content.title} onInput=${(/** @type {any} */ e) => set({ title: e.target.value })} />${wrong('title')}</label>
    <${Authors} authors=${content.authors} locked=${locked} set=${(/** @type {any} */ authors) => set({ authors })} wrong=${missing === 'authors' || missing === 'presenter' ? t(`apply.missing_${missing}`) : ''} />
    ${c.tracks.length ? html`<fieldset class="topics" id="f-tracks" tabindex="-1"><legend>${t('apply.topics')}</legend><p class="hint">${t('apply.topics_hint')}</p>${c.tracks.map((k) => html`<label key=${k.id} class="pick"><input type="checkbox" disabled=${locked} checked=${content.tracks.includes(k.id)} onChange=${(/** @type {any} */ e) => set({ tracks: e.target.checked ? [...content.tracks, k.id] : content.tracks.filter((x) => x !== k.id) })} /><span dir="auto">${k.name}</span></label>`)}${wrong('tracks')}</fieldset>` : null}
    <label class="field"><span>${t('apply.body')}</span><textarea id="f-body" rows="14" maxlength="6000" dir="auto" disabled=${locked} aria-invalid=${missing === 'body' || size > c.limit} aria-describedby="f-count" value=${content.body} onInput=${(/** @type {any} */ e) => set({ body: e.target.value })}></textarea>
      <span id="f-count" class=${cx('hint num', size > c.limit && 'error')}>${size > c.limit ? t('apply.count_over', { n: size - c.limit, limit: c.limit }) : t('apply.count', { n: size, limit: c.limit })}</span>${wrong('body')}</label>
    <div class="pair"><${Choice} name="wish" legend=${t('apply.wish')} value=${content.wish} options=${['talk', 'poster', 'either']} locked=${locked} set=${(/** @type {string} */ wish) => set({ wish })} />
      <${Choice} name="mode" legend=${t('apply.mode')} value=${content.mode} options=${['on_site', 'online']} locked=${locked} set=${(/** @type {string} */ mode) => set({ mode })} /></div>
    ${c.consents.length && !locked ? html`<fieldset class="consents" id="f-consents" tabindex="-1"><legend>${t('apply.consents')}</legend>${c.consents.map((k) => html`<label key=${k.kind} class="pick"><input type="checkbox" checked=${!!given[k.kind]} onChange=${(/** @type {any} */ e) => { setMissing(''); setGiven({ ...given, [k.kind]: e.target.checked }); }} /><span><span dir="auto">${said(k, 'text')}</span> <small class="hint">${k.required ? t('apply.required') : t('apply.optional')}</small></span></label>`)}${wrong('consents')}</fieldset>` : null}
    <p class="error" role="alert">${error}</p>
    <div class="abstract-end">${locked ? html`<p class="hint">${row?.outcome ? t('apply.locked_decided') : t('apply.locked_closed')}</p>` : html`<${Saved} draft=${draft} />
      <button class="primary" type="submit" disabled=${busy || draft.state.value === 'conflict' || (row?.state === 'submitted' && !unsent)}>${busy ? t('apply.busy') : row?.state === 'submitted' ? t('apply.submit_changes') : t('apply.submit')}</button>`}
      ${decided || row?.state === 'withdrawn' || (!row && draft.state.value === 'new') ? null : leaving ? html`<span class="row"><span>${t(row?.state === 'submitted' ? 'apply.withdraw_sure' : 'apply.discard_sure')}</span><button type="button" class="second bad" disabled=${busy} onClick=${withdraw}>${t(row?.state === 'submitted' ? 'apply.withdraw_do' : 'apply.discard_do')}</button><button type="button" class="link" onClick=${() => setLeaving(false)}>${t('cancel')}</button></span>`
      : html`<button type="button" class="link" onClick=${() => setLeaving(true)}>${t(row?.state === 'submitted' ? 'apply.withdraw' : 'apply.discard')}</button>`}</div>
  </form>`;
}
