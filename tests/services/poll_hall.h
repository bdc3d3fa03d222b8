/* tests/services: short forms of the calls on polls. */
#ifndef TESTS_POLL_HALL_H
#define TESTS_POLL_HALL_H

#include "tests/services/qa_hall.h"

static inline const char *poll_words(const struct hall *h, const char *poll, const char *options,
				     const char *kind, const char *results)
{
	return call_text("{\"poll\":\"%s\",\"talk\":\"%s\",\"question\":\"Which?\",\"options\":%s,"
			 "\"kind\":\"%s\",\"results\":\"%s\",\"key\":\"%s\"}",
			 poll, h->talk, options, kind, results, call_uuid());
}

/* A draft with the answers Red, Green, Blue. */
static inline const char *drafted(const struct hall *h, const char *kind, const char *results)
{
	const char *id = call_uuid();
	struct call_result r =
	    call_method("poll.create",
			poll_words(h, id, "[\"Red\",\"Green\",\"Blue\"]", kind, results), &h->mod);

	assert_fine(&r);
	return id;
}

static inline struct call_result poll_do(const char *method, const char *poll, int version,
					 const char *more, const struct caller *who)
{
	return call_method(method,
			   call_text("{\"poll\":\"%s\",\"expect_version\":%d%s,\"key\":\"%s\"}",
				     poll, version, more, call_uuid()),
			   who);
}

static inline const char *opened(const struct hall *h, const char *kind, const char *results)
{
	const char *id = drafted(h, kind, results);
	struct call_result r = poll_do("poll.open", id, 1, "", &h->mod);

	assert_fine(&r);
	return id;
}

/* The n-th answer's id, from 1. */
static inline const char *option(const char *poll, int n)
{
	return call_sql("select option_ids[%d] from poll where id = '%s'", n, poll);
}

static inline const char *ballot(const char *poll, const char *options, int64_t seq)
{
	return call_text("{\"poll\":\"%s\",\"options\":%s,\"seq\":%lld}", poll, options,
			 (long long)seq);
}

static inline const char *ballot_one(const char *poll, int n, int64_t seq)
{
	return ballot(poll, call_text("[\"%s\"]", option(poll, n)), seq);
}

/* What an answer, or `voters`, has by now. */
static inline int counted(const char *poll, const char *key)
{
	return count("select coalesce((select t.value from tally t join channel c on c.id = "
		     "t.channel where c.name = 'poll:%s' and t.key = '%s'), -1)",
		     poll, key);
}

/* How many counts of a poll are not what its votes say. */
static inline int poll_off(const char *poll)
{
	return count(
	    "select count(*) from (select o::text as key, count(v.poll) as n from poll p cross "
	    "join unnest(p.option_ids) o left join poll_vote v on v.poll = p.id and v.counted and "
	    "o = any (v.options) where p.id = '%s' group by 1 union all select 'voters', count(*) "
	    "from poll_vote v where v.poll = '%s' and v.counted and v.options <> '{}') s left join "
	    "(select t.key, t.value from tally t join channel c on c.id = t.channel where c.name = "
	    "'poll:%s') t on t.key = s.key where coalesce(t.value, -1) <> s.n",
	    poll, poll, poll);
}

static inline int may_hear(const char *poll, const char *actor)
{
	return count("select poll_may_hear(p.conference, p.id, '%s')::int from poll p where p.id = "
		     "'%s'",
		     actor, poll);
}

#endif
