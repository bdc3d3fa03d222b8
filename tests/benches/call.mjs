// tests: the last minute of a call: five hundred applicants submit within sixty seconds while their drafts are saved, and some come too late; and what was decided on.
import { connect, uuid } from '../support/client.mjs';
import { at, machine, round, sleep, sorted, table } from './support/kit.mjs';
import { demo } from '../support/instance.mjs';

const APPLICANTS = Number(process.env.BENCH_APPLICANTS ?? 500);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const LATE = Number(process.env.BENCH_LATE ?? 50);
const SLUG = 'lastminute';
const running = [];
const consents = [{ kind: 'data', version: 1, given: true }];

// A second conference whose call closes when the minute is over.
async function lastMinute(instance) {
	await instance.plenum(['conference', 'create', SLUG, '--title', 'The last minute', '--zone', 'Europe/Copenhagen', '--starts', '2021-05-02', '--ends', '2021-05-02']);
	await instance.plenum(['conference', 'clock', SLUG, '--at', '2021-03-02T13:00:00+01:00']);
	await instance.call('track.save', { track: uuid(), name: 'Genomics', ord: 0 }, SLUG);
	const when = (text) => ({ text, label: 'CET', zone: 'Europe/Copenhagen' });
	await instance.call('call.save', {
		opens: when('2020-12-16 00:00'), closes: when('2021-03-02 14:00'), grace_s: 0, limit: 2500, expect_version: 0,
		consents: [{ kind: 'data', text: 'My data may be kept.', required: true }],
	}, SLUG);
	const emails = Array.from({ length: APPLICANTS + LATE }, (_, i) => `bench${i}@example.org`);
	const rows = emails.map((email, i) => ({ email, name: `Applicant ${i}` }));
	await instance.call('people.import_bulk', { rows }, SLUG);
	return (await instance.calls(emails.map((email) => ({ method: 'token.create', params: { role: 'attendee', email } })), SLUG)).map(({ token }) => token);
}

const content = (tracks, n, i) => ({
	title: `What we found, ${i}`, body: 'A sentence of the length that sentences have in abstracts, more or less. '.repeat(20).slice(0, 1200 + n), wish: 'talk', mode: 'on_site', tracks,
	authors: [{ name: `Applicant ${i}`, affiliation: 'Here', email: `bench${i}@example.org`, presents: true }, { name: 'Somebody Else', affiliation: 'There', email: '', presents: false }],
});

// Types: saves every second and a half until its moment comes, then hands in.
async function applicant({ client, i, moment, tracks, saves, submits, told }) {
	const abstract = uuid();
	let version = 0;
	for (let n = 1; performance.now() < moment - 1500; n++) {
		const began = performance.now();
		version = (await client.write('abstract.save', { abstract, content: content(tracks, n, i), expect_version: version })).version;
		saves.push(performance.now() - began);
		await sleep(Math.min(1500, Math.max(0, moment - performance.now())) * (0.8 + Math.random() * 0.4));
	}
	await sleep(Math.max(0, moment - performance.now()));
	const began = performance.now();
	const reply = await client.write('abstract.submit', { abstract, content: content(tracks, 0, i), consents, expect_version: version });
	submits.push(performance.now() - began);
	told.set(abstract, reply.number);
}

async function late({ client, i, tracks }) {
	try {
		await client.write('abstract.submit', { abstract: uuid(), content: content(tracks, 0, i), consents, expect_version: 0 });
		return 'accepted';
	} catch (error) {
		return error.fault ?? String(error);
	}
}

async function minute(instance, access) {
	const tokens = await lastMinute(instance);
	const clients = [];
	for (let i = 0; i < tokens.length; i += 50) {
		clients.push(...await Promise.all(tokens.slice(i, i + 50).map((token) => connect(access, { token }))));
	}
	running.push({ stop: async () => clients.forEach((client) => client.close()) });
	const tracks = (await clients[0].call('call.get')).tracks.map(({ id }) => id);
	// The clock is put so that the call closes five seconds after the last of them was to hand in.
	await instance.plenum(['conference', 'clock', SLUG, '--at', new Date(Date.parse('2021-03-02T13:00:00Z') - (SECONDS + 5) * 1000).toISOString()]);
	const start = performance.now();
	const [saves, submits, told] = [[], [], new Map()];
	await Promise.all(clients.slice(0, APPLICANTS).map((client, i) => applicant({ client, i, tracks, saves, submits, told, moment: start + 2000 + Math.random() * (SECONDS - 3) * 1000 })));
	const { closes } = await clients[0].call('call.get');
	const left = Date.parse(closes.at) - Date.parse((await clients[0].call('call.get')).time);
	await sleep(Math.max(0, left) + 1000);
	const tooLate = await Promise.all(clients.slice(APPLICANTS).map((client, i) => late({ client, i, tracks })));
	const kept = new Map(await instance.pg.sql('plenum_owner', 'plenum', `select a.id, a.number from abstract a join conference c on c.id = a.conference
		where c.slug = '${SLUG}' and a.state = 'submitted'`));
	const lost = [...told].filter(([id, number]) => Number(kept.get(id)) !== number).length + (APPLICANTS - told.size);
	return { saves: sorted(saves), submits: sorted(submits), lost, late: tooLate.filter((x) => x === 'accepted').length, odd: tooLate.filter((x) => !['accepted', 'call.closed'].includes(x)), left };
}

// Three hundred abstracts, each by a person of its own, every fifth place presented by somebody nobody knows yet, with three reviews each.
async function abstracts(instance, access) {
	await instance.pg.sql('plenum_owner', 'plenum', `with c as (select '${access.conference}'::uuid as id), p as (
			insert into person (conference, email, name) select c.id, 'author' || n || '@example.org', 'Author ' || n from c, generate_series(1, 300) n
			returning id, conference, email, name), a as (
			insert into abstract (conference, number, person, title, body, state, received)
			select p.conference, 100000 + substr(p.name, 8)::int, p.id, 'Abstract ' || p.name, repeat('Words. ', 150), 'submitted', now() from p returning id, conference, number, person),
		w as (insert into abstract_author (conference, abstract, ord, name, email, presents)
			select a.conference, a.id, 1, p.name, case when number % 5 = 0 and number <= 100200 then 'presents' || number || '@example.org' else p.email end, true
			from a join p on p.id = a.person),
		r as (insert into person (conference, email, name) select c.id, 'reviewer' || n || '@example.org', 'Reviewer ' || n from c, generate_series(1, 3) n returning id)
		insert into review (conference, abstract, person, state, to_authors, finished) select a.conference, a.id, r.id, 'final', 'Sharpen the title.', now() from a, r`);
}

// The selection's board over them.
async function board(organiser) {
	const times = [];
	for (let i = 0; i < 30; i++) {
		const began = performance.now();
		await organiser.call('decision.board');
		times.push(performance.now() - began);
	}
	return sorted(times);
}

// All of them decided in one go: ten sessions of ten talks, a hundred posters, thirty standby, the others declined.
async function apply(instance, access, organiser) {
	await instance.pg.sql('plenum_owner', 'plenum', `with s as (
			insert into session (conference, guid, number, title, places) select '${access.conference}', gen_random_uuid(), 90000 + n, 'Short talks ' || n, 10
			from generate_series(1, 10) n returning id, number)
		insert into decision (abstract, conference, outcome, session, rank, at)
		select a.id, a.conference, case when x.n <= 100 then 'talk' when x.n <= 200 then 'poster' when x.n <= 230 then 'standby' else 'declined' end,
			(select s.id from s where x.n <= 100 and s.number = 90001 + (x.n - 1) / 10), case when x.n between 201 and 230 then x.n + 800 end, now()
		from abstract a cross join lateral (select a.number - 100000 as n) x
		where a.conference = '${access.conference}' and a.number > 100000
		on conflict on constraint decision_once do nothing; update selection set posters = null where conference = '${access.conference}'`);
	const { hash, count } = await organiser.call('decision.preview');
	const began = performance.now();
	const { applied, mails } = await organiser.write('decision.apply', { expect: hash });
	const ms = performance.now() - began;
	if (applied !== count || count < 300) throw new Error(`applied ${applied} of ${count}`);
	return { ms, applied, mails };
}

try {
	const { instance, access, stop } = await demo({ workers: 2, durable: true, limit: 900 });
	running.push({ stop });
	const m = await minute(instance, access);
	await abstracts(instance, access);
	const organiser = await connect(access, 'organiser');
	running.push({ stop: async () => organiser.close() });
	const b = await board(organiser);
	const d = await apply(instance, access, organiser);
	if (m.odd.length > 0) throw new Error(`after the deadline: ${m.odd.slice(0, 3)}`);
	console.log(`\n${machine()}\n`);
	table([`${APPLICANTS} applicants in ${SECONDS} s`, 'p50 ms', 'p99 ms', 'worst ms', 'n'], [
		['submit', round(at(m.submits, 0.5)), round(at(m.submits, 0.99)), round(at(m.submits, 1)), m.submits.length],
		['save a draft', round(at(m.saves, 0.5)), round(at(m.saves, 0.99)), round(at(m.saves, 1)), m.saves.length],
		['board of 300', round(at(b, 0.5)), round(at(b, 0.99)), round(at(b, 1)), b.length],
		[`apply ${d.applied}, ${d.mails} mails`, round(d.ms), round(d.ms), round(d.ms), 1],
	]);
	console.log(JSON.stringify({ bench: 'call', applicants: APPLICANTS, seconds: SECONDS, p99_ms: round(at(m.submits, 0.99)), save_p99_ms: round(at(m.saves, 0.99)), saves: m.saves.length,
		lost: m.lost, late_accepted: m.late, board_300_ms: round(at(b, 0.5)), apply_300_ms: round(d.ms), mails: d.mails }));
	if (m.lost > 0 || m.late > 0) process.exitCode = 1;
} finally {
	for (const each of running.reverse()) await each.stop();
}
