// tests: finds what was mailed to somebody in a mail_dir.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { sleep } from './client.mjs';

// The text of the newest mail to an address that is not among `seen` (a set of file names, extended here).
export async function mailTo(dir, email, seen = new Set(), ms = 60000) {
	for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(50)) {
		const files = readdirSync(dir).filter((name) => !name.startsWith('.') && !seen.has(name));
		const found = files.map((name) => path.join(dir, name))
			.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
			.find((file) => new RegExp(`^To:.*${email.replace(/[.+]/g, '\\$&')}`, 'mi').test(readFileSync(file, 'utf8')));
		if (found) {
			seen.add(path.basename(found));
			return readFileSync(found, 'utf8');
		}
	}
	throw new Error(`no mail to ${email} in ${dir} within ${ms} ms`);
}

export const sixDigits = (text) => text.replace(/^[\s\S]*?\r?\n\r?\n/, '').match(/\b\d{3} ?\d{3}\b/)?.[0].replace(' ', '');
