// tests: so many random histories of a hall, each by its seed, ten in one running conference; says how much happened.
import test, { after, before } from 'node:test';
import { Checks } from './hall_checks.mjs';
import { Hall } from './hall_history.mjs';
import { connect } from './client.mjs';
import { demo } from './instance.mjs';

const IN_ONE = 10;

// Pairs of talks that share a room, no talk twice: [{talks, room}]
async function places(t) {
	const rows = await t.instance.pg.sql('plenum_owner', 'plenum', `select p.room, t.id from published p join talk t on t.session = p.session
		where p.conference = '${t.access.conference}' and not p.cancelled order by p.room, lower(p.during), t.ord`);
	const rooms = new Map();
	for (const [room, talk] of rows) rooms.set(room, [...(rooms.get(room) ?? []), talk]);
	const pairs = [];
	for (const [room, talks] of rooms) for (let i = 0; i + 1 < talks.length; i += 2) pairs.push({ room, talks: talks.slice(i, i + 2) });
	return pairs;
}

export function hallHistories(seeds, { ms = 2500, rounds = 2, limit = 840 } = {}) {
	let t;
	let pairs;
	let methods;
	let used = 0;
	async function begin() {
		await t?.stop();
		t = await demo({ limit });
		pairs = await places(t);
		const client = await connect(t.access, 'moderator');
		methods = new Set((await client.call('rpc.discover')).methods.map(({ name }) => name));
		client.close();
		used = 0;
	}
	before(begin);
	after(() => t?.stop());

	for (const seed of seeds) {
		test(`history ${seed}`, { timeout: 170000 }, async () => {
			if (used === Math.min(IN_ONE, pairs.length)) await begin();
			const hall = new Hall(t, seed, { ...pairs[used++], methods });
			try {
				await hall.fill();
				for (let round = 0; round < rounds; round++) {
					await hall.crowd(ms, { kill: round === 0 });
					await hall.quiet();
					await new Checks(hall).all();
				}
			} finally {
				hall.close();
			}
			const count = (outcome) => hall.ops.filter((op) => op.outcome === outcome).length;
			const opens = hall.actors.reduce((sum, { client }) => sum + client.opens - 1, 0);
			console.log(`seed ${seed}: ${hall.ops.length} calls (${count('ok')} done, ${count('fail')} refused, ${count('info')} unknown; ${hall.ops.filter(({ tries }) => tries > 1).length} sent again), `
				+ `${hall.asks.size} questions, ${hall.reads.length} reads, ${hall.kills} kills, ${opens} reconnections`);
		});
	}
}
