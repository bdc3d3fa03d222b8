/* tests/services: A26, badges: the first once, another with a reason, what waits for a printer,
 * boxes of the evening before. */
#include "services/core/ticket.h"
#include "tests/services/checkin_door.h"

static const char *keyed(const char *more)
{
	return call_text("{\"key\":\"%s\"%s%s}", call_uuid(), more[0] != 0 ? "," : "", more);
}

static const char *for_person(const struct caller *who)
{
	return call_text("{\"person\":\"%s\"}", who->person);
}

static json_t *fine(struct call_result r)
{
	if (r.fault != NULL)
		fail_msg("refused: %s %s", r.fault, r.field != NULL ? r.field : "");
	return r.json;
}

static const char *text_of(json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

static int64_t number_of(json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

static json_t *claim(const struct caller *agent, const char *more)
{
	return fine(
	    call_method("badge.claim", call_text("{\"printer\":\"Hall A\"%s}", more), agent));
}

static const char *report(const char *job, const char *state)
{
	return call_text("{\"job\":\"%s\",\"state\":\"%s\"}", job, state);
}

static const char *state_of(const char *job)
{
	return call_sql("select state from print_job where id = '%s'", job);
}

static void first_once(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct call calls[20];
	struct call_result r[20];
	int made = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		calls[i] = (struct call){"badge.print", for_person(&anna), &d.desk};
	call_methods(calls, 20, r);
	for (int i = 0; i < 20; i++) {
		assert_string_equal(text_of(fine(r[i]), "job"), text_of(r[0].json, "job"));
		made += json_is_true(json_object_get(r[i].json, "new"));
	}
	assert_int_equal(made, 1);
	assert_int_equal(count("select count(*) from print_job where person = '%s'", anna.person),
			 1);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and e.type = 'badge.changed'",
			       d.conference),
			 1);
	door_end(&d);
}

/* Another worker's copy 1 is not committed yet when ours is asked for. */
static void first_once_between_workers(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	json_t *told;

	(void)state;
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(other, call_text("insert into print_job (conference, person, template, "
					"copy_no, at, changed) values ('%s', '%s', 'card', 1, "
					"now(), now())",
					d.conference, anna.person)));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	told = fine(call_method("badge.print", for_person(&anna), &d.desk));
	assert_true(json_is_false(json_object_get(told, "new")));
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_int_equal(count("select count(*) from print_job where person = '%s'", anna.person),
			 1);
	door_end(&d);
}

static void another_needs_a_reason(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *again, *about = call_text("\"person\":\"%s\"", anna.person);
	struct call_result r;

	(void)state;
	again = keyed(call_text("%s,\"reason\":\"Spilled coffee\"", about));
	r = call_method("badge.reprint", again, &d.desk);
	assert_fault(&r, "badge.first");
	fine(call_method("badge.print", for_person(&anna), &d.desk));
	r = call_method("badge.reprint", keyed(about), &d.desk);
	assert_fault(&r, "bad_request");
	assert_string_equal(r.field, "reason");
	r = call_method("badge.reprint", keyed(call_text("%s,\"reason\":\"  \"", about)), &d.desk);
	assert_fault(&r, "bad_request");
	assert_int_equal(number_of(fine(call_method("badge.reprint", again, &d.desk)), "copy"), 2);
	/* The same again is the same badge, another key is another. */
	assert_int_equal(number_of(fine(call_method("badge.reprint", again, &d.desk)), "copy"), 2);
	again = keyed(call_text("%s,\"reason\":\"Lost\"", about));
	assert_int_equal(number_of(fine(call_method("badge.reprint", again, &d.desk)), "copy"), 3);
	assert_int_equal(count("select count(*) from print_job where person = '%s'", anna.person),
			 3);
	r = call_method("badge.reprint", keyed(call_text("%s,\"reason\":\"Mine\"", about)),
			&d.east);
	assert_fault(&r, "denied");
	door_end(&d);
}

/* Nobody is there to print: the job waits and says so, and the door lets people in all the same. */
static void printer_off(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	json_t *told = fine(call_method("badge.print", for_person(&anna), &d.desk));
	const char *job = call_text("%s", text_of(told, "job"));
	struct call_result r;

	(void)state;
	assert_true(json_is_true(json_object_get(told, "waits")));
	r = scan(&d, code_for(&d, &anna), &d.east);
	assert_verdict(&r, "admitted", NULL);
	assert_string_equal(state_of(job), "queued");
	/* A printer that is not ready takes nothing, and what is wrong is seen. */
	told = claim(&d.desk, ",\"ready\":false,\"error\":\"No paper\"");
	assert_int_equal(json_array_size(json_object_get(told, "jobs")), 0);
	assert_int_equal(number_of(told, "waiting"), 1);
	told = json_object_get(fine(call_method("badge.list", "{}", &d.desk)), "printers");
	assert_string_equal(text_of(json_array_get(told, 0), "error"), "No paper");
	told = claim(&d.desk, "");
	assert_string_equal(text_of(json_array_get(json_object_get(told, "jobs"), 0), "id"), job);
	assert_string_equal(text_of(json_array_get(json_object_get(told, "jobs"), 0), "name"),
			    "Anna Lund");
	door_end(&d);
}

static void claimed_and_reported(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller other = call_person(d.conference, "Olga", ROLE_ORGANISER);
	struct call_result r;
	const char *job;
	json_t *told;

	(void)state;
	told = fine(call_method("badge.print", for_person(&anna), &d.desk));
	job = call_text("%s", text_of(told, "job"));
	told = json_array_get(json_object_get(claim(&d.desk, ""), "jobs"), 0);
	assert_true(json_is_false(json_object_get(told, "held")));
	/* A program that comes back is told what it holds; nobody else gets it. */
	told = json_array_get(json_object_get(claim(&d.desk, ""), "jobs"), 0);
	assert_string_equal(text_of(told, "id"), job);
	assert_true(json_is_true(json_object_get(told, "held")));
	assert_int_equal(json_array_size(json_object_get(claim(&other, ""), "jobs")), 0);
	r = call_method("badge.report", report(job, "done"), &other);
	assert_fault(&r, "badge.state");
	fine(call_method("badge.report", report(job, "failed"), &d.desk));
	r = call_method("badge.report", report(job, "done"), &d.desk);
	assert_fault(&r, "badge.state");
	fine(call_method("badge.report", report(job, "failed"), &d.desk));
	fine(call_method("badge.settle",
			 keyed(call_text("\"job\":\"%s\",\"state\":\"queued\"", job)), &d.desk));
	fine(call_method("badge.claim", "{\"printer\":\"Hall A\"}", &other));
	fine(call_method("badge.report", report(job, "done"), &other));
	assert_string_equal(state_of(job), "done");
	r = call_method("badge.settle",
			keyed(call_text("\"job\":\"%s\",\"state\":\"queued\"", job)), &d.desk);
	assert_fault(&r, "badge.state");
	door_end(&d);
}

/* The program goes away with a badge in its hands: nobody knows, until it comes back and says. */
static void program_gone(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	json_t *told = fine(call_method("badge.print", for_person(&anna), &d.desk));
	const char *job = call_text("%s", text_of(told, "job"));

	(void)state;
	claim(&d.desk, "");
	call_sql("select due_badge('%s', '%s:Hall A')", d.conference, d.conference);
	assert_string_equal(state_of(job), "sent");
	call_sql("update print_job set lease = now() - interval '1 s' where id = '%s' returning 1",
		 job);
	call_sql("select due_badge('%s', '%s:Hall A')", d.conference, d.conference);
	assert_string_equal(state_of(job), "unknown");
	fine(call_method("badge.report", report(job, "done"), &d.desk));
	assert_string_equal(state_of(job), "done");
	door_end(&d);
}

/* A kiosk prints for whom it let in, and for nobody else. */
static void kiosk_prints_its_own(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *id = call_uuid(), *ask = call_text("{\"scan_id\":\"%s\"}", id);
	struct call_result r;

	(void)state;
	r = call_method("badge.print", for_person(&anna), &d.east);
	assert_fault(&r, "bad_request");
	r = call_method("badge.print", ask, &d.east);
	assert_fault(&r, "not_found");
	r = call_method("checkin.admit", scan_params(&d, code_for(&d, &anna), id, ""), &d.east);
	assert_verdict(&r, "admitted", NULL);
	r = call_method("badge.print", ask, &d.west);
	assert_fault(&r, "not_found");
	fine(call_method(
	    "badge.route",
	    keyed(call_text("\"station\":\"%s\",\"printer\":\"Hall A\"", d.east.station)),
	    &d.desk));
	assert_string_equal(text_of(fine(call_method("badge.print", ask, &d.east)), "printer"),
			    "Hall A");
	r = call_method("badge.list", "{}", &d.east);
	assert_fault(&r, "denied");
	door_end(&d);
}

static void door_says_where(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller olga = call_person(d.conference, "Olga", ROLE_ORGANISER);
	const char *ask =
	    call_text("select door_badge('%s', '%s')::text", d.conference, anna.person);
	struct call_result r;

	(void)state;
	assert_null(call_sql("%s", ask));
	fine(call_method("badge.setting", keyed("\"auto\":true,\"printer\":\"Hall A\""), &olga));
	assert_string_equal(call_sql("%s", ask), "{\"ask\" : true}");
	fine(call_method("badge.print", for_person(&anna), &d.desk));
	assert_non_null(strstr(call_sql("%s", ask), "\"printer\":\"Hall A\""));
	call_sql("update print_job set state = 'done' where person = '%s' returning 1",
		 anna.person);
	assert_non_null(strstr(call_sql("%s", ask), "\"has\":true"));
	/* And it is part of the verdict. */
	r = scan(&d, code_for(&d, &anna), &d.east);
	assert_verdict(&r, "admitted", NULL);
	assert_true(json_is_true(json_object_get(json_object_get(r.json, "badge"), "has")));
	door_end(&d);
}

/* A–Z by family name as Danes sort; those at home, cancelled, or with a badge are not in it. */
static void boxes(void **state)
{
	static const char *const names[] = {"Zoe Zeeman", "Per Aagaard", "Kim Øst",
					    "Ann Ærø",	  "Bo Andersen", "Bo Åberg"};
	struct door d = door_make();
	struct caller who[6], olga = call_person(d.conference, "Olga Olsen", ROLE_ORGANISER);
	const char *batch = call_uuid(), *params;
	struct call_result r;
	json_t *told, *papers;

	(void)state;
	for (int i = 0; i < 6; i++)
		who[i] = call_person(d.conference, names[i], ROLE_ATTENDEE);
	call_sql("update person set mode = 'online' where id = '%s' returning 1", d.desk.person);
	call_sql("update registration set state = 'cancelled' where person = '%s' returning 1",
		 olga.person);
	fine(call_method("badge.print", for_person(&who[0]), &d.desk));
	for (int i = 0; i < 7; i++)
		call_person(d.conference, call_text("B%d Nielsen", i), ROLE_ATTENDEE);
	told = fine(call_method("badge.preview", "{\"per_box\":10}", &d.desk));
	assert_int_equal(number_of(told, "badges"), 12);
	told = json_array_get(json_object_get(told, "boxes"), 1);
	assert_string_equal(text_of(told, "from"), "Bo Åberg");
	assert_string_equal(text_of(told, "to"), "Per Aagaard");
	params = keyed(call_text("\"batch\":\"%s\",\"template\":\"card\",\"per_box\":10", batch));
	told = json_object_get(fine(call_method("badge.batch", params, &d.desk)), "batch");
	assert_int_equal(number_of(told, "badges"), 12);
	assert_string_equal(text_of(told, "last"), "B");
	fine(call_method("badge.batch", params, &d.desk));
	params =
	    keyed(call_text("\"batch\":\"%s\",\"template\":\"card\",\"per_box\":10", call_uuid()));
	r = call_method("badge.batch", params, &d.desk);
	assert_fault(&r, "badge.none");
	papers = json_object_get(
	    fine(call_method("badge.sheet", call_text("{\"batch\":\"%s\"}", batch), &d.desk)),
	    "badges");
	assert_int_equal(json_array_size(papers), 12);
	assert_string_equal(text_of(json_array_get(papers, 0), "name"), "Bo Andersen");
	assert_string_equal(text_of(json_array_get(papers, 8), "name"), "Ann Ærø");
	assert_string_equal(text_of(json_array_get(papers, 9), "name"), "Kim Øst");
	assert_string_equal(text_of(json_array_get(papers, 10), "box"), "B");
	assert_int_equal(number_of(json_array_get(papers, 11), "number"), 2);
	/* It counts as the first badge, and the door knows where it lies. */
	told = fine(call_method("badge.print", for_person(&who[5]), &d.desk));
	assert_true(json_is_false(json_object_get(told, "new")));
	assert_string_equal(
	    call_sql("select door_badge('%s', '%s')::text", d.conference, who[5].person),
	    "{\"box\" : \"B\", \"number\" : 1}");
	assert_int_equal(json_array_size(json_object_get(claim(&d.desk, ""), "jobs")), 1);
	fine(call_method("badge.printed", keyed(call_text("\"batch\":\"%s\"", batch)), &d.desk));
	assert_int_equal(
	    count("select count(*) from print_job where state = 'done' and batch = '%s'", batch),
	    12);
	/* Who registers later comes into the next box. */
	call_person(d.conference, "Late Larsen", ROLE_ATTENDEE);
	told = json_object_get(fine(call_method("badge.batch", params, &d.desk)), "batch");
	assert_string_equal(text_of(told, "first"), "C");
	door_end(&d);
}

/* The entry code on a badge is its owner's newest; the door list has how it ends. */
static void codes(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code;
	json_t *told;

	(void)state;
	code_for(&d, &anna);
	code = code_for(&d, &anna);
	call_sql("update entry_code set sealed = '%s' where person = '%s' and generation = 2 "
		 "returning 1",
		 code_seal(d.arena, code), anna.person);
	fine(call_method("badge.print", for_person(&anna), &d.desk));
	told = json_array_get(json_object_get(claim(&d.desk, ""), "jobs"), 0);
	assert_string_equal(text_of(told, "code"), code);
	assert_null(json_object_get(told, "sealed"));
	told =
	    fine(call_method("badge.door_list", call_text("{\"list\":\"%s\"}", d.list), &d.desk));
	told = json_array_get(json_object_get(told, "people"), 1);
	assert_string_equal(text_of(told, "last"), code + 16);
	assert_null(json_object_get(told, "sealed"));
	call_sql("update entry_code set sealed = '\\x00' where person = '%s' returning 1",
		 anna.person);
	told = json_array_get(json_object_get(claim(&d.desk, ""), "jobs"), 0);
	assert_null(json_object_get(told, "code"));
	door_end(&d);
}

/* A print station takes and reports; it reads no lists and lets nobody in. */
static void print_stations(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller printer = kiosk(&d, "Printer", "kiosk");
	struct call_result r;

	(void)state;
	printer.roles = ROLE_PRINT;
	fine(call_method("badge.print", for_person(&anna), &d.desk));
	assert_int_equal(json_array_size(json_object_get(claim(&printer, ""), "jobs")), 1);
	r = call_method("badge.list", "{}", &printer);
	assert_fault(&r, "denied");
	r = call_method("badge.print", for_person(&anna), &printer);
	assert_fault(&r, "denied");
	r = scan(&d, code_for(&d, &anna), &printer);
	assert_fault(&r, "denied");
	door_end(&d);
}

#define ROW                                                                                        \
	"\"rows\":[{\"email\":\"anna@example.org\",\"name\":\"Anna Lund\","                        \
	"\"organisation\":\"Favrholm\",\"category\":\"%s\"}]"

/* What stands on a badge comes with the list of people. */
static void organisation_and_category(void **state)
{
	struct door d = door_make();
	struct caller olga = call_person(d.conference, "Olga", ROLE_ORGANISER);
	json_t *told;

	(void)state;
	call_sql("insert into category (conference, name, color) values ('%s', 'Press', '#0b5d3b') "
		 "returning 1",
		 d.conference);
	told = fine(call_method("people.import", keyed(call_text(ROW, "Press")), &olga));
	assert_int_equal(number_of(told, "created"), 1);
	/* Left out, they stay. */
	fine(call_method(
	    "people.import",
	    keyed("\"rows\":[{\"email\":\"anna@example.org\",\"name\":\"Anna Lund\"}]"), &olga));
	fine(call_method(
	    "badge.print",
	    call_text("{\"person\":\"%s\"}",
		      call_sql("select id from person where email = 'anna@example.org' and "
			       "conference = '%s'",
			       d.conference)),
	    &d.desk));
	told = json_array_get(json_object_get(claim(&d.desk, ""), "jobs"), 0);
	assert_string_equal(text_of(told, "organisation"), "Favrholm");
	assert_string_equal(text_of(json_object_get(told, "category"), "name"), "Press");
	door_end(&d);
}

static void door_list(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct call_result r;
	json_t *told, *people;

	(void)state;
	call_person(d.conference, "Bo Åberg", ROLE_ATTENDEE);
	r = scan(&d, code_for(&d, &anna), &d.east);
	assert_verdict(&r, "admitted", NULL);
	told =
	    fine(call_method("badge.door_list", call_text("{\"list\":\"%s\"}", d.list), &d.desk));
	assert_int_equal(number_of(told, "total"), 3);
	people = json_object_get(told, "people");
	assert_string_equal(text_of(json_array_get(people, 1), "name"), "Anna Lund");
	assert_non_null(text_of(json_array_get(people, 1), "came"));
	assert_string_equal(text_of(json_array_get(people, 2), "name"), "Bo Åberg");
	assert_null(text_of(json_array_get(people, 2), "came"));
	told = fine(call_method("badge.door_list",
				call_text("{\"list\":\"%s\",\"after\":2}", d.list), &d.desk));
	assert_int_equal(json_array_size(json_object_get(told, "people")), 1);
	r = call_method("badge.door_list", call_text("{\"list\":\"%s\"}", d.list), &d.east);
	assert_fault(&r, "denied");
	r = call_method("badge.door_list", call_text("{\"list\":\"%s\"}", call_uuid()), &d.desk);
	assert_fault(&r, "not_found");
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    {"A26 the first badge is printed once, of twenty who ask at once", first_once, NULL,
	     NULL, NULL},
	    {"A26 and once between workers", first_once_between_workers, NULL, NULL, NULL},
	    {"A26 another one needs a reason", another_needs_a_reason, NULL, NULL, NULL},
	    {"A26 with the printer off the job waits, and the door does not", printer_off, NULL,
	     NULL, NULL},
	    {"a job is one program's, and what became of it is told once", claimed_and_reported,
	     NULL, NULL, NULL},
	    {"a program that has gone leaves a badge of which nobody knows", program_gone, NULL,
	     NULL, NULL},
	    {"a kiosk prints for those it let in", kiosk_prints_its_own, NULL, NULL, NULL},
	    {"the door says where a badge is", door_says_where, NULL, NULL, NULL},
	    {"the evening before: boxes in the order of a Danish list", boxes, NULL, NULL, NULL},
	    {"a badge has the code, a door list how it ends", codes, NULL, NULL, NULL},
	    {"organisation and category come with the list of people", organisation_and_category,
	     NULL, NULL, NULL},
	    {"a print station prints and does nothing else", print_stations, NULL, NULL, NULL},
	    {"the door list has everybody, A to Z, and who has come", door_list, NULL, NULL, NULL},
	};

	return run(tests, sizeof tests / sizeof *tests);
}
