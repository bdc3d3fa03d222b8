-- Mails to speakers and chairs about what is theirs.
create or replace function mails_talks() returns setof mail_text
language sql immutable as $$
	values ('talk.changed', 'notice', array['title', 'when', 'room'],
'"{title}": {when}',
'Hello {name},

this is yours, and it has changed:

    {title}
    {when}
    {room}

The calendar entry attached follows the change.

    {page}',
'"{title}": {when}',
'Hej {name},

dette er dit, og det er ændret:

    {title}
    {when}
    {room}

Kalenderaftalen, der følger med, er rettet til.

    {page}')
$$;
