/* services/feeds: calendars that clients subscribe to: public ones, and personal ones at secret
 * addresses. The gateway serves them; this makes them. */
#ifndef FEEDS_H
#define FEEDS_H

#include "services/core/json.h"
#include "services/core/service.h"

extern const struct service feeds_service;

/* How the outside reaches us, without a slash at the end; kept, not copied. Before anything else.
 */
void feeds_start(const char *base_url);
/* NULL, or a sentence on why no calendar can be made here. Before there is a loop. */
const char *feeds_self_test(void);
void feeds_stop(void);

enum feeds_state { FEEDS_LIVE, FEEDS_TOMBSTONE, FEEDS_GONE };

/* One calendar to be made. Lives in the request's params. */
struct feeds_job {
	const char *hash;	/* \x… SHA-256 of a token; or NULL, and: */
	const char *conference; /* an id */
	const char *scope;	/* "all", "room", "track", "speaker" or "slot" */
	const char *subject;	/* its id, or NULL */
	const char *path;	/* the address it was asked for at; for SOURCE */
	const char *have;	/* the ETag of what the caller holds, or NULL */
	bool reply;		/* the bytes are the reply */

	/* Set when it has ended without a fault, beside the request's etag and last_modified. */
	enum feeds_state state;
	bool same; /* as `have`: no bytes were made */
	char feed[UUID_SIZE], of_conference[UUID_SIZE], person[UUID_SIZE]; /* "" for a public one */
	int64_t release;						   /* the newest one */
	int64_t valid_s;     /* changes by the clock alone after this */
	struct buffer bytes; /* the calendar; the caller's to free. Empty when the same, or gone */

	struct render *render; /* services/feeds only */
};

/* Replies "" when the job, rq->params, is done. not_found: no such calendar. */
fault feeds_render(struct request *rq);

/* A client was answered. Kept in memory, written together by feeds_told. */
void feeds_fetched(const char *feed, const char *agent, int64_t release);
/* Writes what feeds_fetched collected. False: there is nothing; the request is the caller's again.
 */
bool feeds_told(struct request *rq, fault *ret);

struct rows;

/* Rows with a conference (conference, venue, zone, under, lat, lon) and the columns of
 * feed/content, n of them from first on, as a calendar file: appended to b. */
void feeds_file(struct arena *arena, const struct rows *rows, int first, int n, struct buffer *b);

/* For metrics and the benchmark. */
struct feeds_figures {
	uint64_t renders;    /* calendars put together */
	uint64_t events;     /* made anew, not taken from memory */
	uint64_t busy_us;    /* all of that */
	uint64_t longest_us; /* of one piece, since the last look */
};
struct feeds_figures *feeds_figures(void);

#endif
