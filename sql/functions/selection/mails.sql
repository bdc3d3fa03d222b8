-- Mails of the selection: what became of an abstract.
create or replace function mails_selection() returns setof mail_text
language sql immutable as $$
	values ('decision.talk', 'bulk', array['title', 'session', 'expires', 'cover', 'comments'],
'Your abstract is accepted as a talk',
'Hello {name},

congratulations: the committee would like to hear

    {title}

as a short talk in the session "{session}".

Please say yes or no on your page by {expires}:

    {page}

After that the place goes to the next on the standby list.

{cover}

{comments}

We look forward to hearing you.',
'Dit abstract er antaget som foredrag',
'Hej {name},

tillykke: udvalget vil gerne høre

    {title}

som kort foredrag i sessionen "{session}".

Sig ja eller nej på din side senest {expires}:

    {page}

Derefter går pladsen videre til den næste på reservelisten.

{cover}

{comments}

Vi glæder os til at høre dig.'),
	('decision.poster', 'bulk', array['title', 'expires', 'cover', 'comments'],
'Your abstract is accepted as a poster',
'Hello {name},

congratulations: the committee would like to show

    {title}

as a poster. Posters have a number, a place in the hall and on the page, and
questions of their own.

Please say yes or no on your page by {expires}:

    {page}

{cover}

{comments}',
'Dit abstract er antaget som poster',
'Hej {name},

tillykke: udvalget vil gerne vise

    {title}

som poster. En poster har sit nummer, sin plads i salen og på siden og sine
egne spørgsmål.

Sig ja eller nej på din side senest {expires}:

    {page}

{cover}

{comments}'),
	('decision.standby', 'bulk', array['title', 'rank', 'comments'],
'Your abstract is on the standby list, no. {rank}',
'Hello {name},

there were more good abstracts than places. The committee has put

    {title}

on the standby list, as no. {rank}. When a place becomes free, it is offered in
that order; you then get a mail with a date to answer by. You need do nothing
now. Where you stand is always on your page:

    {page}

{comments}',
'Dit abstract er på reservelisten som nr. {rank}',
'Hej {name},

der var flere gode abstracts end pladser. Udvalget har sat

    {title}

på reservelisten som nr. {rank}. Når en plads bliver ledig, tilbydes den i den
rækkefølge; så får du en mail med en svarfrist. Du skal ikke gøre noget nu. Hvor
du står, kan du altid se på din side:

    {page}

{comments}'),
	('decision.declined', 'bulk', array['title', 'comments'],
'About your abstract for {conference}',
'Hello {name},

thank you for offering

    {title}

The committee could not give it a place this time. There were more abstracts
than we have minutes, and this says nothing about your work.

{comments}

You are welcome to take part all the same, on site or online.',
'Om dit abstract til {conference}',
'Hej {name},

tak, fordi du tilbød

    {title}

Udvalget kunne ikke give det en plads denne gang. Der var flere abstracts, end
vi har minutter, og det siger ikke noget om dit arbejde.

{comments}

Du er velkommen til at deltage alligevel, på stedet eller online.')
$$;
