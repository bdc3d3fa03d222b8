/* tests/services: several moderators at one desk: claims, who is there, hand-over, nobody there,
 * messages behind the stage. */
#include "tests/services/desk_support.h"

static struct call_result claim(const struct caller *who, const char *question, const char *more)
{
	return call_method("qa.claim", call_text("{\"question\":\"%s\",%s}", question, more), who);
}

static const char *claimant(const char *question)
{
	return call_sql("select p.name from claim c join person p on p.id = c.person where "
			"c.question = '%s' and c.until > now()",
			question);
}

static void a_claim_is_seen_and_kept(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "Why?");
	struct call_result r;

	(void)state;
	r = claim(&crew.mod, question, "\"value\":true");
	assert_fine(&r);
	assert_string_equal(name_in(json_object_get(r.json, "claim"), "by"), "Mo Derator");
	assert_int_equal(told(mod_channel(), "claim.changed"), 1);
	/* A renewal is no news. */
	r = claim(&crew.mod, question, "\"value\":true");
	assert_fine(&r);
	assert_int_equal(told(mod_channel(), "claim.changed"), 1);
	r = claim(&crew.other, question, "\"value\":true");
	assert_fault(&r, "qa.claimed");
	assert_non_null(strstr(r.current, "Mo Derator"));
	/* Giving back what one does not hold changes nothing. */
	r = claim(&crew.other, question, "\"value\":false");
	assert_fine(&r);
	assert_string_equal(claimant(question), "Mo Derator");
	r = claim(&crew.other, question, "\"value\":true,\"force\":true");
	assert_fine(&r);
	assert_string_equal(claimant(question), "Nina Neighbour");
	assert_int_equal(count("select count(*) from audit where action = 'qa.claim' and subject = "
			       "'%s' and detail ->> 'from' = '%s'",
			       question, crew.mod.person),
			 1);
	r = claim(&crew.other, question, "\"value\":false");
	assert_fine(&r);
	assert_true(json_is_null(json_object_get(r.json, "claim")));
	assert_int_equal(told(mod_channel(), "claim.changed"), 3);
}

static void a_lease_that_is_not_renewed_lapses(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "And then?");
	struct call_result r = claim(&crew.mod, question, "\"value\":true");

	(void)state;
	assert_fine(&r);
	/* The work comes early: somebody is on it still. */
	due_now("claim", question);
	assert_int_equal(told(mod_channel(), "claim.changed"), 1);
	assert_true(is_due("claim", question));
	call_sql("update claim set until = now() - interval '1 second' where question = '%s'",
		 question);
	/* The clock alone decides; that it is told is another matter. */
	r = claim(&crew.other, question, "\"value\":true");
	assert_fine(&r);
	assert_int_equal(told(mod_channel(), "claim.changed"), 2);
	call_sql("update claim set until = now() - interval '1 second' where question = '%s'",
		 question);
	due_now("claim", question);
	assert_int_equal(told(mod_channel(), "claim.changed"), 3);
	assert_int_equal(count("select count(*) from claim where question = '%s'", question), 0);
	assert_false(is_due("claim", question));
}

static void who_may_not_claim(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "May I?");
	const char *elsewhere = call_sql("insert into room (conference, guid, name) values ('%s', "
					 "'x', 'Elsewhere') returning id",
					 crew.hall.conference);
	struct call_result r = claim(&crew.hall.ann, question, "\"value\":true");

	(void)state;
	assert_fault(&r, "denied");
	r = claim(&crew.mod, call_uuid(), "\"value\":true");
	assert_fault(&r, "not_found");
	call_sql("insert into moderator_scope (conference, person, room) values ('%s', '%s', '%s')",
		 crew.hall.conference, crew.mod.person, elsewhere);
	r = claim(&crew.mod, question, "\"value\":true");
	assert_fault(&r, "denied");
	call_sql("update moderator_scope set room = '%s' where person = '%s'", crew.hall.room,
		 crew.mod.person);
	r = claim(&crew.mod, question, "\"value\":true");
	assert_fine(&r);
	/* The role is gone, the session of the socket not yet. */
	call_sql("delete from role_grant where person = '%s'", crew.mod.person);
	r = claim(&crew.mod, question, "\"value\":true");
	assert_fault(&r, "denied");
}

static struct call_result here(const struct caller *who, const char *more)
{
	return call_method("qa.here", call_text("{%s}", of_session(more)), who);
}

static void who_is_there_is_known(void **state)
{
	struct call_result r = here(&crew.mod, "");

	(void)state;
	assert_fine(&r);
	assert_int_equal(json_array_size(json_object_get(r.json, "moderators")), 1);
	r = here(&crew.mod, "");
	r = here(&crew.other, "");
	assert_int_equal(json_array_size(json_object_get(r.json, "moderators")), 2);
	assert_int_equal(told(desk_channel(), "moderator.changed"), 2);
	r = act("desk.take", &crew.mod, of_session(""));
	assert_fine(&r);
	/* One falls silent and had the lead: the desk is nobody's. */
	call_sql(
	    "update moderator_here set seen = now() - interval '51 seconds' where person = '%s'",
	    crew.mod.person);
	assert_int_equal(json_array_size(json_object_get(desk_snapshot(), "moderators")), 1);
	due_now("here", crew.hall.session);
	assert_int_equal(told(desk_channel(), "moderator.changed"), 3);
	assert_true(json_is_null(json_object_get(desk_snapshot(), "lead")));
	assert_true(is_due("here", crew.hall.session));
	r = here(&crew.other, ",\"leave\":true");
	assert_int_equal(json_array_size(json_object_get(r.json, "moderators")), 0);
	assert_int_equal(told(desk_channel(), "moderator.changed"), 4);
	due_now("here", crew.hall.session);
	assert_false(is_due("here", crew.hall.session));
	r = here(&crew.hall.ann, "");
	assert_fault(&r, "denied");
}

static struct call_result offer(const struct caller *who, const char *to, const char *note)
{
	return act("desk.offer", who,
		   of_session(call_text(",\"to\":%s,\"note\":\"%s\"", to, note)));
}

static const char *quoted(const char *id)
{
	return call_text("\"%s\"", id);
}

static void a_desk_is_handed_over(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "Who answers me?");
	struct call_result r;

	(void)state;
	here(&crew.mod, "");
	here(&crew.other, "");
	r = act("desk.take", &crew.mod, of_session(""));
	assert_fine(&r);
	r = claim(&crew.mod, question, "\"value\":true");
	assert_fine(&r);
	r = act("desk.accept", &crew.other, of_session(""));
	assert_fault(&r, "desk.state");
	r = offer(&crew.other, quoted(crew.mod.person), "no");
	assert_fault(&r, "desk.held");
	r = offer(&crew.mod, quoted(crew.mod.person), "to me");
	assert_fault(&r, "desk.state");
	r = offer(&crew.mod, quoted(crew.hall.ann.person), "to her");
	assert_fault(&r, "desk.state");
	r = offer(&crew.mod, quoted(crew.other.person), "Ann is next");
	assert_fine(&r);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(desk_snapshot(), "offer"), "note")),
	    "Ann is next");
	r = act("desk.accept", &crew.other, of_session(",\"decline\":true"));
	assert_fine(&r);
	assert_string_equal(name_in(desk_snapshot(), "lead"), "Mo Derator");
	r = offer(&crew.mod, quoted(crew.other.person), "please");
	r = act("desk.accept", &crew.other, of_session(""));
	assert_fine(&r);
	assert_string_equal(name_in(desk_snapshot(), "lead"), "Nina Neighbour");
	/* With what the other was on. */
	assert_string_equal(claimant(question), "Nina Neighbour");
	assert_int_equal(told(mod_channel(), "claim.changed"), 2);
	assert_true(json_is_null(json_object_get(desk_snapshot(), "offer")));
	/* Taken back without being asked: that is seen too. */
	r = act("desk.take", &crew.mod, of_session(""));
	assert_fine(&r);
	assert_string_equal(name_in(desk_snapshot(), "lead"), "Mo Derator");
	assert_int_equal(told(desk_channel(), "desk.changed"), 8);
}

/* So many seconds ago the oldest was asked. */
static void waited(int seconds)
{
	call_sql("update question set created = now() - interval '%d seconds' where talk = '%s'",
		 seconds, crew.hall.talk);
	due_now("unattended", crew.hall.session);
}

static void nobody_moderating_is_carried_further(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "Is anybody there?");
	const char *other_session =
	    call_sql("insert into session (conference, guid, number, title) values ('%s', "
		     "gen_random_uuid(), 2, 'Other') returning id",
		     crew.hall.conference);
	struct caller scoped = call_person(crew.hall.conference, "Sco Ped", ROLE_MODERATOR);
	struct call_result r;

	(void)state;
	call_sql("insert into moderator_scope (conference, person, session) values ('%s', '%s', "
		 "'%s')",
		 crew.hall.conference, scoped.person, other_session);
	waited(80);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 0);
	waited(91);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 1);
	assert_int_equal(heard(&crew.other, "desk.waiting"), 1);
	assert_int_equal(heard(&scoped, "desk.waiting"), 0);
	/* Again, and nothing is told twice. */
	waited(95);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 1);
	assert_int_equal(told(desk_channel(), "desk.waiting"), 1);
	waited(151);
	assert_int_equal(heard(&scoped, "desk.waiting"), 1);
	assert_int_equal(heard(&crew.boss, "desk.waiting"), 0);
	waited(211);
	assert_int_equal(heard(&crew.boss, "desk.waiting"), 1);
	assert_int_equal(json_integer_value(json_object_get(desk_snapshot(), "told")), 3);
	waited(1000);
	assert_int_equal(heard(&crew.boss, "desk.waiting"), 1);
	r = move("qa.approve", question, 1, &crew.mod);
	assert_fine(&r);
	due_now("unattended", crew.hall.session);
	assert_int_equal(heard(&crew.boss, "desk.settled"), 1);
	assert_int_equal(heard(&scoped, "desk.settled"), 1);
	assert_false(is_due("unattended", crew.hall.session));
	assert_int_equal(json_integer_value(json_object_get(desk_snapshot(), "told")), 0);
}

static void who_acts_stops_the_alarm(void **state)
{
	const char *first = asked(&crew.hall, &crew.hall.ann, "First?");
	struct call_result r;

	(void)state;
	asked(&crew.hall, &crew.hall.bob, "Second?");
	waited(100);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 1);
	/* One is judged; the other waits still, but somebody is there. */
	r = move("qa.approve", first, 1, &crew.mod);
	assert_fine(&r);
	due_now("unattended", crew.hall.session);
	assert_int_equal(heard(&crew.mod, "desk.settled"), 1);
	assert_true(is_due("unattended", crew.hall.session));
	call_sql("update mod_action set at = at - interval '91 seconds' where question = '%s'",
		 first);
	due_now("unattended", crew.hall.session);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 2);
}

static void those_named_for_the_room_are_told_first(void **state)
{
	(void)state;
	call_sql("insert into moderator_scope (conference, person, room) values ('%s', '%s', '%s')",
		 crew.hall.conference, crew.other.person, crew.hall.room);
	asked(&crew.hall, &crew.hall.ann, "Room?");
	waited(91);
	assert_int_equal(heard(&crew.other, "desk.waiting"), 1);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 0);
	waited(151);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 1);
}

static void nobody_is_called_out_of_bed(void **state)
{
	(void)state;
	clock_at(&crew.hall, "2021-05-02T03:00:00+02:00");
	asked(&crew.hall, &crew.hall.ann, "Asked at night");
	waited(5000);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 0);
	assert_true(is_due("unattended", crew.hall.session));
	/* The doors of the session are open for a while: then it counts from there. */
	clock_at(&crew.hall, "2021-05-02T08:47:00+02:00");
	due_now("unattended", crew.hall.session);
	assert_int_equal(heard(&crew.mod, "desk.waiting"), 1);
	clock_at(&crew.hall, "2021-05-02T10:16:00+02:00");
	due_now("unattended", crew.hall.session);
	assert_int_equal(heard(&crew.mod, "desk.settled"), 1);
	assert_false(is_due("unattended", crew.hall.session));
}

static const char *message(const struct caller *who, const char *id, const char *audience,
			   const char *text)
{
	struct call_result r =
	    call_method("backstage.send",
			call_text("{\"message\":\"%s\",%s}", id,
				  of_session(call_text(",\"audience\":\"%s\",\"text\":\"%s\"",
						       audience, text))),
			who);

	return r.fault;
}

static const char *read_by(const struct caller *who, const char *id)
{
	return call_method("backstage.ack", call_text("{\"message\":\"%s\"}", id), who).fault;
}

static json_t *to_speaker(const struct caller *who)
{
	return json_object_get(
	    json_object_get(call_snapshot("person", NULL, crew.hall.conference, who->person),
			    "snapshot"),
	    "backstage");
}

static void a_message_must_be_acknowledged(void **state)
{
	const char *id = call_uuid();
	const char *speaker =
	    call_sql("insert into speaker (conference, guid, name, person) values ('%s', 's', "
		     "'Bob', '%s') returning id",
		     crew.hall.conference, crew.hall.bob.person);
	struct caller bob = crew.hall.bob;

	(void)state;
	bob.roles = ROLE_SPEAKER;
	call_sql("insert into talk_speaker (talk, speaker, ord) values ('%s', '%s', 1)",
		 crew.hall.talk, speaker);
	assert_null(message(&crew.mod, id, "desk", "Two minutes"));
	assert_int_equal(told(desk_channel(), "backstage.sent"), 1);
	/* Sent again, it is there once; under the same id another is refused. */
	assert_null(message(&crew.mod, id, "desk", "Two minutes"));
	assert_string_equal(message(&crew.mod, id, "desk", "Three minutes"), "key.reused");
	assert_int_equal(told(desk_channel(), "backstage.sent"), 1);
	assert_string_equal(read_by(&crew.mod, id), "denied");
	assert_string_equal(read_by(&bob, id), "denied");
	assert_null(read_by(&crew.other, id));
	assert_null(read_by(&crew.boss, id));
	assert_int_equal(told(desk_channel(), "backstage.acked"), 1);
	assert_string_equal(
	    name_in(json_array_get(json_object_get(desk_snapshot(), "messages"), 0), "acked"),
	    "Nina Neighbour");
	id = call_uuid();
	assert_null(message(&crew.mod, id, "speaker", "Please repeat the question"));
	assert_int_equal(heard(&bob, "backstage.sent"), 1);
	/* Who comes later finds it, until it is read. */
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(to_speaker(&bob), 0), "text")),
	    "Please repeat the question");
	assert_int_equal(json_array_size(to_speaker(&crew.hall.ann)), 0);
	assert_null(read_by(&bob, id));
	assert_int_equal(json_array_size(to_speaker(&bob)), 0);
	assert_int_equal(heard(&bob, "backstage.acked"), 1);
	assert_string_equal(message(&crew.hall.ann, call_uuid(), "all", "hi"), "denied");
	assert_string_equal(read_by(&crew.other, call_uuid()), "not_found");
	for (int i = 0; i < 50; i++)
		message(&crew.mod, call_uuid(), "all", "x");
	assert_string_equal(message(&crew.mod, call_uuid(), "all", "x"), "limit.rate");
}

static void the_list_of_desks(void **state)
{
	struct call_result r;
	json_t *sessions;

	(void)state;
	asked(&crew.hall, &crew.hall.ann, "Waiting?");
	here(&crew.mod, "");
	r = call_method("desk.list", "{}", &crew.other);
	assert_fine(&r);
	sessions = json_object_get(r.json, "sessions");
	assert_int_equal(json_array_size(sessions), 1);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(sessions, 0), "count")),
			 1);
	assert_int_equal(
	    json_array_size(json_object_get(json_array_get(sessions, 0), "moderators")), 1);
	/* What one may not run is not listed. */
	call_sql("insert into moderator_scope (conference, person, session) values ('%s', '%s', "
		 "'%s')",
		 crew.hall.conference, crew.other.person,
		 call_sql("insert into session (conference, guid, number, title) values ('%s', "
			  "gen_random_uuid(), 2, 'Other') returning id",
			  crew.hall.conference));
	r = call_method("desk.list", "{}", &crew.other);
	assert_int_equal(json_array_size(json_object_get(r.json, "sessions")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_claim_is_seen_and_kept, crew_make),
	    cmocka_unit_test_setup(a_lease_that_is_not_renewed_lapses, crew_make),
	    cmocka_unit_test_setup(who_may_not_claim, crew_make),
	    cmocka_unit_test_setup(who_is_there_is_known, crew_make),
	    cmocka_unit_test_setup(a_desk_is_handed_over, crew_make),
	    cmocka_unit_test_setup(nobody_moderating_is_carried_further, crew_make),
	    cmocka_unit_test_setup(who_acts_stops_the_alarm, crew_make),
	    cmocka_unit_test_setup(those_named_for_the_room_are_told_first, crew_make),
	    cmocka_unit_test_setup(nobody_is_called_out_of_bed, crew_make),
	    cmocka_unit_test_setup(a_message_must_be_acknowledged, crew_make),
	    cmocka_unit_test_setup(the_list_of_desks, crew_make),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
