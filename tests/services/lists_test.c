/* tests/services: lists, zones, categories and rules as the organiser edits them, and what they
 * then mean at the door. */
#include "tests/services/checkin_door.h"

static struct call_result edit(const struct door *d, const struct caller *who, const char *method,
			       const char *members)
{
	(void)d;
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", members, call_uuid()), who);
}

static void saved_and_seen(void **state)
{
	struct door d = door_make();
	struct caller mia = call_person(d.conference, "Mia Organiser", ROLE_ORGANISER);
	const char *list = call_uuid(), *zone = call_uuid(), *room = call_uuid(),
		   *vip = call_uuid(), *rule = call_uuid();
	struct call_result r;

	(void)state;
	r = edit(&d, &mia, "zone.save", call_text("\"zone\":\"%s\",\"name\":\"House\"", zone));
	assert_null(r.fault);
	r = edit(&d, &mia, "zone.save",
		 call_text("\"zone\":\"%s\",\"name\":\"Hall\",\"part_of\":\"%s\",\"capacity\":80",
			   room, zone));
	assert_null(r.fault);
	r = edit(
	    &d, &mia, "zone.save",
	    call_text("\"zone\":\"%s\",\"name\":\"House\",\"part_of\":\"%s\",\"expect_version\":1",
		      zone, room));
	assert_fault(&r, "checkin.loop");
	r = edit(&d, &mia, "zone.save",
		 call_text("\"zone\":\"%s\",\"name\":\"Hall\"", call_uuid()));
	assert_fault(&r, "name.taken");
	r = edit(&d, &mia, "list.save",
		 call_text("\"list\":\"%s\",\"name\":\"Dinner\",\"opens\":\"2021-05-02T18:00\","
			   "\"day_ends\":\"02:00\",\"zone\":\"%s\",\"capacity\":50",
			   list, room));
	assert_null(r.fault);
	assert_int_equal(count("select count(*) from checkin_list where id = '%s' and opens = "
			       "'2021-05-02T18:00+02'",
			       list),
			 1);
	assert_int_equal(count("select count(*) from due where kind = 'day_end' and subject = '%s' "
			       "and at <= now()",
			       list),
			 1);
	r = edit(&d, &mia, "list.save", call_text("\"list\":\"%s\",\"name\":\"Supper\"", list));
	assert_fault(&r, "conflict");
	assert_non_null(strstr(r.current, "\"Dinner\""));
	r = edit(&d, &mia, "list.save",
		 call_text("\"list\":\"%s\",\"name\":\"Supper\",\"opens\":\"\",\"day_ends\":\"\","
			   "\"capacity\":0,\"zone\":\"\",\"expect_version\":1",
			   list));
	assert_null(r.fault);
	assert_int_equal(
	    count("select count(*) from checkin_list where id = '%s' and opens is null "
		  "and zone is null and capacity is null and day_ends is null and "
		  "version = 2",
		  list),
	    1);
	/* The job finds that there is no next. */
	while (strcmp(call_sql("select due_run()"), "t") == 0)
		;
	assert_int_equal(count("select count(*) from due where subject = '%s'", list), 0);
	r = edit(&d, &mia, "category.save",
		 call_text("\"category\":\"%s\",\"name\":\"VIP\",\"color\":\"#c00000\"", vip));
	assert_null(r.fault);
	r = edit(&d, &mia, "rule.save",
		 call_text("\"rule\":\"%s\",\"list\":\"%s\",\"category\":\"%s\",\"day\":"
			   "\"2021-05-02\",\"opens\":\"18:00\",\"until\":\"02:00\"",
			   rule, list, vip));
	assert_null(r.fault);
	r = call_method("checkin.settings", "{}", &mia);
	assert_null(r.fault);
	assert_non_null(strstr(r.text, "\"18:00\""));
	assert_int_equal(json_array_size(json_object_get(r.json, "lists")), 2);
	r = edit(&d, &mia, "category.remove",
		 call_text("\"category\":\"%s\",\"expect_version\":1", vip));
	assert_fault(&r, "checkin.used");
	r = edit(&d, &mia, "rule.remove", call_text("\"rule\":\"%s\"", rule));
	assert_null(r.fault);
	r = edit(&d, &mia, "category.remove",
		 call_text("\"category\":\"%s\",\"expect_version\":1", vip));
	assert_null(r.fault);
	r = edit(&d, &mia, "list.remove", call_text("\"list\":\"%s\",\"expect_version\":2", list));
	assert_null(r.fault);
	r = edit(&d, &mia, "zone.remove", call_text("\"zone\":\"%s\",\"expect_version\":1", zone));
	assert_null(r.fault);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and c.name = 'door'",
			       d.conference),
			 9);
	door_end(&d);
}

static void nonsense(void **state)
{
	static const char *const bad[][3] = {
	    {"list.save", "\"name\":\"X\",\"opens\":\"soon\"", "bad_request"},
	    {"list.save", "\"name\":\"X\",\"opens\":\"2021-13-02T08:00\"", "bad_request"},
	    {"list.save", "\"name\":\"X\",\"day_ends\":\"25:00\"", "bad_request"},
	    {"list.save", "\"name\":\"X\",\"zone\":\"x\"", "not_found"},
	    {"list.save", "\"name\":\"Main door\"", "checkin.list_exists"},
	    {"list.save", "\"name\":\"X\",\"opens\":\"2021-03-28T02:30\"", "time.missing"},
	    {"list.save", "\"name\":\"X\",\"expect_version\":3", "not_found"},
	    {"list.save",
	     "\"name\":\"X\",\"opens\":\"2021-05-02T09:00\",\"closes\":\"2021-05-02T08:00\"",
	     "bad_request"},
	    {"zone.save", "\"name\":\"\"", "bad_request"},
	    {"zone.save", "\"name\":\"Z\",\"part_of\":\"z\"", "not_found"},
	    {"category.save", "\"name\":\"C\",\"color\":\"red\"", "bad_request"},
	};
	struct door d = door_make();
	struct caller mia = call_person(d.conference, "Mia Organiser", ROLE_ORGANISER);
	struct call_result r;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		r = edit(&d, &mia, bad[i][0],
			 call_text("\"%.*s\":\"%s\",%s", (int)strcspn(bad[i][0], "."), bad[i][0],
				   call_uuid(), bad[i][1]));
		assert_fault(&r, bad[i][2]);
	}
	for (int i = 0; i < 3; i++) {
		static const char *const rules[] = {"\"opens\":\"08:00\"",
						    "\"opens\":\"8\",\"until\":\"9\"",
						    "\"day\":\"2021-02-30\""};

		r = edit(
		    &d, &mia, "rule.save",
		    call_text("\"rule\":\"%s\",\"list\":\"%s\",%s", call_uuid(), d.list, rules[i]));
		assert_fault(&r, "bad_request");
	}
	r = edit(&d, &d.desk, "rule.save",
		 call_text("\"rule\":\"%s\",\"list\":\"%s\"", call_uuid(), d.list));
	assert_fault(&r, "denied");
	door_end(&d);
}

/* What the organiser wrote as wall times holds at the door. */
static void rules_at_the_door(void **state)
{
	struct door d = door_make(), other = door_make();
	struct caller mia = call_person(d.conference, "Mia Organiser", ROLE_ORGANISER);
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller vera = call_person(d.conference, "Vera Vip", ROLE_ATTENDEE);
	struct caller carl = call_person(other.conference, "Carl Else", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *vips = code_for(&d, &vera), *vip = call_uuid();
	struct call_result r;

	(void)state;
	clock_at(&d, "2021-05-02T09:00:00+02:00");
	call_sql("update conference set starts = '2021-05-02', ends = '2021-05-02' where id = '%s'",
		 d.conference);
	edit(&d, &mia, "category.save", call_text("\"category\":\"%s\",\"name\":\"VIP\"", vip));
	call_sql("update person set category = '%s' where id = '%s'", vip, vera.person);
	r = edit(
	    &d, &mia, "rule.save",
	    call_text("\"rule\":\"%s\",\"list\":\"%s\",\"category\":\"%s\",\"opens\":\"10:00\","
		      "\"until\":\"12:00\"",
		      call_uuid(), d.list, vip));
	assert_null(r.fault);
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "wrong_category");
	r = scan(&d, vips, &d.east);
	assert_verdict(&r, "refused", "not_yet");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(r.json, "window"), "opens")),
	    "2021-05-02T08:00:00.000Z");
	clock_at(&d, "2021-05-02T10:00:00+02:00");
	r = scan(&d, vips, &d.east);
	assert_verdict(&r, "admitted", NULL);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(r.json, "category"), "name")), "VIP");
	r = scan(&d, code_for(&other, &carl), &d.east);
	assert_verdict(&r, "refused", "wrong_event");
	door_end(&d);
	door_end(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(saved_and_seen),
	    cmocka_unit_test(nonsense),
	    cmocka_unit_test(rules_at_the_door),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
