-- Mails of the review.
create or replace function mails_review() returns setof mail_text
language sql immutable as $$
	values ('reviewer.assigned', 'bulk', array['count', 'until'],
'{count} abstracts to review for {conference}',
'Hello {name},

thank you for reviewing. {count} abstracts are waiting for you, until
{until}:

    {base}/review

If you know an author, work at the same place or have written with one of them,
say so there before you read on: somebody else then takes that abstract, and
nobody asks why.',
'{count} abstracts at bedømme for {conference}',
'Hej {name},

tak, fordi du bedømmer. {count} abstracts venter på dig, indtil
{until}:

    {base}/review

Kender du en af forfatterne, arbejder I samme sted, eller har I skrevet sammen,
så sig det dér, før du læser videre: så tager en anden det abstract, og ingen
spørger hvorfor.')
$$;
