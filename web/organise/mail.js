// web/organise/mail.js: mail: what left and what did not, what is written to many, what mails say
import './mail_words.js';
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock, dayName } from '../ui/clock.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { Part } from './part.js';
import { Segments } from './mail_segments.js';
import { Texts } from './mail_texts.js';

/** @typedef {{mail: string, kind: string, lane: string, to: string, name?: string, subject?: string, at: string, state: string, tries: number, why?: string, unsure?: boolean, retry?: boolean}} Mail */

const EVERY_MS = 5000;
const STATES = ['waiting', 'retrying', 'sent', 'bounced'];

/** A kind nobody has named is shown as it is called. @param {string} kind */
const kindName = (kind) => (t(`mail.kind.${kind}`) === `mail.kind.${kind}` ? kind : t(`mail.kind.${kind}`));

/** @param {{list: any}} props */
function Relays({ list }) {
  if (!list.relays.length) return html`<p class="hint">${t('mail.files')}</p>`;
  return list.relays.map((/** @type {any} */ r) => {
    const bad = r.since && (!r.took || r.since > r.took);
    return html`<p key=${r.relay} class=${bad ? 'error' : 'hint'}>${bad ? t('mail.relay_bad', { relay: r.relay, at: clock(r.since), why: r.why || '' }) : r.took ? t('mail.relay_ok', { relay: r.relay, at: clock(r.took) }) : r.relay}</p>`;
  });
}

/** @param {{conn: import('../protocol.js').Connection}} props */
function Outbox({ conn }) {
  const [list, setList] = useState(/** @type {any} */ (null));
  const [state, setState] = useState('');
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const pages = useRef(1);
  // Which reading counts: one that was overtaken, by other terms or by a press, shows nothing. 0: none is under way.
  const turn = useRef(0);
  const reading = useRef(0);
  const last = useRef(0);
  const read = async () => {
    const mine = ++turn.current;
    reading.current = mine;
    try {
      const mails = /** @type {Mail[]} */ ([]);
      for (let n = 1; ; n++) {
        const r = await conn.call('mail.list', { ...(state ? { state } : {}), ...(text.trim() ? { text: text.trim() } : {}), ...(n > 1 ? { before: mails[mails.length - 1].mail } : {}) });
        if (mine !== turn.current) return;
        mails.push(...r.mails);
        if (r.more && n < pages.current) continue;
        last.current = performance.now();
        setList({ ...r, mails });
        break;
      }
    } catch (e) {
      if (mine === turn.current) setError(whyOf(e));
    } finally {
      if (reading.current === mine) reading.current = 0;
    }
  };
  useEffect(() => {
    pages.current = 1;
    const first = setTimeout(read, 150);
    // However many pages are shown, one is asked for every five seconds.
    const timer = setInterval(() => !reading.current && performance.now() - last.current > EVERY_MS * (pages.current - 0.5) && read(), EVERY_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      turn.current++;
      reading.current = 0;
    };
  }, [state, text]);
  const more = async () => {
    setError('');
    pages.current++;
    await read();
    announce(t('mail.more_read'));
  };
  const retry = async (/** @type {Mail} */ m) => {
    setError('');
    try {
      await conn.write('mail.retry', { mail: m.mail });
      announce(t('mail.tried'));
      await read();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  if (!list) return html`<${Skeleton} />`;
  return html`<${Relays} list=${list} />
    <div class="filter-row"><label class="field"><span>${t('mail.state')}</span><select value=${state} onChange=${(/** @type {any} */ e) => setState(e.target.value)}><option value="">${t('mail.all')}</option>
      ${STATES.map((s) => html`<option key=${s} value=${s}>${t(`mail.${s}`)} (${list.counts[s]})</option>`)}</select></label>
    <label class="field"><span>${t('mail.find')}</span><input type="search" maxlength="100" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label></div>
    <p class="error" role="alert">${error}</p>
    ${list.mails.length ? html`<ul class="rows">${list.mails.map((/** @type {Mail} */ m) => html`<li key=${m.mail} class=${`mail-row mail-${m.state}`}>
        <span class="mail-what"><strong dir="auto">${m.subject || t('mail.code')}</strong><small class="hint">${kindName(m.kind)} · <span dir="auto">${m.name ? `${m.name}, ` : ''}${m.to}</span></small>
        ${m.why && m.state !== 'sent' ? html`<small class="error" dir="auto">${m.why}</small>` : null}</span>
        <span class="mail-how"><strong>${t(`mail.${m.state}`)}</strong><small class="hint num">${dayName(m.at)} ${clock(m.at)}${m.tries > 1 ? ` · ${tn('mail.tries', m.tries)}` : ''}${m.unsure && m.state === 'retrying' ? ` · ${t('mail.unsure')}` : ''}</small>
        ${m.retry ? html`<button type="button" class="link" aria-label=${t('mail.retry_to', { to: m.to })} onClick=${() => retry(m)}>${t('mail.retry')}</button>` : null}</span></li>`)}</ul>
        ${list.more ? html`<button type="button" class="second" onClick=${more}>${t('mail.more')}</button>` : null}`
      : html`<p class="empty-line">${t('mail.none')}</p>`}`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Mail({ conn }) {
  return html`<h1>${t('mail.title')}</h1>
    <${Part} id="mail-outbox" title=${t('mail.outbox')}><${Outbox} conn=${conn} /><//>
    <${Part} id="mail-segments" title=${t('mail.segments')}><${Segments} conn=${conn} /><//>
    <${Part} id="mail-texts" title=${t('mail.texts')}><${Texts} conn=${conn} kindName=${kindName} /><//>`;
}
