-- Mails of invitations, registrations and the waiting list.
create or replace function mails_registration() returns setof mail_text
language sql immutable as $$
	values ('invitation.sent', 'notice', array['what', 'expires', 'cover'],
'You are invited to {conference}',
'Hello {name},

we would like to have you at {conference}, and offer you {what}.

{cover}

Please say yes or no on your page by {expires}:

    {page}

You sign in with this address; there is no password.',
'Du er inviteret til {conference}',
'Hej {name},

vi vil gerne have dig med til {conference} og tilbyder dig {what}.

{cover}

Sig ja eller nej på din side senest {expires}:

    {page}

Du logger ind med denne adresse; der er ingen adgangskode.'),
	('invitation.reminder', 'notice', array['what', 'expires'],
'Please answer by {expires}',
'Hello {name},

we offered you {what} at {conference} and have not heard from you. We keep the
place until {expires}; after that it goes to the next.

    {page}

A no is welcome, too: it lets somebody else in earlier.',
'Svar venligst senest {expires}',
'Hej {name},

vi tilbød dig {what} på {conference} og har ikke hørt fra dig. Vi holder
pladsen indtil {expires}; derefter går den videre til den næste.

    {page}

Et nej er også velkomment: så kan en anden komme med før.'),
	('invitation.lapsed', 'notice', array['what'],
'The offer has run out',
'Hello {name},

the time to answer has passed, and {what} that we had offered you at
{conference} goes to the next on the list. If you would still like to take
part, your page shows what is open:

    {page}',
'Tilbuddet er udløbet',
'Hej {name},

svarfristen er gået, og {what}, som vi havde tilbudt dig på {conference}, går
videre til den næste på listen. Vil du stadig gerne være med, så viser din side,
hvad der er åbent:

    {page}'),
	('place.offered', 'notice', array['mode', 'expires'],
'A place has become free for you ({mode})',
'Hello {name},

you were on the waiting list of {conference}, and a place ({mode}) has become
free. It is yours if you take it by {expires}:

    {page}

After that it is offered to the next.',
'Der er blevet en plads ledig til dig ({mode})',
'Hej {name},

du stod på ventelisten til {conference}, og en plads ({mode}) er blevet ledig.
Den er din, hvis du tager den senest {expires}:

    {page}

Derefter tilbydes den til den næste.'),
	('registration.confirmed', 'notice', array['mode', 'cover', 'code'],
'You are registered for {conference} ({mode})',
'Hello {name},

you are registered for {conference}: {mode}.

Your entry code:

    {code}

It opens the door and signs you in, also when mail is slow. Your page shows it
as a QR code:

    {page}

{cover}

If you cannot come, or would rather take part the other way, change it on your
page: somebody is waiting for the place.',
'Du er tilmeldt {conference} ({mode})',
'Hej {name},

du er tilmeldt {conference}: {mode}.

Din adgangskode:

    {code}

Den åbner døren og logger dig ind, også når mailen er langsom. På din side
står den som QR-kode:

    {page}

{cover}

Kan du ikke komme, eller vil du hellere deltage på den anden måde, så ret det
på din side: nogen venter på pladsen.'),
	('registration.switched', 'notice', array['mode'],
'You now take part: {mode}',
'Hello {name},

your registration for {conference} has been changed: you now take part {mode}.
Your entry code stays the same; your calendar and your page follow.

    {page}',
'Du deltager nu: {mode}',
'Hej {name},

din tilmelding til {conference} er ændret: du deltager nu {mode}. Din
adgangskode er den samme; din kalender og din side følger med.

    {page}'),
	('registration.substituted', 'notice', array['by'],
'Your place has gone to {by}',
'Hello {name},

your place at {conference} has been passed on to {by}. Your entry code no
longer opens the door; theirs does. If you did not ask for this, tell the
conference desk at once.',
'Din plads er gået videre til {by}',
'Hej {name},

din plads på {conference} er givet videre til {by}. Din adgangskode åbner ikke
længere døren; det gør deres. Har du ikke bedt om det, så sig det straks til
konferencens skranke.'),
	('registration.cancelled', 'notice', array[]::text[],
'Your registration is cancelled',
'Hello {name},

your registration for {conference} is cancelled, and your entry code no longer
opens the door. Thank you for telling us: the place goes to somebody who is
waiting.

    {page}',
'Din tilmelding er annulleret',
'Hej {name},

din tilmelding til {conference} er annulleret, og din adgangskode åbner ikke
længere døren. Tak, fordi du gav besked: pladsen går til en, der venter.

    {page}')
$$;
