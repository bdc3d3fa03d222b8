/* services/feeds: events between the database and the cache: the rows of feed/content read into
 * what a calendar shows, and what names them. */
#ifndef FEEDS_EVENTS_H
#define FEEDS_EVENTS_H

#include "services/db/db.h"
#include "services/feeds/cache.h"
#include "services/feeds/ics.h"

/* Views by number, so that a key is short. When there are too many all events are made again. */
uint32_t events_view(const struct ics_view *view);

/* A slot's id as 16 bytes, and as the 36 letters that a UUID has. */
void event_id(const char *text, unsigned char ret[16]);
void event_id_text(struct buffer *b, const unsigned char id[16]);

/* The rows of SQL_FEED_CONTENT, with all their texts, in the arena. */
struct ics_event *events_read(struct arena *arena, const struct rows *rows, int *ret_n);

#endif
