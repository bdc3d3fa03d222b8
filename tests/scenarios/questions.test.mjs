// scenario: a question's way between two workers: asked on one, approved, voted and staged on the other, each write repeated byte for byte.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { RpcError, post, uuid } from '../support/client.mjs';
import { connectTo, workerOf } from '../support/workers.mjs';

let t;
let talk;
const here = {};
const there = {};

before(async () => {
	t = await demo();
	talk = t.access.talk;
	const [one, two] = t.instance.workerPids();
	assert.ok(one && two, 'two workers');
	here.asker = await connectTo(t.instance, one, 'attendees 0');
	here.moderator = await connectTo(t.instance, one, 'moderator');
	there.reader = await connectTo(t.instance, two, 'attendees 1');
	there.moderator = await connectTo(t.instance, two, 'moderator');
	there.stage = await connectTo(t.instance, two, 'organiser');
	await here.asker.subscribe([`talk:${talk}`, `person:${here.asker.hello.person.id}`]);
	await there.reader.subscribe([`talk:${talk}`]);
	await there.moderator.subscribe([`talk:${talk}:mod`, `talk:${talk}`]);
	await there.stage.subscribe([`stage:${t.access.room}`]);
});
after(async () => {
	for (const client of [...Object.values(here), ...Object.values(there)]) client.close();
	await t.stop();
});

test('the two halves really are on two workers', () => {
	assert.notEqual(workerOf(t.instance, here.asker), workerOf(t.instance, there.reader));
});

const question = uuid();

test('asked on one, pending for the moderator on the other, unseen by attendees', async () => {
	const reply = await here.asker.call('qa.ask', { question, talk, text: 'Who may see the raw data?' });
	assert.equal(reply.state, 'pending');
	assert.equal(reply.question, question);
	const added = await there.moderator.waitEvent(`talk:${talk}:mod`, 'question.added', ({ id }) => id === question);
	assert.equal(added.data.text, 'Who may see the raw data?');
	assert.equal(added.data.author.id, here.asker.hello.person.id);
	assert.equal(reply.positions[`talk:${talk}:mod`], added.position);
	assert.equal(there.reader.events(`talk:${talk}`).length, 0);
});

test('the same ask again is the same answer; other words under its id are refused', async () => {
	const again = await there.reader.call('qa.list', { talk });
	assert.equal(again.questions.length, 0);
	const repeat = await here.asker.call('qa.ask', { question, talk, text: 'Who may see the raw data?' });
	assert.equal(repeat.state, 'pending');
	await assert.rejects(here.asker.call('qa.ask', { question, talk, text: 'Something else' }), RpcError);
	await assert.rejects(there.reader.call('qa.ask', { question, talk, text: 'Who may see the raw data?' }), RpcError);
});

test('the same words by the same person are a duplicate', async () => {
	await assert.rejects(here.asker.call('qa.ask', { question: uuid(), talk, text: 'Who may see the raw data?' }), { fault: 'qa.duplicate' });
});

test('approved on the other worker; a repeat under its key is byte-equal on both, another body is refused', async () => {
	const params = { question, expect_version: 1, key: uuid() };
	const first = await there.moderator.call('qa.approve', params, { bytes: true });
	assert.match(first, /^\{.*"positions".*\}$/);
	await there.reader.waitEvent(`talk:${talk}`, 'question.added', ({ id }) => id === question);
	await here.asker.waitEvent(`talk:${talk}`, 'question.added', ({ id }) => id === question);
	await here.asker.waitEvent(`person:${here.asker.hello.person.id}`, 'question.updated', ({ id, state }) => id === question && state === 'approved');
	for (const client of [here.moderator, there.moderator, here.moderator])
		assert.equal(await client.call('qa.approve', params, { bytes: true }), first);
	const over = await post(t.access, 'qa.approve', params, { token: t.access.tokens.moderator });
	assert.ok(over.text.includes(`"result":${first}`), over.text);
	await assert.rejects(here.moderator.call('qa.approve', { ...params, expect_version: 2 }), { fault: 'key.reused' });
	assert.equal(there.reader.events(`talk:${talk}`).filter(({ data }) => data.id === question).length, 1, 'published once');
});

test('a stale version is a conflict and says how things stand', async () => {
	await assert.rejects(here.moderator.write('qa.stage', { question, expect_version: 1 }), (error) => {
		assert.equal(error.fault, 'conflict');
		assert.equal(error.data.current.id ?? error.data.current.question, question);
		return true;
	});
});

test('votes set, repeat and take back; ticks reach both workers', async () => {
	await here.asker.call('qa.vote', { question, value: 1, seq: 1 });
	await there.reader.call('qa.vote', { question, value: 1, seq: 1 });
	await there.reader.waitTally(`talk:${talk}`, question, 2);
	await here.asker.waitTally(`talk:${talk}`, question, 2);
	const repeat = await there.reader.call('qa.vote', { question, value: 1, seq: 1 });
	assert.deepEqual([repeat.value, repeat.seq], [1, 1]);
	await there.reader.call('qa.vote', { question, value: 0, seq: 3 });
	const late = await there.reader.call('qa.vote', { question, value: 1, seq: 2 });
	assert.deepEqual([late.value, late.seq], [0, 3], 'an older seq changes nothing');
	await here.asker.wait((entry) => entry.kind === 'tick' && entry.tally.some(([key, value]) => key === question && value === 1), 'tick 1');
	const list = await there.reader.call('qa.list', { talk });
	const mine = list.questions.find(({ id }) => id === question);
	assert.equal(mine.votes, 1);
	assert.equal(mine.my_vote, 0);
});

test('votes on both workers at the same moment: every tick ends at the truth', async () => {
	const many = [];
	for (let i = 0; i < 6; i++) {
		const id = uuid();
		// Nobody asks more than three at once.
		await (i < 2 ? here.asker : there.reader).persist('qa.ask', { question: id, talk, text: `Voted on from both sides ${i}` });
		await t.instance.pg.sql('plenum_owner', 'plenum', "update question set created = created - interval '1 minute'");
		await here.moderator.persist('qa.approve', { question: id, expect_version: 1, key: uuid() });
		many.push(id);
	}
	const voters = [here.asker, there.reader];
	for (let round = 0; round < 10; round++) {
		const value = (round + 1) % 2;
		for (const client of voters) client.log.length = 0;
		await Promise.all(many.flatMap((id) => voters.map((client) => client.persist('qa.vote', { question: id, value, seq: 10 + round }))));
		await Promise.all(many.flatMap((id) => voters.map((client) => client.waitTally(`talk:${talk}`, id, 2 * value))));
	}
});

test('on stage, answered, and the stage is free again', async () => {
	const staged = await here.moderator.write('qa.stage', { question, expect_version: 2 });
	assert.equal(staged.state, 'on_stage');
	const shown = await there.stage.waitEvent(`stage:${t.access.room}`, 'question.staged', ({ question: on }) => on?.id === question);
	assert.equal(shown.data.question.text, 'Who may see the raw data?');
	const answered = await here.moderator.write('qa.answer', { question, expect_version: staged.version });
	assert.equal(answered.state, 'answered');
	await there.stage.waitEvent(`stage:${t.access.room}`, 'question.staged', ({ question: on }) => on === null);
});

test('of two moderators with one version, one wins', async () => {
	const id = uuid();
	await here.asker.call('qa.ask', { question: id, talk, text: 'Two hands at once?' });
	const results = await Promise.allSettled([
		here.moderator.write('qa.approve', { question: id, expect_version: 1 }),
		there.moderator.write('qa.dismiss', { question: id, expect_version: 1, reason: 'off_topic' }),
	]);
	assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
	assert.equal(results.find(({ status }) => status === 'rejected').reason.fault, 'conflict');
});

test('what was dismissed never came to an attendee', async () => {
	const id = uuid();
	await here.asker.call('qa.ask', { question: id, talk, text: 'Buy my cheap pills' });
	await here.moderator.write('qa.dismiss', { question: id, expect_version: 1, reason: 'spam' });
	await there.moderator.waitEvent(`talk:${talk}:mod`, 'question.updated', (q) => q.id === id && q.state === 'dismissed');
	await new Promise((resolve) => setTimeout(resolve, 300));
	assert.ok(!JSON.stringify(there.reader.log).includes(id));
	const { questions } = await there.reader.call('qa.list', { talk });
	assert.ok(!questions.some((each) => each.id === id));
});

test('nobody saw a gap or a duplicate', () => {
	for (const client of [...Object.values(here), ...Object.values(there)]) assert.deepEqual(client.violations, []);
});

test('a look at the stages that a command holds up tells what the command made, not what it saw before', async () => {
	const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);
	const made = [];
	for (const text of ['Which one is next?', 'Which one is shown?', 'Which one was?']) {
		const id = uuid();
		const [[asker]] = await sql(`select id from person where conference = '${t.access.conference}' order by id desc limit 1`);
		await sql(`insert into question (id, conference, talk, person, text, state, version, asked_at, first_visible_at)
			values ('${id}', '${t.access.conference}', '${talk}', '${asker}', '${text}', 'approved', 2, now(), now());
			insert into tally (channel, key, value) select id, '${id}', 0 from channel where conference = '${t.access.conference}' and name = 'talk:${talk}'`);
		made.push(id);
	}
	await here.moderator.write('qa.stage', { question: made[2], expect_version: 2 });
	const command = sql(`select question_move('${t.access.conference}', '${here.moderator.hello.person.id}', '${uuid()}', '\\x00', '${made[1]}', 2, 'stage'); select pg_sleep(2)`);
	await new Promise((resolve) => setTimeout(resolve, 700));
	// Something to tell: another question is on top.
	await sql(`update tally set value = 1000 where key = '${made[0]}'; select due_stage(null, '')`);
	await command;
	const told = await sql(`select e.type, e.data #>> '{question,id}' from channel_event e join channel c on c.id = e.channel
		where c.conference = '${t.access.conference}' and c.name = 'stage:${t.access.room}' and e.type in ('question.staged', 'stage.changed') order by e.position`);
	const from = told.findIndex(([type, id]) => type === 'question.staged' && id === made[1]);
	assert.ok(from > 0);
	assert.deepEqual([...new Set(told.slice(from).map(([, id]) => id))], [made[1]]);
});
