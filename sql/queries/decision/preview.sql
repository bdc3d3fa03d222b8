-- decision.preview: whom an apply would write to and what; with $3 the mails about one abstract.
select decision_preview($1::uuid, $2::uuid, $3::uuid) as reply
