// tests: tokens that must not work, made from one that does.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text) => JSON.parse(Buffer.from(text, 'base64url').toString());

// The same token with other header members or claims, signed with our own key (or another).
export function resign(instance, token, { header = {}, claims = {}, key, without = [] } = {}) {
	const [first, second] = token.split('.');
	const bytes = key ?? Buffer.from(readFileSync(path.join(instance.keyDir, 'script.key'), 'utf8').trim(), 'hex');
	const body = { ...read(second), ...claims };
	for (const name of without) delete body[name];
	const signed = `${part({ ...read(first), ...header })}.${part(body)}`;
	return `${signed}.${createHmac('sha256', bytes).update(signed).digest('base64url')}`;
}

// What no gateway may accept, by name.
export function badTokens(instance, token) {
	const [header, claims, signature] = token.split('.');
	const flipped = Buffer.from(signature, 'base64url');
	flipped[7] ^= 4;
	const unsigned = `${part({ ...read(header), alg: 'none' })}.${claims}.`;
	return {
		expired: resign(instance, token, { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }),
		'one bit of the signature': `${header}.${claims}.${flipped.toString('base64url')}`,
		'other claims under the old signature': `${header}.${part({ ...read(claims), kind: 'session' })}.${signature}`,
		'alg none': unsigned,
		'alg none with a signature': unsigned + signature,
		'alg HS512': resign(instance, token, { header: { alg: 'HS512' } }),
		'signed with an empty key': resign(instance, token, { key: Buffer.alloc(0) }),
		'signed with another key': resign(instance, token, { key: Buffer.alloc(32, 7) }),
		'signed with the session key': resign(instance, token, { key: Buffer.from(readFileSync(path.join(instance.keyDir, 'session.key'), 'utf8').trim(), 'hex') }),
		'another kid': resign(instance, token, { header: { kid: 'nobody' } }),
		'kid as a path': resign(instance, token, { header: { kid: '../../dev/null' } }),
		'another issuer': resign(instance, token, { claims: { iss: 'elsewhere' } }),
		'another conference': resign(instance, token, { claims: { aud: '00000000-0000-4000-8000-000000000000' } }),
		'kind of another': resign(instance, token, { claims: { kind: 'device' } }),
		'no expiry': resign(instance, token, { without: ['exp'] }),
		'a login that is not there': resign(instance, token, { claims: { sid: '00000000-0000-4000-8000-000000000000' } }),
		'not yet valid': resign(instance, token, { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }),
		'no signature': `${header}.${claims}`,
		'four parts': `${token}.x`,
		padded: `${token}=`,
		empty: '',
		'no token at all': 'hello',
	};
}
