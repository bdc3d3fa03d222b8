// web/organise/main.js: the organiser's table: what waits to be published, the doors, the screens, codes for people
import { html, mount, signal, effect, useEffect, useState } from '../ui/dom.js';
import { t, tn, lang } from '../i18n/index.js';
import { connect, session, has } from '../ui/app.js';
import { Header, Main, Empty, Skeleton, whyOf } from '../ui/chrome.js';
import { Gate } from '../ui/gate.js';
import { followSchedule, schedule } from '../ui/schedule.js';
import { clock } from '../ui/clock.js';
import { announce } from '../ui/live.js';
import { applyStats } from '../store.js';
import { Release } from './release.js';
import { Stations } from './stations.js';

const conn = connect();
followSchedule(conn);
conn.start();

const lists = signal(/** @type {{id: string, name: string}[]} */ ([]));
effect(() => void (document.title = `${(lang.value, t('organise.here'))} · ${session.value?.conference.title || 'Plenum'}`));

function Doors() {
  const [all, setAll] = useState(/** @type {Record<string, import('../store.js').Stats>} */ ({}));
  useEffect(() => {
    const stops = lists.value.map((list) => {
      const put = (/** @type {any} */ change) => setAll((old) => {
        const next = change(old[list.id]);
        return next ? { ...old, [list.id]: next } : old;
      });
      return conn.subscribe(`list:${list.id}`, {
        snapshot: (doc) => put(() => doc),
        event: (type, data) => put((/** @type {any} */ s) => {
          const next = s && applyStats(s, type, data);
          if (!next) conn.call('checkin.stats', { list: list.id }).then((doc) => put(() => doc)).catch(() => {});
          return next;
        }),
      });
    });
    return () => stops.forEach((stop) => stop());
  }, [lists.value]);
  if (!lists.value.length) return html`<${Empty} title=${t('organise.no_lists')} />`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="doors-h"><table class="grid"><thead><tr><th scope="col">${t('organise.list')}</th>${['admitted', 'inside', 'refused', 'conflicts'].map((k) => html`<th key=${k} scope="col" class="n">${t(`organise.${k}`)}</th>`)}</tr></thead>
    <tbody>${lists.value.map((l) => html`<tr key=${l.id}><th scope="row" dir="auto">${l.name}</th>${(/** @type {const} */ (['admitted', 'inside', 'refused', 'conflicts'])).map((k) => html`<td key=${k} class="n num">${all[l.id] ? all[l.id][k] : '–'}</td>`)}</tr>`)}</tbody></table></div>`;
}

function People() {
  const [text, setText] = useState('');
  const [found, setFound] = useState(/** @type {any[] | null} */ (null));
  const [code, setCode] = useState(/** @type {{person: string, code: string, expires: string} | null} */ (null));
  const [error, setError] = useState('');
  useEffect(() => {
    setCode(null);
    if ([...text.trim()].length < 3) return setFound(null);
    let gone = false;
    const timer = setTimeout(() => conn.call('people.find', { text: text.trim() }).then((r) => {
      if (gone) return;
      setFound(r.people);
      setError('');
      announce(tn('organise.people_found', r.people.length));
    }).catch((e) => setError(whyOf(e))), 250);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [text]);
  const issue = async (/** @type {string} */ person) => {
    try {
      setCode({ person, ...(await conn.write('login.issue', { person })) });
      setError('');
    } catch (e) {
      setError(whyOf(e));
    }
  };
  return html`<label class="field"><span>${t('organise.find')}</span><input type="search" autocomplete="off" value=${text} onInput=${(/** @type {any} */ e) => setText(e.target.value)} /></label>
    <p class="hint">${t('organise.find_hint')}</p><p class="error" role="alert">${error}</p>
    ${found && !found.length ? html`<p class="empty-line">${t('organise.nobody')}</p>` : null}
    ${found?.length ? html`<ul class="people">${found.map((p) => html`<li key=${p.id}><span class="person-name" dir="auto">${p.name}</span><span class="hint">${[p.mode && t(`mode.${p.mode}`), p.admitted ? t('organise.is_admitted') : ''].filter(Boolean).join(' · ')}</span>
      ${code?.person === p.id ? html`<p class="desk-code" role="status"><span class="code num" dir="ltr">${code?.code.replace(/(.{4})(?=.)/, '$1 ')}</span><span class="hint">${t('organise.code_until', { time: code ? clock(code.expires) : '' })}</span></p>` : html`<button type="button" class="second" onClick=${() => issue(p.id)}>${t('organise.issue')}</button>`}</li>`)}</ul>` : null}`;
}

function Table() {
  useEffect(() => {
    conn.call('checkin.lists').then((r) => (lists.value = r.lists)).catch(() => {});
  }, []);
  if (!schedule.value) return html`<${Skeleton} n=${5} />`;
  const part = (/** @type {string} */ id, /** @type {any} */ body) => html`<section class="part" aria-labelledby=${`${id}-h`}><h2 id=${`${id}-h`}>${t(`organise.${id}`)}</h2><div>${body}</div></section>`;
  return html`<h1>${t('organise.title')}</h1>
    ${has('organiser') ? part('release', html`<${Release} conn=${conn} />`) : null}
    ${part('doors', html`<${Doors} />`)}
    ${part('stations', html`<${Stations} conn=${conn} lists=${lists.value} />`)}
    ${part('people', html`<${People} />`)}`;
}

mount('app', html`<${() => html`<${Header} conn=${conn} here=${t('organise.here')} />
  <${Main} name="organise"><${Gate} conn=${conn} wanted=${['organiser', 'desk']} about=${t('organise.sign_in')}><${Table} /><//><//>`} />`);
