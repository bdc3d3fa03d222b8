/* tests/services: abstracts from elsewhere: our JSON, HotCRP's, spreadsheets; a word on every row;
 * twice changes nothing. */
#include "services/call/call.h"
#include "tests/services/call_support.h"

static const char hotcrp[] =
    "[{\"object\":\"paper\",\"pid\":7,\"title\":\"Graphs of cells\",\"abstract\":\"We drew them.\","
    "\"authors\":[{\"first\":\"Ada\",\"last\":\"Aagaard\",\"affiliation\":\"DTU\",\"email\":"
    "\"Ada@Example.org\"},{\"name\":\"Bo Berg\",\"affiliation\":\"KU\"}],\"topics\":{\"genomics\":"
    "true},\"submitted\":true,\"submitted_at\":1611000000,\"score\":3.5},"
    "{\"pid\":9,\"title\":\"Unfinished\",\"abstract\":\"\",\"authors\":[{\"name\":\"Cy Carl\","
    "\"email\":\"cy@example.org\"}],\"draft\":true},"
    "{\"pid\":11,\"title\":\"Gone\",\"abstract\":\"It was.\",\"authors\":[{\"name\":\"Di Dahl\","
    "\"email\":\"di@example.org\"}],\"status\":\"withdrawn\"}]";

/* As the command line does. partial: without those that are refused. */
static struct call_result import(const char *file, bool dry, bool partial)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	const char *why = NULL;
	json_t *rows = NULL, *params;
	struct call_result r;
	char *text;

	if (abstracts_to_rows(arena, file, strlen(file), &rows, &why) != OK)
		fail_msg("%s", why);
	params = json_pack("{s:s,s:o,s:b,s:b}", "key", call_uuid(), "rows", rows, "dry_run", dry,
			   "partial", partial);
	text = json_dumps(params, JSON_COMPACT);
	r = call_method("abstract.import_bulk", text, &organiser);
	free(text);
	json_decref(params);
	arena_destroy(arena);
	return r;
}

static void counts(json_t *r, int created, int updated, int unchanged, int refused)
{
	if (int_at(r, "created") != created || int_at(r, "updated") != updated ||
	    int_at(r, "unchanged") != unchanged || int_at(r, "refused") != refused)
		fail_msg("%s", json_dumps(r, JSON_COMPACT));
}

static int64_t abstracts(void)
{
	return number(
	    call_text("select count(*) from abstract where conference = '%s'", conference));
}

static void from_hotcrp(void **state)
{
	json_t *row;

	(void)state;
	counts(good(import(hotcrp, true, false)), 3, 0, 0, 0);
	assert_int_equal(abstracts(), 0);
	assert_null(call_sql("select 1 from person where email = 'ada@example.org'"));
	counts(good(import(hotcrp, false, false)), 3, 0, 0, 0);
	counts(good(import(hotcrp, false, false)), 0, 0, 3, 0);
	assert_int_equal(abstracts(), 3);
	row = json_array_get(
	    at(good(call_method("abstract.export", "{}", &organiser)), "abstracts"), 0);
	assert_int_equal(int_at(row, "number"), 7);
	assert_string_equal(text_at(row, "received"), "2021-01-18T20:00:00.000Z");
	assert_string_equal(text_at(at(row, "person"), "email"), "ada@example.org");
	assert_string_equal(json_string_value(json_array_get(at(row, "tracks"), 0)), topic);
	row = json_array_get(at(row, "authors"), 0);
	assert_string_equal(text_at(row, "name"), "Ada Aagaard");
	assert_true(json_is_true(at(row, "presents")));
	assert_string_equal(
	    call_sql("select state from abstract where conference = '%s' and source "
		     "= '11'",
		     conference),
	    "withdrawn");
	assert_string_equal(
	    call_sql("select state from abstract where conference = '%s' and source "
		     "= '9'",
		     conference),
	    "draft");
	/* Whoever came with it is somebody who may sign in. */
	assert_string_equal(call_sql("select people_roles('%s', id) from person where conference = "
				     "'%s' and email = 'cy@example.org'",
				     conference, conference),
			    "{applicant}");
}

static void from_a_spreadsheet(void **state)
{
	static const char csv[] =
	    "\xef\xbb\xbfsource;title;email;name;authors;abstract;topics;mode\r\n"
	    "A-1;\"One; with a semicolon\";eva@example.org;Eva Eng;\"Jo Juul (SDU); *Eva Eng "
	    "(AU)\";Body;Genomics;online\r\n"
	    "A-2;Two;eva@example.org;Eva Eng;\"Jo Juul (SDU); *Eva Eng (AU)\";\"Two\nlines\";;\r\n";
	json_t *r = good(import(csv, false, false)), *row;

	(void)state;
	counts(r, 2, 0, 0, 0);
	row = json_array_get(
	    at(good(call_method("abstract.export", "{\"text\":\"two\"}", &organiser)), "abstracts"),
	    0);
	assert_string_equal(text_at(row, "body"), "Two\nlines");
	row = json_array_get(at(row, "authors"), 1);
	assert_string_equal(text_at(row, "name"), "Eva Eng");
	assert_string_equal(text_at(row, "affiliation"), "AU");
	assert_true(json_is_true(at(row, "presents")));
	/* What changed elsewhere changes here, under the same number. */
	counts(good(import("title,email,authors,abstract,source\nTwo b,eva@example.org,Eva "
			   "Eng,Other,A-2\n",
			   false, false)),
	       0, 1, 0, 0);
	assert_string_equal(call_sql("select number || title from abstract where conference = '%s' "
				     "and source = 'A-2'",
				     conference),
			    "2Two b");
}

static void each_row_has_its_word(void **state)
{
	static const char bad[] =
	    "{\"abstracts\":[{\"title\":\"Good\",\"body\":\"b\",\"email\":\"a@example.org\","
	    "\"name\":"
	    "\"A\",\"authors\":[{\"name\":\"A\"}]},"
	    "{\"title\":\"No address\",\"body\":\"b\",\"authors\":[{\"name\":\"A\"}]},"
	    "{\"title\":\"Unknown topic\",\"body\":\"b\",\"email\":\"a@example.org\",\"topics\":"
	    "[\"Astrology\"],\"authors\":[{\"name\":\"A\"}]},"
	    "{\"title\":\"Nobody wrote "
	    "it\",\"body\":\"b\",\"email\":\"a@example.org\",\"authors\":[]}"
	    ",{\"title\":\"GOOD\",\"body\":\"b\",\"email\":\"A@example.org\",\"authors\":[{"
	    "\"name\":"
	    "\"A\"}]},17]}";
	struct call_result r = import(bad, false, false);
	json_t *refused;

	(void)state;
	assert_fault(r, "import.refused");
	assert_int_equal(abstracts(), 0);
	refused = json_loads(r.current, 0, NULL);
	assert_int_equal(json_array_size(at(refused, "refused")), 5);
	assert_string_equal(text_at(json_array_get(at(refused, "refused"), 1), "why"),
			    "this conference has no topic Astrology");
	json_decref(refused);
	counts(good(import(bad, true, false)), 1, 0, 0, 5);
	counts(good(import(bad, false, true)), 1, 0, 0, 5);
	assert_int_equal(abstracts(), 1);
	/* What is decided on is left alone. */
	call_sql("update abstract set outcome = 'talk', decided = now() where conference = '%s'",
		 conference);
	counts(good(import(bad, false, true)), 0, 0, 0, 6);
}

/* The last word on a kind of the abstract that has this number elsewhere: "kind version given at".
 */
static const char *consents_of(const char *source)
{
	return call_sql("select coalesce(string_agg(concat_ws(' ', c ->> 'kind', c ->> 'version', "
			"c ->> 'given', c ->> 'at'), ', '), '') from abstract a, "
			"jsonb_array_elements(abstract_consents(a.id)) c where a.conference = '%s' "
			"and a.source = '%s'",
			conference, source);
}

static const char *with_consents(const char *source, const char *list)
{
	return call_text("[{\"source\":\"%s\",\"title\":\"T %s\",\"body\":\"b\",\"email\":"
			 "\"a@example.org\",\"name\":\"A\",\"submitted\":\"2021-01-05T10:00:00Z\","
			 "\"authors\":[{\"name\":\"A\"}],\"consents\":%s}]",
			 source, source, list);
}

static void consents_that_are_known(void **state)
{
	static const char *const wrong[] = {
	    "{}",
	    "[{\"kind\":\"data\"}]",
	    "[{\"kind\":\"data\",\"given\":true},{\"kind\":\"data\",\"given\":false}]",
	    "[{\"kind\":\"soul\",\"given\":true}]",
	    "[{\"kind\":\"data\",\"given\":true,\"version\":2}]",
	    "[{\"kind\":\"data\",\"given\":true,\"at\":\"soon\"}]"};
	const char *file =
	    with_consents("1", "[{\"kind\":\"data\",\"given\":true},{\"kind\":"
			       "\"book\",\"given\":false,\"at\":\"2021-01-06T11:00:00Z\"}]");
	json_t *doc;

	(void)state;
	good(save_call("2021-03-02 14:00", "CET", "Europe/Copenhagen", 0, 0));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_fault(import(with_consents("1", wrong[i]), false, false), "import.refused");
	counts(good(import(file, false, false)), 1, 0, 0, 0);
	counts(good(import(file, false, false)), 0, 0, 1, 0);
	assert_string_equal(consents_of("1"), "book 1 false 2021-01-06T11:00:00.000Z, data 1 true "
					      "2021-01-05T10:00:00.000Z");
	/* What is not known has no row, and that is said. */
	counts(good(import(with_consents("2", "[]"), false, false)), 1, 0, 0, 0);
	assert_string_equal(consents_of("2"), "");
	doc = at(good(call_method("abstract.list", "{}", &organiser)), "abstracts");
	assert_null(at(json_array_get(doc, 0), "unknown_consents"));
	assert_true(json_is_true(at(json_array_get(doc, 1), "unknown_consents")));
	doc = good(call_method(
	    "abstract.get",
	    call_text("{\"abstract\":\"%s\"}", text_at(json_array_get(doc, 1), "abstract")),
	    &organiser));
	assert_int_equal(json_array_size(at(doc, "unanswered")), 2);
	/* Known later, from a spreadsheet: a row more, and nothing else is different. */
	counts(good(import("title,email,authors,abstract,source,consents\nT "
			   "2,a@example.org,A,b,2,data 1@2021-01-07T09:00:00Z; book=no\n",
			   false, false)),
	       0, 1, 0, 0);
	assert_string_equal(consents_of("2"), "book 1 false 2021-01-05T10:00:00.000Z, data 1 true "
					      "2021-01-07T09:00:00.000Z");
	assert_fault(import("title,email,authors,abstract,consents\nT "
			    "3,a@example.org,A,b,data=perhaps\n",
			    false, false),
		     "import.refused");
}

static void files_that_are_none(void **state)
{
	static const char *const files[] = {"",
					    "{\"abstracts\":{}}",
					    "[1,",
					    "name;email\nA;a@example.org\n",
					    "title,email,title\na,b,c\n",
					    "title,email\nonly one\n",
					    "\xff\xfe"};
	struct arena *arena = arena_create(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		const char *why = NULL;
		json_t *rows = NULL;

		assert_ptr_not_equal(
		    abstracts_to_rows(arena, files[i], strlen(files[i]), &rows, &why), OK);
		assert_non_null(why);
	}
	arena_destroy(arena);
	assert_fault(
	    call_method("abstract.import",
			call_text("{\"key\":\"%s\",\"rows\":[{\"title\":\"t\"}]}", call_uuid()),
			&writer),
	    "denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(from_hotcrp, make),
	    cmocka_unit_test_setup(from_a_spreadsheet, make),
	    cmocka_unit_test_setup(each_row_has_its_word, make),
	    cmocka_unit_test_setup(consents_that_are_known, make),
	    cmocka_unit_test_setup(files_that_are_none, make),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
