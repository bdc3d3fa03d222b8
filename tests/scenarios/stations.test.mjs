// scenario: stations at the door: what a snapshot gives away (A28), who is told of a ticket and when (A08, A37, A38), what a station may do (A27), how one is sent away (A29, T17), and an answer that dies with its worker (A03).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { Closed, auth, connect, connectAgain, post, sleep, uuid } from '../support/client.mjs';
import { workerOf } from '../support/workers.mjs';
import { fetchSnapshot, openBody, ticketOf } from '../support/snapshot.mjs';

let t;
let desk;
let organiser;
let people;
const [NOT_COME, INSIDE, REVOKED, SUPERSEDED] = [0, 1, 3, 4];

before(async () => {
	t = await demo();
	[desk, organiser] = await Promise.all([connect(t.access, 'desk', { reconnect: true }), connect(t.access, 'organiser', { reconnect: true })]);
	people = new Map(await t.instance.pg.sql('plenum_owner', 'plenum', `select email, id from person where conference = '${t.access.conference}'`));
});
after(async () => {
	for (const client of [desk, organiser]) client.close();
	await t.stop();
});

const person = (n) => people.get(`attendee${n}@example.org`);
const ticket = (code) => ticketOf(t.access.conference, code);
const admit = (client, code) => client.call('checkin.admit', { list: t.access.list, code, scan_id: uuid() });
const snapshot = (token = t.access.tokens.kiosks[0], options = {}) => fetchSnapshot(t.access, token, options);

const one = async (query) => (await t.instance.pg.sql('plenum_owner', 'plenum', query))[0]?.[0];
const until = async (holds) => {
	for (const end = Date.now() + 60000; !(await holds()); ) {
		assert.ok(Date.now() < end, String(holds));
		await sleep(50);
	}
};

test('A28: a stolen snapshot has nobody in it; a code opens its own row and no other', async () => {
	const { bytes, header, records } = await snapshot();
	const text = bytes.toString('latin1');
	for (const word of ['Attendee', 'attendee', 'example.org', ...t.access.codes]) assert.ok(!text.includes(word), word);
	const names = await t.instance.pg.sql('plenum_owner', 'plenum', `select name, door_name(name) from person where conference = '${t.access.conference}'`);
	for (const name of names.flat().filter((each) => each.length > 4)) assert.ok(!bytes.includes(name), name);
	assert.equal(header.count, records.size);
	const [first, second] = t.access.codes;
	const row = records.get(ticket(first));
	assert.deepEqual(openBody(row.body, t.access.conference, first), { n: 'Attendee 1.' });
	assert.deepEqual([row.status, row.at, row.station], [NOT_COME, 0, 65535]);
	assert.throws(() => openBody(row.body, t.access.conference, second), 'another code');
	assert.throws(() => openBody(row.body, t.access.conference, first, ticket(second)), 'the body of another row');
	for (let i = 0; i < row.body.length; i++) {
		const changed = Buffer.from(row.body);
		changed[i] ^= 1;
		assert.throws(() => openBody(changed, t.access.conference, first), `byte ${i}`);
	}
	// The codes of the import before: superseded, and nobody is in them.
	const old = [...records.values()].filter(({ status }) => status === SUPERSEDED);
	assert.equal(old.length, t.access.codes.length);
	assert.ok(old.every(({ body }) => body.length === 0));
});

test('who may have it, and that nobody keeps it on the way', async () => {
	const { tokens } = t.access;
	for (const token of [tokens.kiosks[1], tokens.stations.desk, tokens.stations.gate, tokens.desk, tokens.organiser]) {
		const { status, headers } = await snapshot(token);
		assert.equal(status, 200);
		assert.equal(headers.get('cache-control'), 'no-store');
		assert.equal(headers.get('content-type'), 'application/octet-stream');
	}
	for (const token of [tokens.stations.board, tokens.attendees[0], tokens.moderator]) assert.equal((await snapshot(token)).status, 403);
	for (const token of [null, 'x', `${tokens.kiosks[0].slice(0, -2)}AA`]) assert.equal((await snapshot(token)).status, 401);
	assert.equal((await snapshot(tokens.kiosks[0], { list: uuid() })).status, 403);
	assert.equal((await snapshot(tokens.desk, { list: uuid() })).status, 404);
	assert.equal((await snapshot(tokens.desk, { list: 'x' })).status, 400);
	assert.equal((await snapshot(tokens.desk, { since: 'yesterday' })).status, 400);
	assert.equal((await fetch(`${t.access.base}/snapshot/${t.access.list}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status, 405);
	const { body } = await post(t.access, 'snapshot.get', { list: t.access.list }, { token: tokens.desk });
	assert.equal(body.error.data.fault, 'not_found', 'over its own address only');
});

test('A08: a code that is revoked or replaced is news at every station, and refused', async () => {
	const kiosk = await connect(t.access, 'kiosks 0');
	const gate = await connect(t.access, 'stations gate');
	for (const client of [kiosk, gate]) await client.subscribe(['door']);
	const code = t.access.codes[1];
	await desk.write('entry_code.revoke', { person: person(2) });
	for (const client of [kiosk, gate]) await client.waitEvent('door', 'ticket.changed', (data) => data.ticket === ticket(code) && data.status === 'revoked');
	assert.deepEqual([await admit(kiosk, code)].map(({ verdict, reason }) => [verdict, reason]), [['refused', 'revoked']]);
	const as_of = (await snapshot()).header.as_of;
	assert.equal((await snapshot()).records.get(ticket(code)).status, REVOKED);
	const issued = await desk.write('entry_code.issue', { person: person(2), mail: true });
	assert.equal(issued.code.length, 20);
	await kiosk.waitEvent('door', 'ticket.changed', (data) => data.ticket === ticket(issued.code) && data.status === 'valid');
	await kiosk.waitEvent('door', 'ticket.changed', (data) => data.ticket === ticket(code) && data.status === 'superseded');
	const delta = await snapshot(t.access.tokens.kiosks[0], { since: as_of });
	assert.equal(delta.header.since, as_of);
	assert.equal(openBody(delta.records.get(ticket(issued.code)).body, t.access.conference, issued.code).n, 'Attendee 2.');
	assert.equal((await admit(kiosk, code)).reason, 'superseded');
	assert.equal((await admit(gate, issued.code)).verdict, 'admitted');
	const inside = (await snapshot()).records.get(ticket(issued.code));
	assert.equal(inside.status, INSIDE);
	assert.equal((await snapshot()).header.stations[inside.station], 'Gate 1');
	await assert.rejects(desk.write('entry_code.issue', { person: uuid() }), { fault: 'not_found' });
	for (const client of [kiosk, gate]) {
		assert.deepEqual(client.violations, []);
		client.close();
	}
});

test('the same issue again is the same code; the owner sees it, nobody else', async () => {
	const key = uuid();
	const first = await desk.call('entry_code.issue', { person: person(3), key });
	assert.equal((await desk.call('entry_code.issue', { person: person(3), key })).code, first.code);
	const owner = await connect(t.access, 'attendees 2');
	await owner.subscribe([`person:${person(3)}`]);
	const mine = await owner.call('entry_code.mine');
	assert.deepEqual([mine.state, mine.code, mine.name], ['valid', first.code, 'Attendee 3']);
	const stored = await t.instance.pg.sql('plenum_owner', 'plenum', `select count(*) from reply where body like '%${first.code}%'
		union all select count(*) from outbox where body like '%${first.code}%' union all select count(*) from entry_code e where e::text like '%${first.code}%'`);
	assert.deepEqual(stored.flat().map(Number), [0, 0, 0], 'in the clear nowhere');
	await desk.write('entry_code.revoke', { person: person(3) });
	await owner.waitEvent(`person:${person(3)}`, 'code.changed');
	assert.equal((await owner.call('entry_code.mine')).state, 'revoked');
	assert.equal((await desk.write('entry_code.revoke', { person: person(3) })).noop, true);
	for (const method of ['entry_code.issue', 'entry_code.revoke']) await assert.rejects(owner.write(method, { person: person(4) }), { fault: 'denied' });
	owner.close();
});

test('A38: a station that missed something learns it from the next ping, and gets exactly that', async () => {
	const kiosk = await connect(t.access, 'kiosks 0');
	const { door } = await kiosk.subscribe(['door']);
	await desk.write('entry_code.issue', { person: person(5) });
	await kiosk.waitEvent('door', 'ticket.changed');
	const heard = kiosk.events('door');
	const { heads } = await kiosk.wait(({ kind, heads: all }) => kind === 'ping' && all.door >= heard.at(-1).position, 'a ping with the head of door', 60000);
	assert.ok(heads.door > door.position, 'whoever stood where it was before sees that it is behind');
	const again = await connect(t.access, 'kiosks 0');
	const reply = (await again.subscribe(['door'], { since: { epoch: door.epoch, position: door.position } })).door;
	assert.equal(reply.snapshot, undefined);
	assert.deepEqual(reply.events.map(({ position, data }) => [position, data.ticket]).slice(0, heard.length), heard.map(({ position, data }) => [position, data.ticket]));
	for (const client of [kiosk, again]) client.close();
});

test('A37: the gateway goes and comes back: stations carry on where they were, without loading everything again', async () => {
	const stations = await Promise.all(['kiosks 0', 'kiosks 1', 'stations gate'].map((who) => connect(t.access, who, { reconnect: true })));
	for (const client of stations) await client.subscribe(['door', `list:${t.access.list}`]);
	const known = stations.map((client) => client.log.length);
	const since = (await snapshot()).header.positions;
	await t.instance.stopGateway();
	// While nobody serves: what the desk does in the meantime on another host.
	await t.instance.call('entry_code.revoke', { person: person(6), key: uuid() }, t.access.slug);
	await t.instance.startGateway();
	for (const [i, client] of stations.entries()) {
		await client.waitEvent('door', 'ticket.changed', (data) => data.ticket === ticket(t.access.codes[5]) && data.status === 'revoked', 60000);
		assert.deepEqual(client.log.slice(known[i]).filter(({ kind }) => kind === 'snapshot'), [], 'by position');
		assert.deepEqual(client.violations, []);
		client.close();
	}
	// From the positions of the snapshot it goes on as well.
	const late = await connect(t.access, 'kiosks 1');
	const replies = await late.subscribe([{ name: 'door', since: since.door }, { name: `list:${t.access.list}`, since: since.list }]);
	for (const reply of Object.values(replies)) assert.equal(reply.snapshot, undefined);
	assert.ok(replies.door.events.some(({ data }) => data.ticket === ticket(t.access.codes[5])));
	late.close();
	await until(() => desk.opens > 1 && organiser.opens > 1);
});

test('A27: a self-service kiosk searches, lists, exports, issues nothing; a gate and a board less', async () => {
	const refused = [['people.find', { text: 'Attendee' }], ['people.import', { rows: [], key: uuid() }], ['device.list', {}], ['conflict.list', {}], ['station.board', {}],
		['entry_code.issue', { person: person(7), key: uuid() }], ['login.issue', { person: person(7), key: uuid() }], ['device.confirm', { user_code: 'BBBBBBBB', name: 'x', key: uuid() }],
		['station.pin', { station: uuid(), pin: '1234', key: uuid() }], ['qa.ask', { question: uuid(), talk: t.access.talk, text: 'x' }]];
	for (const who of ['kiosks 0', 'stations gate']) {
		const client = await connect(t.access, who);
		for (const [method, params] of refused) await assert.rejects(client.call(method, params), { fault: 'denied' }, `${who}: ${method}`);
		for (const method of ['people.export', 'people.codes']) await assert.rejects(client.call(method, {}), { fault: 'not_found' }, 'from the command line only');
		client.close();
	}
	const board = await connect(t.access, 'stations board');
	const { stations, lists } = await board.call('station.board');
	assert.deepEqual(stations.map(({ name, profile }) => [name, profile]).filter(([name]) => /^(Desk|Gate|Board)/.test(name)).sort(), [['Board', 'board'], ['Desk 1', 'desk'], ['Gate 1', 'gate']]);
	assert.ok(lists.length > 0);
	await assert.rejects(admit(board, t.access.codes[8]), { fault: 'denied' });
	const reply = await board.subscribe(['door', `list:${t.access.list}`]);
	assert.deepEqual(Object.values(reply).map(({ fault }) => fault), ['denied', 'denied']);
	assert.equal((await board.subscribe(['notice:all']))['notice:all'].fault, undefined);
	board.close();
});

test('T17: who guesses finds nothing; who is paired elsewhere sees nothing here', async () => {
	const shown = await auth(t.access, 'device', { kind: 'kiosk' });
	assert.equal(shown.status, 200);
	// 20^8 codes that live for ten minutes, for staff at twenty tries a second: 12,000 tries of 25 thousand million.
	const letters = 'BCDFGHJKLMNPQRSTVWXZ';
	const guess = () => Array.from({ length: 8 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
	const tries = await Promise.allSettled(Array.from({ length: 60 }, () => desk.write('device.confirm', { user_code: guess(), name: 'Guess' })));
	assert.ok(tries.every(({ status, reason }) => status === 'rejected' && ['auth.code', 'limit.rate', 'busy'].includes(reason.fault)));
	const polls = await Promise.all(Array.from({ length: 300 }, () => auth(t.access, 'device/poll', { device_code: Array.from({ length: 32 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(Math.random() * 32)]).join('') })));
	assert.ok(polls.every(({ status, body }) => status >= 400 && !body.token));
	await t.instance.plenum(['conference', 'create', 'elsewhere', '--title', 'Elsewhere', '--zone', 'UTC', '--starts', '2021-05-02', '--ends', '2021-05-02']);
	const list = (await t.instance.plenum(['list', 'create', '--name', 'Main door', '--into', 'elsewhere', '--json'])).list;
	const { token } = await t.instance.plenum(['kiosk', 'create', '--name', 'Elsewhere', '--list', list, '--into', 'elsewhere', '--json']);
	const other = await connect(t.access, { token });
	await assert.rejects(admit(other, t.access.codes[8]), (error) => ['denied', 'not_found'].includes(error.fault));
	assert.equal((await other.call('checkin.admit', { list, code: t.access.codes[8], scan_id: uuid() })).verdict, 'refused');
	const replies = await other.subscribe([`list:${t.access.list}`, `station:${uuid()}`, 'door']);
	assert.deepEqual([replies[`list:${t.access.list}`].fault, Object.values(replies)[1].fault, replies.door.fault], ['denied', 'denied', undefined]);
	assert.equal((await snapshot(token)).status, 403);
	assert.equal((await snapshot(token, { list })).header.count, 0);
	await desk.write('entry_code.issue', { person: person(9) });
	await desk.call('checkin.stats', { list: t.access.list });
	assert.deepEqual(other.events('door'), []);
	other.close();
});

test('A29: a station that is sent away is closed, and 401 from then on', async () => {
	const { token } = await t.instance.plenum(['kiosk', 'create', '--name', 'Lost', '--list', t.access.list, '--into', t.access.slug, '--json']);
	const lost = await connect(t.access, { token });
	const stream = await fetch(`${t.access.base}/events?channels=${encodeURIComponent('[{"name":"door"}]')}`, { headers: { authorization: `Bearer ${token}` } });
	const streamed = stream.body.getReader();
	await streamed.read();
	await lost.call('station.heartbeat', { boot_id: uuid(), sent_at: '2021-05-02T07:00:00Z', queue: 0 });
	assert.equal((await snapshot(token)).status, 200);
	await desk.write('device.revoke', { station: lost.hello.station.id });
	assert.equal(await lost.waitClose(), 4451);
	for (let part = { done: false }; !part.done; ) part = await streamed.read().catch(() => ({ done: true }));
	assert.equal((await snapshot(token)).status, 401);
	assert.equal((await post(t.access, 'checkin.stats', { list: t.access.list }, { token })).status, 401);
	await assert.rejects(connect(t.access, { token }), (error) => ['auth.required', 'auth.expired'].includes(error.fault));
	assert.ok(!(await organiser.call('station.board')).stations.some(({ name }) => name === 'Lost'));
});

test('A03: the worker is killed between commit and answer: asked again, it is the same verdict', async () => {
	const kiosk = await connect(t.access, 'kiosks 0');
	const params = { list: t.access.list, code: t.access.codes[9], scan_id: uuid() };
	const worker = workerOf(t.instance, kiosk);
	assert.ok(worker > 0);
	// Somebody holds what the statement needs; the worker is stopped while it waits; then the statement goes through without it.
	const holder = spawn('psql', ['-X', '-q', '-d', t.access.dsn], { stdio: ['pipe', 'pipe', 'inherit'] });
	holder.stdin.end(`begin; lock table admission in exclusive mode;
\\! echo held
do $$ begin while not exists (select from pg_locks where relation = 'admission'::regclass and not granted) loop perform pg_sleep(0.01); end loop; end $$;
\\! kill -STOP ${worker}
commit;
`);
	const ended = new Promise((resolve) => holder.on('exit', resolve));
	await new Promise((resolve) => holder.stdout.once('data', resolve));
	const answer = kiosk.call('checkin.admit', params).then((result) => ({ result }), (error) => ({ error }));
	assert.equal(await ended, 0);
	await until(async () => (await one(`select count(*) from scan where scan_id = '${params.scan_id}'`)) === '1');
	process.kill(worker, 'SIGKILL');
	assert.ok((await answer).error instanceof Closed, 'no answer came');
	const again = await connectAgain(t.access, 'kiosks 0');
	const result = await again.persist('checkin.admit', params);
	assert.equal(result.verdict, 'admitted');
	assert.deepEqual(await again.call('checkin.admit', params), result);
	assert.equal(await one(`select count(*) from admission where scan = '${params.scan_id}' and undone is null`), '1');
	const other = await connectAgain(t.access, 'kiosks 1');
	assert.equal((await admit(other, t.access.codes[9])).reason, 'duplicate');
	for (const client of [again, other]) client.close();
});
