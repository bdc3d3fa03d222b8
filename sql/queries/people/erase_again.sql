-- person.erase_again: $1 which erasure of the list, $2 when it was, $3 conference (null: every one), $4 persons it has there, $5 the address
-- (null: none of those there are), $6 dry run?, $7 who runs it.
select e.reply, e.fault, e.field from person_erase_again($1::uuid, $2::timestamptz, $3::uuid,
	array(select x::uuid from json_array_elements_text($4::json) x), $5::text, coalesce($6::boolean, false), $7::text) e
