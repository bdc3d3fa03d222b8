// web/organise/call_settings.js: the deadlines as they are announced, the words, the consents; and every version there was
import { html } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { clock, dayMonth } from '../ui/clock.js';
import { Editor } from './form.js';

/** @typedef {{text: string, label: string, zone: string, at?: string}} When */
/** @typedef {{kind: string, text: string, text_da: string, required: boolean}} Consent */

const bare = (/** @type {When} */ w) => ({ text: w.text, label: w.label.trim(), zone: w.zone.trim() });
/** @param {When} a @param {When} b */
const same = (a, b) => JSON.stringify(bare(a)) === JSON.stringify(bare(b));

/** A deadline in the three parts it is announced in; what it means is the server's to say, of what it has saved. @param {string} zone the conference's own @param {When} [held] */
const deadline = (zone, held) => (/** @type {{id: string, value: When, set: (v: When) => void}} */ p) => {
  const value = p.value || { text: '', label: '', zone };
  const [day = '', time = ''] = value.text.split(' ');
  const put = (/** @type {Partial<When>} */ v) => p.set({ text: value.text, label: value.label, zone: value.zone, ...v });
  return html`<span class="deadline-row"><label class="field"><span>${t('call.day')}</span><input id=${p.id} type="date" required value=${day} onInput=${(/** @type {any} */ e) => put({ text: `${e.target.value} ${time || '23:59'}` })} /></label>
    <label class="field"><span>${t('call.time')}</span><input class="num" type="text" inputmode="numeric" dir="ltr" maxlength="5" pattern="[0-2][0-9]:[0-5][0-9]" placeholder="14:00" required value=${time} onInput=${(/** @type {any} */ e) => put({ text: `${day} ${e.target.value}` })} /></label>
    <label class="field"><span>${t('call.label')}</span><input type="text" dir="ltr" maxlength="12" placeholder="CET" required value=${value.label} onInput=${(/** @type {any} */ e) => put({ label: e.target.value })} /></label>
    <label class="field"><span>${t('call.zone')}</span><input type="text" dir="ltr" maxlength="64" required spellcheck="false" value=${value.zone} onInput=${(/** @type {any} */ e) => put({ zone: e.target.value })} /></label></span>
    ${held?.at && same(value, held) ? html`<span class="hint num">${t('call.means', { at: `${held.at.slice(0, 16).replace('T', ' ')} UTC` })}</span>` : null}`;
};

/** @param {{id: string, value: Consent[], set: (v: Consent[]) => void}} p */
function Consents({ id, value, set }) {
  const list = value || [];
  const put = (/** @type {number} */ i, /** @type {Partial<Consent>} */ v) => set(list.map((c, n) => (n === i ? { ...c, ...v } : c)));
  const free = () => [...'abcdefghijklmnopqrstuvwxyz'].map((x) => `consent_${x}`).find((kind) => !list.some((c) => c.kind === kind)) || 'consent';
  return html`<div class="consent-list" id=${id}>${list.map((c, i) => html`<div key=${c.kind} class="consent-one" role="group" aria-label=${t('call.consent_n', { n: i + 1 })}>
      <label class="field"><span>${t('call.consent_en')}</span><textarea rows="2" maxlength="2000" required value=${c.text} onInput=${(/** @type {any} */ e) => put(i, { text: e.target.value })}></textarea></label>
      <label class="field"><span>${t('call.consent_da')}</span><textarea rows="2" maxlength="2000" value=${c.text_da} onInput=${(/** @type {any} */ e) => put(i, { text_da: e.target.value })}></textarea></label>
      <div class="row"><label class="tick"><input type="checkbox" checked=${c.required} onChange=${(/** @type {any} */ e) => put(i, { required: e.target.checked })} /><span>${t('call.consent_required')}</span></label>
        <button type="button" class="link" aria-label=${t('call.consent_remove', { n: i + 1 })} onClick=${() => set(list.filter((_, n) => n !== i))}>${t('form.remove')}</button></div></div>`)}
    <button type="button" class="second" disabled=${list.length >= 12} onClick=${() => set([...list, { kind: free(), text: '', text_da: '', required: true }])}>${t('call.consent_add')}</button></div>`;
}

/** What the form has of what the server says. @param {any} doc */
const rowOf = (doc) => (doc.call ? { name: 'call', ...doc.call, opens: bare(doc.call.opens), closes: bare(doc.call.closes), grace_min: Math.round(doc.call.grace_s / 60), consents: doc.consents.map((/** @type {any} */ c) => ({ kind: c.kind, text: c.text, text_da: c.text_da, required: c.required })) }
  : { name: 'call', opens: { text: '', label: '', zone: doc.zone }, closes: { text: '', label: '', zone: doc.zone }, grace_min: 0, limit: 2500, answers: '', answers_da: '', intro: '', intro_da: '', consents: [] });

const shown = (/** @type {When} */ w) => `${w.text} ${w.label} (${w.zone})`;

/** @param {{conn: import('../protocol.js').Connection, doc: any, done: () => Promise<any>}} props */
export function CallSettings({ conn, doc, done }) {
  /** @type {import('./form.js').FieldDef[]} */
  const fields = [
    { name: 'opens', label: t('call.opens'), own: deadline(doc.zone, doc.call?.opens), show: shown },
    { name: 'closes', label: t('call.closes'), own: deadline(doc.zone, doc.call?.closes), show: shown, hint: t('call.closes_hint') },
    { name: 'grace_min', label: t('call.grace'), kind: 'number', min: 0, max: 1440, half: true, hint: t('call.grace_hint') },
    { name: 'limit', label: t('call.limit'), kind: 'number', min: 100, max: 4000, half: true },
    { name: 'answers', label: t('call.answers'), max: 200, half: true }, { name: 'answers_da', label: t('call.answers_da'), max: 200, half: true },
    { name: 'intro', label: t('call.intro'), kind: 'area', max: 3000 }, { name: 'intro_da', label: t('call.intro_da'), kind: 'area', max: 3000 },
    { name: 'consents', label: t('call.consents'), own: Consents, hint: t('call.consents_hint'), show: (v) => (v || []).map((/** @type {Consent} */ c) => c.text).join('\n') },
  ];
  const save = async (/** @type {any} */ mine, /** @type {any} */ base) => {
    try {
      return await conn.write('call.save', { opens: bare(mine.opens), closes: bare(mine.closes), grace_s: (mine.grace_min || 0) * 60, limit: mine.limit || 2500, answers: mine.answers || '', answers_da: mine.answers_da || '',
        intro: mine.intro || '', intro_da: mine.intro_da || '', consents: mine.consents || [], expect_version: base.version ?? 0 });
    } catch (x) {
      const e = /** @type {any} */ (x);
      const c = e?.data?.current;
      if (e?.fault === 'call.label') throw { fault: 'call.label', data: {}, message: t('call.label_wrong', { label: c.label, zone: c.zone, is: c.is, which: t(`call.${c.field}`) }) };
      if (e?.fault === 'conflict') throw { fault: 'conflict', data: { current: rowOf(await conn.call('call.settings')) } };
      throw e;
    }
  };
  return html`<${Editor} name="call" id="call" row=${rowOf(doc)} fields=${fields} save=${save} saveLabel=${t('call.save')} saved=${done} />
    ${doc.revisions.length ? html`<details class="past"><summary>${t('call.past')}</summary><ol class="rows">${doc.revisions.map((/** @type {any} */ r) => html`<li key=${r.version} class="past-row"><span class="num">${t('call.version', { n: r.version })}</span> <span class="num">${r.opens.text} ${r.opens.label} – ${r.closes.text} ${r.closes.label}</span>
      <span class="hint num">${dayMonth(Date.parse(r.saved))} ${clock(Date.parse(r.saved))}${r.by ? html` · <span dir="auto">${r.by}</span>` : null}${r.grace_s ? ` · ${t('call.grace_of', { n: Math.round(r.grace_s / 60) })}` : ''}</span></li>`)}</ol></details>` : null}`;
}
