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

// The selection's board over three hundred abstracts. null: this version has none.
async function board(instance, access) {
	await instance.pg.sql('plenum_owner', 'plenum', `with x as (
			insert into abstract (conference, number, person, title, body, state, received)
			select p.conference, 100000 + n, p.id, 'Abstract ' || n, repeat('Words. ', 150), 'submitted', now()
			from (select id, conference from person where conference = '${access.conference}' order by email limit 1) p, generate_series(1, 300) n returning id, conference)
		insert into abstract_author (conference, abstract, ord, name, presents) select conference, id, 1, 'Somebody', true from x`);
	const organiser = await connect(access, 'organiser');
	running.push({ stop: async () => organiser.close() });
	const times = [];
	for (let i = 0; i < 30; i++) {
		const began = performance.now();
		try {
			await organiser.call('decision.board');
		} catch (error) {
			if (error.fault === 'not_found') return null;
			throw error;
		}
		times.push(performance.now() - began);
	}
	return sorted(times);
}

try {
	const { instance, access, stop } = await demo({ workers: 2, durable: true, limit: 900 });
	running.push({ stop });
	const m = await minute(instance, access);
	const b = await board(instance, access);
	if (m.odd.length > 0) throw new Error(`after the deadline: ${m.odd.slice(0, 3)}`);
	console.log(`\n${machine()}\n`);
	table([`${APPLICANTS} applicants in ${SECONDS} s`, 'p50 ms', 'p99 ms', 'worst ms', 'n'], [
		['submit', round(at(m.submits, 0.5)), round(at(m.submits, 0.99)), round(at(m.submits, 1)), m.submits.length],
		['save a draft', round(at(m.saves, 0.5)), round(at(m.saves, 0.99)), round(at(m.saves, 1)), m.saves.length],
		...(b ? [['board of 300', round(at(b, 0.5)), round(at(b, 0.99)), round(at(b, 1)), b.length]] : []),
	]);
	console.log(JSON.stringify({ bench: 'call', applicants: APPLICANTS, seconds: SECONDS, p99_ms: round(at(m.submits, 0.99)), save_p99_ms: round(at(m.saves, 0.99)), saves: m.saves.length,
		lost: m.lost, late_accepted: m.late, board_300_ms: b ? round(at(b, 0.5)) : null }));
	if (m.lost > 0 || m.late > 0) process.exitCode = 1;
} finally {
	for (const each of running.reverse()) await each.stop();
}
