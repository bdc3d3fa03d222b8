/* tests/services: schedule files: what is read, what is refused and why, and that writing and
 * reading are each other's reverse. */
#include "tests/services/schedule_support.h"

static const char shared[] = "../shared/data";

static json_t *report_of(const json_t *doc, const char *action)
{
	return find(at(doc, "report"), "action", action);
}

static void refuses_whole_files(void **state)
{
	static const struct {
		const char *name, *why;
	} files[] = {{"billion_laughs.xml", "line 2: a DOCTYPE is not accepted"},
		     {"external_entity.xml", "line 2: a DOCTYPE is not accepted"},
		     {"external_dtd.xml", "line 2: a DOCTYPE is not accepted"},
		     {"wrong_encoding.xml", "line 23: "},
		     {"cut_off.xml", "line 23: "},
		     {"not_json.json", "line 2: "}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t size = 0;
		const char *bytes = fixture(files[i].name, &size), *why = "";
		json_t *doc = NULL;

		assert_true(schedule_parse(memory, bytes, size, NULL, &doc, &why) != OK);
		if (strncmp(why, files[i].why, strlen(files[i].why)) != 0)
			fail_msg("%s: %s", files[i].name, why);
		assert_null(doc);
	}
}

static void refuses_what_is_no_schedule(void **state)
{
	static const char *const texts[] = {
	    "",
	    "{}",
	    "[]",
	    "null",
	    "<a/>",
	    "{\"schedule\":{\"conference\":{}}}",
	    "<schedule/>",
	    "<schedule><conference><title>T</title></conference></schedule>"};
	const char *why = "";
	json_t *doc = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_true(schedule_parse(memory, texts[i], strlen(texts[i]), NULL, &doc, &why) !=
			    OK);
		assert_true(*why != 0);
	}
}

static void assert_refused(const char *name, const char *where, const char *why)
{
	json_t *doc = parsed_fixture(name), *entry = report_of(doc, "refused");
	char *text = json_dumps(entry, JSON_COMPACT);

	if (entry == NULL || strstr(text, where) == NULL || strstr(text, why) == NULL)
		fail_msg("%s: %s", name, text);
	free(text);
	json_decref(doc);
	assert_fault(import_fixture(name, "refused", ""), "import.refused");
	assert_int_equal(count("select count(*) from conference where slug = 'refused'"), 0);
}

static void one_bad_row_refuses_the_file(void **state)
{
	json_t *doc = parsed_fixture("missing_fields.xml");

	(void)state;
	assert_refused("missing_fields.xml", "\"line\":37", "title is missing");
	assert_refused("duplicate_guid.json", "days[0].rooms[\\\"Hall\\\"][1]",
		       "is that of another event, Opening");
	assert_refused("end_before_start.json", "days[0].rooms[\\\"Lab\\\"][0]",
		       "the end is not after the start");
	assert_int_equal(json_array_size(at(doc, "report")), 3);
	assert_int_equal(int_at(json_array_get(at(doc, "report"), 1), "line"), 57);
	assert_int_equal(int_at(json_array_get(at(doc, "report"), 2), "line"), 77);
	json_decref(doc);
	good(import_fixture("missing_fields.xml", "partial", "partial"));
	assert_int_equal(
	    count("select count(*) from session s join conference k on k.id = s.conference "
		  "where k.slug = 'partial'"),
	    1);
}

static void a_new_conference_is_published(void **state)
{
	json_t *reply = good(import_fixture("small.json", "small", ""));

	(void)state;
	assert_true(json_is_true(at(reply, "created")));
	assert_int_equal(int_at(reply, "release"), 1);
	assert_int_equal(int_at(at(reply, "counts"), "slots_added"), 4);
	assert_int_equal(
	    count("select count(*) from published p join conference k on k.id = p.conference "
		  "where k.slug = 'small'"),
	    4);
	assert_string_equal(
	    call_sql("select zone || starts || ends from conference where slug = 'small'"),
	    "Europe/Copenhagen2021-05-022021-05-02");
	assert_string_equal(
	    call_sql("select string_agg(t.title || ':' || p.name, ',' order by t.ord) from talk t "
		     "join session s on s.id = t.session join talk_speaker ts on ts.talk = t.id "
		     "join speaker p on p.id = ts.speaker join conference k on k.id = s.conference "
		     "where k.slug = 'small' and s.number = 3"),
	    "Talk 1:Talker 1,Talk 2:Talker 2,Talk 3:Talker 3");
	assert_string_equal(
	    call_sql("select s.extra ->> 'feedback_url' from session s join conference k on k.id = "
		     "s.conference where k.slug = 'small' and s.number = 1"),
	    "https://example.org/f/1");
}

static void the_same_file_changes_nothing(void **state)
{
	json_t *reply;

	(void)state;
	good(import_fixture("small.json", "twice", ""));
	reply = good(import_fixture("small.json", "twice", "publish"));
	assert_true(json_is_null(at(reply, "release")));
	assert_int_equal(int_at(at(reply, "counts"), "sessions_updated"), 0);
	assert_int_equal(int_at(at(reply, "counts"), "slots_moved"), 0);
	assert_int_equal(
	    count(
		"select max(p.revision) from published p join conference k on k.id = p.conference "
		"where k.slug = 'twice'"),
	    0);
}

static void a_newer_file_updates_and_cancels(void **state)
{
	json_t *reply;

	(void)state;
	good(import_fixture("small.json", "newer", ""));
	call_sql(
	    "create temp table before_ids as select t.id, s.number, t.ord from talk t "
	    "join session s on s.id = t.session join conference k on k.id = s.conference where "
	    "k.slug = 'newer'");
	reply = good(import_fixture("newer.json", "newer", ""));
	assert_true(json_is_null(at(reply, "release")));
	assert_int_equal(int_at(at(reply, "counts"), "slots_cancelled"), 1);
	assert_int_equal(int_at(at(reply, "counts"), "slots_moved"), 1);
	assert_int_equal(int_at(at(reply, "counts"), "slots_added"), 1);
	/* Nobody sees a draft. */
	assert_int_equal(
	    count("select count(*) from published p join conference k on k.id = p.conference "
		  "where k.slug = 'newer' and (p.cancelled or p.revision > 0)"),
	    0);
	reply = good(import_fixture("newer.json", "newer", "publish"));
	assert_int_equal(int_at(reply, "release"), 2);
	assert_int_equal(int_at(reply, "changes"), 4);
	assert_string_equal(
	    call_sql(
		"select string_agg((content ->> 'number') || case when cancelled then 'x' else '' "
		"end || revision, ' ' order by (content ->> 'number')::int) from published p join "
		"conference k on k.id = p.conference where k.slug = 'newer'"),
	    "10 21 31 4x1 50");
	assert_int_equal(count("select count(*) from before_ids b join talk t on t.id = b.id"), 6);
}

static void a_dry_run_leaves_nothing(void **state)
{
	json_t *reply = good(import_fixture("small.json", "dry", "dry_run"));

	(void)state;
	assert_int_equal(int_at(at(reply, "counts"), "slots_added"), 4);
	assert_int_equal(count("select count(*) from conference where slug = 'dry'"), 0);
}

static void repairs_are_stable_and_named(void **state)
{
	json_t *doc = parsed_fixture("no_guid.json"), *again = parsed_fixture("no_guid.json");
	json_t *rooms = parsed_fixture("same_room_guid.json");
	json_t *zone = parsed_fixture("no_zone.json");

	(void)state;
	assert_string_equal(text_at(json_array_get(at(doc, "events"), 0), "guid"),
			    text_at(json_array_get(at(again, "events"), 0), "guid"));
	assert_int_equal(json_array_size(at(doc, "speakers")), 3);
	assert_non_null(report_of(doc, "repaired"));
	assert_string_not_equal(text_at(json_array_get(at(rooms, "rooms"), 0), "guid"),
				text_at(json_array_get(at(rooms, "rooms"), 1), "guid"));
	assert_non_null(report_of(rooms, "repaired"));
	assert_string_equal(text_at(at(zone, "conference"), "zone"), "UTC");
	assert_non_null(report_of(zone, "noted"));
	json_decref(doc);
	json_decref(again);
	json_decref(rooms);
	json_decref(zone);
	assert_fault(import_fixture("bad_zone.json", "mars", ""), "import.zone");
}

static void clashes_are_kept_and_named(void **state)
{
	json_t *doc = parsed_fixture("overlap.json");
	char *text = json_dumps(at(doc, "report"), JSON_COMPACT);

	(void)state;
	assert_non_null(strstr(text, "Clash"));
	assert_non_null(strstr(text, "at the same time as Opening"));
	free(text);
	good(import_doc(doc, "overlap", ""));
	assert_int_equal(
	    count("select count(*) from published p join conference k on k.id = p.conference "
		  "where k.slug = 'overlap' and overlap_ok"),
	    1);
}

static void numbers_may_change_places(void **state)
{
	(void)state;
	good(import_fixture("small.json", "numbers", ""));
	good(import_fixture("swapped_numbers.json", "numbers", "publish"));
	assert_string_equal(
	    call_sql("select string_agg(s.number::text, ',' order by s.guid) from session s join "
		     "conference k on k.id = s.conference where k.slug = 'numbers'"),
	    "2,1,3,4");
}

/* What a file of this format can carry; the rest of an event or speaker is left out of the
 * comparison. */
static void strip(json_t *doc, bool xml)
{
	json_t *one;
	size_t i;

	json_object_del(doc, "report");
	json_object_del(at(doc, "conference"), "is_default");
	json_array_foreach(at(doc, "events"), i, one)
	{
		json_object_del(one, "ord");
		if (!xml)
			continue;
		json_object_del(one, "talks");
		json_object_del(one, "anchor");
		json_object_del(one, "min_s");
		json_object_del(at(one, "extra"), "other");
		json_object_del(at(one, "extra"), "do_not_stream");
	}
	if (!xml)
		return;
	json_object_del(at(doc, "conference"), "info");
	json_object_del(at(doc, "conference"), "subtitle");
	json_object_del(at(doc, "conference"), "venue");
	json_array_foreach(at(doc, "speakers"), i, one)
	{
		json_object_del(at(one, "extra"), "biography");
		json_object_del(at(one, "extra"), "code");
	}
	json_array_foreach(at(doc, "rooms"), i, one) json_object_del(one, "capacity");
}

static json_t *by_guid(json_t *list)
{
	json_t *made = json_object(), *one;
	size_t i;

	json_array_foreach(list, i, one) json_object_set(made, text_at(one, "guid"), one);
	return made;
}

static void assert_same(json_t *a, json_t *b, const char *list)
{
	json_t *x = by_guid(at(a, list)), *y = by_guid(at(b, list)), *one;
	const char *guid;

	assert_int_equal(json_object_size(x), json_object_size(y));
	json_object_foreach(x, guid, one)
	{
		if (json_equal(one, json_object_get(y, guid)))
			continue;
		char *p = json_dumps(one, JSON_SORT_KEYS);
		char *q = json_dumps(json_object_get(y, guid), JSON_SORT_KEYS);

		fail_msg("%s\nis not\n%s", p, q);
	}
	json_decref(x);
	json_decref(y);
}

static void check_reverse(const char *bytes, size_t size, const char *slug, const char *format)
{
	json_t *doc = parsed(bytes, size, NULL), *again;
	struct caller who = {.roles = ROLE_ORGANISER};
	struct call_result file;

	good(import_doc(json_incref(doc), slug, "publish"));
	snprintf(who.conference, sizeof(who.conference), "%s",
		 call_sql("select id from conference where slug = '%s'", slug));
	file = call_method("schedule.export", call_text("{\"format\":\"%s\"}", format), &who);
	assert_null(file.fault);
	again = parsed(file.text, file.size, NULL);
	assert_null(report_of(again, "refused"));
	assert_null(report_of(again, "repaired"));
	strip(doc, strcmp(format, "xml") == 0);
	strip(again, strcmp(format, "xml") == 0);
	assert_same(doc, again, "events");
	assert_same(doc, again, "rooms");
	assert_same(doc, again, "speakers");
	assert_true(json_equal(at(doc, "tracks"), at(again, "tracks")));
	assert_true(json_equal(at(doc, "conference"), at(again, "conference")));
	json_decref(doc);
	json_decref(again);
}

static void export_and_import_are_reverse(void **state)
{
	static const char *const names[] = {"tests/fixtures/schedule/small.json",
					    "tests/fixtures/schedule/small.xml",
					    "sql/seed/favrholm.json",
					    "38c3-schedule.xml",
					    "camp2019-schedule.json",
					    "democon-schedule.json"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool ours = strchr(names[i], '/') != NULL;
		const char *path =
		    ours ? names[i] : arena_printf(memory, "%s/%s", shared, names[i]);
		size_t size = 0;
		const char *bytes = file_bytes(path, &size);

		if (bytes == NULL) {
			assert_false(ours);
			print_message("skipped: %s is not here\n", path);
			continue;
		}
		check_reverse(bytes, size, arena_printf(memory, "reverse-%zu", i), "xml");
		check_reverse(bytes, size, arena_printf(memory, "reverse-%zu", i), "json");
	}
}

static void plain_frab_does_not_join_talks(void **state)
{
	static const char talks[] =
	    "select count(*) from talk t join conference k on k.id = t.conference "
	    "where k.slug = 'talks'";
	struct caller who = {.roles = ROLE_ORGANISER};
	struct call_result file;

	(void)state;
	good(import_fixture("small.json", "talks", ""));
	assert_int_equal(count(talks), 6);
	snprintf(who.conference, sizeof(who.conference), "%s",
		 call_sql("select id from conference where slug = 'talks'"));
	file = call_method("schedule.export", "{\"format\":\"xml\"}", &who);
	assert_null(file.fault);
	good(import_doc(parsed(file.text, file.size, NULL), "talks", "publish"));
	assert_int_equal(count(talks), 6);
}

static void real_files_come_in_whole(void **state)
{
	static const struct {
		const char *name;
		int events;
	} files[] = {{"38c3-schedule.xml", 1007},
		     {"camp2019-schedule.json", 79},
		     {"democon-schedule.json", 36}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t size = 0;
		const char *path = arena_printf(memory, "%s/%s", shared, files[i].name);
		const char *bytes = file_bytes(path, &size);
		json_t *doc;

		if (bytes == NULL) {
			print_message("skipped: %s is not here\n", path);
			continue;
		}
		doc = parsed(bytes, size, NULL);
		assert_null(report_of(doc, "refused"));
		assert_int_equal(json_array_size(at(doc, "events")), files[i].events);
		json_decref(doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_whole_files),
	    cmocka_unit_test(refuses_what_is_no_schedule),
	    cmocka_unit_test(one_bad_row_refuses_the_file),
	    cmocka_unit_test(a_new_conference_is_published),
	    cmocka_unit_test(the_same_file_changes_nothing),
	    cmocka_unit_test(a_newer_file_updates_and_cancels),
	    cmocka_unit_test(a_dry_run_leaves_nothing),
	    cmocka_unit_test(repairs_are_stable_and_named),
	    cmocka_unit_test(clashes_are_kept_and_named),
	    cmocka_unit_test(numbers_may_change_places),
	    cmocka_unit_test(export_and_import_are_reverse),
	    cmocka_unit_test(plain_frab_does_not_join_talks),
	    cmocka_unit_test(real_files_come_in_whole),
	};

	return cmocka_run_group_tests_name("schedule_import", tests, setup, teardown);
}
