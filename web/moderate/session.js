// web/moderate/session.js: what holds for the session: its windows with pause and joint discussion, its settings, and what was asked as a file
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { conferenceTime, duration, now } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { has } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { desk, room, write } from './model.js';
import { NumberField, Tick, useTurns } from '../ui/setting.js';
import { titleOf } from './forms.js';

/** @typedef {import('../protocol.js').Connection} Connection */

const WINDOWS = ['ask', 'vote', 'show', 'mic'];
const MODES = ['auto', 'open', 'closed'];

/** The windows as they stand for all talks shown: one value, or several. @param {string[]} talks @param {(w: any) => any} member */
function common(talks, member) {
  const all = new Set(talks.map((id) => member({ ...desk.value.windows.get(id), settings: desk.value.settings.get(id) })));
  return all.size === 1 ? [...all][0] : undefined;
}

/** Where a change of the windows goes: one talk, or the whole session. @param {string} session @param {string[]} talks @param {string} filter */
export const scopeOf = (session, talks, filter) => (filter || talks.length === 1 || !session ? { talk: filter || talks[0] } : { session });

/** @param {Connection} conn @param {any} scope @param {any} params */
async function setWindow(conn, scope, params) {
  const reply = await write(conn, 'qa.window', { ...scope, ...params });
  if (!reply) return;
  // The events say it for each talk; the reply for the one it names.
  if (scope.talk && reply.window) {
    desk.value = { ...desk.value, windows: new Map(desk.value.windows).set(scope.talk, { ...desk.value.windows.get(scope.talk), ...reply.window }) };
    if (reply.settings) desk.value = { ...desk.value, settings: new Map(desk.value.settings).set(scope.talk, reply.settings) };
  }
  announce(t('desk.saved'));
}

/** The two switches that matter while a talk runs. @param {{conn: Connection, session: string, talks: string[], filter: string, talk: any}} props */
export function Controls({ conn, session, talks, filter, talk }) {
  const [wait, setWait] = useState(false);
  const shown = filter ? [filter] : talks;
  const open = common(shown, (w) => !!w.ask);
  const paused = common(shown, (w) => !!w.paused);
  const known = shown.some((id) => desk.value.windows.has(id));
  const scope = scopeOf(session, talks, filter);
  const go = async (/** @type {() => Promise<any>} */ what) => {
    setWait(true);
    await what();
    setWait(false);
  };
  now.value;
  return html`<div class="controls">
    ${known ? html`<span class="window"><span class=${open ? 'tag on' : 'tag'}>${t(paused ? 'desk.paused' : open ? 'moderate.open' : open === false ? 'moderate.closed' : 'desk.partly')}</span>
      <button type="button" class="second" disabled=${wait} onClick=${() => go(() => setWindow(conn, scope, open ? { ask: 'closed', vote: 'closed' } : { ask: 'open', vote: 'open' }))}>${open ? t('moderate.close_window') : t('moderate.open_window')}</button>
      <button type="button" class="second" disabled=${wait} aria-pressed=${!!paused} onClick=${() => go(() => setWindow(conn, scope, { paused: !paused }))}>${t(paused ? 'desk.go_on' : 'desk.pause')}</button></span>` : null}
    ${talk ? html`<span>${talk.started && !talk.ended ? html`<button type="button" class="second" disabled=${wait} onClick=${() => go(() => write(conn, 'talk.end', { talk: talk.id }))}>${t('moderate.end')}</button><span class="hint">${t('moderate.since', { span: duration(conferenceTime() - Date.parse(talk.started)) })}</span>` : talk.ended ? html`<span class="hint">${t('state.ended')}</span>` : html`<button type="button" class="second" disabled=${wait} onClick=${() => go(() => write(conn, 'talk.start', { talk: talk.id }))}>${t('moderate.start')}</button>`}</span>` : null}
  </div>`;
}

/** @param {{conn: Connection, session: string, talks: string[], filter: string}} props */
function Windows({ conn, session, talks, filter }) {
  const shown = filter ? [filter] : talks;
  const scope = scopeOf(session, talks, filter);
  const joint = common(shown, (w) => !!w.joint);
  const paused = common(shown, (w) => !!w.paused);
  return html`<section class="panel-part" aria-labelledby="windows-h"><h3 id="windows-h">${t('windows.title')}</h3>
    <p class="hint" dir="auto">${talks.length === 1 || filter ? titleOf(filter || talks[0]) : t('windows.all', { n: talks.length })}</p>
    ${WINDOWS.map((name) => {
      const mode = common(shown, (w) => w.settings?.[`${name}_window`]);
      const open = common(shown, (w) => w[name]);
      return html`<div key=${name} class="window-row" role="group" aria-label=${t(`windows.${name}`)}><span class="window-name">${t(`windows.${name}`)} <span class=${open ? 'tag on' : 'tag'}>${t(open ? 'windows.is_open' : open === false ? 'windows.is_closed' : 'desk.partly')}</span></span>
        <span class="segments">${MODES.map((m) => html`<button key=${m} type="button" aria-pressed=${mode === m} onClick=${() => setWindow(conn, scope, { [name]: m })}>${t(`windows.${m}`)}</button>`)}</span></div>`;
    })}
    <${Tick} label=${t('windows.paused')} value=${!!paused} set=${(/** @type {boolean} */ on) => setWindow(conn, scope, { paused: on })} />
    <${Tick} label=${t('windows.joint')} value=${!!joint} set=${(/** @type {boolean} */ on) => setWindow(conn, session ? { session } : scope, { joint: on })} />
    <p class="hint">${t('windows.hint')}</p></section>`;
}

const IDENTITIES = ['masked', 'named', 'choice', 'anonymous'];

/** @param {{conn: Connection, session: string}} props */
function Settings({ conn, session }) {
  const held = () => ({ ...desk.value.settings.get(desk.value.talks[0]), ...room.value?.settings });
  const s = held();
  const [why, setWhy] = useState('');
  const turn = useTurns();
  if (!s.identity) return null;
  const fixed = [...desk.value.questions.values()].some((q) => !q.kind || q.kind === 'asked');
  const set = (/** @type {any} */ change) => turn(async () => {
    setWhy('');
    const reply = await write(conn, 'qa.settings', { session, ...change, expect_version: held().version });
    if (!reply) return setWhy(`refused ${performance.now()}`);
    const next = { ...held(), ...change, ...(reply.settings || {}), ...(reply.version ? { version: reply.version } : {}) };
    desk.value = { ...desk.value, settings: new Map(desk.value.talks.map((id) => [id, { ...desk.value.settings.get(id), ...next }])) };
    if (room.value) room.value = { ...room.value, settings: next };
    announce(t('desk.saved'));
  });
  const number = (/** @type {string} */ name, /** @type {number} */ min, /** @type {number} */ max) => html`<${NumberField} label=${t(`settings_of.${name}`)} min=${min} max=${max} value=${s[name]} set=${(/** @type {number} */ n) => set({ [name]: n })} />`;
  return html`<section class="panel-part" aria-labelledby="settings-h"><h3 id="settings-h">${t('settings_of.title')}</h3>
    <label class="field"><span>${t('settings_of.identity')}</span><select key=${`${s.identity}${s.version}${why}`} value=${s.identity} disabled=${fixed} aria-describedby="identity-why" onChange=${(/** @type {any} */ e) => set({ identity: e.target.value })}>${IDENTITIES.map((i) => html`<option key=${i} value=${i}>${t(`identity.${i}`)}</option>`)}</select></label>
    <p class="hint" id="identity-why">${t(fixed ? 'settings_of.identity_fixed' : 'settings_of.identity_free')}</p>
    <${Tick} label=${t('settings_of.moderated')} value=${!!s.moderated} set=${(/** @type {boolean} */ on) => set({ moderated: on })} />
    <div class="panel-form two">${number('auto_approve_s', 0, 3600)}${number('report_threshold', 1, 1000)}</div>
    <p class="hint">${t('settings_of.hint')}</p></section>`;
}

/** What was asked as a file, page by page. @param {Connection} conn @param {string} session @param {'csv' | 'ndjson'} format @param {string} [part] */
async function save(conn, session, format, part) {
  const texts = [];
  let after;
  do {
    const page = await conn.call('qa.export', { session, format, ...(part ? { part } : {}), ...(after ? { after } : {}) });
    texts.push(page.text);
    after = page.next;
  } while (after);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(texts, { type: format === 'csv' ? 'text/csv' : 'application/x-ndjson' }));
  link.download = `${part || 'questions'}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** @param {{conn: Connection, session: string}} props */
function Export({ conn, session }) {
  const [why, setWhy] = useState('');
  const go = (/** @type {'csv' | 'ndjson'} */ format, /** @type {string} */ part = '') => save(conn, session, format, part).then(() => setWhy(''), (e) => setWhy(whyOf(e)));
  return html`<section class="panel-part" aria-labelledby="export-h"><h3 id="export-h">${t('export.title')}</h3><p class="row">${['questions', 'trail', 'polls', 'summary'].map((part) => html`<button key=${part} type="button" class="second" onClick=${() => go('csv', part)}>${t(`export.${part}`)} (CSV)</button>`)}
    <button type="button" class="second" onClick=${() => go('ndjson')}>${t('export.all')} (NDJSON)</button></p><p class="error" role="alert">${why}</p></section>`;
}

/** @param {{conn: Connection, session: string, talks: string[], filter: string}} props */
export const Setup = ({ conn, session, talks, filter }) => html`<div class="panel"><${Windows} conn=${conn} session=${session} talks=${talks} filter=${filter} />${has('moderator', 'organiser') ? html`<${Settings} conn=${conn} session=${session} /><${Export} conn=${conn} session=${session} />` : null}</div>`;
