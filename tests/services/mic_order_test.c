/* tests/services: whose turn it is, under each policy; who is away; the link; reading out; the
 * meter. */
#include "tests/services/mic_hall.h"

/* A queue that grows and shrinks by chance, called one by one. */
struct history {
	struct hall h;
	struct caller people[24];
	int calls;
};

static void history_make(struct history *y, const char *name)
{
	y->h = mic_make();
	y->calls = 0;
	policy(&y->h, name);
	for (int i = 0; i < 24; i++) {
		const char *who = call_text("P%02d", i);

		y->people[i] = i % 3 == 0 ? online(&y->h, who)
					  : call_person(y->h.conference, who, ROLE_ATTENDEE);
	}
}

static int waiting_on(const struct hall *h, const char *origin)
{
	return count("select count(*) from mic_entry where session = '%s' and state = 'waiting' "
		     "and origin = '%s'",
		     h->session, origin);
}

/* Somebody by chance joins; now and then somebody leaves. */
static void some_come(struct history *y)
{
	struct call calls[3];
	struct call_result r[3];
	const char *params = call_text("{\"talk\":\"%s\"}", y->h.talk);

	for (int i = 0; i < 3; i++)
		calls[i] = (struct call){"mic.join", params, &y->people[rand() % 24]};
	call_methods(calls, 3, r);
	if (rand() % 4 == 0)
		in_session("mic.leave", &y->h, &y->people[rand() % 24]);
}

/* Calls the first and lets them speak; NULL when nobody waits. */
static const char *call_one(struct history *y)
{
	struct call_result r = next_one(&y->h, y->calls);
	const char *entry = member(&r, "entry");

	if (entry == NULL) {
		assert_fault(&r, "mic.empty");
		return NULL;
	}
	y->calls++;
	r = step("heard", entry, number(&r, "version") > 0 ? (int)number(&r, "version") : 2,
		 &y->h.mod);
	assert_fine(&r);
	return entry;
}

/* No side has two turns one after the other while somebody of the other waits. */
static void alternate(void **state)
{
	struct history y;
	char last[8] = "";

	(void)state;
	for (unsigned seed = 1; seed <= 3; seed++) {
		srand(seed);
		history_make(&y, "alternate");
		last[0] = 0;
		for (int i = 0; i < 25; i++) {
			const char *other, *entry, *origin;
			int others;

			some_come(&y);
			other = strcmp(last, "room") == 0 ? "remote" : "room";
			others = waiting_on(&y.h, other);
			entry = call_one(&y);
			if (entry == NULL)
				continue;
			origin = call_sql("select origin from mic_entry where id = '%s'", entry);
			if (strcmp(origin, last) == 0 && others > 0)
				fail_msg("seed %u: %s twice while %d wait on the other side", seed,
					 origin, others);
			snprintf(last, sizeof(last), "%s", origin);
		}
	}
}

static void fifo(void **state)
{
	struct history y;

	(void)state;
	srand(7);
	history_make(&y, "fifo");
	for (int i = 0; i < 20; i++) {
		const char *first, *entry;

		some_come(&y);
		first = call_sql("select id from mic_entry where session = '%s' and state = "
				 "'waiting' order by arrival limit 1",
				 y.h.session);
		entry = call_one(&y);
		if (entry != NULL)
			assert_string_equal(entry, first);
	}
}

/* Nobody speaks a second time while somebody waits who has not spoken. */
static void first_time_first(void **state)
{
	struct history y;

	(void)state;
	srand(11);
	history_make(&y, "first_time_first");
	for (int i = 0; i < 30; i++) {
		const char *entry;
		int fresh;

		some_come(&y);
		fresh = count("select count(*) from mic_entry e where session = '%s' and state = "
			      "'waiting' and not exists (select from mic_entry x where x.person = "
			      "e.person and x.heard is not null)",
			      y.h.session);
		entry = call_one(&y);
		if (entry != NULL && fresh > 0)
			assert_int_equal(
			    count(
				"select count(*) from mic_entry x, mic_entry e where e.id = '%s' "
				"and x.person = e.person and x.id <> e.id and x.heard is not null",
				entry),
			    0);
	}
}

static struct call_result order(const struct hall *h, const char *ids)
{
	return call_method("mic.order",
			   call_text("{\"session\":\"%s\",\"entries\":[%s],\"key\":\"%s\"}",
				     h->session, ids, call_uuid()),
			   &h->mod);
}

static void by_hand(void **state)
{
	struct hall h = mic_make();
	const char *a = joined(&h, &h.ann), *b = joined(&h, &h.bob), *m = joined(&h, &h.mod);
	struct call_result r;

	(void)state;
	r = order(&h, call_text("\"%s\",\"%s\",\"%s\"", m, a, b));
	assert_fault(&r, "mic.order");
	policy(&h, "manual");
	r = order(&h, call_text("\"%s\",\"%s\",\"%s\"", m, a, b));
	assert_fine(&r);
	assert_string_equal(line(&h), "M,A,B");
	/* One too few, one twice, one of somewhere else, none at all. */
	r = order(&h, call_text("\"%s\",\"%s\"", m, a));
	assert_fault(&r, "mic.order");
	assert_non_null(strstr(r.current, b));
	r = order(&h, call_text("\"%s\",\"%s\",\"%s\"", m, a, a));
	assert_fault(&r, "mic.order");
	r = order(&h, call_text("\"%s\",\"%s\",\"%s\"", m, a, call_uuid()));
	assert_fault(&r, "mic.order");
	r = order(&h, "\"one\",\"two\",\"three\"");
	assert_fault(&r, "bad_request");
	r = order(&h, "");
	assert_fault(&r, "mic.order");
	assert_string_equal(line(&h), "M,A,B");
	/* Who comes later stands behind. */
	{
		struct caller eva = online(&h, "Eva Else");

		joined(&h, &eva);
	}
	assert_string_equal(line(&h), "M,A,B,E");
	r = call_method(
	    "mic.order",
	    call_text("{\"talk\":\"%s\",\"entries\":{},\"key\":\"%s\"}", h.talk, call_uuid()),
	    &h.mod);
	assert_fault(&r, "bad_request");
}

static void jobs(void)
{
	call_sql("update due set at = now() where kind = 'mic'");
	while (strcmp(call_sql("select due_run()"), "t") == 0)
		;
}

/* A place is kept through a lost connection: two minutes where it was, then behind those who are
 * there, and back as soon as the page is. */
static void disconnected(void **state)
{
	struct hall h = mic_make();
	struct caller eva = online(&h, "Eva Else"), fred = online(&h, "Fred Far");
	const char *e, *f;
	struct call_result r;

	(void)state;
	policy(&h, "fifo");
	e = joined(&h, &eva);
	f = joined(&h, &fred);
	joined(&h, &h.ann);
	assert_string_equal(line(&h), "E,F,A");
	silent(e, 60);
	jobs();
	assert_string_equal(line(&h), "E,F,A");
	assert_string_equal(call_sql("select told_presence from mic_entry where id = '%s'", e),
			    "away");
	assert_int_equal(count("select count(*) from channel_event v join channel c on c.id = "
			       "v.channel where c.name = 'desk:%s' and v.position = c.head and "
			       "v.data::text like '%%\"presence\":\"away\"%%'",
			       h.session),
			 1);
	silent(e, 121);
	assert_string_equal(line(&h), "F,A,E");
	jobs();
	r = in_session("mic.mine", &h, &eva);
	assert_string_equal(mic_own_text(&r, "entry", "state"), "waiting");
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(r.json, "entry"), "place")), 3);
	/* Hours later it is still there; the one word brings the old place back. */
	silent(e, 7200);
	jobs();
	assert_string_equal(state_of(e), "waiting");
	r = in_session("mic.here", &h, &eva);
	assert_fine(&r);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(r.json, "entry"), "place")), 1);
	assert_string_equal(line(&h), "E,F,A");
	/* A phone in a pocket in the hall is no absence. */
	call_sql("update mic_entry set seen = now() - interval '1 hour' where session = '%s' and "
		 "origin = 'room'",
		 h.session);
	assert_string_equal(line(&h), "E,F,A");
	/* Skipped by mistake: back where they were. */
	step("skip", f, 1, &h.mod);
	assert_string_equal(line(&h), "E,A");
	r = step("wait", f, 2, &h.mod);
	assert_fine(&r);
	assert_string_equal(line(&h), "E,F,A");
}

static struct call_result bridge(const struct hall *h, const char *method, const char *url,
				 const struct caller *who)
{
	return call_method(method,
			   call_text("{\"room\":\"%s\",\"url\":%s,\"key\":\"%s\"}", h->room,
				     url[0] == 'n' ? url : call_text("\"%s\"", url), call_uuid()),
			   who);
}

static const char *link_of(const struct hall *h, const struct caller *who)
{
	struct call_result r = in_session("mic.mine", h, who);

	assert_fine(&r);
	return mic_own_text(&r, "bridge", "url");
}

static int links_told(const struct caller *who)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.name = 'person:%s' and e.type = 'mic.called'",
		     who->person);
}

#define FIRST  "https://meet.example.org/j/81234?pwd=s3cr3t"
#define SECOND "https://meet.example.org/j/99999?pwd=an0th3r"

/* The link: to the one called, while they are, and nowhere else. */
static void the_link(void **state)
{
	struct hall h = mic_make();
	struct caller eva = online(&h, "Eva Else"), fred = online(&h, "Fred Far");
	const char *e, *a;
	struct call_result r;

	(void)state;
	policy(&h, "fifo");
	e = joined(&h, &eva);
	joined(&h, &fred);
	a = joined(&h, &h.ann);
	r = bridge(&h, "bridge.set", FIRST, &h.ann);
	assert_fault(&r, "denied");
	r = bridge(&h, "bridge.rotate", FIRST, &h.mod);
	assert_fault(&r, "bridge.same");
	r = bridge(&h, "bridge.set", FIRST, &h.mod);
	assert_fine(&r);
	assert_string_equal(member(&r, "host"), "meet.example.org");
	r = bridge(&h, "bridge.set", FIRST, &h.mod);
	assert_true(json_is_true(json_object_get(r.json, "noop")));
	assert_null(link_of(&h, &eva));
	step("call", e, 1, &h.mod);
	assert_string_equal(link_of(&h, &eva), FIRST);
	assert_null(link_of(&h, &fred));
	/* Called in the hall: walk to the microphone, no link. */
	step("call", a, 1, &h.mod);
	assert_null(link_of(&h, &h.ann));
	step("connecting", e, 2, &eva);
	assert_string_equal(link_of(&h, &eva), FIRST);
	/* Another link while one is on: told so, and the old one is gone. */
	r = bridge(&h, "bridge.rotate", FIRST, &h.mod);
	assert_fault(&r, "bridge.same");
	assert_int_equal(links_told(&eva), 1);
	r = bridge(&h, "bridge.rotate", SECOND, &h.mod);
	assert_fine(&r);
	assert_int_equal(number(&r, "version"), 2);
	assert_int_equal(links_told(&eva), 2);
	assert_int_equal(links_told(&fred), 0);
	assert_string_equal(link_of(&h, &eva), SECOND);
	step("heard", e, 3, &h.mod);
	assert_string_equal(link_of(&h, &eva), SECOND);
	step("done", e, 4, &h.mod);
	assert_null(link_of(&h, &eva));
	/* In no event, stored reply or audit row, and in nothing that anybody else can ask for. */
	assert_int_equal(leaks(&h, "s3cr3t"), 0);
	assert_int_equal(leaks(&h, "an0th3r"), 0);
	{
		const struct caller *const who[] = {&eva, &fred, &h.ann, &h.mod};
		static const char *const methods[] = {"mic.mine", "mic.here", "mic.list",
						      "bridge.get"};

		for (int i = 0; i < 4; i++)
			for (int m = 0; m < 4; m++) {
				r = in_session(methods[m], &h, who[i]);
				if (r.text != NULL)
					assert_null(strstr(r.text, "pwd"));
				else
					assert_string_equal(r.fault, "denied");
			}
	}
	r = bridge(&h, "bridge.set", "null", &h.mod);
	assert_fine(&r);
	assert_false(json_is_true(json_object_get(r.json, "set")));
	/* Bad links. */
	r = bridge(&h, "bridge.set", "http://meet.example.org/j/1", &h.mod);
	assert_fault(&r, "bridge.url");
	r = bridge(&h, "bridge.set", "https://meet.example.org/a b", &h.mod);
	assert_fault(&r, "bridge.url");
	r = bridge(&h, "bridge.set", "javascript:alert(1)", &h.mod);
	assert_fault(&r, "bridge.url");
}

/* "Read it out for me": a question for the moderators, and the place is kept until one acts. */
static void read_out(void **state)
{
	struct hall h = mic_make();
	struct caller eva = online(&h, "Eva Else");
	const char *e = joined(&h, &eva), *params, *question;
	struct call_result r, again;

	(void)state;
	params = call_text("{\"entry\":\"%s\",\"text\":\"Why is it so?\",\"key\":\"%s\"}", e,
			   call_uuid());
	r = call_method("mic.read_out", params, &h.bob);
	assert_fault(&r, "denied");
	r = call_method("mic.read_out", params, &eva);
	assert_fine(&r);
	question = member(&r, "question");
	again = call_method("mic.read_out", params, &eva);
	assert_string_equal(again.text, r.text);
	assert_string_equal(
	    call_sql("select kind || ' ' || origin || ' ' || state from question where id = '%s'",
		     question),
	    "spoken remote pending");
	assert_string_equal(state_of(e), "waiting");
	assert_string_equal(line(&h), "E");
	/* Said again it is the same question; without words it is taken back. */
	r = call_method("mic.read_out",
			call_text("{\"entry\":\"%s\",\"text\":\"Why is it so?\",\"key\":\"%s\"}", e,
				  call_uuid()),
			&eva);
	assert_string_equal(member(&r, "question"), question);
	/* A moderator has read it: done from where they stood, and no voice. */
	r = step("done", e, 3, &h.mod);
	assert_fine(&r);
	assert_int_equal(
	    count("select count(*) from mic_entry where heard is not null and id = '%s'", e), 0);
	r = call_method("mic.read_out", params, &eva);
	assert_fine(&r);
	r = call_method(
	    "mic.read_out",
	    call_text("{\"entry\":\"%s\",\"text\":\"Late\",\"key\":\"%s\"}", e, call_uuid()), &eva);
	assert_fault(&r, "mic.state");
}

static json_int_t fair(const struct hall *h, const char *way, const char *origin, const char *name)
{
	struct call_result r = in_session("mic.list", h, &h->mod);
	const json_t *sides =
	    json_object_get(json_object_get(json_object_get(r.json, "fairness"), way), origin);

	assert_non_null(sides);
	return json_integer_value(json_object_get(sides, name));
}

static void meter(void **state)
{
	struct hall h = mic_make();

	(void)state;
	assert_int_equal(fair(&h, "voice", "room", "n"), 0);
	assert_int_equal(fair(&h, "text", "remote", "share"), 0);
	assert_string_equal(
	    call_sql("select fairness('%s', '%s') #>> '{voice,room,median_s}' is null",
		     h.conference, h.session),
	    "t");
	/* Three in the hall waited 10, 20 and 90 s, one elsewhere 60 s. */
	call_sql("insert into mic_entry (conference, session, talk, name, origin, state, joined, "
		 "called, heard, ended) select '%s', '%s', '%s', 'N', o, 'done', now() - w * "
		 "interval '1 s', now(), now(), now() from (values ('room', 10), ('room', 20), "
		 "('room', 90), ('remote', 60)) v(o, w)",
		 h.conference, h.session, h.talk);
	assert_int_equal(fair(&h, "voice", "room", "n"), 3);
	assert_int_equal(fair(&h, "voice", "room", "median_s"), 20);
	assert_int_equal(fair(&h, "voice", "room", "share"), 75);
	assert_int_equal(fair(&h, "voice", "remote", "median_s"), 60);
	assert_int_equal(fair(&h, "voice", "remote", "share"), 25);
	call_sql("insert into question (id, conference, talk, person, text, origin, asked_at, "
		 "created, staged, state) values (gen_random_uuid(), '%s', '%s', '%s', 'Q', "
		 "'remote', now(), now() - interval '5 minutes', now(), 'approved')",
		 h.conference, h.talk, h.ann.person);
	assert_int_equal(fair(&h, "text", "remote", "median_s"), 300);
	assert_int_equal(fair(&h, "text", "remote", "share"), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(alternate),	cmocka_unit_test(fifo),
	    cmocka_unit_test(first_time_first), cmocka_unit_test(by_hand),
	    cmocka_unit_test(disconnected),	cmocka_unit_test(the_link),
	    cmocka_unit_test(read_out),		cmocka_unit_test(meter),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
