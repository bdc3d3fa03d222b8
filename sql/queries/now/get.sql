-- What is on and what is next: $3 one room, or null for all.
select now_document(k.id, $3::uuid) as reply from conference k where k.id = $1::uuid and ($2::uuid is null or true)
