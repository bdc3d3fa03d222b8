/* services/review: what organisers do: criteria, reviewers, who gets what, who knows whom, files.
 */
#include "services/db/db.h"
#include "services/review/balance.h"
#include "services/review/review.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	CRITERIA_SIZE = 8 * 1024,
	TRACKS_SIZE = 4 * 1024,
	ROWS_SIZE = 15 * 1024,
	PLACES_AT_ONCE = 100 /* a turn of the loop: a few milliseconds */
};

static const struct fault review_criterion = {
    "review.criterion", FAULT_STATE,
    "Somebody has judged by this criterion: its range stays, and it cannot go."};
static const struct fault review_conflict = {"review.conflict", FAULT_STATE,
					     "This reviewer knows an author."};
static const struct fault review_no_until = {"review.no_until", FAULT_STATE,
					     "Say until when reviews are wanted, first."};

struct setup_params {
	const char *criteria, *until;
	int64_t per_abstract, expect_version;
	bool blind;
};

struct reviewer_params {
	const char *person, *email, *name, *tracks, *load, *affiliations, *reviews;
};

struct pair_params {
	const char *abstract, *person;
};

struct file_params {
	const char *format, *rows;
	bool dry_run;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field setup_fields[] = {
    {"criteria", FIELD_JSON, AT(setup_params, criteria), 0, CRITERIA_SIZE, 0, NULL},
    {"blind", FIELD_BOOL, AT(setup_params, blind), 0, 0, 0, NULL},
    {"until", FIELD_WHEN, AT(setup_params, until), FIELD_OPTIONAL, 0, 0, NULL},
    {"per_abstract", FIELD_INT, AT(setup_params, per_abstract), 0, 9, 1, NULL},
    {"expect_version", FIELD_INT, AT(setup_params, expect_version), 0, INT32_MAX, 0, NULL},
    {0}};

static const struct field save_fields[] = {
    {"person", FIELD_UUID, AT(reviewer_params, person), FIELD_OPTIONAL, 0, 0, NULL},
    {"email", FIELD_EMAIL, AT(reviewer_params, email), FIELD_OPTIONAL, 254, 0, NULL},
    {"name", FIELD_TEXT, AT(reviewer_params, name), FIELD_OPTIONAL, 200, 1, NULL},
    {"tracks", FIELD_JSON, AT(reviewer_params, tracks), 0, TRACKS_SIZE, 0, NULL},
    {"load", FIELD_INT, AT(reviewer_params, load), FIELD_OPTIONAL | FIELD_AS_TEXT, 1000, 0, NULL},
    {"affiliations", FIELD_LINES, AT(reviewer_params, affiliations), FIELD_OPTIONAL, 1000, 0, NULL},
    {0}};

static const struct field remove_fields[] = {
    {"person", FIELD_UUID, AT(reviewer_params, person), 0, 0, 0, NULL},
    {"reviews", FIELD_CHOICE, AT(reviewer_params, reviews), 0, 0, 0, "keep|drop"},
    {0}};

static const struct field some_fields[] = {
    {"abstract", FIELD_UUID, AT(pair_params, abstract), FIELD_OPTIONAL, 0, 0, NULL},
    {"person", FIELD_UUID, AT(pair_params, person), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field pair_fields[] = {
    {"abstract", FIELD_UUID, AT(pair_params, abstract), 0, 0, 0, NULL},
    {"person", FIELD_UUID, AT(pair_params, person), 0, 0, 0, NULL},
    {0}};

static const struct field export_fields[] = {
    {"format", FIELD_CHOICE, AT(file_params, format), 0, 0, 0, "pretalx|hotcrp|reviews"}, {0}};

static const struct field import_fields[] = {
    {"rows", FIELD_JSON, AT(file_params, rows), 0, ROWS_SIZE, 0, NULL},
    {"dry_run", FIELD_BOOL, AT(file_params, dry_run), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static fault review_setup_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REVIEW_SETUP_GET, NULL, 0);
}

static fault review_setup(struct request *rq)
{
	const struct setup_params *p = rq->params;

	if (p->criteria[0] != '[') {
		rq->fault_field = "criteria";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_SETUP,
			PARAMS(p->criteria, p_bool(p->blind), p->until, p_int(rq, p->per_abstract),
			       p_int(rq, p->expect_version)));
}

static fault review_reviewers(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REVIEW_REVIEWERS, NULL, 0);
}

static fault review_progress(struct request *rq)
{
	return db_read(rq, LANE_SLOW, SQL_REVIEW_PROGRESS, NULL, 0);
}

static fault review_conflicts(struct request *rq)
{
	const struct pair_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_REVIEW_CONFLICTS, PARAMS(p->abstract, p->person));
}

static fault reviewer_save(struct request *rq)
{
	const struct reviewer_params *p = rq->params;
	const char *name = p->name;

	if ((p->person != NULL) == (p->email != NULL))
		rq->fault_field = "person";
	else if (p->tracks[0] != '[')
		rq->fault_field = "tracks";
	if (rq->fault_field != NULL)
		return &fault_bad_request;
	if (name == NULL && p->email != NULL)
		name = arena_strndup(rq->arena, p->email, strcspn(p->email, "@"));
	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_REVIEWER_SAVE,
			PARAMS(p->person, p->email, name, p->tracks, p->load, p->affiliations));
}

static fault reviewer_remove(struct request *rq)
{
	const struct reviewer_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_REVIEWER_REMOVE, PARAMS(p->person, p->reviews));
}

/* What review.assign works on between the database's two answers. */
struct assigning {
	struct balance_input in;
	struct balance *balance;
	const char **abstracts, **people;
};

/* "a b c" → its words; *ret_n how many. */
static const char **words(struct arena *arena, const char *text, int *ret_n)
{
	const char **list;
	char *at = arena_strdup(arena, text), *rest = NULL;
	int n = 1, i = 0;

	for (const char *c = text; *c != 0; c++)
		n += *c == ' ';
	list = arena_alloc(arena, (size_t)n * sizeof *list);
	for (char *w = strtok_r(at, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
		list[i++] = w;
	*ret_n = i;
	return list;
}

static const int *numbers(struct arena *arena, const char *text)
{
	int n;
	const char **list = words(arena, text, &n);
	int *values = arena_alloc(arena, (size_t)(n + 1) * sizeof *values);

	for (int i = 0; i < n; i++)
		values[i] = (int)strtol(list[i], NULL, 10);
	return values;
}

/* The n-th of an array's ids, with what stands before it. */
static void add_id(char *array, int n, const char *id)
{
	char *at = array + (ptrdiff_t)n * UUID_SIZE;

	at[0] = n == 0 ? '{' : ',';
	memcpy(at + 1, id, UUID_SIZE - 1);
}

/* The pairs go back as two arrays; SQL asks once more whether each may be. */
static fault assign_pairs(struct request *rq, const struct assigning *g)
{
	size_t room = 3;
	char *abstracts, *people;
	int n = 0;

	for (int a = 0; g != NULL && a < g->in.abstracts; a++)
		room += (size_t)g->in.need[a] * UUID_SIZE;
	abstracts = arena_alloc(rq->arena, room);
	people = arena_alloc(rq->arena, room);
	for (int a = 0; g != NULL && a < g->in.abstracts; a++)
		for (int r = 0; r < g->in.people; r++)
			if (balance_has(g->balance, a, r)) {
				add_id(abstracts, n, g->abstracts[a]);
				add_id(people, n++, g->people[r]);
			}
	if (n == 0)
		abstracts[0] = people[0] = '{';
	abstracts[n == 0 ? 1 : n * UUID_SIZE] = '}';
	people[n == 0 ? 1 : n * UUID_SIZE] = '}';
	return db_write(rq, LANE_SLOW, SQL_REVIEW_ASSIGN, PARAMS(abstracts, people));
}

static fault assign_on(struct request *rq)
{
	struct assigning *g = rq->params;

	if (!balance_go(g->balance, PLACES_AT_ONCE))
		return db_later(rq, assign_on);
	return assign_pairs(rq, g);
}

static fault assign_found(struct request *rq, const struct rows *rows)
{
	struct assigning *g = arena_alloc(rq->arena, sizeof *g);
	const char *fits;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	fits = rows_text(rows, 0, "fits");
	if (fits == NULL)
		return assign_pairs(rq, NULL);
	g->abstracts = words(rq->arena, rows_text(rows, 0, "abstracts"), &g->in.abstracts);
	g->people = words(rq->arena, rows_text(rows, 0, "people"), &g->in.people);
	g->in.need = numbers(rq->arena, rows_text(rows, 0, "needs"));
	g->in.load = numbers(rq->arena, rows_text(rows, 0, "loads"));
	g->in.most = numbers(rq->arena, rows_text(rows, 0, "limits"));
	g->in.fits = arena_strdup(rq->arena, fits);
	g->balance = balance_new(rq->arena, &g->in);
	rq->params = g;
	return assign_on(rq);
}

static fault review_assign(struct request *rq)
{
	const struct pair_params *p = rq->params;

	if (p->abstract != NULL && p->person != NULL)
		return db_write(rq, LANE_PUBLIC, SQL_REVIEW_ASSIGN_ONE,
				PARAMS(p->abstract, p->person));
	return db_query(
	    rq, LANE_SLOW, SQL_REVIEW_GRID, assign_found,
	    PARAMS(rq->caller.conference, caller_actor(&rq->caller), p->abstract, p->person));
}

static fault review_unassign(struct request *rq)
{
	const struct pair_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_UNASSIGN, PARAMS(p->abstract, p->person));
}

static fault review_tell(struct request *rq)
{
	return db_write(rq, LANE_PUBLIC, SQL_REVIEW_TELL, NULL, 0);
}

static fault review_export(struct request *rq)
{
	const struct file_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_REVIEW_EXPORT, PARAMS(p->format));
}

static fault review_import(struct request *rq)
{
	const struct file_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_REVIEW_IMPORT, PARAMS(p->rows, p_bool(p->dry_run)));
}

#define SIZE(type) sizeof(struct type)

static const struct method methods[] = {
    {"review.setup_get", ROLE_REVIEWER | ROLE_ORGANISER, 0, NULL, 0, review_setup_get, RATE_READ,
     "How reviewing goes, and its criteria."},
    {"review.setup", ROLE_ORGANISER, METHOD_KEY, setup_fields, SIZE(setup_params), review_setup,
     RATE_WRITE, "Says how reviewing goes: criteria, blind or not, until when, how many."},
    {"review.reviewers", ROLE_ORGANISER, 0, NULL, 0, review_reviewers, RATE_READ,
     "Who reviews, their topics, and how far each is."},
    {"review.progress", ROLE_ORGANISER, 0, NULL, 0, review_progress, RATE_READ,
     "Each abstract with its reviewers and what they add up to."},
    {"review.conflicts", ROLE_ORGANISER, 0, some_fields, SIZE(pair_params), review_conflicts,
     RATE_READ, "Which reviewers know which authors, and what was said about it."},
    {"reviewer.save", ROLE_ORGANISER, METHOD_KEY, save_fields, SIZE(reviewer_params), reviewer_save,
     RATE_WRITE, "Makes somebody a reviewer, with their topics."},
    {"reviewer.remove", ROLE_ORGANISER, METHOD_KEY, remove_fields, SIZE(reviewer_params),
     reviewer_remove, RATE_WRITE, "Somebody reviews no more; what they finished stays or goes."},
    {"review.assign", ROLE_ORGANISER, METHOD_KEY, some_fields, SIZE(pair_params), review_assign,
     RATE_WRITE, "Gives a reviewer an abstract, or everybody a fair share of what is missing."},
    {"review.unassign", ROLE_ORGANISER, METHOD_KEY, pair_fields, SIZE(pair_params), review_unassign,
     RATE_WRITE, "Takes an abstract away from a reviewer who has not finished."},
    {"review.tell", ROLE_ORGANISER, METHOD_KEY, NULL, 0, review_tell, RATE_WRITE,
     "Writes to all reviewers that their list is ready."},
    {"review.export", ROLE_ORGANISER, 0, export_fields, SIZE(file_params), review_export, RATE_READ,
     "Assignments as pretalx or HotCRP read them, or all reviews as a table."},
    {"review.import", ROLE_ORGANISER, METHOD_KEY, import_fields, SIZE(file_params), review_import,
     RATE_WRITE, "Assignments and conflicts made elsewhere."},
    {0}};

static const struct event_type events[] = {{0}};

static const struct db_fault constraints[] = {{"review_criterion_name_size", &fault_bad_request},
					      {"review_criterion_name_once", &fault_bad_request},
					      {"review_criterion_weight", &fault_bad_request},
					      {"review_criterion_low", &fault_bad_request},
					      {"review_criterion_high", &fault_bad_request},
					      {"review_criterion_range", &fault_bad_request},
					      {NULL, NULL}};

static fault const faults[] = {&review_criterion, &review_conflict, &review_no_until, NULL};

const struct service review_board_service = {
    .name = "review_board",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};
