/* tests/services: the waiting list, places given back, mode, two rows that are one person. */
#include "services/core/ticket.h"
#include "tests/services/registration_hall.h"

static const char *offered(const struct caller *who)
{
	return call_sql("select coalesce((select id::text from invitation where person = '%s' and "
			"what = 'waiting' and state = 'sent'), 'none')",
			who->person);
}

static struct call_result wait_for(const struct caller *who, const char *mode)
{
	return keyed_call("waiting.join", who, call_text("\"mode\":\"%s\"", mode));
}

static struct call_result open_place(const struct caller *who, const char *mode)
{
	return keyed_call("registration.open", who, call_text("\"mode\":\"%s\"", mode));
}

static void offers_go_down_the_list_in_order(void **state)
{
	struct house h = house_make();
	struct caller in = somebody(&h, "Ida In"), one = somebody(&h, "One"),
		      two = somebody(&h, "Two"), three = somebody(&h, "Three");
	struct call_result r;

	(void)state;
	seats(&h, "2", "null");
	r = open_place(&in, "on_site");
	refused(&r, "registration.closed");
	open_to_all(&h);
	r = open_place(&in, "on_site");
	worked(&r);
	r = open_place(&one, "on_site");
	refused(&r, "registration.full");
	r = wait_for(&one, "on_site");
	worked(&r);
	r = wait_for(&two, "on_site");
	worked(&r);
	assert_int_equal(json_integer_value(json_object_get(r.json, "place")), 2);
	r = wait_for(&three, "on_site");
	worked(&r);
	assert_string_equal(offered(&one), "none");
	in.roles = ROLE_ATTENDEE;
	r = keyed_call("registration.cancel", &in, "");
	worked(&r);
	assert_int_equal(mails(&in, "registration.cancelled"), 1);
	/* The place is held for the first: nobody else gets it, at the door neither. */
	assert_string_not_equal(offered(&one), "none");
	assert_string_equal(offered(&two), "none");
	assert_int_equal(count("select conference_seats('%s')", h.conference), 0);
	r = open_place(&in, "on_site");
	refused(&r, "registration.full");
	assert_int_equal(mails(&one, "place.offered"), 1);
	/* It runs out: the next, and a late yes is no yes. */
	clock_to(&h, "2021-03-22T12:30:00Z");
	r = accept(&one, offered(&one), "");
	refused(&r, "invitation.expired");
	due_now(&h);
	assert_string_not_equal(offered(&two), "none");
	/* Declined: the next. */
	r = keyed_call("invitation.decline", &two,
		       call_text("\"invitation\":\"%s\"", offered(&two)));
	worked(&r);
	assert_string_not_equal(offered(&three), "none");
	r = accept(&three, offered(&three), "");
	worked(&r);
	assert_int_equal(
	    count("select count(*) from waiting where conference = '%s'", h.conference), 0);
	/* Who let it pass comes again, at the end; two more places are two offers. */
	r = wait_for(&two, "on_site");
	worked(&r);
	r = wait_for(&one, "on_site");
	worked(&r);
	r = keyed_call("registration.seats", &h.boss, "\"seats\":3");
	worked(&r);
	assert_string_not_equal(offered(&two), "none");
	assert_string_equal(offered(&one), "none");
	r = keyed_call("waiting.leave", &two, "");
	worked(&r);
	assert_string_not_equal(offered(&one), "none");
}

static void ill_at_seven(void **state)
{
	struct house h = house_make();
	struct caller ill = somebody(&h, "Ill"), next = somebody(&h, "Next"), eve;
	struct call_result r;

	(void)state;
	call_sql("insert into cover_rule values ('%s', 'keynote', true, 1)", h.conference);
	open_to_all(&h);
	seats(&h, "2", "3");
	r = accept(&ill, invite(&h, &ill, "keynote", "on_site", NULL),
		   ",\"answers\":{\"nights\":[\"2021-05-01\"]}");
	worked(&r);
	r = wait_for(&next, "on_site");
	worked(&r);
	call_sql(
	    "insert into print_job (conference, person, template, copy_no, at, changed) values "
	    "('%s', '%s', 'card', 1, now(), now())",
	    h.conference, ill.person);
	call_sql("insert into feed (conference, person, label, scope) values ('%s', '%s', 'Mine', "
		 "'stars')",
		 h.conference, ill.person);
	clock_to(&h, "2021-05-02T05:00:00Z");
	ill.roles = ROLE_ATTENDEE | ROLE_SPEAKER;
	eve = call_person(h.conference, "Eve", ROLE_ATTENDEE);
	call_sql("update person set mode = 'online' where id = '%s'", eve.person);
	r = keyed_call("registration.switch_mode", &eve,
		       call_text("\"person\":\"%s\",\"mode\":\"online\"", ill.person));
	refused(&r, "denied");
	r = keyed_call("registration.switch_mode", &ill, "\"mode\":\"online\"");
	worked(&r);
	assert_string_equal(call_sql("select r.nights || ' ' || cardinality(a.nights) from "
				     "registration r join registration_answer a using (person) "
				     "where person = '%s'",
				     ill.person),
			    "0 0");
	assert_int_equal(count("select count(*) from print_job where person = '%s'", ill.person),
			 0);
	assert_string_equal(call_sql("select place from feed where person = '%s'", ill.person),
			    "link");
	assert_int_equal(mails(&ill, "registration.switched"), 1);
	assert_string_not_equal(offered(&next), "none");
	/* Well again at eight: the place is another's. */
	r = keyed_call("registration.switch_mode", &ill, "\"mode\":\"on_site\"");
	refused(&r, "registration.full");
	r = accept(&next, offered(&next), "");
	worked(&r);
	/* Online places are counted as well: three, of which two are taken and one goes now. */
	r = open_place(&(struct caller){.roles = 0}, "online");
	assert_non_null(r.fault);
	eve = somebody(&h, "Fay");
	r = open_place(&eve, "online");
	worked(&r);
	eve = somebody(&h, "Gus");
	r = open_place(&eve, "online");
	refused(&r, "registration.full");
}

/* Whoever comes instead is let in; the paper of the one who does not is superseded. */
static void two_rows_become_one_person(void **state)
{
	struct house h = house_make();
	struct caller twice = somebody(&h, "Lise Holm"), kept = somebody(&h, "Lise Holm");
	struct arena *arena = arena_create(4096);
	char code[ENTRY_CODE_SIZE + 1];
	struct call_result r;
	const char *abstract;

	(void)state;
	open_to_all(&h);
	r = open_place(&twice, "on_site");
	worked(&r);
	r = open_place(&kept, "online");
	worked(&r);
	abstract = call_sql("insert into abstract (conference, person, title) values ('%s', '%s', "
			    "'Cells') returning id",
			    h.conference, twice.person);
	assert_true(code_open(
	    call_sql("select sealed from entry_code where person = '%s'", kept.person), code));
	r = call_method("person.show", call_text("{\"person\":\"%s\"}", kept.person), &h.boss);
	worked(&r);
	assert_int_equal(json_array_size(json_object_get(r.json, "alike")), 1);
	r = keyed_call("person.merge", &h.boss,
		       call_text("\"person\":\"%s\",\"into\":\"%s\"", twice.person, kept.person));
	worked(&r);
	assert_int_equal(count("select count(*) from person where id = '%s'", twice.person), 0);
	assert_string_equal(call_sql("select person from abstract where id = '%s'", abstract),
			    kept.person);
	assert_int_equal(mails(&kept, "registration.confirmed"), 2);
	assert_int_equal(count("select count(*) from entry_code where person = '%s'", kept.person),
			 2);
	/* The code that counts is the one of the row that stayed. */
	assert_string_equal(
	    call_sql("select ticket_status(e) from entry_code e where lookup = '%s'",
		     code_hash(arena, "entry", code)),
	    "valid");
	r = keyed_call("person.merge", &h.boss,
		       call_text("\"person\":\"%s\",\"into\":\"%s\"", kept.person, kept.person));
	refused(&r, "person.self");
	r = keyed_call("person.merge", &h.boss,
		       call_text("\"person\":\"%s\",\"into\":\"%s\"", twice.person, kept.person));
	refused(&r, "not_found");
	arena_destroy(arena);
}

static void who_asks_is_answered(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann"), bob = somebody(&h, "Bob");
	struct call_result r;

	(void)state;
	r = keyed_call("registration.save", &h.boss,
		       "\"open\":\"approval\",\"seats\":5,\"invite_days\":7,\"offer_hours\":24,"
		       "\"questions\":[\"diet\"],\"covers\":{\"open\":{\"fee\":true}},\"expect_"
		       "version\":1");
	worked(&r);
	r = keyed_call("registration.save", &h.boss,
		       "\"open\":\"open\",\"invite_days\":7,\"offer_hours\":24,\"questions\":[],"
		       "\"covers\":{},\"expect_version\":1");
	refused(&r, "conflict");
	r = keyed_call("registration.save", &h.boss,
		       "\"open\":\"open\",\"invite_days\":7,\"offer_hours\":24,\"questions\":["
		       "\"shoe size\"],\"covers\":{},\"expect_version\":2");
	refused(&r, "bad_request");
	r = keyed_call("registration.save", &h.boss,
		       "\"open\":\"open\",\"invite_days\":7,\"offer_hours\":24,\"questions\":[],"
		       "\"covers\":{\"friend\":{}},\"expect_version\":2");
	refused(&r, "bad_request");
	r = open_place(&ann, "on_site");
	worked(&r);
	assert_string_equal(member(&r, "state"), "asked");
	r = open_place(&bob, "online");
	worked(&r);
	r = keyed_call("registration.decide", &ann,
		       call_text("\"person\":\"%s\",\"verdict\":\"accept\"", ann.person));
	refused(&r, "denied");
	r = keyed_call("registration.decide", &h.boss,
		       call_text("\"person\":\"%s\",\"verdict\":\"accept\"", ann.person));
	worked(&r);
	r = keyed_call(
	    "registration.decide", &h.boss,
	    call_text("\"person\":\"%s\",\"verdict\":\"refuse\",\"reason\":\"Full.\"", bob.person));
	worked(&r);
	r = keyed_call("registration.decide", &h.boss,
		       call_text("\"person\":\"%s\",\"verdict\":\"accept\"", bob.person));
	refused(&r, "registration.decided");
	r = open_place(&bob, "online");
	refused(&r, "registration.decided");
	r = call_method("registration.mine", "{}", &bob);
	assert_non_null(strstr(r.text, "Full."));
	r = accept(&ann,
		   call_sql("select id from invitation where person = '%s' and state = 'sent'",
			    ann.person),
		   "");
	worked(&r);
	assert_string_equal(
	    call_sql("select fee from registration where person = '%s'", ann.person), "t");
}

static void lists_that_a_spreadsheet_may_open(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "=cmd()");
	struct call_result r;
	const char *csv;

	(void)state;
	call_sql("insert into cover_rule values ('%s', 'keynote', true, 1)", h.conference);
	r = accept(&ann, invite(&h, &ann, "keynote", "on_site", NULL),
		   ",\"answers\":{\"diet\":\"+45 nuts\",\"consent\":\"health-1\",\"nights\":["
		   "\"2021-05-01\"]}");
	worked(&r);
	r = call_method("person.export", "{\"what\":\"rooming\"}", &h.boss);
	worked(&r);
	csv = member(&r, "csv");
	assert_non_null(strstr(csv, "\"'=cmd()\""));
	assert_non_null(strstr(csv, "\"2021-05-01\""));
	r = call_method("person.export", "{\"what\":\"catering\"}", &h.boss);
	assert_non_null(strstr(member(&r, "csv"), "\"'+45 nuts\""));
	r = call_method("person.export", "{\"what\":\"catering\",\"format\":\"json\"}", &h.boss);
	assert_int_equal(json_array_size(json_object_get(r.json, "rows")), 2);
	r = call_method("person.export", "{\"what\":\"people\"}", &h.boss);
	assert_non_null(strstr(member(&r, "csv"), "\"'=cmd()\",\"attendee speaker\""));
	ann.roles = ROLE_ATTENDEE;
	r = call_method("person.export", "{\"what\":\"catering\"}", &ann);
	refused(&r, "denied");
}

static const char *cancelled_of(const struct house *h, const struct caller *who)
{
	struct call_result r =
	    call_method("person.show", call_text("{\"person\":\"%s\"}", who->person), &h->boss);

	worked(&r);
	return json_string_value(
	    json_object_get(json_object_get(r.json, "registration"), "cancelled"));
}

static void cancelled_and_since_when(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann");
	struct call_result r;
	const char *when;

	(void)state;
	open_to_all(&h);
	r = open_place(&ann, "on_site");
	worked(&r);
	assert_null(cancelled_of(&h, &ann));
	ann.roles = ROLE_ATTENDEE;
	r = keyed_call("registration.cancel", &ann, "");
	worked(&r);
	when = call_sql("select iso(cancelled) from registration where person = '%s'", ann.person);
	assert_string_equal(cancelled_of(&h, &ann), when);
	r = call_method("person.export", "{\"what\":\"people\"}", &h.boss);
	assert_non_null(strstr(member(&r, "csv"), "\"nights covered\",\"cancelled\""));
	assert_non_null(
	    strstr(member(&r, "csv"), call_text("\"cancelled\",\"no\",\"0\",\"%s\"", when)));
	/* Here again: it was not. */
	r = open_place(&ann, "on_site");
	worked(&r);
	assert_null(cancelled_of(&h, &ann));
	r = call_method("person.export", "{\"what\":\"people\"}", &h.boss);
	assert_null(strstr(member(&r, "csv"), when));
}

static void staff_correct_what_they_see(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "An Oter"), bob = somebody(&h, "Bob");
	const char *own = call_sql("select email from person where id = '%s'", ann.person);
	struct call_result r;

	(void)state;
	r = call_method("person.list", "{\"text\":\"oter\"}", &h.boss);
	worked(&r);
	assert_int_equal(json_array_size(json_object_get(r.json, "people")), 1);
	r = keyed_call("person.save", &h.boss,
		       call_text("\"person\":\"%s\",\"name\":\"Ann Other\",\"email\":\"%s\","
				 "\"organisation\":\"Novo\",\"expect_version\":1",
				 ann.person, own));
	worked(&r);
	r = keyed_call("person.save", &h.boss,
		       call_text("\"person\":\"%s\",\"name\":\"Ann\",\"email\":\"%s\",\"expect_"
				 "version\":1",
				 ann.person, own));
	refused(&r, "conflict");
	r = keyed_call("person.save", &h.boss,
		       call_text("\"person\":\"%s\",\"name\":\"Bob\",\"email\":\"%s\",\"expect_"
				 "version\":1",
				 bob.person, own));
	refused(&r, "person.address");
	r = keyed_call("person.resend", &h.boss, call_text("\"person\":\"%s\"", ann.person));
	refused(&r, "registration.state");
	open_to_all(&h);
	r = open_place(&ann, "online");
	worked(&r);
	r = keyed_call("person.resend", &h.boss, call_text("\"person\":\"%s\"", ann.person));
	worked(&r);
	assert_int_equal(mails(&ann, "registration.confirmed"), 2);
	assert_int_equal(count("select count(*) from entry_code where person = '%s'", ann.person),
			 1);
	r = call_method("person.list", "{\"state\":\"registered\",\"mode\":\"online\"}", &h.boss);
	assert_int_equal(json_array_size(json_object_get(r.json, "people")), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(offers_go_down_the_list_in_order),
	    cmocka_unit_test(ill_at_seven),
	    cmocka_unit_test(two_rows_become_one_person),
	    cmocka_unit_test(who_asks_is_answered),
	    cmocka_unit_test(lists_that_a_spreadsheet_may_open),
	    cmocka_unit_test(cancelled_and_since_when),
	    cmocka_unit_test(staff_correct_what_they_see),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
