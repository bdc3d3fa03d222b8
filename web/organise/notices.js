// web/organise/notices.js: announcements: said once to whom they concern, mended or withdrawn, and who has read them
import './day_texts.js';
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn, own } from '../i18n/index.js';
import { has } from '../ui/app.js';
import { schedule } from '../ui/schedule.js';
import { clock, dayName, dayKey, conferenceTime, minute } from '../ui/clock.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { uuid } from '../wire.js';
import { go } from './route.js';

/**
 * @typedef {{id: string, audience: string, room?: string, role?: string, urgency: string, until?: string, text: Record<string, string>, version: number, at: string, withdrawn?: string,
 *   current: boolean, mail: boolean, recipients: number, read: number, stations: number}} Row
 * @typedef {{id: string, audience: string, room: string, role: string, urgency: string, minutes: string, until: string, en: string, da: string, mail: boolean, version: number}} Form
 */

const ROLES = ['speaker', 'moderator', 'desk', 'reviewer', 'juror', 'organiser'];
const SPANS = ['', '15', '30', '60', '180'];

/** @param {Partial<Form>} [more] @returns {Form} */
const blank = (more) => ({ id: uuid(), audience: 'all', room: '', role: '', urgency: 'info', minutes: '', until: '', en: '', da: '', mail: false, version: 0, ...more });
/** @param {Row} n @returns {Form} */
const formOf = (n) => blank({ id: n.id, audience: n.audience, room: n.room || '', role: n.role || '', urgency: n.urgency, minutes: n.until ? 'keep' : '', until: n.until || '', en: n.text.en || '', da: n.text.da || '', mail: n.mail, version: n.version });

/** @param {{audience: string, room?: string, role?: string}} n */
function audienceName(n) {
  if (n.audience === 'room') return schedule.value?.room.get(n.room || '')?.name || '';
  return n.audience === 'role' ? t(`notices.role_${n.role}`) : t(`notices.to_${n.audience}`);
}

/** @param {string} at */
const when = (at) => `${dayKey(at) === dayKey(minute.value) ? '' : `${dayName(at)} `}${clock(at)}`;

/** The instant a choice means; null: no end. @param {Form} f */
const untilOf = (f) => (f.minutes === 'keep' ? f.until : f.minutes ? new Date(conferenceTime() + Number(f.minutes) * 60000).toISOString() : null);

/** Who hears it, how urgent, until when, in which words. @param {{conn: import('../protocol.js').Connection, form: Form, done: (said: string) => void, behind: (row: Row) => void}} props */
function Editor({ conn, form, done, behind }) {
  const [f, setF] = useState(form);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const fresh = !f.version;
  const set = (/** @type {Partial<Form>} */ more) => setF({ ...f, ...more });
  const value = (/** @type {keyof Form} */ name) => (/** @type {any} */ e) => set({ [name]: e.target.value });
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    const until = untilOf(f);
    const text = { en: f.en.trim(), ...(f.da.trim() ? { da: f.da.trim() } : {}) };
    try {
      if (fresh) {
        const place = f.audience === 'room' ? { room: f.room } : f.audience === 'role' ? { role: f.role } : {};
        const reply = await conn.write('notice.publish', { notice: f.id, audience: f.audience, ...place, urgency: f.urgency, ...(until ? { until } : {}), text, mail: f.mail });
        done(tn('notices.said', reply.recipients));
      } else {
        await conn.write('notice.edit', { notice: f.id, expect_version: f.version, text, urgency: f.urgency, ...(f.minutes !== 'keep' && until ? { until } : {}) });
        done(t('notices.edited'));
      }
    } catch (x) {
      const fault = /** @type {any} */ (x);
      if (fault.fault === 'conflict' && fault.data?.current) {
        // What was typed stays; saving again is then meant for the version we now know of.
        behind(fault.data.current);
        setF({ ...f, version: fault.data.current.version });
      }
      setError(fault.fault === 'conflict' ? t('notices.conflict') : whyOf(fault));
      setBusy(false);
    }
  };
  const choice = (/** @type {string} */ name, /** @type {string} */ at, /** @type {string} */ label, /** @type {boolean} */ on, /** @type {() => void} */ pick) => html`<label key=${at} class="chip"><input type="radio" name=${name} checked=${on} onChange=${pick} /><span>${label}</span></label>`;
  return html`<form class="notice-form" onSubmit=${send}>
    ${fresh ? html`<fieldset><legend>${t('notices.to')}</legend><div class="chips">${['all', 'on_site', 'online', 'room', 'role'].map((a) => choice('audience', a, t(`notices.to_${a}`), f.audience === a, () => set({ audience: a })))}</div></fieldset>
      ${f.audience === 'room' ? html`<label class="field"><span>${t('notices.room')}</span><select required value=${f.room} onChange=${value('room')}><option value="">${t('notices.choose')}</option>${(schedule.value?.rooms || []).map((r) => html`<option key=${r.id} value=${r.id} selected=${r.id === f.room}>${r.name}</option>`)}</select></label>` : null}
      ${f.audience === 'role' ? html`<label class="field"><span>${t('notices.role')}</span><select required value=${f.role} onChange=${value('role')}><option value="">${t('notices.choose')}</option>${ROLES.map((r) => html`<option key=${r} value=${r}>${t(`notices.role_${r}`)}</option>`)}</select></label>` : null}` : html`<p class="hint">${t('notices.to')}: <span dir="auto">${audienceName(f)}</span></p>`}
    <fieldset><legend>${t('notices.urgency')}</legend><div class="chips">${['info', 'important', 'urgent'].map((u) => choice('urgency', u, t(`notice.${u}`), f.urgency === u, () => set({ urgency: u })))}</div></fieldset>
    <label class="field"><span>${t('notices.en')}</span><textarea required rows="3" maxlength="5000" lang="en" value=${f.en} onInput=${value('en')}></textarea></label>
    <label class="field"><span>${t('notices.da')}</span><textarea rows="3" maxlength="5000" lang="da" value=${f.da} onInput=${value('da')}></textarea></label>
    <fieldset><legend>${t('notices.until')}</legend><div class="chips">${f.version && f.until ? choice('until', 'keep', clock(f.until), f.minutes === 'keep', () => set({ minutes: 'keep' })) : null}${SPANS.filter((s) => s || fresh || !f.until).map((s) => choice('until', s || 'none', s ? t(`notices.span_${s}`) : t('notices.no_end'), f.minutes === s, () => set({ minutes: s })))}</div></fieldset>
    ${fresh ? html`<label class="tick"><input type="checkbox" checked=${f.mail} onChange=${(/** @type {any} */ e) => set({ mail: e.target.checked })} /><span>${t('notices.mail')}</span></label>` : null}
    <p class="error" role="alert">${error}</p>
    <div class="row"><button class="primary" type="submit" disabled=${busy}>${fresh ? t('notices.publish') : t('notices.save')}</button><button class="link" type="button" onClick=${() => done('')}>${t('cancel')}</button></div></form>`;
}

/** @param {{conn: import('../protocol.js').Connection, n: Row, edit: () => void, fail: (why: string) => void}} props */
function One({ conn, n, edit, fail }) {
  const [sure, setSure] = useState(false);
  const withdraw = async () => {
    setSure(false);
    try {
      await conn.write('notice.withdraw', { notice: n.id, expect_version: n.version });
      announce(t('notices.withdrawn'));
    } catch (e) {
      fail(whyOf(e));
    }
  };
  const state = n.withdrawn ? t('notices.was_withdrawn', { time: when(n.withdrawn) }) : n.until && !n.current ? t('notices.ran_out', { time: when(n.until) }) : n.until ? t('notices.holds_until', { time: when(n.until) }) : '';
  return html`<li class=${cx('notice-row', !n.current && 'gone')}>
    <p class="notice-meta"><span class=${cx('tag', n.current && n.urgency !== 'info' && 'on')}>${t(`notice.${n.urgency}`)}</span> <strong dir="auto">${audienceName(n)}</strong> <span class="hint num">${when(n.at)}${state ? ` · ${state}` : ''}</span></p>
    <p class="notice-text" dir="auto">${own(n.text)}</p>
    <p class="hint num">${t('notices.read', { read: n.read, n: n.recipients })}${n.stations ? ` · ${tn('notices.stations', n.stations)}` : ''}${n.mail ? ` · ${t('notices.mailed')}` : ''}</p>
    ${n.current ? html`<div class="row">${sure ? html`<button type="button" class="primary" onClick=${withdraw}>${t('notices.withdraw_sure')}</button><button type="button" class="link" onClick=${() => setSure(false)}>${t('cancel')}</button>` : html`<button type="button" class="second" onClick=${edit}>${t('notices.edit')}</button><button type="button" class="second" onClick=${() => setSure(true)}>${t('notices.withdraw')}</button>`}</div>` : null}</li>`;
}

/** Rows by id, newest first, kept current. @param {import('../protocol.js').Connection} conn */
function useNotices(conn) {
  const [rows, setRows] = useState(/** @type {Row[] | null} */ (null));
  const [error, setError] = useState('');
  /** What was heard while an answer is on its way: it may not be in it. @type {{current: ((old: Row[]) => Row[])[]}} */
  const heard = useRef([]);
  const read = () => {
    /** @type {((old: Row[]) => Row[])[]} */
    const mine = (heard.current = []);
    return conn.call('notice.list').then((r) => heard.current === mine && setRows(mine.reduce((rows, change) => change(rows), r.notices))).catch((e) => setError(whyOf(e)));
  };
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(read, 200);
    };
    const hear = (/** @type {(old: Row[]) => Row[]} */ change) => {
      heard.current.push(change);
      setRows((old) => old && change(old));
    };
    const put = (/** @type {Row} */ row) => hear((old) => (old.some((x) => x.id === row.id && x.version > row.version) ? old : [row, ...old.filter((x) => x.id !== row.id)].sort((a, b) => (a.at < b.at ? 1 : -1))));
    const count = (/** @type {[string, number][]} */ tally) => hear((old) => old.map((x) => ({ ...x, read: tally.find(([id]) => id === x.id)?.[1] ?? x.read })));
    // The organisers' channel has the rows themselves; the desk asks again when anything is said.
    const stop = has('organiser')
      ? conn.subscribe('notice:organiser', { snapshot: soon, event: (type, data) => type === 'notice.listed' && put(data), tick: count })
      : conn.subscribe('notice:all', { snapshot: soon, event: soon });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  return { rows, error, read };
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Notices({ conn, args }) {
  const { rows, error, read } = useNotices(conn);
  const [said, setSaid] = useState('');
  const [fault, setFault] = useState('');
  const [newer, setNewer] = useState(/** @type {Row | null} */ (null));
  const [which, place] = args;
  minute.value;
  const chosen = rows?.find((x) => x.id === which);
  const done = (/** @type {string} */ text) => {
    setSaid(text);
    setNewer(null);
    if (text) announce(text);
    read();
    go('notices');
  };
  if (!rows) return error ? html`<h1>${t('view.notices')}</h1><p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${2} />`;
  const current = rows.filter((n) => n.current);
  const past = rows.filter((n) => !n.current);
  const list = (/** @type {Row[]} */ some) => html`<ul class="notice-rows">${some.map((n) => html`<${One} key=${n.id} conn=${conn} n=${n} edit=${() => go('notices', n.id)} fail=${(/** @type {string} */ why) => { setFault(why); read(); }} />`)}</ul>`;
  return html`<h1>${t('view.notices')}</h1>${said ? html`<p class="said" role="status">${said}</p>` : null}<p class="error" role="alert">${error || fault}</p>
    ${which === 'new' ? html`<${Editor} key=${place} conn=${conn} form=${blank(place ? { audience: 'room', room: place, urgency: 'important', minutes: '60' } : {})} done=${done} behind=${() => {}} />`
      : chosen ? html`${newer ? html`<p class="said"><strong>${t('notices.newer')}</strong> <span dir="auto">${own(newer.text)}</span></p>` : null}<${Editor} key=${which} conn=${conn} form=${formOf(chosen)} done=${done} behind=${setNewer} />`
        : html`<p><button type="button" class="primary" onClick=${() => { setSaid(''); go('notices', 'new'); }}>${t('notices.new')}</button></p>`}
    ${current.length ? html`<section class="part" aria-labelledby="notices-now"><h2 id="notices-now">${t('notices.now')}</h2><div>${list(current)}</div></section>` : html`<p class="empty-line">${t('notices.none')}</p>`}
    ${past.length ? html`<section class="part" aria-labelledby="notices-past"><h2 id="notices-past">${t('notices.past')}</h2><div>${list(past)}</div></section>` : null}`;
}
