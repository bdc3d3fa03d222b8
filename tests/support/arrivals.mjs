// tests: people arrive and sign in while the mail relay takes few a minute: by the mailed code, by the entry code when no mail comes, by what the door's screen shows.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SLUG } from '../../deploy/lib/seed.mjs';
import { auth, connect, sleep, uuid } from './client.mjs';
import { demo } from './instance.mjs';
import { Relay, parts } from './smtpd.mjs';

// Of ten: six come through a door, two have their entry code before them, two ask for a mail and wait for it as long as their patience lasts.
const WAYS = ['door', 'door', 'door', 'entry', 'mail', 'door', 'door', 'door', 'entry', 'mail'];

async function patient(kiosk, method, params) {
	for (;;) {
		try {
			return await kiosk.call(method, params);
		} catch (error) {
			if (!['limit.rate', 'busy'].includes(error.fault)) throw error;
			await sleep(Math.min(1000, error.data?.retry_after_ms ?? 200));
		}
	}
}

// A page asks again when it is told to wait.
async function signIn(access, what, params) {
	for (;;) {
		const answer = await auth(access, what, params);
		const fault = answer.body?.error?.data?.fault ?? answer.body?.fault;
		if (answer.status < 400 || !['limit.rate', 'busy'].includes(fault)) return answer;
		await sleep(1000);
	}
}

const WAY = {
	async door(t, { code, kiosk }) {
		const scan_id = uuid();
		const seen = await patient(kiosk, 'checkin.admit', { list: t.access.list, code, scan_id });
		if (seen.verdict !== 'admitted') return null;
		const { token } = await patient(kiosk, 'checkin.sign_in', { scan_id });
		return (await signIn(t.access, 'door', { token })).cookie && 'door';
	},
	async entry(t, { email, code }) {
		return (await signIn(t.access, 'entry', { email, entry_code: code })).cookie && 'entry';
	},
	async mail(t, who) {
		const { body } = await signIn(t.access, 'start', { email: who.email });
		const before = Date.now() + who.patience;
		for (; Date.now() < before; await sleep(200)) {
			const [mail] = t.relay.messages(who.email);
			const code = mail && parts(mail.data)[0].text.match(/\b\d{6}\b/)[0];
			if (code) return (await signIn(t.access, 'finish', { request: body.request, code })).cookie && 'mail';
		}
		return WAY.entry(t, who);
	},
};

/** Returns for each who came: how (or null) and after how many ms. */
export async function arrivals({ people, ms, limit, patience, seed = 1 }) {
	const t = await demo({ gateway: false, limit: ms / 1000 + 600 });
	const kiosks = [];
	t.relay = await new Relay().start();
	try {
		await t.relay.mood({ limit });
		await t.instance.pg.sql('plenum_owner', 'plenum', 'update outbox set sent = now() where sent is null');
		t.instance.writeConfig({ smtp_url: `smtp://127.0.0.1:${t.relay.port}`, smtp_rate: limit });
		await t.instance.startGateway();
		const emails = Array.from({ length: people }, (_, i) => `arrives${i}@example.org`);
		const csv = path.join(t.instance.dir, 'arrivals.csv');
		writeFileSync(csv, `email,name\n${emails.map((email, i) => `${email},Guest Number${i}`).join('\n')}\n`);
		await t.instance.plenum(['import', 'people', csv, '--into', SLUG]);
		const codes = new Map((await t.instance.call('people.codes', { emails, limit: people }, SLUG)).codes.map(({ email, code }) => [email, code]));
		for (const i of [0, 1]) kiosks.push(await connect(t.access, `kiosks ${i}`));
		const started = Date.now();
		let random = seed;
		const next = () => (random = (random * 48271) % 2147483647) / 2147483647;
		const came = await Promise.all(emails.map(async (email, i) => {
			await sleep(next() * ms);
			const began = Date.now();
			const how = await WAY[WAYS[i % 10]](t, { email, code: codes.get(email), kiosk: kiosks[i % 2], patience });
			return { wanted: WAYS[i % 10], how, ms: Date.now() - began };
		}));
		return { came, limited: t.relay.count('limited'), mails: t.relay.messages().length, minutes: (Date.now() - started) / 60000 };
	} finally {
		for (const kiosk of kiosks) kiosk.close();
		t.relay.stop();
		await t.stop();
	}
}
