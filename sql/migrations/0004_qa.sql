-- Questions, votes and what moderators did.

create table question (
	id uuid constraint question_key primary key,
	conference uuid not null constraint question_conference references conference on delete cascade,
	talk uuid not null constraint question_talk references talk on delete cascade,
	-- The room at asking time is not kept: the talk's slot says where it is on stage.
	person uuid not null constraint question_person references person on delete cascade,
	text text not null constraint question_text_size check (char_length(text) between 1 and 500),
	state text not null default 'pending' constraint question_state
		check (state in ('pending', 'approved', 'on_stage', 'answered', 'dismissed', 'withdrawn')),
	reason text constraint question_reason check (reason in ('off_topic', 'duplicate', 'rude', 'spam', 'other')),
	version int not null default 1,
	-- Which of this person's ten questions on this talk it is: the limit is a constraint, not a count.
	nth smallint constraint question_nth check (nth between 1 and 10),
	-- The room whose stage it is on: one question a room, whichever talk it belongs to.
	stage_room uuid constraint question_stage_room references room,
	asked_at timestamptz not null,
	first_visible_at timestamptz,
	-- At most 2,000 bytes of text: it fits an index row.
	constraint question_duplicate unique (talk, person, text),
	constraint question_nth_once unique (talk, person, nth),
	constraint question_stage_state check ((state = 'on_stage') = (stage_room is not null)),
	constraint question_reason_state check (reason is null or state = 'dismissed')
);
create unique index question_stage_once on question (stage_room) where stage_room is not null;
create index question_by_talk on question (talk, state);
create index question_by_person on question (person);

-- previous is the value before the last change: the batch returns value - previous, so the tally never drifts.
-- No foreign keys: their check is a query a row, half the cost of a vote. The voting statement joins the question, the person is
-- the caller, and the triggers below do what a cascade would.
create table vote (
	question uuid not null,
	person uuid not null,
	value smallint not null constraint vote_value check (value in (0, 1)),
	previous smallint not null default 0,
	seq bigint not null constraint vote_seq check (seq > 0),
	at timestamptz not null default now(),
	constraint vote_once primary key (question, person)
) with (fillfactor = 80);
create index vote_by_person on vote (person);

create function vote_forget() returns trigger language plpgsql as $$
begin
	if tg_table_name = 'question' then
		delete from vote where question = old.id;
	else
		with gone as (
			delete from vote where person = old.id returning question, value
		)
		update tally t set value = t.value - g.value, xid = pg_current_xact_id()
		from gone g join question q on q.id = g.question
			join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
		where g.value > 0 and t.channel = c.id and t.key = q.id::text;
	end if;
	return null;
end $$;
create trigger vote_of_question after delete on question for each row execute function vote_forget();
create trigger vote_of_person after delete on person for each row execute function vote_forget();

create table mod_action (
	id bigint generated always as identity constraint mod_action_key primary key,
	conference uuid not null,
	question uuid not null,
	actor uuid not null,
	command text not null,
	state_before text not null,
	state_after text not null,
	version int not null,
	at timestamptz not null default now()
);
create index mod_action_by_question on mod_action (question);
