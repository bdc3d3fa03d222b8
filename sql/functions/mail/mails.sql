-- Mails of the mail's own: the set-up check, and what an organiser writes to a segment.
create or replace function mails_mail() returns setof mail_text
language sql immutable as $$
	values ('setup.check', 'bulk', array['link', 'day'],
'{conference}: try your sound and picture before {day}',
'Hello {name},

you take part online. Please open this page once on the computer and the
network you will use, and sign in there:

    {link}

It keeps the programme and your sign-in on that device, and shows where the
rooms are heard and seen. If you speak, your talk there has a green room that
tries your camera, your microphone and your network.

We begin on {day}. What you find out today, you need not find out then.',
'{conference}: prøv lyd og billede før {day}',
'Hej {name},

du deltager online. Åbn denne side én gang på den computer og det netværk, du
vil bruge, og log ind der:

    {link}

Den gemmer programmet og din login på enheden og viser, hvor salene høres og
ses. Taler du selv, har dit foredrag der et øverum, som prøver kamera, mikrofon
og netværk.

Vi begynder {day}. Det, du finder ud af i dag, skal du ikke finde ud af da.'),
	('segment', 'bulk', array['subject', 'text'],
'{subject}',
'Hello {name},

{text}',
'{subject}',
'Hej {name},

{text}')
$$;
