// scenario: the print agent against a real CUPS: badges come out with the right name and size, wait while the printer is off, are never printed twice over a restart, and what nobody can know is called unknown.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { PrivateCups } from '../support/cups.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';

const TOP = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const skip = process.getuid() === 0 ? false : 'cupsd starts as root only';
// For a machine with ten times the work.
const WAIT = Number(process.env.PLENUM_PATIENCE || 120000);
let t;
let cups;
let desk;
let kiosk;
let agent;
let dir;

const sql = (text) => t.instance.pg.sql('plenum_owner', 'plenum', text);

function startAgent() {
	const child = spawn(path.join(TOP, 'deploy/print-agent'), ['--server', t.access.base, '--token-file', path.join(dir, 'token'), '--printer', 'Hall A', '--queue', 'Badge', '--cups', cups.socket,
		'--state', path.join(dir, 'state')], { stdio: ['ignore', 'pipe', 'pipe'] });
	child.said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (child.said += text));
	child.ended = new Promise((resolve) => child.once('exit', resolve));
	return child;
}

// A person of a name, registered.
async function person(name, organisation) {
	const [[id]] = await sql(`with p as (insert into person (conference, email, name, organisation) values ('${t.access.conference}', gen_random_uuid() || '@example.org', '${name}', ${organisation ? `'${organisation}'` : 'null'})
		returning id, conference), r as (insert into registration (person, conference) select id, conference from p) select id from p`);
	return id;
}

// Its first page as greys, one for each square of two and a half millimetres.
function picture(file) {
	const [width, height, side] = [900, 550, 25];
	const pgm = execFileSync('pdftoppm', ['-gray', '-scale-to-x', `${width}`, '-scale-to-y', `${height}`, '-f', '1', '-singlefile', file], { maxBuffer: 1 << 24, stdio: ['ignore', 'pipe', 'ignore'] });
	const dots = pgm.subarray(pgm.length - width * height);
	const squares = new Array((width / side) * (height / side)).fill(0);
	dots.forEach((grey, i) => (squares[Math.floor(i / width / side) * (width / side) + Math.floor((i % width) / side)] += grey / side / side));
	return squares;
}

// The job's event of that state, past or future.
const becomes = (job, state, more = () => true) => desk.wait((entry) => entry.kind === 'event' && entry.type === 'badge.changed' && entry.data.job.id === job && entry.data.job.state === state && more(entry.data.job), `${job} ${state}`, WAIT);
const printerSays = (match) => desk.wait((entry) => entry.kind === 'event' && entry.type === 'badge.printer' && match(entry.data.printer), 'the printer', WAIT);

before(async () => {
	if (skip) return;
	dir = mkdtempSync('/tmp/plenum-agent-');
	mkdirSync(path.join(dir, 'state'));
	[t, cups] = await Promise.all([demo(), new PrivateCups().start()]);
	const station = await t.instance.plenum(['kiosk', 'create', '--name', 'Printer of hall A', '--kind', 'kiosk', '--profile', 'print', '--into', 'favrholm', '--json']);
	writeFileSync(path.join(dir, 'token'), station.token, { mode: 0o600 });
	desk = await connect(t.access, 'desk');
	kiosk = await connect(t.access, 'kiosks 0');
	await desk.subscribe(['badge']);
	agent = startAgent();
	await printerSays((p) => p.ready);
});

after(async () => {
	if (skip) return;
	agent?.kill('SIGKILL');
	for (const client of [desk, kiosk]) client?.close();
	await cups?.stop();
	await t?.stop();
	rmSync(dir, { recursive: true, force: true });
});

test('a badge comes out of the printer with its name, on paper of its size, once', { skip }, async () => {
	const who = await person('Søren Ærø Østergård', 'Favrholm');
	const [one, two] = await Promise.all([desk.call('badge.print', { person: who }), desk.call('badge.print', { person: who })]);
	assert.equal(one.job, two.job);
	const { data } = await becomes(one.job, 'done');
	assert.equal(data.job.printer, 'Hall A');
	const files = cups.files(one.job);
	assert.equal(files.length, 1);
	const text = execFileSync('pdftotext', [cups.given(files[0]), '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
	for (const word of ['Søren', 'Ærø', 'Østergård', 'Favrholm']) assert.ok(text.includes(word), `${word} in ${text}`);
	for (const file of [cups.given(files[0]), files[0]]) {
		const [, width, height] = execFileSync('pdfinfo', [file], { encoding: 'utf8' }).match(/Page size:\s+([\d.]+) x ([\d.]+)/);
		assert.deepEqual([width, height].map((x) => Math.round((Number(x) / 72) * 25.4)), [90, 55]);
	}
	const [drawn, printed] = [cups.given(files[0]), files[0]].map(picture);
	const off = drawn.reduce((sum, grey, i) => sum + Math.abs(grey - (printed[i] ?? 255)), 0) / drawn.length;
	const ink = drawn.reduce((sum, grey) => sum + 255 - grey, 0) / drawn.length;
	assert.ok(off < 6 && ink > 20, `what came out is what was drawn: ${off.toFixed(2)} apart, a blank one would be ${ink.toFixed(2)}`);
});

test('a name that no font here can write is not printed as boxes', { skip }, async () => {
	const { job } = await desk.call('badge.print', { person: await person('山田 太郎') });
	const { data } = await becomes(job, 'failed');
	assert.match(data.job.error, /No font on this computer has the letter 山/);
	assert.deepEqual(cups.files(job), []);
});

test('A26 with the printer stopped a job waits and says why, nobody is kept out, and it is printed afterwards', { skip }, async () => {
	await cups.admin('cupsdisable', ['-r', 'Out of labels', 'Badge']);
	const { job } = await desk.call('badge.print', { person: await person('Waits Patiently') });
	await printerSays((p) => !p.ready && p.error.includes('Out of labels'));
	assert.deepEqual(await cups.waiting(), []);
	const { verdict } = await kiosk.call('checkin.admit', { list: t.access.list, code: t.access.codes[0], scan_id: uuid(), direction: 'entry' });
	assert.equal(verdict, 'admitted');
	const { jobs } = await desk.call('badge.list', { state: 'queued' });
	assert.deepEqual(jobs.map((j) => j.id), [job]);
	await cups.admin('cupsenable', ['Badge']);
	await becomes(job, 'done');
	assert.equal(cups.files(job).length, 1);
});

test('an agent that is killed while CUPS holds its job finds it again: one badge', { skip }, async () => {
	await cups.admin('lpadmin', ['-p', 'Badge', '-o', 'job-hold-until-default=indefinite']);
	const { job } = await desk.call('badge.print', { person: await person('Killed Meanwhile') });
	await cups.until(async () => (await cups.waiting()).length === 1, 'CUPS has the job');
	agent.kill('SIGKILL');
	await agent.ended;
	const [id] = await cups.waiting();
	agent = startAgent();
	// It is taken up again, not given a second time.
	await cups.until(() => agent.said.includes('connected'), 'the agent is back');
	await sleep(1500);
	assert.deepEqual(await cups.waiting(), [id]);
	await cups.admin('lp', ['-i', String(id), '-H', 'resume']);
	await becomes(job, 'done');
	assert.equal(cups.files(job).length, 1);
});

test('what CUPS has forgotten nobody can know: unknown, until a person decides', { skip }, async () => {
	const { job } = await desk.call('badge.print', { person: await person('Who Knows') });
	await cups.until(async () => (await cups.waiting()).length === 1, 'CUPS has the job');
	agent.kill('SIGKILL');
	await agent.ended;
	await cups.admin('cancel', ['-a', '-x', 'Badge']);
	agent = startAgent();
	await becomes(job, 'unknown');
	await cups.admin('lpadmin', ['-p', 'Badge', '-R', 'job-hold-until-default']);
	await desk.write('badge.settle', { job, state: 'queued' });
	await becomes(job, 'done');
	assert.equal(cups.files(job).length, 1);
});

test('a job cancelled at the printer failed, and says so; with a reason there is another', { skip }, async () => {
	await cups.admin('lpadmin', ['-p', 'Badge', '-o', 'job-hold-until-default=indefinite']);
	const who = await person('Cancelled Once');
	const { job } = await desk.call('badge.print', { person: who });
	await cups.until(async () => (await cups.waiting()).length === 1, 'CUPS has the job');
	await cups.admin('cancel', [`Badge-${(await cups.waiting())[0]}`]);
	const { data } = await becomes(job, 'failed');
	assert.match(data.job.error, /cancelled/);
	await cups.admin('lpadmin', ['-p', 'Badge', '-R', 'job-hold-until-default']);
	const again = await desk.write('badge.reprint', { person: who, reason: 'It was cancelled' });
	assert.equal(again.copy, 2);
	await becomes(again.job, 'done');
	assert.deepEqual([cups.files(job).length, cups.files(again.job).length], [0, 1]);
});

test('the gateway restarts: the agent comes back by itself and prints what came meanwhile', { skip }, async () => {
	const who = await person('After The Break');
	for (const pid of t.instance.workerPids()) process.kill(pid, 'SIGKILL');
	let again = null;
	await cups.until(async () => (again = await connect(t.access, 'desk').catch(() => null)) !== null, 'the gateway is back', WAIT);
	const { job } = await again.call('badge.print', { person: who });
	await cups.until(async () => (await sql(`select state from print_job where id = '${job}'`))[0][0] === 'done', 'printed', WAIT);
	assert.equal(cups.files(job).length, 1);
	again.close();
});

test('a station that is sent away stops: its token is good for nothing', { skip }, async () => {
	const [[station]] = await sql(`select id from station where name = 'Printer of hall A'`);
	const client = await connect(t.access, 'desk');
	await client.write('device.revoke', { station });
	assert.equal(await agent.ended, 1, agent.said.slice(-500));
	client.close();
});
