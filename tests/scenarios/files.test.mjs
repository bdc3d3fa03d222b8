// scenario: slides and posters on their way to the disk: cut and resumed, two at once, too big, of the wrong kind, onto a full disk, under a worker that is killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { sleep, uuid } from '../support/client.mjs';
import { childrenOf } from '../../deploy/lib/instance.mjs';
import { demo } from '../support/instance.mjs';
import { Tus, pdf } from '../support/tus.mjs';

const MIB = 1 << 20;
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');

let t;
let talk;
let speaker;
let other;
let organiser;
let abstract;
let presenter;
const sql = async (text) => String(await t.instance.pg.sql('plenum_owner', 'plenum', text));
const token = async (role, email) => (await t.instance.plenum(['token', '--role', role, '--email', email, '--into', t.access.slug, '--json'])).token;
const onDisk = (id) => path.join(t.instance.filesDir, id.slice(0, 2), id);

async function until(what, holds) {
	for (let i = 0; i < 3000; i++) {
		if (await holds()) return;
		await sleep(50);
	}
	assert.fail(what);
}

before(async () => {
	t = await demo();
	const { conference } = t.access;
	talk = (await sql(`select id from talk where conference = '${conference}' order by ord, id limit 1`)).trim();
	speaker = new Tus(t.instance.base, await token('speaker', 'slides@example.org'));
	other = new Tus(t.instance.base, t.access.tokens.attendees[3]);
	organiser = new Tus(t.instance.base, t.access.tokens.organiser);
	await sql(`with s as (insert into speaker (conference, guid, name, person) select conference, 'slides', name, id from person where email = 'slides@example.org' returning id)
		insert into talk_speaker (talk, speaker, ord) select '${talk}', id, 9 from s`);
	await token('attendee', 'poster@example.org');
	presenter = new Tus(t.instance.base, await token('attendee', 'poster@example.org'));
	abstract = (await sql(`insert into abstract (conference, number, person, title, state, received, outcome, decided)
		select conference, 901, id, 'A poster', 'submitted', now(), 'poster', now() from person where email = 'poster@example.org' returning id`)).trim().split('\n')[0];
});
after(() => t.stop());

test('what is spoken is told to whoever asks, and other versions are refused', async () => {
	const options = await speaker.send('OPTIONS', '/files', {}, null, { version: null });
	assert.equal(options.status, 204);
	assert.equal(options.headers['tus-version'], '1.0.0');
	assert.match(options.headers['tus-extension'], /creation/);
	assert.equal((await speaker.send('POST', '/files', { 'upload-length': 5 }, null, { version: '0.2.2' })).status, 412);
});

test('slides in pieces: each is on the disk when it is acknowledged, and the whole is what was sent', async () => {
	const bytes = pdf(3 * MIB + 12345);
	const made = await speaker.create({ subject: talk, size: bytes.length, name: 'Ærlig tale "1".pdf' });
	assert.equal(made.status, 201);
	assert.equal(made.headers.location, `/files/${made.id}`);
	assert.equal(made.headers['tus-resumable'], '1.0.0');
	assert.ok(Date.parse(made.headers['upload-expires']) > Date.now());
	for (let at = 0; at < bytes.length; at += MIB) {
		const answer = await speaker.patch(made.id, at, bytes.subarray(at, at + MIB));
		assert.equal(answer.status, 204);
		assert.equal(Number(answer.headers['upload-offset']), Math.min(at + MIB, bytes.length));
		assert.deepEqual(readFileSync(onDisk(made.id)).subarray(at, at + MIB), bytes.subarray(at, at + MIB));
	}
	assert.equal((await sql(`select state || ' ' || type || ' ' || encode(sha256, 'hex') from file where id = '${made.id}'`)).trim(), `ready application/pdf ${sha(bytes)}`);
	const got = await speaker.get(made.id);
	assert.equal(got.status, 200);
	assert.deepEqual(got.bytes, bytes);
	assert.match(got.headers['content-disposition'], /^attachment; filename="[^"]*"; filename\*=UTF-8''%C3%86rlig%20tale%20%221%22\.pdf$/);
	assert.equal(got.headers['x-content-type-options'], 'nosniff');
	assert.match(got.headers['cache-control'], /private, no-store/);
	assert.match(got.headers['content-security-policy'], /sandbox/);

	const part = await speaker.get(made.id, { range: `bytes=${MIB}-${MIB + 99}` });
	assert.equal(part.status, 206);
	assert.deepEqual(part.bytes, bytes.subarray(MIB, MIB + 100));
	assert.equal(part.headers['content-range'], `bytes ${MIB}-${MIB + 99}/${bytes.length}`);
	assert.deepEqual((await speaker.get(made.id, { range: 'bytes=-10' })).bytes, bytes.subarray(-10));
	assert.equal((await speaker.get(made.id, { range: `bytes=${bytes.length}-` })).status, 416);
	assert.equal((await speaker.get(made.id, { range: 'bytes=5-9', 'if-range': '"another"' })).status, 200);
	assert.equal((await speaker.send('HEAD', `/files/${made.id}`, {}, null, { version: null })).bytes.length, 0);

	// Its owner, organisers; others once it is shared; strangers never.
	assert.equal((await organiser.get(made.id)).status, 200);
	assert.equal((await other.get(made.id)).fault, 'denied');
	assert.equal((await new Tus(t.instance.base, null).get(made.id)).status, 401);
	const person = (await sql(`select id from person where email = 'slides@example.org'`)).trim();
	await t.instance.call('file.share', { file: made.id, value: true, key: uuid() }, t.access.slug, person);
	assert.equal((await other.get(made.id)).status, 200);
	assert.equal((await new Tus(t.instance.base, null).get(made.id)).status, 401);
});

test('announced twice it is one upload; another with its id is refused', async () => {
	const id = uuid();
	assert.equal((await speaker.create({ id, subject: talk, size: 500 })).status, 201);
	assert.equal((await speaker.create({ id, subject: talk, size: 500 })).status, 201);
	assert.equal((await speaker.create({ id, subject: talk, size: 501 })).fault, 'conflict');
	assert.equal((await sql(`select count(*) from file where id = '${id}'`)).trim(), '1');
	assert.equal((await other.offset(id)), -404);
	assert.equal((await other.patch(id, 0, Buffer.alloc(10))).status, 404);
	assert.equal((await other.create({ subject: talk, size: 500 })).fault, 'denied');
	await sql(`delete from file where id = '${id}'`);
});

test('2 GB are refused when they are announced, and more bytes than announced when they come', async () => {
	const big = await speaker.create({ subject: talk, size: 2 ** 31 });
	assert.equal(big.status, 413);
	assert.equal(big.fault, 'file.too_big');
	assert.equal((await presenter.create({ kind: 'poster', subject: abstract, size: 20 * MIB + 1 })).fault, 'file.too_big');
	const made = await speaker.create({ subject: talk, size: 1000 });
	const over = await speaker.patch(made.id, 0, pdf(1001));
	assert.equal(over.status, 413);
	assert.equal(over.fault, 'file.overflow');
	assert.equal(await speaker.offset(made.id), 0);
	const long = await speaker.patch(made.id, 0, Buffer.alloc(MIB + 1)).catch((error) => error);
	assert.ok(long instanceof Error || long.status === 413);
	assert.equal(await speaker.offset(made.id), 0);
	await sql(`delete from file where id = '${made.id}'`);
});

test('a line that is cut in the middle of a piece loses nothing that was acknowledged, and goes on', async () => {
	const bytes = pdf(2 * MIB + 777);
	const made = await speaker.create({ subject: talk, size: bytes.length });
	assert.equal((await speaker.patch(made.id, 0, bytes.subarray(0, MIB))).status, 204);
	await assert.rejects(speaker.patch(made.id, MIB, bytes.subarray(MIB, 2 * MIB), { cut: 300000 }));
	// What had come of the piece is kept when the gateway notices.
	let at = 0;
	await until('the cut piece is kept', async () => (at = await speaker.offset(made.id)) > MIB);
	assert.ok(at <= MIB + 300000);
	const stale = await speaker.patch(made.id, MIB, bytes.subarray(MIB, MIB + 10));
	assert.equal(stale.status, 409);
	assert.equal(stale.fault, 'conflict');
	for (; at < bytes.length; at = await speaker.offset(made.id)) assert.equal((await speaker.patch(made.id, at, bytes.subarray(at, at + MIB))).status, 204);
	assert.deepEqual((await speaker.get(made.id)).bytes, bytes);
	await sql(`delete from file where id = '${made.id}'`);
});

test('of two that write the same piece at once one wins, and the file is whole', async () => {
	const bytes = pdf(3 * MIB);
	const made = await speaker.create({ subject: talk, size: bytes.length });
	for (let at = 0; at < bytes.length; at += MIB) {
		const answers = await Promise.all([0, 1, 2].map(() => speaker.patch(made.id, at, bytes.subarray(at, at + MIB))));
		assert.equal(answers.filter(({ status }) => status === 204).length, 1, answers.map(({ status }) => status).join());
		for (const { status, fault } of answers) if (status !== 204) assert.ok((status === 409 && fault === 'conflict') || (status === 423 && fault === 'file.locked') || fault === 'busy', `${status} ${fault}`);
	}
	assert.deepEqual((await speaker.get(made.id)).bytes, bytes);
	await sql(`delete from file where id = '${made.id}'`);
});

test('an executable that calls itself a PDF is refused by name, and its bytes go', async () => {
	const program = readFileSync(process.execPath).subarray(0, 200000);
	const answer = await presenter.upload(program, { kind: 'poster', subject: abstract, name: 'poster.pdf' });
	assert.equal(answer.status, 415);
	assert.equal(answer.fault, 'file.type');
	await until('its bytes are gone', () => !existsSync(onDisk(answer.id)));
	assert.equal((await presenter.send('HEAD', `/files/${answer.id}`)).status, 410);
	assert.equal((await presenter.create({ kind: 'poster', subject: abstract, name: 'poster.exe', size: 1000 })).fault, 'file.type');
	assert.equal((await presenter.create({ kind: 'poster', subject: abstract, name: 'poster.pptx', size: 1000 })).fault, 'file.type');
	// Nor is it slides: a zip with anything in it is no presentation.
	const zip = Buffer.concat([Buffer.from('504b03041400000000000000000000000000000000000000000005000000', 'hex'), Buffer.from('a.exe'), Buffer.alloc(500)]);
	assert.equal((await speaker.upload(zip, { subject: talk, name: 'talk.pptx' })).fault, 'file.type');
});

test('a new poster takes the place of the one before, whose bytes go', async () => {
	const first = await presenter.upload(pdf(5000), { kind: 'poster', subject: abstract });
	const second = await presenter.upload(pdf(6000), { kind: 'poster', subject: abstract });
	assert.equal(second.status, 204);
	assert.equal((await presenter.get(first.id)).status, 404);
	assert.equal((await presenter.get(second.id)).bytes.length, 6000);
	await until('the old bytes are gone', () => !existsSync(onDisk(first.id)));
	assert.equal((await other.get(second.id)).fault, 'denied');
	await sql(`insert into book (conference, posters) values ('${t.access.conference}', true) on conflict (conference) do update set posters = true`);
	assert.equal((await other.get(second.id)).status, 200);
});

test('a worker killed in the middle of an upload loses nothing that was acknowledged', async () => {
	const bytes = pdf(12 * MIB);
	const made = await speaker.create({ subject: talk, size: bytes.length });
	let kills = 0;
	for (let at = 0; at < bytes.length;) {
		const piece = speaker.patch(made.id, at, bytes.subarray(at, at + MIB)).catch(() => null);
		if (at >= 2 * MIB && kills < 3 && at % (3 * MIB) === 2 * MIB) {
			kills++;
			for (const pid of childrenOf(t.instance.gateway.pid)) process.kill(pid, 'SIGKILL');
		}
		const answer = await piece;
		const acknowledged = answer?.status === 204 ? Number(answer.headers['upload-offset']) : at;
		let now = -1;
		await until('a worker answers again', async () => (now = await speaker.offset(made.id).catch(() => -1)) >= 0);
		assert.ok(now >= acknowledged, `${now} of ${acknowledged} that were acknowledged`);
		at = now;
	}
	assert.equal(kills, 3);
	assert.deepEqual((await speaker.get(made.id)).bytes, bytes);
	await sql(`delete from file where id = '${made.id}'`);
});

test('a full disk is a refusal by name: what was acknowledged stays, and the upload goes on when there is room', { skip: process.getuid() !== 0 && 'only root may mount a small disk' }, async () => {
	// What the other disk has goes first: from the small one nobody could take it away.
	await sql('delete from file');
	await until('nothing is left to sweep', async () => (await sql('select count(*) from file_waste')) === '0');
	const small = path.join(t.instance.dir, 'small');
	mkdirSync(small);
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'plenum-test', small]);
	try {
		await t.instance.stopGateway();
		t.instance.filesDir = small;
		t.instance.writeConfig();
		await t.instance.startGateway();
		const [first, second] = [pdf(5 * MIB), pdf(4 * MIB)];
		const one = await speaker.create({ subject: talk, size: first.length });
		const two = await presenter.create({ kind: 'poster', subject: abstract, size: second.length });
		assert.equal(two.status, 201);
		assert.equal((await speaker.create({ subject: talk, size: 50 * MIB })).fault, 'file.no_space');
		for (let at = 0; at < first.length; at += MIB) assert.equal((await speaker.patch(one.id, at, first.subarray(at, at + MIB))).status, 204);
		let at = 0;
		let answer;
		while ((answer = await presenter.patch(two.id, at, second.subarray(at, at + MIB))).status === 204) at += MIB;
		assert.equal(answer.status, 507);
		assert.equal(answer.fault, 'file.no_space');
		assert.equal(await presenter.offset(two.id), at);
		assert.ok(at > 0 && at < second.length);
		const person = (await sql(`select id from person where email = 'slides@example.org'`)).trim();
		await t.instance.call('file.remove', { file: one.id, key: uuid() }, t.access.slug, person);
		await until('the bytes of the removed one are gone', () => !existsSync(onDisk(one.id)));
		for (; at < second.length; at += MIB) assert.equal((await presenter.patch(two.id, at, second.subarray(at, at + MIB))).status, 204);
		assert.deepEqual((await presenter.get(two.id)).bytes, second);
	} finally {
		await t.instance.stopGateway();
		execFileSync('umount', [small]);
		await sql('delete from file');
		t.instance.filesDir = path.join(t.instance.dir, 'files');
		t.instance.writeConfig();
		await t.instance.startGateway();
	}
});

test('an upload nobody goes on with, and the files of somebody who is erased, leave the disk', async () => {
	const left = await speaker.create({ subject: talk, size: 5000 });
	await speaker.patch(left.id, 0, pdf(5000).subarray(0, 2000));
	const kept = await speaker.upload(pdf(3000), { subject: talk });
	await sql(`update file set touched = now() - interval '25 hours' where id = '${left.id}'`);
	// A sweep that is under way did not see it, and says itself when the next one is.
	await until('the unfinished one is gone', async () => {
		await sql("update due set at = now() where kind = 'files' and at > now() + interval '1 minute'");
		return !existsSync(onDisk(left.id));
	});
	assert.ok(existsSync(onDisk(kept.id)));
	assert.equal(await speaker.offset(left.id), -404);
	await sql(`delete from person where email = 'slides@example.org'`);
	await until('the file of who is gone', () => !existsSync(onDisk(kept.id)));
	await until('what is on the disk is what has a row', async () => {
		const ids = readdirSync(t.instance.filesDir).flatMap((sub) => readdirSync(path.join(t.instance.filesDir, sub)));
		return ids.sort().join() === (await sql('select id from file order by id'));
	});
});
