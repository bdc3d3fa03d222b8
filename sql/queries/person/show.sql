-- person.show: everything of one. $3 person.
select person_whole(p) as reply from person p where p.conference = $1::uuid and p.id = $3::uuid and $2::uuid is not null
