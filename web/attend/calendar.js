// web/attend/calendar.js: "My calendar": links to one's own calendar, one for each place it is read from, and the public ones (loaded when asked for)
import { html, signal, useEffect, useRef, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { ago, minute } from '../ui/clock.js';
import { has, person, slug } from '../ui/app.js';
import { schedule } from '../ui/schedule.js';
import { whyOf } from '../ui/chrome.js';
import { signin } from '../ui/signin.js';
import { Calendar, Close, Copy } from '../ui/icons.js';
import { under } from '../wire.js';
import { qrPath } from '../ui/qr.js';

/** @typedef {import('../protocol.js').Connection} Connection */
/** @typedef {{feed: string, url: string, webcal: string, google?: string, outlook?: any, label: string}} Link */

const feeds = signal(/** @type {any[] | null} */ (null));
/** The address just made: it is shown once, for only its fingerprint is kept. */
const made = signal(/** @type {Link | null} */ (null));

/** Why the list could not be read; it is asked for again every two seconds while the dialog is open. */
const unread = signal('');
let asked = 0;

/** The newest question's answer counts. @param {Connection} conn */
async function readFeeds(conn) {
  const mine = ++asked;
  try {
    const doc = await conn.call('feed.list');
    if (mine !== asked) return;
    feeds.value = doc.feeds;
    unread.value = '';
  } catch (e) {
    if (mine !== asked) return;
    unread.value = whyOf(e);
    setTimeout(() => mine === asked && readFeeds(conn), 2000);
  }
}

/** Every speaker once. */
function speakers() {
  /** @type {Map<string, string>} */
  const all = new Map();
  for (const { talk } of schedule.value?.talk.values() || []) for (const p of talk.speakers) all.set(p.id, p.name);
  return [...all].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** What a calendar may hold, as one list: `scope` or `scope:id`. */
function scopes() {
  const s = schedule.value;
  return [
    { name: '', options: [{ id: 'stars', name: t('calendar.stars') }, ...(has('speaker') ? [{ id: 'speaking', name: t('calendar.speaking') }] : []), { id: 'all', name: t('calendar.all') }] },
    { name: t('programme.room'), options: (s?.rooms || []).map((r) => ({ id: `room:${r.id}`, name: r.name })) },
    { name: t('programme.track'), options: (s?.tracks || []).map((r) => ({ id: `track:${r.id}`, name: r.name })) },
    { name: t('calendar.speaker'), options: speakers().map((r) => ({ id: `speaker:${r.id}`, name: r.name })) },
  ].filter((g) => g.options.length);
}

const scopeName = (/** @type {any} */ f) => scopes().flatMap((g) => g.options).find((o) => o.id === (f.of ? `${f.scope}:${f.of}` : f.scope))?.name || t(`calendar.${f.scope}`);
const addresses = (/** @type {any} */ outlook) => (!outlook ? [] : typeof outlook === 'string' ? [outlook] : Object.values(outlook)).filter((x) => typeof x === 'string');

/** @param {{link: Link}} props */
function Made({ link }) {
  const [copied, setCopied] = useState(false);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard?.writeText(link.url).catch(() => {});
    setCopied(true);
  };
  const desktop = matchMedia('(hover: hover) and (pointer: fine)').matches;
  const code = qrPath(link.url);
  return html`<section class="made" aria-labelledby="made-h"><h3 id="made-h" dir="auto">${t('calendar.made', { label: link.label })}</h3><p>${t('calendar.once')}</p>
    <div class="copy-row"><input ref=${field} readonly dir="ltr" value=${link.url} aria-label=${t('calendar.address')} onFocus=${(/** @type {any} */ e) => e.target.select()} /><button type="button" class="primary" onClick=${copy}><${Copy} />${copied ? t('calendar.copied') : t('calendar.copy')}</button></div>
    <div class="made-ways"><div><p class="row"><a class="second" href=${link.webcal}>${t('calendar.webcal')}</a>${desktop && link.google ? html`<a class="second" href=${link.google} target="_blank" rel="noreferrer">Google</a>` : null}${addresses(link.outlook).map((url, i) => html`<a key=${i} class="second" href=${url} target="_blank" rel="noreferrer">${i ? 'Outlook.com' : 'Outlook'}</a>`)}</p>
      <p class="hint">${t('calendar.google_slow')}${desktop ? '' : ` ${t('calendar.google_desktop')}`}</p></div>
      <figure><svg class="qr" viewBox=${`0 0 ${code.size} ${code.size}`} role="img" aria-label=${t('calendar.qr')} shape-rendering="crispEdges"><rect width=${code.size} height=${code.size} fill="white" /><path d=${code.path} fill="black" /></svg><figcaption>${t('calendar.qr_hint')}</figcaption></figure></div>
  </section>`;
}

const ALARMS = [5, 10, 15, 30];

/** What a link does besides holding its sessions. @param {{f?: any}} props */
function Options({ f = {} }) {
  /** @param {string} name @param {[string | number, string][]} options */
  const choice = (name, options) => html`<label class="field"><span>${t(`calendar.${name}`)}</span><select name=${name}>${options.map(([value, text]) => html`<option key=${value} value=${value} selected=${f[name] === value}>${text}</option>`)}</select></label>`;
  // A script can have asked for another number of minutes: it stays what it is unless somebody chooses.
  const alarms = !f.alarm || ALARMS.includes(f.alarm) ? ALARMS : [...ALARMS, f.alarm].sort((a, b) => a - b);
  return html`${choice('alarm', [[0, t('calendar.alarm_off')], ...alarms.map((n) => /** @type {[number, string]} */ ([n, t('time.minutes', { n })]))])}
    ${choice('cancelled', [['keep', t('calendar.cancelled_keep')], ['drop', t('calendar.cancelled_drop')]])}
    ${schedule.value?.zone === 'Europe/Copenhagen' || f.time === 'venue' ? choice('time', [['utc', t('calendar.time_utc')], ['venue', t('calendar.time_venue')]]) : null}
    ${choice('place', [['room', t('calendar.place_room')], ['link', t('calendar.place_link')]])}`;
}

const optionsOf = (/** @type {FormData} */ form) => ({ alarm: Number(form.get('alarm')), cancelled: form.get('cancelled'), time: form.get('time') || 'utc', place: form.get('place') });

/** The options of a link that is there; its address stays. What is typed stays, too, whatever is heard of the programme meanwhile. @param {{f: any, save: (params: any) => Promise<void>, cancel: () => void}} props */
function Edit({ f, save, cancel }) {
  const [busy, setBusy] = useState(false);
  const first = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => first.current?.focus(), []);
  const submit = async (/** @type {any} */ e) => {
    e.preventDefault();
    const form = new FormData(e.target);
    setBusy(true);
    await save({ label: String(form.get('label')).trim(), ...optionsOf(form) });
    setBusy(false);
  };
  return html`<form class="feed-form feed-edit" onSubmit=${submit} aria-label=${`${t('calendar.edit')}: ${f.label}`}><p class="hint">${t('calendar.edit_hint')}</p>
    <label class="field"><span>${t('calendar.label')}</span><input ref=${first} name="label" required maxlength="60" dir="auto" autocomplete="off" defaultValue=${f.label} /></label>
    <${Options} f=${f} />
    <p class="row"><button type="submit" class="primary" disabled=${busy}>${t('calendar.save')}</button><button type="button" class="link" onClick=${cancel}>${t('cancel')}</button></p></form>`;
}

/** @param {{conn: Connection, f: any}} props */
function Feed({ conn, f }) {
  const [ask, setAsk] = useState('');
  const [error, setError] = useState('');
  const edit = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const back = () => {
    if (ask === 'edit') requestAnimationFrame(() => edit.current?.focus());
    setAsk('');
  };
  const act = async (/** @type {string} */ method, /** @type {any} */ params) => {
    setError('');
    try {
      const reply = await conn.write(method, { feed: f.id, ...params });
      if (method === 'feed.rotate') made.value = { ...reply, label: f.label };
      await readFeeds(conn);
      back();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  const got = f.fetched;
  return html`<li class=${f.revoked ? 'feed off' : 'feed'}><p><b dir="auto">${f.label}</b> <span dir="auto">${scopeName(f)}</span></p>
    <p class="hint">${f.revoked ? t('calendar.revoked') : got ? (minute.value, t('calendar.fetched', { agent: got.agent || t('calendar.some'), ago: ago(got.at), seen: got.version, now: f.version })) : t('calendar.never')}</p>
    ${f.revoked ? null : ask === 'rotate' ? html`<p class="row"><button type="button" class="second" onClick=${() => act('feed.rotate', { keep_hours: 24 })}>${t('calendar.rotate_day')}</button><button type="button" class="second" onClick=${() => act('feed.rotate', { keep_hours: 0 })}>${t('calendar.rotate_now')}</button><button type="button" class="link" onClick=${() => setAsk('')}>${t('cancel')}</button></p>`
      : ask === 'revoke' ? html`<p class="row"><button type="button" class="second" onClick=${() => act('feed.revoke', {})}>${t('calendar.revoke_sure')}</button><button type="button" class="link" onClick=${() => setAsk('')}>${t('cancel')}</button></p>`
      : ask === 'edit' ? html`<${Edit} f=${f} save=${(/** @type {any} */ params) => act('feed.edit', params)} cancel=${back} />`
      : html`<p class="row"><button ref=${edit} type="button" class="link" onClick=${() => setAsk('edit')} aria-label=${`${t('calendar.edit')}: ${f.label}`}>${t('calendar.edit')}</button><button type="button" class="link" onClick=${() => setAsk('rotate')} aria-label=${`${t('calendar.rotate')}: ${f.label}`}>${t('calendar.rotate')}</button><button type="button" class="link" onClick=${() => setAsk('revoke')} aria-label=${`${t('calendar.revoke')}: ${f.label}`}>${t('calendar.revoke')}</button></p>`}
    ${error ? html`<p class="error" role="alert">${error}</p>` : null}</li>`;
}

/** @param {{conn: Connection}} props */
function Create({ conn }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const create = async (/** @type {any} */ e) => {
    e.preventDefault();
    const form = new FormData(e.target);
    const [scope, of] = String(form.get('scope')).split(':');
    const label = String(form.get('label')).trim();
    setBusy(true);
    setError('');
    try {
      made.value = { ...(await conn.write('feed.create', { label, scope, ...(of ? { of } : {}), ...optionsOf(form) })), label };
      e.target.reset();
      await readFeeds(conn);
    } catch (fault) {
      setError(whyOf(fault));
    }
    setBusy(false);
  };
  return html`<form class="feed-form" onSubmit=${create}><h3>${t('calendar.new')}</h3><p class="hint">${t('calendar.new_hint')}</p>
    <label class="field"><span>${t('calendar.label')}</span><input name="label" required maxlength="60" dir="auto" list="calendar-labels" autocomplete="off" /></label><datalist id="calendar-labels"><option value="Google" /><option value=${t('calendar.phone')} /><option value="Outlook" /></datalist>
    <label class="field"><span>${t('calendar.what')}</span><select name="scope">${scopes().map((g) => (g.name ? html`<optgroup key=${g.name} label=${g.name}>${g.options.map((o) => html`<option key=${o.id} value=${o.id}>${o.name}</option>`)}</optgroup>` : g.options.map((o) => html`<option key=${o.id} value=${o.id}>${o.name}</option>`)))}</select></label>
    <details class="feed-options"><summary>${t('calendar.options')}</summary>
      <${Options} /></details>
    <p class="error" role="alert">${error}</p>
    <button type="submit" class="primary" disabled=${busy}><${Calendar} />${t('calendar.create')}</button></form>`;
}

/** Those that anybody may read: plain addresses. */
function Public() {
  const s = schedule.value;
  const at = (/** @type {string} */ path) => under(slug, path);
  const group = (/** @type {string} */ kind, /** @type {{id: string, name: string}[]} */ list) => (list.length ? html`<li><span class="public-kind">${t(`calendar.public_${kind}`)}</span><ul>${list.map((x) => html`<li key=${x.id}><a href=${at(`/${kind}/${x.id}/schedule.ics`)} dir="auto">${x.name}</a></li>`)}</ul></li>` : null);
  return html`<details class="public"><summary>${t('calendar.public')}</summary><p class="hint">${t('calendar.public_hint')}</p>
    <ul><li><a href=${at('/schedule.ics')}>${t('calendar.all')}</a></li>${group('room', s?.rooms || [])}${group('track', s?.tracks || [])}${group('speaker', speakers())}</ul></details>`;
}

/** @param {{conn: Connection, close: () => void}} props */
export function CalendarDialog({ conn, close }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    box.current?.showModal();
    return () => {
      made.value = null;
      asked++;
    };
  }, []);
  useEffect(() => {
    if (person.value) readFeeds(conn);
  }, [person.value?.id]);
  const list = feeds.value || [];
  return html`<dialog ref=${box} class="dialog calendar-dialog" aria-labelledby="calendar-title" onClose=${close}>
    <div class="dialog-head"><h2 id="calendar-title">${t('calendar.title')}</h2><button type="button" class="plain square" onClick=${() => box.current?.close()} aria-label=${t('close')}><${Close} /></button></div>
    ${person.value ? html`<div aria-live="polite">${made.value ? html`<${Made} key=${made.value.url} link=${made.value} />` : null}</div>
      ${list.length ? html`<section aria-labelledby="feeds-h"><h3 id="feeds-h">${t('calendar.yours')}</h3><ul class="feeds">${list.map((f) => html`<${Feed} key=${f.id} conn=${conn} f=${f} />`)}</ul></section>` : null}
      <p class="error" role="alert">${unread.value}</p>
      <${Create} conn=${conn} />` : html`<p>${t('calendar.guest')}</p><p><button type="button" class="primary" onClick=${() => { box.current?.close(); signin.value = { why: t('calendar.guest') }; }}>${t('sign.in')}</button></p>`}
    <${Public} />
  </dialog>`;
}
