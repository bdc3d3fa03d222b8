// web/moderate/item.js: one question on the desk: its words and what belongs to them, who is on it, what was merged into it, and what can be done
import { html, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { ago, now } from '../ui/clock.js';
import { person } from '../ui/app.js';
import { allowed, claimedBy, mergeable, mergedInto } from './state.js';
import { ACTIONS } from './keys.js';
import { busy, desk, form, marked, selected } from './model.js';
import { Form } from './forms.js';

/** @typedef {import('./state.js').Row} Row */
/** @typedef {{run: (action: import('./keys.js').Action, row?: Row | null) => void, unmerge: (row: Row) => void, done: (method: string, row: Row, more?: any) => void, manyTalks: boolean}} Hands */

/** Why a moderator should look twice. @param {{q: Row}} props */
function Marks({ q }) {
  const marks = /** @type {string[][]} */ ([
    q.kind === 'prepared' && ['tag', t('desk.prepared')], q.kind === 'spoken' && ['tag', t(q.origin === 'remote' ? 'desk.read_out' : 'desk.spoken')], q.whole && ['tag', t('desk.whole')],
    q.skipped && ['tag', t('desk.skipped')],
    q.hits?.length && ['tag off', t('desk.hits', { words: q.hits.join(', ') })], q.reports && ['tag off', tn('desk.reports', q.reports)], q.muted && ['tag off', t('desk.muted')],
    q.edited || q.original ? ['tag', t('desk.edited')] : null,
  ].filter(Boolean));
  return marks.length ? html`<p class="item-marks">${marks.map(([c, text]) => html`<span key=${text} class=${c} dir="auto">${text}</span>`)}</p>` : null;
}

/** @param {{q: Row}} props */
function Meta({ q }) {
  const mode = q.quote === 'with_name' ? t('desk.quote_name') : q.quote === 'without_name' ? t('desk.quote') : '';
  const how = q.state === 'dismissed' ? `${t('state.dismissed')}: ${t(`reason.${q.reason || 'other'}`)}${q.silent ? `, ${t('desk.silently')}` : ''}` : ['answered', 'withdrawn', 'archived'].includes(q.state) ? t(`state.${q.state}`) : '';
  return html`<p class="question-meta">${q.state === 'pending' || q.kind === 'prepared' || q.kind === 'spoken' ? null : html`<span class="num">${tn('votes', q.votes)}</span>`}
    ${q.author?.name ? html`<span dir="auto">${q.author.name}</span>` : null}${q.kind === 'asked' || !q.kind ? html`<span>${t(q.origin === 'room' ? 'desk.room' : 'desk.remote')}</span>` : null}
    <span>${(now.value, ago(q.asked_at))}</span>${mode ? html`<span>${mode}</span>` : null}${how ? html`<span>${how}</span>` : null}</p>`;
}

/** What stands with it as one group. @param {{q: Row, unmerge: (row: Row) => void}} props */
function Merged({ q, unmerge }) {
  const rows = mergedInto(desk.value, q.id);
  if (!rows.length) return null;
  return html`<div class="item-merged"><p class="hint">${tn('desk.merged', rows.length)}</p><ul>${rows.map((x) => html`<li key=${x.id}><span dir="auto">${x.text}</span>
    <button type="button" class="link" disabled=${busy.value.has(x.id)} onClick=${(/** @type {Event} */ e) => { e.stopPropagation(); unmerge(x); }}>${t('desk.unmerge')}</button></li>`)}</ul></div>`;
}

/** @param {{q: Row, hands: Hands}} props */
export function Item({ q, hands }) {
  const on = selected.value === q.id;
  const who = claimedBy(q, person.value?.id || '');
  const mark = desk.value.questions.get(marked.value);
  const asking = form.value?.id === q.id ? form.value.kind : '';
  const usable = ACTIONS.filter((a) => allowed(a.method, q, a.form) && (a.method !== 'qa.move' || hands.manyTalks));
  const label = (/** @type {import('./keys.js').Action} */ a) => a.method === 'qa.merge' && mark ? (mark.id === q.id ? t('desk.unmark') : mergeable(mark, q) ? t('desk.merge_here') : t('desk.merge')) : t(a.label);
  const button = (/** @type {import('./keys.js').Action} */ a) => html`<button key=${a.key} type="button" class=${on && a.first?.includes(q.state) ? 'primary' : 'second'} disabled=${busy.value.has(q.id)} aria-expanded=${a.form && a.form !== 'merge' ? asking === a.form : null}
    onClick=${(/** @type {Event} */ e) => { e.stopPropagation(); selected.value = q.id; hands.run(a, q); }}><kbd>${a.key}</kbd>${label(a)}</button>`;
  const more = on ? usable.filter((a) => !a.main) : [];
  return html`<li class=${cx('item', q.state, on && 'selected', busy.value.has(q.id) && 'busy', mark?.id === q.id && 'marked')} data-question=${q.id} aria-current=${on ? 'true' : null} onClick=${() => (selected.value = q.id)}>
    ${who ? html`<p class="claim" dir="auto">${t('desk.claimed', { name: who.name })}</p>` : null}
    ${mark?.id === q.id ? html`<p class="claim mine">${t('desk.marked')}</p>` : null}
    <p class="item-text" dir="auto">${q.text}</p>
    ${q.original ? html`<p class="item-was"><span class="hint">${t('desk.original')}</span> <span dir="auto">${q.original}</span></p>` : null}
    ${q.revision ? html`<p class="item-was new"><span class="hint">${t('desk.revision')}</span> <span dir="auto">${q.revision}</span></p>` : null}
    ${q.answer ? html`<p class="item-was"><span class="hint">${t(q.private_answer ? 'desk.answer_private' : 'desk.answer_public')}</span> <span dir="auto">${q.answer.text}</span></p>` : null}
    <${Marks} q=${q} /><${Meta} q=${q} /><${Merged} q=${q} unmerge=${hands.unmerge} />
    <div class="item-actions">${usable.filter((a) => a.main).map(button)}${more.length ? html`<span class="item-more">${more.map(button)}</span>` : null}</div>
    ${asking ? html`<${Form} key=${asking + q.id} kind=${asking} q=${q} who=${who} done=${hands.done} />` : null}
  </li>`;
}
