-- A person whose row is deleted: what they were told, their replies and their mail go too. Of an anonymous question nothing leads back to
-- them then: the row has a pseudonym, and whose it is only these said.

create or replace function person_gone() returns trigger language plpgsql as $$
begin
	delete from channel c where c.conference = old.conference and c.name = 'person:' || old.id;
	delete from reply r where r.conference = old.conference and r.person = old.id;
	delete from outbox o where o.conference = old.conference and o.recipient = old.email;
	return null;
end $$;
create or replace trigger person_gone after delete on person for each row execute function person_gone();
