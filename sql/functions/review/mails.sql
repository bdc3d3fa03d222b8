-- Mails of the review. To all who review at once and without a number: what is in the outbox must not tell who has which abstract.
create or replace function mails_review() returns setof mail_text
language sql immutable as $$
	values ('reviewer.assigned', 'bulk', array['until'],
'Abstracts to review for {conference}',
'Hello {name},

thank you for reviewing. Your list of abstracts is ready, and reviews are
wanted until

    {until}

You find it here:

    {base}/review

If you know an author, work at the same place or have written with one of them,
say so there before you read on: somebody else then takes that abstract, and
nobody asks why.',
'Abstracts at bedømme for {conference}',
'Hej {name},

tak, fordi du bedømmer. Din liste over abstracts er klar, og vi vil gerne have
dine bedømmelser inden

    {until}

Du finder den her:

    {base}/review

Kender du en af forfatterne, arbejder I samme sted, eller har I skrevet sammen,
så sig det dér, før du læser videre: så tager en anden det abstract, og ingen
spørger hvorfor.')
$$;
