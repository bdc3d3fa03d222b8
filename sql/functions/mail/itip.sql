-- What is a speaker's or a chair's own: a mail of its own for each slot, with a calendar entry that follows (iTIP).

create or replace function mail_owns(in_conference uuid, in_person uuid, in_session uuid) returns boolean
language sql stable as $$
	select exists (select from talk t join talk_speaker ts on ts.talk = t.id join speaker p on p.id = ts.speaker
			where t.conference = in_conference and t.session = in_session and p.person = in_person)
		or exists (select from moderator_scope m where m.conference = in_conference and m.person = in_person and m.session = in_session)
$$;

-- A REQUEST is about one UID (RFC 5546): one mail a slot. One that is gone is cancelled in their calendar.
create or replace function mail_own_change(in_conference uuid, in_person uuid, change news_mail) returns void
language plpgsql as $$
declare
	p person;
	c conference;
	state jsonb := coalesce(change.after, change.heard);
	gone boolean := news_gone(change.after);
	mark text := change.slot || ':' || pg_current_xact_id();
begin
	select * into p from person where id = in_person;
	select * into c from conference where id = in_conference;
	perform mail_tell(in_conference, in_person, 'talk.changed', mark, jsonb_build_object('title', state ->> 'title',
		'when', case when gone then case when p.language = 'da' then 'Aflyst. Skulle have været: ' else 'Cancelled. It would have been: ' end else '' end
			|| news_when(case when gone then change.heard else state end, c.zone, p.language = 'da'),
		'room', coalesce(state ->> 'room_name', '')), array[change.slot]);
	update outbox set itip = case when gone then 'cancel' else 'request' end
	where dedupe = 'talk.changed:' || in_person || ':' || mark;
end $$;
