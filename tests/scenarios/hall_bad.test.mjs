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

async function visible(text, asker = voters[0]) {
	const id = uuid();
	await asker.call('qa.ask', { question: id, talk, text });
	await moderator.write('qa.approve', { question: id, expect_version: 1 });
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
			const reply = await voter.call('qa.vote', { question, value, seq: ++seq });
			assert.equal(reply.value, value);
			await sleep(60);
		}
	});
	const work = (async () => {
		const [asker] = await people(t.instance, t.access, 1);
		const client = await connect(t.access, { token: asker.token });
		for (let i = 0; i < 3; i++) {
			const id = await visible(`Shown while others shout ${i}`, client);
			const { version } = await moderator.write('qa.stage', { question: id, expect_version: 2 });
			await moderator.write('qa.answer', { question: id, expect_version: version });
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

test('a moderator whose role was taken a second ago can do nothing more, on any socket', async () => {
	const [former] = await people(t.instance, t.access, 1, 'moderator');
	const sockets = [];
	for (let i = 0; i < 4; i++) sockets.push(await connect(t.access, { token: former.token }));
	await sockets[0].subscribe([`talk:${talk}:mod`]);
	const id = uuid();
	await voters[1].call('qa.ask', { question: id, talk, text: 'Who decides about this?' });
	const organiser = await connect(t.access, 'organiser');
	await organiser.write('people.grant', { person: former.person, role: 'moderator', value: false });
	// At most a second: every worker has heard of it by then.
	await Promise.all(sockets.map((client) => client.wait(({ kind }) => kind === 'session.changed', 'session.changed')));
	for (const client of sockets)
		for (const method of ['qa.approve', 'qa.dismiss', 'qa.stage'])
			await assert.rejects(client.write(method, { question: id, expect_version: 1 }), { fault: 'denied' });
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
