// deploy: loads the Favrholm sample conference into a migrated, empty instance: programme, clock, people, door, kiosks, tokens → access.json.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { seedCall } from './call.mjs';
import { TOP } from './instance.mjs';

export const SLUG = 'favrholm';
export const START = '2021-05-02T08:55+02:00';
export const STAFF = { organiser: 'organiser@example.org', moderator: 'moderator@example.org', desk: 'desk@example.org', reviewer: 'reviewer@example.org' };
const ATTENDEES = 60;
const TOKENS = 40;
const CODES = 20;
const CALENDARS = 3;
// Attendees 11 to 13 speak in the programme; 11 to 16 have starred sessions, so that a change reaches somebody.
const SPEAKERS = [11, 12, 13];
// The first session of short talks is run from its board: its five speakers have a person each, 44 is online, and two stand by for it.
const SHORT = [41, 42, 43, 44, 45];
const STANDBY = [[46, 'What the second biopsy told us'], [47, 'A registry that patients fill in']];
const STARRERS = [11, 12, 13, 14, 15, 16];

const attendee = (n) => `attendee${n}@example.org`;

function peopleCsv(speakers, short) {
	const title = (role) => role[0].toUpperCase() + role.slice(1);
	const rows = [['email', 'name', 'roles', 'mode']];
	for (const [role, email] of Object.entries(STAFF)) rows.push([email, `${title(role)} of the sample`, role, 'on_site']);
	// One in four takes part online.
	for (let n = 1; n <= ATTENDEES; n++) {
		const speaker = speakers[SPEAKERS.indexOf(n)] ?? short[SHORT.indexOf(n)];
		rows.push([attendee(n), speaker?.name ?? `Attendee ${n}`, speaker ? 'attendee speaker' : 'attendee', n > 20 && n % 4 === 0 ? 'online' : 'on_site']);
	}
	return rows.map((row) => row.join(',')).join('\n') + '\n';
}

async function tokens(instance) {
	const staff = Object.entries(STAFF);
	const people = Array.from({ length: TOKENS }, (_, i) => ['attendee', attendee(i + 1)]);
	const all = (await instance.calls([...staff, ...people].map(([role, email]) => ({ method: 'token.create', params: { role, email } })), SLUG)).map(({ token }) => token);
	return { ...Object.fromEntries(staff.map(([role], i) => [role, all[i]])), attendees: all.slice(staff.length) };
}

// The speakers of the first short talks of the day, in their order, as the draft has them.
async function shortSpeakers(instance, named) {
	const ids = await instance.pg.sql('plenum_owner', 'plenum', `
		select ts.speaker from published p join conference c on c.id = p.conference join talk t on t.session = p.session
			join talk_speaker ts on ts.talk = t.id
		where c.slug = '${SLUG}' and p.session = (select x.session from published x join room r on r.id = x.room where x.conference = c.id
			and (select count(*) from talk y where y.session = x.session) = ${SHORT.length} order by lower(x.during), r.ord, r.name limit 1)
		order by t.ord`);
	return ids.map(([id]) => named.find((speaker) => speaker.id === id));
}

// Who stands by is somebody whose abstract was put on the list of that session, with a rank.
async function standby(instance, person) {
	for (const [i, [n, title]] of STANDBY.entries()) {
		await instance.pg.sql('plenum_owner', 'plenum', `
			with a as (
				insert into abstract (conference, number, person, title, body, state, received, outcome, rank, session, decided)
				select c.id, (select coalesce(max(number), 0) + 1 from abstract where conference = c.id), '${person.get(attendee(n))}', '${title}',
					'Sample data.', 'submitted', '2021-02-20T12:00Z', 'standby', ${i + 1}, t.session, '2021-03-15T12:00Z'
				from conference c join speaker s on s.conference = c.id and s.person = '${person.get(attendee(SHORT[0]))}'
					join talk_speaker ts on ts.speaker = s.id join talk t on t.id = ts.talk
				where c.slug = '${SLUG}' returning id, conference, person
			)
			insert into abstract_author (conference, abstract, ord, name, email, presents)
			select a.conference, a.id, 1, p.name, p.email, true from a join person p on p.id = a.person`);
	}
}

// Speakers become the attendees they are, and some people star what they want to see.
async function interests(instance, person, speakers, short) {
	const is = [...speakers.map((speaker, i) => [speaker, SPEAKERS[i]]), ...short.map((speaker, i) => [speaker, SHORT[i]])];
	await instance.calls(is.map(([{ id, name, version }, n]) =>
		({ method: 'speaker.save', params: { speaker: id, name, person: person.get(attendee(n)), expect_version: version } })), SLUG);
	const { slots } = await instance.call('schedule.get', {}, SLUG);
	const sessions = [...new Set([...slots].sort((a, b) => (a.start < b.start ? 1 : -1)).map(({ session }) => session))].slice(0, 4);
	const stars = STARRERS.flatMap((n, i) => [0, 1].map((more) => ({ n, session: sessions[(i + more) % sessions.length] })));
	await instance.calls(stars.map(({ n, session }) => ({ method: 'star.set', params: { session, value: true }, as: person.get(attendee(n)) })), SLUG);
}

// The addresses of the first attendees' own calendars: what they have starred.
const calendars = async (instance, person) =>
	(await instance.calls(Array.from({ length: CALENDARS }, (_, i) =>
		({ method: 'feed.create', params: { label: 'Phone', scope: 'stars' }, as: person.get(attendee(i + 1)) })), SLUG)).map(({ url }) => url);

// Loads everything and writes access.json. say(line) hears what was done.
export async function seed(instance, { at = START, say = () => {} } = {}) {
	const programme = path.join(TOP, 'sql/seed/favrholm.json');
	await instance.plenum(['import', 'schedule', programme, '--into', SLUG, '--publish']);
	await instance.plenum(['conference', 'clock', SLUG, '--at', at]);
	const csv = path.join(instance.dir, 'people.csv');
	const { speakers: named } = await instance.call('draft.get', {}, SLUG);
	const speakers = named.slice(0, SPEAKERS.length);
	const short = await shortSpeakers(instance, named);
	writeFileSync(csv, peopleCsv(speakers, short));
	await instance.plenum(['import', 'people', csv, '--into', SLUG]);
	const topics = await instance.pg.sql('plenum_owner', 'plenum', `select t.name from track t join conference c on c.id = t.conference where c.slug = '${SLUG}' order by t.ord, t.name`);
	const offered = await seedCall(instance, SLUG, topics.map(([name]) => name), attendee);
	const person = new Map(await instance.pg.sql('plenum_owner', 'plenum', `select p.email, p.id from person p join conference c on c.id = p.conference where c.slug = '${SLUG}'`));
	await interests(instance, person, speakers, short);
	await standby(instance, person);
	const day = (await instance.pg.sql('plenum_owner', 'plenum',
		`select to_char((starts + time '07:30') at time zone zone at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from conference where slug = '${SLUG}'`))[0][0];
	const list = (await instance.plenum(['list', 'create', '--name', 'Main door', '--opens', day, '--into', SLUG, '--json'])).list;
	const kiosks = [];
	const station = async (name, profile) =>
		(await instance.plenum(['kiosk', 'create', '--name', name, '--kind', 'kiosk', '--profile', profile, '--list', list, '--into', SLUG, '--json'])).token;
	for (const name of ['Kiosk A', 'Kiosk B']) kiosks.push(await station(name, 'self_service'));
	const stations = { desk: await station('Desk 1', 'desk'), gate: await station('Gate 1', 'gate'), board: await station('Board', 'board') };
	// Code n belongs to attendee n, as token n does.
	const emails = Array.from({ length: CODES }, (_, i) => attendee(i + 1));
	const codes = new Map((await instance.call('people.codes', { emails, limit: CODES }, SLUG)).codes.map(({ email, code }) => [email, code]));
	const [[conference, talk, room, sessions]] = await instance.pg.sql('plenum_owner', 'plenum', `
		select c.id, t.id, p.room, (select count(*) from published x where x.conference = c.id)
		from conference c join published p on p.conference = c.id join talk t on t.session = p.session
		where c.slug = '${SLUG}' and not p.cancelled order by lower(p.during), (select ord from room where id = p.room), t.ord limit 1`);
	instance.writeAccess({
		base: instance.base,
		conference,
		slug: SLUG,
		tokens: { ...(await tokens(instance)), kiosks, stations },
		feeds: { public: '/schedule.ics', personal: await calendars(instance, person) },
		codes: emails.map((email) => codes.get(email)),
		talk,
		room,
		list,
	});
	say(`loaded the sample conference: ${sessions} slots, ${ATTENDEES} attendees, ${offered} abstracts, 4 staff, 2 kiosks, a desk, a gate, a board`);
}
