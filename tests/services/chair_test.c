/* tests/services: chairs' phones and mutes. */
#include "tests/services/desk_support.h"

static struct call_result invite(const struct caller *who, const char *key)
{
	return call_method(
	    "chair.invite",
	    call_text("{%s,\"key\":\"%s\"}", of_session(",\"name\":\"Dr. Chair\""), key), who);
}

static struct call_result join(const char *code)
{
	struct caller nobody = {0};

	memcpy(nobody.conference, crew.mod.conference, UUID_SIZE);
	return call_method("auth.chair", call_text("{\"code\":\"%s\"}", code), &nobody);
}

/* Who comes in with a token of that reply. */
static struct caller chair_of(const struct call_result *joined)
{
	struct caller who = {.roles = ROLE_CHAIR};

	memcpy(who.conference, crew.mod.conference, UUID_SIZE);
	snprintf(
	    who.station, UUID_SIZE, "%s",
	    json_string_value(json_object_get(json_object_get(joined->json, "station"), "id")));
	return who;
}

static void a_code_makes_one_chair(void **state)
{
	const char *key = call_uuid();
	struct call_result r = invite(&crew.mod, key), again;
	struct caller chair;

	(void)state;
	assert_fine(&r);
	assert_int_equal(strlen(member(&r, "code")), 32);
	/* The same press again is the same code. */
	again = invite(&crew.mod, key);
	assert_string_equal(member(&again, "code"), member(&r, "code"));
	assert_int_equal(
	    count("select count(*) from chair_invite where session = '%s'", crew.hall.session), 1);
	again = join(member(&r, "code"));
	assert_fine(&again);
	assert_non_null(member(&again, "token"));
	chair = chair_of(&again);
	assert_string_equal(
	    call_sql("select kind || session from station where id = '%s'", chair.station),
	    call_text("chair%s", crew.hall.session));
	/* Until two hours after the end, by the conference's clock: three hours from nine. */
	assert_int_equal(
	    count("select round(extract(epoch from expires - now()) / 3600) from login "
		  "where station = '%s'",
		  chair.station),
	    3);
	assert_int_equal(told(desk_channel(), "chair.changed"), 1);
	assert_int_equal(json_array_size(json_object_get(desk_snapshot(), "chairs")), 1);
	again = join(member(&r, "code"));
	assert_fault(&again, "auth.code");
}

static void codes_that_open_nothing(void **state)
{
	struct call_result r = join("0123456789abcdef0123456789abcdef");
	struct caller elsewhere = {0};

	(void)state;
	assert_fault(&r, "auth.code");
	r = invite(&crew.mod, call_uuid());
	call_sql("update chair_invite set expires = now() - interval '1 second' where session = "
		 "'%s'",
		 crew.hall.session);
	r = join(member(&r, "code"));
	assert_fault(&r, "auth.code");
	/* A code of this conference at the address of another. */
	r = invite(&crew.mod, call_uuid());
	snprintf(elsewhere.conference, UUID_SIZE, "%s",
		 call_conference(call_text("else-%d", halls)));
	r = call_method("auth.chair", call_text("{\"code\":\"%s\"}", member(&r, "code")),
			&elsewhere);
	assert_fault(&r, "auth.code");
	r = invite(&crew.hall.ann, call_uuid());
	assert_fault(&r, "denied");
	r = invite(&crew.mod, call_uuid());
	clock_at(&crew.hall, "2021-05-02T12:01:00+02:00");
	r = join(member(&r, "code"));
	assert_fault(&r, "auth.code");
	r = invite(&crew.mod, call_uuid());
	assert_fault(&r, "chair.over");
}

static const char *say(const struct caller *who, const char *session, const char *audience)
{
	return call_method("backstage.send",
			   call_text("{\"message\":\"%s\",\"session\":\"%s\",\"audience\":\"%s\","
				     "\"text\":\"x\"}",
				     call_uuid(), session, audience),
			   who)
	    .fault;
}

static void a_chair_has_one_session(void **state)
{
	const char *other =
	    call_sql("insert into session (conference, guid, number, title) values ('%s', "
		     "gen_random_uuid(), 2, 'Other') returning id",
		     crew.hall.conference);
	struct call_result r = invite(&crew.mod, call_uuid());
	struct caller chair;
	json_t *shown;
	const char *id = call_uuid();

	(void)state;
	r = join(member(&r, "code"));
	chair = chair_of(&r);
	assert_null(say(&chair, crew.hall.session, "desk"));
	assert_string_equal(say(&chair, other, "desk"), "denied");
	assert_null(say(&crew.mod, crew.hall.session, "desk"));
	assert_null(say(&crew.mod, crew.hall.session, "chair"));
	/* What the desk says to itself is not shown there. */
	shown = json_object_get(
	    call_snapshot("chair", NULL, crew.hall.conference, crew.hall.session), "snapshot");
	assert_int_equal(json_array_size(json_object_get(shown, "messages")), 2);
	assert_string_equal(json_string_value(json_object_get(shown, "title")), "S");
	id = call_sql("select id from backstage where session = '%s' and audience = 'chair'",
		      crew.hall.session);
	r = call_method("backstage.ack", call_text("{\"message\":\"%s\"}", id), &chair);
	assert_fine(&r);
	assert_string_equal(name_in(r.json, "acked"), "Dr. Chair");
	assert_string_equal(call_sql("select qa_may('%s', '%s', '%s')", crew.hall.conference,
				     chair.station, crew.hall.session),
			    "t");
	assert_string_equal(
	    call_sql("select qa_may('%s', '%s', '%s')", crew.hall.conference, chair.station, other),
	    "f");
	r = act("chair.revoke", &crew.other, call_text("\"station\":\"%s\"", chair.station));
	assert_fine(&r);
	assert_string_equal(say(&chair, crew.hall.session, "desk"), "denied");
	assert_int_equal(
	    count("select count(*) from login where station = '%s' and revoked is null",
		  chair.station),
	    0);
	assert_int_equal(told("worker", "login.revoked"), 1);
	assert_int_equal(json_array_size(json_object_get(desk_snapshot(), "chairs")), 0);
	r = act("chair.revoke", &crew.other, call_text("\"station\":\"%s\"", chair.station));
	assert_true(json_is_true(json_object_get(r.json, "noop")));
	r = act("chair.revoke", &crew.other, call_text("\"station\":\"%s\"", call_uuid()));
	assert_fault(&r, "not_found");
}

static struct call_result mute(const struct caller *by, const char *what, const char *id,
			       const char *how)
{
	return act("person.mute", by, call_text("\"%s\":\"%s\",\"how\":\"%s\"", what, id, how));
}

static const char *muted(const struct caller *who)
{
	return call_sql("select how from mute where person = '%s' and lifted is null", who->person);
}

static void people_are_silenced_and_heard_again(void **state)
{
	const char *ann = crew.hall.ann.person;
	const char *question = asked(&crew.hall, &crew.hall.ann, "Again and again?");
	struct call_result r = mute(&crew.mod, "question", question, "silent");

	(void)state;
	assert_fine(&r);
	assert_string_equal(muted(&crew.hall.ann), "silent");
	assert_int_equal(heard(&crew.hall.ann, "person.muted"), 0);
	r = mute(&crew.other, "person", ann, "silent");
	assert_true(json_is_true(json_object_get(r.json, "noop")));
	r = mute(&crew.mod, "person", ann, "hard");
	assert_fine(&r);
	assert_string_equal(muted(&crew.hall.ann), "hard");
	assert_int_equal(heard(&crew.hall.ann, "person.muted"), 1);
	call_sql("update question set muted = true where id = '%s'", question);
	r = mute(&crew.mod, "person", ann, "off");
	assert_fine(&r);
	assert_null(muted(&crew.hall.ann));
	assert_int_equal(heard(&crew.hall.ann, "person.muted"), 2);
	/* What had waited for nobody waits for a moderator. */
	assert_string_equal(call_sql("select muted from question where id = '%s'", question), "f");
	assert_int_equal(told(mod_channel(), "question.updated"), 1);
	assert_int_equal(count("select count(*) from mute where person = '%s'", ann), 2);
	assert_int_equal(count("select count(*) from audit where action = 'person.mute' and "
			       "subject = '%s'",
			       ann),
			 3);
	r = mute(&crew.mod, "person", crew.other.person, "hard");
	assert_fault(&r, "denied");
	r = mute(&crew.hall.bob, "person", ann, "hard");
	assert_fault(&r, "denied");
	r = mute(&crew.mod, "person", call_uuid(), "hard");
	assert_fault(&r, "not_found");
	r = mute(&crew.mod, "person", ann, "loud");
	assert_fault(&r, "bad_request");
	r = act("person.mute", &crew.mod, "\"how\":\"hard\"");
	assert_fault(&r, "bad_request");
}

static void a_pseudonym_is_silenced(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "Who am I?");
	const char *alias = call_uuid();
	struct call_result r;

	(void)state;
	call_sql("update question set person = null, pseudonym = '%s' where id = '%s'", alias,
		 question);
	r = mute(&crew.mod, "question", question, "hard");
	assert_fine(&r);
	assert_null(strstr(r.text, alias));
	assert_string_equal(
	    call_sql("select how from mute where pseudonym = '%s' and lifted is null", alias),
	    "hard");
	r = mute(&crew.mod, "question", question, "off");
	assert_fine(&r);
	assert_null(
	    call_sql("select how from mute where pseudonym = '%s' and lifted is null", alias));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_code_makes_one_chair, crew_make),
	    cmocka_unit_test_setup(codes_that_open_nothing, crew_make),
	    cmocka_unit_test_setup(a_chair_has_one_session, crew_make),
	    cmocka_unit_test_setup(people_are_silenced_and_heard_again, crew_make),
	    cmocka_unit_test_setup(a_pseudonym_is_silenced, crew_make),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
