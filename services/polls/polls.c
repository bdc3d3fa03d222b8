/* services/polls: tables and handlers; the rules are in sql/queries/poll and sql/functions/polls.
 */
#include "services/polls/polls.h"
#include "services/core/json.h"
#include "services/core/text.h"
#include "services/db/db.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	/* Who moderates or speaks votes as any person. */
	VOTERS = ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_MODERATOR | ROLE_ORGANISER,
	HEARERS = VOTERS | ROLE_DESK | ROLE_KIOSK,
	OPTIONS_MIN = 2,
	OPTIONS_MAX = 10,
	OPTION_SIZE = 200,
	QUESTION_SIZE = 300,
	/* Ten options of 200 characters, each as \uXXXX\uXXXX at worst, fit a message anyway. */
	OPTIONS_JSON_SIZE = 16 * 1024
};

static const struct fault poll_closed = {"poll.closed", FAULT_STATE, "This poll has ended."};
static const struct fault poll_locked = {
    "poll.locked", FAULT_STATE, "People have voted, or may know the results: this stays as it is."};
static const struct fault poll_option = {"poll.option", FAULT_STATE,
					 "This poll has no such answer any more."};
static const struct fault poll_running = {"poll.running", FAULT_STATE,
					  "Another poll of this talk is running."};
static const struct fault poll_single = {"poll.single", FAULT_STATE,
					 "This poll takes one answer only."};
static const struct fault poll_state = {"poll.state", FAULT_STATE,
					"That cannot be done with the poll as it is now."};

static request_fn poll_create, poll_edit, poll_open, poll_close, poll_stage, poll_remove, poll_vote,
    poll_list;

struct poll_params {
	const char *poll, *talk, *session, *question, *options, *kind, *results;
	int64_t expect_version, seq;
	bool value;
};

#define AT(member) offsetof(struct poll_params, member)
#define POLL                                                                                       \
	{                                                                                          \
		.name = "poll", .type = FIELD_UUID, .at = AT(poll)                                 \
	}
#define VERSION                                                                                    \
	{                                                                                          \
		.name = "expect_version", .type = FIELD_INT, .at = AT(expect_version),             \
		.max = INT32_MAX, .min = 1                                                         \
	}
#define SCOPE(member)                                                                              \
	{                                                                                          \
		.name = #member, .type = FIELD_UUID, .at = AT(member), .flags = FIELD_OPTIONAL     \
	}
#define QUESTION(optional)                                                                         \
	{                                                                                          \
		.name = "question", .type = FIELD_LINES, .at = AT(question), .flags = (optional),  \
		.max = QUESTION_SIZE, .min = 1                                                     \
	}
#define OPTIONS(optional)                                                                          \
	{                                                                                          \
		.name = "options", .type = FIELD_JSON, .at = AT(options), .flags = (optional),     \
		.max = OPTIONS_JSON_SIZE                                                           \
	}
#define KIND                                                                                       \
	{                                                                                          \
		.name = "kind", .type = FIELD_CHOICE, .at = AT(kind), .flags = FIELD_OPTIONAL,     \
		.choices = "single|multiple"                                                       \
	}
#define RESULTS                                                                                    \
	{                                                                                          \
		.name = "results", .type = FIELD_CHOICE, .at = AT(results),                        \
		.flags = FIELD_OPTIONAL, .choices = "always|after_vote|after_close|never"          \
	}

static const struct field create_fields[] = {POLL,	 SCOPE(talk), SCOPE(session), QUESTION(0),
					     OPTIONS(0), KIND,	      RESULTS,	      {0}};
static const struct field edit_fields[] = {
    POLL, VERSION, QUESTION(FIELD_OPTIONAL), OPTIONS(FIELD_OPTIONAL), KIND, RESULTS, {0}};
static const struct field turn_fields[] = {POLL, VERSION, {0}};
static const struct field stage_fields[] = {
    POLL, VERSION, {.name = "value", .type = FIELD_BOOL, .at = AT(value)}, {0}};
static const struct field vote_fields[] = {
    POLL,
    OPTIONS(0),
    {.name = "seq", .type = FIELD_INT, .at = AT(seq), .max = INT64_MAX, .min = 1},
    {0}};
static const struct field list_fields[] = {SCOPE(talk), SCOPE(session), {0}};

#define SIZE sizeof(struct poll_params)

static const struct method methods[] = {
    {"poll.create", MODERATORS, METHOD_KEY, create_fields, SIZE, poll_create, RATE_WRITE,
     "Makes a poll, which nobody sees before it is opened."},
    {"poll.edit", MODERATORS, METHOD_KEY, edit_fields, SIZE, poll_edit, RATE_WRITE,
     "Changes a poll before the first vote."},
    {"poll.open", MODERATORS, METHOD_KEY, turn_fields, SIZE, poll_open, RATE_WRITE,
     "Lets people vote; one poll of a talk at a time."},
    {"poll.close", MODERATORS, METHOD_KEY, turn_fields, SIZE, poll_close, RATE_WRITE,
     "Ends a poll: its counts are final."},
    {"poll.stage", MODERATORS, METHOD_KEY, stage_fields, SIZE, poll_stage, RATE_WRITE,
     "Shows a poll on stage, or no longer."},
    {"poll.remove", MODERATORS, METHOD_KEY, turn_fields, SIZE, poll_remove, RATE_WRITE,
     "Throws away a poll that was never opened."},
    {"poll.vote", VOTERS, METHOD_OWN_ID, vote_fields, SIZE, poll_vote, RATE_VOTE,
     "Sets one's choice in a poll."},
    {"poll.list", HEARERS & ~(unsigned)ROLE_KIOSK, 0, list_fields, SIZE, poll_list, RATE_READ,
     "The polls of a talk or a session, with one's own choices."},
    {0}};

static const struct event_type events[] = {
    {"poll.opened", "talk talk:mod stage", "A poll began."},
    {"poll.changed", "talk talk:mod stage", "A poll reads differently, or went on or off stage."},
    {"poll.closed", "talk talk:mod stage",
     "A poll ended; with its counts, unless nobody sees them."},
    {"poll.removed", "talk:mod", "A draft was thrown away."},
    {"stage.changed", "stage", "What a stage shows, whole: something there has changed."},
    {0}};

static const struct channel_kind channels[] = {{.kind = "poll",
						.roles = HEARERS,
						.scope = SCOPE_ASKED,
						.snapshot = SQL_POLL_CHANNEL,
						.tally = true,
						.may = SQL_POLL_MAY_HEAR},
					       {0}};

static const struct db_fault constraints[] = {{"poll_key", &fault_conflict},
					      {"poll_question_size", &fault_size},
					      {"poll_options_count", &fault_bad_request},
					      {"poll_option_size", &fault_size},
					      {"poll_option_once", &fault_bad_request},
					      {"poll_nth_once", &fault_busy},
					      {"poll_running_once", &poll_running},
					      {"poll_locked", &poll_locked},
					      {"poll_results_fixed", &poll_locked},
					      {NULL, NULL}};

static fault const faults[] = {&poll_closed, &poll_option, &poll_single, &poll_state, NULL};

const struct service polls_service = {
    .name = "polls",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};

static fault bad_options(struct request *rq, fault f)
{
	rq->fault_field = "options";
	return f;
}

/* One answer's words, cleaned as any text, as an element of an array literal. */
static fault add_text(struct request *rq, const json_t *each, struct buffer *b)
{
	const char *clean;
	fault f;

	if (!json_is_string(each))
		return &fault_bad_request;
	f = text_clean(rq->arena, json_string_value(each), json_string_length(each), 0, OPTION_SIZE,
		       &clean);
	if (f != OK)
		return f;
	if (clean[0] == 0)
		return &fault_bad_request;
	buffer_text(b, "\"");
	for (const char *s = clean; *s != 0; s++) {
		if (*s == '"' || *s == '\\')
			buffer_add(b, "\\", 1);
		buffer_add(b, s, 1);
	}
	buffer_text(b, "\"");
	return OK;
}

static fault add_id(struct request *rq, const json_t *each, struct buffer *b)
{
	const char *id = json_string_value(each);

	(void)rq;
	if (id == NULL || strlen(id) != UUID_SIZE - 1 ||
	    strspn(id, "0123456789abcdef-") != UUID_SIZE - 1)
		return &fault_bad_request;
	buffer_text(b, id);
	return OK;
}

/* *options, a JSON array, becomes an array literal for PostgreSQL in the request's arena. */
static fault take_options(struct request *rq, const char **options, size_t least,
			  fault (*add)(struct request *, const json_t *, struct buffer *))
{
	json_t *list = json_loads(*options, JSON_DECODE_ANY, NULL);
	struct buffer b = {0};
	fault f = OK;
	const json_t *each;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) < least ||
	    json_array_size(list) > OPTIONS_MAX) {
		json_decref(list);
		return bad_options(rq, &fault_bad_request);
	}
	buffer_text(&b, "{");
	json_array_foreach(list, i, each)
	{
		if (i > 0)
			buffer_text(&b, ",");
		f = add(rq, each, &b);
		if (f != OK)
			break;
	}
	buffer_text(&b, "}");
	json_decref(list);
	if (f == OK)
		*options = arena_strdup(rq->arena, b.bytes);
	buffer_finish(&b);
	return f != OK ? bad_options(rq, f) : OK;
}

static fault poll_create(struct request *rq)
{
	struct poll_params *p = rq->params;
	fault bad = take_options(rq, &p->options, OPTIONS_MIN, add_text);

	if (bad != OK)
		return bad;
	if ((p->talk == NULL) == (p->session == NULL)) {
		rq->fault_field = "talk";
		return &fault_bad_request;
	}
	return db_write(
	    rq, LANE_MODERATE, SQL_POLL_CREATE,
	    PARAMS(p->poll, p->talk, p->session, p->question, p->options, p->kind, p->results));
}

static fault poll_edit(struct request *rq)
{
	struct poll_params *p = rq->params;
	fault bad = p->options != NULL ? take_options(rq, &p->options, OPTIONS_MIN, add_text) : OK;

	if (bad != OK)
		return bad;
	return db_write(rq, LANE_MODERATE, SQL_POLL_EDIT,
			PARAMS(p->poll, p_int(rq, p->expect_version), p->question, p->options,
			       p->kind, p->results));
}

static fault turn(struct request *rq, enum sql_id sql)
{
	const struct poll_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, sql, PARAMS(p->poll, p_int(rq, p->expect_version)));
}

static fault poll_open(struct request *rq)
{
	return turn(rq, SQL_POLL_OPEN);
}

static fault poll_close(struct request *rq)
{
	return turn(rq, SQL_POLL_CLOSE);
}

static fault poll_stage(struct request *rq)
{
	const struct poll_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_POLL_STAGE,
			PARAMS(p->poll, p_int(rq, p->expect_version), p_bool(p->value)));
}

static fault poll_remove(struct request *rq)
{
	return turn(rq, SQL_POLL_REMOVE);
}

static fault poll_vote(struct request *rq)
{
	struct poll_params *p = rq->params;
	fault bad = take_options(rq, &p->options, 0, add_id);

	if (bad != OK)
		return bad;
	return db_merge(rq, LANE_PUBLIC, SQL_POLL_VOTE,
			PARAMS(p->poll, p->options, p_int(rq, p->seq)));
}

static fault poll_list(struct request *rq)
{
	const struct poll_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_POLL_LIST, PARAMS(p->talk, p->session));
}
