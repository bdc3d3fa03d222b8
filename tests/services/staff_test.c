/* tests/services: the conference's own data and its staff, edited by organisers. */
#include "tests/services/schedule_support.h"

static const char *conference;
static struct caller organiser, attendee;

static int fresh(void **state)
{
	static int n;

	(void)state;
	conference = text_at(good(import_fixture("small.json", call_text("staff-%d", ++n), "")),
			     "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	attendee = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	return 0;
}

static struct call_result edit(const char *method, const char *members)
{
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", members, call_uuid()),
			   &organiser);
}

static json_t *form(void)
{
	return at(good(call_method("conference.get", "{}", &organiser)), "conference");
}

static int events(const char *channel)
{
	return atoi(
	    call_sql("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = '%s' and e.type = 'conference.edited'",
		     conference, channel));
}

static void the_form_is_saved(void **state)
{
	struct call_result late;

	(void)state;
	good(edit("conference.edit",
		  "\"title\":\"Renamed\",\"zone\":\"America/New_York\",\"ends\":\"2021-05-03\","
		  "\"info\":{\"about\":\"x\"},\"expect_version\":1"));
	assert_string_equal(text_at(form(), "title"), "Renamed");
	assert_string_equal(text_at(form(), "zone"), "America/New_York");
	assert_string_equal(text_at(form(), "starts"), "2021-05-02");
	assert_string_equal(text_at(form(), "ends"), "2021-05-03");
	assert_string_equal(text_at(at(form(), "info"), "about"), "x");
	/* What a file gave and only files need is not lost. */
	assert_string_equal(
	    call_sql("select info ? 'frab' from conference where id = '%s'", conference), "t");
	assert_int_equal(events("schedule") + events("draft"), 2);
	late = edit("conference.edit", "\"title\":\"Mine\",\"expect_version\":1");
	assert_fault(late, "conflict");
	assert_non_null(strstr(late.current, "Renamed"));
	assert_fault(call_method("conference.get", "{}", &attendee), "denied");
}

static void what_cannot_be_saved(void **state)
{
	static const struct {
		const char *members, *code;
	} bad[] = {{"\"zone\":\"Mars/Olympus\"", "import.zone"},
		   {"\"zone\":\"CET-1CEST\"", "import.zone"},
		   {"\"starts\":\"2021-02-30\"", "bad_request"},
		   {"\"starts\":\"2021-05-09\"", "bad_request"},
		   {"\"ends\":\"2021-05-01\"", "bad_request"},
		   {"\"info\":[1]", "bad_request"},
		   {"\"title\":\"\"", "bad_request"}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fault(
		    edit("conference.edit", call_text("%s,\"expect_version\":1", bad[i].members)),
		    bad[i].code);
	assert_int_equal(int_at(form(), "version"), 1);
}

static json_t *staff(void)
{
	return at(good(call_method("people.staff", "{}", &organiser)), "people");
}

static void roles_are_given_and_taken(void **state)
{
	const char *person;

	(void)state;
	assert_int_equal(json_array_size(staff()), 1);
	person =
	    text_at(good(edit("people.grant", "\"email\":\"Mona@example.org\",\"name\":\"Mona\","
					      "\"role\":\"moderator\",\"value\":true")),
		    "person");
	assert_string_equal(text_at(find(staff(), "id", person), "email"), "mona@example.org");
	good(edit("people.grant",
		  call_text("\"person\":\"%s\",\"role\":\"desk\",\"value\":true", person)));
	assert_int_equal(json_array_size(at(find(staff(), "id", person), "roles")), 2);
	good(edit("people.grant",
		  "\"email\":\"mona@example.org\",\"role\":\"moderator\",\"value\":false"));
	assert_int_equal(json_array_size(at(find(staff(), "id", person), "roles")), 1);
	good(edit("people.grant",
		  call_text("\"person\":\"%s\",\"role\":\"desk\",\"value\":false", person)));
	assert_null(find(staff(), "id", person));
	assert_int_equal(
	    atoi(call_sql("select count(*) from audit where conference = '%s' and action = "
			  "'people.grant' and subject = '%s'",
			  conference, person)),
	    4);
}

static void what_cannot_be_granted(void **state)
{
	(void)state;
	assert_fault(edit("people.grant",
			  call_text("\"person\":\"%s\",\"role\":\"organiser\",\"value\":false",
				    organiser.person)),
		     "people.self");
	assert_fault(
	    edit("people.grant",
		 call_text("\"person\":\"%s\",\"role\":\"desk\",\"value\":true", call_uuid())),
	    "not_found");
	assert_fault(
	    edit("people.grant", "\"email\":\"who@example.org\",\"role\":\"desk\",\"value\":false"),
	    "not_found");
	assert_fault(edit("people.grant", "\"role\":\"desk\",\"value\":true"), "bad_request");
	assert_fault(
	    edit("people.grant", "\"email\":\"a@example.org\",\"role\":\"king\",\"value\":true"),
	    "bad_request");
	assert_fault(edit("people.grant", "\"email\":\"a@example.org\",\"role\":\"desk\""),
		     "bad_request");
	assert_int_equal(json_array_size(staff()), 1);
}

static const char *asked(const char *slug, const char *more)
{
	return call_text("\"slug\":\"%s\",\"title\":\"Another\",\"zone\":\"Europe/Copenhagen\","
			 "\"starts\":\"2022-05-02\",\"ends\":\"2022-05-03\"%s",
			 slug, more);
}

static const char *named(const char *slug)
{
	return call_sql("select count(*) from conference where slug like '%s'", slug);
}

static void another_conference(void **state)
{
	const char *slug = call_text("another-%d", rand()), *key = call_uuid(), *made;
	const char *body = call_text("{%s,\"key\":\"%s\"}", asked(slug, ""), key);

	(void)state;
	made = text_at(good(call_method("conference.create", body, &organiser)), "conference");
	/* The same write again is the same conference; another one of that name is refused. */
	assert_string_equal(
	    text_at(good(call_method("conference.create", body, &organiser)), "conference"), made);
	assert_fault(edit("conference.create", asked(slug, "")), "conference.exists");
	assert_string_equal(named(slug), "1");
	assert_string_equal(
	    call_sql("select string_agg(q.email || ' ' || g.role, ',') from person p "
		     "join person q on q.email = p.email and q.conference = '%s' "
		     "join role_grant g on g.person = q.id where p.id = '%s'",
		     made, organiser.person),
	    call_sql("select email || ' organiser' from person where id = '%s'", organiser.person));
	assert_string_equal(call_sql("select count(*) from person p join registration r on "
				     "r.person = p.id where p.conference = '%s'",
				     made),
			    "1");
	assert_string_equal(call_sql("select is_default from conference where id = '%s'", made),
			    "f");
	assert_string_equal(call_sql("select count(*) from audit where action = "
				     "'conference.create' and subject = '%s'",
				     made),
			    "2");
}

static void what_makes_no_conference(void **state)
{
	static const struct {
		const char *members, *code, *field;
	} bad[] = {{"\"is_default\":true", "bad_request", "is_default"},
		   {"\"zone\":\"Mars/Olympus\"", "import.zone", NULL},
		   {"\"starts\":\"2021-02-30\"", "bad_request", "starts"},
		   {"\"ends\":\"2022-05-01\"", "bad_request", NULL},
		   {"\"slug\":\"No slug\"", "bad_request", NULL},
		   {"\"slug\":\"\"", "bad_request", NULL},
		   {"\"title\":\"\"", "bad_request", "title"},
		   {"\"info\":[1]", "bad_request", "info"}};
	const char *before = named("%"), *slug = call_text("none-%d", rand());

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *params = json_loads(
		    call_text("{%s,\"key\":\"%s\"}", asked(slug, ""), call_uuid()), 0, NULL);
		json_t *more = json_loads(call_text("{%s}", bad[i].members), 0, NULL);
		json_object_update(params, more);
		char *body = json_dumps(params, 0);
		struct call_result r =
		    call_method("conference.create", call_text("%s", body), &organiser);

		assert_fault(r, bad[i].code);
		if (bad[i].field != NULL)
			assert_string_equal(r.field, bad[i].field);
		free(body);
		json_decref(more);
		json_decref(params);
	}
	assert_fault(call_method("conference.create",
				 call_text("{%s,\"key\":\"%s\"}", asked(slug, ""), call_uuid()),
				 &attendee),
		     "denied");
	assert_string_equal(named("%"), before);
}

static void a_hundred_conferences_are_enough(void **state)
{
	const char *key = call_uuid();
	const char *body = call_text("{%s,\"key\":\"%s\"}", asked("the-last", ""), key);

	(void)state;
	call_sql("with x as (insert into conference (slug, title, zone, starts, ends) "
		 "select 'full-' || i, 'Full', 'UTC', '2022-05-02', '2022-05-02' from "
		 "generate_series(1, 99 - (select count(*) from conference)::int) i returning id) "
		 "select count(*) from x");
	good(call_method("conference.create", body, &organiser));
	assert_fault(edit("conference.create", asked("one-more", "")), "limit.size");
	/* The last one is still answered when it is asked for again. */
	good(call_method("conference.create", body, &organiser));
	assert_string_equal(named("%"), "100");
	call_sql("with x as (delete from conference where slug like 'full-%%' returning id) "
		 "select count(*) from x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_form_is_saved, fresh),
	    cmocka_unit_test_setup(what_cannot_be_saved, fresh),
	    cmocka_unit_test_setup(roles_are_given_and_taken, fresh),
	    cmocka_unit_test_setup(what_cannot_be_granted, fresh),
	    cmocka_unit_test_setup(another_conference, fresh),
	    cmocka_unit_test_setup(what_makes_no_conference, fresh),
	    cmocka_unit_test_setup(a_hundred_conferences_are_enough, fresh),
	};

	return cmocka_run_group_tests_name("staff", tests, setup, teardown);
}
