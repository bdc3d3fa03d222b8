/* tests/services: what is handed in: drafts, two tabs, double submits, what is missing, consents,
 * withdrawing; people nobody knew. */
#include "tests/services/call_support.h"

static int opened(void **state)
{
	make(state);
	good(save_call("2021-03-02 14:00", "CET", "Europe/Copenhagen", 0, 0));
	return 0;
}

static void a_draft_is_kept_as_typed(void **state)
{
	const char *a = call_uuid();
	json_t *r, *mine, *one;

	(void)state;
	r = good(save(&writer, a,
		      "{\"title\":\"Ab\",\"body\":\"\",\"authors\":[{\"name\":\"\",\"email\":"
		      "\"ada@\"}]}",
		      0));
	assert_int_equal(int_at(r, "version"), 1);
	assert_string_equal(text_at(r, "state"), "draft");
	r = good(save(&writer, a, "{\"title\":\"Abc\",\"body\":\"x\",\"authors\":[]}", 1));
	assert_int_equal(int_at(r, "version"), 2);
	mine = at(good(call_method("abstract.mine", "{}", &writer)), "abstracts");
	assert_int_equal(json_array_size(mine), 1);
	one = json_array_get(mine, 0);
	assert_string_equal(text_at(at(one, "draft"), "title"), "Abc");
	assert_null(at(one, "number"));
	/* Its words are its writer's: an organiser sees that there is one. */
	r = json_array_get(at(good(call_method("abstract.list", "{}", &organiser)), "abstracts"),
			   0);
	assert_string_equal(text_at(r, "title"), "Abc");
	assert_null(at(r, "body"));
	assert_fault(
	    call_method("abstract.get", call_text("{\"abstract\":\"%s\"}", a), &(struct caller){0}),
	    "denied");
}

static void two_tabs(void **state)
{
	const char *a = call_uuid();
	struct call_result r;
	json_t *current;

	(void)state;
	good(save(&writer, a, content("From the first tab"), 0));
	good(save(&writer, a, content("Again from the first"), 1));
	r = save(&writer, a, content("From the second"), 1);
	assert_fault(r, "conflict");
	current = json_loads(r.current, 0, NULL);
	assert_int_equal(int_at(current, "version"), 2);
	assert_string_equal(text_at(at(current, "draft"), "title"), "Again from the first");
	json_decref(current);
	/* Nothing of it was taken. */
	assert_string_equal(
	    call_sql("select content->>'title' from abstract_draft where abstract = '%s'", a),
	    "Again from the first");
	assert_fault(submit(&writer, a, NULL, 1), "conflict");
	good(submit(&writer, a, NULL, 2));
}

static void handed_in(void **state)
{
	const char *a = call_uuid();
	json_t *r, *row;

	(void)state;
	good(save(&writer, a, content("Handed in"), 0));
	r = good(submit(&writer, a, NULL, 1));
	assert_int_equal(int_at(r, "number"), 1);
	assert_string_equal(text_at(r, "state"), "submitted");
	assert_non_null(at(at(r, "positions"), call_text("person:%s", writer.person)));
	row = good(call_method("abstract.get", call_text("{\"abstract\":\"%s\"}", a), &writer));
	assert_string_equal(text_at(json_array_get(at(at(row, "content"), "authors"), 1), "name"),
			    "Bo Berg");
	assert_string_equal(text_at(json_array_get(at(row, "consents"), 0), "kind"), "data");
	assert_null(at(row, "draft"));
	assert_int_equal(number(call_text("select count(*) from outbox where dedupe like "
					  "'call.received:%%:%s:%%'",
					  a)),
			 1);
	/* A change is a draft again until it is handed in; what was handed in stays as it was. */
	r = good(save(&writer, a, content("Changed"), 2));
	assert_string_equal(text_at(r, "state"), "submitted");
	assert_string_equal(call_sql("select title from abstract where id = '%s'", a), "Handed in");
	r = good(submit(&writer, a, NULL, 3));
	assert_int_equal(int_at(r, "number"), 1);
	assert_string_equal(call_sql("select title from abstract where id = '%s'", a), "Changed");
	assert_int_equal(number(call_text("select count(*) from outbox where dedupe like "
					  "'call.received:%%:%s:%%'",
					  a)),
			 1);
	/* Whoever else there is gets none of it. */
	struct caller other = applicant("Otto Other");
	assert_fault(call_method("abstract.get", call_text("{\"abstract\":\"%s\"}", a), &other),
		     "not_found");
	assert_fault(save(&other, a, content("Stolen"), 4), "not_found");
	assert_fault(submit(&other, a, content("Stolen"), 4), "not_found");
}

static void double_submit(void **state)
{
	enum { TIMES = 8 };
	const char *a = call_uuid(), *key = call_uuid();
	struct call calls[TIMES];
	struct call_result results[TIMES];
	json_t *r;

	(void)state;
	/* Eight at once, each with a key of its own: one abstract, one number, one mail. */
	for (int i = 0; i < TIMES; i++)
		calls[i] = (struct call){
		    "abstract.submit",
		    call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"content\":%s,\"consents\":%s,"
			      "\"expect_version\":0}",
			      call_uuid(), a, content("Pressed often"), AGREED),
		    &writer};
	call_methods(calls, TIMES, results);
	for (int i = 0; i < TIMES; i++)
		assert_int_equal(int_at(good(results[i]), "number"), 1);
	assert_int_equal(
	    number(call_text("select count(*) from abstract where conference = '%s'", conference)),
	    1);
	assert_int_equal(
	    number(call_text(
		"select count(*) from outbox where dedupe like 'call.received:%%:%s:%%'", a)),
	    1);
	/* The same key again is the same reply, also when the call has closed since. */
	calls[0].params = call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"content\":%s,"
				    "\"consents\":%s,\"expect_version\":0}",
				    key, call_uuid(), content("Once"), AGREED);
	call_methods(calls, 1, results);
	clock_to("2021-03-05 10:00+01");
	call_methods(calls, 1, results + 1);
	assert_string_equal(results[0].text, results[1].text);
	/* And what is there already needs no deadline. */
	r = good(submit(&writer, a, NULL, 1));
	assert_true(json_is_true(at(r, "noop")));
}

static void incomplete(struct call_result r, const char *field)
{
	json_t *current;

	assert_fault(r, "abstract.incomplete");
	current = json_loads(r.current, 0, NULL);
	assert_string_equal(text_at(current, "field"), field);
	json_decref(current);
}

static void what_is_missing(void **state)
{
	static const struct {
		const char *field, *title, *body, *authors;
	} cases[] = {
	    {"title", " ", "b", "{\"name\":\"A\",\"presents\":true}"},
	    {"body", "t", "", "{\"name\":\"A\",\"presents\":true}"},
	    {"authors", "t", "b", ""},
	    {"authors", "t", "b", "{\"name\":\"A\",\"email\":\"half@\",\"presents\":true}"},
	    {"presenter", "t", "b", "{\"name\":\"A\"}"},
	    {"presenter", "t", "b",
	     "{\"name\":\"A\",\"presents\":true},{\"name\":\"B\",\"presents\":true}"},
	};
	char long_body[600];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		incomplete(submit(&writer, call_uuid(),
				  call_text("{\"title\":\"%s\",\"body\":\"%s\",\"tracks\":[\"%s\"],"
					    "\"authors\":[%s]}",
					    cases[i].title, cases[i].body, topic, cases[i].authors),
				  0),
			   cases[i].field);
	memset(long_body, 'x', 501);
	long_body[501] = 0;
	incomplete(submit(&writer, call_uuid(),
			  call_text("{\"title\":\"t\",\"body\":\"%s\",\"tracks\":[\"%s\"],"
				    "\"authors\":[{\"name\":\"A\",\"presents\":true}]}",
				    long_body, topic),
			  0),
		   "body");
	incomplete(submit(&writer, call_uuid(),
			  call_text("{\"title\":\"t\",\"body\":\"b\",\"tracks\":[\"%s\"],"
				    "\"authors\":[{\"name\":\"A\",\"presents\":true}]}",
				    call_uuid()),
			  0),
		   "tracks");
	incomplete(call_method("abstract.submit",
			       call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"content\":%s,"
					 "\"consents\":[{\"kind\":\"data\",\"version\":2,\"given\":"
					 "true}],\"expect_version\":0}",
					 call_uuid(), call_uuid(), content("Other words")),
			       &writer),
		   "consents");
	/* Nothing of any of these was kept. */
	assert_int_equal(
	    number(call_text("select count(*) from abstract where conference = '%s'", conference)),
	    0);
}

static void consents_have_versions(void **state)
{
	const char *a = call_uuid();

	(void)state;
	good(submit(&writer, a, content("Agreed"), 0));
	assert_int_equal(number(call_text("select count(*) from consent where abstract = '%s'", a)),
			 1);
	good(call_method(
	    "call.save",
	    call_text(
		"{\"key\":\"%s\",\"opens\":{\"text\":\"2020-12-16 09:00\",\"label\":\"CET\","
		"\"zone\":\"Europe/Copenhagen\"},\"closes\":{\"text\":\"2021-03-02 14:00\","
		"\"label\":\"CET\",\"zone\":\"Europe/Copenhagen\"},\"limit\":500,\"consents\":"
		"[{\"kind\":\"data\",\"text\":\"Other words.\",\"required\":true}],"
		"\"expect_version\":1}",
		call_uuid()),
	    &organiser));
	/* What was agreed to stays what it was; who hands in anew is asked anew. */
	assert_string_equal(
	    call_sql("select t.text from consent c join consent_text t using (conference, kind, "
		     "version) where c.abstract = '%s'",
		     a),
	    "My data may be kept.");
	good(save(&writer, a, content("Agreed again"), 1));
	incomplete(submit(&writer, a, NULL, 2), "consents");
	good(call_method("abstract.submit",
			 call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"consents\":[{\"kind\":"
				   "\"data\",\"version\":2,\"given\":true}],\"expect_version\":2}",
				   call_uuid(), a),
			 &writer));
	assert_int_equal(number(call_text("select count(*) from consent where abstract = '%s'", a)),
			 2);
}

static void withdrawing(void **state)
{
	const char *a = call_uuid(), *draft = call_uuid();
	json_t *r;

	(void)state;
	good(submit(&writer, a, content("Withdrawn"), 0));
	r = good(call_method(
	    "abstract.withdraw",
	    call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"expect_version\":1}", call_uuid(), a),
	    &writer));
	assert_string_equal(text_at(r, "state"), "withdrawn");
	/* Handed in again it keeps its number. */
	r = good(submit(&writer, a, content("Back again"), 2));
	assert_int_equal(int_at(r, "number"), 1);
	good(save(&writer, draft, content("Never handed in"), 0));
	r = good(call_method("abstract.withdraw",
			     call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"expect_version\":1}",
				       call_uuid(), draft),
			     &writer));
	assert_string_equal(text_at(r, "state"), "gone");
	/* Also when the call has closed; not once it is decided on. */
	clock_to("2021-03-05 10:00+01");
	call_sql("update abstract set outcome = 'talk', decided = now() where id = '%s'", a);
	assert_fault(call_method("abstract.withdraw",
				 call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"expect_version\":"
					   "3}",
					   call_uuid(), a),
				 &writer),
		     "abstract.decided");
}

static void ten_a_person(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		good(save(&writer, call_uuid(), content(call_text("Number %d", i)), 0));
	assert_fault(save(&writer, call_uuid(), content("One too many"), 0), "limit.size");
}

static struct call_result redact(const struct caller *who, const char *a, int version)
{
	return call_method("abstract.redact",
			   call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"redacted\":"
				     "\"We and XX.\",\"expect_version\":%d}",
				     call_uuid(), a, version),
			   who);
}

static void redacted_copies(void **state)
{
	const char *a = call_uuid();

	(void)state;
	good(submit(&writer, a, content("Blind"), 0));
	good(redact(&organiser, a, 1));
	assert_string_equal(call_sql("select redacted from abstract where id = '%s'", a),
			    "We and XX.");
	/* Another title leaves it, another body does not. */
	good(submit(&writer, a, content("Blind still"), 1));
	assert_non_null(call_sql("select redacted from abstract where id = '%s'", a));
	good(submit(&writer, a,
		    call_text("{\"title\":\"Blind\",\"body\":\"Other.\",\"tracks\":[\"%s\"],"
			      "\"authors\":[{\"name\":\"A\",\"presents\":true}]}",
			      topic),
		    2));
	assert_null(call_sql("select redacted from abstract where id = '%s'", a));
	assert_fault(redact(&writer, a, 3), "denied");
}

static struct call_result start(const char *params)
{
	return call_method(
	    "auth.start",
	    call_text("{\"slug\":\"%s\",%s}",
		      call_sql("select slug from conference where id = '%s'", conference), params),
	    NULL);
}

static void somebody_new(void **state)
{
	json_t *r = good(
		   start("\"email\":\"new@example.org\",\"name\":\"Nina Ny\",\"language\":\"da\"")),
	       *again;
	const char *request = text_at(r, "request"), *code;

	(void)state;
	assert_int_equal(json_object_size(r), 1);
	/* The mail has no word of what was typed as a name. */
	assert_null(call_sql("select 1 from outbox where dedupe = 'sign_in:%s' and body like "
			     "'%%Nina%%'",
			     request));
	code = call_sql(
	    "select substring(body from '[0-9]{6}') from outbox where dedupe = 'sign_in:%s' and "
	    "recipient = 'new@example.org' and sent is null",
	    request);
	assert_non_null(code);
	assert_null(call_sql("select 1 from person where email = 'new@example.org'"));
	/* Two requests, one person. */
	again = good(start("\"email\":\"new@example.org\",\"name\":\"Somebody Else\""));
	r = good(call_method(
	    "auth.finish", call_text("{\"request\":\"%s\",\"code\":\"%s\"}", request, code), NULL));
	assert_string_equal(text_at(at(r, "person"), "name"), "Nina Ny");
	request = text_at(again, "request");
	code = call_sql("select substring(body from '[0-9]{6}') from outbox where dedupe = "
			"'sign_in:%s'",
			request);
	r = good(call_method(
	    "auth.finish", call_text("{\"request\":\"%s\",\"code\":\"%s\"}", request, code), NULL));
	assert_string_equal(text_at(at(r, "person"), "name"), "Nina Ny");
	assert_string_equal(call_sql("select language from person where email = 'new@example.org'"),
			    "da");
	/* Without a name, or when nobody is taken: the same answer, nothing sent. */
	r = good(start("\"email\":\"other@example.org\""));
	assert_int_equal(json_object_size(r), 1);
	clock_to("2021-04-02 10:00+01");
	good(start("\"email\":\"late@example.org\",\"name\":\"Lara Late\""));
	assert_int_equal(number("select count(*) from outbox where recipient in "
				"('other@example.org', 'late@example.org') and sent is null"),
			 0);
}

/* Names become parts of mails: a line end in one must not begin a header. */
static void names_are_one_line(void **state)
{
	json_t *r;
	const char *a = call_uuid();

	(void)state;
	good(start("\"email\":\"evil@example.org\",\"name\":\"Eve\\r\\nBcc: all@example.org\""));
	assert_string_equal(call_sql("select name from sign_in where email = 'evil@example.org'"),
			    "Eve Bcc: all@example.org");
	good(
	    submit(&writer, a,
		   call_text("{\"title\":\"T\\r\\nBcc: x@example.org\\u0085y\",\"body\":\"b\","
			     "\"tracks\":[\"%s\"],\"authors\":[{\"name\":\"E\\nTo: z@example.org\","
			     "\"email\":\"e@example.org\",\"presents\":true}]}",
			     topic),
		   0));
	r = at(good(call_method("abstract.get", call_text("{\"abstract\":\"%s\"}", a), &writer)),
	       "content");
	assert_null(strpbrk(text_at(r, "title"), "\r\n"));
	assert_null(strpbrk(text_at(json_array_get(at(r, "authors"), 0), "name"), "\r\n"));
	assert_null(call_sql("select 1 from outbox where dedupe like 'call.received:%%:%s:%%' and "
			     "subject ~ '[\\r\\n]'",
			     a));
	incomplete(submit(&writer, call_uuid(),
			  call_text("{\"title\":\"t\",\"body\":\"b\",\"tracks\":[\"%s\"],"
				    "\"authors\":[{\"name\":\"E\",\"email\":\"a@b.c> <d@e.f\","
				    "\"presents\":true}]}",
				    topic),
			  0),
		   "authors");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_draft_is_kept_as_typed, opened),
	    cmocka_unit_test_setup(two_tabs, opened),
	    cmocka_unit_test_setup(handed_in, opened),
	    cmocka_unit_test_setup(double_submit, opened),
	    cmocka_unit_test_setup(what_is_missing, opened),
	    cmocka_unit_test_setup(consents_have_versions, opened),
	    cmocka_unit_test_setup(withdrawing, opened),
	    cmocka_unit_test_setup(ten_a_person, opened),
	    cmocka_unit_test_setup(redacted_copies, opened),
	    cmocka_unit_test_setup(somebody_new, opened),
	    cmocka_unit_test_setup(names_are_one_line, opened),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
