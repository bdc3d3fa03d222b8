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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_form_is_saved, fresh),
	    cmocka_unit_test_setup(what_cannot_be_saved, fresh),
	    cmocka_unit_test_setup(roles_are_given_and_taken, fresh),
	    cmocka_unit_test_setup(what_cannot_be_granted, fresh),
	};

	return cmocka_run_group_tests_name("staff", tests, setup, teardown);
}
