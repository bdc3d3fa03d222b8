/* tests/services: what a mail says: the text of its kind, in the reader's language, filled in once.
 */
#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *conference, *ada, *bo;

static const char *vars =
    "{\"title\":\"Whales, heard\",\"number\":7,\"closes\":\"2021-03-02T13:00:00Z\","
    "\"until\":\"2021-03-02T13:00:00+00:00\",\"count\":3,\"session\":\"Short 1\","
    "\"expires\":\"2021-04-01 10:00:00+02\",\"cover\":{\"fee\":true,\"nights\":2},"
    "\"comments\":\"\",\"rank\":2,\"what\":\"talk\",\"mode\":\"on_site\","
    "\"code\":\"{code:\\\\x00}\",\"by\":\"Bo\",\"link\":\"{base}/x\",\"day\":\"Sunday\","
    "\"when\":\"2021-05-02T09:00:00Z\",\"room\":\"Aula\",\"subject\":\"S\",\"text\":\"T\"}";

/* The first column of a statement, or what went wrong. */
static const char *tried(const char *expression)
{
	call_sql("create or replace function test_try(e text) returns text language plpgsql as $f$ "
		 "declare r "
		 "text; begin execute 'select ' || e into r; return coalesce(r, ''); exception "
		 "when raise_exception "
		 "then return 'raised ' || sqlerrm; end $f$");
	return call_sql("select test_try($e$%s$e$)", expression);
}

static const char *tell(const char *person, const char *kind, const char *dedupe, const char *with)
{
	return tried(call_text("mail_tell('%s', '%s', '%s', '%s', '%s')", conference, person, kind,
			       dedupe, with));
}

static const char *body_of(const char *person, const char *kind)
{
	return call_sql("select subject || E'\\n' || body from outbox where person = '%s' and kind "
			"= '%s' order by "
			"created desc limit 1",
			person, kind);
}

static void every_kind_is_whole_in_both_languages(void **state)
{
	(void)state;
	assert_string_equal(call_sql("select count(*) from mail_texts()"), "21");
	assert_string_equal(call_sql("select count(distinct kind) from mail_texts()"), "21");
	/* Each placeholder of a kind stands in both texts, and no other does. */
	assert_string_equal(call_sql("select coalesce(string_agg(distinct t.kind, ' '), '') from "
				     "mail_texts() t cross join lateral (values "
				     "(t.subject || t.body), (t.subject_da || t.body_da)) x(said) "
				     "where (select array_agg(distinct m[1] order by m[1]) from "
				     "regexp_matches(said, '\\{([a-z_]+)\\}', 'g') m where m[1] "
				     "not in ('name', 'conference', 'page', 'base')) is distinct "
				     "from (select array_agg(v order by v) from unnest(t.vars) v)"),
			    "");
	assert_string_equal(
	    call_sql("select coalesce(max(x.line), '') from mail_texts() t cross join lateral "
		     "string_to_table(t.body || E'\\n' || t.body_da, E'\\n') x(line) where "
		     "char_length(x.line) > 80"),
	    "");
	call_sql("select mail_tell('%s', p, kind, 'every', '%s') from mail_texts(), (values "
		 "('%s'::uuid), ('%s')) v(p)",
		 conference, vars, ada, bo);
	assert_string_equal(
	    call_sql(
		"select count(*) from outbox where dedupe like '%%:every' and subject || body !~ "
		"'\\{(?!base\\}|code:)'"),
	    "42");
	assert_string_equal(
	    call_sql("select count(*) from outbox where dedupe like '%%:every' and body ~ "
		     "'\\n\\n\\n'"),
	    "0");
}

static void said_in_the_readers_language(void **state)
{
	const char *said;

	(void)state;
	tell(ada, "call.late", "x", "{\"until\":\"2021-03-02T13:00:00Z\"}");
	said = body_of(ada, "call.late");
	assert_non_null(strstr(said, "until Tuesday 2 March 2021, 14:00 CET"));
	tell(bo, "call.late", "x", "{\"until\":\"2021-03-02T13:00:00Z\"}");
	said = body_of(bo, "call.late");
	assert_non_null(strstr(said, "indtil tirsdag 2. marts 2021 kl. 14.00 CET"));
	assert_non_null(strstr(said, "{base}/e/mail/me"));
	assert_non_null(strstr(body_of(bo, "decision.talk"),
			       "dit deltagergebyr, ophold på stedet og 2 overnatninger"));
	assert_non_null(strstr(body_of(ada, "decision.talk"), "2 nights of accommodation"));
	assert_non_null(strstr(body_of(ada, "invitation.sent"), "offer you a talk"));
	assert_non_null(strstr(body_of(bo, "registration.confirmed"), "på stedet"));
	assert_non_null(strstr(body_of(bo, "registration.confirmed"), "{code:\\x00}"));
	assert_string_equal(
	    call_sql("select lane from outbox where person = '%s' and kind = 'decision.talk'", ada),
	    "bulk");
}

static void told_once(void **state)
{
	(void)state;
	tell(ada, "registration.cancelled", "once", "{}");
	tell(ada, "registration.cancelled", "once", "{}");
	assert_string_equal(
	    call_sql("select count(*) from outbox where person = '%s' and dedupe like '%%:once'",
		     ada),
	    "1");
}

static void a_mistake_is_said(void **state)
{
	(void)state;
	assert_non_null(
	    strstr(tell(ada, "no.such", "x", "{}"), "raised mail: there is no kind no.such"));
	assert_non_null(strstr(tell(ada, "call.received", "y", "{\"title\":\"t\"}"),
			       "raised mail call.received: nothing was given for {number}"));
	assert_non_null(strstr(tell(call_uuid(), "registration.cancelled", "z", "{}"),
			       "there is no such person"));
}

static void what_people_wrote_fills_in_nothing(void **state)
{
	const char *said;

	(void)state;
	call_sql("update person set name = E'Eve\\r\\nBcc: all@example.org {page}' where id = '%s'",
		 ada);
	tell(ada, "call.received", "evil",
	     "{\"title\":\"{number} {base} {code:\\\\x11} {\\u202e\\nBcc: x\",\"number\":9}");
	said = call_sql("select subject || E'\\n' || body from outbox where dedupe like '%%:evil'");
	assert_non_null(strstr(said, "no. 9: {number} { base} { code:\\x11} {"));
	assert_non_null(strstr(said, "Hello Eve Bcc: all@example.org {page},"));
	tell(ada, "segment", "lines", "{\"subject\":\"One\\r\\nBcc: two\",\"text\":\"a\\nb\"}");
	assert_string_equal(call_sql("select subject from outbox where dedupe like '%%:lines'"),
			    "One Bcc: two");
	assert_string_equal(
	    call_sql("select body ~ E'a\\nb' from outbox where dedupe like '%%:lines'"), "t");
	call_sql("update person set name = 'Ada' where id = '%s'", ada);
}

static void a_conferences_own_words(void **state)
{
	(void)state;
	call_sql("insert into mail_template (conference, kind, language, subject, body) values "
		 "('%s', 'call.received', 'da', "
		 "'Modtaget: {title}', 'Kære {name}, nr. {number}.')",
		 conference);
	tell(bo, "call.received", "own", vars);
	assert_non_null(strstr(body_of(bo, "call.received"),
			       "Modtaget: Whales, heard\nKære Bo, nr. 7.\n\n-- \n"));
	tell(ada, "call.received", "own", vars);
	assert_non_null(strstr(body_of(ada, "call.received"), "We have your abstract no. 7"));
}

static void the_page_shows_what_was_written(void **state)
{
	(void)state;
	assert_non_null(strstr(call_sql("select mail_told('%s', '%s')", conference, bo),
			       "Modtaget: Whales, heard"));
	assert_null(strstr(call_sql("select mail_told('%s', '%s')", conference, bo), "\\\\x00"));
	assert_string_equal(
	    call_sql("select json_array_length(mail_told('%s', '%s'))", conference, call_uuid()),
	    "0");
}

static int group_start(void **state)
{
	(void)state;
	if (!call_start())
		return -1;
	conference = call_conference("mail");
	call_sql("update conference set is_default = false where id = '%s'", conference);
	ada = call_text("%s", call_person(conference, "Ada", ROLE_ATTENDEE).person);
	bo = call_text("%s", call_person(conference, "Bo", ROLE_ATTENDEE).person);
	call_sql("update person set language = 'da' where id = '%s'", bo);
	return 0;
}

static int group_end(void **state)
{
	(void)state;
	call_stop();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_is_whole_in_both_languages),
	    cmocka_unit_test(said_in_the_readers_language),
	    cmocka_unit_test(told_once),
	    cmocka_unit_test(a_mistake_is_said),
	    cmocka_unit_test(what_people_wrote_fills_in_nothing),
	    cmocka_unit_test(a_conferences_own_words),
	    cmocka_unit_test(the_page_shows_what_was_written),
	};

	return cmocka_run_group_tests_name("mail_tell", tests, group_start, group_end);
}
