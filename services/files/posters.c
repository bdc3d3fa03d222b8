/* services/files: posters and the book of abstracts. */
#include "services/files/parts.h"

#include <stddef.h>

#define AT(type, member) offsetof(struct type, member)
#define SIZE(type)	 sizeof(struct type)

struct number_params {
	const char *abstract;
	int64_t number;
};

struct remind_params {
	const char *until;
};

struct book_params {
	bool posters, open;
	const char *session;
};

static const struct field number_fields[] = {
    {"abstract", FIELD_UUID, AT(number_params, abstract), 0, 0, 0, NULL},
    {"number", FIELD_INT, AT(number_params, number), 0, 9999, 1, NULL},
    {0}};

static const struct field remind_fields[] = {
    {"until", FIELD_TEXT, AT(remind_params, until), 0, 60, 1, NULL}, {0}};

static const struct field book_fields[] = {
    {"posters", FIELD_BOOL, AT(book_params, posters), 0, 0, 0, NULL},
    {"open", FIELD_BOOL, AT(book_params, open), 0, 0, 0, NULL},
    {"session", FIELD_UUID, AT(book_params, session), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static fault poster_list(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_FILES_POSTER_LIST, NULL, 0);
}

static fault poster_board(struct request *rq)
{
	return db_read(rq, LANE_SLOW, SQL_FILES_POSTER_BOARD, NULL, 0);
}

static fault poster_arrange(struct request *rq)
{
	return db_write(rq, LANE_SLOW, SQL_FILES_POSTER_ARRANGE, NULL, 0);
}

static fault poster_number(struct request *rq)
{
	const struct number_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_FILES_POSTER_NUMBER,
			PARAMS(p->abstract, p_int(rq, p->number)));
}

static fault poster_remind(struct request *rq)
{
	const struct remind_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_FILES_POSTER_REMIND, PARAMS(p->until));
}

static fault book_save(struct request *rq)
{
	const struct book_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_FILES_BOOK_SAVE,
			PARAMS(p_bool(p->posters), p_bool(p->open), p->session));
}

static fault book_get(struct request *rq)
{
	return db_read(rq, LANE_SLOW, SQL_FILES_BOOK_GET, NULL, 0);
}

static const struct method methods[] = {
    {"poster.list", ROLE_EVERYONE, 0, NULL, 0, poster_list, RATE_READ,
     "All posters; their files for whoever takes part."},
    {"poster.board", ROLE_ORGANISER, 0, NULL, 0, poster_board, RATE_READ,
     "Posters, who has none yet, and what is open."},
    {"poster.arrange", ROLE_ORGANISER, METHOD_KEY, NULL, 0, poster_arrange, RATE_WRITE,
     "A number for each poster that has none, by topic, and a talk to be asked under."},
    {"poster.number", ROLE_ORGANISER, METHOD_KEY, number_fields, SIZE(number_params), poster_number,
     RATE_WRITE, "Another number for a poster."},
    {"poster.remind", ROLE_ORGANISER, METHOD_KEY, remind_fields, SIZE(remind_params), poster_remind,
     RATE_WRITE, "Mails to those whose poster is not there yet."},
    {"book.save", ROLE_ORGANISER, METHOD_KEY, book_fields, SIZE(book_params), book_save, RATE_WRITE,
     "What of the posters and the book is open, and the session the posters are talks of."},
    {"book.get", ROLE_EVERYONE, 0, NULL, 0, book_get, RATE_READ,
     "The abstracts that were accepted, with their authors."},
    {0}};

static const struct event_type events[] = {{0}};

static const struct fault book_closed = {"book.closed", FAULT_STATE, "That is not published yet."};
static const struct fault poster_taken = {"poster.taken", FAULT_STATE,
					  "Another poster has that number."};

static fault const faults[] = {&book_closed, &poster_taken, NULL};

static const struct db_fault constraints[] = {{"poster_number_once", &poster_taken}, {0}};

const struct service posters_service = {
    .name = "posters",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};
