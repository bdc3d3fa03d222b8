/* services/schedule: the running programme: what is pressed in a room, its channel, and offsets of
 * time zones. What follows from a press is SQL: sql/functions/schedule/live.sql and expect.sql. */
#include "services/db/db.h"
#include "services/schedule/methods.h"
#include "services/schedule/schedule.h"

struct run_params {
	const char *slot, *room, *at;
	int64_t seconds;
};

struct zone_params {
	const char *zone, *from, *to;
};

static const struct field run_fields[] = {
    {.name = "slot", .type = FIELD_UUID, .at = offsetof(struct run_params, slot)},
    {.name = "at",
     .type = FIELD_INSTANT,
     .at = offsetof(struct run_params, at),
     .flags = FIELD_OPTIONAL},
    {0},
};
static const struct field add_time_fields[] = {
    {.name = "slot", .type = FIELD_UUID, .at = offsetof(struct run_params, slot)},
    {.name = "seconds",
     .type = FIELD_INT,
     .at = offsetof(struct run_params, seconds),
     .min = -3600,
     .max = 7200},
    {0},
};
static const struct field room_fields[] = {
    {.name = "room", .type = FIELD_UUID, .at = offsetof(struct run_params, room)},
    {0},
};
static const struct field on_time_fields[] = {
    {.name = "room", .type = FIELD_UUID, .at = offsetof(struct run_params, room)},
    {.name = "at",
     .type = FIELD_INSTANT,
     .at = offsetof(struct run_params, at),
     .flags = FIELD_OPTIONAL},
    {0},
};
static const struct field zone_fields[] = {
    {.name = "zone", .type = FIELD_TEXT, .at = offsetof(struct zone_params, zone), .max = 60},
    {.name = "from",
     .type = FIELD_INSTANT,
     .at = offsetof(struct zone_params, from),
     .flags = FIELD_OPTIONAL},
    {.name = "to",
     .type = FIELD_INSTANT,
     .at = offsetof(struct zone_params, to),
     .flags = FIELD_OPTIONAL},
    {0},
};

static fault slot_start(struct request *rq)
{
	const struct run_params *run = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_START, PARAMS(run->slot, run->at));
}

static fault slot_end(struct request *rq)
{
	const struct run_params *run = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_END, PARAMS(run->slot, run->at));
}

static fault slot_add_time(struct request *rq)
{
	const struct run_params *run = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_ADD_TIME,
			PARAMS(run->slot, p_int(rq, run->seconds)));
}

static fault slot_on_time(struct request *rq)
{
	const struct run_params *run = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_SLOT_ON_TIME, PARAMS(run->room, run->at));
}

static fault slot_apply_delay(struct request *rq)
{
	const struct run_params *run = rq->params;

	return db_write(rq, LANE_SLOW, SQL_SLOT_APPLY_DELAY, PARAMS(run->room));
}

static fault zone_get(struct request *rq)
{
	const struct zone_params *zone = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_ZONE_GET, PARAMS(zone->zone, zone->from, zone->to));
}

#define STAFF (ROLE_MODERATOR | ROLE_DESK | ROLE_ORGANISER)
static const struct method methods[] = {
    {"slot.start", STAFF, METHOD_KEY, run_fields, sizeof(struct run_params), slot_start, RATE_WRITE,
     "A slot begins; the one before it in that room ends."},
    {"slot.end", STAFF, METHOD_KEY, run_fields, sizeof(struct run_params), slot_end, RATE_WRITE,
     "A slot ends."},
    {"slot.add_time", STAFF, METHOD_KEY, add_time_fields, sizeof(struct run_params), slot_add_time,
     RATE_WRITE, "More or less time for a slot that runs or comes."},
    {"slot.on_time", STAFF, METHOD_KEY, on_time_fields, sizeof(struct run_params), slot_on_time,
     RATE_WRITE, "What the plan says is on in this room is on."},
    {"slot.apply_delay", ROLE_ORGANISER, METHOD_KEY, room_fields, sizeof(struct run_params),
     slot_apply_delay, RATE_WRITE,
     "What is expected of a room's coming slots becomes their plan, as a release."},
    {"zone.get", ROLE_EVERYONE, 0, zone_fields, sizeof(struct zone_params), zone_get, RATE_READ,
     "A time zone's offsets over the programme's span."},
    {0},
};

static const struct event_type events[] = {
    {"slot.started", "schedule room", "A slot began."},
    {"slot.ended", "schedule room", "A slot ended."},
    {"expected.changed", "schedule room",
     "When slots of a room are expected now: {room, slots, alarm}."},
    {"schedule.alarm", "room",
     "What runs late reaches an anchor, or no longer does: {room, alarm: {slot, deficit_s} | "
     "null}."},
    {0},
};

#define PRESENT                                                                                    \
	(ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_MODERATOR | ROLE_DESK | ROLE_ORGANISER | ROLE_KIOSK)
static const struct channel_kind channels[] = {
    {"room", NULL, PRESENT, SCOPE_ID, SQL_ROOM_CHANNEL, true, NULL, SQL_NONE},
    {0},
};

static const struct fault slot_length = {"slot.length", FAULT_STATE,
					 "There is not that much time left to take away."};

static const struct db_fault constraints[] = {
    {"slot_added_length", &slot_length}, {"slot_added", &slot_length}, {0}};

static fault const faults[] = {&slot_length, NULL};

const struct service live_service = {
    .name = "live",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
