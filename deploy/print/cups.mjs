// deploy: one CUPS queue: is its printer ready, hand it a file with lp, what became of that.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { TEMPLATES } from '../../web/badge/layout.js';
import { NOT_FOUND, OPERATION, ask } from './ipp.mjs';

const STATE = { 3: 'waiting', 4: 'waiting', 5: 'printing', 6: 'waiting', 7: 'cancelled', 8: 'failed', 9: 'done' };
// What keeps a printer from printing though CUPS takes jobs for it.
const STOPS = /offline|media-empty|media-needed|media-jam|cover-open|door-open|interlock-open|marker-supply-empty|toner-empty|shutdown|connecting-to-device|timed-out|paused/;
const WORDS = { offline: 'The printer is switched off or not connected', 'media-empty': 'The printer has no paper', 'media-needed': 'The printer wants other paper', 'media-jam': 'Paper is stuck in the printer',
	'cover-open': 'The printer is open', 'door-open': 'The printer is open', 'marker-supply-empty': 'The printer has no ink', 'toner-empty': 'The printer has no toner', paused: 'The printer is paused', 'connecting-to-device': 'The printer does not answer', 'timed-out': 'The printer does not answer' };

// One for each time it is tried: a badge that failed may be given to CUPS again.
export const titleOf = (job, attempt) => `plenum-${job}-${attempt}`;

function said(reasons, message) {
	const stops = reasons.filter((reason) => STOPS.test(reason) && !reason.endsWith('-warning'));
	if (!stops.length) return '';
	// Whoever stopped it may have said why.
	if (message && stops.every((reason) => reason === 'paused')) return message.slice(0, 300);
	const known = Object.keys(WORDS).find((word) => stops.some((reason) => reason.startsWith(word)));
	return (known ? WORDS[known] : message || stops.join(', ')).slice(0, 300);
}

export class Cups {
	// server: a socket's path or host:port; options: what lp gets for a kind of badge ({card: ['media=…']}); without: paper of its size.
	constructor({ queue, server, options = {} }) {
		this.queue = queue;
		this.server = server ?? (existsSync('/run/cups/cups.sock') ? '/run/cups/cups.sock' : 'localhost:631');
		this.options = options;
		const [host, port] = this.server.split(':');
		this.address = this.server.startsWith('/') ? { socketPath: this.server } : { host, port: Number(port || 631) };
		this.user = userInfo().username;
		this.uri = `ipp://localhost/printers/${encodeURIComponent(queue)}`;
	}

	ask(operation, attributes) {
		return ask(this.address, `/printers/${encodeURIComponent(this.queue)}`, operation, [['uri', 'printer-uri', this.uri], ...attributes]);
	}

	// {ready, error}: never throws, for a printer that cannot be asked is one that is not ready.
	async printer() {
		try {
			const { status, groups } = await this.ask(OPERATION.getPrinterAttributes, [['name', 'requesting-user-name', this.user],
				['keyword', 'requested-attributes', ['printer-state', 'printer-state-reasons', 'printer-state-message', 'printer-is-accepting-jobs']]]);
			if (status === NOT_FOUND) return { ready: false, error: `CUPS has no queue ${this.queue}` };
			const p = groups.find((group) => group['printer-state']);
			if (!p) return { ready: false, error: 'CUPS does not say how the printer is' };
			const message = p['printer-state-message']?.[0] || '';
			const error = said(p['printer-state-reasons'] ?? [], message);
			if (p['printer-state'][0] === 5) return { ready: false, error: error || message || 'The printer is stopped' };
			if (p['printer-is-accepting-jobs']?.[0] === false) return { ready: false, error: error || 'The queue takes no jobs' };
			return { ready: !error, error };
		} catch (error) {
			return { ready: false, error: `CUPS does not answer (${error.code ?? error.message})` };
		}
	}

	// Resolves with the number CUPS gave; rejects when lp was refused.
	submit(title, template, file) {
		const { width, height } = TEMPLATES[template];
		const options = (this.options[template] ?? [`media=Custom.${width}x${height}mm`, 'print-scaling=none']).flatMap((option) => ['-o', option]);
		return new Promise((resolve, reject) => {
			execFile('lp', ['-h', this.server, '-d', this.queue, '-t', title, ...options, '--', file], { timeout: 30000, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) => {
				const id = stdout.match(/request id is \S+-(\d+)/)?.[1];
				if (error || !id) reject(new Error(stderr.trim() || error?.message || 'lp said nothing'));
				else resolve(Number(id));
			});
		});
	}

	// The number of the newest job whose title begins so, also of one that is over; null when CUPS knows of none.
	async find(title) {
		const { status, groups } = await this.ask(OPERATION.getJobs, [['name', 'requesting-user-name', this.user], ['keyword', 'which-jobs', 'all'], ['boolean', 'my-jobs', false],
			['keyword', 'requested-attributes', ['job-id', 'job-name']]]);
		if (status >= 0x0400) throw new Error(`CUPS refused to list its jobs (${status.toString(16)})`);
		const ids = groups.filter((group) => group['job-name']?.[0]?.startsWith(title)).map((group) => group['job-id'][0]);
		return ids.length ? Math.max(...ids) : null;
	}

	// {state: waiting | printing | done | failed | cancelled, error}; null when CUPS no longer knows it.
	async job(id) {
		const { status, groups } = await this.ask(OPERATION.getJobAttributes, [['integer', 'job-id', id], ['name', 'requesting-user-name', this.user],
			['keyword', 'requested-attributes', ['job-state', 'job-state-reasons', 'job-printer-state-message']]]);
		if (status === NOT_FOUND) return null;
		const j = groups.find((group) => group['job-state']);
		if (!j) throw new Error(`CUPS does not say how job ${id} is`);
		return { state: STATE[j['job-state'][0]] ?? 'waiting', error: (j['job-printer-state-message']?.[0] || j['job-state-reasons']?.filter((r) => r !== 'none').join(', ') || '').slice(0, 300) };
	}
}
