/* services/badge: what its files share. */
#ifndef BADGE_PARTS_H
#define BADGE_PARTS_H

#include "services/core/request.h"
#include "services/db/db.h"

/* Ends a call whose reply has a list of things with `sealed`: each gets `code` (of an entry code
 * its last `last` characters) instead. */
fault badge_opened(struct request *rq, const struct rows *rows, const char *list, int last);

#endif
