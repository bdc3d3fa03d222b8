/* services/people: looking people up, and how handlers of this service end. */
#include "services/people/parts.h"

#include "services/core/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

fault people_find(struct request *rq)
{
	const struct find_params *p = rq->params;
	int letters = 0;

	/* Code points, not bytes: å is one letter. */
	for (const char *c = p->text; *c != 0; c++)
		letters += ((unsigned char)*c & 0xc0) != 0x80;
	if (letters < 3) {
		rq->fault_field = "text";
		return &fault_bad_request;
	}
	return db_read(rq, LANE_PUBLIC, SQL_PEOPLE_FIND, PARAMS(p->text));
}

fault people_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_PEOPLE_GET, NULL, 0);
}

fault people_row_fault(struct request *rq, const struct rows *rows, fault none)
{
	const char *name;
	fault f;

	if (rows_count(rows) == 0)
		return none;
	name = rows_text(rows, 0, "fault");
	if (name == NULL)
		return OK;
	if (rows_text(rows, 0, "retry_ms") != NULL)
		rq->retry_after_ms = rows_int(rows, 0, "retry_ms");
	f = fault_by_code(name);
	return f != OK ? f : &fault_internal;
}

fault people_replied(struct request *rq, const struct rows *rows)
{
	fault f = people_row_fault(rq, rows, &fault_not_found);

	return f != OK ? f
		       : request_reply(rq, arena_strdup(rq->arena, rows_text(rows, 0, "reply")));
}

const char *people_token(struct request *rq, const struct rows *rows, enum token_kind kind)
{
	struct token token = {.kind = kind, .expires = rows_int(rows, 0, "expires")};

	snprintf(token.conference, sizeof(token.conference), "%s",
		 rows_text(rows, 0, "conference"));
	snprintf(token.login, sizeof(token.login), "%s", rows_text(rows, 0, "login"));
	snprintf(token.subject, sizeof(token.subject), "%s", rows_text(rows, 0, "subject"));
	return token_sign(rq->arena, &token, clock_unix());
}

const char *people_letters(struct request *rq, const char *text)
{
	char *letters = arena_alloc(rq->arena, strlen(text) + 1);
	size_t n = 0;

	for (const char *c = text; *c != 0; c++)
		if (!isspace((unsigned char)*c) && *c != '-')
			letters[n++] = (char)toupper((unsigned char)*c);
	return letters;
}
