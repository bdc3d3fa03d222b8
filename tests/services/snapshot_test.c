/* tests/services: what stations are told of tickets: the snapshot of a list and the channel door.
 */
#include "tests/services/people_support.h"

#include "services/core/ticket.h"
#include "services/core/token.h"

#include "services/mail/mail.h"

#include <stdio.h>
#include <unistd.h>

enum { HEAD = TICKET_ROW_SIZE + 9, NOT_COME = 0, INSIDE, LEFT, REVOKED, SUPERSEDED };

static const char *list;
static struct caller kiosk;
static json_t *headers; /* owns them all */

/* A snapshot in parts: all of it lives until call_stop(). */
struct snapshot {
	const unsigned char *bytes;
	size_t size;
	json_t *header;
	int n;
	struct record {
		const unsigned char *ticket, *body;
		int status, at, station, size;
	} records[64];
};

static uint32_t number(const unsigned char *s, int bytes)
{
	uint32_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | s[i];
	return value;
}

static struct snapshot snapshot(const char *since, const struct caller *who)
{
	const char *more = since != NULL ? call_text(",\"since\":\"%s\"", since) : "";
	struct call_result r =
	    call_method("snapshot.get", call_text("{\"list\":\"%s\"%s}", list, more), who);
	struct snapshot s = {.bytes = (const unsigned char *)r.text, .size = r.size};
	size_t at;

	if (r.fault != NULL)
		fail_msg("snapshot: %s", r.fault);
	assert_string_equal(r.content_type, "application/octet-stream");
	at = number(s.bytes, 4);
	s.header = json_loadb(r.text + 4, at, 0, NULL);
	assert_non_null(s.header);
	json_array_append_new(headers, s.header);
	at += 4;
	while (at < s.size) {
		struct record *e = &s.records[s.n++];

		assert_true(at + HEAD <= s.size && s.n <= 64);
		e->ticket = s.bytes + at;
		e->status = s.bytes[at + 16];
		e->at = (int)number(s.bytes + at + 17, 4);
		e->station = (int)number(s.bytes + at + 21, 2);
		e->size = (int)number(s.bytes + at + 23, 2);
		e->body = s.bytes + at + HEAD;
		at += HEAD + (size_t)e->size;
	}
	assert_int_equal(at, s.size);
	assert_int_equal(s.n, int_at(s.header, "count"));
	return s;
}

static const struct record *record_of(const struct snapshot *s, const char *code)
{
	struct ticket ticket;

	ticket_of(conference, code, &ticket);
	for (int i = 0; i < s->n; i++)
		if (memcmp(s->records[i].ticket, ticket.row, TICKET_ROW_SIZE) == 0)
			return &s->records[i];
	return NULL;
}

static void import_people(const char *rows)
{
	good(call_method("people.import",
			 call_text("{\"rows\":%s,\"key\":\"%s\"}", rows, call_uuid()), &organiser));
}

static const char *new_code(const char *email)
{
	json_t *codes =
	    at(good(call_method("people.codes",
				call_text("{\"emails\":[\"%s\"],\"limit\":1}", email), &organiser)),
	       "codes");

	return text_at(json_array_get(codes, 0), "code");
}

static void admit(const char *code, const char *verdict)
{
	json_t *r =
	    good(call_method("checkin.admit",
			     call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"}", list,
				       code, call_uuid()),
			     &kiosk));

	assert_string_equal(text_at(r, "verdict"), verdict);
}

static int door_events(const char *status)
{
	return (int)strtol(call_sql("select count(*) from channel_event e join channel c on c.id = "
				    "e.channel where c.conference = '%s' and c.name = 'door' and "
				    "e.type = 'ticket.changed' and e.data ->> 'status' = '%s'",
				    conference, status),
			   NULL, 10);
}

static void door_opens(void **state)
{
	json_t *made;

	(void)state;
	list = call_sql("insert into checkin_list (conference, name, capacity) values ('%s', "
			"'Main door', 500) returning id",
			conference);
	made = good(call_method(
	    "kiosk.create",
	    call_text("{\"name\":\"Kiosk A\",\"kind\":\"kiosk\",\"list\":\"%s\"}", list),
	    &organiser));
	kiosk = (struct caller){.roles = ROLE_KIOSK};
	snprintf(kiosk.conference, UUID_SIZE, "%s", conference);
	snprintf(kiosk.station, UUID_SIZE, "%s", text_at(made, "station"));
	snprintf(kiosk.list, UUID_SIZE, "%s", list);
	/* Nobody has a code yet. */
	assert_int_equal(snapshot(NULL, &kiosk).n, 0);
}

static void what_each_shows(void **state)
{
	const char *anna, *bo, *first;
	struct snapshot s;

	(void)state;
	import_people("[{\"email\":\"anna@example.org\",\"name\":\"Anna Maria Lund\"},"
		      "{\"email\":\"bo@example.org\",\"name\":\"Bo\",\"mode\":\"online\"}]");
	first = new_code("anna@example.org");
	anna = new_code("anna@example.org");
	bo = new_code("bo@example.org");
	admit(anna, "admitted");
	s = snapshot(NULL, &kiosk);
	/* Anna's three generations and Bo's two. */
	assert_int_equal(s.n, 5);
	assert_int_equal(record_of(&s, first)->status, SUPERSEDED);
	assert_int_equal(record_of(&s, first)->size, 0);
	assert_int_equal(record_of(&s, anna)->status, INSIDE);
	assert_int_equal(record_of(&s, anna)->station, 0);
	assert_true(record_of(&s, anna)->at > 0);
	assert_int_equal(record_of(&s, anna)->size, TICKET_MORE + strlen("{\"n\":\"Anna L.\"}"));
	assert_int_equal(record_of(&s, bo)->status, NOT_COME);
	assert_int_equal(record_of(&s, bo)->station, 65535);
	assert_int_equal(record_of(&s, bo)->size,
			 TICKET_MORE + strlen("{\"n\":\"Bo\",\"m\":\"online\"}"));
	assert_string_equal(text_at(at(s.header, "list"), "id"), list);
	assert_int_equal(int_at(at(s.header, "list"), "capacity"), 500);
	assert_string_equal(json_string_value(json_array_get(at(s.header, "stations"), 0)),
			    "Kiosk A");
	assert_string_equal(text_at(s.header, "conference"), conference);
	assert_string_equal(text_at(s.header, "zone"), "Europe/Copenhagen");
	assert_true(int_at(at(at(s.header, "positions"), "list"), "position") > 0);
	assert_null(memmem(s.bytes, s.size, "Anna", 4));
	assert_null(memmem(s.bytes, s.size, "example.org", 11));
	assert_null(memmem(s.bytes, s.size, anna, ENTRY_CODE_SIZE));
	call_sql("update admission set left_at = at where list = '%s'", list);
	s = snapshot(NULL, &kiosk);
	assert_int_equal(record_of(&s, anna)->status, LEFT);
	call_sql("update registration set state = 'cancelled' where person = (select id from "
		 "person where conference = '%s' and email = 'bo@example.org')",
		 conference);
	s = snapshot(NULL, &kiosk);
	assert_int_equal(record_of(&s, bo)->status, REVOKED);
	assert_int_equal(record_of(&s, bo)->size, 0);
}

/* Rules as instants: summer time begins in the night to 28 March 2021. */
static void rules_as_instants(void **state)
{
	json_t *rules;

	(void)state;
	call_sql("with c as (insert into category (conference, name, color) values ('%s', 'Crew', "
		 "'#aa3300') returning id) insert into list_rule (conference, list, category, day, "
		 "opens, until) select '%s', '%s', id, '2021-03-27', '22:00', '03:30' from c",
		 conference, conference, list);
	rules = at(snapshot(NULL, &kiosk).header, "rules");
	assert_int_equal(json_array_size(rules), 1);
	assert_string_equal(text_at(json_array_get(rules, 0), "opens"), "2021-03-27T21:00:00.000Z");
	assert_string_equal(text_at(json_array_get(rules, 0), "closes"),
			    "2021-03-28T01:30:00.000Z");
	/* Without a day: the conference's one and those around it, all day. */
	call_sql("insert into list_rule (conference, list) values ('%s', '%s')", conference, list);
	rules = at(snapshot(NULL, &kiosk).header, "rules");
	assert_int_equal(json_array_size(rules), 4);
	assert_string_equal(text_at(json_array_get(rules, 1), "opens"), "2021-04-30T22:00:00.000Z");
	assert_string_equal(text_at(json_array_get(rules, 3), "closes"),
			    "2021-05-03T22:00:00.000Z");
	assert_true(json_is_null(at(json_array_get(rules, 1), "category")));
	call_sql("delete from list_rule where list = '%s'", list);
}

/* An hour later: only what has changed since, with all of the header. */
static void later_only_what_changed(void **state)
{
	const char *as_of, *code;
	struct snapshot s;

	(void)state;
	import_people("[{\"email\":\"cy@example.org\",\"name\":\"Cy Dahl\"}]");
	call_sql("update entry_code set changed = changed - interval '1 hour' where conference = "
		 "'%s'",
		 conference);
	call_sql("update scan set received = received - interval '1 hour' where conference = '%s'",
		 conference);
	as_of = text_at(snapshot(NULL, &kiosk).header, "as_of");
	s = snapshot(as_of, &kiosk);
	assert_int_equal(s.n, 0);
	assert_string_equal(text_at(s.header, "since"), as_of);
	code = new_code("cy@example.org");
	s = snapshot(as_of, &kiosk);
	assert_int_equal(s.n, 2);
	assert_int_equal(record_of(&s, code)->status, NOT_COME);
	call_sql("update entry_code set changed = changed - interval '1 hour' where conference = "
		 "'%s'",
		 conference);
	assert_int_equal(snapshot(as_of, &kiosk).n, 0);
	admit(code, "admitted");
	s = snapshot(as_of, &kiosk);
	assert_int_equal(record_of(&s, code)->status, INSIDE);
	/* A new name is news. */
	call_sql("update entry_code set changed = changed - interval '1 hour' where conference = "
		 "'%s'",
		 conference);
	call_sql("update scan set received = received - interval '1 hour' where conference = '%s'",
		 conference);
	import_people("[{\"email\":\"cy@example.org\",\"name\":\"Cy Dahl-Holm\"}]");
	s = snapshot(as_of, &kiosk);
	assert_int_equal(s.n, 2);
}

static void who_may_have_it(void **state)
{
	struct caller other = kiosk, gate = kiosk, print = kiosk, attendee;
	const char *params = call_text("{\"list\":\"%s\"}", list);

	(void)state;
	gate.roles = ROLE_GATE;
	assert_int_equal(snapshot(NULL, &gate).n, snapshot(NULL, &desk).n);
	snprintf(other.list, UUID_SIZE, "%s", call_uuid());
	assert_fault(call_method("snapshot.get", params, &other), "denied");
	assert_fault(
	    call_method("snapshot.get", call_text("{\"list\":\"%s\"}", other.list), &other),
	    "not_found");
	print.roles = ROLE_PRINT;
	assert_fault(call_method("snapshot.get", params, &print), "denied");
	print.roles = ROLE_BOARD;
	assert_fault(call_method("snapshot.get", params, &print), "denied");
	attendee = call_person(conference, "Dan", ROLE_ATTENDEE);
	assert_fault(call_method("snapshot.get", params, &attendee), "denied");
	assert_fault(call_method("snapshot.get",
				 call_text("{\"list\":\"%s\",\"since\":\"yesterday\"}", list),
				 &desk),
		     "bad_request");
}

static void said_on_the_channel(void **state)
{
	int valid = door_events("valid"), superseded = door_events("superseded"), revoked;
	const char *told;

	(void)state;
	import_people("[{\"email\":\"eva@example.org\",\"name\":\"Eva\"}]");
	assert_int_equal(door_events("valid"), valid + 1);
	new_code("eva@example.org");
	assert_int_equal(door_events("valid"), valid + 2);
	assert_int_equal(door_events("superseded"), superseded + 1);
	/* The same once more changes nothing and says nothing. */
	import_people("[{\"email\":\"eva@example.org\",\"name\":\"Eva\"}]");
	assert_int_equal(door_events("valid"), valid + 2);
	/* What refuses comes first. */
	told =
	    call_sql("select string_agg(e.data ->> 'status', ' ' order by e.position) from (select "
		     "e.* from channel_event e join channel c on c.id = e.channel where "
		     "c.conference = '%s' and c.name = 'door' order by e.position desc limit 2) e",
		     conference);
	assert_string_equal(told, "superseded valid");
	/* However it comes about: cancelled, and back, and erased. */
	call_sql("update registration set state = 'cancelled' where person = (select id from "
		 "person where email = 'eva@example.org')");
	assert_true(door_events("revoked") > 0);
	revoked = door_events("revoked");
	call_sql("update registration set state = 'confirmed' where person = (select id from "
		 "person where email = 'eva@example.org')");
	assert_int_equal(door_events("valid"), valid + 3);
	call_sql("delete from person where email = 'eva@example.org'");
	assert_int_equal(door_events("revoked"), revoked + 2);
	assert_non_null(call_snapshot("door", NULL, conference, NULL));
}

static fault run_mail(struct request *rq, void *dir)
{
	static const struct mail_setup mails = {.base_url = "https://plenum.example.org"};

	return mail_pickup_job(rq, dir, &mails);
}

/* The code is in the clear in the mail alone: as text in groups, and where to see it as a QR code.
 */
static void welcome_mail(void **state)
{
	char dir[] = "/tmp/plenum-mail-XXXXXX", text[4096] = "", code[ENTRY_CODE_SIZE + 1];
	const char *id, *path;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	call_sql("update outbox set sent = now() where sent is null");
	good(call_method("people.import",
			 call_text("{\"rows\":[{\"email\":\"gry@example.org\",\"name\":\"Gry\"}],"
				   "\"mail\":true,\"key\":\"%s\"}",
				   call_uuid()),
			 &organiser));
	assert_true(code_open(call_sql("select e.sealed from entry_code e join person p on p.id = "
				       "e.person where p.email = 'gry@example.org'"),
			      code));
	assert_string_equal(call_sql("select count(*) from outbox where body like '%%%s%%'", code),
			    "0");
	id = call_sql("select id from outbox where recipient = 'gry@example.org'");
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 1);
	path = call_text("%s/%s.eml", dir, id);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(
	    text, call_text("    %.5s %.5s %.5s %.5s\r\n", code, code + 5, code + 10, code + 15)));
	assert_non_null(strstr(text, "https://plenum.example.org/attend#/code\r\n"));
	assert_null(strstr(text, "{code"));
	unlink(path);
	rmdir(dir);
}

/* Sealed under a key that is gone: the rows stay, their bodies are missing. */
static void another_seal_key(void **state)
{
	struct snapshot s;

	(void)state;
	call_sql("update entry_code set sealed = overlay(sealed placing '\\x0000'::bytea from 20) "
		 "where conference = '%s'",
		 conference);
	s = snapshot(NULL, &kiosk);
	assert_true(s.n > 5);
	for (int i = 0; i < s.n; i++)
		assert_int_equal(s.records[i].size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(door_opens),	 cmocka_unit_test(what_each_shows),
	    cmocka_unit_test(rules_as_instants), cmocka_unit_test(later_only_what_changed),
	    cmocka_unit_test(who_may_have_it),	 cmocka_unit_test(said_on_the_channel),
	    cmocka_unit_test(welcome_mail),	 cmocka_unit_test(another_seal_key),
	};

	int failed;

	headers = json_array();
	failed = cmocka_run_group_tests(tests, setup, teardown);
	json_decref(headers);
	return failed;
}
