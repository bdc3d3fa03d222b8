// Files over POST /import/schedule: a sheet becomes a draft with a report a row; what cannot be read is refused by name and changes nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { TOP } from '../../deploy/lib/instance.mjs';
import { post, uuid } from '../support/client.mjs';
import { demo } from '../support/instance.mjs';

let t;
before(async () => {
	t = await demo({ workers: 1 });
});
after(() => t.stop());

const fixture = (name) => readFileSync(path.join(TOP, 'tests/fixtures/schedule', name));
const send = async (body, query = '', token = t.access.tokens.organiser) => {
	const response = await fetch(`${t.access.base}/import/schedule${query}`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
	return { status: response.status, body: await response.json().catch(() => null) };
};
const state = async () => JSON.stringify(await t.instance.pg.sql('plenum_owner', 'plenum',
	`select (select json_agg(s order by id) from slot s), (select json_agg(s order by id) from session s), (select json_agg(r order by id) from room r), (select count(*) from release)`));
const sheet = async () => (await fetch(`${t.access.base}/schedule.csv`)).text();

test('our own sheet changes nothing, a changed one is a draft with a diff', async () => {
	const before = await state();
	const csv = await sheet();
	assert.match(csv, /^\uFEFF?slot,guid,/);
	const same = await send(csv, '?publish=1');
	assert.equal(same.status, 200);
	assert.deepEqual([same.body.release, same.body.counts.slots_moved, same.body.counts.sessions_updated, same.body.counts.slots_cancelled], [null, 0, 0, 0]);
	assert.equal(await state(), before);
	const changed = csv.replace(',Opening,', ',The opening,').replace('2021-05-02T17:10:00+02:00', '2021-05-02T17:20:00+02:00');
	const dry = await send(changed, '?dry_run=1');
	assert.equal(dry.body.counts.sessions_updated, 1);
	assert.equal(await state(), before, 'a dry run leaves nothing');
	const reply = await send(changed);
	assert.equal(reply.body.release, null, 'nobody sees it yet');
	const preview = await post(t.access, 'release.preview', {}, { token: t.access.tokens.organiser });
	const kinds = preview.body.result.changes.filter(({ after }) => after && (after.title === 'The opening' || after.title === 'Closing' || /Whitepaper/.test(after.title)));
	assert.ok(kinds.some(({ after, change }) => after.title === 'The opening' && change === 'changed'), JSON.stringify(preview.body.result.changes));
	await send(csv);
});

test('refused by name, and nothing changed', async () => {
	const before = await state();
	const rows = 'title,room,start,end\n';
	const cases = [
		['UTF-16', Buffer.from(`\uFEFF${rows}A,Hall,x,y\n`, 'utf16le'), 'import.file', /UTF-16/],
		['Latin-1', Buffer.from(`${rows}L\u00e6ring,Sal,2021-05-02 09:00,2021-05-02 10:00\n`, 'latin1'), 'import.file', /line 2: not UTF-8/],
		['a billion laughs', fixture('billion_laughs.xml'), 'import.file', /DOCTYPE/],
		['an external entity', fixture('external_entity.xml'), 'import.file', /DOCTYPE/],
		['an external DTD', fixture('external_dtd.xml'), 'import.file', /DOCTYPE/],
		['not a schedule', 'hello', 'import.file', /./],
		['end before start', `${rows}A,Hall,2021-05-02 10:00,2021-05-02 09:00\n`, 'import.refused'],
		['a time that does not exist', `${rows}A,Hall,2021-03-28 02:30,2021-03-28 04:00\n`, 'import.refused'],
		['a time that is there twice', `${rows}A,Hall,2021-10-31 02:30,2021-10-31 04:00\n`, 'import.refused'],
		['a guid twice', fixture('duplicate_guid.json'), 'import.refused'],
	];
	for (const [name, body, fault, message] of cases) {
		const reply = await send(body);
		assert.ok(reply.status >= 400, name);
		assert.equal(reply.body.fault, fault, name);
		if (message) assert.match(reply.body.message, message, name);
	}
	assert.equal(await state(), before);
});

test('100 MB are not read', async () => {
	const before = await state();
	const status = await new Promise((resolve) => {
		const request = http.request(`${t.access.base}/import/schedule`, { method: 'POST', headers: { authorization: `Bearer ${t.access.tokens.organiser}`, 'content-length': 100 << 20 } });
		request.on('response', (response) => resolve(response.statusCode));
		request.on('error', () => resolve('closed'));
		const piece = Buffer.alloc(1 << 20, 'x');
		let sent = 0;
		const more = () => {
			while (sent++ < 100) if (!request.write(piece)) return request.once('drain', more);
			request.end();
		};
		more();
	});
	// The answer may come while we still send, and then our own end is a reset.
	assert.ok(status === 413 || status === 'closed', String(status));
	assert.equal(await state(), before);
	assert.equal((await fetch(`${t.access.base}/healthz`)).status, 200);
});

test('only an organiser', async () => {
	for (const who of ['moderator', 'desk']) assert.equal((await send('title,room,start,end\n', '', t.access.tokens[who])).status, 403, who);
	assert.equal((await send('x', '', uuid())).status, 401);
});
