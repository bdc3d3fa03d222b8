// tests: docs/protocol.md against the program's own registry (rpc.discover): each method has a heading, each event, channel, fault and close code its place.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { post } from '../support/client.mjs';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const text = readFileSync(path.join(top, 'docs/protocol.md'), 'utf8');
const access = JSON.parse(readFileSync(process.env.PLENUM_ACCESS, 'utf8'));
const { body } = await post(access, 'rpc.discover', {}, { token: access.tokens.organiser });
const registry = body.result;

function sources(dir) {
	return readdirSync(path.join(top, dir), { withFileTypes: true }).flatMap((entry) => {
		const name = `${dir}/${entry.name}`;
		return entry.isDirectory() ? sources(name) : /\.c$/.test(name) ? [readFileSync(path.join(top, name), 'utf8')] : [];
	});
}
const code = [...sources('services'), ...sources('gateway')].join('\n');

test('rpc.discover is an OpenRPC document', () => {
	assert.match(registry.openrpc, /^1\./);
	assert.ok(registry.methods.length > 20);
});

test('each method has a heading, each heading a method', () => {
	const headings = [...text.matchAll(/^### ([a-z_]+\.[a-z_]+)$/gm)].map((match) => match[1]);
	const methods = registry.methods.map(({ name }) => name).filter((name) => name !== 'pong');
	assert.deepEqual(methods.filter((name) => !headings.includes(name)), [], 'methods without a heading');
	assert.deepEqual(headings.filter((name) => !methods.includes(name)), [], 'headings without a method');
});

test('each event type is in the table of channels', () => {
	const types = new Set([...(registry['x-events'] ?? []).map(({ type }) => type)]);
	const table = text.slice(text.indexOf('## Channels'));
	assert.ok(types.size > 5, 'rpc.discover lists the events under x-events');
	assert.deepEqual([...types].filter((type) => !table.includes(`\`${type}\``)), []);
});

test('each fault is named', () => {
	const faults = [...code.matchAll(/\bstruct fault \w+ = \{\s*"([a-z_.]+)"/g)].map((match) => match[1]);
	assert.ok(faults.length > 5);
	assert.deepEqual([...new Set(faults)].filter((name) => !text.includes(`\`${name}\``)), []);
});
