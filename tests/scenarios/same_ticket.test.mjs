// scenario: T16: the same ticket at eight kiosks on several workers at once, hundreds of tickets: one entry each, every other kiosk is told
// where and when, and nothing goes wrong. TICKETS says how many (soak: 10,000).
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { SLUG } from '../../deploy/lib/seed.mjs';
import { demo } from '../support/instance.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';

const TICKETS = Number(process.env.TICKETS ?? 300);
const KIOSKS = 8;
const AT_ONCE = 20;

let t;
let kiosks;
let codes;

before(async () => {
	t = await demo({ workers: 3, limit: TICKETS > 1000 ? 3500 : 840 });
	const csv = path.join(t.instance.dir, 'many.csv');
	const emails = Array.from({ length: TICKETS }, (_, i) => `ticket${i}@example.org`);
	writeFileSync(csv, `email,name\n${emails.map((email, i) => `${email},Guest ${i}`).join('\n')}\n`);
	await t.instance.plenum(['import', 'people', csv, '--into', SLUG]);
	codes = [];
	// As many as a command line holds.
	for (let i = 0; i < TICKETS; i += 500) codes.push(...(await t.instance.call('people.codes', { emails: emails.slice(i, i + 500), limit: 500 }, SLUG)).codes.map(({ code }) => code));
	// Each with a login of its own: the budget of scans is a station's.
	kiosks = [];
	for (let i = 0; i < KIOSKS; i++) {
		const { token } = await t.instance.plenum(['kiosk', 'create', '--name', `Gate ${i + 1}`, '--kind', 'kiosk', '--list', t.access.list, '--into', SLUG, '--json']);
		kiosks.push(await connect(t.access, { token }));
	}
});
after(async () => {
	for (const kiosk of kiosks ?? []) kiosk.close();
	await t.stop();
});

// A station that is told to wait keeps the scan and brings it again: that is no error.
async function admit(kiosk, code) {
	const params = { list: t.access.list, code, scan_id: uuid(), direction: 'entry' };
	for (;;) {
		try {
			return await kiosk.call('checkin.admit', params);
		} catch (error) {
			if (!['limit.rate', 'busy'].includes(error.fault)) throw error;
			await sleep(error.data.retry_after_ms ?? 200);
		}
	}
}

test(`${TICKETS} tickets, each at ${KIOSKS} kiosks at once: one admission a ticket`, async () => {
	assert.equal(codes.length, TICKETS);
	for (let from = 0; from < TICKETS; from += AT_ONCE) {
		const part = codes.slice(from, from + AT_ONCE);
		const all = await Promise.all(part.map((code) => Promise.all(kiosks.map((kiosk) => admit(kiosk, code)))));
		all.forEach((verdicts, i) => {
			const admitted = verdicts.flatMap(({ verdict }, kiosk) => (verdict === 'admitted' ? [kiosk] : []));
			assert.equal(admitted.length, 1, `ticket ${from + i}`);
			for (const told of verdicts.filter((_, kiosk) => kiosk !== admitted[0])) {
				assert.equal(told.reason, 'duplicate');
				assert.equal(told.first.station, `Gate ${admitted[0] + 1}`);
				assert.match(told.first.at, /^2021-05-02T/);
			}
		});
	}
	const [[people, live]] = await t.instance.pg.sql('plenum_owner', 'plenum',
		`select count(distinct person), count(*) from admission where list = '${t.access.list}' and undone is null`);
	assert.equal(Number(people), TICKETS);
	assert.equal(Number(live), TICKETS);
});
