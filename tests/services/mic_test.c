/* tests/services: a place at the microphone, from joining to having been heard. */
#include "tests/services/mic_hall.h"

static void one_place(void **state)
{
	struct hall h = mic_make();
	struct caller eva = online(&h, "Eva Else");
	struct call_result r, many[4];
	const char *entry;

	(void)state;
	r = join(&h, &eva);
	assert_fine(&r);
	entry = member(&r, "entry");
	assert_string_equal(member(&r, "state"), "waiting");
	assert_string_equal(member(&r, "origin"), "remote");
	assert_int_equal(number(&r, "place"), 1);
	/* Again, from two pages at once, and for another talk of the same session: one place. */
	{
		const char *other = call_text("{\"talk\":\"%s\"}", h.other_talk);
		const struct call calls[] = {{"mic.join", other, &eva},
					     {"mic.join", other, &eva},
					     {"mic.join", other, &h.ann},
					     {"mic.join", other, &h.bob}};

		call_methods(calls, 4, many);
	}
	for (int i = 0; i < 4; i++)
		assert_fine(&many[i]);
	assert_string_equal(member(&many[0], "entry"), entry);
	assert_string_equal(member(&many[1], "entry"), entry);
	assert_string_equal(member(&many[2], "origin"), "room");
	assert_int_equal(count("select count(*) from mic_entry where session = '%s'", h.session),
			 3);
	/* The number of those who wait stands beside the votes of each talk. */
	assert_int_equal(count("select count(*) from tally t join channel c on c.id = t.channel "
			       "where t.key = 'mic' and t.value = 3 and c.name in ('talk:%s', "
			       "'talk:%s')",
			       h.talk, h.other_talk),
			 2);
	r = in_session("mic.leave", &h, &h.ann);
	assert_fine(&r);
	assert_int_equal(number(&r, "left"), 1);
	r = in_session("mic.leave", &h, &h.ann);
	assert_int_equal(number(&r, "left"), 0);
	r = call_method("mic.leave", "{}", &h.bob);
	assert_int_equal(number(&r, "left"), 1);
	assert_string_equal(line(&h), "E");
	/* Who left may come again, at the end. */
	joined(&h, &h.ann);
	assert_string_equal(line(&h), "E,A");
	assert_int_equal(count("select count(*) from mic_entry where session = '%s'", h.session),
			 4);
}

static void all_the_way(void **state)
{
	struct hall h = mic_make();
	struct caller eva = online(&h, "Eva Else");
	const char *entry = joined(&h, &eva), *key = call_uuid(), *params;
	struct call_result r, again;

	(void)state;
	params = call_text("{\"entry\":\"%s\",\"expect_version\":1,\"key\":\"%s\"}", entry, key);
	r = call_method("mic.call", params, &h.mod);
	assert_fine(&r);
	assert_string_equal(member(&r, "state"), "called");
	assert_int_equal(number(&r, "version"), 2);
	again = call_method("mic.call", params, &h.mod);
	assert_string_equal(again.text, r.text);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'person:%s' and e.type = 'mic.called'",
			       eva.person),
			 1);
	/* The one called says that they are on the way; nobody else who is no moderator may. */
	r = step("connecting", entry, 2, &h.bob);
	assert_fault(&r, "denied");
	r = step("connecting", entry, 2, &eva);
	assert_fine(&r);
	r = step("heard", entry, 3, &eva);
	assert_fault(&r, "denied");
	r = step("heard", entry, 3, &h.mod);
	assert_fine(&r);
	r = step("done", entry, 4, &h.mod);
	assert_fine(&r);
	assert_string_equal(state_of(entry), "done");
	assert_int_equal(
	    count("select count(*) from audit where subject = '%s' and action like 'mic.%%'",
		  entry),
	    4);
}

static void one_voice(void **state)
{
	struct hall h = mic_make();
	const char *ann = joined(&h, &h.ann), *bob = joined(&h, &h.bob);
	struct call_result r;

	(void)state;
	step("call", ann, 1, &h.mod);
	step("call", bob, 1, &h.mod);
	r = step("heard", ann, 2, &h.mod);
	assert_fine(&r);
	/* The next voice takes the floor from the one before. */
	r = step("heard", bob, 2, &h.mod);
	assert_fine(&r);
	assert_string_equal(state_of(ann), "done");
	assert_string_equal(state_of(bob), "heard");
	/* Who has the floor and leaves has been heard. */
	in_session("mic.leave", &h, &h.bob);
	assert_string_equal(state_of(bob), "done");
}

/* Every command in every state: it works, it is done already, or it is refused by name and changes
 * nothing. */
static void every_step(void **state)
{
	static const char *const commands[] = {"call", "connecting", "heard", "done",
					       "skip", "no_show",    "wait"};
	static const char *const targets[] = {"called",	 "connecting", "heard",	 "done",
					      "skipped", "no_show",    "waiting"};
	static const char *const states[] = {"waiting", "called",  "connecting", "heard",
					     "done",	"skipped", "left",	 "no_show"};
	/* x: works, .: refused, =: is there already */
	static const char *const table[] = {"x=......", ".x=.....", ".xx=....", ".xxx=...",
					    "xxx..=..", ".xx....=", "=xx..x.x"};
	struct hall h = mic_make();

	(void)state;
	for (int c = 0; c < 7; c++)
		for (int s = 0; s < 8; s++) {
			const char *entry = call_sql(
			    "insert into mic_entry (conference, session, talk, name, origin, "
			    "state, heard) values ('%s', '%s', '%s', 'X', 'room', '%s', case when "
			    "'%s' = 'heard' then now() end) returning id",
			    h.conference, h.session, h.talk, states[s], states[s]);
			struct call_result r = step(commands[c], entry, 1, &h.mod);

			if (table[c][s] == '.') {
				assert_fault(&r, "mic.state");
				assert_non_null(strstr(r.current, entry));
			} else {
				assert_fine(&r);
				assert_string_equal(member(&r, "state"), targets[c]);
				assert_int_equal(number(&r, "version"), table[c][s] == 'x' ? 2 : 1);
			}
			assert_string_equal(state_of(entry),
					    table[c][s] == 'x' ? targets[c] : states[s]);
			call_sql("delete from mic_entry where id = '%s'", entry);
		}
}

/* Two moderators at once, with the same version: each pair of commands makes one step. */
static void every_pair(void **state)
{
	static const char *const commands[] = {"call", "connecting", "heard", "done",
					       "skip", "no_show",    "wait"};
	struct hall h = mic_make();
	struct caller two = call_person(h.conference, "Two", ROLE_MODERATOR);
	const char *entry = joined(&h, &h.ann);

	(void)state;
	for (int a = 0; a < 7; a++)
		for (int b = 0; b < 7; b++) {
			struct call_result r[2];
			struct call calls[2] = {{.who = &h.mod}, {.who = &two}};
			int changed = 0;

			call_sql("update mic_entry set state = 'called', version = 5, heard = "
				 "null, ended = null where id = '%s'",
				 entry);
			for (int i = 0; i < 2; i++) {
				calls[i].method = call_text("mic.%s", commands[i == 0 ? a : b]);
				calls[i].params = call_text(
				    "{\"entry\":\"%s\",\"expect_version\":5,\"key\":\"%s\"}", entry,
				    call_uuid());
			}
			call_methods(calls, 2, r);
			for (int i = 0; i < 2; i++) {
				if (r[i].fault == NULL)
					changed += json_object_get(r[i].json, "noop") == NULL;
				else if (strcmp(r[i].fault, "mic.state") != 0)
					assert_fault(&r[i], "conflict");
			}
			/* Only "call" changes nothing: it has been called. */
			assert_int_equal(changed, a == 0 && b == 0 ? 0 : 1);
			assert_int_equal(
			    count("select version from mic_entry where id = '%s'", entry),
			    5 + changed);
		}
}

/* Two press "next" at once: one is called, and the second hears whom. */
static void next_once(void **state)
{
	struct hall h = mic_make();
	const char *entries[3] = {joined(&h, &h.ann), joined(&h, &h.bob), joined(&h, &h.mod)};
	struct call_result r, pair[2];
	struct call calls[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		calls[i] = (struct call){
		    "mic.next",
		    call_text("{\"session\":\"%s\",\"expect_version\":0,\"key\":\"%s\"}", h.session,
			      call_uuid()),
		    &h.mod};
	call_methods(calls, 2, pair);
	for (int i = 0; i < 2; i++) {
		assert_fine(&pair[i]);
		assert_string_equal(member(&pair[i], "entry"), entries[0]);
	}
	assert_int_equal(count("select count(*) from mic_entry where session = '%s' and state = "
			       "'called'",
			       h.session),
			 1);
	r = next_one(&h, 7);
	assert_fault(&r, "conflict");
	assert_non_null(strstr(r.current, entries[1]));
	r = next_one(&h, 1);
	assert_string_equal(member(&r, "entry"), entries[1]);
	next_one(&h, 2);
	r = next_one(&h, 3);
	assert_fault(&r, "mic.empty");
}

static void in_the_hall(void **state)
{
	struct hall h = mic_make();
	struct caller desk = call_person(h.conference, "Dora Desk", ROLE_DESK);
	struct caller eva = online(&h, "Eva Else");
	const char *eva_entry, *list;
	struct call_result r;

	(void)state;
	call_sql("insert into role_grant (conference, person, role) values ('%s', '%s', 'desk') "
		 "on conflict do nothing",
		 h.conference, desk.person);
	eva_entry = joined(&h, &eva);
	r = enter(&h, "\"name\":\"Lady in red\"", &desk);
	assert_fine(&r);
	assert_string_equal(member(&r, "name"), "Lady in red");
	r = enter(&h, call_text("\"person\":\"%s\"", h.ann.person), &desk);
	assert_fine(&r);
	/* Staff of the desk bring people; they call nobody. */
	r = step("call", member(&r, "entry"), 1, &desk);
	assert_fault(&r, "denied");
	/* Somebody known to wait elsewhere stands here: the place stays, the side changes. */
	r = enter(&h, call_text("\"person\":\"%s\"", eva.person), &h.mod);
	assert_string_equal(member(&r, "entry"), eva_entry);
	assert_string_equal(call_sql("select origin from mic_entry where id = '%s'", eva_entry),
			    "room");
	/* Bad input. */
	r = enter(&h, "\"code\":\"never one\"", &desk);
	assert_fault(&r, "mic.code");
	r = enter(&h, "\"code\":\"AAAAAAAAAAAAAAAAAAAA\"", &desk);
	assert_fault(&r, "mic.code");
	r = enter(&h, "\"expect_version\":1", &desk);
	assert_fault(&r, "bad_request");
	r = enter(&h, "\"name\":\"A\",\"person\":\"00000000-0000-4000-8000-000000000000\"", &desk);
	assert_fault(&r, "bad_request");
	r = enter(&h, "\"person\":\"00000000-0000-4000-8000-000000000000\"", &desk);
	assert_fault(&r, "not_found");
	r = enter(&h, "\"name\":\"A\"", &h.ann);
	assert_fault(&r, "denied");
	/* Checked in is a mark, nothing else. */
	list = call_sql("insert into checkin_list (conference, name) values ('%s', 'Door') "
			"returning id",
			h.conference);
	call_sql("with s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, "
		 "at) values (gen_random_uuid(), '%s', '%s', '%s', '%s', '', now()) returning "
		 "scan_id, conference, list, person, at) insert "
		 "into admission (conference, list, person, scan, at) select conference, list, "
		 "person, scan_id, at from s",
		 h.conference, list, desk.person, h.ann.person);
	r = in_session("mic.list", &h, &h.mod);
	assert_fine(&r);
	{
		const json_t *entries = json_object_get(r.json, "entries"), *one;
		size_t i;
		int inside = 0;

		assert_int_equal(json_array_size(entries), 3);
		json_array_foreach(entries, i, one) inside +=
		    json_is_true(json_object_get(one, "inside"));
		assert_int_equal(inside, 1);
	}
	r = in_session("mic.list", &h, &h.ann);
	assert_fault(&r, "denied");
}

static void windows(void **state)
{
	struct hall h = mic_make();
	struct call_result r;

	(void)state;
	clock_at(&h, "2021-05-02T08:54:00+02:00");
	r = join(&h, &h.ann);
	assert_fault(&r, "mic.closed");
	clock_at(&h, "2021-05-02T08:56:00+02:00");
	r = join(&h, &h.ann);
	assert_fine(&r);
	clock_at(&h, "2021-05-02T10:14:00+02:00");
	r = join(&h, &h.bob);
	assert_fine(&r);
	clock_at(&h, "2021-05-02T10:16:00+02:00");
	r = join(&h, &h.mod);
	assert_fault(&r, "mic.closed");
	/* What nobody has ended runs. */
	call_sql("update published set started = '2021-05-02T09:00+02' where slot = '%s'", h.slot);
	r = join(&h, &h.mod);
	assert_fine(&r);
	call_sql("update talk set mic_window = 'closed' where id = '%s'", h.talk);
	r = enter(&h, "\"name\":\"A\"", &h.mod);
	assert_fault(&r, "mic.closed");
	call_sql("update talk set mic_window = 'open', paused = true where id = '%s'", h.talk);
	r = enter(&h, "\"name\":\"A\"", &h.mod);
	assert_fault(&r, "qa.paused");
	/* Who has a place keeps it. */
	r = join(&h, &h.ann);
	assert_fine(&r);
	r = in_session("mic.mine", &h, &h.ann);
	assert_string_equal(mic_own_text(&r, "entry", "state"), "waiting");
}

static void bad_input(void **state)
{
	struct hall h = mic_make(), other = mic_make();
	const char *entry = joined(&h, &h.ann), *foreign = joined(&other, &other.ann);
	struct call_result r;

	(void)state;
	r = call_method("mic.join", call_text("{\"talk\":\"%s\"}", other.talk), &h.ann);
	assert_fault(&r, "not_found");
	r = call_method("mic.join", "{}", &h.ann);
	assert_fault(&r, "bad_request");
	r = call_method("mic.join",
			call_text("{\"talk\":\"%s\",\"question\":\"%s\"}", h.talk, call_uuid()),
			&h.bob);
	assert_fault(&r, "not_found");
	r = step("call", foreign, 1, &h.mod);
	assert_fault(&r, "not_found");
	r = step("call", entry, 2, &h.mod);
	assert_fault(&r, "conflict");
	assert_non_null(strstr(r.current, "Ann Asker"));
	r = step("call", entry, 1, &h.bob);
	assert_fault(&r, "denied");
	/* A moderator's role that is gone bites in the statement. */
	call_sql("delete from role_grant where person = '%s' and role = 'moderator'", h.mod.person);
	r = step("call", entry, 1, &h.mod);
	assert_fault(&r, "denied");
	r = next_one(&h, 0);
	assert_fault(&r, "denied");
	assert_string_equal(state_of(entry), "waiting");
	/* One who was muted. */
	call_sql("insert into mute (conference, person, how) values ('%s', '%s', 'hard')",
		 h.conference, h.bob.person);
	r = join(&h, &h.bob);
	assert_fault(&r, "qa.muted");
	/* So many that nobody more has a turn. */
	call_sql("insert into mic_entry (conference, session, talk, name, origin) select '%s', "
		 "'%s', '%s', 'N' || i, 'room' from generate_series(1, 299) i",
		 h.conference, h.session, h.talk);
	r = enter(&h, "\"name\":\"One more\"", &h.mod);
	assert_fault(&r, "denied");
	r = join(&h, &h.mod);
	assert_fault(&r, "mic.full");
	/* The whole queue goes into no event; what does fits, however long names are. */
	call_sql("update mic_entry set name = repeat('\xf0\x9f\x8e\xa4', 80) where session = '%s' "
		 "and name is not null",
		 h.session);
	r = join(&h, &h.ann);
	assert_fine(&r);
	assert_true(count("select max(octet_length(data::text)) from channel_event e join channel "
			  "c on c.id = e.channel where c.name = 'desk:%s'",
			  h.session) <= 16384);
	assert_int_equal(LIVE_MAX, count("select sum(value::int) from json_each_text(mic_snapshot("
					 "'%s', '%s') -> 'waiting')",
					 h.conference, h.session));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_place),   cmocka_unit_test(all_the_way),
	    cmocka_unit_test(one_voice),   cmocka_unit_test(every_step),
	    cmocka_unit_test(every_pair),  cmocka_unit_test(next_once),
	    cmocka_unit_test(in_the_hall), cmocka_unit_test(windows),
	    cmocka_unit_test(bad_input),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
