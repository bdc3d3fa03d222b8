// web/organise/stations.js: kiosks and stage screens: pair the one that shows a code, say what it may do, see all, revoke one
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { schedule } from '../ui/schedule.js';
import { dayName, clock } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';

/** A member that may be an id or the row itself. @param {any} x */
const idOf = (x) => (x && typeof x === 'object' ? x.id : x) || '';

const PROFILES = ['self_service', 'desk', 'gate', 'print', 'board'];

/** @param {{conn: import('../protocol.js').Connection, lists: {id: string, name: string}[]}} props */
export function Stations({ conn, lists }) {
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null));
  const [error, setError] = useState('');
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [place, setPlace] = useState('');
  const [profile, setProfile] = useState('self_service');
  const [pin, setPin] = useState('');
  const [sure, setSure] = useState('');
  const [busy, setBusy] = useState(false);
  const read = () => conn.call('device.list').then((r) => setRows(r.stations)).catch((e) => setError(whyOf(e)));
  useEffect(() => void read(), []);
  const confirm = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setBusy(true);
    const [kind, id] = place.split(':');
    try {
      await conn.write('device.confirm', { user_code: code.trim().toUpperCase(), name: name.trim(), ...(id ? { [kind]: id } : {}), ...(kind === 'list' ? { profile, ...(pin ? { pin } : {}) } : {}) });
      setCode('');
      setName('');
      setPin('');
      setError('');
      announce(t('organise.paired'));
      await read();
    } catch (x) {
      setError(whyOf(x));
    }
    setBusy(false);
  };
  const revoke = async (/** @type {string} */ station) => {
    setSure('');
    try {
      await conn.write('device.revoke', { station });
      await read();
    } catch (x) {
      setError(whyOf(x));
    }
  };
  const where = (/** @type {any} */ s) => lists.find((l) => l.id === idOf(s.list))?.name || schedule.value?.room.get(idOf(s.room))?.name || s.list?.name || s.room?.name || '';
  return html`<form class="pair-form" onSubmit=${confirm}>
      <label class="field"><span>${t('organise.user_code')}</span><input class="code" required dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" value=${code} onInput=${(/** @type {any} */ e) => setCode(e.target.value)} /></label>
      <label class="field"><span>${t('organise.station_name')}</span><input required dir="auto" maxlength="60" value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label>
      <label class="field"><span>${t('organise.station_place')}</span><select required value=${place} onChange=${(/** @type {any} */ e) => setPlace(e.target.value)}><option value="">${t('organise.choose')}</option>
        <optgroup label=${t('organise.lists')}>${lists.map((l) => html`<option key=${l.id} value=${`list:${l.id}`}>${l.name}</option>`)}</optgroup><optgroup label=${t('organise.rooms')}>${(schedule.value?.rooms || []).map((r) => html`<option key=${r.id} value=${`room:${r.id}`}>${r.name}</option>`)}</optgroup></select></label>
      ${place.startsWith('list:') ? html`<label class="field"><span>${t('organise.profile')}</span><select value=${profile} onChange=${(/** @type {any} */ e) => setProfile(e.target.value)}>${PROFILES.map((p) => html`<option key=${p} value=${p}>${t(`profile.${p}`)}</option>`)}</select></label>
      <label class="field"><span>${t('organise.pin')}</span><input class="num" type="text" inputmode="numeric" dir="ltr" autocomplete="off" pattern="[0-9]{4,8}" maxlength="8" value=${pin} onInput=${(/** @type {any} */ e) => setPin(e.target.value)} /></label>` : null}
      <button class="primary" type="submit" disabled=${busy}>${t('organise.pair')}</button></form>
    <p class="error" role="alert">${error}</p>
    ${rows && !rows.length ? html`<p class="empty-line">${t('organise.no_stations')}</p>` : null}
    ${rows?.length ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="stations-h"><table class="grid stations"><thead><tr><th scope="col">${t('organise.station_name')}</th><th scope="col">${t('organise.kind')}</th><th scope="col">${t('organise.station_place')}</th><th scope="col">${t('organise.since')}</th><th scope="col"><span class="out-of-sight">${t('organise.revoke')}</span></th></tr></thead>
      <tbody>${rows.map((s) => html`<tr key=${s.id} class=${s.revoked ? 'gone' : ''}><th scope="row" dir="auto">${s.name}</th><td>${s.kind === 'kiosk' && s.profile ? t(`profile.${s.profile}`) : t(`kind.${s.kind}`)}</td><td dir="auto">${where(s)}</td><td class="num">${s.created ? `${dayName(s.created)} ${clock(s.created)}` : ''}</td>
        <td>${s.revoked ? html`<span class="tag off">${t('organise.revoked')}</span>` : sure === s.id ? html`<span class="row"><button type="button" class="primary" onClick=${() => revoke(s.id)}>${t('organise.revoke_sure')}</button><button type="button" class="link" onClick=${() => setSure('')}>${t('cancel')}</button></span>` : html`<button type="button" class="second" onClick=${() => setSure(s.id)} aria-label=${t('organise.revoke_name', { name: s.name })}>${t('organise.revoke')}</button>`}</td></tr>`)}</tbody></table></div>` : null}`;
}
