-- Who may hand a file in, and who may have it.

create or replace function file_organiser(in_conference uuid, in_actor uuid) returns boolean
language sql stable parallel safe as $$
	select exists (select from role_grant g where g.conference = in_conference and g.person = in_actor and g.role = 'organiser')
$$;

-- Of slides: a speaker of the talk, and whoever runs its session. Of a poster: who submitted the abstract, who presents it, organisers.
create or replace function file_may_write(in_conference uuid, in_actor uuid, in_kind text, in_subject uuid) returns boolean
language plpgsql stable parallel safe as $$
begin
	if in_kind = 'slides' then
		return exists (select from talk t where t.conference = in_conference and t.id = in_subject
			and (qa_may(in_conference, in_actor, t.session)
				or exists (select from talk_speaker x join speaker s on s.id = x.speaker where x.talk = t.id and s.person = in_actor)));
	end if;
	return exists (select from abstract a where a.conference = in_conference and a.id = in_subject
		and (a.person = in_actor or file_organiser(in_conference, in_actor)
			or exists (select from abstract_author w join person p on p.email = w.email and p.conference = a.conference
				where w.abstract = a.id and w.presents and p.id = in_actor)));
end $$;

-- Registered, or with a task: an applicant is neither.
create or replace function file_takes_part(in_conference uuid, in_actor uuid) returns boolean
language sql stable parallel safe as $$
	select exists (select from registration r where r.conference = in_conference and r.person = in_actor and r.state = 'confirmed')
		or exists (select from role_grant g where g.conference = in_conference and g.person = in_actor)
$$;

create or replace function file_may_read(in_actor uuid, f file) returns boolean
language plpgsql stable parallel safe as $$
begin
	return f.person = in_actor or file_may_write(f.conference, in_actor, f.kind, coalesce(f.talk, f.abstract))
		or file_takes_part(f.conference, in_actor) and case f.kind when 'slides' then f.shared
			else exists (select from book b where b.conference = f.conference and b.posters) end;
end $$;
