/* gateway: which conference a slug means: asked of the database, remembered for some seconds. */
#ifndef GATEWAY_CONFERENCE_H
#define GATEWAY_CONFERENCE_H

#include "services/core/fault.h"

/* id and slug are valid during the call; slug is the real one also when "" was asked. */
typedef void conference_fn(fault f, const char *id, const char *slug, void *data);

/* slug "": the default conference. done is called exactly once, perhaps at once. */
void conference_of(const char *slug, conference_fn *done, void *data);

/* The slug of a conference that has been asked for lately; NULL when it has not. */
const char *conference_slug(const char *id);

#endif
