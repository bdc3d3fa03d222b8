// web/apply/main.js: the applicant's page: the call, one's own abstracts, and writing one
import { html, mount, signal, computed, effect, useEffect } from '../ui/dom.js';
import { extend, lang, t } from '../i18n/index.js';
import en from '../i18n/apply.en.js';
import da from '../i18n/apply.da.js';
import { connect, person, session, slug, status } from '../ui/app.js';
import { Header, Main, Skeleton, Empty } from '../ui/chrome.js';
import { SignIn } from '../ui/signin.js';
import { under } from '../wire.js';
import { call, Deadline, mayHandIn, readCall, said } from './call.js';
import { now } from '../ui/clock.js';
import { Draft } from './draft.js';
import { Enter } from './enter.js';
import { Form, stamp } from './form.js';

extend({ en, da });
const conn = connect();
conn.start();

const mine = signal(/** @type {import('./draft.js').Row[] | null} */ (null));
/** The one that is open. */
const draft = signal(/** @type {Draft | null} */ (null));
const told = signal('');

const readMine = () => conn.call('abstract.mine').then((r) => (mine.value = r.abstracts), () => {});

// The call may move while somebody writes: it is read anew once a minute and when the page is looked at again.
effect(() => {
  if (session.value) void readCall(conn);
});
setInterval(() => document.hidden || (session.value && void readCall(conn)), 60000);
addEventListener('visibilitychange', () => document.hidden || (session.value && void readCall(conn)));

/** A connection that comes back is the same person's: what they are writing stays open. */
const writer = computed(() => session.value?.person?.id || '');
effect(() => {
  const id = writer.value;
  mine.value = null;
  draft.value = null;
  if (!id) return;
  return conn.subscribe(`person:${id}`, {
    // Read once the changes are followed: between the two nothing is missed.
    snapshot: () => void readMine(),
    event: (type, data) => {
      if (type !== 'abstract.changed') return;
      void readMine().then(() => {
        const open = draft.value;
        const row = open && mine.value?.find((a) => a.abstract === data.abstract && a.abstract === open.id);
        if (open && row && row.version > open.version && !open.changed) open.taken(row);
      });
    },
    fault: () => void readMine(),
  });
});
effect(() => void (document.title = `${(lang.value, t('apply.here'))} · ${session.value?.conference.title || 'Plenum'}`));

/** @param {import('./draft.js').Row | null} row */
function openOne(row) {
  const who = person.value;
  if (!who) return;
  told.value = '';
  draft.value = new Draft({ conn, slug, person: who, row });
  scrollTo(0, 0);
}

async function done(/** @type {string} */ text) {
  await readMine();
  told.value = text;
  const open = draft.value;
  const row = mine.value?.find((a) => a.abstract === open?.id) || null;
  // What was begun here has a place of its own from now on.
  draft.value = row && open ? new Draft({ conn, slug, person: /** @type {any} */ (person.value), row }) : null;
  document.getElementById('main')?.focus();
  scrollTo(0, 0);
}

function back() {
  void draft.value?.save();
  draft.value = null;
  told.value = '';
  void readMine();
}

/** @param {{c: import('./call.js').Call}} props */
function Mine({ c }) {
  const rows = mine.value;
  now.value;
  if (!rows) return html`<${Skeleton} n=${2} />`;
  const open = mayHandIn(c);
  return html`<section class="mine" aria-labelledby="mine-h"><h2 id="mine-h">${t('apply.mine')}</h2>
    ${rows.length ? html`<ul class="rows">${rows.map((a) => html`<li key=${a.abstract}><button type="button" class="mine-row" onClick=${() => openOne(a)}><span class="mine-title" dir="auto">${(a.draft || a.content)?.title || t('apply.untitled')}</span>
        <span class="mine-state">${a.number ? html`<span class="num">${t('apply.number', { n: a.number })}</span> ` : null}<span class=${`tag ${a.state === 'submitted' ? 'on' : ''}`}>${a.outcome ? t(`apply.tag_${a.outcome}`) : t(`apply.tag_${a.state}`)}</span></span>
        <span class="hint num">${a.state === 'submitted' && a.draft ? t('apply.unsent_short') : a.received && a.state === 'submitted' ? t('apply.received', { time: stamp(a.received) }) : a.saved ? t('apply.state_saved', { time: stamp(a.saved) }) : ''}</span></button></li>`)}</ul>` : html`<p class="empty-line">${open ? t('apply.none') : t('apply.none_closed')}</p>`}
    ${open ? html`<p><button type="button" class=${rows.length ? 'second' : 'primary'} onClick=${() => openOne(null)}>${t('apply.begin')}</button></p>` : null}
    <p class="hint"><a href=${under(slug, '/me')}>${t('apply.me')}</a></p></section>`;
}

/** @param {{c: import('./call.js').Call}} props */
function Body({ c }) {
  const open = draft.value;
  if (!session.value) return html`<${Skeleton} n=${3} />`;
  if (!person.value) return html`<${Enter} conn=${conn} />`;
  if (!open) return html`<${Mine} c=${c} />`;
  return html`<p class="back"><button type="button" class="link" onClick=${back}>${t('apply.back')}</button></p><${Form} key=${`${open.id}:${open.row.value?.state}:${open.row.value?.received}`} conn=${conn} c=${c} draft=${open} done=${done} back=${back} />`;
}

function Page() {
  const c = call.value;
  // Whoever leaves with something unsaved is asked, where the browser allows it.
  useEffect(() => {
    const ask = (/** @type {BeforeUnloadEvent} */ e) => {
      const s = draft.value?.state.value;
      if (draft.value?.changed && (s === 'typing' || s === 'saving') && status.value.state === 'open') {
        void draft.value.save();
        e.preventDefault();
      }
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  return html`<${Header} conn=${conn} here=${t('apply.here')} /><${Main} name="apply">
    ${c === false ? html`<${Empty} title=${t('apply.no_call')}><p>${t('apply.no_call_hint')}</p><//>` : html`
    <div class="apply-head"><h1>${t('apply.head')}</h1>${c ? html`${said(c, 'intro') && !draft.value ? html`<p class="intro" dir="auto">${said(c, 'intro')}</p>` : null}` : null}</div>
    <div class="apply-grid"><aside>${c ? html`<${Deadline} c=${c} />` : null}</aside><div class="apply-body">${told.value ? html`<p class="said" role="status">${told.value}</p>` : null}${c ? html`<${Body} c=${c} />` : html`<${Skeleton} n=${3} />`}</div></div>`}
  <//><${SignIn} conn=${conn} />`;
}

mount('app', html`<${Page} />`);
