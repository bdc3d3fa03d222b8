// web/organise/badges_door.js: the door list on paper: everybody A–Z with a box to tick, for the day when nothing else works
import { html, useEffect, useState } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { session } from '../ui/app.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { clock, dayName } from '../ui/clock.js';
import { href } from './route.js';

/** @typedef {{name: string, organisation?: string, category?: string, mode: string, last?: string, came?: string}} Listed */
const ROWS = 40;

/** Lines are of one height, so that pages can be counted: longer words are smaller, never cut. @param {string} text @param {number} letters that fit on a line */
const size = (text, letters) => (text.length <= letters ? '' : text.length <= letters * 2.4 ? 'long' : 'longer');

/** The last word is what the list goes by. @param {{name: string}} props */
function Name({ name }) {
  const words = name.trim().split(/\s+/);
  const family = words.pop();
  return html`${words.length ? `${words.join(' ')} ` : ''}<strong>${family}</strong>`;
}

/** @param {{people: Listed[], n: number, of: number, title: string}} props */
function Sheet({ people, n, of, title }) {
  return html`<section class="door-page" aria-label=${t('badges.page_of', { n, of })}><header><span dir="auto">${title}</span><span class="num">${t('badges.page_of', { n, of })}</span></header>
    <table><thead><tr><th class="c-tick"><span class="out-of-sight">${t('badges.c_tick')}</span></th><th>${t('badges.c_name')}</th><th class="c-org">${t('badges.c_organisation')}</th><th class="c-cat">${t('badges.c_category')}</th><th class="c-mode">${t('badges.c_mode')}</th><th class="c-code">${t('badges.c_code')}</th><th class="c-came">${t('badges.c_came')}</th></tr></thead>
    <tbody>${people.map((p, i) => html`<tr key=${i}><td><i class="tickbox"></i></td><td class=${size(p.name, 32)} dir="auto">${Name(p)}</td><td class=${size(p.organisation || '', 20)} dir="auto">${p.organisation || ''}</td><td class=${size(p.category || '', 17)} dir="auto">${p.category || ''}</td><td>${t(`mode.${p.mode}`)}</td><td class="code" dir="ltr">${p.last || ''}</td><td class="num">${p.came ? clock(p.came) : ''}</td></tr>`)}</tbody></table></section>`;
}

/** @param {{conn: import('../protocol.js').Connection, list: string}} props */
export function DoorList({ conn, list }) {
  const [people, setPeople] = useState(/** @type {Listed[]} */ ([]));
  const [head, setHead] = useState(/** @type {{name: string, time: string, total: number} | null} */ (null));
  const [error, setError] = useState('');
  useEffect(() => {
    let gone = false;
    const read = async () => {
      /** @type {Listed[]} */
      let all = [];
      for (;;) {
        const r = await conn.call('badge.door_list', { list, after: all.length });
        if (gone) return;
        all = [...all, ...r.people];
        setPeople(all);
        setHead({ name: r.list.name, time: r.time, total: r.people.length ? r.total : all.length });
        if (!r.people.length || all.length >= r.total) return;
      }
    };
    read().catch((e) => gone || setError(whyOf(e)));
    return () => void (gone = true);
  }, []);
  const whole = !!head && people.length >= head.total;
  const pages = Array.from({ length: Math.ceil(people.length / ROWS) }, (_, i) => people.slice(i * ROWS, (i + 1) * ROWS));
  const title = head ? `${session.value?.conference.title || ''} · ${head.name} · ${t('badges.as_of', { time: `${dayName(head.time)} ${clock(head.time)}` })}` : '';
  return html`<div class="paper-head"><h1 dir="auto">${head ? t('badges.door_list', { list: head.name }) : t('badges.door_lists')}</h1>
      <p class="row"><button type="button" class="primary" disabled=${!whole || !people.length} onClick=${() => print()}>${t('badges.print')}</button><a class="second" href=${href('badges')}>${t('badges.back')}</a>
        <span class="num" role="status">${head ? (whole ? tn('badges.door_pages', pages.length, { people: people.length, came: people.filter((p) => p.came).length }) : t('badges.reading', { n: people.length })) : ''}</span></p>
      <p class="hint">${t('badges.door_print_hint')}</p><p class="error" role="alert">${error}</p></div>
    ${!head && !error ? html`<${Skeleton} n=${8} />` : null}
    ${whole && !people.length ? html`<p class="empty-line">${t('badges.nobody_listed')}</p>` : null}
    <div class="paper-print door-print" data-whole=${whole ? 'yes' : 'no'}>${whole ? pages.map((p, i) => html`<${Sheet} key=${i} people=${p} n=${i + 1} of=${pages.length} title=${title} />`) : null}</div>`;
}
