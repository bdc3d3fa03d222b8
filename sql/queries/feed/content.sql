-- Everything a calendar shows of some slots: $1 conference, $2 slots.
select * from feed_content($1::uuid, $2::uuid[])
