// scenario, soak: 1,500 arrive within ten minutes while the relay takes 30 mails a minute: at least 95 of 100 are signed in within 60 s.
import assert from 'node:assert/strict';
import test from 'node:test';
import { arrivals } from '../support/arrivals.mjs';

const PEOPLE = Number(process.env.ARRIVALS ?? 1500);
const MINUTES = Number(process.env.ARRIVAL_MINUTES ?? 10);

test(`${PEOPLE} in ${MINUTES} minutes`, async () => {
	const { came, limited, mails } = await arrivals({ people: PEOPLE, ms: MINUTES * 60000, limit: 30, patience: 20000 });
	const within = came.filter(({ how, ms }) => how && ms <= 60000).length;
	const sorted = came.map(({ ms }) => ms).sort((a, b) => a - b);
	const count = (key, value) => came.filter((one) => one[key] === value).length;
	console.log(JSON.stringify({ bench: 'arrivals', people: PEOPLE, within_60_s: within, share: within / PEOPLE, p50_ms: sorted[PEOPLE >> 1], p95_ms: sorted[Math.floor(PEOPLE * 0.95)],
		door: count('how', 'door'), entry: count('how', 'entry'), mail: count('how', 'mail'), asked_for_mail: count('wanted', 'mail'), mails, limited }));
	assert.ok(within >= 0.95 * PEOPLE, `${within} of ${PEOPLE}`);
	assert.equal(limited, 0);
});
