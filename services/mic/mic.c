/* services/mic: tables and handlers; the rules are in sql/functions/mic. */
#include "services/mic/mic.h"
#include "services/core/token.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	SPEAKERS = ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_MODERATOR | ROLE_ORGANISER,
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	STAFF = MODERATORS | ROLE_DESK,
	URL_MAX = 400,
	NAMES_MAX = 14000 /* the ids of a full queue: 300 */
};

static const struct fault mic_closed = {"mic.closed", FAULT_STATE,
					"The microphones are closed for this talk."};
static const struct fault mic_full = {"mic.full", FAULT_STATE,
				      "So many are waiting that nobody more would have a turn."};
static const struct fault mic_state = {"mic.state", FAULT_STATE,
				       "That cannot be done with this place as it is now."};
static const struct fault mic_empty = {"mic.empty", FAULT_STATE, "Nobody is waiting."};
static const struct fault mic_order_fault = {
    "mic.order", FAULT_STATE,
    "The order must name everybody who waits, in a queue that is kept by hand."};
static const struct fault mic_code = {"mic.code", FAULT_STATE, "No valid entry code."};
static const struct fault bridge_url = {"bridge.url", FAULT_CALLER,
					"A meeting link begins with https:// and holds no blanks, "
					"quotes or control characters."};
static const struct fault bridge_same = {"bridge.same", FAULT_STATE,
					 "There is no link yet, or this is the one there is."};

struct mic_params {
	const char *session, *talk, *question, *entry, *origin, *code, *person, *name, *text,
	    *entries;
	int64_t expect_version;
};

#define AT(member) offsetof(struct mic_params, member)

static const struct field join_fields[] = {
    {"talk", FIELD_UUID, AT(talk), 0, 0, 0, NULL},
    {"question", FIELD_UUID, AT(question), FIELD_OPTIONAL, 0, 0, NULL},
    {"origin", FIELD_CHOICE, AT(origin), FIELD_OPTIONAL, 0, 0, "room|remote"},
    {0}};
static const struct field session_fields[] = {{"session", FIELD_UUID, AT(session), 0, 0, 0, NULL},
					      {0}};
static const struct field leave_fields[] = {
    {"session", FIELD_UUID, AT(session), FIELD_OPTIONAL, 0, 0, NULL}, {0}};
static const struct field enter_fields[] = {
    {"talk", FIELD_UUID, AT(talk), 0, 0, 0, NULL},
    {"code", FIELD_RAW, AT(code), FIELD_OPTIONAL, 1024, 1, NULL},
    {"person", FIELD_UUID, AT(person), FIELD_OPTIONAL, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(name), FIELD_OPTIONAL, 80, 1, NULL},
    {0}};
static const struct field move_fields[] = {
    {"entry", FIELD_UUID, AT(entry), 0, 0, 0, NULL},
    {"expect_version", FIELD_INT, AT(expect_version), 0, INT32_MAX, 1, NULL},
    {0}};
static const struct field next_fields[] = {
    {"session", FIELD_UUID, AT(session), 0, 0, 0, NULL},
    {"expect_version", FIELD_INT, AT(expect_version), 0, INT32_MAX, 0, NULL},
    {0}};
static const struct field order_fields[] = {
    {"session", FIELD_UUID, AT(session), FIELD_OPTIONAL, 0, 0, NULL},
    {"talk", FIELD_UUID, AT(talk), FIELD_OPTIONAL, 0, 0, NULL},
    {"entries", FIELD_JSON, AT(entries), 0, NAMES_MAX, 0, NULL},
    {0}};
static const struct field read_out_fields[] = {
    {"entry", FIELD_UUID, AT(entry), 0, 0, 0, NULL},
    {"text", FIELD_LINES, AT(text), FIELD_OPTIONAL, 500, 1, NULL},
    {0}};

struct bridge_params {
	const char *room, *session, *url, *expect_version;
};

#define BRIDGE_AT(member) offsetof(struct bridge_params, member)

static const struct field bridge_set_fields[] = {
    {"room", FIELD_UUID, BRIDGE_AT(room), 0, 0, 0, NULL},
    {"url", FIELD_RAW, BRIDGE_AT(url), FIELD_OPTIONAL, URL_MAX, 1, NULL},
    {"expect_version", FIELD_INT, BRIDGE_AT(expect_version), FIELD_OPTIONAL | FIELD_AS_TEXT,
     INT32_MAX, 0, NULL},
    {0}};
static const struct field bridge_rotate_fields[] = {
    {"room", FIELD_UUID, BRIDGE_AT(room), 0, 0, 0, NULL},
    {"url", FIELD_RAW, BRIDGE_AT(url), 0, URL_MAX, 1, NULL},
    {"expect_version", FIELD_INT, BRIDGE_AT(expect_version), FIELD_OPTIONAL | FIELD_AS_TEXT,
     INT32_MAX, 0, NULL},
    {0}};
static const struct field bridge_get_fields[] = {
    {"room", FIELD_UUID, BRIDGE_AT(room), FIELD_OPTIONAL, 0, 0, NULL},
    {"session", FIELD_UUID, BRIDGE_AT(session), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static fault mic_join(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_MIC_JOIN, PARAMS(p->talk, p->question, p->origin));
}

static fault mic_here(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_MIC_HERE, PARAMS(p->session));
}

static fault mic_leave(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_MIC_LEAVE, PARAMS(p->session));
}

static fault mic_mine(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_MIC_MINE, PARAMS(p->session));
}

static fault mic_list(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_read(rq, LANE_MODERATE, SQL_MIC_LIST, PARAMS(p->session));
}

static fault mic_enter(struct request *rq)
{
	const struct mic_params *p = rq->params;
	const char *code = p->code != NULL ? entry_code_read(rq->arena, p->code) : NULL;

	return db_write(rq, LANE_MODERATE, SQL_MIC_ENTER,
			PARAMS(p->talk, code != NULL ? code_hash(rq->arena, "entry", code) : NULL,
			       p->person, p->name, p_bool(p->code != NULL && code == NULL)));
}

static fault mic_move(struct request *rq, const char *command)
{
	const struct mic_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_MIC_MOVE,
			PARAMS(p->entry, p_int(rq, p->expect_version), command));
}

static fault mic_call(struct request *rq)
{
	return mic_move(rq, "call");
}

static fault mic_connecting(struct request *rq)
{
	return mic_move(rq, "connecting");
}

static fault mic_heard(struct request *rq)
{
	return mic_move(rq, "heard");
}

static fault mic_done(struct request *rq)
{
	return mic_move(rq, "done");
}

static fault mic_skip(struct request *rq)
{
	return mic_move(rq, "skip");
}

static fault mic_no_show(struct request *rq)
{
	return mic_move(rq, "no_show");
}

static fault mic_wait(struct request *rq)
{
	return mic_move(rq, "wait");
}

static fault mic_next(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_MIC_NEXT,
			PARAMS(p->session, p_int(rq, p->expect_version)));
}

static fault mic_order(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_MIC_ORDER, PARAMS(p->session, p->talk, p->entries));
}

static fault mic_read_out(struct request *rq)
{
	const struct mic_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_MIC_READ_OUT, PARAMS(p->entry, p->text));
}

static fault bridge_put(struct request *rq, bool rotate)
{
	const struct bridge_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_BRIDGE_SET,
			PARAMS(p->room, p->url, p->expect_version, p_bool(rotate)));
}

static fault bridge_set(struct request *rq)
{
	return bridge_put(rq, false);
}

static fault bridge_rotate(struct request *rq)
{
	return bridge_put(rq, true);
}

static fault bridge_get(struct request *rq)
{
	const struct bridge_params *p = rq->params;

	return db_read(rq, LANE_MODERATE, SQL_BRIDGE_GET, PARAMS(p->room, p->session));
}

#define MIC    sizeof(struct mic_params)
#define BRIDGE sizeof(struct bridge_params)
static const struct method methods[] = {
    {"mic.join", SPEAKERS, METHOD_OWN_ID, join_fields, MIC, mic_join, RATE_WRITE,
     "Takes one's place in the queue at the microphones."},
    {"mic.here", SPEAKERS, METHOD_OWN_ID, session_fields, MIC, mic_here, RATE_VOTE,
     "Says that one's page is still there; answers as mic.mine."},
    {"mic.leave", SPEAKERS, METHOD_OWN_ID, leave_fields, MIC, mic_leave, RATE_WRITE,
     "Gives one's place up."},
    {"mic.mine", SPEAKERS, 0, session_fields, MIC, mic_mine, RATE_READ,
     "One's own place, and the meeting link while it is one's turn."},
    {"mic.read_out", SPEAKERS, METHOD_KEY, read_out_fields, MIC, mic_read_out, RATE_WRITE,
     "Asks a moderator to read it out; the place is kept until one has."},
    {"mic.list", STAFF, 0, session_fields, MIC, mic_list, RATE_READ,
     "A session's whole queue, with how fair it has been."},
    {"mic.enter", STAFF, METHOD_KEY, enter_fields, MIC, mic_enter, RATE_WRITE,
     "Brings somebody who stands in the hall into the queue."},
    {"mic.next", MODERATORS, METHOD_KEY, next_fields, MIC, mic_next, RATE_WRITE,
     "Calls whoever is first."},
    {"mic.call", MODERATORS, METHOD_KEY, move_fields, MIC, mic_call, RATE_WRITE, "Calls this one."},
    {"mic.connecting", SPEAKERS, METHOD_KEY, move_fields, MIC, mic_connecting, RATE_WRITE,
     "The one called is on the way; may be said by themselves."},
    {"mic.heard", STAFF, METHOD_KEY, move_fields, MIC, mic_heard, RATE_WRITE,
     "The hall hears them; whoever was heard before has finished."},
    {"mic.done", MODERATORS, METHOD_KEY, move_fields, MIC, mic_done, RATE_WRITE,
     "They have spoken, or were read out."},
    {"mic.skip", MODERATORS, METHOD_KEY, move_fields, MIC, mic_skip, RATE_WRITE,
     "Passes somebody over."},
    {"mic.no_show", MODERATORS, METHOD_KEY, move_fields, MIC, mic_no_show, RATE_WRITE,
     "Called, and did not come."},
    {"mic.wait", MODERATORS, METHOD_KEY, move_fields, MIC, mic_wait, RATE_WRITE,
     "Puts somebody back to where they were in the queue."},
    {"mic.order", MODERATORS, METHOD_KEY, order_fields, MIC, mic_order, RATE_WRITE,
     "The order by hand: everybody who waits."},
    {"bridge.set", MODERATORS, METHOD_KEY, bridge_set_fields, BRIDGE, bridge_set, RATE_WRITE,
     "The meeting link of a room, or none."},
    {"bridge.rotate", MODERATORS, METHOD_KEY, bridge_rotate_fields, BRIDGE, bridge_rotate,
     RATE_WRITE, "Another meeting link in place of the one there is."},
    {"bridge.get", STAFF, 0, bridge_get_fields, BRIDGE, bridge_get, RATE_READ,
     "Whether a room has a meeting link, and at which host."},
    {0}};

static const struct event_type events[] = {
    {"mic.changed", "desk chair person", "The queue, or one's own place in it, has changed."},
    {"mic.called", "person", "It is one's turn, or the meeting link is another: ask mic.mine."},
    {0}};

static const struct db_fault constraints[] = {
    {"mic_entry_place_once", &mic_state},      {"mic_entry_pseudonym_once", &mic_state},
    {"mic_entry_voice_once", &fault_conflict}, {"mic_entry_person", &fault_denied},
    {"mic_entry_name_size", &fault_size},      {"bridge_url", &bridge_url},
    {"bridge_url_size", &bridge_url},	       {NULL, NULL}};

static fault const faults[] = {&mic_closed, &mic_full,	 &mic_state,   &mic_empty, &mic_order_fault,
			       &mic_code,   &bridge_url, &bridge_same, NULL};

const struct service mic_service = {
    .name = "mic",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};
