// web/attend/questions.js: the questions of a talk, or of a block's talks one below the other: a list that holds still under a finger
import { html, signal, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { mine, person, session } from '../ui/app.js';
import { ago, minute } from '../ui/clock.js';
import { Later } from '../ui/later.js';
import { watch } from '../ui/near.js';
import { signin } from '../ui/signin.js';
import { Up } from '../ui/icons.js';
import { heldOrder } from '../store.js';
import { groupsOf, listOf, mergedInto, notShown, openCount, ownOf, pieceIds } from '../qa_store.js';
import { cast, halls, myVote, outgoing, vote, voteDelta, voteWaits } from './hall.js';

/** @typedef {import('../qa_store.js').Asked} Asked */
/** @typedef {import('../qa_store.js').Hall} Hall */

/** The part about one's own questions, once it is here: what stands below it waits, so that nothing is pushed. */
const Asked = signal(/** @type {any} */ (null));
let asking = false;

function fetchAsked() {
  if (asking) return;
  asking = true;
  import('./asked.js').then((m) => (Asked.value = m.Asked), () => (asking = false));
}

/** A list longer than this draws only what is near the screen. */
const DRAWN_WHOLE = 200;

/** What is told by a glance: the name where it may be seen, whose it is, how old, what was done to it. @param {{q: Asked, hall: Hall | undefined}} props */
function Facts({ q, hall }) {
  const c = cast.value.get(q.id);
  const waits = voteWaits(q.id);
  const merged = hall ? mergedInto(hall, q.id) : [];
  const own = q.mine || mine.value.questions.has(q.id);
  return html`<p class="question-meta">${q.author?.name ? html`<span dir="auto">${q.author.name}</span>` : null}${own ? html`<span>${t('qa.yours')}</span>` : null}${q.whole ? html`<span>${t('qa.whole')}</span>` : null}
    <span>${(minute.value, ago(q.asked_at))}</span>${q.edited ? html`<span>${t('qa.edited')}</span>` : null}${q.skipped ? html`<span>${t('qa.skipped')}</span>` : null}
    ${merged.some((id) => mine.value.votes.get(id) === 1) && !mine.value.votes.has(q.id) ? html`<span>${t('qa.merged_vote')}</span>` : merged.length ? html`<span>${tn('qa.merged', merged.length)}</span>` : null}
    ${waits ? html`<span>${t(waits === 'kept' ? 'qa.vote_kept' : 'qa.vote_sending')}</span>` : null}${c?.why ? html`<span class="error">${c.why}</span>` : null}</p>`;
}

/** @param {{q: Asked, hall: Hall | undefined, conn: import('../protocol.js').Connection}} props */
function Row({ q, hall, conn }) {
  const [report, setReport] = useState(false);
  const on = myVote(q, hall) === 1;
  const votes = q.votes + voteDelta(q.id);
  const votable = !!hall?.window.vote && q.state !== 'answered' && (q.kind || 'asked') === 'asked';
  const press = () => {
    const go = () => vote(q, on ? 0 : 1, hall);
    if (person.value) go();
    else signin.value = { why: t('sign.why_vote'), then: go };
  };
  return html`<li class=${cx('question', q.state, q.skipped && 'skipped')} data-question=${q.id}>
    <button type="button" class=${cx('vote', on && 'on')} aria-pressed=${on} disabled=${!votable} onClick=${press} aria-label=${tn('qa.vote', votes)}><${Up} /><span class="num">${votes}</span></button>
    <div class="question-body">
      ${q.state === 'on_stage' ? html`<span class="tag on">${t('qa.on_stage')}</span>` : null}
      <p dir="auto">${q.text}</p>
      <${Facts} q=${q} hall=${hall} />
      ${q.answer?.text ? html`<div class="answer"><p class="question-meta">${q.answer.by ? t('qa.answer_by', { name: q.answer.by }) : t('qa.answer')}</p><p dir="auto">${q.answer.text}</p></div>` : null}
      ${mine.value.questions.has(q.id) || q.mine || q.kind === 'prepared' ? null : report ? html`<${Later} load=${() => import('./report.js')} name="Report" props=${{ conn, q, close: () => setReport(false) }} />`
      : html`<button type="button" class="link report-open" onClick=${() => setReport(true)} aria-label=${t('qa.report_this', { text: q.text.slice(0, 60) })}>${t('qa.report')}</button>`}
    </div>
  </li>`;
}

/** @param {{from: number, rows: any[]}} props */
function Piece({ from, rows }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [near, setNear] = useState(from < 50);
  const height = useRef(0);
  useEffect(() => (box.current ? watch(box.current, (n) => {
    if (!n && box.current) height.current = box.current.offsetHeight;
    setNear(n);
  }) : undefined), []);
  return html`<li class="piece-of-list" ref=${box} style=${near ? null : { height: `${height.current || rows.length * 110}px` }}>${near ? html`<ol start=${from + 1}>${rows}</ol>` : null}</li>`;
}

/** Keeps rows where they are while a finger, a pointer or the focus is on them. @param {import('preact').RefObject<HTMLElement>} box */
function useHeld(box) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const hold = () => {
      clearTimeout(timer);
      setHeld(true);
    };
    const free = () => {
      clearTimeout(timer);
      timer = setTimeout(() => !el.matches(':hover, :focus-within') && setHeld(false), 2500);
    };
    const on = ['pointerenter', 'pointerdown', 'focusin'];
    const off = ['pointerleave', 'pointerup', 'focusout', 'pointercancel'];
    on.forEach((n) => el.addEventListener(n, hold));
    off.forEach((n) => el.addEventListener(n, free));
    return () => {
      clearTimeout(timer);
      on.forEach((n) => el.removeEventListener(n, hold));
      off.forEach((n) => el.removeEventListener(n, free));
    };
  }, [box.current]);
  return /** @type {[boolean, (v: boolean) => void]} */ ([held, setHeld]);
}

/** One talk's list. @param {{conn: import('../protocol.js').Connection, hall: Hall | undefined, order: string[], lonely: boolean}} props lonely: nothing else stands where this is empty */
function List({ conn, hall, order, lonely }) {
  const { stage, rest, answered } = listOf(hall);
  const byId = new Map(rest.map((q) => [q.id, q]));
  const row = (/** @type {Asked} */ q) => html`<${Row} key=${q.id} q=${q} hall=${hall} conn=${conn} />`;
  const rows = (/** @type {string[]} */ ids) => ids.map((id) => byId.get(id)).map((q) => q && row(q));
  const out = notShown(hall);
  if (!hall) return null;
  if (!hall.window.show) return html`<p class="empty-line">${t('qa.hidden')}</p>`;
  return html`${stage.length ? html`<ul class="on-stage">${stage.map(row)}</ul>` : null}
    ${!hall.window.vote && rest.length ? html`<p class="hint">${t('qa.vote_closed')}</p>` : null}
    ${order.length > DRAWN_WHOLE ? html`<ol class="ranked long-list" aria-label=${t('qa.list')}>${pieceIds(order).map((p) => html`<${Piece} key=${p.from} from=${p.from} rows=${rows(p.ids)} />`)}</ol>`
    : order.length ? html`<ol class="ranked" aria-label=${t('qa.list')}>${rows(order)}</ol>` : null}
    ${!stage.length && !rest.length && lonely ? html`<p class="empty-line">${t(hall.window.ask ? 'qa.none' : 'qa.none_closed')}</p>` : null}
    ${answered.length ? html`<details class="answered"><summary>${tn('qa.answered', answered.length)}</summary><ol>${answered.map(row)}</ol></details>` : null}
    ${hall.waiting || out.n ? html`<p class="not-shown hint">${hall.waiting ? html`<span>${tn('qa.waiting', hall.waiting)}</span> ` : null}${out.n ? html`<span>${tn('qa.not_shown', out.n, { why: out.why.map(([reason, n]) => t(`why.${reason}`, { n })).join(', ') })}</span>` : null}</p>` : null}`;
}

/**
 * The questions of these talks; a single talk's stand without a heading.
 * @param {{conn: import('../protocol.js').Connection, talk: string, talks: import('../store.js').Talk[]}} props
 */
export function QuestionList({ conn, talk, talks }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = useRef(/** @type {Map<string, string[]>} */ (new Map()));
  const [held, setHeld] = useHeld(box);
  if (!session.value && !person.value) return null;
  if (!person.value) {
    return html`<div class="guest-note"><p>${t('qa.guest')}</p><button type="button" class="primary" onClick=${() => (signin.value = { why: t('sign.why_qa') })}>${t('sign.in')}</button></div>`;
  }
  const groups = groupsOf(talks, halls.value, talk);
  let moved = 0;
  const orders = new Map(groups.map(({ talk: x, hall }) => {
    const held_ = heldOrder(shown.current.get(x.id) || [], listOf(hall).rest, held);
    moved += held_.moved;
    return [x.id, held_.order];
  }));
  const ids = new Set(talks.map((x) => x.id));
  const some = [...outgoing.value.values()].some((q) => ids.has(q.talk)) || ownOf(mine.value.questions, ids).length > 0;
  if (some) fetchAsked();
  const Own = Asked.value;
  // Only with the first picture: later it comes above by the reader's own press.
  const early = some && !Own && ![...shown.current.values()].some((x) => x.length);
  if (!early) shown.current = orders;
  return html`<div class="questions" ref=${box}>
    ${some && Own ? html`<${Own} conn=${conn} talks=${ids} />` : null}
    ${moved ? html`<button type="button" class="moved" onClick=${() => { shown.current = new Map(); setHeld(false); }}>${tn('qa.moved', moved)}</button>` : null}
    ${early ? null : groups.length === 1 ? html`<${List} conn=${conn} hall=${groups[0].hall} order=${orders.get(talk) || []} lonely=${!some} />`
    : groups.map((g) => html`<${Group} key=${g.talk.id} conn=${conn} group=${g} own=${g.talk.id === talk} order=${orders.get(g.talk.id) || []} />`)}
  </div>`;
}

/** @param {{conn: import('../protocol.js').Connection, group: ReturnType<typeof groupsOf>[number], own: boolean, order: string[]}} props */
function Group({ conn, group, own, order }) {
  const [open, setOpen] = useState(group.open);
  const [touched, setTouched] = useState(false);
  // It opens by itself when its talk begins or all are discussed together, never against the reader.
  useEffect(() => {
    if (group.open && !touched) setOpen(true);
  }, [group.open]);
  const n = openCount(group.hall);
  const stage = listOf(group.hall).stage.length > 0;
  return html`<details class=${cx('qa-group', own && 'own-talk')} open=${open} onToggle=${(/** @type {any} */ e) => { if (e.currentTarget.open !== open) { setTouched(true); setOpen(e.currentTarget.open); } }}>
    <summary><h3 dir="auto">${group.talk.title}</h3><span class="count-tag num">${n || ''}</span>${stage ? html`<span class="tag on">${t('qa.on_stage')}</span>` : null}</summary>
    ${open ? html`<${List} conn=${conn} hall=${group.hall} order=${order} lonely=${true} />` : null}
  </details>`;
}
