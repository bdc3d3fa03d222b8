/* gateway: files made from the database (feeds, exports, the programme): rendered once, then served
 * from memory until the schedule moves. */
#ifndef GATEWAY_DOCUMENT_H
#define GATEWAY_DOCUMENT_H

#include "gateway/conn.h"

#include <stdbool.h>
#include <stdint.h>

/* Is there a document of that name (without a leading /)? Then answers it, now or later. */
bool document_respond(struct conn *c, const char *slug, const char *name);
/* The result of schedule.get at a position: what a `schedule` snapshot points to. */
void document_respond_schedule(struct conn *c, const char *slug, const char *position);

/* The conference's `schedule` channel stands here: what is kept from before is out of date. Told
 * again and again, acts once. */
void document_moved(const char *conference, int64_t head);
/* What is kept of this conference is out of date. NULL: of every one. */
void document_forget(const char *conference);

#endif
