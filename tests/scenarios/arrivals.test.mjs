// scenario: people arrive faster than the relay takes mail: everybody is signed in by one of the ways that exist, and the relay is never asked for more than it takes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { arrivals } from '../support/arrivals.mjs';

test('sixty arrive while the relay takes six mails a minute', async () => {
	const { came, limited, mails } = await arrivals({ people: 60, ms: 6000, limit: 6, patience: 4000 });
	const by = Object.groupBy ? Object.groupBy(came, ({ how }) => how) : came.reduce((all, one) => ({ ...all, [one.how]: [...(all[one.how] ?? []), one] }), {});
	assert.equal(by.null, undefined, JSON.stringify(by.null));
	assert.equal(limited, 0);
	assert.ok(mails <= 6, `${mails} mails`);
	assert.equal(by.door.length, 36);
	assert.ok(by.entry.length >= 18, 'most of those who asked for a mail went on with their entry code');
});
