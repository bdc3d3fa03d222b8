// web/stage/main.js: the screen behind the speaker: one question, or the talk and how to ask
import { html, mount, signal, effect, useEffect, cx } from '../ui/dom.js';
import { extend, t, tn, lang, own } from '../i18n/index.js';
import en from '../i18n/stage.en.js';
import da from '../i18n/stage.da.js';
import { connect, session, status, slug, lastHeard } from '../ui/app.js';
import { clock, dayKey, now, minute, zoneName, conferenceTime } from '../ui/clock.js';
import { deviceToken, keepToken } from '../ui/device.js';
import { Pair } from '../ui/pair.js';
import { useAwake } from '../ui/awake.js';
import { whyOf } from '../ui/chrome.js';
import { followNotices, notices } from '../ui/notices.js';
import { noticeKey } from '../personal.js';
import { useRoom } from '../ui/room.js';
import { StartTime } from '../ui/times.js';
import { under } from '../wire.js';
import { stageFrom, applyStage, tickStage, applyTick, questionsFrom } from '../store.js';
import { useCounts } from '../ui/polls.js';
import { Fit } from './fit.js';
import { StagePoll } from './poll.js';
import { Messages, Next, Qr, Timer } from './parts.js';

extend({ en, da });

const wanted = decodeURIComponent(/\/stage\/([^/]+)/.exec(location.pathname)?.[1] || '');
const conn = connect({ deviceToken: () => deviceToken('stage', slug) });
const stage = signal(/** @type {import('../store.js').Stage | null} */ (null));
const rooms = signal(/** @type {any[]} */ ([]));
const refused = signal('');

const uuidLike = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;
const plain = (/** @type {string} */ s) => s.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
let followed = '';
let stop = () => {};

/** @param {string} id */
function follow(id) {
  if (!id || id === followed) return;
  followed = id;
  stop();
  stop = conn.subscribe(`stage:${id}`, {
    snapshot: (doc) => {
      stage.value = stageFrom(doc);
      refused.value = '';
    },
    event: (type, data) => {
      if (!stage.value) return;
      stage.value = applyStage(stage.value, type, data);
      // The talk is not always told whole: the room's state says it.
      if (type.startsWith('talk.') && typeof data.talk !== 'object') conn.resnapshot(`stage:${id}`);
    },
    tick: (tally) => stage.value && (stage.value = tickStage(stage.value, tally)),
    fault: (f) => (refused.value = f),
  });
}

conn.subscribe('now', {
  snapshot: (doc) => (rooms.value = doc.rooms),
  event: (_t, doc) => {
    if (doc.refetch) conn.call('now.get').then((d) => (rooms.value = d.rooms)).catch(() => {});
    else rooms.value = doc.rooms;
  },
});

effect(() => {
  if (!session.value) return;
  const own = session.value.station?.room;
  if (uuidLike.test(wanted)) follow(wanted);
  else if (wanted) follow(rooms.value.find((r) => plain(r.name) === plain(wanted))?.room || '');
  else follow((own && typeof own === 'object' ? own.id : own) || (rooms.value.length ? rooms.value[0].room : ''));
});

/** The votes of what is on stage come by the talk's own ticks. */
function useVotes(/** @type {string | undefined} */ talk) {
  useEffect(() => {
    if (!talk) return;
    const take = (/** @type {[string, number][]} */ tally) => stage.value && (stage.value = tickStage(stage.value, tally));
    return conn.subscribe(`talk:${talk}`, {
      snapshot: (doc) => take([...applyTick(questionsFrom(doc), doc.tally || []).questions.values()].map((q) => [q.id, q.votes])),
      tick: take,
    });
  }, [talk]);
}
followNotices(conn);
conn.start();

/** What the whole room must know, over the foot; the merely informative belongs on phones. */
function Announced() {
  const n = notices.value.find((x) => x.urgency !== 'info');
  return html`<div class=${cx('announced', n?.urgency)} role="alert">${n ? html`<p key=${noticeKey(n)}><b>${t(`notice.${n.urgency}`)}</b> <span dir="auto">${own(n.text)}</span></p>` : null}</div>`;
}

/** Letters of a question beside which nothing else has a place. */
const LONG = 260;
const address = () => `${location.origin}${under(slug, '/attend')}`;

function Screen() {
  useAwake();
  useRoom(conn, followed);
  const s = stage.value;
  useVotes(s?.question?.talk || s?.talk?.id);
  now.value;
  const open = status.value.state === 'open';
  useEffect(() => void (lastHeard.value = open ? 0 : lastHeard.value || conferenceTime()), [open]);
  const here = rooms.value.find((r) => r.room === followed);
  const next = here?.next;
  const talk = s?.talk;
  const q = s?.question;
  const title = talk?.title || here?.now?.title || s?.room?.name || '';
  const by = (talk?.speakers || []).map((p) => p.name).join(', ');
  const down = !open && performance.now() - status.value.since > 2000;
  const shown = s?.poll || null;
  const counts = useCounts(conn, shown, shown?.results === 'always');
  const poll = shown && html`<${StagePoll} key=${shown.id} poll=${shown} counts=${counts} />`;
  const slots = next ? html`<${StartTime} x=${next} today=${dayKey(minute.value)} /> <span dir="auto">${next.title}</span>` : '';
  // A question of many words has the screen to itself.
  const long = [...(q?.text || '')].length > LONG;
  const foot = html`<div class="stage-strips"><${Messages} words=${s?.messages || []} /><${Announced} /></div><footer class="stage-foot">${(q || poll) && !long ? html`<${Qr} url=${address()} small=${true} />` : null}<div class="stage-next">${s?.next ? html`<${Next} q=${s.next} />` : html`<p>${slots}</p>`}</div>
    ${down && lastHeard.value ? html`<p class="stage-asof">${t('stage.as_of', { time: clock(lastHeard.value) })}</p>` : null}<p class="stage-clock"><time>${minute.value ? clock(minute.value) : ''}</time> <abbr>${minute.value ? zoneName(minute.value) : ''}</abbr></p></footer>`;
  const head = (/** @type {any} */ more) => html`<header class="stage-head"><p class="stage-talk" dir="auto">${q || poll ? html`<strong>${title}</strong>${by ? html`<span>${by}</span>` : null}` : html`<span>${s?.room?.name || ''}</span>`}</p><div class="stage-figures">${more}<${Timer} timer=${s?.timer} /></div></header>`;
  if (refused.value) return html`<main id="main" class="stage-out"><h1>${t('refused.title')}</h1><p>${whyOf({ fault: refused.value })}</p></main>`;
  if (q || poll) {
    return html`<main id="main" class=${cx('stage', 'question-on', q && poll && 'both', long && 'long')}>${head(q ? html`<p class="stage-votes"><span class="num">${q.votes || 0}</span> ${tn('votes_word', q.votes || 0)}</p>` : null)}
      <div class="stage-body" aria-live="polite">${q ? html`<h1 class="stage-q"><${Fit} key=${q.id} text=${q.text} /></h1>` : null}${poll ? html`<div class="stage-poll">${poll}</div>` : null}</div>${foot}</main>`;
  }
  return html`<main id="main" class=${cx('stage', 'waiting')}>${head(null)}
    <div class="stage-idle"><div class="stage-title"><h1 dir="auto">${title}</h1>${by ? html`<p dir="auto">${by}</p>` : null}</div>
      <div class="stage-ask"><${Qr} url=${address()} small=${false} /><p><strong>${t('stage.ask')}</strong><span class="stage-url" dir="ltr">${address().replace(/^https?:\/\//, '')}</span></p></div></div>${foot}</main>`;
}

function App() {
  document.documentElement.lang = lang.value;
  document.title = `${t('stage.here')} · ${session.value?.conference.title || 'Plenum'}`;
  const may = session.value && (session.value.station || session.value.person);
  if (status.value.state === 'signed-out' || (session.value && !may)) return html`<main id="main" class="stage-out"><${Pair} kind="stage" slug=${slug} done=${() => conn.renew()} /></main>`;
  if (!session.value || (!stage.value && !refused.value)) return html`<main id="main" class="stage-out"><h1 class="out-of-sight">${t('stage.here')}</h1><p role="status">${session.value && wanted && rooms.value.length && !followed ? t('stage.no_room') : t('line.connecting')}</p></main>`;
  return html`<${Screen} />`;
}

effect(() => {
  if (status.value.state === 'signed-out') keepToken('stage', slug, null);
});

mount('app', html`<${App} />`);
