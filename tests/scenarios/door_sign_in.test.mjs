// scenario: the door signs people in: 250 of them from one address, each with a code that works once; then it is their session.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { SLUG } from '../../deploy/lib/seed.mjs';
import { demo } from '../support/instance.mjs';
import { auth, connect, sleep, uuid } from '../support/client.mjs';

const PEOPLE = 250;
let t;
let kiosks;
let codes;

before(async () => {
	t = await demo();
	const csv = path.join(t.instance.dir, 'many.csv');
	const emails = Array.from({ length: PEOPLE }, (_, i) => `guest${i}@example.org`);
	writeFileSync(csv, `email,name\n${emails.map((email, i) => `${email},Guest Number${i}`).join('\n')}\n`);
	await t.instance.plenum(['import', 'people', csv, '--into', SLUG]);
	codes = (await t.instance.call('people.codes', { emails, limit: PEOPLE }, SLUG)).codes.map(({ code }) => code);
	kiosks = await Promise.all([0, 1].map((i) => connect(t.access, `kiosks ${i}`)));
});
after(async () => {
	for (const kiosk of kiosks ?? []) kiosk.close();
	await t.stop();
});

async function patient(kiosk, method, params) {
	for (;;) {
		try {
			return await kiosk.call(method, params);
		} catch (error) {
			if (!['limit.rate', 'busy'].includes(error.fault)) throw error;
			await sleep(error.data.retry_after_ms ?? 200);
		}
	}
}

// Admitted, shown a token, signed in by it from the one address that all tests have: who comes late is told so, and scanned again.
async function arrives(kiosk, code) {
	const scan_id = uuid();
	const { verdict } = await patient(kiosk, 'checkin.admit', { list: t.access.list, code, scan_id });
	assert.equal(verdict, 'admitted');
	const { token } = await patient(kiosk, 'checkin.sign_in', { scan_id });
	return { token, scan_id, reply: await auth(t.access, 'door', { token }) };
}

test(`${PEOPLE} people from one address, no mail and no typing; nobody is refused for there being so many`, async () => {
	const names = new Set();
	for (let from = 0; from < PEOPLE; from += 25) {
		const part = await Promise.all(codes.slice(from, from + 25).map((code, i) => arrives(kiosks[i % 2], code)));
		for (const { reply } of part) {
			assert.equal(reply.status, 200, JSON.stringify(reply.body));
			names.add(reply.body.person.name);
		}
		const again = await auth(t.access, 'door', { token: part[0].token });
		assert.equal(again.body.fault, 'auth.code');
		if (from === 0) {
			const ticket = await auth(t.access, 'ticket', {}, { cookie: part[0].reply.cookie });
			const own = await connect(t.access, { ticket: ticket.body.ticket });
			assert.equal(own.hello.person.name, part[0].reply.body.person.name);
			own.close();
			await assert.rejects(kiosks[1].call('checkin.sign_in', { scan_id: part[0].scan_id }), { fault: 'denied' });
		}
	}
	assert.equal(names.size, PEOPLE);
});

test('what was never shown signs nobody in', async () => {
	for (const token of ['', 'A'.repeat(32), 'a'.repeat(65), "'; select 1"]) {
		const { status, cookie } = await auth(t.access, 'door', { token });
		assert.ok(status >= 400, `${token}: ${status}`);
		assert.equal(cookie, null);
	}
});
