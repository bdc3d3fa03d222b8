/* tests/services: where people are: ways out, zones beside each other, the end of a day. */
#include "tests/services/checkin_upload.h"

enum { HALLS = 3, PEOPLE = 12, EVENTS = 140 };

/* A house with three halls beside each other; a list for each. */
struct house {
	struct door door;
	const char *zone, *lists[HALLS + 1]; /* the last: the house's own door */
	const char *codes[PEOPLE];
	struct caller people[PEOPLE];
};

static struct house house_make(void)
{
	struct house h = {.door = door_make()};
	const struct door *d = &h.door;

	h.zone = call_sql("insert into zone (conference, name) values ('%s', 'House') returning id",
			  d->conference);
	for (int i = 0; i < HALLS; i++)
		h.lists[i] =
		    call_sql("with z as (insert into zone (conference, name, part_of) values "
			     "('%s', 'Hall %d', '%s') returning id) insert into checkin_list "
			     "(conference, name, zone) select '%s', 'Hall %d', id from z returning "
			     "id",
			     d->conference, i, h.zone, d->conference, i);
	h.lists[HALLS] = d->list;
	call_sql("update checkin_list set zone = '%s' where id = '%s'", h.zone, d->list);
	for (int i = 0; i < PEOPLE; i++) {
		h.people[i] =
		    call_person(d->conference, call_text("Person %02d", i), ROLE_ATTENDEE);
		h.codes[i] = code_for(d, &h.people[i]);
	}
	return h;
}

static struct call_result at_list(const struct house *h, int list, int person, const char *way)
{
	return call_method(
	    "checkin.admit",
	    call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\",\"direction\":\"%s\"}",
		      h->lists[list], h->codes[person], call_uuid(), way),
	    &h->door.desk);
}

static int inside(const struct house *h, const char *zone)
{
	return count("select inside from zone_figures('%s') where name = '%s'", h->door.conference,
		     zone);
}

static void A20_exit_without_entry(void **state)
{
	struct house h = house_make();
	struct station east = station_of(&h.door, &h.door.east);
	struct call_result r = at_list(&h, 0, 0, "exit");

	(void)state;
	assert_verdict(&r, "admitted", "exit_without_entry");
	assert_int_equal(inside(&h, "House"), 0);
	clock_at(&h.door, "2021-05-02T09:00:00+02:00");
	r = upload(&east,
		   kept(&h.door, h.codes[1], "08:30:00", SURE GREEN ",\"direction\":\"exit\""));
	assert_answer(&r, 0, "admitted", "exit_without_entry");
	assert_int_equal(inside(&h, "House"), 0);
	assert_int_equal(
	    count("select count(*) from admission where conference = '%s'", h.door.conference), 0);
	assert_int_equal(figure(&h.door, "conflicts"), 1);
	door_end(&h.door);
}

static void A21_beside_each_other(void **state)
{
	struct house h = house_make();
	struct call_result r;

	(void)state;
	r = at_list(&h, HALLS, 0, "entry");
	assert_verdict(&r, "admitted", NULL);
	r = at_list(&h, 0, 0, "entry");
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(inside(&h, "House"), 1);
	assert_int_equal(inside(&h, "Hall 0"), 1);
	r = at_list(&h, 1, 0, "entry");
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(inside(&h, "House"), 1);
	assert_int_equal(inside(&h, "Hall 0"), 0);
	assert_int_equal(inside(&h, "Hall 1"), 1);
	assert_int_equal(heard(&h.door, call_text("list:%s", h.lists[0]), "scan.left"), 1);
	/* Back to where they were: no duplicate. */
	r = at_list(&h, 0, 0, "entry");
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(inside(&h, "Hall 1"), 0);
	/* Out of the house is out of the hall. */
	r = at_list(&h, HALLS, 0, "exit");
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(inside(&h, "House"), 0);
	assert_int_equal(inside(&h, "Hall 0"), 0);
	door_end(&h.door);
}

/* Two halls let one person in at the same moment: in one of them they are. */
static void A21_both_at_once(void **state)
{
	struct house h = house_make();
	struct call calls[2 * PEOPLE];
	struct call_result r[2 * PEOPLE];

	(void)state;
	for (int i = 0; i < 2 * PEOPLE; i++)
		calls[i] =
		    (struct call){"checkin.admit",
				  call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"}",
					    h.lists[i % 2], h.codes[i / 2], call_uuid()),
				  &h.door.desk};
	call_methods(calls, 2 * PEOPLE, r);
	for (int i = 0; i < 2 * PEOPLE; i++)
		assert_verdict(&r[i], "admitted", NULL);
	assert_int_equal(inside(&h, "House"), PEOPLE);
	assert_int_equal(inside(&h, "Hall 0") + inside(&h, "Hall 1"), PEOPLE);
	door_end(&h.door);
}

/* What stands at the end, by names: the same for the same facts. */
static const char *standing(const struct house *h)
{
	return call_sql(
	    "select string_agg(p.name || ' ' || l.name || ' ' || (a.at at time zone 'UTC')::time "
	    "|| ' ' || coalesce(((a.left_at at time zone 'UTC')::time)::text, 'in'), ', ' order by "
	    "p.name, l.name) from admission a join person p on p.id = a.person join checkin_list l "
	    "on l.id = a.list where a.conference = '%s' and a.undone is null",
	    h->door.conference);
}

/* The verdicts of all entries that went through, in the order they happened. */
static const char *verdicts(const struct house *h)
{
	return call_sql(
	    "select string_agg(p.name || ' ' || l.name || ' ' || j.verdict || ' ' || "
	    "coalesce(j.reason, '-'), ', ' order by s.at, p.name, l.name) from scan s join person "
	    "p on p.id = s.person join checkin_list l on l.id = s.list cross join lateral (select "
	    "* from judgement j where j.scan = s.scan_id order by j.n desc limit 1) j where "
	    "s.conference = '%s'",
	    h->door.conference);
}

struct happening {
	int list, person;
	bool out;
};

static void upload_all(const struct house *h, const struct happening *events, const int *order)
{
	struct station stations[2] = {station_of(&h->door, &h->door.east),
				      station_of(&h->door, &h->door.west)};

	for (int i = 0; i < EVENTS; i += 7) {
		const char *scans = NULL;

		for (int k = i; k < i + 7 && k < EVENTS; k++) {
			const struct happening *e = &events[order[k]];
			const char *one =
			    kept_as(call_uuid(), h->lists[e->list], h->codes[e->person],
				    call_text("08:%02d:%02d", order[k] / 3, order[k] % 3 * 20),
				    e->out ? SURE GREEN ",\"direction\":\"exit\"" : SURE GREEN);

			scans = scans == NULL ? one : call_text("%s,%s", scans, one);
		}
		upload(&stations[i / 7 % 2], scans);
		/* However far it has come, nobody is in two halls, and the halls add up. */
		assert_int_equal(
		    count("select count(*) from (select a.person from admission a join "
			  "checkin_list l on l.id = a.list join zone z on z.id = l.zone and "
			  "z.part_of is not null where a.conference = '%s' and a.undone is null "
			  "and a.left_at is null group by a.person having count(distinct z.id) > "
			  "1) x",
			  h->door.conference),
		    0);
	}
}

static void shuffle(int *order, unsigned *seed)
{
	for (int i = EVENTS - 1; i > 0; i--) {
		int k, held = order[i];

		*seed = *seed * 1103515245U + 12345U;
		k = (int)((*seed >> 16) % (unsigned)(i + 1));
		order[i] = order[k];
		order[k] = held;
	}
}

/* The same facts, heard in three different orders by two stations. */
static void A23_any_order(void **state)
{
	struct happening events[EVENTS];
	int order[EVENTS];
	unsigned seed = 20210502;
	const char *first = NULL, *said = NULL;

	(void)state;
	for (int i = 0; i < EVENTS; i++) {
		seed = seed * 1103515245U + 12345U;
		events[i] = (struct happening){(int)(seed >> 16) % (HALLS + 1),
					       (int)(seed >> 20) % PEOPLE, (seed >> 13) % 3 == 0};
		order[i] = i;
	}
	for (int run = 0; run < 3; run++) {
		struct house h = house_make();
		int halls = 0;

		clock_at(&h.door, "2021-05-02T09:00:00+02:00");
		upload_all(&h, events, order);
		for (int i = 0; i < HALLS; i++)
			halls += inside(&h, call_text("Hall %d", i));
		assert_int_equal(
		    halls, count("select count(distinct a.person) from admission a join "
				 "checkin_list l on l.id = a.list join zone z on z.id = l.zone and "
				 "z.part_of is not null where a.conference = '%s' and a.left_at is "
				 "null and a.undone is null",
				 h.door.conference));
		assert_true(halls <= inside(&h, "House"));
		assert_true(inside(&h, "House") <= PEOPLE);
		if (first == NULL) {
			first = standing(&h);
			said = verdicts(&h);
		} else {
			assert_string_equal(standing(&h), first);
			assert_string_equal(verdicts(&h), said);
		}
		shuffle(order, &seed);
		door_end(&h.door);
	}
}

/* The job that any worker runs once a second. */
static void run_due(void)
{
	while (strcmp(call_sql("select due_run()"), "t") == 0)
		;
}

static void one_night(const char *evening, const char *before, const char *after,
		      const char *instant)
{
	struct house h = house_make();
	struct door *d = &h.door;

	clock_at(d, evening);
	call_sql("update checkin_list set day_ends = '02:30' where id = '%s'", d->list);
	for (int i = 0; i < 3; i++)
		at_list(&h, HALLS, i, "entry");
	clock_at(d, before);
	run_due();
	assert_int_equal(inside(&h, "House"), 3);
	clock_at(d, after);
	run_due();
	run_due();
	assert_int_equal(inside(&h, "House"), 0);
	assert_int_equal(heard(d, call_text("list:%s", d->list), "list.emptied"), 1);
	assert_int_equal(
	    count("select count(*) from admission where list = '%s' and left_at = '%s'", d->list,
		  instant),
	    3);
	/* In the morning they come again: it is another day. */
	assert_int_equal(count("select count(*) from due where kind = 'day_end' and subject = '%s' "
			       "and at > now() + interval '20 hours'",
			       d->list),
			 1);
	struct call_result r = at_list(&h, HALLS, 0, "entry");
	assert_verdict(&r, "admitted", NULL);
	run_due();
	assert_int_equal(inside(&h, "House"), 1);
	door_end(d);
}

static void A22_day_ends_once(void **state)
{
	(void)state;
	/* 02:30 does not exist: 03:30. 02:30 exists twice: the second. */
	one_night("2026-03-28T20:00:00+01:00", "2026-03-29T03:29:30+02:00",
		  "2026-03-29T03:30:01+02:00", "2026-03-29T03:30:00+02:00");
	one_night("2026-10-24T20:00:00+02:00", "2026-10-25T02:30:30+02:00",
		  "2026-10-25T02:30:01+01:00", "2026-10-25T02:30:00+01:00");
}

/* Uploaded the morning after: they left when that day ended. */
static void A22_uploaded_later(void **state)
{
	struct house h = house_make();
	struct station east = station_of(&h.door, &h.door.east);

	(void)state;
	call_sql("update checkin_list set day_ends = '08:30' where id = '%s'", h.door.list);
	clock_at(&h.door, "2021-05-02T09:00:00+02:00");
	upload(&east, call_text("%s,%s", kept(&h.door, h.codes[0], "08:10:00", SURE GREEN),
				kept(&h.door, h.codes[1], "08:40:00", SURE GREEN)));
	assert_int_equal(inside(&h, "House"), 1);
	assert_int_equal(count("select count(*) from admission where list = '%s' and left_at = "
			       "'2021-05-02T08:30:00+02:00'",
			       h.door.list),
			 1);
	door_end(&h.door);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(A20_exit_without_entry), cmocka_unit_test(A21_beside_each_other),
	    cmocka_unit_test(A21_both_at_once),	      cmocka_unit_test(A23_any_order),
	    cmocka_unit_test(A22_day_ends_once),      cmocka_unit_test(A22_uploaded_later),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
