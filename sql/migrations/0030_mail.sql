-- Mail in lanes, with what became of each, and texts that a conference may write itself.

-- In the order in which they leave: somebody stands at a page and waits; one person is to know; many are.
create type mail_lane as enum ('sign_in', 'notice', 'bulk');

-- What a kind of mail says when nobody wrote anything else. `vars`: its own placeholders; {name} {conference} {page} are always there.
create type mail_text as (kind text, lane text, vars text[], subject text, body text, subject_da text, body_da text);

-- A conference's own words for one kind in one language.
create table mail_template (
	conference uuid not null constraint mail_template_conference references conference on delete cascade,
	kind text not null constraint mail_template_kind check (kind ~ '^[a-z]+(\.[a-z]+)?$' and char_length(kind) <= 60),
	language text not null constraint mail_template_language check (language in ('en', 'da')),
	subject text not null constraint mail_template_subject check (char_length(subject) between 1 and 200 and subject !~ '[\u0001-\u001f\u007f]'),
	body text not null constraint mail_template_body check (char_length(body) between 1 and 8000),
	version int not null default 1,
	saved timestamptz not null default now(),
	by_person uuid constraint mail_template_person references person on delete set null,
	constraint mail_template_once primary key (conference, kind, language)
);

alter table outbox
	add column kind text not null default '',
	add column lane mail_lane not null default 'notice',
	add column person uuid constraint outbox_person references person on delete cascade,
	-- The person's own page shows it after it has left; without codes.
	add column kept boolean not null default false,
	add column next_try timestamptz not null default now(),
	-- Handed to a relay, and no answer kept: it may have arrived. What is sent after that says so.
	add column unsure boolean not null default false,
	-- What the relay said last, and when it said that this will never arrive.
	add column fault text constraint outbox_fault_size check (char_length(fault) <= 300),
	add column bounced timestamptz,
	-- The calendar file asks its reader's calendar to follow (iTIP), instead of being a copy.
	add column itip text constraint outbox_itip check (itip in ('request', 'cancel')),
	add constraint outbox_sent_or_bounced check (sent is null or bounced is null or sent <= bounced);
drop index outbox_waiting;
create index outbox_waiting on outbox (lane, created) where sent is null and bounced is null;
create index outbox_by_person on outbox (person, created) where person is not null;
create index outbox_by_time on outbox (conference, created);

-- Who writes to the outbox without saying what for has it in `dedupe`: "sign_in:…".
create function outbox_filed() returns trigger language plpgsql as $$
begin
	if new.kind = '' then
		new.kind := split_part(new.dedupe, ':', 1);
		new.lane := case when new.kind in ('sign_in', 'entry', 'entry_failed', 'code') then 'sign_in'
			when new.kind = 'welcome' then 'bulk' else 'notice' end;
	end if;
	if new.person is null then
		new.person := (select p.id from person p where p.conference = new.conference and p.email = new.recipient);
	end if;
	return new;
end $$;
create trigger outbox_filed before insert on outbox for each row execute function outbox_filed();

-- A relay's rate is everybody's: who sends holds its row. `hold`: it asked us to wait.
create table mail_relay (
	relay text constraint mail_relay_key primary key constraint mail_relay_size check (char_length(relay) between 1 and 300),
	hold timestamptz,
	-- What was wrong with the relay itself when it last was, and when it last took a mail.
	fault text constraint mail_relay_fault_size check (char_length(fault) <= 300),
	fault_at timestamptz,
	took_at timestamptz
);
create table mail_pass (
	relay text not null constraint mail_pass_relay references mail_relay on delete cascade,
	at timestamptz not null,
	lane mail_lane not null
);
create index mail_pass_by_time on mail_pass (relay, at);

-- Conditions under a name, and what was written to those who met one. `condition` is read by segment_people().
create table segment (
	id uuid default gen_random_uuid() constraint segment_key primary key,
	conference uuid not null constraint segment_conference references conference on delete cascade,
	name text not null constraint segment_name_size check (char_length(name) between 1 and 100),
	condition jsonb not null constraint segment_condition_size check (pg_column_size(condition) <= 4000),
	version int not null default 1,
	saved timestamptz not null default now(),
	constraint segment_name_once unique (conference, name)
);
create table segment_mail (
	id uuid constraint segment_mail_key primary key,
	conference uuid not null constraint segment_mail_conference references conference on delete cascade,
	segment uuid constraint segment_mail_segment references segment on delete set null,
	name text not null,
	subject jsonb not null,
	body jsonb not null,
	recipients int not null,
	at timestamptz not null default now(),
	by_person uuid constraint segment_mail_person references person on delete set null
);
