// tests: a CUPS of a test's own with one printer that makes files (cups-pdf): a server root, spool, socket and output in a folder, gone when it stops. As root, like cupsd itself.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const EVERYBODY = 'Order allow,deny\nAllow all\n';

export class PrivateCups {
	async start() {
		// cupsd and its filters run as lp; a socket's path is short.
		this.dir = mkdtempSync('/tmp/plenum-cups-');
		chmodSync(this.dir, 0o755);
		this.name = path.basename(this.dir);
		this.socket = path.join(this.dir, 'cups.sock');
		this.out = path.join(this.dir, 'out');
		for (const sub of ['root/ppd', 'spool/tmp', 'cache', 'state', 'log', 'out']) mkdirSync(path.join(this.dir, sub), { recursive: true });
		chmodSync(this.out, 0o777);
		const at = (sub) => path.join(this.dir, sub);
		writeFileSync(at('root/cupsd.conf'), `Listen ${this.socket}\nLogLevel info\nWebInterface No\nBrowsing No\nDefaultAuthType None\nPreserveJobHistory Yes\nPreserveJobFiles Yes
<Location />\n${EVERYBODY}</Location>\n<Location /admin>\n${EVERYBODY}</Location>\n<Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n<Limit All>\n${EVERYBODY}</Limit>\n</Policy>\n`);
		writeFileSync(at('root/cups-files.conf'), `ServerRoot ${at('root')}\nRequestRoot ${at('spool')}\nTempDir ${at('spool/tmp')}\nCacheDir ${at('cache')}\nStateDir ${at('state')}
AccessLog ${at('log/access')}\nErrorLog ${at('log/error')}\nPageLog ${at('log/page')}\nDataDir /usr/share/cups\nServerBin /usr/lib/cups\nDocumentRoot /usr/share/cups\nUser lp\nGroup lp\nSystemGroup root lpadmin\n`);
		// The one thing outside: cups-pdf reads the settings of an instance nowhere else.
		this.pdfConf = `/etc/cups/cups-pdf-${this.name}.conf`;
		writeFileSync(this.pdfConf, `Out ${this.out}\nAnonDirName ${this.out}\nLabel 1\nLog ${at('log')}\nSpool ${at('spool')}/pdf\nGrp lp\n`);
		this.daemon = spawn('/usr/sbin/cupsd', ['-f', '-c', at('root/cupsd.conf'), '-s', at('root/cups-files.conf')], { stdio: 'ignore' });
		await this.until(() => run('lpstat', ['-h', this.socket, '-r']).then(({ stdout }) => stdout.includes('is running'), () => false), 'cupsd answers');
		await this.admin('lpadmin', ['-p', 'Badge', '-E', '-v', `cups-pdf:/${this.name}`, '-m', 'lsb/usr/cups-pdf/CUPS-PDF_noopt.ppd']);
		return this;
	}

	admin(command, args) {
		return run(command, ['-h', this.socket, ...args], { env: { ...process.env, LC_ALL: 'C' } });
	}

	async until(ask, what, ms = 60000) {
		for (const end = Date.now() + ms; !(await ask()); await sleep(100)) if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
	}

	// The files whose title holds that, whole: cups-pdf writes one and then names it.
	files(title) {
		return readdirSync(this.out).filter((name) => name.includes(title) && name.endsWith('.pdf')).map((name) => path.join(this.out, name));
	}

	// What CUPS was given for one of these. (What came out went through PostScript: the same picture, but its letters are no longer text.)
	given(file) {
		return path.join(this.dir, 'spool', `d${path.basename(file).match(/^job_(\d+)/)[1].padStart(5, '0')}-001`);
	}

	// Numbers of the jobs CUPS has not ended.
	async waiting() {
		const { stdout } = await this.admin('lpstat', ['-W', 'not-completed', '-o']);
		return [...stdout.matchAll(/^Badge-(\d+)/gm)].map(([, id]) => Number(id));
	}

	get log() {
		const file = path.join(this.dir, 'log/error');
		return existsSync(file) ? readFileSync(file, 'utf8') : '';
	}

	async stop() {
		if (this.daemon && this.daemon.exitCode === null) {
			const ended = new Promise((resolve) => this.daemon.once('exit', resolve));
			this.daemon.kill('SIGTERM');
			await ended;
		}
		rmSync(this.pdfConf, { force: true });
		if (!process.env.PLENUM_KEEP) rmSync(this.dir, { recursive: true, force: true });
	}
}
