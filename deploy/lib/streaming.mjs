// deploy: a streaming server for a trial or a test: nginx with its RTMP module, fed by ffmpeg's test picture; a folder and ports of its own, gone when it ends.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const ROOT = process.getuid() === 0;
// nginx and ffmpeg need no rights: as root both run as nobody.
const asNobody = (command, args) => (ROOT ? ['runuser', ['-u', 'nobody', '--', command, ...args]] : [command, args]);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const RENDITIONS = [['high', 640, 360, 700], ['mid', 426, 240, 320], ['low', 256, 144, 120]];

// A port that was free a moment ago. nginx binds it alone, so a second one there would fail, not share.
function freePort() {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.on('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const { port } = probe.address();
			probe.close(() => resolve(port));
		});
	});
}

export class Streaming {
	// Three renditions and sound alone of a picture called `test`.
	async start() {
		this.dir = mkdtempSync('/tmp/plenum-streaming-');
		this.encoders = new Map();
		for (const sub of ['hls', 'temp']) mkdirSync(path.join(this.dir, sub));
		if (ROOT) {
			const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
			for (const each of [this.dir, path.join(this.dir, 'hls'), path.join(this.dir, 'temp')]) chownSync(each, id('-u'), id('-g'));
		}
		this.http = await freePort();
		this.rtmp = await freePort();
		const conf = path.join(this.dir, 'nginx.conf');
		writeFileSync(conf, readFileSync(path.join(TOP, 'deploy/streaming/nginx.conf'), 'utf8')
			.replaceAll('@DIR@', this.dir).replaceAll('@HTTP@', `127.0.0.1:${this.http}`).replaceAll('@RTMP@', `127.0.0.1:${this.rtmp}`), { mode: 0o644 });
		this.nginx = this.run('/usr/sbin/nginx', ['-p', this.dir, '-e', path.join(this.dir, 'error.log'), '-c', conf]);
		await this.picture('test');
		return this;
	}

	get host() {
		return `127.0.0.1:${this.http}`;
	}

	url(name) {
		return `http://${this.host}/hls/${name}.m3u8`;
	}

	run(command, args) {
		const [file, all] = asNobody(command, args);
		const child = spawn(file, all, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } });
		child.said = '';
		child.stderr.on('data', (text) => (child.said = (child.said + text).slice(-4000)));
		child.gone = new Promise((resolve) => {
			child.on('exit', resolve);
			child.on('error', (error) => {
				child.said += String(error);
				resolve(-1);
			});
		});
		return child;
	}

	// Feeds a picture (an ffmpeg test source) until it is ended, and waits until it can be watched.
	async picture(name, source = 'testsrc2') {
		const n = RENDITIONS.length;
		const split = `[0:v]split=${n}${RENDITIONS.map((_, i) => `[s${i}]`).join('')};${RENDITIONS.map(([, w, h], i) => `[s${i}]scale=${w}:${h}[v${i}]`).join(';')}`;
		const to = (rendition) => `rtmp://127.0.0.1:${this.rtmp}/live/${name}_${rendition}`;
		const sound = ['-c:a', 'aac', '-b:a', '64k', '-ar', '44100'];
		const args = ['-nostdin', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', `${source}=size=640x360:rate=15`, '-re', '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100', '-filter_complex', split];
		RENDITIONS.forEach(([rendition, , , kbit], i) => args.push('-map', `[v${i}]`, '-map', '1:a', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline',
			'-pix_fmt', 'yuv420p', '-g', '15', '-b:v', `${kbit}k`, ...sound, '-f', 'flv', to(rendition)));
		args.push('-map', '1:a', ...sound, '-f', 'flv', to('audio'));
		await this.listens();
		const encoder = this.run('ffmpeg', args);
		this.encoders.set(name, encoder);
		const wanted = [name, ...RENDITIONS.map(([rendition]) => `${name}_${rendition}`), `${name}_audio`].map((each) => path.join(this.dir, 'hls', `${each}.m3u8`));
		for (const end = Date.now() + 30000; !wanted.every(existsSync); await sleep(100)) {
			if (encoder.exitCode !== null || Date.now() > end) throw new Error(`no picture:\n${encoder.said}\n${this.nginx.said}`);
		}
	}

	async listens() {
		for (const end = Date.now() + 10000; ; await sleep(50)) {
			const answer = await fetch(`http://${this.host}/hls/`).catch(() => null);
			if (answer) return;
			if (this.nginx.exitCode !== null || Date.now() > end) throw new Error(`nginx: ${this.nginx.said}`);
		}
	}

	// Without a word, as a cable that is pulled.
	async cut(name) {
		const encoder = this.encoders.get(name);
		this.encoders.delete(name);
		await end(encoder, 'SIGKILL');
	}

	async stop() {
		for (const encoder of this.encoders?.values() ?? []) await end(encoder, 'SIGTERM');
		if (this.nginx) await end(this.nginx, 'SIGTERM');
		if (this.dir) rmSync(this.dir, { recursive: true, force: true });
	}
}

// A process and what it started: each leads a group of its own.
async function end(child, signal) {
	const send = (what) => {
		try {
			process.kill(-child.pid, what);
		} catch {
			// Gone already.
		}
	};
	send(signal);
	const late = setTimeout(() => send('SIGKILL'), 3000);
	await child.gone;
	clearTimeout(late);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const streaming = new Streaming();
	let over = false;
	const stop = async (code) => {
		if (over) return;
		over = true;
		await streaming.stop();
		process.exit(code);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
	try {
		await streaming.start();
		console.log(`three renditions   ${streaming.url('test')}\nsound alone        ${streaming.url('test_audio')}\n`
			+ `list the host      stream.hosts {"media":["${streaming.host}"]}\nCtrl-C ends it and removes ${streaming.dir}`);
		streaming.nginx.gone.then(() => stop(1));
	} catch (error) {
		console.error(error.message);
		await stop(1);
	}
}
