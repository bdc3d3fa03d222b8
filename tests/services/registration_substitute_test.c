/* tests/services: somebody else comes instead: at the door, and on the stage. */
#include "services/core/ticket.h"
#include "tests/services/registration_hall.h"

static void a_substitute_at_the_door(void **state)
{
	struct door d = door_make();
	struct house h = {.conference = d.conference};
	struct caller ann, ben = {.roles = ROLE_ATTENDEE};
	char old[ENTRY_CODE_SIZE + 1], new[ENTRY_CODE_SIZE + 1];
	struct call_result r;

	(void)state;
	clock_to(&h, "2021-05-02T06:00:00Z");
	ann = somebody(&h, "Ann");
	call_sql("insert into cover_rule values ('%s', 'keynote', true, 1)", h.conference);
	r = accept(&ann, invite(&h, &ann, "keynote", "on_site", NULL),
		   ",\"answers\":{\"diet\":\"vegan\",\"consent\":\"health-1\"}");
	worked(&r);
	assert_true(code_open(
	    call_sql("select sealed from entry_code where person = '%s'", ann.person), old));
	ann.roles = ROLE_ATTENDEE | ROLE_SPEAKER;
	r = keyed_call("registration.substitute", &ann,
		       "\"email\":\"ben@example.org\",\"name\":\"Ben Instead\"");
	worked(&r);
	snprintf(ben.conference, sizeof ben.conference, "%s", h.conference);
	snprintf(ben.person, sizeof ben.person, "%s", member(&r, "by"));
	assert_true(code_open(call_sql("select sealed from entry_code where person = '%s' order by "
				       "generation desc limit 1",
				       ben.person),
			      new));
	r = scan(&d, old, &d.east);
	assert_verdict(&r, "refused", "superseded");
	r = scan(&d, new, &d.east);
	assert_verdict(&r, "admitted", NULL);
	assert_string_equal(call_sql("select fee || ' ' || nights from registration where person = "
				     "'%s'",
				     ben.person),
			    "true 1");
	assert_int_equal(count("select count(*) from registration_answer where person in ('%s', "
			       "'%s')",
			       ann.person, ben.person),
			 0);
	assert_string_equal(call_sql("select array_to_string(people_roles('%s', '%s'), ' ')",
				     h.conference, ann.person),
			    "applicant");
	assert_string_equal(call_sql("select array_to_string(people_roles('%s', '%s'), ' ')",
				     h.conference, ben.person),
			    "attendee speaker");
	assert_int_equal(mails(&ann, "registration.substituted"), 1);
	assert_int_equal(mails(&ben, "registration.confirmed"), 1);
	/* Nobody hands on what they have not, nor one who is inside. */
	r = keyed_call("registration.substitute", &ann,
		       "\"email\":\"cy@example.org\",\"name\":\"Cy\"");
	refused(&r, "registration.state");
	r = keyed_call("registration.substitute", &ben,
		       "\"email\":\"cy@example.org\",\"name\":\"Cy\"");
	refused(&r, "registration.inside");
	door_end(&d);
}

/* A talk that was given stays with who gave it; the next one is in the programme under the other
 * name. */
static void a_substitute_speaks(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann Speaker");
	struct call_result r;
	const char *heir;

	(void)state;
	for (int i = 1; i <= 2; i++)
		call_sql(
		    "with r as (insert into room (conference, guid, name) values ('%s', 'r%d', "
		    "'Aula %d') returning id), s as (insert into session (conference, guid, "
		    "number, title) values ('%s', gen_random_uuid(), %d, 'Session %d') returning "
		    "id), t as (insert into talk (conference, session, ord, title) select '%s', "
		    "id, 1, 'Talk %d' from s returning id), who as (insert into speaker "
		    "(conference, guid, name, person, extra) values ('%s', gen_random_uuid(), "
		    "'Dr Ann', '%s', '{\"biography\":\"Ann was born\"}') returning id), ts as "
		    "(insert into talk_speaker (talk, speaker, ord) select t.id, who.id, 1 from t, "
		    "who returning talk) insert into slot (conference, session, room, starts, "
		    "ends) "
		    "select '%s', s.id, r.id, '2021-05-02T09:00Z'::timestamptz + interval '%d "
		    "hours', '2021-05-02T10:00Z'::timestamptz + interval '%d hours' from r, s, ts",
		    h.conference, i, i, h.conference, i, i, h.conference, i, h.conference,
		    ann.person, h.conference, i, i);
	r = keyed_call("release.publish", &h.boss, "\"note\":\"first\"");
	worked(&r);
	call_sql("update talk set started = now() where title = 'Talk 1' and conference = '%s'",
		 h.conference);
	r = accept(&ann, invite(&h, &ann, "keynote", "on_site", NULL), "");
	worked(&r);
	ann.roles = ROLE_ATTENDEE | ROLE_SPEAKER;
	r = keyed_call("registration.substitute", &ann,
		       "\"email\":\"ben@example.org\",\"name\":\"Ben Instead\"");
	worked(&r);
	heir = call_text("%s", member(&r, "by"));
	assert_string_equal(
	    call_sql(
		"select string_agg(t.title || ' ' || s.name || ' ' || (s.person = '%s') || ' ' "
		"|| coalesce(s.extra ->> 'biography', '-'), '; ' order by t.title) from talk t "
		"join talk_speaker ts on ts.talk = t.id join speaker s on s.id = ts.speaker where "
		"t.conference = '%s'",
		heir, h.conference),
	    "Talk 1 Dr Ann false Ann was born; Talk 2 Ben Instead true -");
	assert_string_equal(
	    call_sql(
		"select string_agg(s ->> 'name', ', ' order by content ->> 'title') from "
		"published p, jsonb_array_elements(content -> 'speakers') s where p.conference = "
		"'%s'",
		h.conference),
	    "Dr Ann, Ben Instead");
	assert_int_equal(
	    count("select count(*) from release where conference = '%s'", h.conference), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_substitute_at_the_door),
	    cmocka_unit_test(a_substitute_speaks),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
