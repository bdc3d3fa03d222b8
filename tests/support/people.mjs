// tests: more people than the sample conference has, with tokens: made by SQL, signed here.
import { randomUUID } from 'node:crypto';
import { resign } from './tokens.mjs';

// So many of one role, with a script's login each. [{person, token}]
export async function people(instance, access, n, role = 'attendee') {
	const tag = randomUUID().slice(0, 8);
	const rows = await instance.pg.sql('plenum_owner', 'plenum', `
		with p as (insert into person (conference, email, name)
			select '${access.conference}', '${role}-${tag}-' || i || '@example.org', 'Somebody ' || i from generate_series(1, ${n}) i returning id, conference
		), r as (insert into registration (person, conference) select id, conference from p
		), g as (insert into role_grant (conference, person, role) select conference, id, '${role}' from p)
		insert into login (conference, kind, person, expires) select conference, 'script', id, now() + interval '1 day' from p returning id, person`);
	return rows.map(([sid, person]) => ({ person, token: resign(instance, access.tokens.attendees[0], { claims: { sid, sub: person } }) }));
}
