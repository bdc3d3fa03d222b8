// web/book/main.js: the book of abstracts with the programme: a page that is read on a screen and printed as it stands
import { html, mount, signal, effect, computed } from '../ui/dom.js';
import { extend, t, lang } from '../i18n/index.js';
import en from '../i18n/files.en.js';
import da from '../i18n/files.da.js';
import { connect, person, session, status } from '../ui/app.js';
import { clock, conferenceTime, dayKey, fullDate, zoneKnown } from '../ui/clock.js';
import { Empty, Header, Main, Skeleton, whyOf } from '../ui/chrome.js';
import { SignIn } from '../ui/signin.js';
import { followSchedule, schedule } from '../ui/schedule.js';

extend({ en, da });

/** @typedef {{name: string, affiliation: string, presents: boolean}} Author */
/** @typedef {{abstract: string, kind: 'talk' | 'poster', number?: number, submission: number, title: string, body: string, topics: {id: string, name: string}[], authors: Author[], session?: string, talk?: string}} Abstract */

const conn = connect();
followSchedule(conn);
const doc = signal(/** @type {{open: boolean, abstracts: Abstract[]} | null} */ (null));
const fault = signal('');

effect(() => {
  person.value;
  if (status.value.state !== 'open' || !session.value) return;
  conn.call('book.get').then((reply) => {
    doc.value = reply;
    fault.value = '';
  }, (e) => (fault.value = e.fault === 'book.closed' ? 'closed' : whyOf(e)));
});
effect(() => void (document.title = `${(lang.value, t('book.here'))} · ${session.value?.conference.title || 'Plenum'}`));
conn.start();

/** What people call it by: a poster's number on its board, a talk's in the book. */
const labels = computed(() => {
  let talks = 0;
  return new Map((doc.value?.abstracts || []).map((a) => [a.abstract, a.kind === 'poster' ? `P${a.number || '–'}` : `T${++talks}`]));
});

/** Affiliations once each, in the order in which they come. @param {Author[]} authors */
export function affiliations(authors) {
  const names = [...new Set(authors.map((a) => a.affiliation).filter(Boolean))];
  return { names, marks: authors.map((a) => (names.length > 1 && a.affiliation ? names.indexOf(a.affiliation) + 1 : 0)) };
}

/** Family name first where it is the last word, as an index goes. @param {string} name */
export function sortName(name) {
  const parts = name.trim().split(/\s+/);
  return parts.length > 1 ? `${parts[parts.length - 1]}, ${parts.slice(0, -1).join(' ')}` : name.trim();
}

const index = computed(() => {
  /** @type {Map<string, string[]>} */
  const all = new Map();
  for (const a of doc.value?.abstracts || []) for (const w of a.authors) all.set(sortName(w.name), [...(all.get(sortName(w.name)) || []), a.abstract]);
  return [...all].map(([name, ids]) => ({ name, ids: [...new Set(ids)] })).sort((x, y) => x.name.localeCompare(y.name, lang.value));
});

/** @param {Abstract[]} rows @param {(a: Abstract) => string} of */
function grouped(rows, of) {
  /** @type {Map<string, Abstract[]>} */
  const all = new Map();
  for (const a of rows) all.set(of(a), [...(all.get(of(a)) || []), a]);
  return [...all];
}

/** @param {{a: Abstract}} props */
function One({ a }) {
  const { names, marks } = affiliations(a.authors);
  return html`<article class="book-one" id=${`a-${labels.value.get(a.abstract)}`}><h4 dir="auto"><span class="book-label num">${labels.value.get(a.abstract)}</span> ${a.title}</h4>
    <p class="book-authors" dir="auto">${a.authors.map((w, i) => html`<span key=${i} class=${w.presents ? 'presents' : ''}>${w.name}${marks[i] ? html`<sup>${marks[i]}</sup>` : null}${i < a.authors.length - 1 ? ', ' : ''}</span>`)}</p>
    ${names.length ? html`<p class="book-places" dir="auto">${names.map((n, i) => html`<span key=${n}>${names.length > 1 ? html`<sup>${i + 1}</sup> ` : null}${n}${i < names.length - 1 ? '; ' : ''}</span>`)}</p>` : null}
    <div class="book-body" dir="auto">${a.body.split(/\n\s*\n/).filter(Boolean).map((p, i) => html`<p key=${i}>${p}</p>`)}</div></article>`;
}

/** @param {{id: string, title: string, groups: [string, Abstract[]][]}} props */
const Part = ({ id, title, groups }) => (groups.length ? html`<section class="book-part" aria-labelledby=${id}><h2 id=${id}>${title}</h2>${groups.map(([name, rows]) => html`<section key=${name}>${name ? html`<h3 dir="auto">${name}</h3>` : null}${rows.map((a) => html`<${One} key=${a.abstract} a=${a} />`)}</section>`)}</section>` : null);

/** The released programme, a line a slot. */
function Programme() {
  const s = schedule.value;
  if (!s || !zoneKnown.value) return null;
  const slots = s.slots.filter((x) => x.state !== 'cancelled').slice().sort((a, b) => a.start.localeCompare(b.start));
  if (!slots.length) return null;
  const days = [...new Set(slots.map((x) => dayKey(Date.parse(x.start))))];
  return html`<section class="book-part book-programme" aria-labelledby="book-programme"><h2 id="book-programme">${t('book.programme')}</h2>
    ${days.map((d) => html`<section key=${d}><h3>${fullDate(Date.parse(slots.find((x) => dayKey(Date.parse(x.start)) === d)?.start || ''))}</h3><table><tbody>${slots.filter((x) => dayKey(Date.parse(x.start)) === d).map((x) => {
      const session = s.session.get(x.session);
      return html`<tr key=${x.id}><td class="num">${clock(Date.parse(x.start))}–${clock(Date.parse(x.end))}</td><td dir="auto"><strong>${session?.title}</strong>${(session?.talks || []).length > 1 ? html`<ul>${session?.talks.map((k) => html`<li key=${k.id} dir="auto">${k.title}${k.speakers?.length ? html` <span class="hint">${k.speakers.map((/** @type {any} */ p) => p.name || p).join(', ')}</span>` : null}</li>`)}</ul>` : null}</td><td dir="auto">${s.room.get(x.room)?.name}</td></tr>`;
    })}</tbody></table></section>`)}</section>`;
}

function Book() {
  const d = doc.value;
  if (fault.value === 'closed') return html`<${Empty} title=${t('book.closed')}><p>${t('book.closed_hint')}</p><//>`;
  if (fault.value) return html`<p class="error" role="alert">${fault.value}</p>`;
  if (!d) return html`<${Skeleton} n=${6} />`;
  const c = session.value?.conference;
  const talks = grouped(d.abstracts.filter((a) => a.kind === 'talk'), (a) => a.session || '');
  const posters = grouped(d.abstracts.filter((a) => a.kind === 'poster'), (a) => a.topics[0]?.name || t('posters.other'));
  return html`<div class="book-front"><h1 dir="auto">${c?.title}</h1><p class="book-what">${t('book.here')}</p>${zoneKnown.value ? html`<p class="hint">${t('book.as_of', { when: `${fullDate(conferenceTime())} ${clock(conferenceTime())}` })}</p>` : null}
      ${d.open ? null : html`<p class="book-preview">${t('book.preview')}</p>`}
      <p class="book-print"><button type="button" class="second" onClick=${() => print()}>${t('book.print')}</button></p></div>
    ${!d.abstracts.length ? html`<${Empty} title=${t('book.empty')} />` : html`<nav class="book-contents" aria-label=${t('book.contents')}><h2>${t('book.contents')}</h2><ol>${d.abstracts.map((a) => html`<li key=${a.abstract}><a href=${`#a-${labels.value.get(a.abstract)}`}><span class="book-label num">${labels.value.get(a.abstract)}</span> <span dir="auto">${a.title}</span></a></li>`)}</ol></nav>`}
    <${Programme} />
    <${Part} id="book-talks" title=${t('book.talks')} groups=${talks} />
    <${Part} id="book-posters" title=${t('book.posters')} groups=${posters} />
    ${index.value.length ? html`<section class="book-part" aria-labelledby="book-index"><h2 id="book-index">${t('book.index')}</h2><ul class="book-index">${index.value.map((x) => html`<li key=${x.name}><span dir="auto">${x.name}</span> ${x.ids.map((id, i) => html`<a key=${id} href=${`#a-${labels.value.get(id)}`} class="num">${labels.value.get(id)}</a>${i < x.ids.length - 1 ? ', ' : ''}`)}</li>`)}</ul></section>` : null}`;
}

function App() {
  return html`<${Header} conn=${conn} here=${t('book.here')} />
    <${Main} name="book"><${Book} /><//>
    <${SignIn} conn=${conn} />`;
}

mount('app', html`<${App} />`);
