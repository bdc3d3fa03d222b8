/* tests/services: a hall with two moderators and an organiser, and short forms of what they do. */
#ifndef TESTS_DESK_SUPPORT_H
#define TESTS_DESK_SUPPORT_H

#include "tests/services/qa_hall.h"

struct crew {
	struct hall hall;
	struct caller mod, other, boss; /* hall.mod is mod */
};

static struct crew crew;

static int crew_make(void **state)
{
	(void)state;
	crew.hall = hall_make();
	crew.mod = crew.hall.mod;
	crew.other = call_person(crew.hall.conference, "Nina Neighbour", ROLE_MODERATOR);
	crew.boss = call_person(crew.hall.conference, "Ole Organiser", ROLE_ORGANISER);
	return 0;
}

/* How often somebody's channel, or any other, was told of something. */
static inline int told(const char *channel, const char *type)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = '%s' and e.type = '%s'",
		     crew.hall.conference, channel, type);
}

static inline int heard(const struct caller *who, const char *type)
{
	return told(call_text("person:%s", who->person), type);
}

static inline const char *desk_channel(void)
{
	return call_text("desk:%s", crew.hall.session);
}

static inline const char *mod_channel(void)
{
	return call_text("talk:%s:mod", crew.hall.talk);
}

/* The work of that kind for the hall's session, or for a question, is done now. */
static inline void due_now(const char *kind, const char *subject)
{
	assert_int_equal(count("with x as (update due set at = '2000-01-01' where kind = '%s' and "
			       "subject = '%s' returning 1) select count(*) from x",
			       kind, subject),
			 1);
	assert_string_equal(call_sql("select due_run()"), "t");
}

static inline bool is_due(const char *kind, const char *subject)
{
	return count("select count(*) from due where kind = '%s' and subject = '%s'", kind,
		     subject) == 1;
}

/* {members,"key":new} */
static inline struct call_result act(const char *method, const struct caller *who,
				     const char *members)
{
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", members, call_uuid()), who);
}

static inline const char *of_session(const char *more)
{
	return call_text("\"session\":\"%s\"%s", crew.hall.session, more);
}

static inline json_t *desk_snapshot(void)
{
	return json_object_get(call_snapshot("desk", NULL, crew.hall.conference, crew.hall.session),
			       "snapshot");
}

static inline const char *name_in(const json_t *holder, const char *member)
{
	return json_string_value(json_object_get(json_object_get(holder, member), "name"));
}

#endif
