-- session.by_ticket: spends a ticket and says whose session it opens. $1 hash.
with used as (
	delete from ticket where hash = $1::bytea returning login, expires
), opened as (
	select case when u.expires > now() then people_session_of(u.login) end as session from used u
)
select session as reply, case when session is null then 'auth.expired' end as fault from opened
