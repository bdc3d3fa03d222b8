// web/organise/review_people.js: who reviews, their topics, how much they want, how far they are
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { draft } from './draft.js';
import { useFind } from './person.js';

/** @typedef {import('./review_table.js').Reviewer} Reviewer */

/** @param {{r: Reviewer | null, who: any, conn: import('../protocol.js').Connection, done: () => void, cancel: () => void}} props */
function Edit({ r, who, conn, done, cancel }) {
  const [tracks, setTracks] = useState(r?.tracks || []);
  const [load, setLoad] = useState(r?.load === null || r?.load === undefined ? '' : String(r.load));
  const [affiliations, setAffiliations] = useState(r?.affiliations || '');
  const [leaving, setLeaving] = useState('');
  const [error, setError] = useState('');
  const act = async (/** @type {string} */ method, /** @type {any} */ params, /** @type {string} */ said) => {
    try {
      await conn.write(method, params);
      announce(said);
      done();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const save = (/** @type {Event} */ e) => {
    e.preventDefault();
    act('reviewer.save', { ...who, tracks, affiliations, ...(load === '' ? {} : { load: Number(load) }) }, t('form.saved'));
  };
  return html`<form class="editor" onSubmit=${save}><fieldset><legend><strong>${t('rt.topics')}</strong></legend><p class="hint">${t('rt.topics_hint')}</p>
      ${(draft.value?.tracks || []).map((/** @type {any} */ x) => html`<label class="tick" key=${x.id}><input type="checkbox" checked=${tracks.includes(x.id)} onChange=${(/** @type {any} */ e) => setTracks(e.target.checked ? [...tracks, x.id] : tracks.filter((id) => id !== x.id))} /><span dir="auto">${x.name}</span></label>`)}</fieldset>
    <label class="field half"><span>${t('rt.load')}</span><input type="number" inputmode="numeric" min="0" max="1000" value=${load} onInput=${(/** @type {any} */ e) => setLoad(e.target.value)} /></label>
    <label class="field"><span>${t('rt.affiliations')}</span><span class="hint">${t('rt.affiliations_hint')}</span><textarea dir="auto" rows="3" maxlength="1000" value=${affiliations} onInput=${(/** @type {any} */ e) => setAffiliations(e.target.value)}></textarea></label>
    <p class="error" role="alert">${error}</p>
    <p class="row editor-end"><button type="submit" class="primary">${t('form.save')}</button><button type="button" class="link" onClick=${cancel}>${t('cancel')}</button>
      ${r && !leaving ? html`<button type="button" class="link editor-remove" onClick=${() => setLeaving('yes')}>${t('rt.remove')}</button>` : null}</p>
    ${r && leaving ? html`<div class="rt-leave" role="group" aria-label=${t('rt.remove')}><p>${t('rt.remove_what', { name: r.name })}</p><p class="row">${['keep', 'drop'].map((how) => html`<button key=${how} type="button" class="second bad" onClick=${() => act('reviewer.remove', { person: r.person, reviews: how }, t('rt.removed'))}>${t(`rt.remove_${how}`)}</button>`)}</p></div>` : null}</form>`;
}

/** @param {{conn: import('../protocol.js').Connection, reviewers: Reviewer[], done: () => void}} props */
function Add({ conn, reviewers, done }) {
  const [text, setText] = useState('');
  const [email, setEmail] = useState('');
  const [who, setWho] = useState(/** @type {any} */ (null));
  const { found, error } = useFind(conn, who ? '' : text);
  const others = found?.filter((p) => !reviewers.some((r) => r.person === p.id));
  const close = () => { setWho(null); setText(''); setEmail(''); };
  if (who) return html`<div class="row-open"><h3 dir="auto">${who.name}</h3><${Edit} r=${null} who=${who.person ? { person: who.person } : { email: who.email, name: who.name }} conn=${conn} done=${() => { close(); done(); }} cancel=${close} /></div>`;
  return html`<form class="staff-add rt-add" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); setWho({ email: email.trim(), name: text.trim() }); }}>
    <label class="field"><span>${t('form.name')}</span><input type="text" dir="auto" required autocomplete="off" maxlength="200" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    <label class="field"><span>${t('sign.email')}</span><input type="email" required autocomplete="off" maxlength="254" value=${email} onInput=${(/** @type {any} */ e) => setEmail(e.target.value)} /></label>
    <button class="second" type="submit">${t('rt.add')}</button></form><p class="error" role="alert">${error}</p>
    ${others?.length ? html`<ul class="chips">${others.map((p) => html`<li key=${p.id}><button type="button" class="second" onClick=${() => setWho({ person: p.id, name: p.name })}><span dir="auto">${t('rt.make', { name: p.name })}</span></button></li>`)}</ul>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection, all: import('./review_table.js').All, read: () => Promise<void>}} props */
export function Reviewers({ conn, all, read }) {
  const [open, setOpen] = useState('');
  const names = new Map((draft.value?.tracks || []).map((/** @type {any} */ x) => [x.id, x.name]));
  const line = (/** @type {Reviewer} */ r) => html`<button type="button" class="row-line" aria-expanded="false" onClick=${() => setOpen(r.person)}><span class="row-name" dir="auto">${r.name}</span>
    <span class="hint" dir="auto">${r.tracks.length ? r.tracks.map((id) => names.get(id)).filter(Boolean).join(', ') : t('rt.any_topic')}</span>
    <span class="tag num">${t('rt.far', { final: r.final, all: r.assigned })}${r.load === null ? '' : ` · ${t('rt.most', { n: r.load })}`}</span></button>`;
  return html`<${Add} conn=${conn} reviewers=${all.reviewers} done=${read} />
    ${all.reviewers.length ? html`<ul class="rows">${all.reviewers.map((r) => html`<li key=${r.person} class=${open === r.person ? 'row-open' : ''}>${open === r.person ? html`<h3 dir="auto">${r.name}</h3><p class="hint" dir="ltr">${r.email}</p><${Edit} r=${r} who=${{ person: r.person }} conn=${conn} done=${() => { setOpen(''); read(); }} cancel=${() => setOpen('')} />` : line(r)}</li>`)}</ul>` : html`<p class="empty-line">${t('rt.no_people')}</p>`}`;
}
