/* tests/services: people: who gets in: sessions, mailed codes, entry codes, the desk, tickets,
 * devices. */
#include "services/core/token.h"
#include "tests/services/people_support.h"

#include <stdio.h>
#include <time.h>

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

static int setup_people(void **state)
{
	if (setup(state) != 0)
		return 1;
	good(call_method(
	    "people.import",
	    call_text("{\"rows\":[{\"email\":\"ada@example.org\",\"name\":\"Ada Aagaard\"},"
		      "{\"email\":\"bo@example.org\",\"name\":\"Bo\"}],\"key\":\"%s\"}",
		      call_uuid()),
	    &organiser));
	return (int)strtol(call_sql("with c as (update conference set clock_offset = timestamptz "
				    "'2021-05-02 07:00Z' - now() returning 1) "
				    "select count(*) - 1 from c"),
			   NULL, 10);
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
	snprintf(elsewhere.conference, UUID_SIZE, "%s", call_conference("other"));
	assert_fault(open_login(&elsewhere, "script"), "auth.required");

	assert_fault(call_method("auth.ticket", "{}", NULL), "auth.required");
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
	good(call_method("auth.logout", "{}", NULL));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(guests),
	    cmocka_unit_test(mail_sign_in),
	    cmocka_unit_test(mail_sign_in_limits),
	    cmocka_unit_test(entry_codes),
	    cmocka_unit_test(desk_codes),
	    cmocka_unit_test(tickets),
	    cmocka_unit_test(devices),
	};

	return cmocka_run_group_tests_name("sign_in", tests, setup_people, teardown);
}
