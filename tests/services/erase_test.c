/* tests/services: somebody who is in every table is erased; afterwards no column of any table has
 * their name, address, id or words, and what is others' truth is what it was. */
#include "tests/services/qa_hall.h"

enum { FIXTURE_MAX = 1 << 16 };

struct scene {
	struct hall h;
	struct caller zelda;
	const char *email, *slug, *list, *question, *own;
};

static void everywhere(void)
{
	char *sql = calloc(1, FIXTURE_MAX);
	FILE *in = fopen("tests/fixtures/everywhere.sql", "re");

	assert_non_null(in);
	assert_true(fread(sql, 1, FIXTURE_MAX - 1, in) > 1000);
	fclose(in);
	call_sql("%s", sql);
	free(sql);
}

static struct scene scene_make(void)
{
	struct scene s = {.h = hall_make()};
	const char *c = s.h.conference, *station;

	s.zelda = call_person(c, "Zelda Quxmarker", ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_REVIEWER);
	s.email = call_sql("select email from person where id = '%s'", s.zelda.person);
	s.slug = call_sql("select slug from conference where id = '%s'", c);
	s.list =
	    call_sql("insert into checkin_list (conference, name) values ('%s', 'Door') returning "
		     "id",
		     c);
	station = call_sql("insert into station (conference, name, kind, list) values ('%s', "
			   "'East', 'kiosk', '%s') returning id",
			   c, s.list);
	s.question = asked(&s.h, &s.h.bob, "May I?");
	move("qa.approve", s.question, 1, &s.h.mod);
	s.own = asked(&s.h, &s.zelda, "zqword, is it?");
	move("qa.approve", s.own, 1, &s.h.mod);
	call_method("qa.vote", vote_params(s.question, 1, 1), &s.zelda);
	call_method("qa.vote", vote_params(s.question, 1, 1), &s.h.mod);
	call_sql("select set_config('t.person', '%s', false), set_config('t.conference', '%s', "
		 "false), set_config('t.talk', '%s', false), set_config('t.session', '%s', false), "
		 "set_config('t.slot', '%s', false), set_config('t.room', '%s', false), "
		 "set_config('t.question', '%s', false), set_config('t.other', '%s', false), "
		 "set_config('t.list', '%s', false), set_config('t.station', '%s', false)",
		 s.zelda.person, c, s.h.talk, s.h.session, s.h.slot, s.h.room, s.question,
		 s.h.bob.person, s.list, station);
	everywhere();
	return s;
}

static struct call_result erase(const struct scene *s, const char *more)
{
	return call_method(
	    "person.erase",
	    call_text("{\"email\":\"%s\",\"conference\":\"%s\",\"erasure\":\"%s\",\"listed\":%s%s}",
		      s->email, s->slug, call_sql("select gen_random_uuid()"),
		      call_sql("select coalesce(json_agg(id), '[]') from person where email = '%s'",
			       s->email),
		      more),
	    NULL);
}

/* Foreign keys to person that the person does not stand in: a new table belongs into the fixture.
 */
static void assert_everywhere(const struct scene *s)
{
	const char *sql = call_sql(
	    "select string_agg(format('select %%L where not exists (select from %%s where %%I = "
	    "%%L)', "
	    "k.conrelid::regclass || '.' || a.attname, k.conrelid::regclass, a.attname, '%s'), ' "
	    "union "
	    "all ') from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and "
	    "a.attnum = "
	    "k.conkey[1] where k.contype = 'f' and k.confrelid = 'person'::regclass",
	    s->zelda.person);
	const char *missing = call_sql("select string_agg(x, ' ') from (%s) y(x)", sql);

	if (missing != NULL)
		fail_msg("tests/fixtures/everywhere.sql has nobody in: %s", missing);
}

/* Where any column of any table still has what matches. Ids stand in the worker's channel, so that
 * sessions are closed. */
static const char *traces(const char *pattern)
{
	const char *sql = call_sql(
	    "select string_agg(format('select %%L where exists (select from %%s x where %%s ~* "
	    "%%L%%s)', "
	    "c.relname || '.' || a.attname, c.oid::regclass, case when a.atttypid = "
	    "'bytea'::regtype then format('encode(x.%%I, ''escape'')', a.attname) else "
	    "format('x.%%I::text', a.attname) end, '%s', case when c.relname = 'channel_event' "
	    "then ' and x.channel not in (select id from channel where name = ''worker'')' else "
	    "'' end), ' union all ') from pg_class c join pg_attribute a on a.attrelid = c.oid "
	    "where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 "
	    "and not a.attisdropped and a.atttypid in ('text'::regtype, 'text[]'::regtype, "
	    "'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'uuid'::regtype, "
	    "'uuid[]'::regtype) and has_table_privilege(c.oid, 'select')",
	    pattern);

	return call_sql("select string_agg(x, ' ') from (%s) y(x)", sql);
}

static const char *door_says(const struct scene *s)
{
	return call_sql("select list_stats('%s', '%s')", s->h.conference, s->list);
}

static const char *tally_of(const char *question)
{
	return call_sql("select value from tally where key = '%s'", question);
}

static void nothing_is_left(void **state)
{
	struct scene s = scene_make();
	const char *door = door_says(&s), *votes = tally_of(s.question), *found;
	const char *pattern = call_text("zelda|quxmarker|zqword|%s", s.zelda.person);
	struct call_result r;

	(void)state;
	assert_everywhere(&s);
	assert_string_equal(votes, "2");
	assert_non_null(traces(pattern));
	r = erase(&s, "");
	assert_fault(&r, "erase.published");
	r = erase(&s, ",\"force\":true,\"dry_run\":true");
	assert_fine(&r);
	assert_everywhere(&s);

	r = erase(&s, ",\"force\":true,\"by\":\"root\"");
	assert_fine(&r);
	found = traces(pattern);
	if (found != NULL)
		fail_msg("still there: %s", found);
	assert_string_equal(door_says(&s), door);
	assert_string_equal(tally_of(s.question), votes);
	assert_int_equal(
	    count("select count(*) from vote where question = '%s' and value = 1", s.question), 2);
	assert_int_equal(count("select count(*) from poll_vote v join poll p on p.id = v.poll "
			       "where p.conference = '%s'",
			       s.h.conference),
			 2);
	assert_int_equal(count("select count(*) from scan where conference = '%s'", s.h.conference),
			 2);
	/* The talk was given; their question is gone, with its bytes elsewhere: to be swept. */
	assert_int_equal(count("select count(*) from published where conference = '%s' and content "
			       "#>> '{speakers,0,name}' = '[…]' and revision = 1",
			       s.h.conference),
			 1);
	assert_int_equal(count("select count(*) from question where id = '%s'", s.own), 0);
	assert_int_equal(count("select count(*) from file_waste"), 1);
	/* What others wrote is theirs, and so is what they wrote together. */
	assert_int_equal(count("select count(*) from abstract where conference = '%s' and person = "
			       "'%s'",
			       s.h.conference, s.h.bob.person),
			 2);
	assert_int_equal(json_array_size(seen_by(&s.h, &s.h.bob)), 1);
	assert_string_equal(call_sql("select detail ->> 'by' from audit where conference = '%s' "
				     "and action = 'person.erase'",
				     s.h.conference),
			    "root");
	/* Nobody reads it from the log: what was there is cut. */
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and c.name not in ('worker', "
			       "'door')",
			       s.h.conference),
			 0);
	r = erase(&s, "");
	assert_fine(&r);
	assert_false(json_is_true(json_object_get(r.json, "known")));
}

/* Somebody else is called the same: their name stays where it is theirs. */
static void namesake(void **state)
{
	struct scene s = {.h = hall_make()};
	struct call_result r;
	struct caller same;

	(void)state;
	s.zelda = call_person(s.h.conference, "Zelda Quxmarker", ROLE_ATTENDEE);
	same = call_person(s.h.conference, "Zelda Quxmarker", ROLE_SPEAKER);
	s.email = call_sql("select email from person where id = '%s'", s.zelda.person);
	s.slug = call_sql("select slug from conference where id = '%s'", s.h.conference);
	call_sql("insert into speaker (conference, guid, name, person) values ('%s', 'z', 'Zelda "
		 "Quxmarker', '%s')",
		 s.h.conference, same.person);
	call_sql("insert into audit (conference, action, subject, detail) values ('%s', 'x', '', "
		 "'{\"note\":\"Zelda Quxmarker, %s, not %s.dk\"}')",
		 s.h.conference, s.email, s.email);
	r = erase(&s, "");
	assert_fine(&r);
	assert_int_equal(count("select count(*) from speaker where name = 'Zelda Quxmarker' and "
			       "conference = '%s'",
			       s.h.conference),
			 1);
	assert_string_equal(
	    call_sql("select detail ->> 'note' from audit where conference = '%s' and action = 'x'",
		     s.h.conference),
	    call_text("Zelda Quxmarker, […], not %s.dk", s.email));
}

static void refused(void **state)
{
	struct scene s = {.h = hall_make()};
	struct call_result r;

	(void)state;
	s.zelda = call_person(s.h.conference, "Zelda Quxmarker", ROLE_ORGANISER);
	s.email = call_sql("select email from person where id = '%s'", s.zelda.person);
	s.slug = call_sql("select slug from conference where id = '%s'", s.h.conference);
	r = erase(&s, ",\"force\":true");
	assert_fault(&r, "erase.last_organiser");
	assert_string_equal(r.field, s.slug);
	call_person(s.h.conference, "Olga Organiser", ROLE_ORGANISER);
	call_sql("with x as (insert into speaker (conference, guid, name, person) values ('%s', "
		 "'z', 'Z', '%s') returning id) insert into talk_speaker (talk, speaker, ord) "
		 "select '%s', id, 1 from x",
		 s.h.conference, s.zelda.person, s.h.talk);
	call_sql("update talk set started = now() where id = '%s'", s.h.talk);
	r = erase(&s, ",\"force\":true");
	assert_fault(&r, "erase.on_stage");
	assert_int_equal(count("select count(*) from person where id = '%s'", s.zelda.person), 1);
	call_sql("update talk set ended = now() where id = '%s'", s.h.talk);
	r = erase(&s, "");
	assert_fine(&r);
	r = call_method("person.erase", "{\"email\":\"x@example.org\",\"conference\":\"none\"}",
			NULL);
	assert_fault(&r, "not_found");
	r = call_method("person.erase", "{\"email\":\"not an address\"}", NULL);
	assert_fault(&r, "bad_request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_left),
	    cmocka_unit_test(namesake),
	    cmocka_unit_test(refused),
	};

	return run(tests, sizeof(tests) / sizeof(*tests));
}
