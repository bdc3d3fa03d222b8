-- Entry codes: in mails, and of one's own. A code is nowhere in the clear: what sends a mail opens {code:…}.

create or replace function code_mail(in_name text, k conference, in_sealed bytea) returns text
language sql stable as $$
	select format(E'Hello %s,\n\nyou are registered for %s.\n\nYour entry code, for the door and for signing in, is\n\n    {code:%s}\n\n'
		'Show it at the door as a QR code:\n\n    {base}%s/attend#/code\n\nor say the letters and digits above. Keep it to yourself: it is your ticket.\n',
		in_name, k.title, in_sealed, case when k.is_default then '' else '/e/' || k.slug end)
$$;

-- What is told of a code that was issued or revoked: the stations, and its owner's pages.
create or replace function code_events(in_conference uuid, in_person uuid) returns ev[]
language sql volatile as $$
	select door_events(in_conference, array[in_person])
		|| row('person:' || in_person, 'code.changed', json_build_object('person', in_person))::ev
$$;
