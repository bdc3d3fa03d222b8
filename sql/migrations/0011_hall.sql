-- A hall's questions: settings of a session, the whole life of a question, claims, who is at the desk, words, reports, mutes, answers,
-- messages behind the stage, chairs.

-- What holds for a session, or with session null for every session that says nothing else: null members fall through to the next row,
-- then to question_settings()'s own words.
create table qa_settings (
	conference uuid not null constraint qa_settings_conference references conference on delete cascade,
	session uuid constraint qa_settings_session references session on delete cascade,
	-- Who sees whose question it is. Fixed once the session has one.
	identity text constraint qa_settings_identity check (identity in ('named', 'masked', 'anonymous', 'choice')),
	-- True: a moderator lets each question through. False: clean ones are seen at once.
	moderated boolean,
	-- Clean ones that nobody judged are let through after this many seconds; 0: never.
	auto_approve_s int constraint qa_settings_auto check (auto_approve_s between 0 and 3600),
	report_threshold int constraint qa_settings_reports check (report_threshold between 1 and 1000),
	-- The windows of all its talks stay open until the session ends.
	joint boolean,
	-- Who speaks next at the microphones.
	mic_policy text constraint qa_settings_mic check (mic_policy in ('alternate', 'first_time_first', 'fifo', 'manual')),
	version int not null default 1,
	constraint qa_settings_once unique nulls not distinct (conference, session)
);

-- The secret that makes a pseudonym of a person within one anonymous session: erased some time after its end, and then nobody knows.
create table qa_salt (
	session uuid constraint qa_salt_once primary key constraint qa_salt_session references session on delete cascade,
	conference uuid not null constraint qa_salt_conference references conference on delete cascade,
	salt bytea not null
);

alter table talk
	add column show_window text not null default 'auto' constraint talk_show_window check (show_window in ('auto', 'open', 'closed')),
	add column mic_window text not null default 'auto' constraint talk_mic_window check (mic_window in ('auto', 'open', 'closed')),
	add column paused boolean not null default false,
	-- When a moderator closed or paused asking, by the real clock: what was under way then is still taken.
	add column ask_closed timestamptz;

alter table question
	drop constraint question_state,
	add constraint question_state check (state in ('pending', 'approved', 'on_stage', 'answered', 'dismissed', 'withdrawn', 'merged', 'archived')),
	add column prev_state text,
	-- asked: by somebody. prepared: by the moderators, never in the vote. spoken: said aloud in the hall and noted down.
	add column kind text not null default 'asked' constraint question_kind check (kind in ('asked', 'prepared', 'spoken')),
	add column origin text not null default 'remote' constraint question_origin check (origin in ('room', 'remote')),
	alter column person drop not null,
	-- In place of the person where the session is anonymous: made of it with the session's salt.
	add column pseudonym uuid,
	-- Asked with one's name, where the session leaves the choice.
	add column named boolean not null default false,
	add column quote text not null default 'no' constraint question_quote check (quote in ('no', 'without_name', 'with_name')),
	-- Asked of the session as a whole, not of this talk alone.
	add column whole boolean not null default false,
	-- Checked at the end, so that those of a question that is deleted can be given back first.
	add column merged_into uuid constraint question_merged_into references question deferrable initially deferred,
	-- What its asker wrote, where a moderator's words are shown; what its asker wants it to say, while a moderator has not agreed.
	add column original text constraint question_original_size check (char_length(original) <= 500),
	add column revision text constraint question_revision_size check (char_length(revision) between 1 and 500),
	-- Words of the lists that it holds: it waits for a moderator.
	add column hits text[],
	-- Its asker was muted without being told: seen by moderators alone.
	add column muted boolean not null default false,
	add column reports int not null default 0,
	-- Dismissed without telling its asker.
	add column silent boolean not null default false,
	-- Passed over on stage: behind those that were not.
	add column skipped timestamptz,
	add column approved timestamptz,
	add column staged timestamptz,
	add column answered timestamptz,
	-- Real time, for limits and for how long people wait.
	add column created timestamptz not null default now(),
	alter column nth drop not null,
	add constraint question_merged_state check ((state = 'merged') = (merged_into is not null)),
	add constraint question_merged_other check (merged_into <> id),
	-- What it was before it was merged or archived, and will be again.
	add constraint question_prev_state check ((state in ('merged', 'archived')) = (prev_state is not null)
		and prev_state in ('pending', 'approved')),
	add constraint question_silent_state check (not silent or state = 'dismissed'),
	add constraint question_author check (kind <> 'asked' or num_nonnulls(person, pseudonym) = 1);
create index question_waiting on question (talk, created) where state = 'pending';
create index question_merged on question (merged_into) where merged_into is not null;
create unique index question_pseudonym_duplicate on question (talk, pseudonym, text) where pseudonym is not null;
create unique index question_pseudonym_nth on question (talk, pseudonym, nth) where pseudonym is not null;
update question q set origin = 'room' from person p where p.id = q.person and p.mode = 'on_site';

-- No statement, whoever wrote it, takes a step that question_legal() does not know, or takes one without a new version.
create function question_step() returns trigger language plpgsql as $$
begin
	if tg_op = 'INSERT' then
		if new.state in ('pending', 'approved') or new.state = 'on_stage' and new.kind = 'spoken' then
			return new;
		end if;
	elsif new.state = old.state or new.version > old.version and question_legal(old, new) then
		return new;
	end if;
	raise exception 'a question does not go from % to %', case when tg_op = 'UPDATE' then old.state end, new.state
		using errcode = 'check_violation', constraint = 'question_step', table = 'question';
end $$;
create trigger question_step before insert or update of state on question for each row execute function question_step();

-- counted false: cast by somebody who was muted without being told. via: carried over from a question that was merged into this one.
alter table vote
	add column counted boolean not null default true,
	add column via uuid;
create index vote_by_via on vote (via) where via is not null;

-- As in 0004, and: only what is counted is in the tally; those that were merged into a question that is deleted are themselves again.
create or replace function vote_forget() returns trigger language plpgsql as $$
begin
	if tg_table_name = 'question' then
		delete from vote where question = old.id;
		update question set state = prev_state, prev_state = null, merged_into = null, version = version + 1
		where merged_into = old.id;
	else
		with gone as (
			delete from vote where person = old.id returning question, value, counted
		)
		update tally t set value = t.value - g.value, xid = pg_current_xact_id()
		from gone g join question q on q.id = g.question
			join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
		where g.value > 0 and g.counted and t.channel = c.id and t.key = q.id::text;
	end if;
	return null;
end $$;

alter table mod_action
	-- Null: nobody, a rule did it. In an anonymous session its asker's pseudonym.
	alter column actor drop not null,
	-- What the row was and is in the members that commands change: what undo and the export read.
	add column before jsonb not null default '{}',
	add column after jsonb not null default '{}',
	add column cmd uuid,
	-- Stands for an action that was taken back by the one that names it.
	add column undoes bigint;
create index mod_action_by_conference on mod_action (conference, id);

-- Who looks after which part; a moderator with no row here looks after everything.
create table moderator_scope (
	conference uuid not null constraint moderator_scope_conference references conference on delete cascade,
	person uuid not null constraint moderator_scope_person references person on delete cascade,
	room uuid constraint moderator_scope_room references room on delete cascade,
	session uuid constraint moderator_scope_session references session on delete cascade,
	constraint moderator_scope_one check (num_nonnulls(room, session) = 1),
	constraint moderator_scope_once unique nulls not distinct (person, room, session)
);
create index moderator_scope_by_conference on moderator_scope (conference);

-- "I am on this": a lease, by the real clock.
create table claim (
	question uuid constraint claim_once primary key constraint claim_question references question on delete cascade,
	conference uuid not null constraint claim_conference references conference on delete cascade,
	person uuid not null constraint claim_person references person on delete cascade,
	until timestamptz not null
);
create index claim_by_person on claim (person);

-- Who has a session's desk open, and who leads it: by the real clock.
create table moderator_here (
	session uuid not null constraint moderator_here_session references session on delete cascade,
	person uuid not null constraint moderator_here_person references person on delete cascade,
	conference uuid not null constraint moderator_here_conference references conference on delete cascade,
	since timestamptz not null default now(),
	seen timestamptz not null default now(),
	constraint moderator_here_once primary key (session, person)
);
create table desk (
	session uuid constraint desk_once primary key constraint desk_session references session on delete cascade,
	conference uuid not null constraint desk_conference references conference on delete cascade,
	lead uuid constraint desk_lead references person on delete set null,
	-- A hand-over under way: to whom, from whom, with which words.
	offered_to uuid constraint desk_offered references person on delete cascade,
	offered_by uuid,
	note text not null default '' constraint desk_note_size check (char_length(note) <= 300),
	at timestamptz,
	-- How far "nobody is moderating" has been carried: 0 nobody told, 1 this session's moderators, 2 all, 3 the organisers.
	told int not null default 0 constraint desk_told check (told between 0 and 3),
	told_at timestamptz
);

create table word_list (
	conference uuid not null constraint word_list_conference references conference on delete cascade,
	language text not null constraint word_list_language check (language ~ '^[a-z]{2,3}$'),
	-- As question_fold() has it.
	word text not null constraint word_list_word_size check (char_length(word) between 2 and 60),
	constraint word_list_once primary key (conference, language, word)
);

create table question_report (
	question uuid not null constraint question_report_question references question on delete cascade,
	person uuid not null constraint question_report_person references person on delete cascade,
	reason text constraint question_report_reason check (reason in ('off_topic', 'duplicate', 'rude', 'spam', 'other')),
	at timestamptz not null default now(),
	-- A moderator has looked at it since.
	settled boolean not null default false,
	constraint question_report_once primary key (question, person)
);
create index question_report_by_person on question_report (person);

-- hard: told so. silent: what they ask waits for ever and what they vote counts nothing. In an anonymous session a pseudonym is muted.
create table mute (
	id uuid default gen_random_uuid() constraint mute_key primary key,
	conference uuid not null constraint mute_conference references conference on delete cascade,
	person uuid constraint mute_person references person on delete cascade,
	pseudonym uuid,
	how text not null constraint mute_how check (how in ('hard', 'silent')),
	by_actor uuid,
	at timestamptz not null default now(),
	lifted timestamptz,
	constraint mute_one check (num_nonnulls(person, pseudonym) = 1)
);
create unique index mute_person_once on mute (person) where lifted is null and person is not null;
create unique index mute_pseudonym_once on mute (pseudonym) where lifted is null and pseudonym is not null;

create table answer (
	question uuid constraint answer_once primary key constraint answer_question references question on delete cascade,
	conference uuid not null constraint answer_conference references conference on delete cascade,
	person uuid constraint answer_person references person on delete set null,
	text text not null constraint answer_text_size check (char_length(text) between 1 and 2000),
	public boolean not null,
	at timestamptz not null
);

-- A word to those who run a session, which somebody must say they have read.
create table backstage (
	id uuid constraint backstage_key primary key,
	conference uuid not null constraint backstage_conference references conference on delete cascade,
	session uuid not null constraint backstage_session references session on delete cascade,
	audience text not null constraint backstage_audience check (audience in ('desk', 'chair', 'speaker', 'all')),
	text text not null constraint backstage_text_size check (char_length(text) between 1 and 300),
	by_actor uuid not null,
	by_name text not null,
	at timestamptz not null default now(),
	acked timestamptz,
	acked_by uuid,
	acked_name text,
	constraint backstage_acked check ((acked is null) = (acked_name is null))
);
create index backstage_by_session on backstage (session, at);

-- A chair's phone is a station of its own kind, for one session.
alter table station
	drop constraint station_kind,
	add constraint station_kind check (kind in ('kiosk', 'stage', 'chair')),
	add column session uuid constraint station_session references session on delete cascade,
	add constraint station_chair check ((kind = 'chair') = (session is not null));

-- What a chair scans: handed out by staff, one use, stored hashed.
create table chair_invite (
	hash bytea constraint chair_invite_key primary key,
	conference uuid not null constraint chair_invite_conference references conference on delete cascade,
	session uuid not null constraint chair_invite_session references session on delete cascade,
	name text not null constraint chair_invite_name_size check (char_length(name) between 1 and 80),
	by_actor uuid not null,
	created timestamptz not null default now(),
	expires timestamptz not null,
	used timestamptz
);
