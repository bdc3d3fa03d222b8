-- person.erase: $1 address, $2 slug (null: every conference), $3 dry run?, $4 whatever is published?, $5 who runs it, $6 which erasure of
-- the list this is, $7 persons it has there.
select e.reply, e.fault, e.field from person_erase($1::text, $2::text, coalesce($3::boolean, false), coalesce($4::boolean, false), $5::text,
	$6::uuid, array(select x::uuid from json_array_elements_text($7::json) x)) e
