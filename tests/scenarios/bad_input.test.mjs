// scenario: what is wrong is refused by name within the same request, changes nothing, and harms nobody else.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { demo } from '../support/instance.mjs';
import { RpcError, WebSocket, connect, post, uuid } from '../support/client.mjs';
import { badTokens } from '../support/tokens.mjs';
import { unchanged } from '../support/unchanged.mjs';

let t;
let attendee;
let moderator;

before(async () => {
	t = await demo();
	attendee = await connect(t.access, 'attendees 0');
	moderator = await connect(t.access, 'moderator');
});
after(async () => {
	attendee.close();
	moderator.close();
	await t.stop();
});

// Everything that a refused request could have changed, as one text.
const state = () => t.instance.pg.sql('plenum_owner', 'plenum', `
	select (select count(*) from question), (select count(*) from vote), (select count(*) from scan), (select count(*) from admission),
	(select count(*) from reply), (select count(*) from channel_event),
	(select count(*) from person), (select sum(version) from slot), (select count(*) from role_grant), (select sum(version) from question)`).then(JSON.stringify);

const call = (params, method = 'qa.ask', id = 7) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);
const u = '018f0000-0000-7000-8000-000000000001';

// name, text → fault. All are answered on the open socket.
const texts = () => {
	const talk = t.access.talk;
	return [
		['not JSON', '{"jsonrpc":', 'bad_request', -32700],
		['bytes behind the value', `${call({ talk })} x`, 'bad_request', -32700],
		['a byte order mark', `\ufeff${call({ talk })}`, 'bad_request', -32700],
		['depth 9', `{"jsonrpc":"2.0","id":7,"method":"qa.list","params":{"talk":${nested(8)}}}`, 'bad_request', -32700],
		['a member twice', `{"jsonrpc":"2.0","id":7,"method":"qa.list","params":{"talk":"${talk}","talk":"${talk}"}}`, 'bad_request', -32700],
		['a member twice by escape', `{"jsonrpc":"2.0","id":7,"method":"qa.list","params":{"talk":"${talk}","t\\u0061lk":"${talk}"}}`, 'bad_request', -32700],
		['a NUL', call({ question: u, talk, text: 'a\u0000b' }), 'bad_request'],
		['a lone surrogate', `{"jsonrpc":"2.0","id":7,"method":"qa.ask","params":{"question":"${u}","talk":"${talk}","text":"\\ud800"}}`, 'bad_request'],
		['an integer beyond 64 bits', `{"jsonrpc":"2.0","id":7,"method":"qa.vote","params":{"question":"${u}","value":1,"seq":10000000000000000000}}`, 'bad_request'],
		['a number beyond all', `{"jsonrpc":"2.0","id":7,"method":"qa.vote","params":{"question":"${u}","value":1,"seq":1e400}}`, 'bad_request'],
		['not a call', '{"hello":1}', 'bad_request', -32600],
		['no object', '7', 'bad_request'],
		['params as an array', '{"jsonrpc":"2.0","id":7,"method":"qa.list","params":[1]}', 'bad_request'],
		['another version of JSON-RPC', '{"jsonrpc":"1.0","id":7,"method":"qa.list","params":{}}', 'bad_request', -32600],
		['an unknown method', call({}, 'qa.nothing'), 'not_found', -32601],
		['a method with a wrong case', call({ talk }, 'QA.list'), 'not_found', -32601],
		['a method of the command line', call({}, 'conference.list'), 'not_found'],
		['a missing member', call({ talk }), 'bad_request', -32602],
		['a number for a text', call({ question: u, talk, text: 5 }), 'bad_request', -32602],
		['a text for a number', call({ question: u, value: '1', seq: 1 }, 'qa.vote'), 'bad_request', -32602],
		['a broken fraction', call({ question: u, value: 1, seq: 1.5 }, 'qa.vote'), 'bad_request'],
		['no UUID', call({ question: '1', talk, text: 'x' }), 'bad_request', -32602],
		['an empty text', call({ question: u, talk, text: ' \u00a0 ' }), 'bad_request', -32602],
		['a text of 501 characters', call({ question: u, talk, text: 'ø'.repeat(501) }), 'limit.size', -32602],
		['a vote of 2', call({ question: u, value: 2, seq: 1 }, 'qa.vote'), 'bad_request', -32602],
		['seq 0', call({ question: u, value: 1, seq: 0 }, 'qa.vote'), 'bad_request', -32602],
		['a role one does not hold', call({ question: u, expect_version: 1, key: uuid() }, 'qa.approve'), 'denied', -32001],
		['an organiser’s method', call({ key: uuid() }, 'release.publish'), 'denied', -32001],
		['a kiosk’s method', call({ list: t.access.list, code: t.access.codes[1], scan_id: uuid() }, 'checkin.admit'), 'denied', -32001],
		['an unknown talk', call({ question: u, talk: u, text: 'x' }), 'not_found'],
		['an unknown question', call({ question: u, value: 1, seq: 1 }, 'qa.vote'), 'not_found'],
		['a list of an unknown talk', call({ talk: u }, 'qa.list'), 'not_found'],
		['65 channels', call({ channels: Array.from({ length: 65 }, () => ({ name: `talk:${uuid()}` })) }, 'channel.subscribe'), ['bad_request', 'limit.size']],
		['session.open a second time', call({ token: t.access.tokens.organiser }, 'session.open'), ['bad_request', 'denied', 'conflict', 'auth.required']],
		['SQL as text', call({ talk: "'; drop table question; --" }, 'qa.list'), 'bad_request', -32602],
	];
};

test('each has its fault on the open socket and nothing changes', async () => {
	await unchanged(state, async () => {
		for (const [name, text, faults, code] of texts()) {
			const expected = Array.isArray(faults) ? faults : [faults];
			const heard = attendee.log.length;
			attendee.raw(text);
			// Nobody waits for that id. An answer to what had no readable one comes with id null.
			const reply = await attendee.wait((entry) => entry.kind === 'reply' && attendee.log.indexOf(entry) >= heard, name);
			assert.ok(reply.error, `${name}: ${JSON.stringify(reply.result)}`);
			const refusal = new RpcError(reply.error, name);
			assert.ok(expected.includes(refusal.fault), `${name}: ${refusal.fault}, not ${expected}`);
			if (code) assert.equal(refusal.code, code, name);
			assert.ok(!/select|insert|postgres|services\//i.test(refusal.message), `${name}: ${refusal.message}`);
		}
	});
	assert.equal((await attendee.call('qa.list', { talk: t.access.talk })).talk, t.access.talk, 'the socket still works');
});

test('a moderator’s stale version and a missing key', async () => {
	const question = uuid();
	await attendee.call('qa.ask', { question, talk: t.access.talk, text: 'For versions' });
	await unchanged(state, async () => {
		await assert.rejects(moderator.write('qa.approve', { question, expect_version: 9 }), { fault: 'conflict', code: -32010 });
		await assert.rejects(moderator.call('qa.approve', { question, expect_version: 1 }), { fault: 'bad_request' });
		await assert.rejects(moderator.call('qa.approve', { question, expect_version: 1, key: 'mine' }), { fault: 'bad_request' });
		await assert.rejects(moderator.write('qa.answer', { question, expect_version: 1 }), { code: -32010 });
	});
});

test('a closed window', async () => {
	const question = uuid();
	await attendee.call('qa.ask', { question, talk: t.access.talk, text: 'Before it closes' });
	await moderator.write('qa.approve', { question, expect_version: 1 });
	await moderator.write('qa.window', { talk: t.access.talk, ask: 'closed', vote: 'closed' });
	await unchanged(state, async () => {
		await assert.rejects(attendee.call('qa.ask', { question: uuid(), talk: t.access.talk, text: 'Too late' }), { fault: 'qa.closed' });
		await assert.rejects(attendee.call('qa.vote', { question, value: 1, seq: 1 }), { fault: 'qa.closed' });
	});
	await moderator.write('qa.window', { talk: t.access.talk, ask: 'auto', vote: 'auto' });
});

// Frames end the socket when they are beyond what the protocol allows.
async function closedBy(send) {
	const client = await connect(t.access, 'attendees 1');
	send(client.ws);
	return client.waitClose();
}

test('16 KiB + 1, 17 fragments, binary, invalid UTF-8', async () => {
	const padded = (size) => call({ talk: t.access.talk }, 'qa.list').replace(/\}$/, `${' '.repeat(size - call({ talk: t.access.talk }, 'qa.list').length)}}`);
	const fragments = (n) => (ws) => {
		for (let i = 0; i < n; i++) ws.send(' ', { fin: i === n - 1 });
	};
	await unchanged(state, async () => {
		const fits = await connect(t.access, 'attendees 1');
		const answer = new Promise((resolve, reject) => fits.waiting.set(7, { resolve, reject, method: 'x' }));
		fits.raw(padded(16384));
		await answer;
		fits.close();
		assert.equal(await closedBy((ws) => ws.send(padded(16385))), 1009);
		assert.ok([1008, 1009, 4400].includes(await closedBy(fragments(17))));
		assert.ok([1003, 1007, 4400].includes(await closedBy((ws) => ws.send(Buffer.from([1, 2, 3]), { binary: true }))));
		assert.equal(await closedBy((ws) => ws.send(Buffer.from([0x22, 0xc3, 0x28, 0x22]), { binary: false })), 1007);
	});
});

test('tokens that must not work, on the socket and over POST', async () => {
	for (const [name, token] of Object.entries(badTokens(t.instance, t.access.tokens.attendees[2]))) {
		const fault = name === 'expired' ? 'auth.expired' : undefined;
		await assert.rejects(connect(t.access, { token }), (error) => {
			assert.ok(error instanceof RpcError, `${name}: ${error}`);
			assert.ok(['auth.required', 'auth.expired', 'bad_request'].includes(error.fault), `${name}: ${error.fault}`);
			if (fault) assert.equal(error.fault, fault, name);
			return true;
		});
		if (token === '' || /[^\x21-\x7e]/.test(token)) continue;
		const { status } = await post(t.access, 'qa.list', { talk: t.access.talk }, { token });
		assert.equal(status, 401, name);
	}
	const good = await post(t.access, 'qa.list', { talk: t.access.talk }, { token: t.access.tokens.attendees[2] });
	assert.equal(good.body.result.talk, t.access.talk);
});

test('POST /rpc: sizes, types, credentials', async () => {
	const token = t.access.tokens.attendees[0];
	assert.equal((await post(t.access, 'qa.list', {}, {})).status, 401);
	assert.equal((await post(t.access, 'qa.list', {}, { token, body: `"${'x'.repeat(16384)}"` })).status, 413);
	const broken = await post(t.access, '', {}, { token, body: '{"a":' });
	assert.equal(broken.body.error.data.fault, 'bad_request');
	const plain = await fetch(`${t.access.base}/rpc`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' }, body: call({ talk: t.access.talk }, 'qa.list') });
	assert.equal((await plain.json()).error.data.fault, 'bad_request', 'text/plain is no call');
	assert.equal((await fetch(`${t.access.base}/rpc`)).status >= 400, true);
	const guest = await post(t.access, 'schedule.get', {}, { path: '/rpc?guest=' });
	assert.ok(guest.body.result.slots);
	const asGuest = await post(t.access, 'qa.ask', { question: uuid(), talk: t.access.talk, text: 'x' }, { path: '/rpc?guest=favrholm' });
	assert.ok(['denied', 'auth.required'].includes(asGuest.body.error.data.fault));
	const cookieless = await post(t.access, 'qa.list', { talk: t.access.talk }, { token, origin: 'https://elsewhere.example' });
	assert.ok(cookieless.status === 403 || cookieless.body.result, 'a bearer token needs no Origin; a foreign one may be refused');
});

test('a closed socket is really closed, and WebSocket pings are answered', async () => {
	const ws = new WebSocket(t.access.ws, ['plenum.v1']);
	await new Promise((resolve) => ws.once('open', resolve));
	const pong = new Promise((resolve) => ws.once('pong', resolve));
	ws.ping('hello');
	assert.equal(String(await pong), 'hello');
	ws.close(1000);
	await new Promise((resolve) => ws.once('close', resolve));
});
