// tests/web/review_browser.mjs: an organiser sets criteria, gives abstracts out; a reviewer judges them on a phone and by keyboard
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { post } from '../support/client.mjs';
import { access, axe, close, complaints, lookAfter, page, shot, still, until, becomes } from './kit.mjs';

const { tokens, conference } = access;
const sql = (text) => execFileSync('psql', ['-qtAX', '-v', 'ON_ERROR_STOP=1', '-d', access.dsn, '-c', text], { encoding: 'utf8' }).trim();
const rpc = async (token, method, params = {}) => {
	const { body } = await post(access, method, params, { token });
	assert.ok(body.result, `${method}: ${JSON.stringify(body.error)}`);
	return body.result;
};
const write = (method, params) => rpc(tokens.organiser, method, { ...params, key: randomUUID() });
const open = {};
lookAfter(() => open);
after(close);

const LONG = 'Et meget langt navn på et abstract om lægemiddeludvikling, epidemiologiske registre og Donaudampfschifffahrtsgesellschaftskapitänswitwenrente i ét åndedrag';
const reviewer = (await rpc(tokens.reviewer, 'people.get')).person;
const tracks = sql(`select id from track where conference = '${conference}' order by ord, name`).split('\n');

/** Abstracts of people who have no account, as the call leaves them. */
function offer(n, title, affiliation) {
	const id = randomUUID();
	sql(`insert into abstract (id, conference, number, person, title, body, redacted, state, received)
		select '${id}', '${conference}', coalesce((select max(number) from abstract where conference = '${conference}'), 0) + 1, (select id from person where conference = '${conference}' and email = 'office@authors.example'),
			'${title}', 'We of the clinic have looked at ${n} registers.', E'We have looked at ${n} registers.\\n\\nAnd found what is there.', 'submitted', now();
		insert into abstract_author (conference, abstract, ord, name, affiliation, email, presents) values ('${conference}', '${id}', 1, 'Author No ${n}', '${affiliation}', 'author${n}@authors.example', true);
		insert into abstract_track (abstract, track) values ('${id}', '${tracks[n % tracks.length]}')`);
	return id;
}

test('nothing yet: both pages say so', async () => {
	sql(`delete from abstract where conference = '${conference}'`);
	const p = open.reviewer = await page('/review', { token: tokens.reviewer, width: 360, axe: true });
	await p.locator('.empty-title').waitFor();
	assert.deepEqual(await axe(p), []);
	await shot(p, 'review-none-360');
	// Said ahead, when nobody has handed in anything: the list is theirs, and says nothing of what there is.
	await p.getByLabel('Full name, as they write it').fill('Zoe Zorn');
	await p.getByRole('button', { name: 'Add to the list' }).click();
	await p.locator('.rv-named li').waitFor();
	await p.getByLabel('A place').check();
	await p.getByLabel('University, hospital or company').fill('The University');
	await p.keyboard.press('Enter');
	await p.locator('.rv-ahead .error', { hasText: 'That names nobody' }).waitFor();
	await p.getByLabel('University, hospital or company').fill(LONG);
	await p.keyboard.press('Enter');
	await p.locator('.rv-named li').nth(1).waitFor();
	assert.deepEqual(await axe(p), []);
	await shot(p, 'review-ahead-360', true);
	await p.getByRole('button', { name: `Take off ${LONG}` }).click();
	await p.locator('.rv-named li').nth(1).waitFor({ state: 'detached' });
	assert.equal(sql(`select string_agg(kind || ' ' || text, ',') from interest_ahead where conference = '${conference}'`), 'person Zoe Zorn');
	await p.context().close();
	const refused = await page('/review', { token: tokens.attendees[4], width: 360 });
	await refused.locator('.refusal').waitFor();
	await refused.context().close();
});

test('an organiser sets the criteria, names a reviewer and gives out what is missing', async () => {
	sql(`insert into person (conference, email, name) values ('${conference}', 'office@authors.example', 'The Office') on conflict do nothing`);
	for (let n = 1; n <= 4; n++) offer(n, n === 2 ? LONG : `Registers, part ${n}`, n === 4 ? 'Aarhus Universitet' : `University of Nowhere ${n}`);
	await write('reviewer.save', { email: 'rita@reviewers.example', name: 'Rita Reviewer', tracks: [] });
	const p = open.organiser = await page('/organise#/review', { token: tokens.organiser, axe: true });
	await p.locator('#rt-setup-h').waitFor();
	await shot(p, 'review-table-empty-1440');
	for (const [i, name] of ['Quality', 'Relevance to the day'].entries()) {
		await p.getByRole('button', { name: 'Add a criterion' }).click();
		await p.locator('.rt-criterion').nth(i).getByLabel('Name').fill(name);
	}
	await p.getByRole('button', { name: 'Add a criterion' }).click();
	await p.locator('.rt-criterion').nth(2).getByLabel('Name').fill('First time on a stage');
	await p.locator('.rt-criterion').nth(2).getByLabel('Weight').fill('');
	await p.getByLabel('Reviews until').fill('2021-05-20T12:00');
	await p.getByLabel('Reviews an abstract').fill('2');
	await p.locator('.rt-setup button[type=submit]').click();
	await until(async () => sql(`select count(*) from review_criterion where conference = '${conference}'`) === '3');
	// Somebody found by name becomes a reviewer; where they work is said.
	await p.locator('.staff-add input[type=text]').fill(reviewer.name);
	await p.getByRole('button', { name: `${reviewer.name} shall review` }).click();
	await p.getByLabel('Where they work').fill('Aarhus University');
	await p.locator('#rt-people-h + div form.editor button[type=submit]').click();
	await until(async () => sql(`select count(*) from reviewer where conference = '${conference}'`) === '2');
	await p.locator('.rt-pair', { hasText: 'same place' }).waitFor();
	await p.getByRole('button', { name: 'Give out what is missing' }).click();
	// Eight places; the one who works where an author does is not asked: one is missing.
	await p.getByText('7 given out. One review has no reviewer yet.').waitFor();
	assert.deepEqual(await axe(p), []);
	await p.getByRole('button', { name: LONG }).click();
	await still(p);
	await shot(p, 'review-table-1440', true);
	await p.context().close();
});

test('a reviewer on a phone: draft as typed, finish, the next one; what others think comes afterwards', async () => {
	const rita = sql(`select id from person where conference = '${conference}' and email = 'rita@reviewers.example'`);
	const first = sql(`select b.id from abstract b join review_assignment a on a.abstract = b.id and a.person = '${reviewer.id}' where b.conference = '${conference}' order by number limit 1`);
	const scores = Object.fromEntries(sql(`select id from review_criterion where conference = '${conference}'`).split('\n').map((id) => [id, 3]));
	sql(`with r as (insert into review (conference, abstract, person, state, to_committee, finished) values ('${conference}', '${first}', '${rita}', 'final', 'Rita says yes', now()) returning id)
		insert into review_score select r.id, c::uuid, 3 from r, unnest('{${Object.keys(scores)}}'::text[]) c`);
	const p = open.reviewer = await page('/review', { token: tokens.reviewer, width: 360, axe: true });
	await p.locator('.rv-list a').first().waitFor();
	assert.equal(await p.locator('.rv-list a').count(), 3);
	await shot(p, 'review-list-360', true);
	await p.getByRole('link', { name: /^Next/ }).click();
	await p.locator('.rv-text h2').waitFor();
	assert.doesNotMatch(await p.locator('.rv-text').innerText(), /clinic|Author No|Nowhere/);
	assert.doesNotMatch(await p.locator('main').innerText(), /Rita/);
	await p.locator('.rv-score').nth(0).getByLabel('4', { exact: true }).check();
	await p.getByLabel('To the authors').fill('Say how many registers.');
	await p.getByText('Saved as a draft.').waitFor();
	await becomes(async () => sql(`select state || ' ' || to_authors from review where abstract = '${first}' and person = '${reviewer.id}'`), 'draft Say how many registers.');
	// Not yet: two scores are missing, and it says which.
	await p.getByRole('button', { name: /Finish review/ }).click();
	await becomes(() => p.locator('.rv-lacks').count(), 2);
	assert.deepEqual(await axe(p), []);
	await shot(p, 'review-sheet-360', true);
	await p.locator('.rv-score').nth(1).getByLabel('5', { exact: true }).check();
	await p.locator('.rv-score').nth(2).getByLabel('1', { exact: true }).check();
	await p.getByRole('button', { name: /Finish review/ }).click();
	await p.getByText('Rita says yes').waitFor();
	assert.doesNotMatch(await p.locator('main').innerText(), /Rita Reviewer/);
	await p.locator('.rv-progress', { hasText: '1 of 3 finished' }).waitFor();
	await p.locator('.rv-end a', { hasText: 'Next' }).click();
	// The one before has no such button any more: not its part is opened.
	await p.getByRole('button', { name: /^Finish review/ }).waitFor();
	// This one is of somebody they know: it is given back, and the page goes on.
	await p.locator('summary', { hasText: 'I know an author' }).click();
	await p.getByRole('button', { name: 'Give it to somebody else' }).click();
	await p.locator('.rv-progress', { hasText: '1 of 2 finished' }).waitFor();
	await p.context().close();
});

test('by keyboard, in two windows, without a network, and when it is over', async () => {
	const p = open.reviewer = await page('/review', { token: tokens.reviewer, axe: true, theme: 'dark' });
	await p.locator('.rv-progress', { hasText: '1 of 2 finished' }).waitFor();
	await p.keyboard.press('n');
	await p.locator('.rv-form').waitFor();
	const id = (await p.url()).split('#/')[1];
	// From here on with the keys alone: each score by an arrow, then the words, then Ctrl and Enter.
	for (let i = 0; i < 3; i++) {
		await p.locator('.rv-score').nth(i).locator('input').first().focus();
		await p.keyboard.press('ArrowRight');
	}
	await p.getByText('Saved as a draft.').waitFor();
	// Another window was first.
	sql(`update review set version = version + 1, to_committee = 'from the other window' where abstract = '${id}' and person = '${reviewer.id}'`);
	await p.getByLabel('To the committee').fill('from here');
	await p.locator('.rv-against').waitFor();
	assert.deepEqual(await axe(p), []);
	await shot(p, 'review-against-1440-dark');
	await p.getByRole('button', { name: 'Go on with what is here' }).click();
	await becomes(async () => sql(`select to_committee from review where abstract = '${id}' and person = '${reviewer.id}'`), 'from here');
	await p.context().setOffline(true);
	await p.getByLabel('To the committee').fill('from here, on a train');
	await p.getByText('Kept on this device until the network is back.').waitFor();
	await p.context().setOffline(false);
	await becomes(async () => sql(`select to_committee from review where abstract = '${id}' and person = '${reviewer.id}'`), 'from here, on a train');
	// Finished while what was typed is on its way: neither is lost.
	const holds = spawn('psql', ['-qtAX', '-d', access.dsn], { stdio: ['pipe', 'pipe', 'inherit'] });
	holds.stdin.write(`begin; select 'held' from review where abstract = '${id}' and person = '${reviewer.id}' for update;\n`);
	await once(holds.stdout, 'data');
	await p.getByLabel('To the committee').fill('from here, in time');
	await until(async () => sql('select count(*) from pg_locks where not granted') !== '0');
	await p.keyboard.press('Control+Enter');
	holds.stdin.end('commit;\n');
	await p.getByText('All yours are finished. Thank you.').waitFor();
	await still(p);
	await shot(p, 'review-done-1440-dark');
	// One of the two is by somebody on the list from now on: it is no longer theirs.
	await p.locator('summary', { hasText: 'Whom I cannot judge' }).click();
	await p.getByLabel('Full name, as they write it').fill(sql(`select name from abstract_author where abstract = '${id}'`).toUpperCase());
	await p.keyboard.press('Enter');
	await p.locator('.rv-progress', { hasText: '1 of 1 finished' }).waitFor();
	await still(p);
	assert.deepEqual(await axe(p), []);
	await shot(p, 'review-ahead-1440-dark');
	// Removed while the page is open: it says so, once it asks again.
	await write('reviewer.remove', { person: reviewer.id, reviews: 'keep' });
	await p.locator('.refusal').waitFor();
	await p.context().close();
	assert.equal(sql(`select count(*) from review where person = '${reviewer.id}' and state = 'final'`), '2');
	assert.equal(sql(`select to_committee from review where abstract = '${id}' and person = '${reviewer.id}'`), 'from here, in time');
});

test('files: what is given out as pretalx has it comes back as it was', async () => {
	await write('reviewer.save', { person: reviewer.id, tracks: [] });
	const { text } = await rpc(tokens.organiser, 'review.export', { format: 'hotcrp' });
	const p = open.organiser = await page('/organise#/review', { token: tokens.organiser, width: 360, axe: true, lang: 'da-DK' });
	await p.locator('#rt-files-h').waitFor();
	await p.locator('.rt-file input').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(`${text}999,review,nobody@reviewers.example,primary\r\n`) });
	await p.locator('.rt-refused li').first().waitFor();
	await p.locator('.rt-ahead summary', { hasText: '2 linjer på bedømmernes egne lister' }).click();
	await p.locator('.rt-pair', { hasText: 'står på bedømmerens egen liste' }).waitFor();
	assert.match(await p.locator('.rt-refused').innerText(), /999 nobody@reviewers\.example: der er intet sådant abstract/);
	assert.deepEqual(await axe(p), []);
	await still(p);
	await shot(p, 'review-table-360', true);
	await p.context().close();
});

test('the pages had nothing to complain about', () => {
	assert.deepEqual(complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(c)), []);
});
