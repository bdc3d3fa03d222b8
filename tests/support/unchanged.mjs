// tests: a refusal changes nothing, seen beside a server that also does things at its own time.
import assert from 'node:assert/strict';
import { sleep } from './client.mjs';

// What the clock does by itself (a start that is assumed, an alarm, a mail that leaves) is not a refusal's doing: then once more. What a refusal changes it
// changes every time. state: () => text; refuse is to bear repeating.
export async function unchanged(state, refuse) {
	for (let again = 3; ; again--) {
		let before = '';
		for (let now = await state(); now !== before; now = await state()) {
			before = now;
			await sleep(700);
		}
		await refuse();
		const after = await state();
		if (after === before) return;
		if (!again) assert.equal(after, before, 'a refusal changes nothing');
	}
}
