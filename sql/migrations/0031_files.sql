-- Files that people hand in: slides for a talk, a poster's PDF. The bytes are on disk under files_dir, by the row's id; what is known of
-- them is here.

create table file (
	-- Made by whoever sends it, so that announcing it twice is one upload.
	id uuid constraint file_key primary key,
	conference uuid not null constraint file_conference references conference on delete cascade,
	person uuid not null constraint file_person references person on delete cascade,
	kind text not null constraint file_kind check (kind in ('slides', 'poster')),
	-- What it is for; null when that is no longer there: the file is still its owner's.
	talk uuid constraint file_talk references talk on delete set null,
	abstract uuid constraint file_abstract references abstract on delete set null,
	name text not null constraint file_name_size check (char_length(name) between 1 and 200),
	size bigint not null
		constraint file_size check (size between 1 and case kind when 'slides' then 100 * 1024 * 1024 else 20 * 1024 * 1024 end),
	-- So many bytes are on the disk for good; where the next piece begins.
	received bigint not null default 0 constraint file_received check (received between 0 and size),
	state text not null default 'uploading' constraint file_state check (state in ('uploading', 'ready', 'refused')),
	type text constraint file_type_kind check (type in ('application/pdf') or kind = 'slides' and type in (
		'application/vnd.openxmlformats-officedocument.presentationml.presentation',
		'application/vnd.oasis.opendocument.presentation', 'application/vnd.apple.keynote')),
	sha256 bytea,
	-- Slides: whoever takes part may have them.
	shared boolean not null default false,
	created timestamptz not null default now(),
	touched timestamptz not null default now(),
	constraint file_one_subject check (num_nonnulls(talk, abstract) <= 1),
	constraint file_ready check (state <> 'ready' or received = size and type is not null and sha256 is not null)
);
create index file_by_talk on file (talk) where talk is not null;
create index file_by_abstract on file (abstract) where abstract is not null;
create index file_by_person on file (person);
create index file_unfinished on file (touched) where state <> 'ready';

-- Bytes without a row: a gateway takes them from the disk (due kind 'files'). Kept by the transaction that ends the row, so that no way
-- of ending it leaves bytes behind.
create table file_waste (
	file uuid constraint file_waste_key primary key
);

create function file_wasted() returns trigger language plpgsql as $$
begin
	insert into file_waste (file) values (old.id) on conflict on constraint file_waste_key do nothing;
	update due set at = now() where conference is null and kind = 'files' and at > now();
	return null;
end $$;
create trigger file_wasted after delete on file for each row execute function file_wasted();

insert into due (conference, kind, at) values (null, 'files', now());

-- What of the posters and the book is open to whom.
create table book (
	conference uuid constraint book_key primary key constraint book_conference references conference on delete cascade,
	-- The posters, with their numbers and PDFs, to whoever takes part.
	posters boolean not null default false,
	-- The book of abstracts, to everybody.
	open boolean not null default false,
	-- Its talks are the posters, so that each has its questions; null: none has.
	session uuid constraint book_session references session on delete set null
);

-- A poster's number and, when there is a session for them, the talk under which it is asked about.
create table poster (
	abstract uuid constraint poster_key primary key constraint poster_abstract references abstract on delete cascade,
	conference uuid not null constraint poster_conference references conference on delete cascade,
	number int not null constraint poster_number_positive check (number between 1 and 9999),
	constraint poster_number_once unique (conference, number) deferrable
);
