// web/me/main.js: a person's own page: what was offered, how they take part, what they handed in and give, and everything that any mail said
import { html, mount, signal, effect, useState } from '../ui/dom.js';
import { extend, lang, t } from '../i18n/index.js';
import en from '../i18n/me.en.js';
import da from '../i18n/me.da.js';
import { connect, person, session, slug } from '../ui/app.js';
import { Header, Main, Skeleton, whyOf } from '../ui/chrome.js';
import { Gate } from '../ui/gate.js';
import { Later } from '../ui/later.js';
import { followPages, pagesRead } from '../ui/pages.js';
import { under } from '../wire.js';
import { Invitations } from './invitations.js';
import { Registration } from './registration.js';
import { Ways } from './ways.js';
import { stamp } from './words.js';

extend({ en, da });
const conn = connect();
followPages();
conn.start();
const doc = signal(/** @type {any} */ (null));
const fault = signal('');

const read = () => conn.call('registration.mine').then((r) => {
  doc.value = r;
  fault.value = '';
}, (e) => void (fault.value = whyOf(e)));

effect(() => {
  const id = session.value?.person?.id;
  if (!id) {
    doc.value = null;
    return;
  }
  // Read once the changes are followed: between the two nothing is missed, however long a busy server lets the second wait.
  return conn.subscribe(`person:${id}`, { snapshot: () => void read(), event: (type) => (/^(registration|code|abstract|decision|file|talk)\./.test(type) ? void read() : undefined), fault: () => void read() });
});
// An offer runs out by the clock alone, and a mail may be written at any time.
setInterval(() => document.hidden || (person.value && session.value && void read()), 60000);
addEventListener('visibilitychange', () => document.hidden || (person.value && session.value && void read()));
effect(() => void (document.title = `${(lang.value, t('me.here'))} · ${session.value?.conference.title || 'Plenum'}`));

/** @param {{d: any}} props */
function Given({ d }) {
  if (!d.abstracts.length && !d.talks.length) return null;
  return html`<section aria-labelledby="given-h"><h2 id="given-h">${t('me.given')}</h2>
    ${d.talks.length ? html`<ul class="lines">${d.talks.map((/** @type {any} */ x) => html`<li key=${x.id}><strong dir="auto">${x.title}</strong><span class="hint">${x.start ? html`<time class="num" datetime=${x.start}>${stamp(x.start)}</time>${x.room ? html` · <span dir="auto">${x.room}</span>` : null}` : t('me.no_time')}</span></li>`)}</ul>` : null}
    ${d.abstracts.length ? html`<h3>${t('me.abstracts')}</h3><ul class="lines">${d.abstracts.map((/** @type {any} */ a) => html`<li key=${a.id}><span>${a.number ? html`<span class="num">${a.number}</span> ` : null}<span dir="auto">${a.title || t('me.untitled')}</span></span> <span class=${`tag ${a.outcome === 'talk' || a.outcome === 'poster' ? 'on' : ''}`}>${t(a.outcome ? `me.outcome_${a.outcome}` : `me.abstract_${a.state}`)}${a.rank ? html` <span class="num">${a.rank}</span>` : null}</span></li>`)}</ul><p><a href=${under(slug, '/apply')}>${t('me.apply')}</a></p>` : null}</section>`;
}

/** Where a mail names a page of ours: there the address stood in front of it. */
const OWN = /((?<=^|\s)\/[a-z][\w#=&?/-]*)/m;

/** @param {{mails: any[]}} props */
function Mails({ mails }) {
  const [all, setAll] = useState(false);
  const some = all ? mails : mails.slice(0, 10);
  return html`<section aria-labelledby="mails-h"><h2 id="mails-h">${t('me.mails')}</h2>${mails.length ? null : html`<p class="empty-line">${t('me.no_mails')}</p>`}
    ${some.map((m) => html`<details key=${m.at + m.subject} class="fold mail"><summary><span class="mail-subject" dir="auto">${m.subject}</span> <time class="hint num" datetime=${m.at}>${stamp(m.at)}</time>${m.state === 'bounced' ? html` <span class="tag off">${t('me.bounced')}</span>` : null}</summary><p class="mail-text" dir="auto">${m.text.split(OWN).map((/** @type {string} */ x, /** @type {number} */ i) => (i % 2 ? html`<a href=${x}>${location.origin}${x}</a>` : x))}</p></details>`)}
    ${mails.length > some.length ? html`<button type="button" class="second" onClick=${() => setAll(true)}>${t('me.all_mails', { n: mails.length })}</button>` : null}</section>`;
}

function Body() {
  const d = doc.value;
  if (!d || !pagesRead.value) return fault.value ? html`<p class="error" role="alert">${fault.value}</p>` : html`<${Skeleton} n=${5} />`;
  return html`<h1 dir="auto">${d.person.name}</h1><p class="hint" dir="ltr">${d.person.email}</p><${Ways} /><p class="error" role="alert">${fault.value}</p>
    <${Invitations} conn=${conn} doc=${d} read=${read} /><${Registration} conn=${conn} doc=${d} read=${read} /><${Given} d=${d} /><${Later} load=${() => import('../ui/upload.js')} name="MyFiles" props=${{ conn }} /><${Mails} mails=${d.mails} />`;
}

const SIGNED_IN = ['attendee', 'speaker', 'moderator', 'desk', 'reviewer', 'organiser', 'juror', 'applicant'];
mount('app', html`<${() => html`<${Header} conn=${conn} here=${t('me.here')} /><${Main} name="me"><${Gate} conn=${conn} wanted=${SIGNED_IN} about=${t('me.sign_in')}><${Body} /><//><//>`} />`);
