/* tests/services: two moderators on one question at the same moment: every pair of commands from
 * every state. */
#include "tests/services/qa_hall.h"

enum { STATES = 7, COMMANDS = 16 };

static const char *const states[STATES] = {"pending",	"approved", "on_stage", "answered",
					   "dismissed", "merged",   "archived"};

/* into: another question; talk: the other talk; words: words that nothing else has. */
static const struct {
	const char *command, *args;
	bool by_asker;
} commands[COMMANDS] = {
    {"approve", "{}", false}, {"dismiss", "{\"reason\":\"rude\"}", false},
    {"hold", "{}", false},    {"stage", "{}", false},
    {"answer", "{}", false},  {"answer", "{\"text\":\"So it is.\",\"public\":true}", false},
    {"reopen", "{}", false},  {"skip", "{}", false},
    {"edit", "words", false}, {"accept", "{}", false},
    {"move", "talk", false},  {"merge", "into", false},
    {"unmerge", "{}", false}, {"restore", "{}", false},
    {"withdraw", "{}", true}, {"revise", "words", true},
};

struct side {
	PGconn *db;
	const char *fault, *state;
	int version;
	bool noop;
};

static const char *args_of(const struct hall *h, int c, const char *question, const char *head)
{
	if (strcmp(commands[c].args, "talk") == 0)
		return call_text("{\"talk\":\"%s\"}", h->other_talk);
	if (strcmp(commands[c].args, "into") == 0)
		return call_text("{\"into\":\"%s\"}", head);
	if (strcmp(commands[c].args, "words") == 0)
		return call_text("{\"text\":\"%s %s\"}", commands[c].command, question);
	return commands[c].args;
}

/* As services/db does it: a deadlock is sent again. */
static void take(struct side *s, const char *statement)
{
	for (int tries = 0;; tries++) {
		PGresult *r = PQgetResult(s->db), *end;
		const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

		if (state != NULL && strcmp(state, "40P01") == 0 && tries < 3) {
			PQclear(r);
			while ((end = PQgetResult(s->db)) != NULL)
				PQclear(end);
			PQsendQuery(s->db, statement);
			continue;
		}
		if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1)
			fail_msg("%s: %s", statement, PQresultErrorMessage(r));
		s->fault = PQgetisnull(r, 0, 0) ? NULL : call_text("%s", PQgetvalue(r, 0, 0));
		s->state = call_text("%s", PQgetvalue(r, 0, 1));
		s->version = atoi(PQgetvalue(r, 0, 2));
		s->noop = strcmp(PQgetvalue(r, 0, 3), "true") == 0;
		PQclear(r);
		while ((end = PQgetResult(s->db)) != NULL)
			PQclear(end);
		return;
	}
}

static const char *statement_of(const struct hall *h, const struct caller *mod, int c,
				const char *question, int version, const char *head)
{
	return call_text(
	    "select fault, coalesce(r.reply::json ->> 'state', r.current ->> 'state'), "
	    "coalesce(r.reply::json ->> 'version', r.current ->> 'version'), "
	    "coalesce(r.reply::json ->> 'noop', '') from question_move('%s', '%s', "
	    "gen_random_uuid(), '\\x00', '%s', %d, '%s', '%s') r",
	    h->conference, commands[c].by_asker ? h->ann.person : mod->person, question, version,
	    commands[c].command, args_of(h, c, question, head));
}

/* What the command would do alone: 1 changes it, 0 nothing to do, -1 refused. */
static int alone(const struct hall *h, int c, const char *question, const char *head)
{
	return count("select case when question_holds(q, '%s', '%s') then 0 when (question_next(q, "
		     "'%s', '%s')).id is not null then 1 else -1 end from question q where id = "
		     "'%s'",
		     commands[c].command, args_of(h, c, question, head), commands[c].command,
		     args_of(h, c, question, head), question);
}

static void assert_pair(const char *what, const struct side *s, const int *may, int before,
			int after, int acts)
{
	int wins = 0;

	for (int i = 0; i < 2; i++) {
		if (s[i].fault == NULL && !s[i].noop)
			wins++;
		else if (s[i].fault != NULL && strcmp(s[i].fault, "conflict") != 0 &&
			 strcmp(s[i].fault, "qa.state") != 0)
			fail_msg("%s: %s", what, s[i].fault);
		/* A refusal shows the row as it was at one of the two moments. */
		if (s[i].version != before && s[i].version != before + 1)
			fail_msg("%s: version %d", what, s[i].version);
		if (s[i].fault != NULL && strcmp(s[i].fault, "conflict") == 0 &&
		    s[i].version == before)
			fail_msg("%s: a conflict with nothing", what);
	}
	if (wins != (may[0] > 0 || may[1] > 0) || after != before + wins || acts != wins)
		fail_msg("%s: %d won, version %d after %d, %d in the history", what, wins, after,
			 before, acts);
}

static void race(const struct hall *h, const struct caller *mods, struct side *s, const char *state,
		 const int *pair, const int *may)
{
	const char *q = put(h, state), *head = put(h, "approved");
	int before = count("select version from question where id = '%s'", q);
	const char *statements[2];

	for (int i = 0; i < 2; i++)
		statements[i] = statement_of(h, &mods[i], pair[i], q, before, head);
	for (int i = 0; i < 2; i++)
		PQsendQuery(s[i].db, statements[i]);
	for (int i = 0; i < 2; i++)
		take(&s[i], statements[i]);
	assert_pair(call_text("%s and %s from %s", commands[pair[0]].command,
			      commands[pair[1]].command, state),
		    s, may, before, count("select version from question where id = '%s'", q),
		    count("select count(*) from mod_action where question = '%s'", q));
}

/* Those of which at least one can change it: two refusals have nothing to disagree about. */
static void every_pair_from(const struct hall *h, const struct caller *mods, struct side *s,
			    const char *state)
{
	const char *q = put(h, state), *head = put(h, "approved");
	int may[COMMANDS];

	for (int c = 0; c < COMMANDS; c++)
		may[c] = alone(h, c, q, head);
	for (int a = 0; a < COMMANDS; a++)
		for (int b = a; b < COMMANDS; b++)
			if (may[a] > 0 || may[b] > 0)
				race(h, mods, s, state, (int[]){a, b}, (int[]){may[a], may[b]});
}

static void every_pair(void **state)
{
	struct hall h = hall_make();
	struct caller mods[2] = {h.mod, call_person(h.conference, "Ma Derator", ROLE_MODERATOR)};
	struct side s[2] = {{.db = PQconnectdb(getenv("PLENUM_TEST_DSN"))},
			    {.db = PQconnectdb(getenv("PLENUM_TEST_DSN"))}};

	(void)state;
	for (int from = 0; from < STATES; from++)
		every_pair_from(&h, mods, s, states[from]);
	assert_int_equal(count("select count(*) from question where stage_room is not null and "
			       "conference = '%s'",
			       h.conference) <= 1,
			 1);
	/* The history is whole: each version after the first is a line of it, or a raw step of
	 * put(). */
	assert_int_equal(
	    count("select count(*) from (select question, version from mod_action where conference "
		  "= '%s' group by 1, 2 having count(*) > 1) x",
		  h.conference),
	    0);
	for (int i = 0; i < 2; i++)
		PQfinish(s[i].db);
}

/* Two that are merged into each other at once, and two that stand for one another in a ring. */
static void merged_into_each_other(void **state)
{
	struct hall h = hall_make();
	struct side s[2] = {{.db = PQconnectdb(getenv("PLENUM_TEST_DSN"))},
			    {.db = PQconnectdb(getenv("PLENUM_TEST_DSN"))}};
	const int merge = 11;

	(void)state;
	for (int round = 0; round < 20; round++) {
		const char *q[2] = {put(&h, "approved"), put(&h, "approved")};
		const char *statements[2];
		int fine = 0;

		for (int i = 0; i < 2; i++) {
			statements[i] = statement_of(&h, &h.mod, merge, q[i], 2, q[1 - i]);
			PQsendQuery(s[i].db, statements[i]);
		}
		for (int i = 0; i < 2; i++)
			take(&s[i], statements[i]);
		for (int i = 0; i < 2; i++)
			fine += s[i].fault == NULL;
		assert_int_equal(fine, 1);
		assert_int_equal(count("select count(*) from question where id in ('%s', '%s') and "
				       "state = 'merged'",
				       q[0], q[1]),
				 1);
	}
	for (int i = 0; i < 2; i++)
		PQfinish(s[i].db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_pair),
	    cmocka_unit_test(merged_into_each_other),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
