-- Who may run the questions of a session: asked where it is done, so that a role taken away a second ago is gone.

-- An organiser; a moderator who looks after everything (has no row in moderator_scope), after this session or after a room it is in; the
-- chair's phone of this session. Session null: organisers, and moderators who look after everything.
create or replace function qa_may(in_conference uuid, in_actor uuid, in_session uuid) returns boolean
language sql stable parallel safe as $$
	select exists (select from role_grant g
			where g.conference = in_conference and g.person = in_actor and g.role = 'organiser')
		or exists (select from role_grant g
			where g.conference = in_conference and g.person = in_actor and g.role = 'moderator')
			and (not exists (select from moderator_scope s where s.conference = in_conference and s.person = in_actor)
				or exists (select from moderator_scope s
					where s.conference = in_conference and s.person = in_actor and (s.session = in_session
						or s.room in (select p.room from published p
							where p.conference = in_conference and p.session = in_session and not p.cancelled))))
		or exists (select from station t
			where t.conference = in_conference and t.id = in_actor and t.kind = 'chair' and t.session = in_session
				and t.revoked is null)
$$;
