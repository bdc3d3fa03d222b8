// deploy: the print agent from the command line.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Agent } from './agent.mjs';
import { Cups } from './cups.mjs';
import { Journal } from './journal.mjs';
import { Link } from './link.mjs';
import { Press } from './paper.mjs';

const USAGE = `Usage: deploy/print-agent --server URL --token-file FILE --printer NAME --queue QUEUE [--state DIR] [--cups HOST:PORT|SOCKET] [--font FILE]… [--option KIND:LPOPTION]…

  --server      where plenumd is, e.g. https://plenum.example.org
  --token-file  a file with the token of a station of profile print (plenum kiosk, or paired), readable by this user alone
  --printer     its name, as staff and people at the door read it: "Hall A, left"
  --queue       its queue in CUPS (lpstat -e)
  --state       where it keeps which badges CUPS has (/var/lib/plenum-print)
  --cups        CUPS elsewhere
  --font        a further font for letters that DejaVu lacks (.ttf, .otf, .ttc#Name)
  --option      what lp is told for a kind of badge (a6, card, label): label:media=Custom.62x90mm
`;

const fail = (why) => {
	process.stderr.write(`print-agent: ${why}\n`);
	process.exit(2);
};

function given() {
	try {
		const text = { type: 'string' };
		const list = { type: 'string', multiple: true };
		return parseArgs({ options: { server: text, 'token-file': text, printer: text, queue: text, state: text, cups: text, font: list, option: list, help: { type: 'boolean', short: 'h' } } }).values;
	} catch (error) {
		return fail(error.message);
	}
}

const o = given();
if (o.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}
for (const name of ['server', 'token-file', 'printer', 'queue']) if (!o[name]) fail(`--${name} is missing\n\n${USAGE}`);
if (!/^https?:\/\//.test(o.server)) fail('--server is an address that begins with https://');
const options = {};
for (const option of o.option ?? []) {
	const [, kind, value] = option.match(/^(a6|card|label):(.+)$/) ?? fail(`--option ${option}: want a6:…, card:… or label:…`);
	(options[kind] ??= []).push(value);
}

const log = (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);
let agent;
try {
	const token = readFileSync(o['token-file'], 'utf8').trim();
	const link = new Link({ server: o.server, token, channels: ['badge'] });
	agent = new Agent({ printer: o.printer, link, log, cups: new Cups({ queue: o.queue, server: o.cups, options }), press: new Press(o.font), journal: new Journal(o.state ?? '/var/lib/plenum-print') });
	link.on('open', (session) => log(`connected to ${session.conference.title} as ${session.station?.name ?? session.person?.name}`));
	link.on('down', (code) => log(`connection lost (${code})`));
	link.on('refused', async (why) => {
		log(`refused: ${why}; another token is needed`);
		await agent.stop();
		process.exit(1);
	});
} catch (error) {
	fail(error.message);
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, async () => {
	await agent.stop();
	process.exit(0);
});
agent.start();
