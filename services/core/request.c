/* services/core: requests: their one answer. */
#include "services/core/request.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned role;
} role_names[] = {
    {"guest", ROLE_GUEST},	   {"attendee", ROLE_ATTENDEE},	  {"speaker", ROLE_SPEAKER},
    {"moderator", ROLE_MODERATOR}, {"desk", ROLE_DESK},		  {"kiosk", ROLE_KIOSK},
    {"reviewer", ROLE_REVIEWER},   {"organiser", ROLE_ORGANISER}, {"juror", ROLE_JUROR},
    {"chair", ROLE_CHAIR},	   {"gate", ROLE_GATE},		  {"door_desk", ROLE_DOOR_DESK},
    {"print", ROLE_PRINT},	   {"board", ROLE_BOARD},	  {"applicant", ROLE_APPLICANT},
};

unsigned role_of(const char *name)
{
	for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++)
		if (strcmp(role_names[i].name, name) == 0)
			return role_names[i].role;
	return 0;
}

const char *caller_actor(const struct caller *who)
{
	if (who->person[0] != 0)
		return who->person;
	return who->station[0] != 0 ? who->station : NULL;
}

fault request_reply_bytes(struct request *rq, const char *bytes, size_t size)
{
	assert(!rq->finished);
	rq->result = bytes;
	rq->result_size = size;
	return OK;
}

fault request_reply(struct request *rq, const char *json)
{
	return request_reply_bytes(rq, json, strlen(json));
}

void request_finish(struct request *rq, fault f)
{
	assert(!rq->finished);
	rq->finished = true;
	rq->fault = f;
	if (f == OK)
		assert(rq->result != NULL);
	rq->end(rq);
}

const char *p_int(struct request *rq, int64_t value)
{
	return arena_printf(rq->arena, "%lld", (long long)value);
}

const char *p_bool(bool value)
{
	return value ? "true" : "false";
}
