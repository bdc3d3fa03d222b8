// tests: runs a command beside a database (`with.mjs pg`), an empty one (`with.mjs empty`) or the running sample conference (`with.mjs demo`); always stops it.
import { spawn } from 'node:child_process';
import { BIN, cluster, demo, prepare } from './instance.mjs';

const [what, ...command] = process.argv.slice(2);
const LIMIT = Number(process.env.PLENUM_TEST_LIMIT ?? 840);

function runCommand(env) {
	return new Promise((resolve) => {
		const child = spawn(command[0], command.slice(1), { stdio: 'inherit', env: { ...process.env, ...env } });
		const late = setTimeout(() => {
			console.error(`${command[0]} ran over ${LIMIT} s: killed`);
			child.kill('SIGKILL');
		}, LIMIT * 1000);
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
		child.on('error', (error) => {
			clearTimeout(late);
			console.error(String(error));
			resolve(127);
		});
		child.on('exit', (code, signal) => {
			clearTimeout(late);
			if (signal) console.error(`${command[0]} ended by ${signal}`);
			resolve(code ?? 1);
		});
	});
}

let code = 1;
if (what === 'prepare') {
	await prepare();
	code = 0;
} else if (what === 'pg' || what === 'empty') {
	const { pg, stop } = await cluster({ migrated: what === 'pg' });
	try {
		const dsns = { PLENUM_BIN: BIN, PLENUM_TEST_DSN: pg.dsn('plenum_app'), PLENUM_TEST_OWNER_DSN: pg.dsn('plenum_owner') };
		code = await runCommand(dsns);
	} finally {
		await stop();
	}
} else if (what === 'demo') {
	const { instance, access, stop } = await demo({ limit: LIMIT + 30 });
	try {
		code = await runCommand({ PLENUM_BIN: BIN, PLENUM_ACCESS: instance.accessFile, PLENUM_BASE: access.base, PLENUM_KEY_DIR: instance.keyDir,
			PLENUM_TEST_DSN: access.app_dsn, PLENUM_TEST_OWNER_DSN: access.dsn });
	} finally {
		await stop();
	}
} else {
	console.error('usage: with_pg COMMAND… | with_demo COMMAND…');
	code = 2;
}
process.exit(code);
