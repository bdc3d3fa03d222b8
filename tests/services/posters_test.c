/* tests/services: who may hand a file in and have it, posters with numbers and talks, and the book
 * that is closed until it is opened. */
#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static struct {
	const char *conference, *session;
	struct caller organiser, author, reader, applicant;
	const char *tracks[2];
} stage;

#define assert_fault(r, name) assert_string_equal((r).fault != NULL ? (r).fault : "none", name)

static json_t *good(struct call_result r)
{
	if (r.fault != NULL)
		print_error("%s %s\n", r.fault, r.field != NULL ? r.field : "");
	assert_null(r.fault);
	return r.json;
}

static int make(void **state)
{
	const char *slug = call_text("posters-%.8s", call_uuid());

	(void)state;
	stage.conference = call_conference(slug);
	stage.organiser = call_person(stage.conference, "Or Ganiser", ROLE_ORGANISER);
	stage.author = call_person(stage.conference, "Au Thor", ROLE_ATTENDEE);
	stage.reader = call_person(stage.conference, "Re Ader", ROLE_ATTENDEE);
	stage.applicant = call_person(stage.conference, "Ap Plicant", ROLE_APPLICANT);
	call_sql("delete from registration where person = '%s'", stage.applicant.person);
	for (int i = 0; i < 2; i++)
		stage.tracks[i] =
		    call_sql("insert into track (conference, name, slug, ord) values ('%s', "
			     "'Topic %d', 't%d', %d) returning id",
			     stage.conference, i, i, i);
	stage.session = call_sql("insert into session (conference, guid, number, title) values "
				 "('%s', gen_random_uuid(), 1, 'Posters') returning id",
				 stage.conference);
	return 0;
}

static const char *abstract(int number, const char *outcome, int topic)
{
	const char *id = call_sql(
	    "insert into abstract (conference, number, person, title, body, state, received, "
	    "outcome, decided) values ('%s', %d, '%s', 'Poster %d', 'Words', 'submitted', now(), "
	    "'%s', now()) returning id",
	    stage.conference, number, stage.author.person, number, outcome);

	call_sql("insert into abstract_track values ('%s', '%s')", id, stage.tracks[topic]);
	return id;
}

static const char *key(const char *more)
{
	return call_text("{%s%s\"key\":\"%s\"}", more, more[0] != 0 ? "," : "", call_uuid());
}

static const char *number_of(const char *id)
{
	return call_sql("select number from poster where abstract = '%s'", id);
}

static const char *announce(const struct caller *who, const char *kind, const char *subject,
			    const char *name, long size)
{
	struct call_result r = call_method(
	    "file.create",
	    call_text("{\"file\":\"%s\",\"kind\":\"%s\",\"subject\":\"%s\",\"name\":\"%s\","
		      "\"size\":%ld}",
		      call_uuid(), kind, subject, name, size),
	    who);

	return r.fault != NULL ? r.fault : "none";
}

static void numbers_go_by_topic_and_stay(void **state)
{
	const char *late, *a = abstract(11, "poster", 1), *b = abstract(12, "poster", 0),
			  *c = abstract(13, "poster", 1), *declined = abstract(14, "declined", 0);
	struct call_result r;

	(void)state;
	assert_int_equal(
	    json_integer_value(json_object_get(
		good(call_method("poster.arrange", key(""), &stage.organiser)), "numbered")),
	    3);
	assert_string_equal(number_of(b), "1");
	assert_string_equal(number_of(a), "2");
	assert_string_equal(number_of(c), "3");
	assert_null(number_of(declined));
	late = abstract(15, "poster", 0);
	good(call_method("poster.arrange", key(""), &stage.organiser));
	assert_string_equal(number_of(late), "4");
	assert_string_equal(number_of(a), "2");
	r = call_method("poster.number", key(call_text("\"abstract\":\"%s\",\"number\":2", late)),
			&stage.organiser);
	assert_fault(r, "poster.taken");
	good(call_method("poster.number", key(call_text("\"abstract\":\"%s\",\"number\":20", late)),
			 &stage.organiser));
	assert_string_equal(number_of(late), "20");
	r = call_method("poster.arrange", key(""), &stage.reader);
	assert_fault(r, "denied");
}

static void two_who_arrange_at_once_give_each_number_once(void **state)
{
	struct call calls[6];
	struct call_result results[6];

	(void)state;
	for (int i = 0; i < 5; i++)
		abstract(30 + i, "poster", i % 2);
	for (int i = 0; i < 6; i++)
		calls[i] = (struct call){"poster.arrange", key(""), &stage.organiser};
	call_methods(calls, 6, results);
	for (int i = 0; i < 6; i++)
		good(results[i]);
	assert_string_equal(call_sql("select count(*) || ' ' || count(distinct number) from poster "
				     "where conference = '%s'",
				     stage.conference),
			    "5 5");
}

static void each_is_a_talk_of_the_session_once(void **state)
{
	const char *a = abstract(41, "poster", 0), *other;

	(void)state;
	good(call_method(
	    "book.save",
	    key(call_text("\"posters\":false,\"open\":false,\"session\":\"%s\"", stage.session)),
	    &stage.organiser));
	good(call_method("poster.arrange", key(""), &stage.organiser));
	good(call_method("poster.arrange", key(""), &stage.organiser));
	assert_string_equal(call_sql("select count(*) || ' ' || max(session::text) from talk where "
				     "abstract = '%s'",
				     a),
			    call_text("1 %s", stage.session));
	/* One that gets its number when there is a session already. */
	other = abstract(42, "poster", 1);
	good(call_method("poster.arrange", key(""), &stage.organiser));
	assert_string_equal(call_sql("select count(*) from talk where abstract = '%s'", other),
			    "1");
	assert_fault(
	    call_method(
		"book.save",
		key(call_text("\"posters\":false,\"open\":false,\"session\":\"%s\"", call_uuid())),
		&stage.organiser),
	    "not_found");
}

static void closed_until_it_is_opened(void **state)
{
	const struct caller guest = {.roles = ROLE_GUEST};
	struct caller nobody = guest;
	json_t *book, *list;

	(void)state;
	snprintf(nobody.conference, sizeof(nobody.conference), "%s", stage.conference);
	abstract(51, "poster", 0);
	abstract(52, "talk", 0);
	abstract(53, "declined", 0);
	abstract(54, "standby", 0);
	assert_fault(call_method("book.get", "{}", &stage.reader), "book.closed");
	assert_fault(call_method("poster.list", "{}", &stage.reader), "book.closed");
	good(call_method("book.get", "{}", &stage.organiser));
	good(call_method("book.save", key("\"posters\":true,\"open\":true"), &stage.organiser));
	book = json_object_get(good(call_method("book.get", "{}", &nobody)), "abstracts");
	assert_int_equal(json_array_size(book), 2);
	list = good(call_method("poster.list", "{}", &nobody));
	assert_int_equal(json_array_size(json_object_get(list, "posters")), 1);
	assert_true(json_is_false(json_object_get(list, "files")));
	assert_true(json_is_true(
	    json_object_get(good(call_method("poster.list", "{}", &stage.reader)), "files")));
	assert_true(json_is_false(
	    json_object_get(good(call_method("poster.list", "{}", &stage.applicant)), "files")));
}

static void who_has_not_handed_in_is_asked_once_a_day(void **state)
{
	const char *a = abstract(61, "poster", 0);

	(void)state;
	abstract(62, "poster", 0);
	call_sql("insert into file (id, conference, person, kind, abstract, name, size, received, "
		 "state, type, sha256) values (gen_random_uuid(), '%s', '%s', 'poster', '%s', "
		 "'a.pdf', 5, 5, 'ready', 'application/pdf', '\\x00')",
		 stage.conference, stage.author.person, a);
	for (int i = 0; i < 2; i++)
		good(call_method("poster.remind", key("\"until\":\"28 April\""), &stage.organiser));
	assert_string_equal(
	    call_sql("select count(*) || ' ' || (bool_and(body like '%%Poster 62%%' "
		     "and body like '%%28 April%%')) from outbox where conference = "
		     "'%s' and kind = 'file.wanted'",
		     stage.conference),
	    "1 true");
}

static void handing_in_is_for_whose_it_is(void **state)
{
	const char *a = abstract(71, "poster", 0), *declined = abstract(72, "declined", 0);
	struct call_result r;

	(void)state;
	/* No disk here: whoever may is told that files are not taken, everybody else why not. */
	assert_string_equal(announce(&stage.author, "poster", a, "a.pdf", 100), "file.unavailable");
	r = call_method("file.list", call_text("{\"kind\":\"poster\",\"subject\":\"%s\"}", a),
			&stage.author);
	assert_true(json_is_true(json_object_get(good(r), "may")));
	r = call_method("file.list", call_text("{\"kind\":\"poster\",\"subject\":\"%s\"}", a),
			&stage.reader);
	assert_true(json_is_false(json_object_get(good(r), "may")));
	assert_int_equal(json_array_size(json_object_get(
			     good(call_method("file.mine", "{}", &stage.author)), "subjects")),
			 1);
	assert_int_equal(json_array_size(json_object_get(
			     good(call_method("file.mine", "{}", &stage.reader)), "subjects")),
			 0);
	assert_string_equal(call_sql("select fault from file_create('%s', '%s', gen_random_uuid(), "
				     "'poster', '%s', 'a.pdf', 100)",
				     stage.conference, stage.reader.person, a),
			    "denied");
	assert_string_equal(call_sql("select fault from file_create('%s', '%s', gen_random_uuid(), "
				     "'poster', '%s', 'a.pdf', 100)",
				     stage.conference, stage.author.person, declined),
			    "file.not_wanted");
	for (int i = 0; i < 5; i++)
		assert_null(call_sql("select fault from file_create('%s', '%s', gen_random_uuid(), "
				     "'poster', '%s', 'a.pdf', 100)",
				     stage.conference, stage.author.person, a));
	assert_string_equal(call_sql("select fault from file_create('%s', '%s', gen_random_uuid(), "
				     "'poster', '%s', 'a.pdf', 100)",
				     stage.conference, stage.author.person, a),
			    "file.too_many");
}

static void another_conference_is_another_world(void **state)
{
	const char *a = abstract(81, "poster", 0);
	struct caller foreign = call_person(call_conference(call_text("else-%.8s", call_uuid())),
					    "Fo Reign", ROLE_ORGANISER);

	(void)state;
	assert_fault(call_method("file.list",
				 call_text("{\"kind\":\"poster\",\"subject\":\"%s\"}", a),
				 &foreign),
		     "not_found");
	assert_fault(call_method("poster.number",
				 key(call_text("\"abstract\":\"%s\",\"number\":1", a)), &foreign),
		     "not_found");
	assert_int_equal(json_array_size(json_object_get(
			     good(call_method("poster.board", "{}", &foreign)), "posters")),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(numbers_go_by_topic_and_stay, make),
	    cmocka_unit_test_setup(two_who_arrange_at_once_give_each_number_once, make),
	    cmocka_unit_test_setup(each_is_a_talk_of_the_session_once, make),
	    cmocka_unit_test_setup(closed_until_it_is_opened, make),
	    cmocka_unit_test_setup(who_has_not_handed_in_is_asked_once_a_day, make),
	    cmocka_unit_test_setup(handing_in_is_for_whose_it_is, make),
	    cmocka_unit_test_setup(another_conference_is_another_world, make),
	};
	int failed;

	if (!call_start())
		return 77;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	call_stop();
	return failed;
}
