// deploy: which badges were about to be given to CUPS: a file each, on the disk before it is done, so that a restart prints none twice.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class Journal {
	constructor(dir) {
		this.dir = dir;
		mkdirSync(dir, { recursive: true, mode: 0o700 });
	}

	// entry: {title, cups}: what CUPS calls it, and its number there once it has one.
	put(job, entry) {
		const file = path.join(this.dir, job);
		const at = openSync(`${file}.new`, 'w', 0o600);
		writeSync(at, JSON.stringify(entry));
		fsyncSync(at);
		closeSync(at);
		renameSync(`${file}.new`, file);
		const dir = openSync(this.dir, 'r');
		fsyncSync(dir);
		closeSync(dir);
	}

	// null: it was never about to be.
	get(job) {
		try {
			return JSON.parse(readFileSync(path.join(this.dir, job), 'utf8'));
		} catch {
			return null;
		}
	}

	drop(job) {
		rmSync(path.join(this.dir, job), { force: true });
	}

	all() {
		return readdirSync(this.dir).filter((name) => ID.test(name));
	}
}
