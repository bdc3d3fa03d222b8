// web/me/answers.js: what the form asks of somebody who comes: name on the badge, diet, access needs, nights; with consent where health is in it
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { keyName } from '../ui/clock.js';

/** The words of this consent; other words are another version. */
const CONSENT = 'health-1';

/** Nights one may sleep there: from two before until the last day. @param {string} starts @param {string} ends */
export function nightsOf(starts, ends) {
  const out = [];
  for (let d = Date.parse(starts) - 2 * 864e5; d <= Date.parse(ends) && out.length < 16; d += 864e5) out.push(new Date(d).toISOString().slice(0, 10));
  return out;
}

/** @typedef {{badge_name: string, diet: string, access: string, nights: string[], consent?: string | null}} Answers */

/** @param {Answers | null | undefined} before */
export function useAnswers(before) {
  const [a, setA] = useState(/** @type {Answers} */ ({ badge_name: before?.badge_name || '', diet: before?.diet || '', access: before?.access || '', nights: before?.nights || [], consent: before?.consent || '' }));
  return { a, set: (/** @type {Partial<Answers>} */ more) => setA((x) => ({ ...x, ...more })) };
}

/** As the server takes them: nights only for those who come. @param {Answers} a @param {string} mode @param {number} covered */
export const said = (a, mode, covered) => ({ badge_name: a.badge_name.trim(), diet: a.diet.trim(), access: a.access.trim(), nights: mode === 'on_site' ? a.nights.slice(0, covered) : [], ...(a.consent ? { consent: a.consent } : {}) });

/** @param {{id: string, questions: string[], form: ReturnType<typeof useAnswers>, mode: string, covered: number, starts: string, ends: string}} props */
export function AnswerFields({ id, questions, form: { a, set }, mode, covered, starts, ends }) {
  const here = mode === 'on_site';
  const health = (questions.includes('diet') && here) || questions.includes('access');
  const tick = (/** @type {string} */ night, /** @type {boolean} */ on) => set({ nights: on ? [...a.nights, night].sort() : a.nights.filter((n) => n !== night) });
  return html`${questions.includes('badge_name') ? html`<label class="field"><span>${t('me.badge_name')}</span><input name="badge_name" maxlength="100" dir="auto" autocomplete="off" value=${a.badge_name} onInput=${(/** @type {any} */ e) => set({ badge_name: e.target.value })} /></label>` : null}
    ${questions.includes('diet') && here ? html`<label class="field"><span>${t('me.diet')}</span><textarea name="diet" rows="2" maxlength="500" dir="auto" value=${a.diet} onInput=${(/** @type {any} */ e) => set({ diet: e.target.value })}></textarea></label>` : null}
    ${questions.includes('access') ? html`<label class="field"><span>${t('me.access')}</span><textarea name="access" rows="2" maxlength="1000" dir="auto" value=${a.access} onInput=${(/** @type {any} */ e) => set({ access: e.target.value })}></textarea></label>` : null}
    ${health ? html`<label class="tick"><input type="checkbox" name="consent" required=${!!(a.diet.trim() || a.access.trim())} checked=${!!a.consent} onChange=${(/** @type {any} */ e) => set({ consent: e.target.checked ? CONSENT : '' })} /><span>${t('me.consent')}</span></label>` : null}
    ${questions.includes('nights') && here && covered > 0 ? html`<fieldset class="nights" aria-describedby=${`${id}-nights`}><legend>${t('me.nights')}</legend><p class="hint" id=${`${id}-nights`}>${t('me.nights_hint', { n: covered })}</p>
      ${nightsOf(starts, ends).map((n) => html`<label key=${n} class="tick"><input type="checkbox" checked=${a.nights.includes(n)} disabled=${!a.nights.includes(n) && a.nights.length >= covered} onChange=${(/** @type {any} */ e) => tick(n, e.target.checked)} /><span>${keyName(n)}</span></label>`)}</fieldset>` : null}`;
}

/** On site or online, with what is left of each. @param {{mode: string, set: (mode: string) => void, left: Record<string, number | null>, name: string}} props */
export const ModeChoice = ({ mode, set, left, name }) => html`<fieldset class="modes"><legend>${t('me.mode')}</legend>${['on_site', 'online'].map((m) => html`<label key=${m} class="tick"><input type="radio" name=${name} value=${m} checked=${mode === m} onChange=${() => set(m)} /><span>${t(`me.${m}`)}${left[m] === 0 ? html` <span class="tag off">${t('me.full')}</span>` : left[m] === null ? null : html` <span class="hint num">${t('me.left', { n: left[m] })}</span>`}</span></label>`)}</fieldset>`;
