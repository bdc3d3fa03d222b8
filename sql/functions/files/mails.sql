-- Mails about files that are wanted.
create or replace function mails_files() returns setof mail_text
language sql immutable as $$
	values ('file.wanted', 'bulk', array['title', 'until'],
'Please send us your file for "{title}"',
'Hello {name},

the file for

    {title}

has not reached us yet. Please upload it on your page by {until};
an upload that breaks off goes on where it stopped.

    {page}

You may replace it as often as you like until then.',
'Send os venligst din fil til "{title}"',
'Hej {name},

filen til

    {title}

er ikke nået frem til os endnu. Læg den op på din side senest
{until}; bliver det afbrudt, fortsætter det, hvor det slap.

    {page}

Indtil da kan du udskifte den, så tit du vil.')
$$;
