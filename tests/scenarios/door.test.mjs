// scenario: the door: however many kiosks ask at once, one admits, and every other one says where and when.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { connect, uuid } from '../support/client.mjs';

let t;
let kiosks;
let desk;

before(async () => {
	t = await demo();
	kiosks = await Promise.all(Array.from({ length: 12 }, (_, i) => connect(t.access, `kiosks ${i % 2}`)));
	desk = await connect(t.access, 'desk');
	await desk.subscribe([`list:${t.access.list}`]);
});
after(async () => {
	for (const client of [...kiosks, desk]) client.close();
	await t.stop();
});

const admit = (client, code, scan = uuid()) => client.call('checkin.admit', { list: t.access.list, code, scan_id: scan, direction: 'entry' });

test('one code, twelve sockets of two kiosks, at once: one admission', async () => {
	const results = await Promise.all(kiosks.map((kiosk) => admit(kiosk, t.access.codes[0])));
	assert.equal(results.filter(({ verdict }) => verdict === 'admitted').length, 1);
	for (const result of results.filter(({ verdict }) => verdict === 'refused')) {
		assert.equal(result.reason, 'duplicate');
		assert.match(result.first.station, /^Kiosk [AB]$/);
		assert.match(result.first.at, /^2021-05-02T/);
	}
	const [[admissions]] = await t.instance.pg.sql('plenum_owner', 'plenum', 'select count(*) from admission where undone is null');
	assert.equal(admissions, '1');
});

test('the same scan again is the same answer, from another kiosk or the same', async () => {
	const scan = uuid();
	const first = await admit(kiosks[0], t.access.codes[1], scan);
	assert.equal(first.verdict, 'admitted');
	const again = await admit(kiosks[0], t.access.codes[1], scan);
	assert.deepEqual({ ...again, positions: null }, { ...first, positions: null });
	const stats = await desk.call('checkin.stats', { list: t.access.list });
	assert.equal(stats.admitted, 2);
});

test('codes as people type them, and codes that are none', async () => {
	const typed = t.access.codes[2].toLowerCase().replace(/(.{4})/g, '$1-').replace(/-$/, '');
	assert.equal((await admit(kiosks[0], ` ${typed} `)).verdict, 'admitted');
	for (const code of ['', 'x', 'A'.repeat(20), 'https://example.org/', "'; select 1", '🎟'.repeat(10), 'A'.repeat(300)]) {
		const result = await admit(kiosks[0], code).catch((error) => ({ verdict: 'refused', reason: error.fault === 'bad_request' ? 'malformed' : error.fault }));
		assert.equal(result.verdict, 'refused', code);
		assert.ok(['malformed', 'unknown'].includes(result.reason), `${code}: ${result.reason}`);
	}
	const flipped = t.access.codes[3].replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
	assert.equal((await admit(kiosks[0], flipped)).verdict, 'refused');
});

test('undone by the desk, with a reason; then admitted again', async () => {
	const scan = uuid();
	assert.equal((await admit(kiosks[0], t.access.codes[4], scan)).verdict, 'admitted');
	await assert.rejects(kiosks[0].write('checkin.undo', { scan_id: scan, reason: 'wrong person' }), { fault: 'denied' });
	await desk.write('checkin.undo', { scan_id: scan, reason: 'wrong person' });
	await desk.waitEvent(`list:${t.access.list}`, 'scan.undone');
	await assert.rejects(desk.write('checkin.undo', { scan_id: scan, reason: 'again' }), { fault: 'checkin.undone' });
	assert.equal((await admit(kiosks[1], t.access.codes[4])).verdict, 'admitted');
});

test('everybody listening to the list heard every judgement, in order', () => {
	assert.deepEqual(desk.violations, []);
	assert.ok(desk.events(`list:${t.access.list}`).length >= 15);
});
