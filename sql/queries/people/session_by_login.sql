-- session.by_login: what a verified token opens, when its row still counts. $1 conference, $2 login, $3 kind, or null for any.
with found as (
	select people_session_of(id) as session from login
	where conference = $1::uuid and id = $2::uuid and ($3::text is null or kind = $3)
)
select session as reply, case when session is null then 'auth.expired' end as fault from found
