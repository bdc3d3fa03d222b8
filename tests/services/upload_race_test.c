/* tests/services: uploads beside each other and beside the door itself; ten thousand of them. */
#include "tests/services/checkin_upload.h"

#include <time.h>

enum { GUESTS = 24 };

/* As many as asked for, made by SQL: their codes, in order. */
static const char **crowd(const struct door *d, int n)
{
	const char **codes = arena_alloc(d->arena, (size_t)n * sizeof *codes);
	struct buffer {
		char *bytes;
		size_t size;
	} sql = {NULL, 0};
	FILE *f = open_memstream(&sql.bytes, &sql.size);

	fprintf(f, "with c as (select * from unnest('{");
	for (int i = 0; i < n; i++) {
		codes[i] = entry_code_make(d->arena);
		fprintf(f, "%s\"\\%s\"", i > 0 ? "," : "", code_hash(d->arena, "entry", codes[i]));
	}
	fprintf(
	    f,
	    "}'::bytea[]) with ordinality as c(lookup, i)), p as (insert into person "
	    "(conference, email, name) select '%s', 'guest' || i || '@example.org', 'Guest ' || "
	    "i from c returning id, email), r as (insert into registration (person, conference) "
	    "select id, '%s' from p), e as (insert into entry_code (conference, person, "
	    "generation, lookup) select '%s', p.id, 1, c.lookup from p join c on p.email = "
	    "'guest' || c.i || '@example.org' returning 1) select count(*) from e",
	    d->conference, d->conference, d->conference);
	fclose(f);
	assert_int_equal(count("%s", sql.bytes), n);
	free(sql.bytes);
	return codes;
}

/* A hundred times the same scan at once: one row, one answer. */
static void A01_hundred_times(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *params = scan_params(&d, code_for(&d, &anna), call_uuid(), "");
	struct call calls[100];
	struct call_result r[100];

	(void)state;
	for (int i = 0; i < 100; i++)
		calls[i] = (struct call){"checkin.admit", params, &d.east};
	call_methods(calls, 100, r);
	for (int i = 0; i < 100; i++) {
		assert_verdict(&r[i], "admitted", NULL);
		json_object_del(r[i].json, "positions");
		assert_true(json_equal(r[i].json, r[0].json));
	}
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 1);
	assert_int_equal(count("select count(*) from judgement where list = '%s'", d.list), 1);
	door_end(&d);
}

static void A02_twenty_stations(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna);
	struct caller stations[20];
	struct call calls[200];
	struct call_result r[200];
	int admitted = 0, duplicate = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		stations[i] = kiosk(&d, call_text("Station %d", i), "kiosk");
	for (int i = 0; i < 200; i++)
		calls[i] = (struct call){"checkin.admit", scan_params(&d, code, call_uuid(), ""),
					 &stations[i % 20]};
	call_methods(calls, 200, r);
	for (int i = 0; i < 200; i++) {
		assert_null(r[i].fault);
		admitted += strcmp(member(&r[i], "verdict"), "admitted") == 0;
		duplicate += strcmp(member(&r[i], "verdict"), "refused") == 0;
	}
	assert_int_equal(admitted, 1);
	/* The station that let them in fired again: repeats. */
	assert_int_equal(duplicate, 190);
	assert_int_equal(count("select count(*) from admission where list = '%s'", d.list), 1);
	door_end(&d);
}

/* Each guest is scanned at the door, and in two uploads, all in the same moment. */
static void at_the_same_moment(void **state)
{
	struct door d = door_make();
	struct station east = station_of(&d, &d.east), west = station_of(&d, &d.west);
	const char **codes;
	struct call calls[GUESTS + 4];
	struct call_result r[GUESTS + 4];
	const char *of_east = NULL, *of_west = NULL;

	(void)state;
	clock_at(&d, "2021-05-02T09:00:00+02:00");
	codes = crowd(&d, GUESTS);
	for (int i = 0; i < GUESTS; i++) {
		const char *one = kept(&d, codes[i], "08:10:00", SURE GREEN);
		const char *other =
		    kept(&d, codes[GUESTS - 1 - i], i % 2 ? "08:05:00" : "08:15:00", SURE GREEN);

		calls[i] = (struct call){"checkin.admit",
					 scan_params(&d, codes[i], call_uuid(), ""), &d.desk};
		of_east = of_east == NULL ? one : call_text("%s,%s", of_east, one);
		of_west = of_west == NULL ? other : call_text("%s,%s", of_west, other);
	}
	calls[GUESTS] = (struct call){"checkin.upload", upload_params(&east, of_east), east.who};
	calls[GUESTS + 1] =
	    (struct call){"checkin.upload", upload_params(&west, of_west), west.who};
	/* And once more the same, as if no answer had come. */
	calls[GUESTS + 2] = calls[GUESTS];
	calls[GUESTS + 3] = calls[GUESTS + 1];
	call_methods(calls, GUESTS + 4, r);
	for (int i = 0; i < GUESTS + 4; i++)
		if (r[i].fault != NULL && strcmp(r[i].fault, "busy") != 0)
			fail_msg("%d: %s", i, r[i].fault);
	/* Whoever was told to come again does. */
	for (int i = 0; i < GUESTS + 4; i++)
		if (r[i].fault != NULL)
			r[i] = call_method(calls[i].method, calls[i].params, calls[i].who);
	assert_int_equal(count("select count(*) from admission where list = '%s' and undone is "
			       "null and left_at is null",
			       d.list),
			 GUESTS);
	assert_int_equal(
	    count("select count(*) from admission a where a.list = '%s' and a.scan <> (select "
		  "s.scan_id from scan s where s.list = a.list and s.person = a.person and "
		  "s.mode = 'offline' order by s.at, s.scan_id limit 1)",
		  d.list),
	    0);
	assert_int_equal(figure(&d, "inside"), GUESTS);
	door_end(&d);
}

/* What stations kept in a long time without a network, in order; every fifth batch comes twice. Ten
 * thousand with DOOR_SCANS=10000 (soak). */
static void A18_thousands(void **state)
{
	enum { BATCH = 50 };
	struct door d = door_make();
	const char **codes;
	int all = getenv("DOOR_SCANS") != NULL ? atoi(getenv("DOOR_SCANS")) : 1000;
	struct timespec begun, ended;
	double took = 0;

	(void)state;
	clock_at(&d, "2021-05-02T09:00:00+02:00");
	arena_destroy(d.arena);
	d.arena = arena_create((size_t)64 << 20);
	codes = crowd(&d, all);
	call_sql("analyze person, entry_code, registration");
	for (int from = 0; from < all; from += BATCH) {
		struct station s = {&d, from / BATCH % 2 ? &d.west : &d.east, NULL};
		const char *scans = NULL;
		struct call_result r;

		s.boot = from / BATCH % 2 ? "00000000-0000-4000-8000-0000000000b1"
					  : "00000000-0000-4000-8000-0000000000b0";
		for (int i = from; i < from + BATCH; i++) {
			const char *one =
			    kept_as(call_uuid(), d.list, codes[i],
				    call_text("08:%02d:%02d", i / 200, i % 60),
				    call_text(SURE GREEN ",\"seq\":%d",
					      from / BATCH / 2 * BATCH + i % BATCH + 1));
			scans = scans == NULL ? one : call_text("%s,%s", scans, one);
		}
		clock_gettime(CLOCK_MONOTONIC, &begun);
		r = upload(&s, scans);
		clock_gettime(CLOCK_MONOTONIC, &ended);
		took += (double)(ended.tv_sec - begun.tv_sec) +
			(double)(ended.tv_nsec - begun.tv_nsec) / 1e9;
		assert_int_equal(json_array_size(json_object_get(r.json, "scans")), BATCH);
		for (size_t i = 0; i < BATCH; i++)
			assert_answer(&r, i, "admitted", NULL);
		if (from / BATCH % 5 == 0) {
			r = upload(&s, scans);
			assert_answer(&r, 0, "admitted", NULL);
		}
	}
	print_message("%d scans: %.1f s\n", all, took);
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), all);
	assert_int_equal(count("select count(*) from judgement where list = '%s'", d.list), all);
	assert_int_equal(figure(&d, "inside"), all);
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(A01_hundred_times),
	    cmocka_unit_test(A02_twenty_stations),
	    cmocka_unit_test(at_the_same_moment),
	    cmocka_unit_test(A18_thousands),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
