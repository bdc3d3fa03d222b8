// tests: a conference of its own beside the sample, whose clock is moved through its dates, and the people who come to it by mail.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, sleep } from './client.mjs';

export const SLUG = 'patient';
export const TOPICS = ['Genomics', 'Therapies', 'Trials', 'Biomarkers', 'Pharmacogenomics', 'Trust', 'Data', 'Translation'];
const DAY = '2021-05-02';

// Eight sessions of short talks in two rooms, and a keynote.
const programme = () => {
	const rows = [['title', 'room', 'start', 'end', 'track', 'kind'], ['Keynote: From patient to lab', 'Auditorium', `${DAY} 09:00`, `${DAY} 09:40`, '', 'keynote']];
	TOPICS.forEach((topic, i) => {
		const hour = 10 + (i >> 1);
		rows.push([`Short talks: ${topic}`, i % 2 ? 'Lab Stage' : 'Auditorium', `${DAY} ${hour}:00`, `${DAY} ${hour}:50`, topic, 'short talks']);
	});
	return `${rows.map((row) => row.join(',')).join('\n')}\n`;
};

export const STAFF = [['organiser@example.org', 'Olga Organiser', 'organiser'], ['chair@example.org', 'Mette Moderator', 'moderator'], ['desk@example.org', 'Dan Desk', 'desk'],
	...Array.from({ length: 6 }, (_, i) => [`reviewer${i + 1}@example.org`, `Reviewer ${i + 1}`, 'reviewer'])];

// Makes it on a running sample instance, its clock before the call opens. {move(instant), token, base, sql}
export async function conference({ instance, access }, at) {
	const file = path.join(instance.dir, 'patient.csv');
	writeFileSync(file, programme());
	await instance.plenum(['conference', 'create', SLUG, '--title', 'Precision medicine', '--zone', 'Europe/Copenhagen', '--starts', DAY, '--ends', DAY]);
	await instance.plenum(['import', 'schedule', file, '--into', SLUG, '--publish']);
	await instance.plenum(['conference', 'clock', SLUG, '--at', at]);
	writeFileSync(file, `email,name,roles,mode\n${STAFF.map(([email, name, role]) => `${email},${name},${role},on_site`).join('\n')}\n`);
	await instance.plenum(['import', 'people', file, '--into', SLUG]);
	const tokens = await instance.calls(STAFF.map(([email, , role]) => ({ method: 'token.create', params: { role, email } })), SLUG);
	const token = Object.fromEntries(STAFF.map(([email], i) => [email.split('@')[0], tokens[i].token]));
	const [[id]] = await instance.pg.sql('plenum_owner', 'plenum', `select id from conference where slug = '${SLUG}'`);
	return {
		id,
		token,
		base: `${access.base}/e/${SLUG}`,
		ws: access.ws,
		move: (instant) => instance.plenum(['conference', 'clock', SLUG, '--at', instant]),
		sql: (text) => instance.pg.sql('plenum_owner', 'plenum', text.replaceAll('$1', `'${id}'`)),
		door: async () => {
			const { list } = await instance.plenum(['list', 'create', '--name', 'Main door', '--opens', `${DAY}T05:30:00Z`, '--into', SLUG, '--json']);
			const kiosk = await instance.plenum(['kiosk', 'create', '--name', 'Kiosk A', '--kind', 'kiosk', '--profile', 'self_service', '--list', list, '--into', SLUG, '--json']);
			token.kiosk = kiosk.token;
			return list;
		},
		count: async (text) => Number((await instance.pg.sql('plenum_owner', 'plenum', text.replaceAll('$1', `'${id}'`)))[0][0]),
	};
}

// As a page does: what the server has no time for is asked again.
class Patient extends Client {
	async call(method, params, options) {
		for (const deadline = Date.now() + 60000; ; await sleep(300)) {
			try {
				return await super.call(method, params, options);
			} catch (error) {
				if (!['busy', 'unknown_outcome'].includes(error.fault) || Date.now() > deadline) throw error;
			}
		}
	}
}

async function auth(here, what, params, cookie) {
	const ask = () => fetch(`${here.base}/auth/${what}`, { method: 'POST', body: JSON.stringify({ slug: SLUG, ...params }),
		headers: { 'content-type': 'application/json', origin: new URL(here.base).origin, ...(cookie ? { cookie } : {}) } });
	let response = await ask();
	for (const deadline = Date.now() + 60000; response.status === 503 && Date.now() < deadline; response = await ask()) await sleep(300);
	const text = await response.text();
	assert.equal(response.status, 200, `auth/${what} ${JSON.stringify(params)}: ${text}`);
	return { body: JSON.parse(text), cookie: response.headers.get('set-cookie')?.split(';')[0] };
}

// Asks for a code, reads it in the mail, and is signed in. code(email, n) finds the mail. → cookie
export async function signIn(here, email, name, code) {
	const { body } = await auth(here, 'start', { email, ...(name ? { name, language: 'en' } : {}) });
	return (await auth(here, 'finish', { request: body.request, code: await code(email) })).cookie;
}

export async function session(here, cookie) {
	const { body } = await auth(here, 'ticket', {}, cookie);
	return new Patient(here.ws, { ticket: body.ticket }, { origin: new URL(here.base).origin }).open();
}

export const staff = (here, who) => new Patient(here.ws, { token: here.token[who] }, { origin: new URL(here.base).origin }).open();

// As many at a time as a venue's network would let through.
export async function each(list, task, width = 12) {
	const results = [];
	let next = 0;
	await Promise.all(Array.from({ length: width }, async () => {
		while (next < list.length) {
			const i = next++;
			results[i] = await task(list[i], i);
		}
	}));
	return results;
}
