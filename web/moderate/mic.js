// web/moderate/mic.js: the queue at the microphones on the desk: who is next, who is on, and the way from called to heard
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { extend, t, tn } from '../i18n/index.js';
import en from '../i18n/mic.en.js';
import da from '../i18n/mic.da.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { realTime } from '../ui/app.js';
import { Bridge, Enter, Fair, span } from './mic_parts.js';

extend({ en, da });

/**
 * @typedef {{id: string, talk: string, name: string, origin: 'room' | 'remote', inside?: boolean, state: string, version: number, presence?: string, first?: boolean,
 *   muted?: boolean, question?: {id: string, text: string, state: string, version: number}, read_out?: boolean, joined_at: string, called_at?: string, changed_by?: {name: string}}} Entry
 * @typedef {{session: string, version: number, policy: string, settings: number, bridge: number, waiting: {room: number, remote: number}, entries: Entry[], over: Entry[], fairness?: any}} Queue
 * @typedef {(work: () => Promise<any>, then?: (reply: any) => void) => Promise<void>} Act
 */

const POLICIES = ['alternate', 'first_time_first', 'fifo', 'manual'];

/** The whole queue, then every change of it. @param {import('../protocol.js').Connection} conn @param {string} session */
function useQueue(conn, session) {
  const [queue, setQueue] = useState(/** @type {Queue | null} */ (null));
  const fair = useRef(/** @type {any} */ (null));
  const take = (/** @type {Queue} */ doc) => {
    if (doc.fairness) fair.current = doc.fairness;
    setQueue({ ...doc, fairness: fair.current });
  };
  const refresh = () => conn.call('mic.list', { session }).then(take);
  useEffect(() => {
    let gone = false;
    const read = () => refresh().catch(() => {});
    fair.current = null;
    setQueue(null);
    read();
    const stop = conn.subscribe(`desk:${session}`, {
      snapshot: () => !gone && read(),
      event: (type, data) => {
        if (gone) return;
        if (type === 'mic.changed') take(data);
        // Somebody chose another order.
        else if (type === 'settings.changed') read();
      },
    });
    // Written questions move the meter too; they are no change of this queue.
    const timer = setInterval(() => conn.status.state === 'open' && read(), 30000);
    return () => {
      gone = true;
      stop();
      clearInterval(timer);
    };
  }, [session]);
  return { queue, refresh };
}

/** @param {{e: Entry}} props */
function Marks({ e }) {
  return html`<span class="mic-marks"><span class=${cx('tag', e.origin === 'remote' && 'mic-far')}>${t(`mic.${e.origin}`)}</span>
    ${e.inside && e.origin === 'room' ? html` <span class="hint">${t('mic.inside')}</span>` : null}
    ${e.first ? html` <span class="hint">${t('mic.first')}</span>` : null}
    ${e.presence && e.presence !== 'here' ? html` <span class="tag off">${t(`mic.${e.presence}`)}</span>` : null}
    ${e.muted ? html` <span class="tag off">${t('mic.muted')}</span>` : null}
    ${e.read_out ? html` <span class="tag on">${t('mic.wants_read')}</span>` : null}
    ${e.state === 'waiting' ? html` <span class="hint num">${t('mic.waits', { span: span(Math.max(0, Math.round((realTime() - Date.parse(e.joined_at)) / 1000))) })}</span>` : null}</span>`;
}

/** @param {{e: Entry}} props */
const Who = ({ e }) => html`<div class="mic-who"><strong dir="auto">${e.name}</strong> <${Marks} e=${e} />${e.question ? html`<p class="mic-text" dir="auto">${e.question.text}</p>` : null}</div>`;

/** @param {{e: Entry, step: (command: string, e: Entry) => void, read: (e: Entry) => void, busy: boolean}} props */
function On({ e, step, read, busy }) {
  const press = (/** @type {string} */ command, /** @type {string} */ label, main = false) => html`<button type="button" class=${main ? 'primary' : 'second'} disabled=${busy} onClick=${() => step(command, e)}>${t(label)}<span class="out-of-sight"> ${e.name}</span></button>`;
  return html`<li class=${cx('mic-row', 'on', e.state)} data-entry=${e.id}>
    <div class="mic-line"><${Who} e=${e} /><span class=${cx('tag', e.state === 'heard' && 'on')}>${t(`mic.state_${e.state}`)}</span></div>
    <div class="mic-acts">
      ${e.state === 'heard' ? press('done', 'mic.done', true) : press('heard', 'mic.do_heard', true)}
      ${e.state === 'called' && e.origin === 'remote' ? press('connecting', 'mic.state_connecting') : null}
      ${e.read_out && e.question ? html`<button type="button" class="second" disabled=${busy} onClick=${() => read(e)}>${t('mic.do_read')}</button>` : null}
      ${e.state !== 'heard' ? html`${press('no_show', 'mic.no_show')}${press('wait', 'mic.back')}` : null}
    </div></li>`;
}

/** @param {{e: Entry, n: number, last: boolean, step: (command: string, e: Entry) => void, move: (e: Entry, by: number) => void, read: (e: Entry) => void, busy: boolean}} props */
function Row({ e, n, last, step, move, read, busy }) {
  const keys = (/** @type {KeyboardEvent} */ k) => {
    if (!k.altKey || (k.key !== 'ArrowUp' && k.key !== 'ArrowDown')) return;
    k.preventDefault();
    k.stopPropagation();
    move(e, k.key === 'ArrowUp' ? -1 : 1);
  };
  return html`<li class="mic-row" data-entry=${e.id} onKeyDown=${keys}>
    <div class="mic-line"><span class="mic-n num">${n}</span><${Who} e=${e} /></div>
    <div class="mic-acts">
      <button type="button" class="second mic-call" disabled=${busy} onClick=${() => step('call', e)}>${t('mic.call')}<span class="out-of-sight"> ${e.name}</span></button>
      ${e.read_out && e.question ? html`<button type="button" class="second" disabled=${busy} onClick=${() => read(e)}>${t('mic.do_read')}</button>` : null}
      <button type="button" class="plain" disabled=${busy} onClick=${() => step('skip', e)}>${t('mic.skip')}<span class="out-of-sight"> ${e.name}</span></button>
      <button type="button" class="plain square" disabled=${busy || n === 1} onClick=${() => move(e, -1)} aria-label=${`${t('mic.up')}: ${e.name}`}>↑</button>
      <button type="button" class="plain square" disabled=${busy || last} onClick=${() => move(e, 1)} aria-label=${`${t('mic.down')}: ${e.name}`}>↓</button>
    </div></li>`;
}

/** @param {{conn: import('../protocol.js').Connection, session: string, talks: {id: string, title: string}[]}} props */
export function MicPanel({ conn, session, talks }) {
  const { queue, refresh } = useQueue(conn, session);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  /** @type {Act} */
  const act = async (work, then) => {
    setBusy(true);
    setWhy('');
    try {
      const reply = await work();
      then?.(reply);
    } catch (e) {
      const fault = /** @type {any} */ (e);
      const by = fault.data?.current?.changed_by?.name;
      setWhy(fault.fault === 'conflict' ? (by ? t('mic.conflict', { name: by }) : t('mic.conflict_other')) : whyOf(fault));
      await refresh().catch(() => {});
    }
    setBusy(false);
  };
  if (!queue) return null;
  const on = queue.entries.filter((e) => e.state !== 'waiting');
  const waiting = queue.entries.filter((e) => e.state === 'waiting');
  const count = queue.waiting.room + queue.waiting.remote;
  const step = (/** @type {string} */ command, /** @type {Entry} */ e) => act(() => conn.write(`mic.${command}`, { entry: e.id, expect_version: e.version }));
  const next = () => act(() => conn.write('mic.next', { session, expect_version: queue.version }), ({ entry }) => announce(`${t('mic.state_called')}: ${queue.entries.find((e) => e.id === entry)?.name || ''}`));
  const policy = (/** @type {string} */ name) => conn.write('qa.settings', { session, mic_policy: name, expect_version: queue.settings });
  // Put on stage, and the place is served: three presses that can each be repeated.
  const read = (/** @type {Entry} */ e) => act(async () => {
    const q = /** @type {{id: string, state: string, version: number}} */ (e.question);
    const seen = q.state === 'approved' ? q : await conn.write('qa.approve', { question: q.id, expect_version: q.version });
    await conn.write('qa.stage', { question: q.id, expect_version: seen.version });
    await conn.write('mic.done', { entry: e.id, expect_version: e.version });
  });
  const move = (/** @type {Entry} */ e, /** @type {number} */ by) => {
    if (busy) return;
    act(async () => {
      // The whole queue: what is shown here may be its beginning.
      const all = /** @type {Queue} */ (await conn.call('mic.list', { session })).entries.filter((x) => x.state === 'waiting').map((x) => x.id);
      const from = all.indexOf(e.id);
      const to = from + by;
      if (from < 0 || to < 0 || to >= all.length) return;
      all.splice(to, 0, ...all.splice(from, 1));
      if (queue.policy !== 'manual') await policy('manual');
      await conn.write('mic.order', { session, entries: all });
      await refresh();
      announce(t('mic.moved', { name: e.name, n: to + 1 }));
      const row = list.current?.querySelector(`[data-entry="${e.id}"]`);
      /** @type {HTMLElement | null | undefined} */ (row?.querySelector('.mic-call'))?.focus();
    });
  };
  return html`<section class="mic-desk" aria-labelledby="mic-desk-h" ref=${list}>
    <div class="mic-head"><h2 id="mic-desk-h"><span class="out-of-sight">${t('mic_desk')}: </span>${tn('mic.waiting', count)}</h2>
      <label class="mic-policy"><span>${t('mic.policy')}</span><select value=${queue.policy} disabled=${busy} onChange=${(/** @type {any} */ e) => act(() => policy(e.target.value).then(refresh))}>${POLICIES.map((p) => html`<option key=${p} value=${p}>${t(`mic.policy_${p}`)}</option>`)}</select></label></div>
    ${why ? html`<p class="error" role="alert">${why}</p>` : null}
    ${waiting.length ? html`<button type="button" class="primary mic-next" disabled=${busy} onClick=${next}><span>${t('mic.call_next')}</span> <span class="mic-name" dir="auto">${waiting[0].name}</span> <small>${t(`mic.${waiting[0].origin}`)}</small></button>` : null}
    ${on.length ? html`<h3>${t('mic.on')}</h3><ul class="mic-on">${on.map((e) => html`<${On} key=${e.id} e=${e} step=${step} read=${read} busy=${busy} />`)}</ul>` : null}
    ${waiting.length ? html`<h3>${t('mic.queue')} <span class="hint num">${t('mic.room')} ${queue.waiting.room} · ${t('mic.remote')} ${queue.waiting.remote}</span></h3>
      <ol class="mic-list">${waiting.map((e, i) => html`<${Row} key=${e.id} e=${e} n=${i + 1} last=${i === waiting.length - 1} step=${step} move=${move} read=${read} busy=${busy} />`)}</ol>
      ${count > waiting.length ? html`<p class="hint">${t('mic.more', { n: count - waiting.length })}</p>` : null}
      ${waiting.length > 1 ? html`<p class="hint mic-keys">${t('mic.order_keys')}</p>` : null}` : html`<p class="empty-line">${t('mic.nobody')}</p>`}
    <${Enter} conn=${conn} talks=${talks} act=${act} busy=${busy} />
    ${queue.over.length ? html`<h3>${t('mic.over')}</h3><ul class="mic-over">${queue.over.map((e) => html`<li key=${e.id} data-entry=${e.id}><span dir="auto">${e.name}</span> <span class="hint">${t(`mic.state_${e.state}`)}</span> ${e.state === 'skipped' || e.state === 'no_show' ? html`<button type="button" class="link" disabled=${busy} onClick=${() => step('wait', e)}>${t('mic.back')}<span class="out-of-sight"> ${e.name}</span></button>` : null}</li>`)}</ul>` : null}
    <${Bridge} conn=${conn} session=${session} version=${queue.bridge} act=${act} busy=${busy} />
    <${Fair} fairness=${queue.fairness} />
  </section>`;
}
