// tests: instances and clusters of a test's own, copied from templates that are made once per build; gone when the test passes.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Instance, TOP, sleep } from '../../deploy/lib/instance.mjs';
import { Postgres } from '../../deploy/lib/postgres.mjs';
import { seed } from '../../deploy/lib/seed.mjs';

export const BIN = path.resolve(process.env.PLENUM_BIN ?? path.join(TOP, 'build/debug'));
const HOME = path.join(BIN, 'tests-data');

const alive = (pid) => existsSync(`/proc/${pid}`);

// Whoever holds it may give it back while we look.
function ownerIsDead(file) {
	try {
		return !alive(readFileSync(file, 'utf8'));
	} catch {
		return false;
	}
}

// One process at a time; a lock whose owner died is nobody's.
async function locked(name, task) {
	const lock = path.join(HOME, `${name}.lock`);
	mkdirSync(HOME, { recursive: true });
	for (;;) {
		try {
			mkdirSync(lock);
			break;
		} catch {
			if (ownerIsDead(path.join(lock, 'pid'))) rmSync(lock, { recursive: true, force: true });
			await sleep(100);
		}
	}
	writeFileSync(path.join(lock, 'pid'), String(process.pid));
	try {
		return await task();
	} finally {
		rmSync(path.join(lock, 'pid'));
		rmdirSync(lock);
	}
}

// A template is made again when one of the files it came from changed.
function keyOf(files) {
	const hash = createHash('sha256');
	for (const file of files) hash.update(`${file} ${existsSync(file) ? statSync(file).mtimeMs : 0}\n`);
	return hash.digest('hex');
}

async function template(name, files, make) {
	const dir = path.join(HOME, name);
	const keyFile = path.join(dir, 'key');
	const key = keyOf(files);
	await locked(name, async () => {
		if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return;
		await remove(dir);
		mkdirSync(dir, { recursive: true });
		await make(dir);
		writeFileSync(keyFile, key);
	});
	return dir;
}

async function remove(dir) {
	if (!existsSync(dir)) return;
	const pg = new Postgres(path.join(dir, 'pg'));
	await pg.stop('immediate');
	pg.remove();
	rmSync(dir, { recursive: true, force: true });
}

const lib = path.join(TOP, 'deploy/lib');
const emptyTemplate = () => template('empty', [path.join(lib, 'postgres.mjs')], async (dir) => {
	const pg = new Postgres(path.join(dir, 'pg'));
	await pg.make({ durable: false });
	await pg.stop();
});

const migratedTemplate = () => template('migrated', [path.join(BIN, 'plenum'), path.join(lib, 'postgres.mjs')], async (dir) => {
	const pg = new Postgres(path.join(dir, 'pg'));
	await pg.make({ durable: false });
	await promisify(execFile)(path.join(BIN, 'plenum'), ['migrate', '--dsn', pg.dsn('plenum_owner')]);
	await pg.stop();
});

const seededTemplate = () => template('seeded',
	[path.join(BIN, 'plenum'), path.join(TOP, 'sql/seed/favrholm.json'), ...['postgres', 'instance', 'seed'].map((name) => path.join(lib, `${name}.mjs`))],
	async (dir) => {
		const instance = new Instance({ dir, bin: BIN });
		await instance.startDatabase({ durable: false });
		await seed(instance);
		instance.beat();
		await instance.pg.stop();
	});

function ownDir() {
	const dir = path.join(HOME, 'run', `${process.pid}-${Date.now().toString(36)}`);
	mkdirSync(dir, { recursive: true });
	return dir;
}

// What earlier runs that were killed left behind.
export async function sweep() {
	const run = path.join(HOME, 'run');
	if (!existsSync(run)) return;
	for (const name of readdirSync(run)) if (!alive(name.split('-')[0])) await remove(path.join(run, name));
}

// A database with its roles, empty or migrated. {pg, stop()}.
export async function cluster({ migrated = false } = {}) {
	const from = new Postgres(path.join(await (migrated ? migratedTemplate() : emptyTemplate()), 'pg'));
	const dir = ownDir();
	const pg = new Postgres(path.join(dir, 'pg'));
	pg.copyFrom(from);
	await pg.start();
	return { pg, dir, stop: () => remove(dir) };
}

/*
 * The sample conference, running. durable: commits reach the disk, as in production. A watchdog ends the process and all it started
 * before ctest would kill it and leave the rest.
 */
export async function demo({ workers = 2, durable = false, gateway = true, limit = 840 } = {}) {
	const from = await seededTemplate();
	const dir = ownDir();
	for (const name of ['access.json', 'heartbeat', 'keys', 'mail']) cpSync(path.join(from, name), path.join(dir, name), { recursive: true });
	const instance = new Instance({ dir, bin: BIN, workers });
	instance.pg.copyFrom(new Postgres(path.join(from, 'pg')));
	instance.pg.durable(durable);
	await instance.pg.start();
	instance.port = instance.pg.port + 5000;
	instance.writeConfig();
	await instance.continueClock();
	const watchdog = setTimeout(() => {
		console.error(`over ${limit} s: stopped`);
		instance.stop().finally(() => process.exit(1));
	}, limit * 1000);
	watchdog.unref();
	let over = false;
	// Throws when plenumd's log has a sanitizer's report.
	const stop = async () => {
		if (over) return;
		over = true;
		clearTimeout(watchdog);
		await instance.stop();
		const report = instance.report();
		if (report) throw new Error(`plenumd said:\n${report}\n(${instance.logFile})`);
		await remove(dir);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop().finally(() => process.exit(1)));
	try {
		if (gateway) await instance.startGateway();
		else instance.writeAccess(instance.access);
	} catch (error) {
		await instance.stop();
		throw error;
	}
	return { instance, access: instance.access, stop };
}

// What ctest's setup does, so that the tests behind it do not wait for each other.
export async function prepare() {
	await sweep();
	await emptyTemplate();
	await migratedTemplate();
	await seededTemplate();
}
