// tests: I1 of a door's history (security-reliability.md §10): what was scanned is there once and as it was told; one entry a ticket; who was let in twice is known; who was sent away is free.
import assert from 'node:assert/strict';
import { sleep } from './client.mjs';

const Q = (text) => `'${String(text).replace(/'/g, "''")}'`;

export class Checks {
	constructor(door) {
		Object.assign(this, { door, sql: (text) => door.t.instance.pg.sql('plenum_owner', 'plenum', text) });
	}

	async read() {
		const { list } = this.door;
		this.rows = new Map((await this.sql(`select s.scan_id, s.station, s.person, s.direction, s.mode, s.station_seq, s.boot_id, extract(epoch from s.scanned_at) * 1000, extract(epoch from s.at) * 1000,
				s.shown_verdict, j.verdict, j.reason, s.uncert_ms, (select j1.verdict from judgement j1 where j1.scan = s.scan_id order by j1.n limit 1)
			from scan s join lateral (select verdict, reason from judgement j where j.scan = s.scan_id order by n desc limit 1) j on true where s.list = '${list}'`))
			.map(([id, station, person, direction, mode, seq, boot, scannedAt, at, shown, verdict, reason, uncert, first]) =>
				[id, { id, station, person, direction, mode, seq: Number(seq), boot, scannedAt: Number(scannedAt), at: Number(at), shown, verdict, reason, uncert: Number(uncert), first }]));
		this.admissions = (await this.sql(`select person, scan, left_at is null, undone is not null from admission where list = '${list}'`)).map(([person, scan, inside, undone]) => ({ person, scan, inside: inside === 't', undone: undone === 't' }));
		this.conflicts = (await this.sql(`select id, kind, coalesce(scan_a::text, ''), coalesce(scan_b::text, ''), undetermined, settled is not null from conflict where list = '${list}'`)).map(([id, kind, a, b, undetermined, settled]) => ({ id, kind, a, b, undetermined: undetermined === 't', settled: settled === 't' }));
	}

	// Each scan that was told is there once, as its station told it; nothing else is.
	once() {
		const { scans } = this.door;
		for (const scan of scans) {
			const row = this.rows.get(scan.scan_id);
			if (!row) {
				assert.ok(!scan.reply && !scan.uploaded, `${scan.scan_id} was answered and is not there`);
				continue;
			}
			assert.equal(row.station, scan.kiosk.id);
			assert.equal(row.person, scan.ticket.person);
			assert.equal(row.direction, scan.direction);
			assert.equal(row.boot, scan.boot_id);
			assert.equal(row.seq, scan.seq);
			assert.equal(Math.round(row.scannedAt), scan.wall, 'a station\'s own time is kept as it was');
			if (scan.uploaded) assert.equal(row.shown, scan.shown.verdict, 'what the screen said is kept');
		}
		assert.ok([...this.rows.keys()].every((id) => scans.some(({ scan_id }) => scan_id === id)));
		for (const kiosk of this.door.kiosks) {
			const order = scans.filter((scan) => scan.kiosk === kiosk && this.rows.has(scan.scan_id));
			for (let i = 1; i < order.length; i++) assert.ok(order[i].seq > order[i - 1].seq);
		}
	}

	// At most one live entry a ticket, and it stands on a scan that is judged to be it.
	entries() {
		const live = this.admissions.filter(({ undone }) => !undone);
		assert.equal(new Set(live.map(({ person }) => person)).size, live.length, 'two live entries of one ticket');
		for (const { person, scan } of live) {
			const row = this.rows.get(scan);
			assert.ok(row, `an entry stands on ${scan}, which nobody sent`);
			assert.equal(row.person, person);
			assert.equal(row.verdict, 'admitted', `the entry of ${person} stands on ${scan}, judged ${row.verdict} ${row.reason}`);
		}
	}

	// Whoever walked in is in the books; whoever was shown red by a station that fell back is not.
	shown() {
		for (const scan of this.door.scans.filter(({ direction, uploaded }) => direction === 'entry' && uploaded)) {
			const row = this.rows.get(scan.scan_id);
			if (scan.shown.verdict === 'refused') assert.notEqual(row.verdict, 'admitted', `${scan.scan_id} was shown red and counts as an entry`);
			else assert.ok(this.admissions.some(({ person }) => person === scan.ticket.person), `${scan.scan_id} was let in and no entry of ${scan.ticket.person} is known`);
		}
	}

	// Who was let in twice, with nobody leaving and nothing taken back: each further one is a conflict, and the earlier is the entry.
	doubles() {
		const { scans, codes } = this.door;
		let pairs = 0;
		for (const { person } of codes) {
			const own = scans.filter((scan) => scan.ticket.person === person && this.rows.has(scan.scan_id));
			if (own.some(({ direction, undone }) => direction === 'exit' || undone)) continue;
			const green = own.filter(({ shown }) => shown?.verdict === 'admitted').sort((a, b) => a.truth - b.truth);
			if (green.length === 0) continue;
			const about = this.conflicts.filter(({ kind, a, b, settled }) => kind === 'double_entry' && !settled && green.some(({ scan_id }) => scan_id === a || scan_id === b));
			assert.equal(about.length, green.length - 1, `${green.length} entries of one ticket and ${about.length} conflicts:\n${this.story(own)}`);
			pairs += about.length;
			const [entry] = this.admissions.filter((a) => a.person === person && !a.undone);
			const chosen = this.rows.get(entry.scan);
			const earliest = Math.min(...green.map(({ scan_id }) => this.rows.get(scan_id).at));
			assert.ok(chosen.at <= earliest + 1, `the entry is of ${chosen.at}, one was ${earliest}`);
			for (const { scan_id } of green) if (scan_id !== entry.scan) assert.equal(this.rows.get(scan_id).verdict, 'refused', `${scan_id} is a second entry`);
		}
		return pairs;
	}

	// All that happened to one ticket, a line each: for whoever has to find out what went wrong.
	story(scans) {
		return [...scans].sort((a, b) => a.truth - b.truth).map((scan) => {
			const row = this.rows.get(scan.scan_id);
			return `${scan.truth.toFixed(0)} ${scan.scan_id} ${scan.kiosk.name} ${scan.direction} ${scan.offline ? 'offline' : scan.fell ? 'no answer' : 'online'} shown ${JSON.stringify(scan.shown)} told ${JSON.stringify(scan.reply ?? scan.uploaded)} now ${row?.mode} ${row?.verdict} ${row?.reason} (first ${row?.first})`;
		}).join('\n');
	}

	// Who loses hears of an entry that was there: at a station where that ticket was scanned before.
	losers() {
		for (const scan of this.door.scans.filter(({ reply }) => reply?.reason === 'duplicate')) {
			const { first } = scan.reply;
			assert.ok(first?.at && first.station, JSON.stringify(scan.reply));
			const real = this.door.scans.some((other) => other.ticket === scan.ticket && other.kiosk.name === (first.station.name ?? first.station) && other.truth <= this.door.now() && other.scan_id !== scan.scan_id);
			assert.ok(real, `${scan.scan_id} lost to an entry at ${JSON.stringify(first.station)} that nobody made`);
		}
	}

	// Corrected times are near the truth, whatever the stations' clocks say.
	clocks() {
		const { ahead } = this.door;
		const start = Date.now() - this.door.now();
		for (const scan of this.door.scans.filter(({ offline, uploaded }) => offline && uploaded)) {
			const row = this.rows.get(scan.scan_id);
			const truth = start + scan.truth + ahead;
			assert.ok(Math.abs(row.at - truth) < 5000, `${scan.scan_id} of a clock ${scan.kiosk.skew} ms wrong is put ${row.at - truth} ms from where it was`);
		}
	}

	async inside() {
		const stats = await this.door.desk.persist('checkin.stats', { list: this.door.list });
		const inside = this.admissions.filter(({ inside, undone }) => inside && !undone);
		assert.equal(stats.inside, new Set(inside.map(({ person }) => person)).size);
		assert.ok(stats.inside >= 0);
	}

	// Both stations of a conflict were told, and nobody heard anything twice or with a gap.
	async told() {
		for (const kiosk of this.door.kiosks) {
			const own = this.conflicts.filter(({ kind, a, b }) => kind === 'double_entry' && [a, b].some((id) => this.rows.get(id)?.station === kiosk.id));
			for (const { id } of own) await kiosk.client.waitEvent(`station:${kiosk.id}`, 'conflict.raised', ({ conflict }) => conflict.id === id);
			assert.deepEqual(kiosk.client.violations, []);
		}
		for (const { id } of this.conflicts.filter(({ kind }) => kind === 'double_entry')) await this.door.desk.waitEvent(this.door.channel, 'conflict.raised', ({ conflict }) => conflict.id === id);
		assert.deepEqual(this.door.desk.violations, []);
	}

	// No number is missing in the end: every gap that was raised is settled.
	async gaps() {
		const open = await this.sql(`select detail from conflict where list = ${Q(this.door.list)} and kind = 'missing_scans' and settled is null`);
		assert.deepEqual(open, []);
	}

	async all() {
		await sleep(0);
		await this.read();
		this.once();
		this.entries();
		this.shown();
		const doubles = this.doubles();
		this.losers();
		this.clocks();
		await this.inside();
		await this.told();
		await this.gaps();
		assert.deepEqual(this.door.wrong, []);
		return doubles;
	}
}
