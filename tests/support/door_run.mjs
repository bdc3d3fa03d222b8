// tests: so many random histories of a door, each by its seed, ten in one running conference; says how much happened.
import test, { after, before } from 'node:test';
import { Checks } from './door_checks.mjs';
import { Door, PEOPLE, STATIONS } from './door_history.mjs';
import { demo } from './instance.mjs';

const IN_ONE = 10;

// A list, its stations and people with codes of their own.
async function place(t, seed) {
	const { instance, access } = t;
	const sql = (text) => instance.pg.sql('plenum_owner', 'plenum', text);
	const { list } = await instance.plenum(['list', 'create', '--name', `Door ${seed}`, '--into', access.slug, '--json']);
	const stations = [];
	for (let i = 0; i < STATIONS; i++) {
		const { station, token } = await instance.plenum(['kiosk', 'create', '--name', `Door ${seed} kiosk ${i}`, '--kind', 'kiosk', '--list', list, '--into', access.slug, '--json']);
		stations.push({ id: station, name: `Door ${seed} kiosk ${i}`, token });
	}
	const emails = Array.from({ length: PEOPLE }, (_, i) => `door-${seed}-${i}@example.org`);
	await sql(`with p as (insert into person (conference, email, name) select '${access.conference}', e, 'Guest ' || e from unnest(array[${emails.map((e) => `'${e}'`).join()}]) e returning id, conference)
		insert into registration (person, conference) select id, conference from p`);
	const { codes } = await instance.call('people.codes', { emails, limit: PEOPLE }, access.slug);
	return { list, stations, codes: codes.map(({ code, person }) => ({ code, person })) };
}

export function doorHistories(seeds, { ms = 5000, limit = 840 } = {}) {
	let t;
	let used = 0;
	async function begin() {
		await t?.stop();
		t = await demo({ limit });
		used = 0;
	}
	before(begin);
	after(() => t?.stop());

	for (const seed of seeds) {
		test(`door history ${seed}`, { timeout: 170000 }, async () => {
			if (used++ === IN_ONE) await begin();
			const door = new Door(t, seed, await place(t, seed));
			try {
				await door.fill();
				await door.crowd(ms);
				const doubles = await new Checks(door).all();
				const count = (what) => door.scans.filter(what).length;
				console.log(`seed ${seed}: ${door.scans.length} scans (${count(({ offline }) => offline)} offline, ${count(({ fell }) => fell)} without an answer), ${doubles} let in twice and known, ${door.undone.length} taken back, ${door.cuts} cuts, ${door.kills} kills`);
			} finally {
				door.close();
			}
		});
	}
}
