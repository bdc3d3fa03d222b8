// web/organise/talks.js: the talks of a session in their order, each with its speakers; a name nobody has yet becomes a speaker
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { uuid } from '../wire.js';
import { fold } from '../store.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { draft } from './draft.js';

/** Names given to speakers made here, until the draft has them. @type {Map<string, string>} */
const made = new Map();
const nameOf = (/** @type {string} */ id) => draft.value?.speaker.get(id)?.name || made.get(id) || t('talks.unknown');

/** Talks as text, for comparing two versions. @param {any[]} talks */
export const talksText = (talks) => html`<ol class="talks-text">${(talks || []).map((x, i) => html`<li key=${x.id || i} dir="auto">${x.title}${x.speakers?.length ? ` (${x.speakers.map(nameOf).join(', ')})` : ''}</li>`)}</ol>`;

/** @param {{conn: import('../protocol.js').Connection, id: string, label: string, speakers: string[], set: (ids: string[]) => void}} props */
function Speakers({ conn, id, label, speakers, set }) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const all = [...(draft.value?.speaker.values() || [])];
  const name = text.trim().replace(/\s+/g, ' ');
  const known = all.find((p) => fold(p.name) === fold(name));
  const near = name ? all.filter((p) => fold(p.name).includes(fold(name)) && !speakers.includes(p.id)).slice(0, 8) : [];
  const add = async () => {
    if (!name) return;
    let who = known?.id;
    if (!who) {
      who = uuid();
      made.set(who, name);
      try {
        await conn.write('speaker.save', { speaker: who, name });
      } catch (e) {
        return setError(whyOf(e));
      }
    }
    setError('');
    setText('');
    announce(t('talks.added', { name }));
    if (!speakers.includes(who)) set([...speakers, who]);
  };
  return html`<div class="speakers">${speakers.length ? html`<ul class="chips">${speakers.map((s) => html`<li key=${s} class="chip"><span dir="auto">${nameOf(s)}</span><button type="button" aria-label=${t('talks.without', { name: nameOf(s) })} onClick=${() => set(speakers.filter((x) => x !== s))}>×</button></li>`)}</ul>` : null}
    <span class="add-speaker"><input id=${id} type="text" dir="auto" autocomplete="off" maxlength="300" list=${`${id}-near`} aria-label=${label} placeholder=${t('talks.speaker')} value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} onKeyDown=${(/** @type {KeyboardEvent} */ e) => { if (e.key === 'Enter') { e.preventDefault(); add(); } }} />
      <datalist id=${`${id}-near`}>${near.map((p) => html`<option key=${p.id} value=${p.name} />`)}</datalist>
      <button type="button" class="second" disabled=${!name} onClick=${add}>${name && !known ? t('talks.add_new') : t('talks.add')}</button></span><span class="error" role="alert">${error}</span></div>`;
}

/** @param {{conn: import('../protocol.js').Connection, id: string, value: any[], set: (talks: any[]) => void}} props */
export function Talks({ conn, id, value, set }) {
  const put = (/** @type {number} */ i, /** @type {any} */ change) => set(value.map((x, j) => (j === i ? { ...x, ...change } : x)));
  const swap = (/** @type {number} */ i, /** @type {number} */ j) => {
    const next = [...value];
    [next[i], next[j]] = [next[j], next[i]];
    set(next);
    announce(t('talks.at', { title: value[i].title, n: j + 1 }));
  };
  return html`<ol class="talks">${value.map((x, i) => html`<li key=${x.id || `new-${i}`} class="talk-edit"><span class="talk-n num" aria-hidden="true">${i + 1}</span>
      <div><label class="field"><span class="out-of-sight">${t('talks.title_of', { n: i + 1 })}</span><input id=${i ? undefined : id} type="text" dir="auto" required maxlength="500" value=${x.title} onInput=${(/** @type {any} */ e) => put(i, { title: e.target.value })} /></label>
        <${Speakers} conn=${conn} id=${`${id}-${i}-speaker`} label=${t('talks.speaker_of', { n: i + 1 })} speakers=${x.speakers} set=${(/** @type {string[]} */ ids) => put(i, { speakers: ids })} /></div>
      <span class="talk-tools"><button type="button" class="plain square" disabled=${!i} aria-label=${t('talks.up', { n: i + 1 })} onClick=${() => swap(i, i - 1)}>↑</button><button type="button" class="plain square" disabled=${i === value.length - 1} aria-label=${t('talks.down', { n: i + 1 })} onClick=${() => swap(i, i + 1)}>↓</button>
        <button type="button" class="plain square" aria-label=${t('talks.remove', { n: i + 1 })} onClick=${() => set(value.filter((_, j) => j !== i))}>×</button></span></li>`)}</ol>
    ${value.length ? null : html`<p class="hint">${t('talks.none')}</p>`}
    <button type="button" class="second" onClick=${() => set([...value, { title: '', speakers: [] }])}>${t('talks.new')}</button>`;
}
