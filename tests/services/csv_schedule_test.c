/* tests/services: programmes as spreadsheets, and sessions held more than once: what is written is
 * read back as the same, what cannot be is refused by name and changes nothing. */
#include "tests/services/schedule_support.h"

static struct caller organiser_of(const char *slug)
{
	struct caller who = {.roles = ROLE_ORGANISER};

	snprintf(who.conference, sizeof(who.conference), "%s",
		 call_sql("select id from conference where slug = '%s'", slug));
	return who;
}

static struct call_result exported(const char *slug, const char *format)
{
	struct caller who = organiser_of(slug);
	struct call_result r =
	    call_method("schedule.export", call_text("{\"format\":\"%s\"}", format), &who);

	assert_null(r.fault);
	return r;
}

static struct call_result import_text(const char *text, const char *into, const char *flag)
{
	return import_doc(parsed(text, strlen(text), NULL), into, flag);
}

static void assert_no_change(json_t *reply)
{
	static const char *const names[] = {"sessions_added", "sessions_updated", "slots_added",
					    "slots_moved",    "slots_cancelled",  NULL};

	for (int i = 0; names[i] != NULL; i++)
		if (int_at(at(reply, "counts"), names[i]) != 0)
			fail_msg("%s: %s", names[i], json_dumps(reply, 0));
	assert_true(json_is_null(at(reply, "release")));
}

/* Another time and room for the first session, as a workshop repeated. */
static void hold_twice(const char *slug)
{
	call_sql(
	    "insert into slot (conference, session, room, starts, ends) select s.conference, s.id, "
	    "r.id, l.starts + interval '6 hours', l.ends + interval '6 hours' from session s join "
	    "conference k on k.id = s.conference join slot l on l.session = s.id join room r on "
	    "r.conference = k.id where k.slug = '%s' order by s.number, r.ord desc limit 1 "
	    "returning id",
	    slug);
	call_sql("select number from release_apply((select id from conference where slug = '%s'), "
		 "null, '')",
		 slug);
}

static void a_session_held_twice_comes_back_as_one(void **state)
{
	static const char *const formats[] = {"json", "csv", "xml"};

	(void)state;
	good(import_fixture("small.json", "held", ""));
	hold_twice("held");
	for (int i = 0; i < 3; i++) {
		struct call_result file = exported("held", formats[i]);

		assert_no_change(
		    good(import_doc(parsed(file.text, file.size, NULL), "held", "publish")));
		assert_int_equal(count("select count(*) from session s join conference k on k.id = "
				       "s.conference where k.slug = 'held'"),
				 4);
		assert_string_equal(exported("held", formats[i]).text, file.text);
	}
}

/* frab and our spreadsheets have no place for anchors and elastic breaks: a file without them
 * leaves those that are there. */
static void anchors_and_breaks_outlive_files_without_them(void **state)
{
	static const char *const formats[] = {"json", "csv", "xml"};
	const char *before;

	(void)state;
	good(import_fixture("small.json", "still", ""));
	hold_twice("still");
	call_sql("with l as (select l.id, row_number() over (order by l.starts, l.id) as n from "
		 "slot l join conference k on k.id = l.conference where k.slug = 'still') update "
		 "slot s set anchor = n %% 2 = 1, min_s = case when n %% 2 = 0 then 60 end from l "
		 "where l.id = s.id returning 1");
	call_sql("select number from release_apply((select id from conference where slug = "
		 "'still'), null, '')");
	before = exported("still", "json").text;
	assert_non_null(strstr(before, "\"anchor\":true"));
	assert_non_null(strstr(before, "\"min_s\":60"));
	for (int i = 0; i < 3; i++) {
		struct call_result file = exported("still", formats[i]);

		assert_no_change(
		    good(import_doc(parsed(file.text, file.size, NULL), "still", "publish")));
		assert_string_equal(exported("still", "json").text, before);
	}
}

static void a_new_place_keeps_the_slots_of_a_session_apart(void **state)
{
	struct call_result file;

	(void)state;
	good(import_fixture("small.json", "from", ""));
	hold_twice("from");
	file = exported("from", "json");
	good(import_doc(parsed(file.text, file.size, NULL), "to", ""));
	assert_string_equal(
	    call_sql(
		"select count(distinct s.id) || ' ' || count(*) from session s join slot l on "
		"l.session = s.id join conference k on k.id = s.conference where k.slug = 'to'"),
	    "4 5");
}

static void a_slot_taken_out_of_our_file_is_cancelled(void **state)
{
	struct call_result file;
	json_t *doc, *event, *reply;
	size_t i;

	(void)state;
	good(import_fixture("small.json", "less", ""));
	hold_twice("less");
	file = exported("less", "json");
	doc = parsed(file.text, file.size, NULL);
	json_array_foreach(at(doc, "events"), i, event) if (at(event, "of") != NULL) break;
	assert_true(i < json_array_size(at(doc, "events")));
	json_array_remove(at(doc, "events"), i);
	reply = good(import_doc(doc, "less", ""));
	assert_int_equal(int_at(at(reply, "counts"), "slots_cancelled"), 1);
	/* A file that knows nothing of slots leaves the second one alone. */
	good(import_fixture("small.json", "more", ""));
	hold_twice("more");
	reply = good(import_fixture("small.json", "more", ""));
	assert_int_equal(int_at(at(reply, "counts"), "slots_cancelled"), 0);
}

static void spreadsheets_change_nothing_they_do_not_say(void **state)
{
	static const char *const names[] = {"tests/fixtures/schedule/small.json",
					    "sql/seed/favrholm.json", "38c3-schedule.xml",
					    "camp2019-schedule.json", "democon-schedule.json"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *slug = arena_printf(memory, "sheet-%zu", i), *path = names[i];
		struct call_result before, file, after;
		size_t size = 0;
		const char *bytes;

		if (strchr(path, '/') == NULL)
			path = arena_printf(memory, "../shared/data/%s", path);
		bytes = file_bytes(path, &size);
		if (bytes == NULL) {
			print_message("skipped: %s is not here\n", path);
			continue;
		}
		good(import_doc(parsed(bytes, size, NULL), slug, ""));
		before = exported(slug, "json");
		file = exported(slug, "csv");
		assert_no_change(
		    good(import_doc(parsed(file.text, file.size, NULL), slug, "publish")));
		after = exported(slug, "json");
		assert_string_equal(before.text, after.text);
	}
}

/* Slot ids are taken in this database: all else must be the same. */
static json_t *events_without_ids(const char *slug)
{
	struct call_result file = exported(slug, "csv");
	json_t *doc = parsed(file.text, file.size, NULL), *event, *events;
	size_t i;

	json_array_foreach(at(doc, "events"), i, event) json_object_del(event, "slot");
	events = json_incref(at(doc, "events"));
	json_decref(doc);
	return events;
}

static void an_empty_conference_takes_all_a_spreadsheet_has(void **state)
{
	struct call_result file;
	json_t *one, *other;

	(void)state;
	good(import_fixture("small.json", "source", ""));
	file = exported("source", "csv");
	call_sql(
	    "insert into conference (slug, title, zone, starts, ends) values ('blank', 'Blank', "
	    "'Europe/Copenhagen', '2021-05-02', '2021-05-02') returning id");
	good(import_doc(parsed(file.text, file.size, NULL), "blank", "publish"));
	one = events_without_ids("source");
	other = events_without_ids("blank");
	assert_true(json_equal(one, other));
	json_decref(one);
	json_decref(other);
}

#define HEAD "title,room,start,end,speakers,guid\r\n"
static const char *conference(const char *slug)
{
	call_sql("insert into conference (slug, title, zone, starts, ends) values ('%s', 'DST', "
		 "'Europe/Copenhagen', '2021-03-27', '2021-10-31') returning id",
		 slug);
	return slug;
}

static void wall_clock_times_are_the_conferences(void **state)
{
	const char *slug = conference("wall");
	json_t *reply = good(import_text(
	    "\xef\xbb\xbf" HEAD
	    "Night,Hall,2021-03-28 01:30,2021-03-28 03:30,Ada; Grace\\; Rear Admiral,\r\n"
	    "Noon,Hall,2021-03-28T12:00,2021-03-28T11:00:00Z,Ada,\r\n",
	    slug, "publish"));

	(void)state;
	assert_int_equal(int_at(reply, "release"), 1);
	assert_string_equal(
	    call_sql(
		"select string_agg(to_char(l.starts at time zone 'UTC', 'HH24:MI') || '-' || "
		"to_char(l.ends at time zone 'UTC', 'HH24:MI'), ' ' order by l.starts) from slot l "
		"join conference k on k.id = l.conference where k.slug = 'wall'"),
	    "00:30-01:30 10:00-11:00");
	assert_string_equal(
	    call_sql("select string_agg(name, '|' order by name) from speaker p join "
		     "conference k on k.id = p.conference where k.slug = 'wall'"),
	    "Ada|Grace; Rear Admiral");
	/* Without guids the same rows are still the same sessions. */
	assert_no_change(good(import_text(
	    HEAD "Night,Hall,2021-03-28 01:30,2021-03-28 03:30,Ada; Grace\\; Rear Admiral,\r\n"
		 "Noon,Hall,2021-03-28T12:00,2021-03-28T11:00:00Z,Ada,\r\n",
	    slug, "publish")));
}

static void assert_row_refused(const char *slug, const char *row, const char *why)
{
	struct call_result r = import_text(call_text(HEAD "%s\r\n", row), slug, "");

	assert_fault(r, "import.refused");
	if (strstr(r.current, why) == NULL)
		fail_msg("%s: %s", row, r.current);
	assert_string_equal(call_sql("select count(*) from slot l join conference k on k.id = "
				     "l.conference where k.slug = '%s'",
				     slug),
			    "0");
}

static void rows_that_cannot_be_are_refused_by_name(void **state)
{
	static const char g[] = "4aa07ac2-5e61-4d8b-9d3e-3a0a0d5a0b01";
	const char *slug = conference("bad");

	(void)state;
	assert_row_refused(slug, "Gap,Hall,2021-03-28 02:30,2021-03-28 04:00,,", "time.missing");
	assert_row_refused(slug, "Twice,Hall,2021-10-31 02:30,2021-10-31 04:00,,",
			   "time.ambiguous");
	assert_row_refused(slug, "Twice,Hall,2021-10-31 02:30,2021-10-31 04:00,,",
			   "write 2021-10-31T02:30:00+02:00 or 2021-10-31T02:30:00+01:00");
	assert_row_refused(slug, "Back,Hall,2021-05-02 10:00,2021-05-02 09:00,,",
			   "the end is not after the start");
	assert_row_refused(slug, "Back,Hall,2021-05-02T10:00:00Z,2021-05-02T09:00:00Z,,",
			   "the end is not after the start");
	assert_row_refused(slug, "Long,Hall,2021-05-02 10:00,2021-09-02 09:00,,",
			   "it is longer than 60 days");
	assert_row_refused(slug, "When,Hall,second of May,2021-05-02 09:00,,", "is not an instant");
	assert_row_refused(slug, "When,Hall,2021-02-30 09:00,2021-02-30 10:00,,",
			   "is not an instant");
	assert_row_refused(slug, ",Hall,2021-05-02 09:00,2021-05-02 10:00,,", "title is missing");
	assert_row_refused(slug, "Where,,2021-05-02 09:00,2021-05-02 10:00,,",
			   "the room has no name");
	assert_row_refused(slug, "Who,Hall,2021-05-02 09:00,2021-05-02 10:00,,no-uuid",
			   "is not a UUID");
	assert_row_refused(slug,
			   call_text("A,Hall,2021-05-02 09:00,2021-05-02 10:00,,%s\r\n"
				     "B,Hall,2021-05-02 11:00,2021-05-02 12:00,,%s",
				     g, g),
			   "is that of another session, A");
	assert_row_refused(slug,
			   call_text("A,Hall,2021-05-02 09:00,2021-05-02 10:00,,%s\r\n"
				     "A,Hall,2021-05-02 09:00,2021-05-02 12:00,,%s",
				     g, g),
			   "the same session in the same room at the same time");
}

static void files_that_are_none_are_refused_whole(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *why;
	} files[] = {
	    {"\xff\xfet\0i\0t\0l\0e\0", 12, "the file is UTF-16: save it as UTF-8"},
	    {"title,room,start,end\nL\xe6ring,Sal,a,b\n", 35, "line 2: not UTF-8"},
	    {"title,room,start\n", 17, "line 1: the first line must name the columns"},
	    {"title,room,start,end\n", 21, "line 1: there are no rows"},
	    {"title,room,start,end,title\n", 27, "line 1: a column is named twice"},
	    {"title,room,start,end\na,b\n", 25, "line 2: not as many fields"},
	    {"title,room,start,end\n\"a,b\n", 26, "line 3: a quote is not closed"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *why = "";
		json_t *doc = NULL;

		assert_true(
		    schedule_parse(memory, files[i].bytes, files[i].size, NULL, &doc, &why) != OK);
		if (strncmp(why, files[i].why, strlen(files[i].why)) != 0)
			fail_msg("%zu: %s", i, why);
		assert_null(doc);
	}
}

static void a_newer_sheet_is_a_draft_and_a_dry_run_is_nothing(void **state)
{
	const char *slug = conference("draft");
	const char *rows = HEAD "A,Hall,2021-05-02 09:00,2021-05-02 10:00,Ada,\r\n"
				"B,Hall,2021-05-02 10:00,2021-05-02 11:00,Bo,\r\n";
	const char *newer = HEAD "A,Hall,2021-05-02 09:30,2021-05-02 10:00,Ada,\r\n";
	json_t *reply;

	(void)state;
	good(import_text(rows, slug, "publish"));
	reply = good(import_text(newer, slug, "dry_run"));
	assert_int_equal(int_at(at(reply, "counts"), "slots_moved"), 1);
	assert_int_equal(int_at(at(reply, "counts"), "slots_cancelled"), 1);
	assert_no_change(good(import_text(rows, slug, "publish")));
	reply = good(import_text(newer, slug, ""));
	assert_true(json_is_null(at(reply, "release")));
	assert_string_equal(call_sql("select string_agg(change, ' ' order by change) from "
				     "conference k, slot_changes(k.id, release_targets(k.id, "
				     "null)) where k.slug = 'draft'"),
			    "cancelled moved");
}

static void no_cell_runs_as_a_formula(void **state)
{
	const char *slug = conference("formula");
	struct call_result file;

	(void)state;
	good(import_text(HEAD "'=HYPERLINK(1),+Hall,2021-05-02 09:00,2021-05-02 10:00,@Ada,\r\n",
			 slug, "publish"));
	assert_string_equal(
	    call_sql("select s.title from session s join conference k on k.id = s.conference where "
		     "k.slug = 'formula'"),
	    "=HYPERLINK(1)");
	file = exported("formula", "csv");
	assert_non_null(strstr(file.text, ",\"'=HYPERLINK(1)\","));
	assert_non_null(strstr(file.text, ",\"'+Hall\","));
	assert_non_null(strstr(file.text, ",\"'@Ada\","));
	assert_no_change(
	    good(import_doc(parsed(file.text, file.size, NULL), "formula", "publish")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_session_held_twice_comes_back_as_one),
	    cmocka_unit_test(anchors_and_breaks_outlive_files_without_them),
	    cmocka_unit_test(a_new_place_keeps_the_slots_of_a_session_apart),
	    cmocka_unit_test(a_slot_taken_out_of_our_file_is_cancelled),
	    cmocka_unit_test(spreadsheets_change_nothing_they_do_not_say),
	    cmocka_unit_test(an_empty_conference_takes_all_a_spreadsheet_has),
	    cmocka_unit_test(wall_clock_times_are_the_conferences),
	    cmocka_unit_test(rows_that_cannot_be_are_refused_by_name),
	    cmocka_unit_test(files_that_are_none_are_refused_whole),
	    cmocka_unit_test(a_newer_sheet_is_a_draft_and_a_dry_run_is_nothing),
	    cmocka_unit_test(no_cell_runs_as_a_formula),
	};

	return cmocka_run_group_tests_name("csv_schedule", tests, setup, teardown);
}
