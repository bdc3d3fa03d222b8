// web/store.js: what the pages know, as pure functions over snapshots and events (tested in Node)

/**
 * @typedef {{id: string, title: string, speakers: {id: string, name: string}[], started?: string | null, ended?: string | null, no_show?: boolean}} Talk
 * @typedef {{id: string, guid: string, title: string, subtitle?: string, abstract?: string, description?: string, language?: string, kind?: string, track: string | null, talks: Talk[]}} Session
 * @typedef {{id: string, session: string, room: string, start: string, end: string, started?: string | null, ended?: string | null,
 *   expected_start?: string, expected_end?: string, assumed?: boolean, unconfirmed?: boolean, added?: number, state: 'planned' | 'running' | 'ended' | 'cancelled', version: number}} Slot
 * @typedef {{id: string, name: string}} Room
 * @typedef {{id: string, name: string, color?: string | null}} Track
 * @typedef {{release: number, position: number, zone: string, offsets?: import('./zone.js').Offset[], conference: any, rooms: Room[], tracks: Track[],
 *   room: Map<string, Room>, track: Map<string, Track>, session: Map<string, Session>, slots: Slot[], talk: Map<string, {talk: Talk, session: Session}>}} Schedule
 * @typedef {{id: string, talk: string, text: string, state: string, version: number, votes: number, asked_at: string, mine?: boolean, my_vote?: number,
 *   author?: {id: string, name: string} | null, reason?: string | null}} Question
 * @typedef {{ask: boolean, vote: boolean}} Window
 * @typedef {{questions: Map<string, Question>, window: Window}} Questions
 */

const byId = (/** @type {{id: string}[]} */ rows) => new Map(rows.map((r) => [r.id, /** @type {any} */ (r)]));

/** @param {Slot[]} slots */
const inOrder = (slots) => slots.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.room < b.room ? -1 : a.room > b.room ? 1 : 0));

/** @param {Session[]} sessions */
const talksOf = (sessions) => new Map(sessions.flatMap((session) => session.talks.map((talk) => [talk.id, { talk, session }])));

/** The programme as `schedule.get` gives it, made ready for looking things up. @param {any} doc @returns {Schedule} */
export function scheduleFrom(doc) {
  return {
    release: doc.release, position: doc.position ?? 0, zone: doc.zone, conference: doc.conference || null, rooms: doc.rooms, tracks: doc.tracks || [],
    room: byId(doc.rooms), track: byId(doc.tracks || []), session: byId(doc.sessions), slots: inOrder([...doc.slots]), talk: talksOf(doc.sessions), offsets: doc.offsets,
  };
}

/** The same as a document again: what a page keeps for when there is no network. @param {Schedule} s */
export const scheduleDoc = (s) => ({
  release: s.release, position: s.position, zone: s.zone, offsets: s.offsets, conference: s.conference, rooms: s.rooms, tracks: s.tracks, sessions: [...s.session.values()], slots: s.slots,
});

/**
 * An event of the channel `schedule`. Null: the document must be read again.
 * @param {Schedule} s @param {string} type @param {any} data @returns {Schedule | null}
 */
export function applySchedule(s, type, data) {
  if (type === 'release.published' || type === 'conference.edited') return null;
  if (type === 'slot.added' || type === 'slot.moved' || type === 'slot.changed' || type === 'slot.cancelled') {
    const old = s.slots.find((x) => x.id === data.id);
    if (!old && (!s.session.has(data.session) || !s.room.has(data.room))) return null;
    if (old && data.version !== undefined && data.version < old.version) return s;
    // Where it is planned now, the old expectation means nothing; a new one follows by itself.
    const slot = /** @type {Slot} */ ({ ...renewed(old, data), ...(type === 'slot.cancelled' ? { state: 'cancelled' } : {}) });
    return { ...s, slots: inOrder([...s.slots.filter((x) => x.id !== slot.id), slot]) };
  }
  if (type === 'slot.removed') return { ...s, slots: s.slots.filter((x) => x.id !== data.id) };
  if (type === 'slot.started' || type === 'slot.ended') {
    const state = type === 'slot.started' ? 'running' : 'ended';
    return { ...s, slots: s.slots.map((x) => (x.id === data.id ? { ...renewed(x, data), state } : x)) };
  }
  if (type === 'expected.changed') return applyExpected(s, data.slots || []);
  // The board put a session's talks into another order, or somebody who stood by has one.
  if (type === 'session.talks') {
    const held = s.session.get(data.session);
    if (data.refetch || !held) return null;
    const session = { ...held, talks: data.talks.map((/** @type {Talk} */ x) => ({ ...s.talk.get(x.id)?.talk, ...x })) };
    const sessions = new Map(s.session).set(session.id, session);
    return { ...s, session: sessions, talk: talksOf([...sessions.values()]) };
  }
  // What it means for its slot comes in slot.started and slot.ended: a page that guessed would be wrong where staff ended one by mistake.
  if (type === 'talk.started' || type === 'talk.ended' || type === 'talk.no_show') {
    const found = s.talk.get(typeof data.talk === 'string' ? data.talk : data.talk?.id);
    if (!found) return s;
    const at = data.at || data.started || data.ended;
    const change = type === 'talk.no_show' ? { no_show: data.no_show } : type === 'talk.started' ? { started: data.started || at, ended: null } : { ended: data.ended || at };
    const talk = { ...found.talk, ...change };
    const session = { ...found.session, talks: found.session.talks.map((x) => (x.id === talk.id ? talk : x)) };
    const sessions = new Map(s.session).set(session.id, session);
    return { ...s, session: sessions, talk: talksOf([...sessions.values()]) };
  }
  return s;
}

/**
 * A slot as an event tells it. A whole row leaves out what is not so any more (an end that was a mistake, time that was added): nothing of the old one stays then.
 * @param {Slot | undefined} old @param {any} data @returns {Slot}
 */
function renewed(old, data) {
  if (data.session && data.start && data.end) return data;
  const { expected_start, expected_end, assumed, unconfirmed, ...kept } = /** @type {any} */ (old || {});
  return { ...kept, ...data };
}

/**
 * Expected times of some slots; one back on plan carries its planned times.
 * @param {Schedule} s @param {{slot: string, expected_start: string, expected_end: string, assumed?: boolean, unconfirmed?: boolean, added?: number}[]} rows @returns {Schedule}
 */
function applyExpected(s, rows) {
  const fresh = new Map(rows.map((x) => [x.slot, x]));
  const slots = s.slots.map((slot) => {
    const e = fresh.get(slot.id);
    if (!e) return slot;
    const { expected_start, expected_end, assumed, unconfirmed, added, ...plan } = slot;
    const differs = (/** @type {string} */ a, /** @type {string} */ b) => a && Date.parse(a) !== Date.parse(b);
    return {
      ...plan,
      ...(differs(e.expected_start, slot.start) ? { expected_start: e.expected_start } : {}),
      ...(differs(e.expected_end, slot.end) ? { expected_end: e.expected_end } : {}),
      ...(e.assumed ? { assumed: true } : {}),
      ...(e.unconfirmed ? { unconfirmed: true } : {}),
      ...(e.added ? { added: e.added } : {}),
    };
  });
  return { ...s, slots };
}

/** When it begins as far as anybody knows: expected before planned. @param {{start: string, expected_start?: string}} x */
export const begins = (x) => x.expected_start || x.start;
/** @param {{end: string, expected_end?: string}} x */
export const ends = (x) => x.expected_end || x.end;

/**
 * What is on and what is next in each room, in the form of `now.get`: for a page that cannot ask.
 * @param {Schedule} s @param {number} now
 */
export function nowFrom(s, now) {
  const rooms = new Map(s.rooms.map((r) => [r.id, { room: r.id, name: r.name, now: /** @type {any} */ (null), next: /** @type {any} */ (null) }]));
  const entry = (/** @type {Slot} */ x) => ({ ...x, slot: x.id, title: s.session.get(x.session)?.title || '', talk: null });
  for (const slot of s.slots) {
    const room = rooms.get(slot.room);
    const state = slotState(slot, now);
    if (!room || state === 'cancelled') continue;
    if (state === 'running' && (!room.now || begins(slot) > begins(room.now))) room.now = entry(slot);
    if (state === 'planned' && (!room.next || begins(slot) < begins(room.next))) room.next = entry(slot);
  }
  return { time: new Date(now).toISOString(), rooms: [...rooms.values()] };
}

/**
 * planned | running | ended | cancelled | over. Where nobody says so, the clock does: running within its time, as `now.get` has it, and over after it.
 * @param {Slot} slot @param {number} now
 */
export function slotState(slot, now) {
  if (slot.state !== 'planned') return slot.state;
  if (Date.parse(ends(slot)) <= now) return 'over';
  return Date.parse(begins(slot)) <= now ? 'running' : 'planned';
}

/** @param {{talk: Talk}} found */
export const talkState = ({ talk }) => (talk.ended ? 'ended' : talk.started ? 'running' : 'planned');

/** The slot in which a talk is held. @param {Schedule} s @param {string} talk */
export function slotOfTalk(s, talk) {
  const found = s.talk.get(talk);
  return found ? s.slots.find((x) => x.session === found.session.id && x.state !== 'cancelled') || s.slots.find((x) => x.session === found.session.id) : undefined;
}

/** Lower case without marks, so that "soren" finds "Søren". @param {string} text */
export const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/ø/g, 'o').replace(/æ/g, 'ae').replace(/ß/g, 'ss');

/** @type {WeakMap<Session, string>} */
const haystacks = new WeakMap();

/** @param {Session} session */
function haystack(session) {
  let text = haystacks.get(session);
  if (text === undefined) {
    text = fold([session.title, session.subtitle, ...session.talks.flatMap((x) => [x.title, ...x.speakers.map((p) => p.name)])].join(' '));
    haystacks.set(session, text);
  }
  return text;
}

/**
 * @param {Schedule} s @param {{day?: string, room?: string, track?: string, text?: string, stars?: ReadonlySet<string> | null}} filter @param {(instant: string) => string} dayKey
 * @returns {Slot[]}
 */
export function filterSlots(s, filter, dayKey) {
  const words = fold(filter.text || '').split(/\s+/).filter(Boolean);
  return s.slots.filter((slot) => {
    const session = s.session.get(slot.session);
    if (!session) return false;
    if (filter.stars && !filter.stars.has(slot.session)) return false;
    if (filter.room && slot.room !== filter.room) return false;
    if (filter.track && session.track !== filter.track) return false;
    if (filter.day && dayKey(slot.start) !== filter.day) return false;
    return words.every((w) => haystack(session).includes(w));
  });
}

/**
 * Slots that begin together, in pieces of about `size` rows: the unit a long list draws or leaves out.
 * @param {Slot[]} slots @returns {{start: string, slots: Slot[]}[][]}
 */
export function pieces(slots, size = 7) {
  /** @type {{start: string, slots: Slot[]}[][]} */
  const out = [];
  let rows = size;
  for (const slot of slots) {
    const piece = out[out.length - 1];
    const group = piece?.[piece.length - 1];
    if (group && group.start === slot.start && rows < size * 2) group.slots.push(slot);
    else if (rows >= size) {
      out.push([{ start: slot.start, slots: [slot] }]);
      rows = 0;
    } else piece.push({ start: slot.start, slots: [slot] });
    rows++;
  }
  return out;
}

/** `qa.list`, or the snapshot of `talk:<talk>` or `talk:<talk>:mod`. @param {any} doc @returns {Questions} */
export function questionsFrom(doc) {
  const state = { questions: byId(doc.questions), window: { ask: false, vote: false, ...doc.window } };
  return doc.tally ? applyTick(state, doc.tally) : state;
}

/** @param {Questions} s @param {string} type @param {any} data @returns {Questions} */
export function applyQuestions(s, type, data) {
  if (type === 'question.added' || type === 'question.updated') {
    const old = s.questions.get(data.id);
    if (old && data.version < old.version) return s;
    const questions = new Map(s.questions);
    // What belongs to one reader alone is in no shared event, and counts come by tick: keep both.
    const kept = old ? { mine: old.mine, my_vote: old.my_vote, votes: old.votes } : { votes: data.votes ?? 0 };
    questions.set(data.id, { ...old, ...data, ...kept });
    return { ...s, questions };
  }
  if (type === 'question.removed') {
    const questions = new Map(s.questions);
    questions.delete(data.id || data.question);
    return { ...s, questions };
  }
  if (type === 'window.changed') return { ...s, window: { ...s.window, ...(data.window || data) } };
  return s;
}

/** @param {Questions} s @param {[string, number][]} tally absolute values @returns {Questions} */
export function applyTick(s, tally) {
  const questions = new Map(s.questions);
  for (const [id, votes] of tally) {
    const q = questions.get(id);
    if (q) questions.set(id, { ...q, votes });
  }
  return { ...s, questions };
}

/** Votes first, then who asked first. @param {Iterable<Question>} questions */
export const ranked = (questions) =>
  [...questions].sort((a, b) => b.votes - a.votes || (a.asked_at < b.asked_at ? -1 : a.asked_at > b.asked_at ? 1 : a.id < b.id ? -1 : 1));

/**
 * The order on the screen while somebody has a finger on it: known rows stay where they are, new ones wait below.
 * @param {string[]} shown @param {Question[]} wanted @param {boolean} held
 * @returns {{order: string[], moved: number}}
 */
export function heldOrder(shown, wanted, held) {
  const target = wanted.map((q) => q.id);
  if (!held || !shown.length) return { order: target, moved: 0 };
  const there = new Set(target);
  const kept = shown.filter((id) => there.has(id));
  const known = new Set(kept);
  const order = [...kept, ...target.filter((id) => !known.has(id))];
  return { order, moved: order.filter((id, i) => id !== target[i]).length };
}

/** The person's own questions and votes with the number of the last vote, what they starred and were told, words to them from behind the stage, and whether they speak here. @param {any} doc */
export const personFrom = (doc) => ({
  questions: byId(doc.questions || []), votes: new Map(doc.votes || []), seq: doc.seq || 0,
  stars: /** @type {Set<string>} */ (new Set(doc.stars || [])), news: /** @type {any[]} */ (doc.news || []), mode: /** @type {string} */ (doc.mode || ''),
  words: byId((doc.backstage || []).filter((/** @type {any} */ m) => !m.acked)), speaks: !!doc.speaks, standby: !!doc.standby,
  /** How often one's own entry code has changed while this page is open. */
  codes: 0,
});

/** @typedef {ReturnType<typeof personFrom>} Person */

/** An event of `person:<id>`. @param {Person} p @param {string} type @param {any} data @returns {Person} */
export function applyPerson(p, type, data) {
  if (type === 'question.updated') return { ...p, questions: new Map(p.questions).set(data.id, { ...p.questions.get(data.id), ...data }) };
  if (type === 'star.changed') return { ...p, stars: withStar(p.stars, data.session, data.value) };
  // An unread piece of news about a slot makes room for the next one about it; a delay does not hide a new room.
  if (type === 'news.added') {
    const stays = (/** @type {any} */ x) => x.id !== data.id && (x.read || x.slot !== data.slot || (x.kind === 'expected') !== (data.kind === 'expected'));
    return { ...p, news: [data, ...p.news.filter(stays)].slice(0, 20) };
  }
  // Words to a speaker from behind the stage, until somebody says to have read them.
  if (type === 'backstage.sent') return { ...p, words: new Map(p.words).set(data.id, data) };
  if (type === 'backstage.acked') return { ...p, words: new Map([...p.words].filter(([id]) => id !== (data.id || data.message))) };
  if (type === 'news.read') return { ...p, news: p.news.filter((x) => x.id !== (data.news || data.id)) };
  // Another entry code, or none: whoever shows it asks again.
  if (type === 'code.changed') return { ...p, codes: p.codes + 1 };
  // Who stood by has got a talk.
  if (type === 'talk.yours') return { ...p, speaks: true };
  return p;
}

/** @param {ReadonlySet<string>} stars @param {string} session @param {boolean} value */
export function withStar(stars, session, value) {
  const next = new Set(stars);
  if (value) next.add(session);
  else next.delete(session);
  return next;
}

/** What is kept of a person for a page without network. @param {Person} p */
export const personDoc = (p) => ({ questions: [...p.questions.values()], votes: [...p.votes], seq: p.seq, stars: [...p.stars], news: p.news, mode: p.mode, speaks: p.speaks });

/** Which own questions of this talk are not public: still waiting, or refused. @param {Map<string, Question>} own @param {string} talk @param {Map<string, Question>} shown */
export const ownHidden = (own, talk, shown) =>
  [...own.values()].filter((q) => q.talk === talk && (q.state === 'pending' || q.state === 'dismissed') && !shown.has(q.id)).sort((a, b) => (a.asked_at < b.asked_at ? 1 : -1));

/**
 * @typedef {{id: string, text: string, by: string | {name: string}, at: string, audience?: string}} Word a message to the speaker that nobody has read yet
 * @typedef {{room: Room | null, question: Question | null, talk: Talk | null, next: Question | null, poll: any, timer: {ends: string, started?: string | null, slot?: string} | null, messages: Word[]}} Stage
 */

/** @param {any} doc @returns {Stage} */
export const stageFrom = (doc) => ({
  room: doc.room || null, question: doc.question || null, talk: doc.talk || null, next: doc.next || null, poll: doc.poll || null, timer: doc.timer?.ends ? doc.timer : null, messages: doc.messages || [],
});

/** @param {Stage} s @param {string} type @param {any} data @returns {Stage} */
export function applyStage(s, type, data) {
  if (type === 'question.staged' || type === 'stage.changed') {
    const next = stageFrom({ ...s, ...data });
    // Counts come by tick; what is told with the rest may be older.
    const same = s.question && next.question && s.question.id === next.question.id;
    return same && s.question && next.question && next.question.votes === undefined ? { ...next, question: { ...next.question, votes: s.question.votes } } : next;
  }
  if (type.startsWith('poll.')) return 'poll' in data ? { ...s, poll: data.poll } : s;
  if (type === 'talk.started' && data.talk && typeof data.talk === 'object') return { ...s, talk: data.talk };
  return s;
}

/** @param {Stage} s @param {[string, number][]} tally @returns {Stage} */
export function tickStage(s, tally) {
  const count = (/** @type {Question | null} */ q) => {
    const found = q && tally.find(([id]) => id === q.id);
    return found && q ? { ...q, votes: found[1] } : q;
  };
  return { ...s, question: count(s.question), next: count(s.next) };
}

/**
 * The time left of what is on, for a screen: whole minutes while there are many, seconds at the end, and then how long it has been over.
 * @param {Stage['timer'] | undefined} timer @param {number} now the conference's clock @returns {{left: number, text: string, tone: '' | 'soon' | 'over'} | null}
 */
export function timeLeft(timer, now) {
  const ends_ = timer ? Date.parse(timer.ends) : NaN;
  if (Number.isNaN(ends_) || !now) return null;
  const left = Math.ceil((ends_ - now) / 1000);
  const s = Math.abs(left);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const mm = s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  // Over by more than an hour: nobody has said that it ended, and the figure helps nobody.
  if (left <= -3600) return null;
  return { left, text: left < 0 ? `+${mm}` : mm, tone: left < 0 ? 'over' : left <= 120 ? 'soon' : '' };
}

/** @typedef {{admitted: number, inside: number, refused: number, conflicts: number}} Stats */

/** Counts move with each judged scan; an undo brings its own numbers or asks for fresh ones (null). @param {Stats} s @param {string} type @param {any} data @returns {Stats | null} */
export function applyStats(s, type, data) {
  if (data.stats) return { ...s, ...data.stats };
  if (type === 'scan.left') return { ...s, inside: s.inside - 1 };
  // Another opinion of a scan that was counted already.
  if (type !== 'scan.judged' || data.n) return null;
  if (data.reason === 'exit_without_entry') return { ...s, conflicts: s.conflicts + 1 };
  if (data.verdict === 'admitted') return data.direction === 'exit' ? { ...s, inside: s.inside - 1 } : { ...s, admitted: s.admitted + (data.again ? 0 : 1), inside: s.inside + 1 };
  return data.verdict === 'refused' ? { ...s, refused: s.refused + 1 } : s;
}
