/* services/people: opening sessions, and every way a person signs in. */
#include "services/people/parts.h"

#include <stdlib.h>
#include <string.h>

static rows_fn opened, signed_in, ticket_made, logged_out, issued;

fault people_session_by_ticket(struct request *rq)
{
	const struct by_ticket_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_SESSION_BY_TICKET, opened,
			PARAMS(sha256_bytea(rq->arena, p->ticket, strlen(p->ticket))));
}

fault people_session_by_login(struct request *rq)
{
	const struct by_login_params *p = rq->params;

	if (rq->caller.conference[0] == 0)
		return &fault_auth_required;
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_SESSION_BY_LOGIN, opened,
			PARAMS(rq->caller.conference, p->login, p->kind));
}

static fault opened(struct request *rq, const struct rows *rows)
{
	fault f = people_row_fault(rq, rows, &fault_auth_required);

	return f != OK ? f : people_replied(rq, rows);
}

fault people_session_by_guest(struct request *rq)
{
	const struct slug_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_SESSION_BY_GUEST, people_replied,
			PARAMS(p->slug));
}

/* Bound to its request, so that a code read elsewhere opens nothing here. */
static const char *mail_code_hash(struct request *rq, const char *request, const char *code)
{
	return code_hash(rq->arena, "mail", arena_printf(rq->arena, "%s:%s", request, code));
}

fault auth_start(struct request *rq)
{
	const struct start_params *p = rq->params;
	const char *request = random_uuid(rq->arena);
	const char *code = random_digits(rq->arena, 6);

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_START, people_replied,
			PARAMS(p->slug, p->email, request, code, mail_code_hash(rq, request, code),
			       p->name, p->language));
}

fault auth_finish(struct request *rq)
{
	const struct finish_params *p = rq->params;
	const char *code = people_letters(rq, p->code);

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_FINISH, signed_in,
			PARAMS(p->request, mail_code_hash(rq, p->request, code)));
}

fault auth_entry(struct request *rq)
{
	const struct entry_params *p = rq->params;
	const char *code = entry_code_read(rq->arena, p->entry_code);

	/* What is no code at all counts as a try as well; nothing is stored under this hash. */
	if (code == NULL)
		code = "";
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_ENTRY, signed_in,
			PARAMS(p->slug, p->email, code_hash(rq->arena, "entry", code)));
}

fault auth_desk(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_DESK, signed_in,
			PARAMS(p->slug, code_hash(rq->arena, "desk", people_letters(rq, p->code))));
}

fault auth_door(struct request *rq)
{
	const struct door_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_DOOR, signed_in,
			PARAMS(sha256_bytea(rq->arena, p->token, strlen(p->token))));
}

static fault signed_in(struct request *rq, const struct rows *rows)
{
	fault f = people_row_fault(rq, rows, &auth_code);

	if (f != OK)
		return f;
	rq->cookie = people_token(rq, rows, TOKEN_SESSION);
	return people_replied(rq, rows);
}

fault auth_ticket(struct request *rq)
{
	const char *ticket = random_base32(rq->arena, 26);

	if (rq->caller.login[0] == 0)
		return &fault_auth_required;
	rq->params = (void *)ticket;
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_TICKET, ticket_made,
			PARAMS(rq->caller.login, sha256_bytea(rq->arena, ticket, strlen(ticket))));
}

static fault ticket_made(struct request *rq, const struct rows *rows)
{
	if (rows_count(rows) == 0)
		return &fault_auth_expired;
	return request_reply(rq, arena_printf(rq->arena, "{\"ticket\":\"%s\",\"expires_in\":30}",
					      (const char *)rq->params));
}

fault auth_logout(struct request *rq)
{
	rq->cookie = "";
	if (rq->caller.login[0] == 0)
		return request_reply(rq, "{}");
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_LOGOUT, logged_out,
			PARAMS(rq->caller.login));
}

static fault logged_out(struct request *rq, const struct rows *rows)
{
	(void)rows; /* none: it was over already */
	return request_reply(rq, "{}");
}

/* A repeat of the call must give the same code, and no code is stored: so it comes out of the
 * call's own key. */
static const char *desk_code(struct request *rq)
{
	static const char alphabet[] = "BCDFGHJKLMNPQRSTVWXZ";
	const char *actor = caller_actor(&rq->caller);
	const char *hex = code_hash(
	    rq->arena, "desk code",
	    arena_printf(rq->arena, "%s:%s:%s", rq->caller.conference, actor != NULL ? actor : "",
			 rq->key != NULL ? rq->key : random_uuid(rq->arena)));
	char *code = arena_alloc(rq->arena, 9);

	for (int i = 0; i < 8; i++) {
		char digits[5] = {hex[2 + 4 * i], hex[3 + 4 * i], hex[4 + 4 * i], hex[5 + 4 * i],
				  0};

		code[i] = alphabet[strtoul(digits, NULL, 16) % 20];
	}
	return code;
}

fault login_issue(struct request *rq)
{
	const struct issue_params *p = rq->params;
	const char *code = desk_code(rq);
	/* The desk lets attendees in, never into the rooms of staff. */
	bool any = rq->caller.roles & ROLE_ORGANISER;

	rq->params = (void *)code;
	return db_write_then(rq, LANE_PUBLIC, SQL_PEOPLE_LOGIN_ISSUE, issued,
			     PARAMS(p->person, code_hash(rq->arena, "desk", code), p_bool(any)));
}

static fault issued(struct request *rq, const struct rows *rows)
{
	return request_reply(rq, arena_printf(rq->arena, "{\"code\":\"%s\",%s",
					      (const char *)rq->params,
					      rows_text(rows, 0, "reply") + 1));
}
