// deploy: the demo in the foreground, after `deploy/demo` installed and built: starts or continues the instance in .local/demo, says where to go, stops all of it.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { Instance, TOP } from './instance.mjs';
import { portIsFree } from './postgres.mjs';
import { STAFF, START, seed } from './seed.mjs';

const { values: options } = parseArgs({
	options: { fresh: { type: 'boolean' }, check: { type: 'boolean' }, port: { type: 'string', default: '8480' }, workers: { type: 'string' }, at: { type: 'string' } },
});
const bin = path.join(TOP, 'build/release');
const dir = path.join(TOP, '.local/demo');
mkdirSync(path.join(TOP, '.local'), { recursive: true });

function die(message) {
	console.error(message);
	process.exit(1);
}

function table(rows) {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('   ').trimEnd()}`).join('\n');
}

function welcome(instance) {
	const { base, access } = instance;
	const show = (file) => path.relative(process.cwd(), file) || '.';
	const rows = [
		['where', 'who', 'how'],
		[`${base}/`, 'everybody', 'the front page'],
		[`${base}/attend`, 'an attendee', 'attendee1@example.org … attendee60@example.org, or look on as a guest'],
		[`${base}/moderate`, 'the moderator', STAFF.moderator],
		[`${base}/run`, 'who runs a room', `${STAFF.moderator}, on a phone`],
		[`${base}/organise`, 'the organiser', STAFF.organiser],
		[`${base}/kiosk`, 'a kiosk', `shows a code; ${STAFF.desk} or the organiser confirms it`],
		[`${base}/stage/${access.room}`, 'a stage screen', 'the same way'],
		[access.feeds.public, 'a calendar', 'subscribe to it'],
	];
	return `${table(rows)}

  Sign-in mails are not sent: they are written to ${show(instance.mailDir)}/, the newest holds your code.
  The programme as plain files, for any web host: ${show(instance.bundleDir)}/favrholm/current/
  Entry codes to try at the kiosk: ${access.codes.slice(0, 3).join('  ')}
  Tokens for scripts, and the rest: ${show(instance.accessFile)}. Log: ${show(instance.logFile)}. Ctrl-C stops everything.
`;
}

// Seconds by which --at lies behind the conference's clock as it stands (negative: ahead of it).
async function behind(instance, at) {
	const [[seconds]] = await instance.pg.sql('plenum_owner', 'plenum',
		`select extract(epoch from now() + clock_offset - '${at.replace(/'/g, '')}'::timestamptz) from conference where slug = 'favrholm'`);
	return Number(seconds);
}

async function demo() {
	const port = Number(options.port);
	const running = existsSync(path.join(dir, 'access.json')) ? JSON.parse(readFileSync(path.join(dir, 'access.json'), 'utf8')).pid : 0;
	if (running && existsSync(`/proc/${running}/cmdline`) && readFileSync(`/proc/${running}/cmdline`, 'utf8').includes(dir))
		die(`A demo of this clone is running already (process ${running}). Stop it first; or use --check, which has an instance of its own.`);
	if (!(await portIsFree(port))) die(`Port ${port} is in use. Choose another: ./deploy/demo --port N`);
	if (options.fresh && existsSync(dir)) {
		const old = new Instance({ dir, bin });
		await old.pg.stop();
		old.pg.remove();
		rmSync(dir, { recursive: true });
	}
	const instance = new Instance({ dir, bin, workers: options.workers ? Number(options.workers) : undefined, port, bundle: true });
	let stopping = false;
	const stop = async (code) => {
		if (stopping) return;
		stopping = true;
		console.log('\nstopping');
		await instance.stop().catch((error) => console.error(String(error)));
		process.exit(code);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
	try {
		await instance.startDatabase();
		if (!existsSync(instance.accessFile)) {
			const [[conferences]] = await instance.pg.sql('plenum_owner', 'plenum', "select count(*) from conference where slug = 'favrholm'");
			if (conferences !== '0') throw new Error('The last start ended half-way. Begin again with ./deploy/demo --fresh');
			await seed(instance, { at: options.at ?? START, say: console.log });
		} else {
			await instance.continueClock();
			if (options.at) {
				if ((await behind(instance, options.at)) > 0) throw new Error('The conference is past that instant. Its clock goes back only with --fresh');
				await instance.plenum(['conference', 'clock', 'favrholm', '--at', options.at]);
			}
			console.log('continuing where the last start stopped; --fresh begins again');
		}
		await instance.startGateway();
	} catch (error) {
		if (stopping) return;
		console.error(error.message);
		await stop(1);
		return;
	}
	instance.gateway.exited.then((why) => {
		if (stopping) return;
		console.error(`plenumd ended (${why}):\n${instance.logTail()}`);
		stop(1);
	});
	console.log(`\n${welcome(instance)}\nready`);
}

if (options.check) process.exit((await check({ bin, workers: Number(options.workers ?? 2), at: options.at })) ? 0 : 1);
await demo();
