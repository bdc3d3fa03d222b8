// scenario: a hall under abuse: one person asks a hundred times a second, a crowd five hundred times, a moderator's role is taken away; the others' votes and the moderators' work go on, and what was refused has changed nothing.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { connect, sleep, uuid } from '../support/client.mjs';
import { demo } from '../support/instance.mjs';
import { people } from '../support/people.mjs';

const REFUSALS = ['limit.rate', 'busy'];
let t;
let talk;
let moderator;
let voters;
let question;

const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
const stored = async (ids) => new Map((await sql(`select id, text from question where id in (${ids.map((id) => `'${id}'`).join(',')})`)));

before(async () => {
	t = await demo();
	talk = t.access.talk;
	moderator = await connect(t.access, 'moderator');
	voters = [];
	for (let i = 0; i < 3; i++) voters.push(await connect(t.access, `attendees ${i}`));
	await moderator.subscribe([`talk:${talk}:mod`]);
	question = await visible('What may be voted on meanwhile?');
});
after(async () => {
	for (const client of [moderator, ...(voters ?? [])]) client?.close();
	await t.stop();
});

// A machine that is too slow for all of this says that it is busy, to anybody; no other refusal is for those who behave.
async function served(client, method, params) {
	for (const end = Date.now() + 60000; ; await sleep(100)) {
		try {
			return await client.call(method, params);
		} catch (error) {
			if (error.fault !== 'busy' || Date.now() > end) throw error;
		}
	}
}

async function visible(text, asker = voters[0]) {
	const id = uuid();
	await served(asker, 'qa.ask', { question: id, talk, text });
	await served(moderator, 'qa.approve', { question: id, expect_version: 1, key: uuid() });
	return id;
}

/*
 * What everybody else does while task runs, and at least so many times: votes, and a question that is let through, put on stage and
 * answered. None of it may be refused.
 */
async function meanwhile(task, least = 8) {
	let over = false;
	let seq = Date.now();
	const done = task().finally(() => { over = true; });
	done.catch(() => {});
	const votes = voters.map(async (voter) => {
		for (let i = 0; !over || i < least; i++) {
			const value = i % 2;
			const reply = await served(voter, 'qa.vote', { question, value, seq: ++seq });
			assert.equal(reply.value, value);
			await sleep(60);
		}
	});
	const work = (async () => {
		const [asker] = await people(t.instance, t.access, 1);
		const client = await connect(t.access, { token: asker.token });
		for (let i = 0; i < 3; i++) {
			const id = await visible(`Shown while others shout ${i}`, client);
			const { version } = await served(moderator, 'qa.stage', { question: id, expect_version: 2, key: uuid() });
			await served(moderator, 'qa.answer', { question: id, expect_version: version, key: uuid() });
			await sleep(60);
		}
		client.close();
	})();
	await Promise.all([...votes, work]);
	return done;
}

// What came of many asks: which were stored, and that the rest was refused by name and is nowhere.
async function settle(asks) {
	const results = await Promise.all(asks.map(({ reply }) => reply));
	const fine = asks.filter((_, i) => results[i].ok);
	for (const { ok, fault, retry } of results) assert.ok(ok || (REFUSALS.includes(fault) && retry !== 0), `refused as ${fault}`);
	const rows = await stored(asks.map(({ id }) => id));
	for (const { id, text } of fine) assert.equal(rows.get(id), text, 'acknowledged, so it is there');
	assert.equal(rows.size, fine.length, 'refused, so it is not there');
	return { fine: fine.length, refused: asks.length - fine.length };
}

function ask(client, text) {
	const id = uuid();
	const reply = client.call('qa.ask', { question: id, talk, text }).then(() => ({ ok: true }), ({ fault, data }) => ({ fault: fault ?? 'closed', retry: data?.retry_after_ms }));
	return { id, text, reply };
}

test('one person, a hundred asks a second: three are taken, the rest is told to wait, nobody else notices', async () => {
	const [loud] = await people(t.instance, t.access, 1);
	const client = await connect(t.access, { token: loud.token });
	const asks = [];
	const { fine, refused } = await meanwhile(async () => {
		for (let i = 0; i < 20; i++) {
			for (let j = 0; j < 10; j++) asks.push(ask(client, `Loud ${i} ${j}`));
			await sleep(100);
		}
		return settle(asks);
	});
	assert.ok(fine >= 3 && fine <= 10, `${fine} taken`);
	assert.equal(fine + refused, 200);
	client.close();
});

test('five hundred asks a second from fifty people into one talk: each is kept or refused by name, votes and moderation go on', async () => {
	const crowd = await people(t.instance, t.access, 50);
	const clients = [];
	for (const { token } of crowd) clients.push(await connect(t.access, { token }));
	const asks = [];
	const { fine } = await meanwhile(async () => {
		for (let i = 0; i < 10; i++) {
			for (const client of clients) asks.push(ask(client, `Crowd ${i}`));
			await sleep(100);
		}
		return settle(asks);
	});
	assert.ok(fine > 0);
	const [[over]] = await sql(`select count(*) from (select person from question where talk = '${talk}' group by person having count(*) > 10) x`);
	assert.equal(over, '0', 'nobody has more than ten');
	for (const client of clients) client.close();
});

// Everything that a moderator's command could change here.
const whole = () => sql(`select 'question', q::text from question q where q.talk = '${talk}'
	union all select 'talk', t::text from talk t where t.id = '${talk}'
	union all select 'action', count(*)::text from mod_action
	union all select 'mute', count(*)::text from mute
	union all select 'settings', s::text from qa_settings s
	order by 1, 2`);

test('a moderator whose role was taken a second ago can do nothing more, on any socket', async () => {
	const [former] = await people(t.instance, t.access, 1, 'moderator');
	const sockets = [];
	for (let i = 0; i < 4; i++) sockets.push(await connect(t.access, { token: former.token }));
	await sockets[0].subscribe([`talk:${talk}:mod`]);
	const id = uuid();
	await voters[1].call('qa.ask', { question: id, talk, text: 'Who decides about this?' });
	const organiser = await connect(t.access, 'organiser');
	await organiser.write('people.grant', { person: former.person, role: 'moderator', value: false });
	const [[session]] = await sql(`select session from talk where id = '${talk}'`);
	// At once, whether or not a worker has heard of it: the statement itself asks.
	const commands = () => Promise.all(sockets.flatMap((client) => [
		...['qa.approve', 'qa.hold', 'qa.skip', 'qa.answer', 'qa.reopen', 'qa.stage'].map((method) => [method, { question: id, expect_version: 1 }]),
		['qa.dismiss', { question: id, expect_version: 1, reason: 'rude', silent: true }],
		['qa.edit', { question: id, expect_version: 1, text: 'Other words' }],
		['qa.note_spoken', { question: uuid(), talk, text: 'Nobody said this' }],
		['qa.window', { talk, paused: true }],
		['qa.close', { talk }],
		['person.mute', { question: id, how: 'hard' }],
		['qa.settings', { session, expect_version: 0, moderated: false }],
	].map(([method, params]) => assert.rejects(client.write(method, params), { fault: 'denied' }, method))));
	const before = await whole();
	await commands();
	// At most a second: every worker has heard of it by then.
	await Promise.all(sockets.map((client) => client.wait(({ kind }) => kind === 'session.changed', 'session.changed')));
	await commands();
	assert.deepEqual(await whole(), before, 'nothing has changed, not even a version');
	const heard = sockets[0].log.length;
	const { version, state } = await moderator.write('qa.approve', { question: id, expect_version: 1 });
	assert.deepEqual([version, state], [2, 'approved'], 'nothing had changed');
	await moderator.waitEvent(`talk:${talk}:mod`, 'question.updated', (q) => q.id === id);
	await voters[0].call('qa.vote', { question: id, value: 1, seq: 1 });
	assert.equal(sockets[0].log.slice(heard).filter(({ channel }) => channel === `talk:${talk}:mod`).length, 0, 'hears nothing more');
	for (const client of [...sockets, organiser]) client.close();
});

test('texts to the letter: 500 characters of four bytes, markup and formula signs stay as they are; 0 and 501 are refused', async () => {
	const [writer] = await people(t.instance, t.access, 1);
	const client = await connect(t.access, { token: writer.token });
	// Three at once and one in 15 s: a minute passes between two.
	const rest = () => sql(`update question set created = created - interval '1 minute' where person = '${writer.person}'`);
	const texts = ['😀'.repeat(500), '<script>alert(1)</script>', '=HYPERLINK("http://x")', '@SUM(1)', '🏳️‍🌈 और 日本語', '"; drop table question; --'];
	for (const text of texts) {
		const id = await visible(text, client);
		assert.equal((await stored([id])).get(id), text);
		const { questions } = await voters[0].call('qa.list', { talk });
		assert.equal(questions.find((each) => each.id === id).text, text);
		await rest();
	}
	for (const [text, fault] of [['', 'bad_request'], [' \u200b ', 'bad_request'], ['x'.repeat(501), 'limit.size'], ['😀'.repeat(501), 'limit.size']]) {
		const id = uuid();
		await assert.rejects(client.call('qa.ask', { question: id, talk, text }), { fault }, JSON.stringify(text.slice(0, 9)));
		assert.equal((await stored([id])).size, 0);
	}
	client.close();
});

test('votes that must not count: on what waits, on what was refused, on nothing, and with a number that goes back', async () => {
	const waiting = uuid();
	await voters[2].call('qa.ask', { question: waiting, talk, text: 'Not yet seen by anybody' });
	await assert.rejects(voters[0].call('qa.vote', { question: waiting, value: 1, seq: 1 }), { fault: 'qa.state' });
	await moderator.write('qa.dismiss', { question: waiting, expect_version: 1, reason: 'spam' });
	await assert.rejects(voters[0].call('qa.vote', { question: waiting, value: 1, seq: 2 }), { fault: 'qa.state' });
	await assert.rejects(voters[0].call('qa.vote', { question: uuid(), value: 1, seq: 3 }), { fault: 'not_found' });
	const id = await visible('Forth and back?', voters[2]);
	await voters[0].call('qa.vote', { question: id, value: 1, seq: 10 });
	const late = await voters[0].call('qa.vote', { question: id, value: 0, seq: 9 });
	assert.deepEqual([late.value, late.seq], [1, 10], 'what counts is told');
	assert.deepEqual(await sql(`select count(*), sum(value) from vote where question in ('${waiting}', '${id}')`), [['1', '1']]);
	assert.deepEqual(await sql(`select y.key from tally y join question q on q.id::text = y.key where q.talk = '${talk}'
		and y.value <> (select coalesce(sum(v.value), 0) from vote v where v.question = q.id)`), [], 'tallies are the votes');
});

// A question of a conference beside this one, open for votes as far as its own people are concerned.
async function abroad() {
	const id = uuid();
	const [[far, place]] = await sql(`with c as (insert into conference (slug, title, zone, starts, ends) values ('abroad-${id.slice(0, 8)}', 'Elsewhere', 'Europe/Copenhagen', now(), now()) returning id),
		s as (insert into session (conference, guid, number, title) select id, gen_random_uuid(), 1, 'Far' from c returning id, conference)
		insert into talk (conference, session, ord, title, ask_window, vote_window) select conference, id, 1, 'Away', 'open', 'open' from s returning conference, id`);
	await sql(`with p as (insert into person (conference, email, name) values ('${far}', 'far@example.org', 'Far Away') returning id)
		insert into question (id, conference, talk, person, text, asked_at) select '${id}', '${far}', '${place}', id, 'Not yours?', now() from p`);
	await sql(`update question set state = 'approved', version = 2, first_visible_at = now() where id = '${id}'`);
	return id;
}

test('votes on every question that takes none: each is refused by its name, on every state, and what was counted stays', async () => {
	const ask = async (text, asker) => {
		const id = uuid();
		await asker.call('qa.ask', { question: id, talk, text });
		return id;
	};
	const [writer] = await people(t.instance, t.access, 1);
	const client = await connect(t.access, { token: writer.token });
	const rest = () => sql(`update question set created = created - interval '1 minute' where person = '${writer.person}'`);
	const pending = await ask('Pending?', client);
	const archived = await visible('Archived?', client);
	await voters[1].call('qa.vote', { question: archived, value: 1, seq: 1 });
	const merged = await visible('Merged?', client);
	await rest();
	const head = await visible('What it was merged into?', client);
	const withdrawn = await ask('Withdrawn?', client);
	await client.write('qa.withdraw', { question: withdrawn, expect_version: 1 });
	const answered = await visible('Answered?', client);
	await moderator.write('qa.answer', { question: answered, expect_version: 2 });
	await rest();
	const held = await visible('Merged into one that is held?', client);
	const hidden = await visible('Held?', client);
	const prepared = uuid();
	await moderator.write('qa.prepare', { question: prepared, talk, text: 'Prepared?' });
	await moderator.write('qa.merge', { question: merged, into: head, expect_version: 2 });
	await moderator.write('qa.merge', { question: held, into: hidden, expect_version: 2 });
	await moderator.write('qa.hold', { question: hidden, expect_version: (await sql(`select version from question where id = '${hidden}'`))[0][0] * 1 });
	await sql(`update question set prev_state = state, state = 'archived', version = version + 1 where id = '${archived}'`);
	const foreign = await abroad();
	const refused = [[pending, 'qa.state'], [archived, 'qa.state'], [withdrawn, 'qa.state'], [answered, 'qa.state'], [prepared, 'qa.state'], [hidden, 'qa.state'],
		[held, 'qa.state'], [foreign, 'not_found'], [uuid(), 'not_found']];
	const ids = refused.map(([id]) => `'${id}'`).join(',');
	const votes = () => sql(`select v::text from vote v where v.question in (${ids}) order by 1`);
	const tallies = () => sql(`select c.name, y.key, y.value from tally y join channel c on c.id = y.channel where y.key in (${ids}) order by 1, 2`);
	const before = [await votes(), await tallies()];
	assert.equal(before[0].length, 1);
	// All at once, so that some share a batch with votes that are fine.
	await Promise.all(voters.flatMap((voter) => [
		...refused.map(([id, fault]) => assert.rejects(voter.call('qa.vote', { question: id, value: 1, seq: 100 }), { fault }, `${id} ${fault}`)),
		voter.call('qa.vote', { question, value: 1, seq: Date.now() * 2 }),
	]));
	assert.deepEqual([await votes(), await tallies()], before, 'nothing of it is anywhere');
	// On one that was merged it is a vote on what stands for it, and says so; once.
	for (const seq of [100, 101]) {
		const reply = await voters[0].call('qa.vote', { question: merged, value: 1, seq });
		assert.deepEqual([reply.question, reply.merged, reply.value], [head, merged, 1]);
	}
	assert.deepEqual(await sql(`select question from vote where person = (select person from vote where question = '${head}' limit 1) and question in ('${head}', '${merged}')`), [[head]]);
	// Bad values and numbers are refused before anything is looked at.
	for (const wrong of [{ value: 2, seq: 5 }, { value: -1, seq: 5 }, { value: 1, seq: 0 }, { value: 1, seq: -1 }, { value: '1', seq: 5 }, { value: 1 }])
		await assert.rejects(voters[0].call('qa.vote', { question: head, ...wrong }), { fault: 'bad_request' }, JSON.stringify(wrong));
	client.close();
});
