/* tests/services: mail as organisers see it: own words, the outbox, segments; what a relay may
 * take, and the mails that the calendar sends by itself. */
#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/services/mail_file.h"

static const char *conference;
static struct caller organiser, ada, bo;

static const char *text_at(const json_t *json, const char *member)
{
	return json_string_value(json_object_get(json, member));
}

static json_t *good(struct call_result r)
{
	if (r.fault != NULL)
		fail_msg("fault %s, field %s", r.fault, r.field != NULL ? r.field : "-");
	assert_non_null(r.json);
	return r.json;
}

static void assert_fault(struct call_result r, const char *code)
{
	if (r.fault == NULL)
		fail_msg("expected %s, got %s", code, r.text);
	assert_string_equal(r.fault, code);
}

static struct call_result asked(const char *method, const char *members)
{
	return call_method(method, call_text("{%s}", members), &organiser);
}

static struct call_result written(const char *method, const char *members)
{
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", members, call_uuid()),
			   &organiser);
}

static int count(const char *sql)
{
	return atoi(call_sql("%s", sql));
}

static const char *queued(const char *dedupe, const char *to)
{
	return call_sql("insert into outbox (conference, dedupe, recipient, subject, body) values "
			"('%s', '%s', '%s', 's', 'b') returning id",
			conference, dedupe, to);
}

static int fresh(void **state)
{
	static int n;

	(void)state;
	call_sql("update outbox set sent = now() where sent is null and bounced is null");
	conference = call_conference(call_text("mail-%d", ++n));
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	ada = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	bo = call_person(conference, "Bo Berg", ROLE_ATTENDEE);
	call_sql("update person set language = 'da' where id = '%s'", bo.person);
	return 0;
}

#define WORDS(subject, body)                                                                       \
	"\"kind\":\"call.received\",\"language\":\"en\",\"subject\":\"" subject                    \
	"\",\"body\":\"" body "\""

static void own_words(void **state)
{
	json_t *r;

	(void)state;
	assert_int_equal(
	    json_array_size(json_object_get(good(asked("mail.templates", "")), "kinds")), 20);
	assert_fault(call_method("mail.templates", "{}", &ada), "denied");
	r = good(asked("mail.preview", WORDS("Got {title}", "Hi {name}, {number}.")));
	assert_string_equal(text_at(r, "subject"), "Got Hearing whales in shallow water");
	assert_non_null(strstr(text_at(r, "text"), "Hi Ole Organiser, 12.\n"));
	for (int i = 0; i < 3; i++) {
		static const char *const wrong[] = {WORDS("{expires}", "x"), WORDS("x", "{Name}"),
						    WORDS("x", "{code:\\\\x00}")};
		struct call_result f = asked("mail.preview", wrong[i]);

		assert_fault(f, "mail.placeholder");
		f = written("mail.save", call_text("%s,\"expect_version\":0", wrong[i]));
		assert_fault(f, "mail.placeholder");
		assert_non_null(strstr(f.current, "placeholder"));
	}
	good(written("mail.save", WORDS("Got {title}", "Hi {name}") ",\"expect_version\":0"));
	assert_fault(written("mail.save", WORDS("Mine", "Hi") ",\"expect_version\":0"), "conflict");
	good(written("mail.save", WORDS("Got it\\u2028Bcc: x", "Hi") ",\"expect_version\":1"));
	call_sql(
	    "select mail_tell('%s', '%s', 'call.received', 'x', '{\"title\":\"t\",\"number\":1}')",
	    conference, ada.person);
	assert_string_equal(call_sql("select subject from outbox where person = '%s'", ada.person),
			    "Got itBcc: x");
	good(written("mail.save",
		     "\"kind\":\"call.received\",\"language\":\"en\",\"expect_version\":2"));
	assert_int_equal(count("select count(*) from mail_template"), 0);
	assert_fault(
	    written("mail.save", "\"kind\":\"no.such\",\"language\":\"en\",\"expect_version\":0"),
	    "not_found");
	assert_fault(written("mail.save",
			     "\"kind\":\"call.late\",\"language\":\"en\",\"subject\":\"s\","
			     "\"expect_version\":0"),
		     "bad_request");
}

static void what_the_outbox_shows(void **state)
{
	const char *id = queued("notice:a", "ada@example.org"),
		   *code = queued("sign_in:b", "bo@example.org");
	json_t *list, *mail;

	(void)state;
	call_sql("select mail_ended('r:25', '%s', 'refused', false, '550 nobody')", id);
	list = good(asked("mail.list", "\"state\":\"bounced\""));
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(list, "counts"), "bounced")), 1);
	mail = json_array_get(json_object_get(list, "mails"), 0);
	assert_string_equal(text_at(mail, "why"), "550 nobody");
	assert_true(json_is_true(json_object_get(mail, "retry")));
	good(written("mail.retry", call_text("\"mail\":\"%s\"", id)));
	assert_int_equal(json_array_size(json_object_get(
			     good(asked("mail.list", "\"state\":\"bounced\"")), "mails")),
			 0);
	assert_fault(written("mail.bounce", call_text("\"mail\":\"%s\",\"reason\":\"x\"", id)),
		     "mail.state");
	call_sql("select mail_ended('r:25', '%s', 'sent', false, null)", id);
	assert_fault(written("mail.retry", call_text("\"mail\":\"%s\"", id)), "mail.state");
	mail =
	    good(written("mail.bounce", call_text("\"mail\":\"%s\",\"reason\":\"box full\"", id)));
	assert_string_equal(text_at(mail, "state"), "bounced");
	/* No page shows a code, and not to whom one of another conference is. */
	assert_null(
	    text_at(json_array_get(
			json_object_get(good(asked("mail.list", "\"text\":\"bo@\"")), "mails"), 0),
		    "subject"));
	call_sql("select mail_ended('r:25', '%s', 'refused', false, '550')", code);
	assert_fault(written("mail.retry", call_text("\"mail\":\"%s\"", code)), "mail.state");
	assert_fault(written("mail.retry", call_text("\"mail\":\"%s\"", call_uuid())), "not_found");
	assert_int_equal(
	    json_array_size(json_object_get(good(asked("mail.list", "\"text\":\"%\"")), "mails")),
	    0);
}

/* Mails of one moment: nothing is shown twice, and none is left out. */
static void the_outbox_page_by_page(void **state)
{
	const char *before = "", *seen = "";
	int n = 0, pages = 0;
	bool more = true;

	(void)state;
	call_sql("insert into outbox (conference, dedupe, recipient, subject, body, created) "
		 "select '%s', 'notice:' || i, 'page' || i || '@example.org', 's', 'b', "
		 "now() - case when i %% 2 = 0 then interval '1 hour' else '0' end "
		 "from generate_series(1, 230) i",
		 conference);
	for (; more; pages++) {
		json_t *list = good(asked("mail.list", call_text("\"text\":\"page\"%s", before))),
		       *mails = json_object_get(list, "mails"), *mail;
		size_t i;

		assert_int_equal(
		    json_integer_value(json_object_get(json_object_get(list, "counts"), "waiting")),
		    230);
		json_array_foreach(mails, i, mail)
		{
			seen = call_text("%s,\"%s\"", seen, text_at(mail, "mail"));
			before = call_text(",\"before\":\"%s\"", text_at(mail, "mail"));
			n++;
		}
		more = json_is_true(json_object_get(list, "more"));
		assert_int_equal(json_array_size(mails), more ? 100 : 30);
	}
	assert_int_equal(pages, 3);
	assert_int_equal(n, 230);
	assert_string_equal(
	    call_sql(
		"select count(*) filter (where o.id is not null) || ' ' || bool_and(o.n = x.n) "
		"from json_array_elements_text('[%s]') with ordinality x(id, n) left join "
		"(select o.id, row_number() over (order by created desc, id) as n from outbox o "
		"where o.conference = '%s') o on o.id = x.id::uuid",
		seen + 1, conference),
	    "230 true");
	assert_int_equal(
	    json_array_size(json_object_get(
		good(asked("mail.list", call_text("\"state\":\"sent\"%s", before))), "mails")),
	    0);
	assert_fault(asked("mail.list", call_text("\"before\":\"%s\"", call_uuid())), "not_found");
	assert_fault(asked("mail.list", "\"before\":\"last\""), "bad_request");
}

static int claimed(int rate, int reserve, int most)
{
	return atoi(call_sql("select count(*) from mail_claim('relay:25', %d, %d, %d, %d)", rate,
			     reserve, most, most));
}

static void a_relays_rate(void **state)
{
	const char *id;

	(void)state;
	call_sql("delete from mail_relay");
	for (int i = 0; i < 30; i++)
		queued(call_text("notice:%s", call_uuid()), "many@example.org");
	assert_int_equal(claimed(10, 4, 20), 6);
	assert_int_equal(claimed(10, 4, 20), 0);
	for (int i = 0; i < 6; i++)
		queued(call_text("sign_in:%s", call_uuid()), "one@example.org");
	assert_int_equal(claimed(10, 4, 20), 4);
	assert_int_equal(count("select count(*) from outbox where lane = 'sign_in' and unsure"), 4);
	call_sql("update mail_pass set at = at - interval '62 seconds'");
	assert_int_equal(claimed(10, 4, 1), 1);
	/* What is claimed and never heard of again is marked; what was refused for now is not. */
	id = call_sql("select id from outbox where unsure and lane = 'notice' limit 1");
	call_sql("select mail_ended('relay:25', '%s', 'later', false, '451 later')", id);
	assert_string_equal(
	    call_sql(
		"select unsure::text || (next_try > now()) || fault from outbox where id = '%s'",
		id),
	    "falsetrue451 later");
	call_sql("update outbox set created = now() - interval '4 days' where id = '%s'", id);
	call_sql("select mail_ended('relay:25', '%s', 'unsure', false, null)", id);
	assert_string_equal(
	    call_sql("select (bounced is not null)::text || unsure from outbox where id = '%s'",
		     id),
	    "truetrue");
	/* A relay in trouble is left alone, and no mail is to blame. */
	id = call_sql("select id from outbox where unsure and bounced is null limit 1");
	call_sql("select mail_ended('relay:25', '%s', 'relay', false, 'no connection')", id);
	assert_string_equal(call_sql("select tries::text from outbox where id = '%s'", id), "0");
	call_sql("delete from mail_pass");
	assert_int_equal(claimed(10, 4, 20), 0);
	call_sql("delete from outbox where conference = '%s'", conference);
	call_sql("delete from mail_relay");
}

static void segments_mean_exactly_whom_they_say(void **state)
{
	const char *id = call_uuid(), *mail = call_uuid(), *words, *seen, *params;
	json_t *r;

	(void)state;
	assert_fault(
	    written("segment.save",
		    call_text("\"segment\":\"%s\",\"name\":\"n\",\"condition\":{\"x\":1}", id)),
	    "bad_request");
	call_sql("update person set mode = 'online' where id = '%s'", organiser.person);
	r = good(
	    written("segment.save",
		    call_text("\"segment\":\"%s\",\"name\":\"On site, not yet in\",\"condition\":{"
			      "\"registered\":true,\"mode\":\"on_site\",\"inside\":false}",
			      id)));
	assert_int_equal(json_integer_value(json_object_get(r, "people")), 2);
	assert_fault(
	    written("segment.save",
		    call_text("\"segment\":\"%s\",\"name\":\"Other\",\"condition\":{}", id)),
	    "conflict");
	assert_fault(
	    written(
		"segment.save",
		call_text("\"segment\":\"%s\",\"name\":\"On site, not yet in\",\"condition\":{}",
			  call_uuid())),
	    "segment.exists");
	words = call_text(
	    "\"segment\":\"%s\",\"subject\":\"Bus\",\"text\":\"At eight.\",\"subject_da\":\"Bus\","
	    "\"text_da\":\"Klokken otte.\"",
	    id);
	r = good(asked("segment.preview", words));
	assert_int_equal(json_array_size(json_object_get(r, "recipients")), 2);
	assert_non_null(
	    strstr(text_at(json_object_get(r, "en"), "text"), "Hello Ada Attendee,\n\nAt eight."));
	assert_non_null(
	    strstr(text_at(json_object_get(r, "da"), "text"), "Hej Bo Berg,\n\nKlokken otte."));
	seen = text_at(r, "seen");
	params = call_text("\"mail\":\"%s\",\"seen\":\"%s\",%s", mail, seen, words);
	/* Who cancels meanwhile was seen and is not meant any more. */
	call_sql("update registration set state = 'cancelled' where person = '%s'", bo.person);
	assert_fault(written("segment.send", params), "segment.changed");
	call_sql("update registration set state = 'confirmed' where person = '%s'", bo.person);
	assert_int_equal(json_integer_value(
			     json_object_get(good(written("segment.send", params)), "recipients")),
			 2);
	good(written("segment.send", params));
	assert_string_equal(
	    call_sql("select count(*) from outbox where conference = '%s' and kind = 'segment'",
		     conference),
	    "2");
	assert_fault(call_method("segment.preview", call_text("{%s}", words), &ada), "denied");
	good(written("segment.remove", call_text("\"segment\":\"%s\"", id)));
	assert_int_equal(
	    json_array_size(json_object_get(good(asked("segment.list", "")), "segments")), 0);
}

static int checks(const char *when)
{
	return atoi(call_sql("select count(*) from outbox where conference = '%s' and dedupe like "
			     "'setup.check:%%:%s'",
			     conference, when));
}

static void set_up_checks(void **state)
{
	(void)state;
	call_sql("update person set mode = 'online' where id in ('%s', '%s')", ada.person,
		 bo.person);
	for (int days = 9; days >= -1; days--) {
		/* The conference's day, which may be tomorrow's here. */
		call_sql("update conference set starts = d + %d, ends = d + %d from (select (now() "
			 "at time zone 'Europe/Copenhagen')::date) x(d) where id = '%s'",
			 days, days, conference);
		assert_string_equal(call_sql("select count(*) from due where conference = '%s' and "
					     "kind = 'setup_check' and at <= "
					     "now()",
					     conference),
				    "1");
		call_sql("select due_setup_check('%s', '')", conference);
		assert_int_equal(checks("D7"), days > 7 ? 0 : 2);
		assert_int_equal(checks("D1"), days > 1 ? 0 : 2);
	}
	assert_string_equal(
	    call_sql("select body ~ 'den \\d+\\.' from outbox where person = '%s' limit 1",
		     bo.person),
	    "t");
}

/* A speaker's calendar follows: the same UID and SEQUENCE as everywhere, and who asks whom. */
static void a_calendar_that_follows(void **state)
{
	static const char *const parts[] = {"METHOD:REQUEST\r\n", "SEQUENCE:0\r\n",
					    "ORGANIZER:mailto:hello@plenum.example\r\n",
					    "SUMMARY:Whales\r\n"};
	const char *id, *text, *file;

	(void)state;
	call_sql(
	    "with r as (insert into room (conference, guid, name) values ('%s', 'r', 'Aula') "
	    "returning id), s as (insert "
	    "into session (conference, guid, number, title) values ('%s', gen_random_uuid(), 1, "
	    "'Whales') returning "
	    "id) insert into slot "
	    "(conference, session, room, starts, ends) select '%s', s.id, r.id, now() + "
	    "interval '1 day', now() + "
	    "interval '25 hours' from r, s",
	    conference, conference, conference);
	good(written("release.publish", "\"note\":\"first\""));
	call_sql("select mail_own_change('%s', '%s', row('%s', p.slot, '%s', p.session, x.was, "
		 "x.now, null, null, null)::news_mail) "
		 "from published p, lateral (select jsonb_build_object('title', 'Whales', "
		 "'room_name', 'Aula', 'start', "
		 "iso(lower(p.during)), 'end', iso(upper(p.during)), 'state', 'planned')) y(now), "
		 "lateral (select y.now as was, y.now) x "
		 "where p.conference = '%s'",
		 conference, ada.person, ada.person, conference, conference);
	id = call_sql("select id from outbox where conference = '%s' and kind = 'talk.changed' and "
		      "itip = 'request'",
		      conference);
	assert_non_null(id);
	text = mail_text(id);
	assert_non_null(
	    strstr(text, "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"));
	assert_non_null(strstr(text, call_text("Message-ID: <%s@plenum.example>\r\n", id)));
	assert_non_null(strstr(text, "From: Test <hello@plenum.example>\r\n"));
	file = mail_calendar(text);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		assert_non_null(strstr(file, parts[i]));
	assert_non_null(strstr(
	    file,
	    call_sql("select 'UID:' || slots[1] || '@slots.plenum' from outbox where id = '%s'",
		     id)));
	assert_non_null(strstr(
	    file,
	    call_sql("select 'RSVP=FALSE:mailto:' || recipient from outbox where id = '%s'", id)));
	call_sql("delete from outbox where conference = '%s'", conference);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(own_words, fresh),
	    cmocka_unit_test_setup(what_the_outbox_shows, fresh),
	    cmocka_unit_test_setup(the_outbox_page_by_page, fresh),
	    cmocka_unit_test_setup(a_relays_rate, fresh),
	    cmocka_unit_test_setup(segments_mean_exactly_whom_they_say, fresh),
	    cmocka_unit_test_setup(set_up_checks, fresh),
	    cmocka_unit_test_setup(a_calendar_that_follows, fresh),
	};

	return cmocka_run_group_tests_name("mail", tests, mail_group_start, mail_group_end);
}
