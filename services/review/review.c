/* services/review: what reviewers do: read what waits for them, judge it, say that they know the
 * authors. The rules are in sql/functions/review. */
#include "services/review/review.h"
#include "services/db/db.h"

#include <stddef.h>

enum { COMMENT_SIZE = 4000, SCORES_SIZE = 2048 };

static const struct fault review_closed = {"review.closed", FAULT_STATE,
					   "The time for reviews is over."};
static const struct fault review_final = {
    "review.final", FAULT_STATE,
    "A finished review can be changed, but neither taken back nor away."};
static const struct fault review_incomplete = {"review.incomplete", FAULT_STATE,
					       "A finished review has a score for each criterion."};

static const struct fault interest_vague = {
    "interest.vague", FAULT_STATE,
    "That names nobody: a name has letters, a place is more than \"the university\"."};
static const struct fault interest_limit = {"interest.limit", FAULT_STATE,
					    "The list is full: take something off it first."};

struct review_params {
	const char *abstract, *scores, *to_authors, *to_committee, *state;
	int64_t expect_version;
};

struct declare_params {
	const char *abstract, *person, *reason;
	bool has;
};

struct ahead_params {
	const char *kind, *text, *entry;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field abstract_fields[] = {
    {"abstract", FIELD_UUID, AT(review_params, abstract), 0, 0, 0, NULL}, {0}};

static const struct field save_fields[] = {
    {"abstract", FIELD_UUID, AT(review_params, abstract), 0, 0, 0, NULL},
    {"scores", FIELD_JSON, AT(review_params, scores), 0, SCORES_SIZE, 0, NULL},
    {"to_authors", FIELD_LINES, AT(review_params, to_authors), 0, COMMENT_SIZE, 0, NULL},
    {"to_committee", FIELD_LINES, AT(review_params, to_committee), 0, COMMENT_SIZE, 0, NULL},
    {"state", FIELD_CHOICE, AT(review_params, state), 0, 0, 0, "draft|final"},
    {"expect_version", FIELD_INT, AT(review_params, expect_version), 0, INT32_MAX, 0, NULL},
    {0}};

static const struct field declare_fields[] = {
    {"abstract", FIELD_UUID, AT(declare_params, abstract), 0, 0, 0, NULL},
    {"person", FIELD_UUID, AT(declare_params, person), FIELD_OPTIONAL, 0, 0, NULL},
    {"has", FIELD_BOOL, AT(declare_params, has), 0, 0, 0, NULL},
    {"reason", FIELD_TEXT, AT(declare_params, reason), FIELD_OPTIONAL, 500, 0, NULL},
    {0}};

static const struct field add_fields[] = {
    {"kind", FIELD_CHOICE, AT(ahead_params, kind), 0, 0, 0, "person|place"},
    {"text", FIELD_TEXT, AT(ahead_params, text), 0, 200, 1, NULL},
    {0}};

static const struct field drop_fields[] = {
    {"entry", FIELD_UUID, AT(ahead_params, entry), 0, 0, 0, NULL}, {0}};

static fault review_mine(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REVIEW_MINE, NULL, 0);
}

static fault review_get(struct request *rq)
{
	const struct review_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_REVIEW_GET, PARAMS(p->abstract));
}

static fault review_save(struct request *rq)
{
	const struct review_params *p = rq->params;

	if (p->scores[0] != '{') {
		rq->fault_field = "scores";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_SAVE,
			PARAMS(p->abstract, p->scores, p->to_authors, p->to_committee, p->state,
			       p_int(rq, p->expect_version)));
}

static fault review_list(struct request *rq)
{
	const struct review_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_REVIEW_OTHERS,
		       PARAMS(p->abstract, p_bool((rq->caller.roles & ROLE_ORGANISER) != 0)));
}

/* About somebody else only organisers speak. */
static fault interest_declare(struct request *rq)
{
	const struct declare_params *p = rq->params;

	if (p->person != NULL && (rq->caller.roles & ROLE_ORGANISER) == 0)
		return &fault_denied;
	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_DECLARE,
			PARAMS(p->abstract, p->person, p_bool(p->has), p->reason));
}

static fault interest_list(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REVIEW_INTEREST_LIST, NULL, 0);
}

static fault interest_add(struct request *rq)
{
	const struct ahead_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_INTEREST_ADD, PARAMS(p->kind, p->text));
}

static fault interest_drop(struct request *rq)
{
	const struct ahead_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_INTEREST_DROP, PARAMS(p->entry));
}

#define SIZE(type) sizeof(struct type)

static const struct method methods[] = {
    {"review.mine", ROLE_REVIEWER, 0, NULL, 0, review_mine, RATE_READ,
     "The abstracts that wait for one's review, and how far one is."},
    {"review.get", ROLE_REVIEWER, 0, abstract_fields, SIZE(review_params), review_get, RATE_READ,
     "One of them, as its reviewer may see it, with one's own review."},
    {"review.save", ROLE_REVIEWER, METHOD_KEY, save_fields, SIZE(review_params), review_save,
     RATE_WRITE, "Keeps one's review as a draft, or finishes it."},
    {"review.list", ROLE_REVIEWER | ROLE_ORGANISER, 0, abstract_fields, SIZE(review_params),
     review_list, RATE_READ, "What the others thought, once one has finished."},
    {"interest.declare", ROLE_REVIEWER | ROLE_ORGANISER, METHOD_KEY, declare_fields,
     SIZE(declare_params), interest_declare, RATE_WRITE,
     "Says that a reviewer knows the authors, or that what was found is no conflict."},
    {"interest.list", ROLE_REVIEWER, 0, NULL, 0, interest_list, RATE_READ,
     "Whom one cannot judge, whatever they hand in."},
    {"interest.add", ROLE_REVIEWER, METHOD_KEY, add_fields, SIZE(ahead_params), interest_add,
     RATE_WRITE, "Says ahead that one cannot judge a person, or a place."},
    {"interest.drop", ROLE_REVIEWER, METHOD_KEY, drop_fields, SIZE(ahead_params), interest_drop,
     RATE_WRITE, "Takes that back."},
    {0}};

static const struct event_type events[] = {{0}};

static const struct db_fault constraints[] = {
    {"review_once", &fault_conflict}, {"interest_abstract", &fault_not_found}, {NULL, NULL}};

static fault const faults[] = {&review_closed,	&review_final,	 &review_incomplete,
			       &interest_vague, &interest_limit, NULL};

const struct service review_service = {
    .name = "review",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};
