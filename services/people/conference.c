/* services/people: conferences made by an organiser or from the command line, their clock, tokens
 * for scripts, and what the front page shows. */
#include "services/people/parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static rows_fn created, token_made, document_read;

bool people_date_ok(const char *s)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	for (int i = 0; i < 10; i++)
		if (i != 4 && i != 7 && !isdigit((unsigned char)s[i]))
			return false;
	year = (int)strtol(s, NULL, 10);
	month = (int)strtol(s + 5, NULL, 10);
	day = (int)strtol(s + 8, NULL, 10);
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* The command line stands in no conference; an organiser does, and becomes organiser of the new
 * one. */
fault conference_create(struct request *rq)
{
	const struct conference_params *p = rq->params;

	if (!people_date_ok(p->starts))
		rq->fault_field = "starts";
	else if (!people_date_ok(p->ends))
		rq->fault_field = "ends";
	else if (p->info != NULL && p->info[0] != '{')
		rq->fault_field = "info";
	/* Which one an address without a name means is for whoever runs the server to say. */
	else if (p->is_default && rq->caller.conference[0] != 0)
		rq->fault_field = "is_default";
	if (rq->fault_field != NULL)
		return &fault_bad_request;
	if (rq->caller.conference[0] != 0)
		return db_write(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_FOUND,
				PARAMS(p->slug, p->title, p->subtitle, p->venue, p->zone, p->starts,
				       p->ends, p->info));
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_CREATE, created,
			PARAMS(p->slug, p->title, p->subtitle, p->venue, p->zone, p->starts,
			       p->ends, p_bool(p->is_default), p->info));
}

static fault created(struct request *rq, const struct rows *rows)
{
	if (rows_count(rows) == 0) {
		rq->fault_field = "zone";
		return &fault_bad_request;
	}
	return people_replied(rq, rows);
}

fault conference_list(struct request *rq)
{
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_LIST, people_replied, NULL, 0);
}

fault conference_clock(struct request *rq)
{
	const struct clock_params *p = rq->params;

	if ((p->at != NULL) == (p->offset_seconds != NULL)) {
		rq->fault_field = "at";
		return &fault_bad_request;
	}
	if (p->offset_seconds != NULL &&
	    strspn(p->offset_seconds, "-0123456789") != strlen(p->offset_seconds)) {
		rq->fault_field = "offset_seconds";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_CLOCK,
			PARAMS(p->at, p->offset_seconds));
}

fault token_create(struct request *rq)
{
	const struct token_params *p = rq->params;
	const char *name = p->name;

	if (name == NULL)
		name = arena_strndup(rq->arena, p->email, strcspn(p->email, "@"));
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_TOKEN_CREATE, token_made,
			PARAMS(rq->caller.conference, p->role, p->email, name));
}

static fault token_made(struct request *rq, const struct rows *rows)
{
	if (rows_count(rows) == 0)
		return &fault_not_found;
	return request_reply(rq, arena_printf(rq->arena, "{\"token\":\"%s\",\"person\":\"%s\"}",
					      people_token(rq, rows, TOKEN_SCRIPT),
					      rows_text(rows, 0, "subject")));
}

fault conference_document(struct request *rq)
{
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_DOCUMENT, document_read,
			PARAMS(rq->caller.conference));
}

static fault document_read(struct request *rq, const struct rows *rows)
{
	const char *body;
	size_t size;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	body = rows_text(rows, 0, "body");
	size = strlen(body);
	rq->content_type = "application/json";
	/* Without the time, or a reader would never get a 304. */
	rq->etag = arena_printf(rq->arena, "\"%.32s\"", sha256_bytea(rq->arena, body, size) + 2);
	return request_reply(rq, arena_printf(rq->arena, "%.*s,\"time\":\"%s\"}", (int)size - 1,
					      body, rows_text(rows, 0, "time")));
}
