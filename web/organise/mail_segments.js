// web/organise/mail_segments.js: conditions under a name; a mail to exactly those who were seen
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayName } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { uuid } from '../wire.js';

/** @typedef {{segment: string, name: string, condition: Record<string, any>, version: number, people: number, sent?: {at: string, recipients: number, subject: string}[]}} Segment */

const YES_NO = ['registered', 'invited', 'inside'];
/** @type {Record<string, string[]>} */
const CHOICES = { mode: ['on_site', 'online'], outcome: ['talk', 'poster', 'standby', 'declined'], abstract: ['draft', 'submitted', 'withdrawn'],
  role: ['speaker', 'moderator', 'desk', 'reviewer', 'juror', 'organiser'], language: ['en', 'da'] };
/** @type {Record<string, Record<string, any>>} */
const STARTS = { unregistered: { invited: true, registered: false }, outside: { registered: true, mode: 'on_site', inside: false }, drafts: { abstract: 'draft' },
  online: { registered: true, mode: 'online' } };
const BLANK = { subject: '', text: '', subject_da: '', text_da: '' };

/** What a condition says, in words. @param {Record<string, any>} condition */
const said = (condition) => Object.entries(condition).map(([name, value]) => `${t(`mail.if.${name}`)}: ${typeof value === 'boolean' ? t(value ? 'form.yes' : 'form.no') : t(`mail.is.${value}`)}`).join(' · ');

/** @param {{form: any, put: (v: any) => void}} props */
function Conditions({ form, put }) {
  const set = (/** @type {string} */ name, /** @type {any} */ value) => {
    const { [name]: _, ...rest } = form.condition;
    put({ condition: value === '' ? rest : { ...rest, [name]: value } });
  };
  return html`<div class="mail-if">${YES_NO.map((name) => html`<label key=${name} class="field"><span>${t(`mail.if.${name}`)}</span>
      <select value=${form.condition[name] === undefined ? '' : String(form.condition[name])} onChange=${(/** @type {any} */ e) => set(name, e.target.value === '' ? '' : e.target.value === 'true')}>
      <option value="">${t('mail.any')}</option><option value="true">${t('form.yes')}</option><option value="false">${t('form.no')}</option></select></label>`)}
    ${Object.entries(CHOICES).map(([name, values]) => html`<label key=${name} class="field"><span>${t(`mail.if.${name}`)}</span>
      <select value=${form.condition[name] || ''} onChange=${(/** @type {any} */ e) => set(name, e.target.value)}><option value="">${t('mail.any')}</option>
      ${values.map((v) => html`<option key=${v} value=${v}>${t(`mail.is.${v}`)}</option>`)}</select></label>`)}</div>`;
}

/** Words, then exactly who gets them, then the one button. @param {{conn: import('../protocol.js').Connection, segment: Segment, done: (said: string) => void, cancel: () => void}} props */
function Writer({ conn, segment, done, cancel }) {
  const [words, setWords] = useState(BLANK);
  const [seen, setSeen] = useState(/** @type {any} */ (null));
  const [mail] = useState(uuid);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const put = (/** @type {any} */ values) => {
    setWords((w) => ({ ...w, ...values }));
    setSeen(null);
  };
  const params = () => ({ segment: segment.segment, ...Object.fromEntries(Object.entries(words).map(([k, v]) => [k, v.trim()]).filter(([, v]) => v)) });
  const run = async (/** @type {() => Promise<any>} */ what) => {
    setBusy(true);
    setError('');
    try {
      await what();
    } catch (/** @type {any} */ e) {
      if (e.fault === 'segment.changed') setSeen(null);
      setError(e.fault === 'segment.changed' ? t('mail.changed') : whyOf(e));
    }
    setBusy(false);
  };
  const look = (/** @type {Event} */ e) => {
    e.preventDefault();
    run(async () => setSeen(await conn.call('segment.preview', params())));
  };
  const send = () => run(async () => {
    const { recipients } = await conn.write('segment.send', { mail, seen: seen.seen, ...params() });
    done(tn('mail.was_sent', recipients));
  });
  const field = (/** @type {'subject' | 'subject_da'} */ name) => html`<label class="field"><span>${t('mail.subject')}</span><input required=${name === 'subject'} maxlength="200" lang=${name === 'subject' ? 'en' : 'da'} value=${words[name]} onInput=${(/** @type {any} */ e) => put({ [name]: e.target.value })} /></label>`;
  const area = (/** @type {'text' | 'text_da'} */ name) => html`<label class="field"><span>${t('mail.text')}</span><textarea required=${name === 'text'} maxlength="8000" rows="6" lang=${name === 'text' ? 'en' : 'da'} value=${words[name]} onInput=${(/** @type {any} */ e) => put({ [name]: e.target.value })}></textarea></label>`;
  const example = (/** @type {any} */ e, /** @type {string} */ lang) => (e ? html`<figure class="mail-shown"><figcaption class="hint" dir="auto">${t('mail.as_read', { name: e.to })}</figcaption><strong lang=${lang} dir="auto">${e.subject}</strong><pre lang=${lang} dir="auto" tabindex="0">${e.text.replaceAll('{base}', location.origin)}</pre></figure>` : null);
  return html`<form class="editor row-open" onSubmit=${look}><h3 dir="auto">${t('mail.write_to', { name: segment.name })}</h3>
    ${field('subject')}${area('text')}
    <details><summary>${t('mail.danish')}</summary><div class="editor">${field('subject_da')}${area('text_da')}</div></details>
    <div class="row"><button class=${seen ? 'second' : 'primary'} type="submit" disabled=${busy}>${t('mail.preview')}</button><button type="button" class="link" onClick=${cancel}>${t('cancel')}</button></div>
    ${seen ? html`<div class="mail-seen"><p role="status">${seen.count ? tn('mail.goes', seen.count) : t('mail.goes_nobody')}</p>
      ${seen.count ? html`<details open=${seen.count <= 20}><summary>${tn('mail.people', seen.count)}</summary><ul class="mail-names">${seen.recipients.map((/** @type {any} */ p) => html`<li key=${p.person} dir="auto">${p.name} <span class="hint">${p.email}</span></li>`)}</ul></details>` : null}
      ${example(seen.en, 'en')}${example(seen.da, 'da')}
      ${seen.count ? html`<p><button type="button" class="primary" disabled=${busy} onClick=${send}>${tn('mail.send', seen.count)}</button></p>` : null}</div>` : null}
    <p class="error" role="alert">${error}</p></form>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Segments({ conn }) {
  const [list, setList] = useState(/** @type {Segment[] | null} */ (null));
  const [form, setForm] = useState(/** @type {any} */ (null));
  const [writing, setWriting] = useState('');
  const [error, setError] = useState('');
  const read = () => conn.call('segment.list').then((r) => setList(r.segments)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  const put = (/** @type {any} */ values) => setForm((/** @type {any} */ f) => ({ ...f, ...values }));
  const run = async (/** @type {string} */ method, /** @type {any} */ params) => {
    setError('');
    try {
      await conn.write(method, params);
      announce(t('form.saved'));
      setForm(null);
      await read();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const save = (/** @type {Event} */ e) => {
    e.preventDefault();
    run('segment.save', { segment: form.segment, name: form.name.trim(), condition: form.condition, ...(form.version ? { expect_version: form.version } : {}) });
  };
  const sent = (/** @type {string} */ what) => {
    announce(what);
    setWriting('');
    read();
  };
  const one = (/** @type {Segment} */ s) => html`<li key=${s.segment}><div class="mail-row"><span class="mail-what"><strong dir="auto">${s.name}</strong><small class="hint">${said(s.condition)}</small>
      ${s.sent?.map((x) => html`<small key=${x.at} class="hint" dir="auto">${t('mail.sent_to', { at: `${dayName(x.at)} ${clock(x.at)}`, n: x.recipients, subject: x.subject })}</small>`)}</span>
      <span class="mail-how"><strong class="num">${tn('mail.people', s.people)}</strong><span class="row"><button type="button" class="link" aria-label=${t('mail.write_to', { name: s.name })} onClick=${() => setWriting(s.segment)}>${t('mail.write')}</button>
      <button type="button" class="link" aria-label=${t('mail.change', { name: s.name })} onClick=${() => setForm({ ...s })}>${t('notes.edit')}</button>
      <button type="button" class="link" aria-label=${t('mail.remove', { name: s.name })} onClick=${() => run('segment.remove', { segment: s.segment })}>${t('form.remove')}</button></span></span></div>
      ${writing === s.segment ? html`<${Writer} conn=${conn} segment=${s} done=${sent} cancel=${() => setWriting('')} />` : null}</li>`;
  return html`<p class="hint">${t('mail.segments_hint')}</p>
    ${list?.length ? html`<ul class="rows">${list.map(one)}</ul>` : null}
    ${form ? html`<form class="editor row-open" onSubmit=${save}>
        <label class="field"><span>${t('mail.name')}</span><input required dir="auto" maxlength="100" value=${form.name} onInput=${(/** @type {any} */ e) => put({ name: e.target.value })} /></label>
        ${form.version ? null : html`<div class="worth"><span class="hint">${t('mail.suggested')}</span>${Object.entries(STARTS).map(([name, condition]) => html`<button key=${name} type="button" class="second" onClick=${() => put({ name: t(`mail.start.${name}`), condition })}>${t(`mail.start.${name}`)}</button>`)}</div>`}
        <${Conditions} form=${form} put=${put} />
        <div class="row"><button class="primary" type="submit">${t('form.save')}</button><button type="button" class="link" onClick=${() => setForm(null)}>${t('cancel')}</button></div></form>`
      : html`<p><button type="button" class="primary" onClick=${() => setForm({ segment: uuid(), name: '', condition: {}, version: 0 })}>${t('mail.new')}</button></p>`}
    <p class="error" role="alert">${error}</p>`;
}
