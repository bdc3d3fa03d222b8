// web/organise/badges_printers.js: the printers there are, which one prints for which station, and whether doors print by themselves
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { has } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { KINDS } from './badges_batch.js';
import { href } from './route.js';

/** @param {{label: string, value: string, names: string[], none: string, put: (v: string) => void, disabled?: boolean}} props */
function Choose({ label, value, names, none, put, disabled }) {
  const all = value && !names.includes(value) ? [...names, value] : names;
  return html`<label class="field"><span dir="auto">${label}</span><select disabled=${disabled} value=${value} onChange=${(/** @type {any} */ e) => put(e.target.value)}><option value="">${none}</option>${all.map((n) => html`<option key=${n} value=${n} selected=${n === value}>${n}</option>`)}</select></label>`;
}

/** @param {{conn: import('../protocol.js').Connection, list: import('./badges.js').List, read: () => void}} props */
export function Printers({ conn, list, read }) {
  const [error, setError] = useState('');
  const [here, setHere] = useState('');
  const names = list.printers.map((p) => p.name);
  const s = list.setting;
  const write = async (/** @type {string} */ method, /** @type {any} */ params) => {
    try {
      await conn.write(method, params);
      setError('');
      announce(t('form.saved'));
    } catch (e) {
      setError(whyOf(e));
    }
    read();
  };
  return html`${list.printers.length ? html`<ul class="rows">${list.printers.map((p) => html`<li key=${p.name} class="badge-printer"><span class="row-name" dir="auto">${p.name}</span>
      <span class=${!p.online || !p.ready ? 'tag off' : 'tag'}>${!p.online ? t('badges.offline') : p.ready ? t('badges.ready') : t('badges.not_ready')}</span>${p.error ? html`<span class="hint">${p.error}</span>` : null}</li>`)}</ul>` : html`<p class="empty-line">${t('badges.no_printers')}</p>`}
    <p class="error" role="alert">${error}</p>
    ${has('organiser') ? html`<label class="tick"><input type="checkbox" checked=${s.auto} onChange=${(/** @type {any} */ e) => write('badge.setting', { auto: e.target.checked })} /><span>${t('badges.auto')}<span class="hint">${t('badges.auto_hint')}</span></span></label>
      <div class="badge-form"><label class="field"><span>${t('badges.door_kind')}</span><select value=${s.template} onChange=${(/** @type {any} */ e) => write('badge.setting', { template: e.target.value })}>${KINDS.map((k) => html`<option key=${k} value=${k} selected=${k === s.template}>${t(`badges.kind_${k}`)}</option>`)}</select></label>
      <${Choose} label=${t('badges.default_printer')} value=${s.printer || ''} names=${names} none=${t('badges.any_printer')} put=${(/** @type {string} */ printer) => write('badge.setting', { printer })} /></div>` : null}
    ${list.stations.length ? html`<h3>${t('badges.by_station')}</h3><div class="badge-form">${list.stations.map((x) => html`<${Choose} key=${x.id} label=${x.name} value=${x.printer || ''} names=${names} none=${t('badges.as_default')} put=${(/** @type {string} */ printer) => write('badge.route', { station: x.id, printer })} />`)}</div>` : null}
    <form class="badge-form" onSubmit=${(/** @type {Event} */ e) => {
      e.preventDefault();
      location.hash = href('badges', 'here', here.trim());
    }}><label class="field"><span>${t('badges.here_name')}</span><input required dir="auto" maxlength="60" value=${here} onInput=${(/** @type {any} */ e) => setHere(e.target.value)} /></label><button type="submit" class="second">${t('badges.here_start')}</button></form>
    <p class="hint">${t('badges.here_hint')}</p>`;
}
