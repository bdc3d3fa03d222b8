/* services/feeds: what its files share. */
#ifndef FEEDS_PARTS_H
#define FEEDS_PARTS_H

#include "services/db/db.h"
#include "services/feeds/feeds.h"

extern const struct fault feed_zone, feed_limit, feed_revoked;

struct create_params {
	const char *label, *scope, *of, *cancelled, *time, *place;
	int64_t alarm;
};

struct edit_params {
	const char *feed, *label, *cancelled, *time, *place, *alarm;
};

struct rotate_params {
	const char *feed;
	int64_t keep_hours;
};

struct feed_params {
	const char *feed;
};

request_fn feed_create, feed_edit, feed_rotate, feed_revoke, feed_list, feed_export;

const char *feeds_base(void);

#endif
