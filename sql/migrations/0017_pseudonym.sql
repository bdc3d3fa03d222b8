-- In an anonymous session a place at the microphone is a pseudonym's, as a question is: no row leads from the words to a person once the
-- salt is gone.

alter table mic_entry
	add column pseudonym uuid,
	drop constraint mic_entry_who,
	add constraint mic_entry_who check (num_nonnulls(person, pseudonym, name) = 1);
create unique index mic_entry_pseudonym_once on mic_entry (session, pseudonym)
	where pseudonym is not null and state in ('waiting', 'called', 'connecting', 'heard');
create index mic_entry_by_pseudonym on mic_entry (pseudonym) where pseudonym is not null;

-- What was said there before.
update audit a set actor = m.pseudonym
from (select e.id::text as entry, e.person, encode(substr(sha256(s.salt || uuid_send(e.person)), 1, 16), 'hex')::uuid as pseudonym
	from mic_entry e join qa_salt s on s.session = e.session where e.person is not null) m
where a.action like 'mic.%' and a.subject = m.entry and a.actor = m.person;
update mic_entry e set person = null, pseudonym = encode(substr(sha256(s.salt || uuid_send(e.person)), 1, 16), 'hex')::uuid,
	changed_by = nullif(e.changed_by, e.person)
from qa_salt s where s.session = e.session and e.person is not null;
update question q set person = null, pseudonym = encode(substr(sha256(s.salt || uuid_send(q.person)), 1, 16), 'hex')::uuid
from talk t join qa_salt s on s.session = t.session where t.id = q.talk and q.kind = 'spoken' and q.person is not null;

alter table question add constraint question_one_author check (num_nonnulls(person, pseudonym) <= 1);

create index speaker_by_person on speaker (person) where person is not null;
