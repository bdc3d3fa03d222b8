/* tests/services: times without an offset, on the two days of the year when clocks show an hour
 * twice or not at all. */
#include "tests/services/schedule_support.h"

static const char *conference;
static struct caller organiser;

static int fresh(void **state)
{
	static int n;

	(void)state;
	conference = text_at(good(import_fixture("small.json", call_text("when-%d", ++n), "")),
			     "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	return 0;
}

/* Every five minutes of a day, against all instants there are. "wrong,missing,ambiguous". */
static const char *day_of_walls(const char *zone, const char *day)
{
	return call_sql(
	    "with truth as ("
	    "	select w as wall, array_agg(t order by t) filter (where t is not null) as ts"
	    "	from generate_series('%s'::timestamp, '%s'::timestamp + interval '1 day', '5 min') "
	    "w"
	    "		left join generate_series('%s'::timestamptz - interval '2 days',"
	    "			'%s'::timestamptz + interval '3 days', '5 min') t on t at time "
	    "zone '%s' = w"
	    "	group by w) "
	    "select count(*) filter (where not case coalesce(cardinality(ts), 0)"
	    "	when 0 then l.at is null and l.fault = 'time.missing'"
	    "	when 1 then l.at = ts[1] and l.fault is null"
	    "	else l.at is null and l.fault = 'time.ambiguous' and (l.current -> "
	    "'instants')::text"
	    "		= json_build_array(iso(ts[1]), iso(ts[2]))::text end) || ','"
	    "	|| count(*) filter (where l.fault = 'time.missing') || ','"
	    "	|| count(*) filter (where l.fault = 'time.ambiguous') "
	    "from truth, local_instant('%s', to_char(wall, 'YYYY-MM-DD\"T\"HH24:MI')) l",
	    day, day, day, day, zone, zone);
}

static void every_wall_time_is_one_instant_or_refused(void **state)
{
	static const struct {
		const char *zone, *day, *expected;
	} days[] = {{"Europe/Copenhagen", "2021-03-28", "0,12,0"},
		    {"Europe/Copenhagen", "2021-10-31", "0,0,12"},
		    {"Europe/Copenhagen", "2021-05-02", "0,0,0"},
		    {"America/New_York", "2021-03-14", "0,12,0"},
		    {"America/New_York", "2021-11-07", "0,0,12"},
		    {"Australia/Lord_Howe", "2021-10-03", "0,6,0"},
		    {"Australia/Lord_Howe", "2021-04-04", "0,0,6"},
		    {"Pacific/Apia", "2011-12-30", "0,288,0"},
		    {"Pacific/Kiritimati", "2021-01-01", "0,0,0"},
		    {"Etc/GMT+12", "2021-01-01", "0,0,0"}};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		const char *found = day_of_walls(days[i].zone, days[i].day);

		if (strcmp(found, days[i].expected) != 0)
			fail_msg("%s %s: %s, not %s", days[i].zone, days[i].day, found,
				 days[i].expected);
	}
}

static struct call_result create(const char *start, const char *end)
{
	return call_method(
	    "slot.create",
	    call_text("{\"session\":\"%s\",\"room\":\"%s\",\"start\":\"%s\",\"end\":\"%s\","
		      "\"key\":\"%s\"}",
		      call_sql("select id from session where conference = '%s' and number = 1",
			       conference),
		      call_sql("select id from room where conference = '%s' and name = 'Lab'",
			       conference),
		      start, end, call_uuid()),
	    &organiser);
}

static json_t *current_of(struct call_result r)
{
	json_t *current = r.current != NULL ? json_loads(r.current, 0, NULL) : NULL;

	assert_non_null(current);
	return current;
}

static void wall_text_means_the_conferences_zone(void **state)
{
	const char *slot = text_at(good(create("2021-05-02T10:00", "2021-05-02T10:30:00")), "slot");

	(void)state;
	assert_string_equal(
	    call_sql("select iso(starts) || iso(ends) from slot where id = '%s'", slot),
	    "2021-05-02T08:00:00.000Z2021-05-02T08:30:00.000Z");
	slot = text_at(good(create("2021-05-02T10:00Z", "2021-05-02T14:00+03:00")), "slot");
	assert_string_equal(
	    call_sql("select iso(starts) || iso(ends) from slot where id = '%s'", slot),
	    "2021-05-02T10:00:00.000Z2021-05-02T11:00:00.000Z");
	/* An hour of the night of 31 October is there twice: with an offset it can be said. */
	slot = text_at(good(create("2021-10-31T02:30+02:00", "2021-10-31T02:30+01:00")), "slot");
	assert_string_equal(
	    call_sql("select (ends - starts)::text from slot where id = '%s'", slot), "01:00:00");
}

static void a_time_that_is_not_one_is_refused_by_name(void **state)
{
	int before =
	    atoi(call_sql("select count(*) from slot where conference = '%s'", conference));
	struct call_result r = create("2021-03-28T02:30", "2021-03-28T04:00");
	json_t *current;

	(void)state;
	assert_fault(r, "time.missing");
	current = current_of(r);
	assert_string_equal(text_at(current, "field"), "start");
	assert_string_equal(text_at(current, "wall"), "2021-03-28T02:30:00");
	assert_string_equal(json_string_value(json_array_get(at(current, "instants"), 0)),
			    "2021-03-28T00:30:00.000Z");
	json_decref(current);
	r = create("2021-10-31T01:00", "2021-10-31T02:30");
	assert_fault(r, "time.ambiguous");
	current = current_of(r);
	assert_string_equal(text_at(current, "field"), "end");
	assert_string_equal(json_string_value(json_array_get(at(current, "instants"), 0)),
			    "2021-10-31T00:30:00.000Z");
	assert_string_equal(json_string_value(json_array_get(at(current, "instants"), 1)),
			    "2021-10-31T01:30:00.000Z");
	json_decref(current);
	assert_int_equal(
	    atoi(call_sql("select count(*) from slot where conference = '%s'", conference)),
	    before);
}

static void bad_times_change_nothing(void **state)
{
	static const char *const pairs[][2] = {
	    {"2021-05-02T10:00", "2021-05-02T10:00"}, /* no length */
	    {"2021-05-02T10:00", "2021-05-02T09:59"}, /* ends before it begins */
	    {"2021-05-02T10:00", "2021-07-02T10:00"}, /* longer than 60 days */
	    {"2021-02-30T10:00", "2021-05-02T10:00"},
	    {"2021-05-02T25:00", "2021-05-03T10:00"},
	    {"2021-05-02T10:61", "2021-05-02T12:00"},
	    {"2021-05-02", "2021-05-03"},
	    {"2021-05-02 10:00", "2021-05-02 11:00"},
	    {"2021-05-02T10:00 ", "2021-05-02T11:00"},
	    {"2021-05-02T10:00CET", "2021-05-02T11:00CET"},
	    {"tomorrow", "2021-05-02T11:00"},
	    {"2021-05-02T10:00+2:00", "2021-05-02T11:00"},
	    {"infinity", "infinity"},
	    {"2021-05-02T10:00-", "2021-05-02T11:00"},
	    {"2021-05-02T10:00:", "2021-05-02T11:00"},
	    {"2021-05-02T10:00+99:00", "2021-05-02T11:00"}};
	int before =
	    atoi(call_sql("select count(*) from slot where conference = '%s'", conference));

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct call_result r = create(pairs[i][0], pairs[i][1]);

		if (r.fault == NULL || strcmp(r.fault, "bad_request") != 0)
			fail_msg("%s to %s: %s", pairs[i][0], pairs[i][1], r.fault);
	}
	assert_int_equal(
	    atoi(call_sql("select count(*) from slot where conference = '%s'", conference)),
	    before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_wall_time_is_one_instant_or_refused),
	    cmocka_unit_test_setup(wall_text_means_the_conferences_zone, fresh),
	    cmocka_unit_test_setup(a_time_that_is_not_one_is_refused_by_name, fresh),
	    cmocka_unit_test_setup(bad_times_change_nothing, fresh),
	};

	return cmocka_run_group_tests_name("when", tests, setup, teardown);
}
