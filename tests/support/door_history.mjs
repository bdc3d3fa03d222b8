// tests: a random history of a door over real sockets: stations that go offline and come back, clocks that are wrong, answers that get lost, workers that die; what happened in truth is kept for door_checks.mjs.
import { Closed, connect, sleep, uuid } from './client.mjs';
import { chance } from './hall_history.mjs';

export const STATIONS = 4;
export const PEOPLE = 24;
const AGAIN = ['busy', 'unknown_outcome', 'limit.rate', 'auth.required'];
// How well a station knows how far its clock is from ours.
const UNCERTAIN_MS = 40;

export class Door {
	// list: nobody else's; codes: [{code, person}]; stations: [{id, name, token}]
	constructor(t, seed, { list, codes, stations }) {
		Object.assign(this, { t, seed, list, codes, r: chance(seed), scans: [], undone: [], wrong: [], kiosks: [], running: false, kills: 0, cuts: 0 });
		this.wanted = stations;
	}

	async fill() {
		this.channel = `list:${this.list}`;
		this.desk = await connect(this.t.access, 'desk', { reconnect: true });
		await this.desk.subscribe([this.channel]);
		// Conference time is what the real clock shows and this.
		this.ahead = Date.parse(this.desk.hello.time) - Date.now();
		for (const [i, station] of this.wanted.entries()) {
			const client = await connect(this.t.access, { token: station.token }, { reconnect: true });
			await client.subscribe([this.channel, `station:${station.id}`]);
			const r = chance(this.seed * 100 + i);
			const skew = r.below(0.5) ? 0 : Math.round((r.next() - 0.5) * 6 * 3600e3);
			this.kiosks.push({ ...station, client, r, skew, boot: uuid(), seq: 0, offline: false, queue: [], inside: new Set(), quick: new Map() });
		}
	}

	now() {
		return performance.now();
	}

	// What this station writes down of a scan, by its own clock.
	scan(kiosk, ticket, direction) {
		const scan = { scan_id: uuid(), kiosk, ticket, direction, boot_id: kiosk.boot, seq: ++kiosk.seq, mono: Math.round(this.now()), wall: Date.now() + kiosk.skew,
			offset: Math.round(this.ahead - kiosk.skew + (kiosk.r.next() - 0.5) * UNCERTAIN_MS), truth: this.now() };
		this.scans.push(scan);
		return scan;
	}

	offlineVerdict(kiosk, { ticket, direction }) {
		if (direction === 'exit') return { verdict: 'admitted' };
		return kiosk.inside.has(ticket.code) ? { verdict: 'refused', reason: 'duplicate' } : { verdict: 'admitted' };
	}

	seen(kiosk, scan) {
		if (scan.shown.verdict === 'refused') return;
		if (scan.direction === 'exit') kiosk.inside.delete(scan.ticket.code);
		else kiosk.inside.add(scan.ticket.code);
	}

	async online(kiosk, scan) {
		const params = { list: this.list, code: scan.ticket.code, scan_id: scan.scan_id, direction: scan.direction, scanned_at: new Date(scan.wall).toISOString(), boot_id: scan.boot_id, seq: scan.seq,
			offset_ms: scan.offset, uncert_ms: UNCERTAIN_MS };
		// The answer never comes: after a while the screen says what the station itself knows.
		if (kiosk.r.below(0.12)) {
			const lost = kiosk.client.call('checkin.admit', params).catch(() => {});
			await Promise.race([lost, sleep(5 * kiosk.r.next())]);
			kiosk.client.ws.resume();
			kiosk.client.ws.terminate();
			this.cuts++;
			scan.shown = kiosk.r.below(0.5) ? { verdict: 'refused', reason: 'duplicate' } : this.offlineVerdict(kiosk, scan);
			scan.fell = true;
			kiosk.queue.push(scan);
			this.seen(kiosk, scan);
			return;
		}
		const reply = await this.persist(kiosk, 'checkin.admit', params);
		if (!reply) return;
		scan.reply = reply;
		scan.shown = { verdict: reply.verdict, reason: reply.reason };
		this.seen(kiosk, scan);
		if (kiosk.r.below(0.1)) {
			const again = await this.persist(kiosk, 'checkin.admit', params);
			if (again && again.verdict !== reply.verdict && again.reason !== 'duplicate_offline') this.wrong.push(`${scan.scan_id} was answered ${JSON.stringify(reply)}, then ${JSON.stringify(again)}`);
		}
	}

	async persist(kiosk, method, params) {
		for (const deadline = this.now() + 60000; ;) {
			try {
				return await kiosk.client.call(method, typeof params === 'function' ? params() : params);
			} catch (error) {
				if ((error instanceof Closed || AGAIN.includes(error.fault)) && this.now() < deadline) {
					await sleep(100 + 200 * Math.random());
					continue;
				}
				this.wrong.push(`${method} by ${kiosk.name}: ${error.message}`);
				return null;
			}
		}
	}

	line({ scan_id, ticket, direction, boot_id, seq, mono, wall, offset, shown }) {
		return { scan_id, list: this.list, code: ticket.code, direction, scanned_at: new Date(wall).toISOString(), mono, boot_id, seq, offset_ms: offset, uncert_ms: UNCERTAIN_MS, shown };
	}

	// What is kept goes out in order, in pieces; some are cut off after they were sent, and sent again.
	async upload(kiosk) {
		while (kiosk.queue.length > 0) {
			const some = kiosk.queue.slice(0, 1 + Math.floor(kiosk.r.next() * 10));
			const params = () => ({ sent_at: new Date(Date.now() + kiosk.skew).toISOString(), sent_mono: Math.round(this.now()), boot_id: kiosk.boot, scans: some.map((scan) => this.line(scan)) });
			if (kiosk.r.below(0.2)) {
				kiosk.client.call('checkin.upload', params()).catch(() => {});
				await sleep(20 * kiosk.r.next());
				kiosk.client.ws.terminate();
				this.cuts++;
			}
			// Each time with the time at which it is sent: what a scan's age is counted from.
			const reply = await this.persist(kiosk, 'checkin.upload', params);
			if (!reply) return;
			for (const scan of some) {
				scan.uploaded = reply.scans.find(({ scan_id }) => scan_id === scan.scan_id);
				if (!scan.uploaded || scan.uploaded.fault) this.wrong.push(`upload of ${scan.scan_id}: ${JSON.stringify(scan.uploaded)}`);
			}
			kiosk.queue.splice(0, some.length);
		}
	}

	async step(kiosk) {
		const r = kiosk.r;
		if (r.below(0.08)) {
			kiosk.offline = !kiosk.offline;
			if (!kiosk.offline) await this.upload(kiosk);
		}
		const ticket = r.pick(this.codes);
		const direction = r.below(0.15) && kiosk.inside.has(ticket.code) ? 'exit' : 'entry';
		// The same badge at one scanner within ten seconds is a repeat, which a station answers by itself.
		if (this.now() - (kiosk.quick.get(`${ticket.code} ${direction}`) ?? -1e9) < 11000) return;
		kiosk.quick.set(`${ticket.code} ${direction}`, this.now());
		const scan = this.scan(kiosk, ticket, direction);
		if (!kiosk.offline) return this.online(kiosk, scan);
		scan.offline = true;
		scan.shown = this.offlineVerdict(kiosk, scan);
		kiosk.queue.push(scan);
		this.seen(kiosk, scan);
	}

	async undo() {
		const done = this.scans.filter(({ reply, direction, undone }) => reply?.verdict === 'admitted' && direction === 'entry' && !undone);
		if (done.length === 0) return;
		const scan = this.r.pick(done);
		scan.undone = true;
		try {
			await this.desk.persist('checkin.undo', { scan_id: scan.scan_id, reason: 'wrong person', key: uuid() });
			this.undone.push(scan);
		} catch (error) {
			if (!['checkin.undone', 'not_found'].includes(error.fault)) this.wrong.push(`undo of ${scan.scan_id}: ${error.message}`);
		}
	}

	async loop(ms, r, step) {
		while (this.running) {
			await step();
			await sleep(ms * (0.3 + r.next()));
		}
	}

	async crowd(ms) {
		this.running = true;
		const work = Promise.all([
			...this.kiosks.map((kiosk) => this.loop(60, kiosk.r, () => this.step(kiosk))),
			this.loop(700, this.r, () => this.undo()),
			sleep(ms * (0.2 + 0.4 * this.r.next())).then(() => {
				const victim = this.r.pick(this.t.instance.workerPids());
				if (victim) process.kill(victim, 'SIGKILL');
				this.kills++;
			}),
		]);
		work.catch(() => { this.running = false; });
		for (const end = this.now() + ms; this.running && this.now() < end;) await sleep(50);
		this.running = false;
		await work;
		// Everybody is back and has sent what was kept, in an order of their own.
		for (const kiosk of [...this.kiosks].sort(() => this.r.next() - 0.5)) {
			kiosk.offline = false;
			await this.upload(kiosk);
		}
	}

	close() {
		this.running = false;
		for (const { client } of [...this.kiosks, { client: this.desk }]) client?.close();
	}
}
