// web/apply/authors.js: the authors in their order, and who of them presents
import { html, useEffect, useRef } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { announce } from '../ui/live.js';

const MOST = 30;

/** @param {{authors: import('./draft.js').Author[], set: (a: import('./draft.js').Author[]) => void, locked: boolean, wrong: string}} props */
export function Authors({ authors, set, locked, wrong }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const focus = useRef(-1);
  useEffect(() => {
    if (focus.current < 0) return;
    /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector(`[data-author="${focus.current}"] input`))?.focus();
    focus.current = -1;
  }, [authors.length]);
  const put = (/** @type {number} */ i, /** @type {any} */ values) => set(authors.map((a, n) => (n === i ? { ...a, ...values } : a)));
  const presents = (/** @type {number} */ i) => set(authors.map((a, n) => ({ ...a, presents: n === i })));
  const swap = (/** @type {number} */ i, /** @type {number} */ by) => {
    const next = [...authors];
    [next[i], next[i + by]] = [next[i + by], next[i]];
    set(next);
    announce(t('apply.author_at', { name: next[i + by].name || t('apply.author_n', { n: i + 1 }), n: i + by + 1 }));
  };
  const add = () => {
    focus.current = authors.length;
    set([...authors, { name: '', affiliation: '', email: '', presents: !authors.some((a) => a.presents) }]);
  };
  const take = (/** @type {number} */ i) => {
    focus.current = Math.max(0, i - 1);
    set(authors.filter((_, n) => n !== i));
  };
  const input = (/** @type {number} */ i, /** @type {'name' | 'affiliation' | 'email'} */ name, /** @type {number} */ max) => html`<label class="field"><span>${t(`apply.author_${name}`)}</span><input
    type=${name === 'email' ? 'email' : 'text'} maxlength=${max} dir=${name === 'email' ? 'ltr' : 'auto'} autocomplete="off" disabled=${locked} value=${authors[i][name]} onInput=${(/** @type {any} */ e) => put(i, { [name]: e.target.value })} /></label>`;
  return html`<fieldset class="authors" id="f-authors" tabindex="-1" aria-describedby="authors-hint"><legend>${t('apply.authors')}</legend><p class="hint" id="authors-hint">${t('apply.authors_hint')}</p>
    <ol ref=${list}>${authors.map((a, i) => html`<li key=${i} data-author=${i}><div class="author" role="group" aria-label=${t('apply.author_n', { n: i + 1 })}><span class="author-n num" aria-hidden="true">${i + 1}</span>
      <div class="author-fields">${input(i, 'name', 200)}${input(i, 'affiliation', 300)}${input(i, 'email', 254)}</div>
      <div class="author-end"><label class="pick"><input type="radio" name="presents" disabled=${locked} checked=${a.presents} onChange=${() => presents(i)} /><span>${t('apply.presents')}</span></label>
        ${locked || authors.length < 2 ? null : html`<span class="author-tools"><button type="button" class="link" disabled=${i === 0} aria-label=${t('apply.author_up', { n: i + 1 })} onClick=${() => swap(i, -1)}>${t('apply.up')}</button>
        <button type="button" class="link" disabled=${i === authors.length - 1} aria-label=${t('apply.author_down', { n: i + 1 })} onClick=${() => swap(i, 1)}>${t('apply.down')}</button>
        <button type="button" class="link" aria-label=${t('apply.author_remove', { n: i + 1 })} onClick=${() => take(i)}>${t('apply.remove')}</button></span>`}</div></div></li>`)}</ol>
    ${wrong ? html`<p class="error">${wrong}</p>` : null}
    ${locked ? null : html`<button type="button" class="second" disabled=${authors.length >= MOST} onClick=${add}>${t('apply.author_add')}</button>`}</fieldset>`;
}
