-- registration.mine: everything about one's own way to the conference.
select registration_mine($1::uuid, $2::uuid)::text as reply where $2::uuid is not null and exists (select from person p where p.conference = $1::uuid and p.id = $2::uuid)
