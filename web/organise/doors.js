// web/organise/doors.js: how many came in through each door, and the kiosks and screens that stand there
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Empty } from '../ui/chrome.js';
import { applyStats } from '../store.js';
import { Stations } from './stations.js';
import { Part } from './part.js';

/** @param {{conn: import('../protocol.js').Connection, lists: {id: string, name: string}[]}} props */
function Admissions({ conn, lists }) {
  const [all, setAll] = useState(/** @type {Record<string, import('../store.js').Stats>} */ ({}));
  useEffect(() => {
    const stops = lists.map((list) => {
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
  }, [lists]);
  if (!lists.length) return html`<${Empty} title=${t('organise.no_lists')} />`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="lists-h"><table class="grid"><thead><tr><th scope="col">${t('organise.list')}</th>${['admitted', 'inside', 'refused', 'conflicts'].map((k) => html`<th key=${k} scope="col" class="n">${t(`organise.${k}`)}</th>`)}</tr></thead>
    <tbody>${lists.map((l) => html`<tr key=${l.id}><th scope="row" dir="auto">${l.name}</th>${(/** @type {const} */ (['admitted', 'inside', 'refused', 'conflicts'])).map((k) => html`<td key=${k} class="n num">${all[l.id] ? all[l.id][k] : '–'}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export function Doors({ conn }) {
  const [lists, setLists] = useState(/** @type {{id: string, name: string}[] | null} */ (null));
  useEffect(() => void conn.call('checkin.lists').then((r) => setLists(r.lists)).catch(() => setLists([])), []);
  if (!lists) return null;
  return html`<h1>${t('view.doors')}</h1>
    <${Part} id="lists" title=${t('organise.admissions')}><${Admissions} conn=${conn} lists=${lists} /><//>
    <${Part} id="stations" title=${t('organise.stations')}><${Stations} conn=${conn} lists=${lists} /><//>`;
}
