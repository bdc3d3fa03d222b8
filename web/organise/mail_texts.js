// web/organise/mail_texts.js: what each kind of mail says, in both languages, with the mail beside it as it is read
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

/** @typedef {{subject: string, body: string, version?: number}} Words */
/** @typedef {{kind: string, lane: string, vars: string[], default: Record<string, Words>, own: Record<string, Words>}} Kind */

const ALWAYS = ['name', 'conference', 'page', 'base'];

/** @param {any} e */
const why = (e) => (e.fault === 'mail.placeholder' ? t('mail.unknown', { name: `{${e.data?.current?.placeholder || ''}}` }) : e.fault === 'conflict' ? t('mail.behind') : whyOf(e));

/** One language of one kind. @param {{conn: import('../protocol.js').Connection, kind: Kind, language: string, saved: () => Promise<void>}} props */
function Text({ conn, kind, language, saved }) {
  const own = kind.own[language];
  const was = own || kind.default[language];
  const [words, setWords] = useState({ subject: was.subject, body: was.body });
  const [shown, setShown] = useState(/** @type {{subject: string, text: string} | null} */ (null));
  const [error, setError] = useState('');
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const changed = words.subject !== was.subject || words.body !== was.body;
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      if (!words.subject.trim() || !words.body.trim()) return;
      conn.call('mail.preview', { kind: kind.kind, language, ...words }).then((r) => {
        if (over) return;
        setShown(r);
        setError('');
      }, (e) => over || setError(why(e)));
    }, 250);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [words.subject, words.body]);
  const write = async (/** @type {any} */ params) => {
    setError('');
    try {
      await conn.write('mail.save', { kind: kind.kind, language, expect_version: own?.version || 0, ...params });
      announce(t('form.saved'));
      await saved();
    } catch (e) {
      setError(why(e));
    }
  };
  const insert = (/** @type {string} */ name) => {
    const at = area.current ? area.current.selectionStart : words.body.length;
    setWords((w) => ({ ...w, body: `${w.body.slice(0, at)}{${name}}${w.body.slice(at)}` }));
    area.current?.focus();
  };
  const save = (/** @type {Event} */ e) => {
    e.preventDefault();
    write({ subject: words.subject, body: words.body });
  };
  const put = (/** @type {any} */ values) => setWords((w) => ({ ...w, ...values }));
  return html`<form class="mail-text" onSubmit=${save} aria-label=${t(`mail.is.${language}`)}><div class="editor"><h3>${t(`mail.is.${language}`)}${own ? html` <span class="tag">${t('mail.own')}</span>` : null}</h3>
      <label class="field"><span>${t('mail.subject')}</span><input required maxlength="200" lang=${language} value=${words.subject} onInput=${(/** @type {any} */ e) => put({ subject: e.target.value })} /></label>
      <label class="field"><span>${t('mail.text')}</span><textarea ref=${area} required maxlength="8000" rows="14" lang=${language} value=${words.body} onInput=${(/** @type {any} */ e) => put({ body: e.target.value })}></textarea></label>
      <div class="worth"><span class="hint">${t('mail.placeholders')}</span>${[...kind.vars, ...ALWAYS].map((name) => html`<button key=${name} type="button" class="second" aria-label=${t('mail.insert', { name })} onClick=${() => insert(name)}>${`{${name}}`}</button>`)}</div>
      <p class="error" role="alert">${error}</p>
      <div class="row"><button class="primary" type="submit" disabled=${!changed || !!error}>${t('form.save')}</button>
      ${own ? html`<button type="button" class="link" onClick=${() => write({})}>${t('mail.back')}</button>` : null}</div></div>
    ${shown ? html`<figure class="mail-shown"><figcaption class="hint">${t('mail.live')}</figcaption><strong lang=${language} dir="auto">${shown.subject}</strong><pre lang=${language} dir="auto" tabindex="0">${shown.text.replaceAll('{base}', location.origin)}</pre></figure>` : null}</form>`;
}

/** @param {{conn: import('../protocol.js').Connection, kindName: (kind: string) => string}} props */
export function Texts({ conn, kindName }) {
  const [kinds, setKinds] = useState(/** @type {Kind[]} */ ([]));
  const [chosen, setChosen] = useState('');
  const [error, setError] = useState('');
  const read = () => conn.call('mail.templates').then((r) => setKinds(r.kinds)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  const kind = kinds.find((k) => k.kind === chosen);
  const mark = (/** @type {Kind} */ k) => (Object.keys(k.own).length ? ` (${t('mail.own')})` : '');
  return html`<p class="hint">${t('mail.texts_hint')}</p><p class="error" role="alert">${error}</p>
    <label class="field"><span>${t('mail.kind')}</span><select value=${chosen} onChange=${(/** @type {any} */ e) => setChosen(e.target.value)}><option value=""></option>
      ${kinds.map((k) => html`<option key=${k.kind} value=${k.kind}>${kindName(k.kind)}${mark(k)}</option>`)}</select></label>
    ${kind ? ['en', 'da'].map((language) => html`<${Text} key=${`${kind.kind}:${language}:${kind.own[language]?.version || 0}`} conn=${conn} kind=${kind} language=${language} saved=${read} />`) : null}`;
}
