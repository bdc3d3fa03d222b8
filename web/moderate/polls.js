// web/moderate/polls.js: a session's polls at the desk: prepared, opened, watched and ended, all of it by keyboard too
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { Bars, useCounts } from '../ui/polls.js';
import { newer, deskOrder } from '../poll.js';
import { PollForm } from './poll_form.js';

/** @typedef {import('../poll.js').Poll} Poll */
/** @typedef {import('../protocol.js').Connection} Connection */
/** @typedef {{id: string, title: string}} Talk */

/** All polls of these talks: read at once, then followed on their moderators' channels. @param {Connection} conn @param {Talk[]} talks */
function usePolls(conn, talks) {
  const [polls, setPolls] = useState(/** @type {Map<string, Poll> | null} */ (null));
  /** What was heard of a talk's polls while their list is on its way: it may not be in it. @type {{current: Map<string, ((polls: Map<string, Poll>) => void)[]>}} */
  const heard = useRef(new Map());
  const change = (/** @type {string} */ talk, /** @type {(polls: Map<string, Poll>) => void} */ what) => {
    heard.current.get(talk)?.push(what);
    setPolls((old) => {
      if (!old) return old;
      const next = new Map(old);
      what(next);
      return next;
    });
  };
  const put = (/** @type {Poll} */ p) => change(p.talk, (all) => all.set(p.id, newer(all.get(p.id), p)));
  const ids = talks.map((x) => x.id).join();
  useEffect(() => {
    setPolls(null);
    const read = async (/** @type {string} */ talk) => {
      /** @type {((polls: Map<string, Poll>) => void)[]} */
      const mine = [];
      heard.current.set(talk, mine);
      const doc = await conn.call('poll.list', { talk }).catch(() => null);
      if (heard.current.get(talk) === mine) heard.current.delete(talk);
      setPolls((old) => {
        if (!doc) return old || new Map();
        const next = new Map([...(old || [])].filter(([, p]) => p.talk !== talk));
        for (const p of doc.polls) next.set(p.id, newer(old?.get(p.id), p));
        for (const what of mine) what(next);
        return next;
      });
    };
    const stops = talks.map((talk) => conn.subscribe(`talk:${talk.id}:mod`, {
      snapshot: () => void read(talk.id),
      event: (type, data) => {
        if (type === 'poll.removed') change(talk.id, (all) => all.delete(data.id));
        else if (type.startsWith('poll.')) put(data);
      },
    }));
    return () => stops.forEach((stop) => stop());
  }, [ids]);
  return /** @type {const} */ ([polls, put]);
}

/** What may be done with a poll as it is, each on its key. @param {Poll} p @param {number} voters */
const actions = (p, voters) => [
  { key: 'o', name: 'open', may: p.state === 'draft' },
  { key: 'c', name: 'close', may: p.state === 'running' },
  { key: 'e', name: 'edit', may: p.state === 'draft' || (p.state === 'running' && !voters) },
  { key: 'g', name: p.shown ? 'off_stage' : 'to_stage', may: p.state === 'running' || (p.state === 'closed' && p.results !== 'never') },
  { key: 'x', name: 'remove', may: p.state === 'draft' },
].filter((a) => a.may);

/** @param {{conn: Connection, p: Poll, talk: Talk | undefined, put: (p: Poll) => void, edit: () => void}} props */
function Card({ conn, p, talk, put, edit }) {
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const counts = useCounts(conn, p, true) || p.counts;
  const voters = new Map(counts || []).get('voters') || 0;
  const possible = actions(p, voters);
  const run = async (/** @type {string} */ name) => {
    if (busy) return;
    if (name === 'edit') return edit();
    setBusy(true);
    setWhy('');
    const stage = name.endsWith('_stage');
    try {
      const reply = await conn.write(stage ? 'poll.stage' : `poll.${name}`, { poll: p.id, expect_version: p.version, ...(stage ? { value: name === 'to_stage' } : {}) });
      // Its own event brings the rest.
      if (reply.state) put({ ...p, state: reply.state, version: reply.version, ...(stage ? { shown: name === 'to_stage' } : {}), counts });
      if (name === 'open' || name === 'close') announce(t(`polls.did_${name}`));
    } catch (e) {
      const f = /** @type {any} */ (e);
      if (f.data?.current) put(f.data.current);
      setWhy(f.fault === 'conflict' ? t('polls.conflict') : whyOf(e));
    } finally {
      setBusy(false);
    }
  };
  // Keys of the chosen poll only: what it takes goes no further, to the desk's own keys.
  const keys = (/** @type {KeyboardEvent} */ e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target !== e.currentTarget) return;
    const found = possible.find((a) => a.key === e.key);
    if (!found) return;
    e.preventDefault();
    e.stopPropagation();
    run(found.name);
  };
  return html`<li class=${cx('poll-card', p.state)} tabindex="0" onKeyDown=${keys} data-poll=${p.id} aria-label=${p.question}>
    <p class="poll-card-head"><span class=${cx('tag', p.state === 'running' && 'on')}>${t(`polls.state_${p.state}`)}</span>${talk ? html`<span class="hint" dir="auto">${talk.title}</span>` : null}</p>
    <h3 dir="auto">${p.question}</h3>
    ${p.state === 'draft' ? html`<ul class="poll-draft">${p.options.map((o) => html`<li key=${o.id} dir="auto">${o.text}</li>`)}</ul>` : html`<${Bars} poll=${p} counts=${counts} />`}
    <p class="hint">${t(`polls.kind_${p.kind}`)} · ${t('polls.results')}: ${t(`polls.results_${p.results}`)}${p.state === 'running' && voters ? ` · ${t('polls.locked')}` : ''}</p>
    <p class="item-actions">${possible.map((a) => html`<button key=${a.key} type="button" class=${a.name === 'open' ? 'primary' : 'second'} disabled=${busy} onClick=${() => run(a.name)}><kbd>${a.key}</kbd>${t(`polls.${a.name}`)}</button>`)}</p>
    <p class="error" role="alert">${why}</p>
  </li>`;
}

/** @param {{conn: Connection, session: string, talks: Talk[]}} props */
export function PollPanel({ conn, session, talks }) {
  const [polls, put] = usePolls(conn, talks);
  const [form, setForm] = useState(/** @type {Poll | 'new' | null} */ (null));
  const again = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const done = (/** @type {Poll | null} */ saved) => {
    setForm(null);
    if (saved) put(saved);
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (saved ? document.querySelector(`.poll-card[data-poll="${saved.id}"]`) : again.current)?.focus());
  };
  const rows = polls ? deskOrder(polls, talks) : [];
  return html`<section class="poll-panel" aria-labelledby=${`polls-${session}`}>
    <div class="polls-head"><h2 id=${`polls-${session}`}>${t('polls.title')} <span class="num">${rows.length || ''}</span></h2>
      ${form ? null : html`<button type="button" class="second" ref=${again} onClick=${() => setForm('new')}>${t('polls.new')}</button>`}</div>
    ${form ? html`<${PollForm} key=${form === 'new' ? 'new' : form.id} conn=${conn} talks=${talks} poll=${form === 'new' ? null : form} done=${done} />` : null}
    ${polls && !rows.length && !form ? html`<p class="empty-line">${t('polls.none')}</p>` : null}
    <ul class="poll-cards">${rows.filter((p) => form === null || form === 'new' || p.id !== form.id).map((p) => html`<${Card} key=${p.id} conn=${conn} p=${p} talk=${talks.length > 1 ? talks.find((x) => x.id === p.talk) : undefined} put=${put} edit=${() => setForm(p)} />`)}</ul>
    ${rows.length ? html`<p class="hint polls-keys">${t('polls.keys')}</p>` : null}
  </section>`;
}
