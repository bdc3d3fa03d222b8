// web/kiosk/desk_find.js: somebody found by name: who they are among their namesakes, and what can be done for them
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { clock } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { admit, bringIn } from './desk_admit.js';

/**
 * @typedef {{person: string, name: string, organisation?: string, category?: {id: string, name: string, color?: string}, mode: string, mail?: string, code?: string, cancelled?: boolean,
 *   ticket: string, came?: {at: string, station?: string, left?: string}, differs?: string[]}} Hit
 */

/** Names stay so long without a touch or a key. */
export const IDLE_MS = 5000;
/** And may be had back so long without asking the server again. */
const AGAIN_MS = 60000;

/** Runs once nobody has touched anything for a while. @param {number} ms @param {() => void} then @param {any[]} on */
export function useIdle(ms, then, on) {
  useEffect(() => {
    if (!on[0]) return;
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(then, ms);
    };
    const names = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove'];
    for (const name of names) document.addEventListener(name, again, true);
    again();
    return () => {
      clearTimeout(timer);
      for (const name of names) document.removeEventListener(name, again, true);
    };
  }, on);
}

/** @param {Hit} h @returns {[string, string, string][]} */
function facts(h) {
  const came = h.came ? `${t('frontdesk.came_at', { at: clock(h.came.at), station: h.came.station || '' })}${h.came.left ? ` · ${t('frontdesk.left_at', { at: clock(h.came.left) })}` : ''}` : t('frontdesk.not_come');
  return [
    ['organisation', t('frontdesk.organisation'), h.organisation || '–'],
    ['category', t('frontdesk.category'), h.category?.name || '–'],
    ['mode', t('frontdesk.mode'), t(`frontdesk.${h.mode}`)],
    ['mail', t('frontdesk.mail'), h.mail || '–'],
    ['code', t('frontdesk.code'), h.ticket === 'revoked' ? t('frontdesk.revoked') : h.code || t('frontdesk.no_code')],
    ['came', t('frontdesk.came'), came],
  ];
}

/** @param {{h: Hit}} props */
function Facts({ h }) {
  return html`<dl class="facts">${facts(h).map(([name, label, value]) => {
    const other = h.differs?.includes(name);
    return html`<div key=${name} class=${cx(other && 'differs')}><dt>${label}${other ? html`<span class="out-of-sight"> (${t('frontdesk.differs')})</span>` : null}</dt><dd dir="auto">${other ? html`<span aria-hidden="true">◆ </span>` : null}${value}</dd></div>`;
  })}</dl>`;
}

/** @param {{tools: import('./panels.js').Tools, hit: Hit, back: () => void, changed: (h: Hit) => void}} props */
function One({ tools, hit, back, changed }) {
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const [said, setSaid] = useState('');
  const [name, setName] = useState(/** @type {string | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  const run = async (/** @type {() => Promise<void>} */ what) => {
    setBusy(true);
    setWhy('');
    setSaid('');
    try {
      await what();
    } catch (e) {
      setWhy(whyOf(e));
    }
    setBusy(false);
  };
  const enter = (/** @type {string} */ second) => run(async () => {
    const verdict = await (hit.mode === 'online' ? bringIn(tools, { person: hit.person }, second) : admit(tools, hit.person, second));
    if (verdict.verdict === 'admitted') tools.open(null);
  });
  const away = () => run(async () => {
    await tools.conn.write('registration.switch_mode', { person: hit.person, mode: 'online', list: tools.list.value });
    changed({ ...hit, mode: 'online' });
    setSaid(t('frontdesk.switched', { mode: t('frontdesk.online') }));
  });
  const rename = (/** @type {Event} */ e) => {
    e.preventDefault();
    run(async () => {
      await tools.conn.write('person.rename', { person: hit.person, name, expect: hit.name });
      changed({ ...hit, name: name || hit.name });
      setName(null);
      setSaid(t('frontdesk.renamed'));
    });
  };
  const seconds = ['code', hit.mail && 'mail', hit.organisation && 'organisation', 'document', 'known'].filter(Boolean);
  return html`<section class="one" ref=${box} aria-label=${hit.name}>
    <button type="button" class="big" onClick=${back}>${t('frontdesk.others')}</button>
    <div class="desk-who"><h2 dir="auto">${hit.name}</h2><${Facts} h=${hit} /></div><div class="desk-what">
    ${hit.cancelled ? html`<p class="error">${t('frontdesk.cancelled')}</p>` : html`
      ${hit.mode === 'online' ? html`<p><strong>${t('frontdesk.online_hint')}</strong></p>` : null}
      <fieldset disabled=${busy}><legend>${t('frontdesk.ask')}${hit.mode === 'online' ? html` <span>(${t('frontdesk.switch')})</span>` : null}</legend>
        <div class="door-tools">${seconds.map((s) => html`<button key=${s} type="button" class="big primary" data-second=${s} onClick=${() => enter(/** @type {string} */ (s))}>${t(`frontdesk.second_${s}`)}</button>`)}</div></fieldset>`}
    ${name === null ? html`<div class="door-tools"><button type="button" class="big" disabled=${busy} onClick=${() => setName(hit.name)}>${t('frontdesk.rename')}</button>
      ${hit.mode === 'on_site' && !hit.cancelled && (!hit.came || hit.came.left) ? html`<button type="button" class="big" disabled=${busy} onClick=${away}>${t('frontdesk.switch_online')}</button>` : null}</div>`
      : html`<form class="desk-form" onSubmit=${rename}><label class="field"><span>${t('frontdesk.name')}</span><input name="name" maxlength="200" required value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label>
        <div class="door-tools"><button type="submit" class="big primary" disabled=${busy || !name.trim()}>${t('frontdesk.rename_save')}</button><button type="button" class="big" onClick=${() => setName(null)}>${t('cancel')}</button></div></form>`}
    <p role="status">${said}</p><p class="error" role="alert">${why}</p></div></section>`;
}

/** @param {{hits: Hit[], more: boolean, choose: (h: Hit) => void}} props */
function Hits({ hits, more, choose }) {
  if (!hits.length) return html`<p role="status">${t('frontdesk.none')}</p>`;
  return html`<p role="status">${tn('frontdesk.hits', hits.length)}${more ? ` · ${t('frontdesk.more')}` : ''}</p>
    <ul class="hits">${hits.map((h) => html`<li key=${h.person}><button type="button" class=${cx('hit', h.differs && 'namesake')} onClick=${() => choose(h)}>
      <b dir="auto">${h.name}</b>${h.category?.color ? html`<span class="chip" style=${`--chip: ${h.category.color}`} aria-hidden="true"></span>` : null}<${Facts} h=${h} /></button></li>`)}</ul>`;
}

/** @param {{tools: import('./panels.js').Tools}} props */
export function Find({ tools }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState(/** @type {{hits: Hit[], more: boolean} | null} */ (null));
  const [one, setOne] = useState('');
  const [hidden, setHidden] = useState(false);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  const idle = () => {
    setHidden(true);
    setText('');
  };
  useIdle(IDLE_MS, idle, [!!found && !hidden]);
  useEffect(() => {
    if (!hidden) return;
    const timer = setTimeout(() => setFound(null), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [hidden]);
  const go = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    setWhy('');
    try {
      setFound(await tools.conn.call('checkin.search', { list: tools.list.value, text }));
      setHidden(false);
      setOne('');
    } catch (f) {
      setFound(null);
      setWhy(whyOf(f));
    }
    setBusy(false);
  };
  const hit = found?.hits.find((h) => h.person === one);
  const changed = (/** @type {Hit} */ h) => found && setFound({ ...found, hits: found.hits.map((x) => (x.person === h.person ? h : x)) });
  return html`<form class="desk-form find" role="search" hidden=${!!hit && !hidden} onSubmit=${go}><label class="field"><span>${t('frontdesk.find_label')}</span><input ref=${field} type="search" name="text" autocomplete="off" spellcheck="false" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
      <button type="submit" class="big primary" disabled=${busy || !text.trim()}>${busy ? t('frontdesk.find_busy') : t('frontdesk.find_go')}</button></form>
    <p class="error" role="alert">${why}</p>
    ${!found ? html`<p class="quiet">${t('frontdesk.find_hint')}</p>` : hidden ? html`<p class="door-tools"><span class="quiet">${t('frontdesk.hidden')}</span> <button type="button" class="big" onClick=${() => setHidden(false)}>${t('frontdesk.show_again')}</button></p>`
      : hit ? html`<${One} key=${hit.person} tools=${tools} hit=${hit} back=${() => setOne('')} changed=${changed} />`
      : html`<${Hits} ...${found} choose=${(/** @type {Hit} */ h) => setOne(h.person)} />`}`;
}
