-- qa.unanswered: what nobody answered, of one's own talks.
select unanswered($1::uuid, $2::uuid)::text as reply
