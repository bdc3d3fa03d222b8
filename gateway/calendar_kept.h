/* gateway: calendars in memory: found by address, out of date when something moved, bounded. */
#ifndef GATEWAY_CALENDAR_KEPT_H
#define GATEWAY_CALENDAR_KEPT_H

#include "gateway/payload.h"
#include "services/core/request.h"
#include "services/feeds/feeds.h"

#include <stdbool.h>
#include <stdint.h>

enum { KEPT_KEY_SIZE = 112 };

struct calendar_waiting {
	struct calendar_waiting *next; /* kept_calendar.waiting */
	uint64_t conn;
};

/* Never freed while asked. */
struct kept_calendar {
	struct kept_calendar *chain, *newer, *older; /* calendar_kept.c only */
	char key[KEPT_KEY_SIZE];		     /* the hash of a token, or slug and path */
	char feed[UUID_SIZE], conference[UUID_SIZE], person[UUID_SIZE];
	enum feeds_state state;
	bool known; /* has been made once */
	bool asked; /* is being made */
	bool void_; /* was changed by its owner: what is here must not be shown again */
	char etag[40];
	struct payload *body; /* NULL: let go, the validators still hold */
	int64_t last_modified, release;
	uint64_t until_ms;
	uint32_t conference_moves, person_moves, all_moves; /* when it was asked for */
	struct calendar_waiting *waiting;
};

struct kept_calendar *kept_find(const char *key, bool create);
/* Still what the database would say, and here. */
bool kept_fresh(const struct kept_calendar *k);
/* From now on everything that moves counts. */
void kept_asked(struct kept_calendar *k);
/* What was found out by asking. */
void kept_whose(struct kept_calendar *k, const char *conference, const char *person);
void kept_set_body(struct kept_calendar *k, const char *etag, const char *bytes, size_t size);
void kept_drop(struct kept_calendar *k);
/* all: also frees what nobody waits for. */
void kept_forget(bool all);

#endif
