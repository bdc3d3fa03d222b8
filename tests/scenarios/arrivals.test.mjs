// scenario: people arrive faster than the relay takes mail: everybody is signed in by one of the ways that exist, and the relay is never asked for more than it takes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { arrivals } from '../support/arrivals.mjs';

test('sixty arrive while the relay takes six mails a minute', async () => {
	const { came, limited, mails, minutes } = await arrivals({ people: 60, ms: 6000, limit: 6, patience: 4000 });
	const by = Object.groupBy ? Object.groupBy(came, ({ how }) => how) : came.reduce((all, one) => ({ ...all, [one.how]: [...(all[one.how] ?? []), one] }), {});
	assert.equal(by.null, undefined, JSON.stringify(by.null));
	assert.equal(limited, 0);
	// Six a minute, and a slow machine needs more than one.
	assert.ok(mails <= 6 * Math.ceil(minutes), `${mails} mails in ${minutes} minutes`);
	assert.equal(by.door.length, 36);
	assert.ok(by.entry.length >= 24 - mails, 'whoever got no mail went on with their entry code');
});
