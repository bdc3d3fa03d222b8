/* services/people: kiosks and stage screens, paired like a television (RFC 8628); chairs' phones.
 */
#include "services/people/parts.h"

#include "services/core/ticket.h"

#include <string.h>

enum { DEVICE_CODE = 32, USER_CODE = 8 }; /* 160 bits of base32; letters that staff type */

static rows_fn pairing_made, polled, kiosk_made, chair_joined;

struct pairing {
	const char *device_code, *user_code;
};

fault auth_device(struct request *rq)
{
	const struct device_params *p = rq->params;
	struct pairing *pairing = arena_alloc(rq->arena, sizeof(*pairing));

	pairing->device_code = random_base32(rq->arena, DEVICE_CODE);
	pairing->user_code = random_letters(rq->arena, USER_CODE);
	rq->params = pairing;
	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_DEVICE, pairing_made,
			PARAMS(p->slug, p->kind,
			       sha256_bytea(rq->arena, pairing->device_code, DEVICE_CODE),
			       pairing->user_code));
}

static fault pairing_made(struct request *rq, const struct rows *rows)
{
	const struct pairing *pairing = rq->params;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	return request_reply(rq, arena_printf(rq->arena,
					      "{\"device_code\":\"%s\",\"user_code\":\"%.4s-%s\","
					      "\"expires_in\":600,\"interval\":5}",
					      pairing->device_code, pairing->user_code,
					      pairing->user_code + 4));
}

fault auth_device_poll(struct request *rq)
{
	const struct poll_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_DEVICE_POLL, polled,
			PARAMS(sha256_bytea(rq->arena, p->device_code, strlen(p->device_code))));
}

static fault token_reply(struct request *rq, const struct rows *rows)
{
	return request_reply(rq, arena_printf(rq->arena, "{\"token\":\"%s\",\"station\":%s}",
					      people_token(rq, rows, TOKEN_DEVICE),
					      rows_text(rows, 0, "station")));
}

static fault polled(struct request *rq, const struct rows *rows)
{
	fault f = people_row_fault(rq, rows, &auth_code);

	if (f != OK)
		return f;
	if (rows_text(rows, 0, "login") != NULL)
		return token_reply(rq, rows);
	rq->http_status = 202;
	return request_reply(rq, "{\"pending\":true}");
}

/* Staff have shown this phone a code: that is its pairing. */
fault auth_chair(struct request *rq)
{
	const struct chair_code_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_PEOPLE_AUTH_CHAIR, chair_joined,
			PARAMS(rq->caller.conference, code_hash(rq->arena, "chair", p->code)));
}

static fault chair_joined(struct request *rq, const struct rows *rows)
{
	return rows_count(rows) == 0 ? &auth_code : token_reply(rq, rows);
}

static bool pin_read(struct request *rq, const char *pin, const char **ret_hash)
{
	if (pin == NULL || pin[0] == 0)
		return true;
	*ret_hash = pin_hash(rq->arena, rq->caller.conference, pin);
	rq->fault_field = *ret_hash == NULL ? "pin" : NULL;
	return *ret_hash != NULL;
}

fault device_confirm(struct request *rq)
{
	const struct confirm_params *p = rq->params;
	const char *pin = NULL;

	if (!pin_read(rq, p->pin, &pin))
		return &fault_bad_request;
	return db_write(
	    rq, LANE_PUBLIC, SQL_PEOPLE_DEVICE_CONFIRM,
	    PARAMS(people_letters(rq, p->user_code), p->name, p->list, p->room, p->profile, pin));
}

fault device_revoke(struct request *rq)
{
	const struct station_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_PEOPLE_DEVICE_REVOKE, PARAMS(p->station));
}

fault device_list(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_PEOPLE_DEVICE_LIST, NULL, 0);
}

fault kiosk_create(struct request *rq)
{
	const struct kiosk_params *p = rq->params;
	const char *pin = NULL;

	if (!pin_read(rq, p->pin, &pin))
		return &fault_bad_request;
	return db_query(
	    rq, LANE_PUBLIC, SQL_PEOPLE_KIOSK_CREATE, kiosk_made,
	    PARAMS(rq->caller.conference, p->name, p->kind, p->list, p->room, p->profile, pin));
}

static fault kiosk_made(struct request *rq, const struct rows *rows)
{
	if (rows_count(rows) == 0)
		return &fault_not_found;
	return request_reply(rq, arena_printf(rq->arena, "{\"station\":\"%s\",\"token\":\"%s\"}",
					      rows_text(rows, 0, "subject"),
					      people_token(rq, rows, TOKEN_DEVICE)));
}
