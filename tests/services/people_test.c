/* tests/services: people: signing in, devices, import, conferences, mail. */
#include "services/people/people.h"
#include "services/core/token.h"
#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char *conference;
static struct caller organiser, desk, nobody;

static const char *text_at(const json_t *json, const char *member)
{
	return json_string_value(json_object_get(json, member));
}

static int64_t int_at(const json_t *json, const char *member)
{
	return json_integer_value(json_object_get(json, member));
}

static json_t *at(const json_t *json, const char *member)
{
	return json_object_get(json, member);
}

static void assert_fault(struct call_result r, const char *code)
{
	if (r.fault == NULL)
		fail_msg("expected %s, got %s", code, r.text);
	assert_string_equal(r.fault, code);
}

static json_t *good(struct call_result r)
{
	if (r.fault != NULL)
		fail_msg("fault %s, field %s", r.fault, r.field != NULL ? r.field : "-");
	assert_non_null(r.json);
	return r.json;
}

static struct call_result import_rows(const char *rows, const char *more)
{
	return call_method("people.import",
			   call_text("{\"rows\":%s,\"key\":\"%s\"%s}", rows, call_uuid(), more),
			   &organiser);
}

/* The one entry code of a person in the clear: a new generation. */
static const char *code_of(const char *email)
{
	json_t *r = good(
	    call_method("people.codes", call_text("{\"emails\":[\"%s\"]}", email), &organiser));

	return text_at(json_array_get(at(r, "codes"), 0), "code");
}

static struct token verified(const char *text)
{
	struct token token;

	assert_ptr_equal(token_verify(text, time(NULL), &token), OK);
	return token;
}

static struct caller caller_of(struct token token)
{
	struct caller who = {0};

	memcpy(who.conference, token.conference, UUID_SIZE);
	memcpy(who.login, token.login, UUID_SIZE);
	return who;
}

static struct call_result open_login(const struct caller *who, const char *kind)
{
	return call_method("session.by_login",
			   call_text("{\"login\":\"%s\",\"kind\":\"%s\"}", who->login, kind), who);
}

static int worker_events(const char *type, const char *data)
{
	return atoi(
	    call_sql("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = 'worker' and e.type = '%s' "
		     "and e.data::text like '%%%s%%'",
		     conference, type, data));
}

static int setup(void **state)
{
	(void)state;
	if (!call_start())
		return 1;
	json_t *made = good(call_method(
	    "conference.create",
	    "{\"slug\":\"people-test\",\"title\":\"Prøve & test\",\"zone\":\"Europe/Copenhagen\","
	    "\"starts\":\"2021-05-02\",\"ends\":\"2021-05-02\",\"is_default\":true,"
	    "\"info\":{\"a\":1}}",
	    NULL));

	conference = text_at(made, "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	desk = call_person(conference, "Dorte Desk", ROLE_DESK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	call_stop();
	return 0;
}

static struct call_result create(const char *slug, const char *zone, const char *starts,
				 const char *ends)
{
	return call_method(
	    "conference.create",
	    call_text("{\"slug\":\"%s\",\"title\":\"T\",\"zone\":\"%s\",\"starts\":\"%s\","
		      "\"ends\":\"%s\"}",
		      slug, zone, starts, ends),
	    NULL);
}

static void conferences(void **state)
{
	(void)state;

	good(create("other", "Europe/Berlin", "2024-02-29", "2024-03-01"));
	assert_fault(create("other", "UTC", "2024-02-29", "2024-03-01"), "conference.exists");
	assert_fault(create("x", "Mars/Base", "2024-02-29", "2024-03-01"), "bad_request");
	assert_fault(create("x", "UTC", "2023-02-29", "2024-03-01"), "bad_request");
	assert_fault(create("x", "UTC", "2024-02-29", "2024-02-01"), "bad_request");
	assert_fault(create("X y", "UTC", "2024-02-29", "2024-03-01"), "bad_request");
	json_t *all = at(good(call_method("conference.list", "{}", NULL)), "conferences");
	int defaults = 0;
	for (size_t i = 0; i < json_array_size(all); i++)
		defaults += json_is_true(at(json_array_get(all, i), "is_default"));
	assert_int_equal(defaults, 1);

	struct call_result doc = call_document("conference.json", &organiser);
	assert_string_equal(text_at(at(good(doc), "conference"), "slug"), "people-test");
	assert_int_equal(int_at(at(doc.json, "info"), "a"), 1);
	assert_non_null(text_at(doc.json, "time"));
	assert_string_equal(doc.etag, call_document("conference.json", &organiser).etag);
}

static void clock_only_forward(void **state)
{
	(void)state;
	json_t *r = good(
	    call_method("conference.clock", "{\"at\":\"2021-05-02T08:55:00+02:00\"}", &organiser));

	assert_memory_equal(text_at(r, "time"), "2021-05-02T06:55:0", 18);
	assert_int_equal(worker_events("clock.changed", "2021-05-02"), 1);
	/* Nothing has happened yet: back is allowed. */
	good(call_method("conference.clock", "{\"at\":\"2021-05-02T08:50:00+02:00\"}", &organiser));
	call_sql("with s as (insert into session (conference, guid, number, title) values ('%s', "
		 "gen_random_uuid(), 1, 'S') "
		 "returning id) insert into talk (conference, session, ord, title, started) "
		 "select '%s', id, 1, 'T', now() from s",
		 conference, conference);
	assert_fault(
	    call_method("conference.clock", "{\"at\":\"2021-05-02T08:00:00+02:00\"}", &organiser),
	    "conference.clock");
	good(call_method("conference.clock", "{\"at\":\"2021-05-02T08:55:00+02:00\"}", &organiser));
	assert_fault(call_method("conference.clock", "{}", &organiser), "bad_request");
}

static void guests(void **state)
{
	(void)state;
	json_t *r = good(call_method("session.by_guest", "{\"slug\":\"\"}", NULL));

	assert_string_equal(text_at(at(r, "caller"), "conference"), conference);
	assert_string_equal(json_string_value(json_array_get(at(at(r, "caller"), "roles"), 0)),
			    "guest");
	assert_true(json_is_null(at(at(r, "public"), "person")));
	assert_string_equal(text_at(at(at(r, "public"), "conference"), "zone"),
			    "Europe/Copenhagen");
	assert_fault(call_method("session.by_guest", "{\"slug\":\"none\"}", NULL), "not_found");
}

static void import_creates_and_updates(void **state)
{
	(void)state;
	const char *key = call_uuid();
	const char *body =
	    call_text("{\"rows\":[{\"email\":\"Ada@Example.org\",\"name\":\"Ada Aagaard\"},"
		      "{\"email\":\"bo@example.org\",\"name\":\"Bo\",\"roles\":[\"moderator\"],"
		      "\"mode\":\"online\"}],\"mail\":true,\"key\":\"%s\"}",
		      key);
	struct call_result first = call_method("people.import", body, &organiser);
	json_t *r = good(first);

	assert_int_equal(int_at(r, "created"), 2);
	assert_string_equal(text_at(json_array_get(at(r, "rows"), 0), "result"), "created");
	assert_string_equal(call_method("people.import", body, &organiser).text, first.text);
	assert_string_equal(call_sql("select count(*) from person where email = 'ada@example.org'"),
			    "1");
	assert_string_equal(
	    call_sql("select count(*) from outbox where recipient = 'ada@example.org'"), "1");
	assert_string_equal(
	    call_sql("select count(*) from entry_code e join person p on p.id = e.person "
		     "where p.email in ('ada@example.org', 'bo@example.org')"),
	    "2");
	assert_int_equal(worker_events("role.changed", ""), 0);

	r = good(
	    import_rows("[{\"email\":\"bo@example.org\",\"name\":\"Bo Berg\",\"roles\":[\"desk\"]},"
			"{\"email\":\"ada@example.org\",\"name\":\"Ada Aagaard\"}]",
			""));
	assert_int_equal(int_at(r, "updated"), 2);
	assert_string_equal(
	    call_sql("select string_agg(g.role, ' ') || p.name || p.mode from person p join "
		     "role_grant g "
		     "on g.person = p.id where p.email = 'bo@example.org' group by p.id"),
	    "deskBo Bergonline");
	assert_int_equal(
	    worker_events("role.changed",
			  call_sql("select id from person where email = 'bo@example.org'")),
	    1);
	assert_int_equal(worker_events("role.changed", ""), 1);
}

static void import_refuses(void **state)
{
	(void)state;
	const char *rows =
	    "[{\"email\":\"c1@example.org\",\"name\":\"C\"},{\"email\":\"no "
	    "address\",\"name\":\"C\"},"
	    "{\"email\":\"c2@example.org\",\"name\":\"\"},{\"email\":\"c3@example.org\",\"name\":"
	    "\"C\","
	    "\"roles\":[\"king\"]},{\"email\":\"C1@example.org\",\"name\":\"again\"},"
	    "{\"email\":\"c4@example.org\",\"name\":\"C\",\"mode\":\"asleep\"}]";
	json_t *r = good(import_rows(rows, ""));

	assert_int_equal(int_at(r, "created"), 0);
	assert_int_equal(int_at(r, "refused"), 6);
	assert_string_equal(text_at(json_array_get(at(r, "rows"), 4), "why"),
			    "row 1 has the same address");
	assert_string_equal(
	    call_sql("select count(*) from person where email like 'c_@example.org'"), "0");

	r = good(import_rows(rows, ",\"partial\":true,\"dry_run\":true"));
	assert_int_equal(int_at(r, "created"), 1);
	assert_string_equal(
	    call_sql("select count(*) from person where email like 'c_@example.org'"), "0");
	r = good(import_rows(rows, ",\"partial\":true"));
	assert_int_equal(int_at(r, "created"), 1);
	assert_string_equal(
	    call_sql("select count(*) from person where email like 'c_@example.org'"), "1");

	r = good(import_rows(
	    call_text("[{\"email\":\"%s\",\"name\":\"Ole\",\"roles\":[]}]",
		      call_sql("select email from person where id = '%s'", organiser.person)),
	    ""));
	assert_int_equal(int_at(r, "refused"), 1);
	assert_fault(import_rows("[]", ""), "bad_request");
	assert_fault(import_rows("7", ""), "bad_request");
	assert_fault(call_method("people.import",
				 call_text("{\"rows\":[],\"key\":\"%s\"}", call_uuid()), &desk),
		     "denied");
}

static void export_comes_back(void **state)
{
	(void)state;
	struct arena *arena = arena_create(1 << 20);
	json_t *people = at(good(call_method("people.export", "{}", &organiser)), "people");
	const char *text, *why;
	json_t *rows;

	call_sql("insert into person (conference, email, name) values ('%s', 'f@example.org', "
		 "'=1+1;\"')",
		 conference);
	text =
	    text_at(good(call_method("people.export", "{\"format\":\"csv\"}", &organiser)), "csv");
	assert_non_null(strstr(text, "\"f@example.org\",\"'=1+1;\"\"\",\"\",\"on_site\"\r\n"));
	assert_ptr_equal(people_csv_to_rows(arena, text, strlen(text), &rows, &why), OK);
	assert_int_equal(json_array_size(rows), json_array_size(people) + 1);
	assert_string_equal(text_at(json_array_get(rows, 0), "email"), "ada@example.org");
	json_decref(rows);
	arena_destroy(arena);
	call_sql("delete from person where email = 'f@example.org'");
}

static void import_bulk(void **state)
{
	(void)state;
	enum { PEOPLE = 5000 };
	json_t *params = json_pack("{s:[]}", "rows");
	char *text;

	for (int i = 0; i < PEOPLE; i++)
		json_array_append_new(at(params, "rows"),
				      json_pack("{s:s, s:s}", "email",
						call_text("bulk%d@example.org", i), "name",
						"Bulk"));
	text = json_dumps(params, 0);
	assert_int_equal(
	    int_at(good(call_method("people.import_bulk", text, &organiser)), "created"), PEOPLE);
	assert_int_equal(
	    int_at(good(call_method("people.import_bulk", text, &organiser)), "updated"), PEOPLE);
	free(text);
	json_decref(params);
}

static void csv(void **state)
{
	(void)state;
	struct arena *arena = arena_create(1 << 20);
	static const char file[] =
	    "\xef\xbb\xbf"
	    "Name;E;Email;Roles\r\n\"Ødegård; \"\"Ø\"\"\";x;o@example.org;\"speaker, desk\"\r\n\r\n"
	    " Eva ;;eva@example.org;\n";
	static const struct {
		const char *file, *why;
	} bad[] = {{"email,name\na@b.dk,\"A\n", "line 3: a quote is not closed"},
		   {"email,name\na@b.dk\n", "line 2: not as many fields as the first line has"},
		   {"email,name\n\"a\"b,c\n", "line 2: text after the closing quote"},
		   {"mail,name\n",
		    "line 1: the first line must name the columns, email and name among them"},
		   {"email,name,email\n", "line 1: a column is named twice"},
		   {"email,name\n", "line 1: there are no rows"},
		   {"email,name\na,b\n\xff,c\n", "line 3: not UTF-8"},
		   {"", "line 1: the first line must name the columns, email and name among them"}};
	json_t *rows = NULL;
	const char *why = NULL;

	assert_ptr_equal(people_csv_to_rows(arena, file, sizeof(file) - 1, &rows, &why), OK);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(text_at(json_array_get(rows, 0), "name"), "Ødegård; \"Ø\"");
	assert_string_equal(
	    json_string_value(json_array_get(at(json_array_get(rows, 0), "roles"), 1)), "desk");
	assert_string_equal(text_at(json_array_get(rows, 1), "name"), "Eva");
	assert_null(at(json_array_get(rows, 1), "roles"));
	json_decref(rows);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_ptr_equal(
		    people_csv_to_rows(arena, bad[i].file, strlen(bad[i].file), &rows, &why),
		    &fault_bad_request);
		assert_string_equal(why, bad[i].why);
	}
	arena_destroy(arena);
}

static const char *mailed_code(const char *request)
{
	return call_sql(
	    "select substring(body from '[0-9]{6}') from outbox where dedupe = 'sign_in:%s'",
	    request);
}

static struct call_result finish(const char *request, const char *code)
{
	return call_method("auth.finish",
			   call_text("{\"request\":\"%s\",\"code\":\"%s\"}", request, code), NULL);
}

static void mail_sign_in(void **state)
{
	(void)state;
	const char *request = text_at(
	    good(call_method("auth.start", "{\"email\":\"Ada@example.org\"}", NULL)), "request");
	const char *code = mailed_code(request);
	struct call_result r = finish(request, code);

	assert_string_equal(text_at(at(good(r), "person"), "name"), "Ada Aagaard");
	struct token token = verified(r.cookie);
	assert_int_equal(token.kind, TOKEN_SESSION);
	/* 14 days after a conference of one day that is about to begin. */
	assert_in_range(token.expires - time(NULL), 14 * 86400, 15 * 86400);
	assert_fault(finish(request, code), "auth.code");

	/* Nobody there: the same answer, no mail. */
	const char *none = text_at(
	    good(call_method("auth.start", "{\"email\":\"zz@example.org\"}", NULL)), "request");
	assert_int_equal(strlen(none), 36);
	assert_string_equal(
	    call_sql("select count(*) from outbox where dedupe = 'sign_in:%s' and sent is null",
		     none),
	    "0");
	assert_fault(finish(none, "123456"), "auth.code");
	assert_fault(
	    call_method("auth.start", "{\"slug\":\"nowhere\",\"email\":\"ada@example.org\"}", NULL),
	    "not_found");
}

static void mail_sign_in_limits(void **state)
{
	(void)state;
	enum { AT_ONCE = 20 };
	const char *request = text_at(
	    good(call_method("auth.start", "{\"email\":\"bo@example.org\"}", NULL)), "request");
	const char *wrong = strcmp(mailed_code(request), "000000") == 0 ? "111111" : "000000";
	struct call calls[AT_ONCE];
	struct call_result results[AT_ONCE];

	for (int i = 0; i < AT_ONCE; i++)
		calls[i] = (struct call){
		    "auth.finish",
		    call_text("{\"request\":\"%s\",\"code\":\"%s\"}", request, wrong), NULL};
	call_methods(calls, AT_ONCE, results);
	assert_string_equal(call_sql("select tries from sign_in where id = '%s'", request), "5");
	assert_fault(finish(request, mailed_code(request)), "auth.code");

	for (int i = 0; i < AT_ONCE; i++)
		calls[i] = (struct call){"auth.start", "{\"email\":\"bo@example.org\"}", NULL};
	call_methods(calls, AT_ONCE, results);
	for (int i = 0; i < AT_ONCE; i++)
		assert_non_null(text_at(good(results[i]), "request"));
	assert_string_equal(
	    call_sql("select count(*) from outbox where recipient = 'bo@example.org' "
		     "and dedupe like 'sign_in:%%'"),
	    "5");
}

static struct call_result entry(const char *email, const char *code)
{
	return call_method(
	    "auth.entry", call_text("{\"email\":\"%s\",\"entry_code\":\"%s\"}", email, code), NULL);
}

static void entry_codes(void **state)
{
	(void)state;
	const char *old = code_of("ada@example.org"), *code = code_of("ada@example.org");

	assert_fault(entry("ada@example.org", old), "auth.code");
	struct call_result r = entry("ADA@example.org", call_text("%.4s-%s", code, code + 4));
	assert_string_equal(text_at(at(good(r), "person"), "name"), "Ada Aagaard");
	assert_int_equal(verified(r.cookie).kind, TOKEN_SESSION);
	assert_fault(entry("bo@example.org", code), "auth.code");
	for (int i = 0; i < 4; i++)
		assert_fault(entry("ada@example.org", "nonsense"), "auth.code");
	struct call_result blocked = entry("ada@example.org", code);
	assert_fault(blocked, "limit.rate");
	assert_in_range(blocked.retry_after_ms, 3500000, 3600000);
	assert_string_equal(
	    call_sql("select count(*) from outbox where recipient = 'ada@example.org' "
		     "and (dedupe like 'entry:%%' or dedupe like 'entry_failed:%%')"),
	    "2");
	for (int i = 0; i < 5; i++)
		assert_fault(entry("zz@example.org", code), "auth.code");
	assert_fault(entry("zz@example.org", code), "limit.rate");
}

static void desk_codes(void **state)
{
	(void)state;
	const char *bo = call_sql("select id from person where email = 'ada@example.org'");
	const char *body = call_text("{\"person\":\"%s\",\"key\":\"%s\"}", bo, call_uuid());
	struct call_result first = call_method("login.issue", body, &desk);
	const char *code = text_at(good(first), "code");

	assert_int_equal(strlen(code), 8);
	assert_non_null(text_at(first.json, "expires"));
	assert_string_equal(call_method("login.issue", body, &desk).text, first.text);
	assert_string_equal(call_sql("select count(*) from audit where action = 'login.issued'"),
			    "1");
	body = call_text("{\"code\":\" %.4s-%s \"}", code, code + 4);
	assert_int_equal(verified(call_method("auth.desk", body, NULL).cookie).kind, TOKEN_SESSION);
	assert_fault(call_method("auth.desk", body, NULL), "auth.code");
	assert_fault(call_method("auth.desk", "{\"code\":\"BBBBBBBB\"}", NULL), "auth.code");

	body = call_text("{\"person\":\"%s\",\"key\":\"%s\"}", organiser.person, call_uuid());
	assert_fault(call_method("login.issue", body, &desk), "denied");
	good(call_method("login.issue", body, &organiser));
	assert_fault(
	    call_method("login.issue",
			call_text("{\"person\":\"%s\",\"key\":\"%s\"}", call_uuid(), call_uuid()),
			&desk),
	    "not_found");
}

static void tickets(void **state)
{
	(void)state;
	json_t *made = good(call_method(
	    "token.create",
	    "{\"role\":\"attendee\",\"email\":\"eva@example.org\",\"name\":\"Eva\"}", &organiser));
	struct caller eva = caller_of(verified(text_at(made, "token")));
	const char *ticket, *spend;

	json_t *opened = good(open_login(&eva, "script"));
	assert_string_equal(text_at(at(opened, "caller"), "person"), text_at(made, "person"));
	assert_string_equal(text_at(at(at(opened, "public"), "person"), "name"), "Eva");
	assert_string_equal(json_string_value(json_array_get(at(at(opened, "public"), "roles"), 0)),
			    "attendee");
	assert_fault(open_login(&eva, "session"), "auth.required");
	struct caller elsewhere = eva;
	snprintf(elsewhere.conference, UUID_SIZE, "%s",
		 call_sql("select id from conference where slug = 'other'"));
	assert_fault(open_login(&elsewhere, "script"), "auth.required");

	assert_fault(call_method("auth.ticket", "{}", &nobody), "auth.required");
	ticket = text_at(good(call_method("auth.ticket", "{}", &eva)), "ticket");
	spend = call_text("{\"ticket\":\"%s\"}", ticket);
	good(call_method("session.by_ticket", spend, NULL));
	assert_fault(call_method("session.by_ticket", spend, NULL), "auth.required");
	ticket = text_at(good(call_method("auth.ticket", "{}", &eva)), "ticket");
	call_sql("update ticket set expires = now() - interval '1 second'");
	assert_fault(
	    call_method("session.by_ticket", call_text("{\"ticket\":\"%s\"}", ticket), NULL),
	    "auth.expired");

	struct call_result out = call_method("auth.logout", "{}", &eva);
	good(out);
	assert_string_equal(out.cookie, "");
	assert_int_equal(worker_events("login.revoked", eva.login), 1);
	assert_fault(open_login(&eva, "script"), "auth.expired");
	assert_fault(call_method("auth.ticket", "{}", &eva), "auth.expired");
	good(call_method("auth.logout", "{}", &nobody));
}

static void roles(void **state)
{
	(void)state;
	struct caller plain = call_person(conference, "Plain", 0);

	json_t *r = good(call_method("people.get", "{}", &organiser));
	assert_string_equal(json_string_value(json_array_get(at(at(r, "person"), "roles"), 0)),
			    "organiser");
	plain.roles = ROLE_ATTENDEE;
	r = good(call_method("people.get", "{}", &plain));
	assert_string_equal(json_string_value(json_array_get(at(at(r, "person"), "roles"), 0)),
			    "attendee");
	call_sql("update registration set state = 'cancelled' where person = '%s'", plain.person);
	r = good(call_method("people.get", "{}", &plain));
	assert_int_equal(json_array_size(at(at(r, "person"), "roles")), 0);
}

static struct call_result poll(const char *code)
{
	return call_method("auth.device_poll", call_text("{\"device_code\":\"%s\"}", code), NULL);
}

static struct call_result confirm(const char *user_code, const char *more)
{
	return call_method("device.confirm",
			   call_text("{\"user_code\":\"%s\",\"name\":\"Door\",\"key\":\"%s\"%s}",
				     user_code, call_uuid(), more),
			   &desk);
}

static void devices(void **state)
{
	(void)state;
	json_t *pairing = good(call_method("auth.device", "{\"kind\":\"kiosk\"}", NULL));
	const char *device = text_at(pairing, "device_code"), *user = text_at(pairing, "user_code");
	const char *list = call_sql(
	    "insert into checkin_list (conference, name) values ('%s', 'Main') returning id",
	    conference);

	assert_int_equal(strlen(device), 32);
	assert_int_equal(user[4], '-');
	struct call_result r = poll(device);
	assert_int_equal(r.http_status, 202);
	assert_true(json_is_true(at(good(r), "pending")));
	r = poll(device);
	assert_fault(r, "limit.rate");
	assert_int_equal(r.retry_after_ms, 5000);
	assert_fault(poll("UNKNOWN"), "auth.code");

	assert_fault(confirm("BBBB-BBBB", ""), "auth.code");
	assert_fault(confirm(user, call_text(",\"list\":\"%s\"", call_uuid())), "not_found");
	const char *station =
	    text_at(good(confirm(user, call_text(",\"list\":\"%s\"", list))), "station");
	assert_fault(confirm(user, ""), "auth.code");
	call_sql("update pairing set polled = now() - interval '5 seconds'");
	r = poll(device);
	assert_string_equal(text_at(at(good(r), "station"), "list"), list);
	struct token token = verified(text_at(r.json, "token"));
	assert_int_equal(token.kind, TOKEN_DEVICE);
	assert_string_equal(token.subject, station);
	assert_fault(poll(device), "auth.code");

	struct caller kiosk = caller_of(token);
	json_t *opened = good(open_login(&kiosk, "device"));
	assert_string_equal(text_at(at(opened, "caller"), "list"), list);
	assert_string_equal(json_string_value(json_array_get(at(at(opened, "public"), "roles"), 0)),
			    "kiosk");
	assert_non_null(call_snapshot("station", NULL, conference, station));

	const char *body = call_text("{\"station\":\"%s\",\"key\":\"%s\"}", station, call_uuid());
	json_t *gone = good(call_method("device.revoke", body, &desk));
	assert_int_equal(int_at(at(gone, "positions"), call_text("station:%s", station)), 1);
	assert_int_equal(worker_events("login.revoked", kiosk.login), 1);
	assert_fault(open_login(&kiosk, "device"), "auth.expired");
	assert_null(call_snapshot("station", NULL, conference, station));
	body = call_text("{\"station\":\"%s\",\"key\":\"%s\"}", station, call_uuid());
	assert_true(json_is_true(at(good(call_method("device.revoke", body, &desk)), "noop")));
	assert_int_equal(
	    json_array_size(at(good(call_method("device.list", "{}", &desk)), "stations")), 1);

	json_t *made = good(call_method(
	    "kiosk.create", call_text("{\"name\":\"K\",\"kind\":\"kiosk\",\"list\":\"%s\"}", list),
	    &organiser));
	assert_string_equal(verified(text_at(made, "token")).subject, text_at(made, "station"));
}

static const char *found(const char *text)
{
	json_t *people =
	    at(good(call_method("people.find", call_text("{\"text\":\"%s\"}", text), &desk)),
	       "people");

	return json_array_size(people) == 1 ? text_at(json_array_get(people, 0), "name") : "";
}

static void finding(void **state)
{
	(void)state;
	call_person(conference, "Søren Kærgård", 0);
	assert_string_equal(found("Søren"), "Søren Kærgård");
	assert_string_equal(found("soeren"), "Søren Kærgård");
	assert_string_equal(found("SOREN"), "Søren Kærgård");
	assert_string_equal(found("kaergaard"), "Søren Kærgård");
	assert_string_equal(found("gård sør"), "Søren Kærgård");
	assert_string_equal(found("aga"), "Ada Aagaard");
	assert_string_equal(found("søren x"), "");
	assert_string_equal(found("100%"), "");
	assert_fault(call_method("people.find", "{\"text\":\"åå\"}", &desk), "bad_request");
	json_t *many = at(good(call_method("people.find", "{\"text\":\"bulk\"}", &desk)), "people");
	assert_int_equal(json_array_size(many), 8);
}

static void own_channel(void **state)
{
	(void)state;
	struct caller asker = call_person(conference, "Asker", ROLE_ATTENDEE);
	const char *talk = call_sql("select id from talk where conference = '%s'", conference);
	const char *question =
	    call_sql("insert into question (id, conference, talk, person, text, asked_at) values "
		     "(gen_random_uuid(), '%s', '%s', '%s', 'Why?', now()) returning id",
		     conference, talk, asker.person);

	call_sql("insert into vote (question, person, value, seq) values ('%s', '%s', 1, 41)",
		 question, asker.person);
	json_t *snapshot = at(call_snapshot("person", NULL, conference, asker.person), "snapshot");
	assert_string_equal(text_at(json_array_get(at(snapshot, "questions"), 0), "state"),
			    "pending");
	assert_int_equal(int_at(snapshot, "seq"), 41);
	assert_string_equal(
	    json_string_value(json_array_get(json_array_get(at(snapshot, "votes"), 0), 0)),
	    question);
	assert_null(call_snapshot("person", NULL, conference, call_uuid()));
}

static fault run_mail(struct request *rq, void *dir)
{
	return people_mail_job(rq, dir);
}

static void mail_leaves(void **state)
{
	(void)state;
	char dir[] = "/tmp/plenum-mail-XXXXXX";
	char text[4096] = "";
	const char *id, *path;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	call_sql("update outbox set sent = now() where sent is null");
	id = call_sql("insert into outbox (conference, dedupe, recipient, subject, body) values "
		      "('%s', 'test', 'ada@example.org', "
		      "E'Pr\u00f8ve\\r\\nBcc: eve@example.org', E'Hej\\n\u00e5') returning id",
		      conference);
	assert_int_equal(int_at(good(call_job(run_mail, NULL)), "sent"), 0);
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 1);
	path = call_text("%s/%s.eml", dir, id);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(text, "\r\nTo: <ada@example.org>\r\n"));
	assert_non_null(strstr(text, "Subject: =?UTF-8?B?"));
	assert_null(strstr(text, "\nBcc:"));
	assert_non_null(strstr(text, "\r\n\r\nHej\r\nå"));
	assert_string_equal(
	    call_sql("select body from outbox where id = '%s' and sent is not null", id), "");
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 0);
	unlink(path);
	rmdir(dir);
	call_sql("insert into outbox (conference, dedupe, recipient, subject, body) values ('%s', "
		 "'test2', 'a@b.dk', '', '')",
		 conference);
	assert_int_equal(int_at(good(call_job(run_mail, dir)), "sent"), 0);
	assert_string_equal(
	    call_sql("select count(*) from outbox where sent is null and lease > now()"), "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conferences),    cmocka_unit_test(clock_only_forward),
	    cmocka_unit_test(guests),	      cmocka_unit_test(import_creates_and_updates),
	    cmocka_unit_test(import_refuses), cmocka_unit_test(export_comes_back),
	    cmocka_unit_test(import_bulk),    cmocka_unit_test(csv),
	    cmocka_unit_test(mail_sign_in),   cmocka_unit_test(mail_sign_in_limits),
	    cmocka_unit_test(entry_codes),    cmocka_unit_test(desk_codes),
	    cmocka_unit_test(tickets),	      cmocka_unit_test(roles),
	    cmocka_unit_test(devices),	      cmocka_unit_test(finding),
	    cmocka_unit_test(own_channel),    cmocka_unit_test(mail_leaves),
	};

	return cmocka_run_group_tests_name("people", tests, setup, teardown);
}
