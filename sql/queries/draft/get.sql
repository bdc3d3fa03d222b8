-- draft.get: all that organisers edit, as it stands.
select draft_document(k.id) as reply from conference k where k.id = $1::uuid and ($2::uuid is null or true)
