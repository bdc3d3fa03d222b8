// web/organise/words.js: words that hold a question for a moderator, a list for each language; nothing is ever dropped for them
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

/** One word a line. @param {string} text */
export const wordsOf = (text) => [...new Set(text.split(/[\n,;]+/).map((w) => w.trim()).filter(Boolean))];

/** @param {{conn: import('../protocol.js').Connection, language: string, words: string[], saved: (words: string[]) => void}} props */
function List({ conn, language, words, saved }) {
  const [text, setText] = useState(words.join('\n'));
  const [error, setError] = useState('');
  const dirty = wordsOf(text).join('\n') !== words.join('\n');
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setError('');
    try {
      const reply = await conn.write('qa.words', { language, words: wordsOf(text) });
      const kept = reply.words || wordsOf(text);
      setText(kept.join('\n'));
      saved(kept);
      announce(t('form.saved'));
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<form class="words-form" onSubmit=${save}><label class="field"><span>${t('words.of', { language })}</span><textarea rows="6" lang=${language} dir="auto" spellcheck="false" maxlength="15000" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea></label>
    <p class="row"><button type="submit" class="second" disabled=${!dirty}>${t('words.save')}</button><span class="hint">${tn('words.count', words.length)}</span></p><p class="error" role="alert">${error}</p></form>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Words({ conn }) {
  const [lists, setLists] = useState(/** @type {Map<string, string[]> | null} */ (null));
  const [error, setError] = useState('');
  const [added, setAdded] = useState('');
  useEffect(() => void conn.call('qa.words_get').then((r) => setLists(new Map([['en', []], ['da', []], ...Object.entries(r.words)]))).catch((e) => setError(whyOf(e))), []);
  if (!lists) return error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${3} />`;
  const add = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!lists.has(added)) setLists(new Map(lists).set(added, []));
    setAdded('');
  };
  return html`<p class="hint">${t('words.hint')}</p><div class="words">${[...lists].map(([language, words]) => html`<${List} key=${language} conn=${conn} language=${language} words=${words} saved=${(/** @type {string[]} */ w) => setLists(new Map(lists).set(language, w))} />`)}</div>
    <form class="row words-add" onSubmit=${add}><label class="field"><span>${t('words.language')}</span><input dir="ltr" required pattern="[a-z]{2,3}" maxlength="3" autocomplete="off" placeholder="sv" value=${added} onInput=${(/** @type {any} */ e) => setAdded(e.target.value.trim().toLowerCase())} /></label><button type="submit" class="second">${t('words.add')}</button></form>`;
}
