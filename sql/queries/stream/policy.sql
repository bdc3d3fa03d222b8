-- stream.policy: which hosts the attendees' page may show and play from. $1 slug.
select stream_policy(c.id) as reply from conference c where c.id = conference_by($1::text)
