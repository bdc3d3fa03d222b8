// web/organise/badges_jobs.js: badges one by one: for somebody who has none, what waits or failed, another with a reason
import { html, useEffect, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { useFind } from './person.js';
import { when } from './badges_batch.js';
import { href } from './route.js';

/** @typedef {import('./badges.js').List} List @typedef {import('./badges.js').Job} Job */
const STATES = ['queued', 'sent', 'failed', 'unknown', 'done'];

/** @param {{state: string, copy: number, printer?: string, box?: string, number?: number, waits?: boolean}} told */
function saidOf(told) {
  if (told.box) return t('badges.said_box', { box: told.box, number: told.number || 0 });
  if (told.waits) return t('badges.said_waits');
  return told.printer ? t('badges.said_at', { printer: told.printer }) : t(`badges.state_${told.state}`);
}

/** Somebody who stands there: their first badge, or the one they have. @param {{conn: import('../protocol.js').Connection, list: List, read: () => void}} props */
export function One({ conn, read }) {
  const [text, setText] = useState('');
  const { found, error: notFound } = useFind(conn, text);
  const [said, setSaid] = useState(/** @type {Record<string, string>} */ ({}));
  const [error, setError] = useState('');
  useEffect(() => void (found && announce(tn('organise.people_found', found.length))), [found]);
  const print = async (/** @type {string} */ person) => {
    try {
      const told = await conn.call('badge.print', { person });
      const words = told.new ? saidOf(told) : `${t('badges.has_one')} ${saidOf(told)}`;
      setSaid((old) => ({ ...old, [person]: words }));
      announce(words);
      setError('');
      read();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  return html`<label class="field"><span>${t('organise.find')}</span><input type="search" autocomplete="off" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    <p class="error" role="alert">${error || notFound}</p>
    ${found && !found.length ? html`<p class="empty-line">${t('organise.nobody')}</p>` : null}
    ${found?.length ? html`<ul class="people">${found.map((p) => html`<li key=${p.id}><span class="person-name" dir="auto">${p.name}</span><span class="hint">${said[p.id] || (p.mode && t(`mode.${p.mode}`)) || ''}</span>${said[p.id] ? null : html`<button type="button" class="second" onClick=${() => print(p.id)}>${t('badges.print_one')}</button>`}</li>`)}</ul>` : null}`;
}

/** @param {{conn: import('../protocol.js').Connection, person: string, done: (said: string) => void}} props */
function Another({ conn, person, done }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState('');
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      done(saidOf(await conn.write('badge.reprint', { person, reason: reason.trim() })));
    } catch (x) {
      setError(whyOf(x));
    }
  };
  return html`<form class="another" onSubmit=${send}><label class="field"><span>${t('badges.reason')}</span><input required autofocus maxlength="300" dir="auto" value=${reason} onInput=${(/** @type {any} */ e) => setReason(e.target.value)} /></label>
    <div class="row"><button type="submit" class="primary" disabled=${!reason.trim()}>${t('badges.reprint')}</button><button type="button" class="link" onClick=${() => done('')}>${t('cancel')}</button></div><p class="error" role="alert">${error}</p></form>`;
}

/** @param {{conn: import('../protocol.js').Connection, job: Job, printers: string[], read: () => void, fail: (why: string) => void}} props */
function Row({ conn, job, printers, read, fail }) {
  const [another, setAnother] = useState(false);
  const [printer, setPrinter] = useState('');
  const settle = async (/** @type {string} */ state) => {
    try {
      await conn.write('badge.settle', { job: job.id, state, ...(state === 'queued' && printer ? { printer } : {}) });
      fail('');
      read();
    } catch (e) {
      fail(whyOf(e));
    }
  };
  const wrong = job.state === 'failed' || job.state === 'unknown';
  const where = job.box ? t('badges.said_box', { box: job.box, number: job.number || 0 }) : job.printer || t('badges.any_printer');
  return html`<li class=${cx('badge-job', wrong && 'wrong')}>
    <p class="job-line"><span class="row-name" dir="auto">${job.person.name}</span> <span class=${cx('tag', wrong && 'off')}>${t(`badges.state_${job.state}`)}</span></p>
    <p class="hint num">${[job.copy > 1 ? t('badges.copy', { n: job.copy }) : '', job.reason || '', where, when(job.at), job.by || ''].filter(Boolean).join(' · ')}</p>
    ${job.error ? html`<p class=${wrong ? 'error' : 'hint'}>${job.error}</p>` : null}
    ${another ? html`<${Another} conn=${conn} person=${job.person.id} done=${(/** @type {string} */ said) => {
      setAnother(false);
      if (said) announce(said);
      read();
    }} />` : html`<p class="row">${wrong && printers.length > 1 ? html`<select class="job-printer" aria-label=${t('badges.where_name', { name: job.person.name })} value=${printer} onChange=${(/** @type {any} */ e) => setPrinter(e.target.value)}><option value="">${t('badges.where_asked')}</option>${printers.map((n) => html`<option key=${n} value=${n}>${n}</option>`)}</select>` : null}
      ${wrong ? html`<button type="button" class="second" onClick=${() => settle('queued')}>${t('badges.again')}</button>` : null}
      ${wrong || job.state === 'queued' ? html`<button type="button" class="link" onClick=${() => settle('done')}>${t('badges.is_there')}</button>` : null}
      ${job.state === 'done' || job.batch ? html`<button type="button" class="link" onClick=${() => setAnother(true)} aria-label=${t('badges.another_name', { name: job.person.name })}>${t('badges.another')}</button>` : null}
      <a class="link" href=${href('badges', 'job', job.id)} aria-label=${t('badges.look_name', { name: job.person.name })}>${t('badges.look')}</a></p>`}</li>`;
}

/** @param {{conn: import('../protocol.js').Connection, list: List, asked: {state: string, text: string, after: number}, ask: (a: {state: string, text: string, after: number}) => void, read: () => void}} props */
export function Jobs({ conn, list, asked, ask, read }) {
  const [error, setError] = useState('');
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => text.trim() !== asked.text && ask({ ...asked, text: text.trim(), after: 0 }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const all = STATES.reduce((sum, s) => sum + (list.counts[s] || 0), 0);
  if (!all) return html`<p class="empty-line">${t('badges.no_jobs')}</p>`;
  const tab = (/** @type {string} */ state, /** @type {string} */ label, /** @type {number} */ n) => html`<button key=${state} type="button" aria-pressed=${asked.state === state} onClick=${() => ask({ ...asked, state, after: 0 })}>${label} <span class="num">${n}</span></button>`;
  return html`<div class="tabs" role="group" aria-label=${t('badges.jobs')}>${tab('', t('badges.all'), all)}${STATES.map((s) => tab(s, t(`badges.state_${s}`), list.counts[s] || 0))}</div>
    <label class="field badge-search"><span>${t('badges.search')}</span><input type="search" autocomplete="off" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    <p class="error" role="alert">${error}</p>
    ${list.jobs.length ? html`<ul class="rows">${list.jobs.map((j) => html`<${Row} key=${j.id} conn=${conn} job=${j} printers=${list.printers.map((p) => p.name)} read=${read} fail=${setError} />`)}</ul>` : html`<p class="empty-line">${t('badges.none_such')}</p>`}
    ${list.total > 100 ? html`<p class="row"><button type="button" class="second" disabled=${!asked.after} onClick=${() => ask({ ...asked, after: Math.max(0, asked.after - 100) })}>${t('badges.newer')}</button>
      <span class="hint num">${t('badges.range', { from: asked.after + 1, to: Math.min(asked.after + 100, list.total), total: list.total })}</span>
      <button type="button" class="second" disabled=${asked.after + 100 >= list.total} onClick=${() => ask({ ...asked, after: asked.after + 100 })}>${t('badges.older')}</button></p>` : null}`;
}
