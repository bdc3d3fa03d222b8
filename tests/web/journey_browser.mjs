// tests/web/journey_browser.mjs: one conference of 120 applicants from the opening day to the last short talk: sockets, SMTP, one of each with a browser; the same numbers everywhere.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { Relay, header, parts } from '../support/smtpd.mjs';
import { uuid } from '../support/client.mjs';
import { STAFF, TOPICS, conference, each, session, signIn, staff } from '../support/journey.mjs';
import { answers, applies, chairs, decides, enters, registers, reviews, submits } from './journey_walk.mjs';
import { PATIENCE, becomes, close, complaints, lookAfter, open as openBrowser, page, shot, until } from './kit.mjs';

const HOUSES = ['Birkelund', 'Strandvik', 'Hedeby', 'Kystholm', 'Lindeborg', 'Mosegaard', 'Nyhavn', 'Oddesund', 'Ravnkilde', 'Skovdal', 'Torsminde', 'Ulvshale', 'Vestervang', 'Ydby', 'Agersted', 'Dalby', 'Egelund'];
const APPLICANTS = Number(process.env.JOURNEY_APPLICANTS || 120);
const CET = '+01:00';

let t;
let here;
let organiser;
let relay;
/** What was counted on the way, to be found again everywhere. */
const numbers = {};
const people = Array.from({ length: APPLICANTS }, (_, i) => ({
  email: `applicant${i + 1}@example.org`, name: `Applicant ${i + 1}`, affiliation: `${HOUSES[i % 17]} Hospital`, topic: i % TOPICS.length, mode: i % 10 === 9 ? 'online' : 'on_site',
}));
/** Walks the whole way with a phone, while the others go through sockets; the committee wants to hear them. */
const walker = people[1];
const guest = { name: 'Gerda Guest', email: 'gerda@guests.example' };
lookAfter(() => ({ phone: walker.phone }));

before(async () => {
  t = await demo({ limit: 820, gateway: false });
  relay = await new Relay().start();
  t.instance.writeConfig({ smtp_url: `smtp://127.0.0.1:${relay.port}`, smtp_rate: 100000, mail_from: 'hello@plenum.example' });
  await t.instance.startGateway();
  here = await conference(t, `2020-12-15T09:00${CET}`);
  organiser = await staff(here, 'organiser');
});
after(async () => {
  if (process.env.JOURNEY_LOOK) console.log(JSON.stringify(await here.sql(process.env.JOURNEY_LOOK)));
  organiser?.close();
  await close();
  relay?.stop();
  await t?.stop();
});

/** What the relay was given for somebody, as they read it. @param {string} email */
const letters = (email) => relay.messages(email).map(({ data }) => ({ subject: header(data, 'subject'), text: parts(data)[0].text }));
/** The code of the newest. */
const code = async (email) => (await relay.wait((e) => e.event === 'message' && e.to === email)) && letters(email).at(-1).text.match(/\b\d{6}\b/)[0];
const content = (p, call, more = {}) => ({
  title: `${p.name}: what ${TOPICS[p.topic].toLowerCase()} taught us`, body: `Background. Methods. Results by ${p.affiliation}. `.repeat(6), wish: p.topic % 3 ? 'talk' : 'either', mode: p.mode,
  tracks: [call.tracks.find(({ name }) => name === TOPICS[p.topic]).id], authors: [{ name: p.name, affiliation: p.affiliation, email: p.email, presents: true }, { name: 'A Colleague', affiliation: p.affiliation }], ...more,
});

test('the call is announced as people say it, and a label that lies is refused', async () => {
  const deadline = (text, label) => ({ text, label, zone: 'Europe/Copenhagen' });
  const call = { expect_version: 0, opens: deadline('2020-12-16 00:00', 'CET'), closes: deadline('2021-03-02 14:00', 'CET'), grace_s: 300, limit: 2500,
    answers: 'Answers in mid March.', consents: [{ kind: 'publication', text: 'My abstract may be printed.', text_da: 'Mit abstract må trykkes.', required: true }] };
  await assert.rejects(organiser.write('call.save', { ...call, closes: deadline('2021-04-02 14:00', 'CET') }), { fault: 'call.label' });
  await organiser.write('call.save', call);
  assert.equal((await organiser.call('call.get')).state, 'before');
  assert.equal((await organiser.call('call.get')).closes.at, '2021-03-02T13:00:00.000Z');
});

test('120 people apply: drafts as typed, one submission each', async () => {
  await here.move(`2020-12-16T08:00${CET}`);
  const topics = { tracks: TOPICS.map((name) => ({ id: name, name })) };
  await each(people, async (p) => {
    if (p === walker) return Object.assign(p, await applies(here, p, { ...content(p, topics), topic: TOPICS[p.topic] }, code));
    p.cookie = await signIn(here, p.email, p.name, code);
    p.client = await session(here, p.cookie);
    p.id = p.client.hello.person.id;
    const call = await p.client.call('call.get');
    p.abstract = uuid();
    const first = await p.client.write('abstract.save', { abstract: p.abstract, content: content(p, call, { body: 'Half a' }), expect_version: 0 });
    p.version = (await p.client.write('abstract.save', { abstract: p.abstract, content: content(p, call), expect_version: first.version })).version;
    p.client.close();
  });
  assert.equal(await here.count('select count(*) from abstract where conference = $1 and state = \'draft\''), APPLICANTS);
});

/** How many mails of a kind went out, and that each is a file of its own. */
const mails = (kind) => here.count(`select count(*) from outbox where conference = $1 and kind = '${kind}'`);
const submit = (p, consents) => p.client.write('abstract.submit', { abstract: p.abstract, expect_version: p.version, consents });
const consentsOf = (call) => call.consents.map(({ kind, version }) => ({ kind, version, given: true }));

test('who has only a draft is reminded; grace is kept quiet; the late are told', async () => {
  await here.move(`2021-02-27T14:00${CET}`);
  await becomes(() => mails('call.reminder'), APPLICANTS);
  await here.move(`2021-03-02T13:50${CET}`);
  const call = await organiser.call('call.get');
  const late = people.slice(-3);
  await each(people, async (p) => {
    p.client = await session(here, p.cookie);
    if (p === walker) p.number = await submits(here, p.phone);
    else if (!late.includes(p)) p.number = (await submit(p, consentsOf(call))).number;
  });
  await here.move(`2021-03-02T14:03${CET}`);
  assert.equal((await organiser.call('call.get')).state, 'closed');
  await submit(late[0], consentsOf(call));
  await here.move(`2021-03-02T14:05:30${CET}`);
  await assert.rejects(submit(late[1], consentsOf(call)), { fault: 'call.closed' });
  await organiser.write('call.late', { email: late[2].email, until: `2021-03-03T12:00${CET}`, reason: 'Her hospital had no network.' });
  await submit(late[2], consentsOf(call));
  await people[0].client.write('abstract.withdraw', { abstract: people[0].abstract, expect_version: people[0].version + 1 });
  numbers.submitted = APPLICANTS - 2;
  assert.equal(await here.count("select count(*) from abstract where conference = $1 and state = 'submitted'"), numbers.submitted);
  assert.equal((await organiser.call('call.settings')).counts.submitted, numbers.submitted);
  assert.equal(await mails('call.received'), APPLICANTS - 1);
  assert.equal(await mails('call.withdrawn'), 1);
  for (const p of people) p.client.close();
});

const pick = (from, ...names) => Object.fromEntries(names.map((name) => [name, from[name]]));
/** A write as a page makes it: again when there was no time for it. */
const write = (client, method, params) => client.persist(method, { ...params, key: uuid() });
const REVIEWERS = 6;
const EACH = 2;

test('every abstract has its reviews, nobody those of their own house', async () => {
  await here.move(`2021-03-03T09:00${CET}`);
  const setup = await write(organiser, 'review.setup', { blind: true, per_abstract: EACH, expect_version: (await organiser.call('review.setup_get')).version,
    criteria: [{ name: 'Novelty', weight: 2, min: 1, max: 5 }, { name: 'Method', weight: 1, min: 1, max: 5 }, { name: 'Fits the day', weight: null, min: 1, max: 3 }] });
  for (let i = 1; i <= REVIEWERS; i++) await write(organiser, 'reviewer.save', { email: `reviewer${i}@example.org`, tracks: [], affiliations: `${HOUSES[i]} Hospital, Denmark` });
  const { missing } = await write(organiser, 'review.assign', {});
  assert.equal(missing, 0);
  await each(Array.from({ length: REVIEWERS }, (_, i) => `reviewer${i + 1}`), async (name, i) => {
    if (!i) await reviews(here, name);
    const client = await staff(here, name);
    const { assignments } = await client.call('review.mine');
    assert.equal(assignments.filter(({ state }) => state === 'final').length, i ? 0 : 1);
    for (const { abstract, number } of assignments.filter(({ state }) => state !== 'final')) {
      const seen = await client.persist('review.get', { abstract });
      assert.equal(seen.abstract.authors, undefined, 'blind');
      const scores = Object.fromEntries(setup.criteria.map(({ id, max }, k) => [id, 1 + ((number * 7 + k * 3 + i) % max)]));
      await write(client, 'review.save', { abstract, scores, to_authors: `Number ${number} reads well.`, to_committee: '', state: 'final', expect_version: 0 });
    }
    assert.ok((await client.call('review.mine')).assignments.every(({ state }) => state === 'final'));
    client.close();
  }, REVIEWERS);
  const own = await here.count(`select count(*) from review r join reviewer v on v.person = r.person join abstract_author u on u.abstract = r.abstract
    where r.conference = $1 and v.affiliations like u.affiliation || '%'`);
  assert.equal(own, 0);
  numbers.reviewed = (await organiser.call('review.progress')).abstracts.filter(({ reviews }) => reviews === EACH).length;
  assert.equal(numbers.reviewed, numbers.submitted);
});

/** The best of each topic (and whom they want to hear) speak, the next stands by, then there are posters. */
async function committee() {
  const board = await organiser.call('decision.board');
  const staged = { talk: [], standby: [], poster: [] };
  const rest = [];
  for (const topic of TOPICS) {
    const session = board.sessions.find(({ title }) => title === `Short talks: ${topic}`);
    const wanted = ({ number }) => Number(number === walker.number);
    const best = board.abstracts.filter(({ tracks }) => tracks.some((id) => id === session.track || board.sessions.length === 0)).sort((a, b) => wanted(b) - wanted(a) || b.score - a.score || a.number - b.number);
    best.slice(0, TALKS).forEach((a) => staged.talk.push({ a, session: session.session }));
    best.slice(TALKS, TALKS + 1).forEach((a) => staged.standby.push({ a, session: session.session, rank: 1 }));
    rest.push(...best.slice(TALKS + 1));
  }
  rest.sort((a, b) => b.score - a.score || a.number - b.number).slice(0, POSTERS).forEach((a) => staged.poster.push({ a }));
  return staged;
}
const TALKS = Math.max(1, Math.floor(APPLICANTS / 40));
const POSTERS = Math.floor(APPLICANTS / 3);

test('the committee decides, sees whom it writes to, and tells everybody at once', async () => {
  await here.move(`2021-03-10T09:00${CET}`);
  const { terms } = await organiser.call('decision.board');
  let version = (await write(organiser, 'decision.terms', { posters: POSTERS, answer_days: 14, standby_days: 5, expect_version: terms.version })).version;
  for (const topic of TOPICS) {
    const [[session]] = await here.sql(`select id from session where conference = $1 and title = 'Short talks: ${topic}'`);
    version = (await write(organiser, 'decision.capacity', { session, places: TALKS, expect_version: version })).version;
  }
  const settings = await organiser.call('registration.settings');
  await write(organiser, 'registration.save', { ...pick(settings, 'invite_days', 'offer_hours', 'questions'), open: 'open', seats: APPLICANTS, beds: APPLICANTS,
    covers: { talk: { fee: true, nights: 1 }, poster: { fee: true, nights: 0 }, standby: { fee: true, nights: 1 } }, expect_version: settings.version });
  const staged = await committee();
  for (const [outcome, list] of Object.entries(staged))
    for (const { a, session: where, rank } of list.filter(({ a }) => a.number !== walker.number))
      await write(organiser, 'decision.stage', { abstract: a.abstract, outcome, ...(where ? { session: where } : {}), ...(rank ? { rank } : {}), expect_version: a.version });
  let preview;
  await decides(here, walker, `Short talks: ${TOPICS[walker.topic]}`, numbers.submitted, async () => {
    preview = await organiser.call('decision.preview');
    assert.equal(preview.count, numbers.submitted);
    assert.equal(await mails('decision.talk'), 0);
  });
  assert.equal((await write(organiser, 'decision.apply', { expect: preview.hash })).noop, true);
  numbers.talks = TALKS * TOPICS.length;
  numbers.posters = staged.poster.length;
  for (const [kind, n] of [['talk', numbers.talks], ['poster', numbers.posters], ['standby', TOPICS.length]]) {
    assert.equal(await mails(`decision.${kind}`), n, kind);
    assert.equal(await here.count(`select count(*) from abstract where conference = $1 and outcome = '${kind}'`), n, kind);
  }
  assert.equal(await mails('decision.declined'), numbers.submitted - numbers.talks - numbers.posters - TOPICS.length);
  assert.equal(await here.count("select count(*) from invitation where conference = $1 and state = 'sent'"), numbers.talks + numbers.posters);
});


const with_ = async (p, task) => {
  const client = await session(here, p.cookie);
  try {
    return await task(client);
  } finally {
    client.close();
  }
};
const outcome = async (which) => {
  const rows = await here.sql(`select p.email, a.session, a.id from abstract a join person p on p.id = a.person where a.conference = $1 and a.outcome = '${which}' order by a.number`);
  return rows.map(([email, where, abstract]) => ({ ...people.find((p) => p.email === email), session: where, abstract }));
};
/** Says yes with the form, as far as it is asked. */
const accept = (p) => with_(p, async (client) => {
  const [invitation] = (await client.call('registration.mine')).invitations.filter(({ state }) => state === 'sent');
  const nights = invitation.nights && invitation.mode === 'on_site' ? { nights: ['2021-05-01'] } : {};
  await write(client, 'invitation.accept', { invitation: invitation.id, answers: { badge_name: p.name, ...nights, ...(p.topic === 2 ? { diet: 'no nuts', consent: 'health-1' } : {}) } });
  return invitation;
});

test('who is invited answers; a place that is given back goes to the next on the list', async () => {
  await here.move(`2021-03-11T09:00${CET}`);
  const [talks, posters] = [await outcome('talk'), await outcome('poster')];
  // From the third on, somebody speaks who comes to the building.
  const own = talks.find((p) => p.email === walker.email).session;
  const sessions = [...new Set([...talks.filter((p) => p.mode === 'online'), ...talks.filter((p) => p.mode === 'on_site')].map((p) => p.session))].sort((a, b) => Number(a === own) - Number(b === own));
  // In two sessions somebody cannot come.
  const declining = sessions.slice(0, 2).map((where) => talks.find((p) => p.session === where));
  await each(declining, (p) => with_(p, async (client) => {
    const [invitation] = (await client.call('registration.mine')).invitations;
    await write(client, 'invitation.decline', { invitation: invitation.id });
  }));
  const promoted = (await outcome('talk')).filter((p) => !talks.some((was) => was.email === p.email));
  assert.deepEqual(promoted.map((p) => p.session).sort(), sessions.slice(0, 2).sort());
  const letter = await relay.wait(({ event, to, data }) => event === 'message' && to === walker.email && header(data, 'subject') === 'Your abstract is accepted as a talk');
  const link = parts(letter.data)[0].text.match(/https?:\S+/)[0];
  await each([...talks.filter((p) => !declining.some((d) => d.email === p.email)), ...promoted, ...posters.slice(1)], (p) => (p.email === walker.email ? answers(walker.phone, link, p.name) : accept(p)));
  await registers(here, guest, code);
  // One never answers.
  await here.move(`2021-04-01T09:00+02:00`);
  await becomes(() => mails('invitation.lapsed'), 1);
  numbers.covered = numbers.talks + numbers.posters - 1;
  // One who stands by comes on their own account.
  const standby = (await outcome('standby')).find((p) => p.session === sessions[2]);
  await with_(standby, (client) => write(client, 'registration.open', { mode: 'on_site' }));
  // And the guest from elsewhere.
  numbers.confirmed = numbers.covered + 2;
  numbers.registered = numbers.confirmed + STAFF.length;
  assert.equal(await here.count("select count(*) from registration where conference = $1 and state = 'confirmed'"), numbers.registered);
  assert.equal(await mails('registration.confirmed'), numbers.confirmed);
  assert.equal(await here.count('select count(*) from registration where conference = $1 and fee'), numbers.covered);
  assert.equal((await organiser.call('person.list', { state: 'registered' })).total, numbers.registered);
  Object.assign(day, { sessions, standby, own });
});
/** Who does what on the day. */
const day = {};

test('on the day: one is ill, one does not come, everybody else is let in once', async () => {
  const list = await here.door();
  await here.move('2021-05-02T07:00+02:00');
  const coming = [...(await outcome('talk')), ...(await outcome('poster')).slice(1), { ...day.standby, mode: 'on_site' }];
  const onSite = coming.filter((p) => p.mode === 'on_site');
  day.absent = onSite.find((p) => p.session === day.sessions[2] && p.email !== day.standby.email);
  day.ill = onSite.find((p) => p.session === day.sessions[3]);
  await with_(day.ill, (client) => write(client, 'registration.switch_mode', { mode: 'online' }));
  await here.move('2021-05-02T08:30+02:00');
  const kiosk = await staff(here, 'kiosk');
  const arriving = onSite.filter((p) => ![day.absent, day.ill].some((who) => who && who.email === p.email));
  await each(arriving, async (p) => {
    const letter = await relay.wait((e) => e.event === 'message' && e.to === p.email && /(?:[0-9A-Z]{5} ){3}[0-9A-Z]{5}/.test(parts(e.data)[0].text));
    const printed = parts(letter.data)[0].text.match(/(?:[0-9A-Z]{5} ){3}[0-9A-Z]{5}/)[0].replaceAll(' ', '');
    if (p.email === walker.email) return assert.match(await enters(here, printed, p), /\btick\b.*Applicant 2\./);
    const scan = { list, code: printed, direction: 'entry' };
    assert.equal((await kiosk.persist('checkin.admit', { ...scan, scan_id: uuid() })).verdict, 'admitted', p.email);
  }, 4);
  numbers.inside = arriving.length;
  const stats = await kiosk.call('checkin.stats', { list });
  assert.equal(stats.admitted, numbers.inside);
  assert.equal(await here.count('select count(distinct person) from admission where conference = $1'), numbers.inside);
  kiosk.close();
});

test('the short talks are run from the board, and who does not come is stood in for', async () => {
  const chair = await staff(here, 'chair');
  const { slots } = await chair.call('schedule.get');
  const order = day.sessions.map((id) => ({ id, start: slots.find((slot) => slot.session === id).start })).sort((a, b) => (a.start < b.start ? -1 : 1));
  let spoken = 0;
  const standIn = async (id) => {
    let board;
    await becomes(async () => (board = await chair.call('talk.board', { session: id })).alarms.some(({ person }) => person === day.absent.id), true);
    // Who is to speak from elsewhere has no page open: that is told, too. Nobody who is inside is missed.
    const inside = new Set(board.talks.filter((talk) => talk.in_building).map((talk) => talk.speaker.person));
    assert.deepEqual(board.alarms.filter(({ person }) => inside.has(person)), []);
    const [talk] = board.talks.filter(({ speaker }) => speaker.person === day.absent.id);
    assert.equal(board.standby[0].in_building, true);
    await write(chair, 'talk.no_show', { talk: talk.id, value: true });
    await write(chair, 'talk.promote', { talk: talk.id, abstract: board.standby[0].abstract });
  };
  const speak = async (id) => {
    const talks = (await chair.call('talk.board', { session: id })).talks.filter(({ state }) => state === 'waiting' || state === 'ready');
    if (id === day.own) {
      const { code: invitation } = await write(chair, 'chair.invite', { session: id, name: 'Mette Moderator' });
      await chairs(here, invitation, talks.map(({ speaker }) => speaker.name));
      spoken += talks.length;
      return;
    }
    for (const talk of talks) {
      await write(chair, 'talk.start', { talk: talk.id });
      await write(chair, 'talk.end', { talk: talk.id });
      spoken++;
    }
  };
  const early = (start) => new Date(Date.parse(start) - 40 * 60000).toISOString();
  const steps = [...order.map(({ id, start }) => ({ at: start, run: () => speak(id) })),
    ...order.filter(({ id }) => id === day.sessions[2]).map(({ id, start }) => ({ at: early(start), run: () => standIn(id) }))];
  let clock = 0;
  for (const { at, run } of steps.sort((x, y) => Date.parse(x.at) - Date.parse(y.at))) {
    if (Date.parse(at) > clock) await here.move(at);
    clock = Date.parse(at);
    await run();
  }
  numbers.spoken = spoken;
  assert.equal(spoken, numbers.talks);
  const boards = await Promise.all(order.map(({ id }) => chair.call('talk.board', { session: id })));
  assert.equal(boards.flatMap(({ talks }) => talks).filter(({ state }) => state === 'done').length, numbers.spoken);
  const ill = boards.flatMap(({ talks }) => talks).find(({ speaker }) => day.ill && speaker.person === day.ill.id);
  assert.equal(ill?.mode, day.ill ? 'online' : undefined);
  chair.close();
});

/** What a page says, once it says what it should. @param {string} path @param {RegExp[]} expected @param {string} [picture] */
async function says(path, expected, picture) {
  const p = await page(path, { base: here.base, token: here.token.organiser });
  for (const words of expected) {
    await until(async () => words.test(await p.locator('body').innerText())).catch(async () => assert.match(await p.locator('body').innerText(), words));
  }
  if (picture) await shot(p, picture);
  await p.context().close();
}

test('the same numbers stand in the pages, the mails and the feed', async () => {
  const { submitted, reviewed, talks, posters, covered, confirmed, registered, inside, spoken } = numbers;
  await says('/organise#/call', [new RegExp(`^${submitted} submitted`, 'm')], 'journey-call-1440-light');
  await says('/organise#/review', [new RegExp(`^${reviewed * EACH} of ${reviewed * EACH} reviews are in`, 'm')]);
  await says('/organise#/selection', [new RegExp(`(full|0 left)[^]*?${TALKS} of ${TALKS}`), new RegExp(`${posters - 1} of ${posters}`)], 'journey-selection-1440-light');
  await says('/organise#/guests', [new RegExp(`^Registered\\s+${registered}$`, 'm')], 'journey-guests-1440-light');
  await says('/organise#/posters', [new RegExp(`^${posters - 1} posters`, 'm')]);
  await says('/organise#/board', [new RegExp(`^Main door\\s+${inside}\\s+${inside}\\s`, 'm')]);
  const all = await here.count('select count(*) from outbox where conference = $1');
  await becomes(() => here.count('select count(*) from outbox where conference = $1 and sent is not null'), all, 'every mail left');
  await says('/organise#/mail', [new RegExp(`^Left \\(${all}\\)$`, 'm')]);

  // The relay took it before we read that it did.
  await becomes(async () => relay.count('message'), all, 'and arrived');
  const written = relay.messages().map(({ data }) => ({ id: header(data, 'message-id'), subject: header(data, 'subject') }));
  assert.equal(new Set(written.map(({ id }) => id)).size, written.length, 'none twice');
  assert.equal(written.filter(({ subject }) => /^You are registered/.test(subject)).length, confirmed);

  // Whoever speaks stands in the calendar's session, and who never came does not take a second place there.
  const ics = (await (await fetch(`${here.base}/schedule.ics`)).text()).replaceAll('\r\n ', '');
  const named = new Set(ics.match(/Applicant \d+/g));
  const speakers = [...(await outcome('talk')), day.standby].filter((p, i, them) => them.findIndex((q) => q.email === p.email) === i && p.email !== day.absent.email);
  assert.equal(speakers.length, spoken);
  assert.deepEqual(speakers.filter((p) => !named.has(p.name)).map((p) => p.name), []);
  assert.equal(spoken, talks);
  assert.equal(await here.count('select count(*) from talk where conference = $1 and abstract is not null and started is not null and ended is not null'), spoken);
  const { sessions } = await organiser.call('schedule.get');
  const public_ = sessions.flatMap((s) => s.talks.filter((talk) => talk.speakers.length && !talk.no_show && s.title.startsWith('Short talks')));
  assert.equal(public_.length, spoken);
  assert.equal(await here.count("select count(*) from registration where conference = $1 and state = 'confirmed' and fee"), covered);
});

test('each page of their own tells an applicant what the mails told', async () => {
  const speaker = (await outcome('talk')).find((p) => p.email !== day.absent.email);
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/Copenhagen' });
  const [name, value] = speaker.cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: `${new URL(here.base).origin.replace('http:', 'https:')}/`, secure: true, httpOnly: true, sameSite: 'Lax' }]);
  const p = await context.newPage();
  p.setDefaultTimeout(PATIENCE);
  await p.goto(`${here.base}/me`);
  await until(async () => /You are registered|registered/i.test(await p.locator('main').innerText()));
  const text = await p.locator('body').innerText();
  assert.match(text, new RegExp(`what ${TOPICS[speaker.topic].toLowerCase()} taught us`));
  for (const subject of letters(speaker.email).map((letter) => letter.subject).filter((subject) => !/code/.test(subject) && !subject.startsWith('=?'))) assert.ok(text.includes(subject), `/me does not say "${subject}"`);
  await shot(p, 'journey-me-390-light', true);
  await context.close();
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints, []));
