// deploy: a private PostgreSQL cluster for a demo or a test: made, copied, started, killed, stopped. Never run as root, never on a socket of the system's own.
import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BIN = '/usr/lib/postgresql/15/bin';
const ROOT = process.getuid() === 0;

// PostgreSQL refuses to run as root; then it runs as Debian's postgres user.
const asServer = (command, args) => (ROOT ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args]);

async function server(command, args) {
	const [file, all] = asServer(path.join(BIN, command), args);
	return run(file, all, { cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' } });
}

function postgresUser() {
	const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

// A directory that the server's user owns: the one asked for, or one under /var/tmp when that user cannot get there.
function ownedDir(wanted) {
	const make = (dir) => {
		mkdirSync(dir, { recursive: true, mode: 0o700 });
		if (ROOT) {
			const { uid, gid } = postgresUser();
			chownSync(dir, uid, gid);
		}
		chmodSync(dir, 0o700);
		return dir;
	};
	make(wanted);
	if (!ROOT) return wanted;
	try {
		execFileSync('runuser', ['-u', 'postgres', '--', 'test', '-w', wanted], { stdio: 'ignore', cwd: '/' });
		return wanted;
	} catch {
		rmSync(wanted, { recursive: true });
	}
	const elsewhere = `/var/tmp/plenum-${createHash('sha256').update(path.resolve(wanted)).digest('hex').slice(0, 16)}`;
	if (existsSync(elsewhere)) {
		const stat = lstatSync(elsewhere);
		if (!stat.isDirectory() || stat.uid !== postgresUser().uid) throw new Error(`${elsewhere} belongs to somebody else`);
	}
	return make(elsewhere);
}

export function portIsFree(port) {
	return new Promise((resolve) => {
		const probe = net.connect({ port, host: '127.0.0.1' });
		probe.once('connect', () => {
			probe.destroy();
			resolve(false);
		});
		probe.once('error', () => resolve(true));
	});
}

/*
 * PostgreSQL takes a port of 20000–24999, its gateway the one 5000 above. PostgreSQL binds its port alone, so the pair is ours: two gateways
 * would share one without a word (SO_REUSEPORT).
 */
const randomPort = () => 20000 + Math.floor(Math.random() * 5000);
export const gatewayPort = (postgresPort) => postgresPort + 5000;

export class Postgres {
	constructor(dir) {
		this.dir = ownedDir(dir);
		this.data = path.join(this.dir, 'data');
		this.log = path.join(this.dir, 'postgres.log');
		const secrets = path.join(this.dir, 'secrets.json');
		if (!existsSync(secrets)) {
			const word = () => randomBytes(18).toString('hex');
			writeFileSync(secrets, JSON.stringify({ postgres: word(), plenum_owner: word(), plenum_app: word() }), { mode: 0o600 });
		}
		this.passwords = JSON.parse(readFileSync(secrets, 'utf8'));
	}

	get exists() {
		return existsSync(path.join(this.data, 'PG_VERSION'));
	}

	get pid() {
		try {
			const pid = Number(readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
			return /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ? pid : 0;
		} catch {
			return 0;
		}
	}

	/*
	 * A killed postmaster whose parent does not reap (process 1 of a container) stays in the process table, and PostgreSQL takes it for a
	 * running one: its lock file goes, once its backends had the time to notice and leave.
	 */
	async clearAfterKill() {
		const lock = path.join(this.data, 'postmaster.pid');
		try {
			const pid = readFileSync(lock, 'utf8').split('\n')[0];
			if (!/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return;
		} catch {
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, 1000));
		rmSync(lock, { force: true });
	}

	dsn(role, database = 'plenum') {
		return `postgresql://${role}:${this.passwords[role]}@127.0.0.1:${this.port}/${database}`;
	}

	// A new cluster with roles and an empty database. With durable off it is fast and would not survive a power cut.
	async make({ durable = true } = {}) {
		const word = path.join(this.dir, 'password');
		writeFileSync(word, this.passwords.postgres, { mode: 0o600 });
		if (ROOT) {
			const { uid, gid } = postgresUser();
			chownSync(word, uid, gid);
		}
		await server('initdb', ['-D', this.data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${word}`,
			'-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
		rmSync(word);
		this.durable(durable);
		await this.start();
		await this.sql('postgres', 'postgres', `
			create role plenum_owner login password '${this.passwords.plenum_owner}';
			create role plenum_app login password '${this.passwords.plenum_app}';
			create role plenum_read nologin;
			grant pg_monitor to plenum_owner;
			revoke all on database postgres, template1 from public;`);
		await this.sql('postgres', 'postgres', 'create database plenum owner plenum_owner');
		await this.sql('postgres', 'plenum', 'revoke all on database plenum from public; grant connect on database plenum to plenum_app, plenum_read');
	}

	// Settings in force from the next start. Whether commits reach the disk is the caller's to say.
	durable(yes) {
		writeFileSync(path.join(this.data, 'postgresql.auto.conf'), `# Written by deploy/lib/postgres.mjs.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
fsync = ${yes ? 'on' : 'off'}
full_page_writes = ${yes ? 'on' : 'off'}
max_wal_size = '2GB'
shared_buffers = '${yes ? 512 : 128}MB'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u '
`);
	}

	// Another cluster's files, while that one is stopped.
	copyFrom(other) {
		rmSync(this.dir, { recursive: true, force: true });
		execFileSync('cp', ['-a', '--reflink=auto', other.dir, this.dir]);
		this.passwords = other.passwords;
	}

	async start(port) {
		if (this.pid) await this.stop();
		await this.clearAfterKill();
		for (let attempt = 0, until = Date.now() + 60000; ; attempt++) {
			this.port = port ?? randomPort();
			try {
				if (!(await portIsFree(this.port))) throw new Error(`port ${this.port} is in use`);
				// On its old port again, the gateway above it may be the one that waits for it.
				if (!port && !(await portIsFree(gatewayPort(this.port)))) throw new Error(`port ${gatewayPort(this.port)} is in use`);
				await server('pg_ctl', ['-D', this.data, '-l', this.log, '-w', '-t', '60', '-o', `-p ${this.port}`, 'start']);
				return;
			} catch (error) {
				// A port given again (after a kill) may still be held by a dying backend for a while.
				if (port ? Date.now() > until : attempt === 9) throw new Error(`PostgreSQL did not start: ${error.message}; see ${this.log}`);
				if (port) await new Promise((resolve) => setTimeout(resolve, 300));
			}
		}
	}

	// 'immediate' writes nothing more: for a cluster that is thrown away.
	async stop(mode = 'fast') {
		if (this.pid) await server('pg_ctl', ['-D', this.data, '-m', mode, '-w', '-t', '60', 'stop']).catch(() => this.kill());
	}

	// kill -9 of the postmaster. Its children notice and leave.
	kill() {
		if (this.pid) process.kill(this.pid, 'SIGKILL');
	}

	remove() {
		rmSync(this.dir, { recursive: true, force: true });
	}

	// Rows of one or more statements as arrays of text, by psql itself: Debian's wrapper of that name costs more than the statement.
	async sql(role, database, text) {
		const { stdout } = await run(path.join(BIN, 'psql'), ['-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', this.dsn(role, database), '-c', text], {
			maxBuffer: 1 << 28,
			env: { ...process.env, PGOPTIONS: '' },
		});
		return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
	}
}
