-- Mails of the mail's own: the set-up check, and what an organiser writes to a segment.
create or replace function mails_mail() returns setof mail_text
language sql immutable as $$
	values ('setup.check', 'bulk', array['link', 'day'],
'{conference}: try your sound and picture before {day}',
'Hello {name},

you have registered to take part online. Please open this page once on the
computer and the network you will use:

    {link}

It plays a minute of test picture, tries your sound and microphone, and tells
you in plain words if something is in the way. It takes about two minutes.

We begin on {day}. If the check finds something you cannot solve, answer
nothing here: the page shows how to reach our help.',
'{conference}: prøv lyd og billede før {day}',
'Hej {name},

du har tilmeldt dig online. Åbn denne side én gang på den computer og det
netværk, du vil bruge:

    {link}

Den afspiller et minuts prøvebillede, prøver din lyd og mikrofon og siger lige
ud, hvis noget er i vejen. Det tager omkring to minutter.

Vi begynder {day}. Finder prøven noget, du ikke selv kan løse, så viser siden,
hvordan du får fat i vores hjælp.'),
	('segment', 'bulk', array['subject', 'text'],
'{subject}',
'Hello {name},

{text}',
'{subject}',
'Hej {name},

{text}')
$$;
