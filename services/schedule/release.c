/* services/schedule: releases: what would change, making it so, taking it back, stopping what
 * follows, and the list of them. */
#include "services/db/db.h"
#include "services/schedule/methods.h"
#include "services/schedule/schedule.h"

struct release_params {
	const char *slots, *note, *release;
	bool quiet;
};

enum { NOTE_MAX = 1000, SLOTS_MAX = 12000 };

#define AT(member) offsetof(struct release_params, member)
#define SLOTS                                                                                      \
	{                                                                                          \
		"slots", FIELD_JSON, AT(slots), FIELD_OPTIONAL, SLOTS_MAX, 0, NULL                 \
	}
#define NOTE                                                                                       \
	{                                                                                          \
		"note", FIELD_LINES, AT(note), FIELD_OPTIONAL, NOTE_MAX, 0, NULL                   \
	}
#define RELEASE(flags)                                                                             \
	{                                                                                          \
		"release", FIELD_INT, AT(release), FIELD_AS_TEXT | (flags), INT32_MAX, 1, NULL     \
	}

static const struct field preview_fields[] = {SLOTS, {0}};
static const struct field publish_fields[] = {
    SLOTS, NOTE, {"quiet", FIELD_BOOL, AT(quiet), FIELD_OPTIONAL, 0, 0, NULL}, {0}};
static const struct field revert_fields[] = {RELEASE(FIELD_OPTIONAL), NOTE, {0}};
static const struct field release_fields[] = {RELEASE(0), {0}};

static fault release_preview(struct request *rq)
{
	const struct release_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_RELEASE_PREVIEW, PARAMS(p->slots));
}

static fault release_publish(struct request *rq)
{
	const struct release_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_RELEASE_PUBLISH,
			PARAMS(p->note, p->slots, p_bool(p->quiet)));
}

static fault release_revert(struct request *rq)
{
	const struct release_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_RELEASE_REVERT, PARAMS(p->release, p->note));
}

static fault release_stop(struct request *rq)
{
	const struct release_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_RELEASE_STOP, PARAMS(p->release));
}

static fault release_held(struct request *rq)
{
	return db_read(rq, LANE_MODERATE, SQL_RELEASE_HELD, NULL, 0);
}

static fault release_list(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_RELEASE_LIST, NULL, 0);
}

static fault release_get(struct request *rq)
{
	const struct release_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_RELEASE_GET, PARAMS(p->release));
}

#define SIZE sizeof(struct release_params)
static const struct method methods[] = {
    {"release.preview", ROLE_ORGANISER, 0, preview_fields, SIZE, release_preview, RATE_READ,
     "What a release would change, and what would refuse it."},
    {"release.publish", ROLE_ORGANISER, METHOD_KEY, publish_fields, SIZE, release_publish,
     RATE_WRITE, "Makes the draft, or some slots of it, what everybody sees."},
    {"release.revert", ROLE_ORGANISER, METHOD_KEY, revert_fields, SIZE, release_revert, RATE_WRITE,
     "A new release that takes back what one changed; the draft stays."},
    {"release.stop", ROLE_ORGANISER, METHOD_KEY, release_fields, SIZE, release_stop, RATE_WRITE,
     "Keeps back what a release has not told anybody yet."},
    {"release.held", ROLE_ORGANISER, 0, NULL, 0, release_held, RATE_READ,
     "The release whose consequences can still be stopped."},
    {"release.list", ROLE_EVERYONE, 0, NULL, 0, release_list, RATE_READ, "All releases."},
    {"release.get", ROLE_EVERYONE, 0, release_fields, SIZE, release_get, RATE_READ,
     "A release with its differences."},
    {0},
};

static const struct event_type events[] = {
    {"release.published", "schedule",
     "The draft became what everybody sees: {release, at, note, changes}."},
    {"slot.added", "schedule", "A slot of the release that was not there before."},
    {"slot.moved", "schedule draft", "A slot in another room or at another time."},
    {"slot.changed", "schedule draft room", "A slot that reads differently, or whose run does."},
    {"slot.cancelled", "schedule draft", "A slot that does not take place."},
    {"slot.removed", "schedule", "A slot whose addition was taken back: {id}."},
    {0},
};

/* Feed readers ask now and then; between releases they get 304. */
static const struct document documents[] = {
    {"releases.atom", document_releases, 0,
     "access-control-allow-origin: *\r\ncache-control: public, max-age=300\r\n"},
    {0},
};

static const struct fault slot_overlap = {"slot.overlap", FAULT_STATE,
					  "Two slots would be in one room at one time."};
static const struct fault speaker_busy = {"slot.speaker_busy", FAULT_STATE,
					  "Somebody would have to speak in two places at once."};
static const struct fault release_nothing = {"release.nothing", FAULT_STATE,
					     "There is nothing to release."};
static const struct fault release_sent = {"release.sent", FAULT_STATE,
					  "People have been told already."};
static const struct fault release_superseded = {
    "release.superseded", FAULT_STATE,
    "A later release has changed some of it again, or it is not there any more."};

static const struct db_fault constraints[] = {
    {"slot_room_free", &slot_overlap},
    {"release_once", &fault_busy},
    {"release_note_size", &fault_size},
    {0},
};

static fault const faults[] = {&slot_overlap, &speaker_busy,	   &release_nothing,
			       &release_sent, &release_superseded, NULL};

const struct service release_service = {
    .name = "release",
    .methods = methods,
    .events = events,
    .documents = documents,
    .constraints = constraints,
    .faults = faults,
};
