/* gateway: calendars over HTTP: what was made is kept with its validators, so that a client that
 * has it already costs no query. */
#ifndef GATEWAY_CALENDAR_H
#define GATEWAY_CALENDAR_H

#include "gateway/conn.h"

#include <stdbool.h>
#include <stdint.h>

/* Is that the address of a calendar (behind /e/<slug>)? Then answers it, now or later. */
bool calendar_respond(struct conn *c, const char *slug, const char *path);

/* A channel's head is at least this: calendars that may show it are looked at again when they are
 * asked for next. Told again and again, acts once. */
void calendar_moved(int64_t id, const char *conference, const char *name, int64_t head);
/* An event of the internal channel `worker`. */
void calendar_worker_event(const char *conference, const char *type, const char *data, size_t size);
/* Another history: nothing that is known holds. */
void calendar_forget(void);

/* Once a second: which clients came, into the database; and figures. */
void calendar_job(void);
void calendar_stop(void);

#endif
