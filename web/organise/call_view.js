// web/organise/call_view.js: the call: what was handed in, who may be late, and its deadlines with their past
import { extend, t } from '../i18n/index.js';
import en from '../i18n/call.en.js';
import da from '../i18n/call.da.js';
import { html, useEffect, useRef, useState } from '../ui/dom.js';
import { Skeleton, whyOf } from '../ui/chrome.js';
import { conferenceTime, fullDate, minute } from '../ui/clock.js';
import { Part } from './part.js';
import { Abstracts } from './call_list.js';
import { LateEntries } from './call_late.js';
import { CallSettings } from './call_settings.js';

extend({ en, da });

/** How often a list is read anew while the last hour brings one abstract after the other. */
const EVERY_MS = 3000;

/** Where it stands by the conference's clock, with the deadline in the words it was announced in. @param {{call: any}} props */
function Now({ call }) {
  const at = minute.value || conferenceTime();
  const state = at < Date.parse(call.opens.at) ? 'before' : at <= Date.parse(call.closes.at) ? 'open' : 'closed';
  const { text, label } = state === 'before' ? call.opens : call.closes;
  return html`<p class="call-now num">${t(`call.now_${state}`, { when: `${fullDate(`${text.slice(0, 10)}T12:00:00Z`)}, ${text.slice(11)} ${label}` })}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function CallView({ conn, args }) {
  const [doc, setDoc] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const [turn, setTurn] = useState(0);
  const waiting = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const read = () => conn.call('call.settings').then((d) => { setDoc(d); setError(''); }, (e) => setError(whyOf(e)));
  useEffect(() => void read(), [turn]);
  useEffect(() => {
    const later = () => {
      waiting.current ||= setTimeout(() => {
        waiting.current = undefined;
        setTurn((n) => n + 1);
      }, EVERY_MS);
    };
    // A snapshot stands for events that are not told any more.
    const stop = conn.subscribe('draft', { snapshot: later, event: (type) => type === 'call.changed' && later(), fault: () => {} });
    return () => {
      clearTimeout(waiting.current);
      stop();
    };
  }, []);
  if (!doc) return html`<h1>${t('view.call')}</h1>${error ? html`<p class="error" role="alert">${error}</p>` : html`<${Skeleton} n=${6} />`}`;
  return html`<h1>${t('view.call')}</h1>
    ${doc.call ? html`<${Now} call=${doc.call} /><${Part} id="abstracts" title=${t('call.abstracts')}><${Abstracts} conn=${conn} doc=${doc} turn=${turn} open=${args[0] || ''} /><//>
      <${Part} id="late" title=${t('call.late')}><${LateEntries} conn=${conn} doc=${doc} done=${read} /><//>` : html`<p class="hint">${t('call.none_yet')}</p>`}
    <${Part} id="call-settings" title=${t('call.settings')}><${CallSettings} conn=${conn} doc=${doc} done=${read} /><//>`;
}
