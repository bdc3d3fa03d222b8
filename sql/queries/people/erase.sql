-- person.erase: $1 address, $2 slug (null: every conference), $3 dry run?, $4 whatever is published?, $5 who runs it.
select e.reply, e.fault, e.field from person_erase($1::text, $2::text, coalesce($3::boolean, false), coalesce($4::boolean, false), $5::text) e
