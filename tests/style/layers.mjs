// tests: the direction of the house (docs/architecture.md §1): who may include whom, how long a file may be, and that its first line says what it is for.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const problems = [];
const warnings = [];

function files(dir, pattern) {
	if (!existsSync(path.join(top, dir))) return [];
	return readdirSync(path.join(top, dir), { withFileTypes: true }).flatMap((entry) => {
		const name = `${dir}/${entry.name}`;
		if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : files(name, pattern);
		return pattern.test(entry.name) ? [name] : [];
	});
}

const room = (file) => file.split('/').slice(0, file.startsWith('services/') ? 2 : 1).join('/');
const services = readdirSync(path.join(top, 'services'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const belowServices = ['services/core', 'services/db'];

// Headers of a library → the rooms that may know it.
const libraries = [
	[/^libpq-fe\.h$|^libpq\//, ['services/db']],
	[/^libwebsockets\.h$/, ['gateway']],
	[/^uv\.h$/, ['gateway', 'services/db']],
	[/^curl\//, ['gateway']],
	[/^jwt\.h$/, ['services/core']],
	[/^libical\//, ['services/feeds']],
	[/^libxml\//, ['services/schedule']],
];

function mayInclude(from, to) {
	if (to === from) return true;
	if (to === 'gateway') return false;
	if (from === 'gateway') return true;
	if (from === 'services/core') return false;
	if (from === 'services/db') return to === 'services/core';
	return belowServices.includes(to);
}

for (const file of [...files('services', /\.[ch]$/), ...files('gateway', /\.[ch]$/)]) {
	const from = room(file);
	const top_ = file === 'services/services.c';
	for (const [, quoted, angled] of readFileSync(path.join(top, file), 'utf8').matchAll(/^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)/gm)) {
		const header = quoted ?? angled;
		for (const [pattern, rooms] of libraries)
			if (pattern.test(header) && !rooms.includes(from)) problems.push(`${file}: <${header}> belongs to ${rooms.join(' and ')}`);
		if (!quoted || top_) continue;
		const to = header.includes('/') ? room(header) : from;
		if (services.includes(to.slice('services/'.length)) || to === 'gateway' || to === 'services')
			if (!mayInclude(from, to)) problems.push(`${file}: includes ${header}: nothing points back, and services do not know each other`);
	}
}

const sources = [
	...files('services', /\.[ch]$/), ...files('gateway', /\.[ch]$/), ...files('sql', /\.sql$/),
	...files('web', /\.(m?js|css)$/), ...files('tests', /\.([ch]|mjs)$/), ...files('deploy', /\.mjs$/),
];
for (const file of sources) {
	const lines = readFileSync(path.join(top, file), 'utf8').split('\n');
	if (lines.length > 601) problems.push(`${file}: ${lines.length - 1} lines: split it by what its parts are for`);
	else if (lines.length > 401) warnings.push(`${file}: ${lines.length - 1} lines`);
	const first = lines[0].startsWith('#!') ? lines[1] : lines[0];
	if (!/^\s*(\/\*|\/\/|--|<!--)\s*\S/.test(first)) problems.push(`${file}: its first line does not say what it is for`);
}

for (const file of ['LICENSE', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/architecture.md', 'docs/protocol.md', 'docs/database.md', 'docs/operations.md'])
	if (!existsSync(path.join(top, file))) problems.push(`${file} is missing`);

for (const warning of warnings) console.log(`long     ${warning}`);
for (const problem of problems) console.log(`problem  ${problem}`);
console.log(`${sources.length} files, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
