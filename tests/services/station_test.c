/* tests/services: stations at the door: what each profile may call (A27), their PIN, their
 * heartbeat, the board. */
#include "tests/services/people_support.h"

#include "services/core/clock.h"
#include "services/core/token.h"

#include <stdio.h>

static const char *list;

static struct caller station(const char *name, const char *profile, const char *more)
{
	json_t *made =
	    good(call_method("kiosk.create",
			     call_text("{\"name\":\"%s\",\"kind\":\"kiosk\",\"list\":\"%s\","
				       "\"profile\":\"%s\"%s}",
				       name, list, profile, more),
			     &organiser));
	json_t *opened, *roles;
	struct token token;
	struct caller who = {.roles = 0};
	size_t i;
	json_t *role;

	assert_null(token_verify(text_at(made, "token"), clock_unix(), &token));
	snprintf(who.conference, UUID_SIZE, "%s", conference);
	opened = good(call_method("session.by_login",
				  call_text("{\"login\":\"%s\",\"kind\":\"device\"}", token.login),
				  &who));
	assert_string_equal(text_at(at(at(opened, "public"), "station"), "profile"), profile);
	roles = at(at(opened, "caller"), "roles");
	json_array_foreach(roles, i, role) who.roles |= role_of(json_string_value(role));
	snprintf(who.login, UUID_SIZE, "%s", token.login);
	snprintf(who.station, UUID_SIZE, "%s", text_at(made, "station"));
	snprintf(who.list, UUID_SIZE, "%s", list);
	return who;
}

/* What anybody may read, a guest included. */
#define OPEN                                                                                       \
	"now.get", "release.get", "release.list", "schedule.get", "zone.get", "call.get",          \
	    "registration.public", "poster.list", "book.get"
#define SCAN                                                                                       \
	"checkin.admit", "checkin.confirm", "checkin.lists", "checkin.stats", "checkin.undo",      \
	    "checkin.upload", "snapshot.get"
/* What those at a desk do for people. */
#define DESK                                                                                       \
	"checkin.search", "checkin.admit_person", "checkin.walk_in", "registration.switch_mode",   \
	    "person.rename"
#define STATION "station.heartbeat", "station.unlock"
/* What a device in a hall or at a door is told. */
#define TOLD "notice.read", "qa.list"

/* Written out, so that opening a method to a station is seen in review. */
static const char *const self_service[] = {
    OPEN, SCAN, STATION, TOLD, "badge.print", "checkin.sign_in", NULL};
static const char *const desk_station[] = {
    OPEN, SCAN, DESK, STATION, TOLD, "badge.print", "badge.reprint", "checkin.sign_in", NULL};
static const char *const gate[] = {OPEN, SCAN, STATION, "badge.print", NULL};
static const char *const print[] = {OPEN, STATION, "badge.claim", "badge.report", NULL};
static const char *const board[] = {OPEN, STATION, "station.board", NULL};

static bool among(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* Each method of the program is either on the list or refused; nothing on a list is no method. */
static int may_call(const struct caller *who, const char *profile, const char *const *names)
{
	int wrong = 0;

	for (int i = 0; services[i] != NULL; i++) {
		for (const struct method *m = services[i]->methods; m->name != NULL; m++) {
			bool open = (m->roles & who->roles) != 0;

			if ((m->flags & (METHOD_AUTH | METHOD_CLI)) ||
			    open == among(names, m->name))
				continue;
			print_error("%s: %s is %s\n", profile, m->name, open ? "open" : "shut");
			wrong++;
		}
	}
	for (; *names != NULL; names++)
		assert_non_null(method_find(*names));
	return wrong;
}

static void A27_each_profile_its_methods(void **state)
{
	static const struct {
		const char *profile;
		const char *const *names;
	} profiles[] = {{"self_service", self_service},
			{"desk", desk_station},
			{"gate", gate},
			{"print", print},
			{"board", board}};
	struct caller who;
	int wrong = 0;

	(void)state;
	list = call_sql("insert into checkin_list (conference, name) values ('%s', 'Main door') "
			"returning id",
			conference);
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		who = station(call_text("Station %zu", i), profiles[i].profile, "");
		wrong += may_call(&who, profiles[i].profile, profiles[i].names);
	}
	assert_int_equal(wrong, 0);
	assert_fault(call_method("kiosk.create",
				 "{\"name\":\"X\",\"kind\":\"kiosk\",\"profile\":\"admin\"}",
				 &organiser),
		     "bad_request");
}

static struct call_result unlock(const struct caller *who, const char *pin)
{
	return call_method("station.unlock", call_text("{\"pin\":\"%s\"}", pin), who);
}

static struct call_result set_pin(const struct caller *who, const char *pin)
{
	return call_method("station.pin",
			   call_text("{\"station\":\"%s\",\"pin\":\"%s\",\"key\":\"%s\"}",
				     who->station, pin, call_uuid()),
			   &desk);
}

static void a_pin_is_counted(void **state)
{
	struct caller east = station("East", "desk", ",\"pin\":\"2468\""),
		      west = station("West", "desk", ",\"pin\":\"2468\"");

	(void)state;
	assert_true(json_is_true(at(good(unlock(&east, "2468")), "pin")));
	assert_fault(unlock(&east, "2469"), "station.pin");
	assert_fault(unlock(&east, ""), "station.pin");
	/* Right: the count begins again. */
	good(unlock(&east, "2468"));
	for (int i = 0; i < 4; i++)
		assert_string_equal(unlock(&east, "0000").current,
				    call_text("{\"left\" : %d}", 4 - i));
	assert_fault(unlock(&east, "0000"), "station.locked");
	assert_fault(unlock(&east, "2468"), "station.locked");
	/* The one beside it is not. */
	good(unlock(&west, "2468"));
	good(set_pin(&east, "13579"));
	assert_fault(unlock(&east, "2468"), "station.pin");
	good(unlock(&east, "13579"));
	good(set_pin(&east, ""));
	assert_false(json_is_true(at(good(unlock(&east, "1111")), "pin")));
	assert_fault(set_pin(&east, "123"), "bad_request");
	assert_fault(set_pin(&east, "12345x"), "bad_request");
	/* Nothing of a PIN is in the database. */
	assert_string_equal(
	    call_sql("select count(*) from station where encode(pin_hash, 'escape') "
		     "like '%%2468%%' or pin_hash is not null and "
		     "octet_length(pin_hash) <> 32"),
	    "0");
}

/* Twenty tries at once: five count, whichever they are. */
static void no_sixth_try(void **state)
{
	struct caller who = station("North", "self_service", ",\"pin\":\"112233\"");
	struct call calls[20];
	struct call_result results[20];
	int wrong = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		calls[i] = (struct call){"station.unlock", "{\"pin\":\"332211\"}", &who};
	call_methods(calls, 20, results);
	for (int i = 0; i < 20; i++)
		wrong += results[i].fault != NULL && strcmp(results[i].fault, "station.pin") == 0;
	assert_int_equal(wrong, 4);
	assert_fault(unlock(&who, "112233"), "station.locked");
}

static json_t *of_board(const char *part, const char *name)
{
	json_t *all = at(good(call_method("station.board", "{}", &desk)), part);
	json_t *one;
	size_t i;

	json_array_foreach(all, i, one) if (strcmp(text_at(one, "name"), name) == 0) return one;
	return NULL;
}

static void what_a_station_says(void **state)
{
	struct caller who = station("South", "gate", "");
	const char *boot = call_uuid();
	json_t *r, *seen;
	const char *since;

	(void)state;
	assert_false(json_is_true(at(of_board("stations", "South"), "online")));
	r = good(call_method(
	    "station.heartbeat",
	    call_text("{\"boot_id\":\"%s\",\"sent_at\":\"2021-05-02T07:00:00Z\",\"mono\":120000,"
		      "\"offset_ms\":-3500,\"uncert_ms\":40,\"queue\":3,\"scans_minute\":7,"
		      "\"verdicts\":{\"admitted\":5,\"refused\":1,\"ask\":1},\"version\":\"abc\"}",
		      boot),
	    &who));
	assert_non_null(text_at(r, "now"));
	assert_non_null(text_at(r, "time"));
	seen = of_board("stations", "South");
	assert_true(json_is_true(at(seen, "online")));
	assert_int_equal(int_at(at(seen, "said"), "queue"), 3);
	assert_int_equal(int_at(at(seen, "said"), "offset_ms"), -3500);
	assert_int_equal(int_at(at(at(seen, "said"), "verdicts"), "admitted"), 5);
	assert_null(at(at(seen, "said"), "camera"));
	since = text_at(seen, "since");
	/* Silent for a minute: away; back: since now. */
	call_sql("update station_state set seen = seen - interval '1 minute', since = since - "
		 "interval '1 hour' where station = '%s'",
		 who.station);
	assert_false(json_is_true(at(of_board("stations", "South"), "online")));
	good(call_method(
	    "station.heartbeat",
	    call_text("{\"boot_id\":\"%s\",\"sent_at\":\"2021-05-02T07:00:10Z\"}", boot), &who));
	seen = of_board("stations", "South");
	assert_true(json_is_true(at(seen, "online")));
	assert_true(strcmp(text_at(seen, "since"), since) >= 0);
	assert_string_equal(
	    call_sql("select count(*) from station_state where station = '%s'", who.station), "1");
	assert_fault(call_method("station.heartbeat", "{\"boot_id\":\"x\"}", &who), "bad_request");
	assert_fault(
	    call_method("station.heartbeat",
			call_text("{\"boot_id\":\"%s\",\"sent_at\":\"2021-05-02T07:00:10Z\","
				  "\"camera\":\"%0500d\"}",
				  boot, 1),
			&who),
	    "limit.size");
	/* Sent away: nothing it says counts, and it is on no board. */
	good(call_method("device.revoke",
			 call_text("{\"station\":\"%s\",\"key\":\"%s\"}", who.station, call_uuid()),
			 &desk));
	assert_fault(
	    call_method(
		"station.heartbeat",
		call_text("{\"boot_id\":\"%s\",\"sent_at\":\"2021-05-02T07:00:20Z\"}", boot), &who),
	    "not_found");
	assert_null(of_board("stations", "South"));
}

static void the_board_counts(void **state)
{
	json_t *zone, *door;
	const char *person = call_person(conference, "Ida Inside", ROLE_ATTENDEE).person;

	(void)state;
	call_sql(
	    "with z as (insert into zone (conference, name, capacity) values ('%s', 'Hall', 300) "
	    "returning id) update checkin_list set zone = z.id from z where "
	    "checkin_list.conference = '%s'",
	    conference, conference);
	person = call_text("%s", person);
	call_sql(
	    "with s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, at) "
	    "select gen_random_uuid(), '%s', '%s', id, id, '\\x00', now() from person where id = "
	    "'%s' returning scan_id, person) insert into admission (conference, list, person, "
	    "scan, at) select '%s', '%s', person, scan_id, now() from s",
	    conference, list, person, conference, list);
	zone = of_board("zones", "Hall");
	assert_int_equal(int_at(zone, "inside"), 1);
	assert_int_equal(int_at(zone, "capacity"), 300);
	door = of_board("lists", "Main door");
	assert_int_equal(int_at(door, "inside"), 1);
	assert_int_equal(int_at(door, "per_minute"), 1);
	assert_non_null(at(good(call_method("station.board", "{}", &organiser)), "conflicts"));
}

/* A30: the code a device shows works once and for ten minutes. */
static void A30_a_pairing_code_once(void **state)
{
	json_t *shown = good(call_method("auth.device", "{\"kind\":\"kiosk\"}", NULL));
	const char *user = text_at(shown, "user_code"), *device = text_at(shown, "device_code");
	json_t *got;

	(void)state;
#define CONFIRM                                                                                    \
	call_method("device.confirm",                                                              \
		    call_text("{\"user_code\":\"%s\",\"name\":\"Gate 1\",\"list\":\"%s\","         \
			      "\"profile\":\"gate\",\"pin\":\"4711\",\"key\":\"%s\"}",             \
			      user, list, call_uuid()),                                            \
		    &desk)
	good(CONFIRM);
	assert_fault(CONFIRM, "auth.code");
	got = good(
	    call_method("auth.device_poll", call_text("{\"device_code\":\"%s\"}", device), NULL));
	assert_string_equal(text_at(at(got, "station"), "profile"), "gate");
	assert_true(json_is_true(at(at(got, "station"), "pin")));
	assert_fault(
	    call_method("auth.device_poll", call_text("{\"device_code\":\"%s\"}", device), NULL),
	    "auth.code");
	assert_fault(CONFIRM, "auth.code");
	shown = good(call_method("auth.device", "{\"kind\":\"kiosk\"}", NULL));
	user = text_at(shown, "user_code");
	call_sql("update pairing set expires = now() - interval '1 second' where fetched is null");
	assert_fault(CONFIRM, "auth.code");
	assert_fault(
	    call_method("auth.device_poll",
			call_text("{\"device_code\":\"%s\"}", text_at(shown, "device_code")), NULL),
	    "auth.code");
}

/* T17: staff's form takes any eight letters; nobody comes upon a code that is shown by trying.
 * 50,000 at a time with PLENUM_GUESSES. */
static void T17_guesses(void **state)
{
	const char *wanted = getenv("PLENUM_GUESSES");
	int guesses = wanted != NULL ? atoi(wanted) : 300;
	json_t *shown = good(call_method("auth.device", "{\"kind\":\"kiosk\"}", NULL));
	struct arena *arena = NULL;
	const char *device = text_at(shown, "device_code");

	(void)state;
	for (int i = 0; i < guesses; i++) {
		if (i % 100 == 0) {
			if (arena != NULL)
				arena_destroy(arena);
			arena = arena_create(1 << 16);
		}
		assert_fault(
		    call_method("device.confirm",
				arena_printf(arena,
					     "{\"user_code\":\"%s\",\"name\":\"Guessed\","
					     "\"list\":\"%s\",\"key\":\"%s\"}",
					     random_letters(arena, 8), list, random_uuid(arena)),
				&desk),
		    "auth.code");
	}
	arena_destroy(arena);
	assert_int_equal(
	    call_method("auth.device_poll", call_text("{\"device_code\":\"%s\"}", device), NULL)
		.http_status,
	    202);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(A27_each_profile_its_methods),
	    cmocka_unit_test(a_pin_is_counted),
	    cmocka_unit_test(no_sixth_try),
	    cmocka_unit_test(what_a_station_says),
	    cmocka_unit_test(the_board_counts),
	    cmocka_unit_test(A30_a_pairing_code_once),
	    cmocka_unit_test(T17_guesses),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
