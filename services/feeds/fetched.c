/* services/feeds: which clients fetch: told apart by family, kept in memory, written a few seconds
 * later in one statement. */
#include "services/core/clock.h"
#include "services/feeds/parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { KEPT_MAX = 4096 };

static struct fetch {
	char feed[UUID_SIZE];
	const char *agent; /* static */
	int64_t at_ms, release;
} fetches[KEPT_MAX];
static int fetches_n;

/* The first that occurs in the User-Agent. Nothing else of it is kept. */
static const char *family_of(const char *agent)
{
	static const struct {
		const char *part, *family;
	} families[] = {
	    {"Google", "Google"},
	    {"Outlook", "Outlook"},
	    {"Microsoft", "Outlook"},
	    {"Exchange", "Outlook"},
	    {"ICSx5", "ICSx5"},
	    {"DAVx5", "DAVx5"},
	    {"Thunderbird", "Thunderbird"},
	    {"vdirsyncer", "vdirsyncer"},
	    {"Nextcloud", "Nextcloud"},
	    {"khal", "khal"},
	    {"Evolution", "Evolution"},
	    {"dataaccessd", "Apple"},
	    {"CalendarAgent", "Apple"},
	    {"iOS", "Apple"},
	    {"macOS", "Apple"},
	    {"Mac OS", "Apple"},
	    {"Mac+OS", "Apple"},
	    {"Mozilla", "Browser"},
	    {"curl", "curl"},
	    {NULL, NULL},
	};

	for (int i = 0; families[i].part != NULL; i++)
		if (strcasestr(agent, families[i].part) != NULL)
			return families[i].family;
	return "other";
}

void feeds_fetched(const char *feed, const char *agent, int64_t release)
{
	struct fetch *fetch;

	/* The statement's newest wins; the oldest here may be lost when the database is away. */
	fetch = &fetches[fetches_n < KEPT_MAX ? fetches_n++ : rand() % KEPT_MAX];
	memcpy(fetch->feed, feed, UUID_SIZE);
	fetch->agent = family_of(agent);
	fetch->at_ms = clock_unix_ms();
	fetch->release = release;
}

static fault written(struct request *rq, const struct rows *rows)
{
	(void)rows;
	return request_reply(rq, "");
}

static const char *taken(struct request *rq, struct buffer *b)
{
	const char *text;

	buffer_text(b, "}");
	text = arena_strndup(rq->arena, b->bytes, b->size);
	buffer_finish(b);
	return text;
}

bool feeds_told(struct request *rq, fault *ret)
{
	struct buffer feeds = {0}, times = {0}, agents = {0}, releases = {0};

	if (fetches_n == 0)
		return false;
	for (int i = 0; i < fetches_n; i++) {
		const char *before = i > 0 ? "," : "{";

		buffer_printf(&feeds, "%s%s", before, fetches[i].feed);
		buffer_printf(&times, "%s%lld", before, (long long)fetches[i].at_ms);
		buffer_printf(&agents, "%s\"%s\"", before, fetches[i].agent);
		buffer_printf(&releases, "%s%lld", before, (long long)fetches[i].release);
	}
	fetches_n = 0;
	*ret = db_query(
	    rq, LANE_SLOW, SQL_FEED_FETCHED, written,
	    PARAMS(taken(rq, &feeds), taken(rq, &times), taken(rq, &agents), taken(rq, &releases)));
	return true;
}
