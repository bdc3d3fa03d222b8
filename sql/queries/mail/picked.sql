-- Mail that has left: the body goes, it may hold a code; what a person's page shows stays, without its codes. $1 ids.
with left_us as (
	update outbox set sent = now(), lease = null, unsure = false, fault = null, body = case when kept then mail_codeless(body) else '' end
	where id = any ($1::text[]::uuid[]) and sent is null
	returning id
)
select json_build_object('sent', count(*)) as reply from left_us
