-- Mails of the call for abstracts.
create or replace function mails_call() returns setof mail_text
language sql immutable as $$
	values ('call.received', 'notice', array['title', 'number'],
'We have your abstract no. {number}',
'Hello {name},

thank you: your abstract

    no. {number}: {title}

has reached us. Until the call closes you can change or withdraw it on your
page; what we have then is what the reviewers read.

    {page}',
'Vi har modtaget dit abstract nr. {number}',
'Hej {name},

tak: dit abstract

    nr. {number}: {title}

er nået frem til os. Indtil fristen udløber, kan du ændre det eller trække det
tilbage på din side; det, vi har til den tid, er det, bedømmerne læser.

    {page}'),
	('call.reminder', 'bulk', array['title', 'closes'],
'Your abstract is not submitted yet: the call closes {closes}',
'Hello {name},

you have begun an abstract for {conference} and not submitted it:

    {title}

The call closes on {closes}. Drafts are not reviewed; to take
part, open your page, look it through and press "Submit".

    {page}

If you have changed your mind, you need do nothing.',
'Dit abstract er ikke indsendt endnu: fristen er {closes}',
'Hej {name},

du er begyndt på et abstract til {conference}, men har ikke indsendt det:

    {title}

Fristen er {closes}. Kladder bliver ikke bedømt; vil du være
med, så åbn din side, læs det igennem, og tryk på "Indsend".

    {page}

Har du ombestemt dig, skal du ikke gøre noget.'),
	('call.withdrawn', 'notice', array['title', 'number'],
'Your abstract no. {number} is withdrawn',
'Hello {name},

as you asked, your abstract

    no. {number}: {title}

is withdrawn. It is not reviewed, and nobody will hold a place for it. If this
was a mistake and the call is still open, you can submit it again on your page.

    {page}',
'Dit abstract nr. {number} er trukket tilbage',
'Hej {name},

som du bad om, er dit abstract

    nr. {number}: {title}

trukket tilbage. Det bliver ikke bedømt, og der holdes ingen plads til det. Var
det en fejl, og er fristen ikke udløbet, kan du indsende det igen på din side.

    {page}'),
	('call.late', 'notice', array['until'],
'You may still submit, until {until}',
'Hello {name},

the call of {conference} is closed, but the organisers have kept it open for
you, and for you alone:

    until {until}

Submit on your page, signed in with this address.

    {page}',
'Du kan stadig indsende, indtil {until}',
'Hej {name},

fristen for {conference} er udløbet, men arrangørerne har holdt den åben for
dig, og kun for dig:

    indtil {until}

Indsend på din side, logget ind med denne adresse.

    {page}')
$$;
