/* services/notices: tables and handlers; the rules are in sql/queries/{star,notice,news} and
 * sql/functions/notices. */
#include "services/notices/notices.h"
#include "services/db/db.h"

#include <stddef.h>

static request_fn star_set;

struct star_params {
	const char *session;
	bool value;
};

static const struct field star_fields[] = {
    {.name = "session", .type = FIELD_UUID, .at = offsetof(struct star_params, session)},
    {.name = "value", .type = FIELD_BOOL, .at = offsetof(struct star_params, value)},
    {0}};

static const struct method methods[] = {{"star.set", ROLE_ANY_PERSON, METHOD_KEY, star_fields,
					 sizeof(struct star_params), star_set, RATE_WRITE,
					 "Marks a session as one's own, or no longer."},
					{0}};

static const struct event_type events[] = {
    {"star.changed", "person", "A session was starred, or no longer is: {session, value}."}, {0}};

const struct service notices_service = {
    .name = "notices",
    .methods = methods,
    .events = events,
};

static fault star_set(struct request *rq)
{
	const struct star_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_STAR_SET, PARAMS(p->session, p_bool(p->value)));
}
