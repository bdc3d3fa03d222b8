-- A calendar's state when it is not the one we knew: $1 conference, $2 name, $3 state, $4 name of the calendar it follows, or null.
select feed_stamped($1::uuid, $2::text, $3::text, $4::text) as modified
