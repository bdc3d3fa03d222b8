-- Taking words out of everything a conference keeps, whichever table it is in: the name, address and id of somebody who is erased.

-- A word as a pattern that means itself.
create or replace function erase_literal(word text) returns text
language sql immutable as $$
	select regexp_replace(word, '([^[:alnum:][:space:]])', '\\\1', 'g')
$$;

-- The same where it stands alone; an address is none where it is a part of a longer one.
create or replace function erase_pattern(word text) returns text
language sql immutable as $$
	select case when word ~ '@' then '(?<![[:alnum:]_@.+-])' || erase_literal(word) || '(?![[:alnum:]_@-]|\.[[:alnum:]])'
		else '(?<![[:alnum:]_])' || erase_literal(word) || '(?![[:alnum:]_])' end
$$;

-- Adds what was found to the count by table.
create or replace function erase_count(counts jsonb, tab text, n bigint) returns jsonb
language sql immutable as $$
	select case when n > 0 then counts || jsonb_build_object(tab, coalesce((counts ->> tab)::bigint, 0) + n) else counts end
$$;

-- Every uuid column that is no foreign key: who did something is a pseudonym from now on, and nothing says whose. Foreign keys to the
-- person are what the deletion of the row is about.
create or replace function erase_id(in_id uuid, in_pseudonym uuid) returns void
language plpgsql as $$
declare
	col record;
begin
	for col in
		select c.oid::regclass as tab, a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
			and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey))
			and not (c.oid = 'person'::regclass and a.attname = 'id')
		order by c.relname, a.attnum
	loop
		execute format('update %s set %I = $1 where %I = $2', col.tab, col.name, col.name) using in_pseudonym, in_id;
	end loop;
end $$;

-- Every column of text or JSON of the tables that have a conference: the words become […], in JSON also a "name" that is in_name and
-- nothing else, however short; the id becomes the pseudonym. How many rows of which table had any. The log has no conference: it is cut.
create or replace function erase_words(in_conference uuid, in_words text[], in_name text, in_id uuid, in_pseudonym uuid)
returns table (tab text, n bigint)
language plpgsql as $$
declare
	col record;
	words text[] := array(select x from unnest(in_words) x union select btrim(to_json(x)::text, '"') from unnest(in_words) x);
	pattern text := (select string_agg(erase_pattern(w), '|') from unnest(words) w);
	named text := '("(?:name|by_name|acked_name)"\s*:\s*)' || erase_literal(to_json(in_name)::text);
	found text;
	made text;
	maybe text;
begin
	for col in
		select c.oid::regclass as tab, a.attname as name, a.atttypid::regtype as type,
			a.atttypid in ('json'::regtype, 'jsonb'::regtype) as is_json
		from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
			and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype)
			and exists (select from pg_attribute k where k.attrelid = c.oid and k.attname = 'conference')
		order by c.relname, a.attnum
	loop
		found := format('x.%I::text', col.name);
		made := format('regexp_replace(%s, %L, ''[…]'', ''gi'')', found, pattern);
		-- A look for the plain letters is far cheaper than the pattern.
		select string_agg(format('strpos(lower(%s), %L) > 0', found, lower(w)), ' or ') into maybe
		from (select unnest(words) as w union select in_id::text union select to_json(in_name)::text where col.is_json) y where w is not null;
		if in_id is not null then
			made := format('replace(%s, %L, %L)', made, in_id, in_pseudonym);
		end if;
		if col.is_json and named is not null then
			made := format('regexp_replace(%s, %L, ''\1"[…]"'', ''g'')', made, named);
		end if;
		execute format('with made as (
				update %s x set %I = (%s)::%s where x.conference = $1 and (%s) and %s is distinct from (%s)
				returning 1)
			select count(*) from made', col.tab, col.name, made, col.type, maybe, found, made) into n using in_conference;
		if n > 0 then
			tab := col.tab::text;
			return next;
		end if;
	end loop;
end $$;
