// web/posters/main.js: the posters: by topic and number, to be searched, opened and asked about
import { html, mount, signal, effect, computed } from '../ui/dom.js';
import { t, tn, lang } from '../i18n/index.js';
import { connect, person, session, slug, status } from '../ui/app.js';
import { Empty, Header, Main, Skeleton, whyOf } from '../ui/chrome.js';
import { SignIn, signin } from '../ui/signin.js';
import { FileLink, sizeText } from '../ui/upload.js';
import { fold } from '../store.js';
import { under } from '../wire.js';

/** @typedef {{abstract: string, number?: number, submission: number, title: string, topics: {id: string, name: string, color?: string}[], presenter: string, mode: string, authors: {name: string, affiliation: string, presents: boolean}[], ready: boolean, file?: string, size?: number, name?: string, talk?: string}} Poster */

const conn = connect();
const doc = signal(/** @type {{open: boolean, files: boolean, posters: Poster[]} | null} */ (null));
const fault = signal('');
const query = new URLSearchParams(location.search);
const text = signal(query.get('q') || '');
const topic = signal(query.get('topic') || '');

/** Whoever signs in may have the files: it is read again. */
effect(() => {
  person.value;
  if (status.value.state !== 'open' || !session.value) return;
  conn.call('poster.list').then((reply) => {
    doc.value = reply;
    fault.value = '';
  }, (e) => (fault.value = e.fault === 'book.closed' ? 'closed' : whyOf(e)));
});
effect(() => void (document.title = `${(lang.value, t('posters.here'))} · ${session.value?.conference.title || 'Plenum'}`));
/** A link finds the same list. */
effect(() => {
  const q = new URLSearchParams();
  if (text.value.trim()) q.set('q', text.value.trim());
  if (topic.value) q.set('topic', topic.value);
  history.replaceState(null, '', `${location.pathname}${q.size ? `?${q}` : ''}${location.hash}`);
});
conn.start();

/** @param {Poster} p */
const words = (p) => fold([p.number || '', p.title, p.presenter, ...p.authors.flatMap((a) => [a.name, a.affiliation]), ...p.topics.map((x) => x.name)].join(' '));
const topics = computed(() => [...new Map((doc.value?.posters || []).flatMap((p) => p.topics).map((x) => [x.id, x])).values()].sort((a, b) => a.name.localeCompare(b.name, lang.value)));
const found = computed(() => {
  const wanted = fold(text.value).split(/\s+/).filter(Boolean);
  return (doc.value?.posters || []).filter((p) => (!topic.value || p.topics.some((x) => x.id === topic.value)) && wanted.every((w) => (/^\d+$/.test(w) ? String(p.number) === w || words(p).includes(w) : words(p).includes(w))));
});
/** Under the first of its topics. */
const groups = computed(() => {
  /** @type {Map<string, {name: string, color?: string, posters: Poster[]}>} */
  const all = new Map();
  for (const p of found.value) {
    const first = p.topics.find((x) => x.id === topic.value) || p.topics[0];
    const key = first?.id || '';
    if (!all.has(key)) all.set(key, { name: first?.name || t('posters.other'), color: first?.color, posters: [] });
    all.get(key)?.posters.push(p);
  }
  return [...all.values()];
});

/** @param {{p: Poster}} props */
function One({ p }) {
  const others = p.authors.filter((a) => a.name !== p.presenter);
  return html`<li class="poster" id=${`poster-${p.number || p.submission}`} data-abstract=${p.abstract}><span class="poster-number num">${p.number || ''}</span>
    <div class="poster-what"><h3 dir="auto">${p.title}</h3>
      <p><span dir="auto">${t('posters.presents', { name: p.presenter })}</span> <span class="tag">${t(`posters.${p.mode}`)}</span></p>
      ${others.length ? html`<p class="hint" dir="auto">${others.map((a) => a.name).join(', ')}</p>` : null}
      <p class="row poster-go">${p.file ? html`<${FileLink} conn=${conn} file=${{ file: p.file, name: p.name }} label=${`${t('posters.pdf', { size: sizeText(p.size || 0) })}: ${p.title}`}>${t('posters.pdf', { size: sizeText(p.size || 0) })}<//>` : p.ready ? null : html`<span class="hint">${t('posters.no_pdf')}</span>`}
        ${p.talk ? html`<a href=${under(slug, `/attend#/talk/${p.talk}`)} aria-label=${`${t('posters.ask')}: ${p.title}`}>${t('posters.ask')}</a>` : null}</p></div></li>`;
}

function Filter() {
  return html`<form class="poster-filter" role="search" onSubmit=${(/** @type {Event} */ e) => e.preventDefault()}>
    <label class="field"><span>${t('posters.search')}</span><input type="search" value=${text.value} onInput=${(/** @type {any} */ e) => (text.value = e.target.value)} /></label>
    ${topics.value.length > 1 ? html`<label class="field"><span>${t('posters.topic')}</span><select value=${topic.value} onChange=${(/** @type {any} */ e) => (topic.value = e.target.value)}><option value="">${t('posters.all_topics')}</option>${topics.value.map((x) => html`<option key=${x.id} value=${x.id}>${x.name}</option>`)}</select></label>` : null}
  </form>`;
}

function List() {
  const d = doc.value;
  if (fault.value === 'closed') return html`<${Empty} title=${t('posters.closed')}><p>${t('posters.closed_hint')}</p><//>`;
  if (fault.value) return html`<p class="error" role="alert">${fault.value}</p>`;
  if (!d) return html`<${Skeleton} n=${5} />`;
  if (!d.posters.length) return html`<${Empty} title=${t('posters.none')} />`;
  return html`${d.open ? null : html`<p class="poster-preview">${t('posters.preview')}</p>`}
    <${Filter} />
    <p class="hint" role="status">${tn('posters.found', found.value.length)}</p>
    ${!d.files && !person.value ? html`<p class="row"><span>${t('posters.sign_in')}</span><button type="button" class="second" onClick=${() => (signin.value = { why: t('posters.sign_in') })}>${t('sign.in')}</button></p>` : null}
    ${!found.value.length ? html`<${Empty} title=${t('posters.nothing')}><p><button type="button" class="second" onClick=${() => { text.value = ''; topic.value = ''; }}>${t('posters.clear')}</button></p><//>` : null}
    ${groups.value.map((g) => html`<section class="poster-topic" key=${g.name}><h2 dir="auto"><i class="swatch" style=${g.color ? `background:${g.color}` : ''}></i>${g.name}</h2><ul>${g.posters.map((p) => html`<${One} key=${p.abstract} p=${p} />`)}</ul></section>`)}`;
}

function App() {
  return html`<${Header} conn=${conn} here=${t('posters.here')} />
    <${Main} name="posters"><h1>${t('posters.here')}</h1><${List} /><//>
    <${SignIn} conn=${conn} />`;
}

mount('app', html`<${App} />`);
