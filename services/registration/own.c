/* services/registration: what people do for themselves: answer an invitation, register, wait, give
 * a place back. */
#include "services/registration/parts.h"

#include "services/core/json.h"

#include <string.h>

struct answers {
	const char *badge_name, *diet, *access, *consent, *nights;
};

#define AT(member) offsetof(struct answers, member)

static const struct field answer_fields[] = {
    {"badge_name", FIELD_TEXT, AT(badge_name), FIELD_OPTIONAL, 100, 0, NULL},
    {"diet", FIELD_LINES, AT(diet), FIELD_OPTIONAL, 500, 0, NULL},
    {"access", FIELD_LINES, AT(access), FIELD_OPTIONAL, 1000, 0, NULL},
    {"consent", FIELD_TEXT, AT(consent), FIELD_OPTIONAL, 40, 0, NULL},
    {"nights", FIELD_JSON, AT(nights), FIELD_OPTIONAL, 400, 0, NULL},
    {0}};

struct code_parts code_parts_new(struct request *rq)
{
	const char *code = entry_code_make(rq->arena);

	return (struct code_parts){code_hash(rq->arena, "entry", code),
				   ticket_row(rq->arena, rq->caller.conference, code),
				   code_seal(rq->arena, code)};
}

static void add_member(struct buffer *b, const char *name, const char *text)
{
	buffer_printf(b, "%s\"%s\":", b->size > 1 ? "," : "", name);
	buffer_json(b, text != NULL ? text : "");
}

/* As the statements take them: cleaned member by member; NULL stays NULL. */
static fault answers_read(struct request *rq, const char *text, const char **ret_answers)
{
	struct answers a = {0};
	struct buffer b = {0};
	const char *field = "answers";
	json_t *json;
	fault f;

	if (text == NULL)
		return OK;
	json = json_loads(text, 0, NULL);
	f = json_is_object(json) ? fields_decode(rq->arena, answer_fields, json, &a, &field)
				 : &fault_bad_request;
	json_decref(json);
	if (f == OK && a.nights != NULL && a.nights[0] != '[') {
		field = "nights";
		f = &fault_bad_request;
	}
	if (f != OK) {
		rq->fault_field = field;
		return f;
	}
	buffer_text(&b, "{");
	add_member(&b, "badge_name", a.badge_name);
	add_member(&b, "diet", a.diet);
	add_member(&b, "access", a.access);
	add_member(&b, "consent", a.consent);
	buffer_printf(&b, ",\"nights\":%s}", a.nights != NULL ? a.nights : "[]");
	*ret_answers = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	return OK;
}

fault registration_mine(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REGISTRATION_MINE, NULL, 0);
}

fault registration_public(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REGISTRATION_PUBLIC, NULL, 0);
}

fault registration_open(struct request *rq)
{
	const struct own_params *p = rq->params;
	struct code_parts c = code_parts_new(rq);
	const char *answers = NULL;
	fault f = answers_read(rq, p->answers, &answers);

	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_REGISTRATION_OPEN,
			PARAMS(p->mode, p->text, answers, c.lookup, c.row, c.sealed));
}

fault registration_answer(struct request *rq)
{
	const struct own_params *p = rq->params;
	const char *answers = NULL;
	fault f = answers_read(rq, p->answers, &answers);

	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_REGISTRATION_ANSWER, PARAMS(answers));
}

/* Of somebody else only an organiser may say it; the desk lets people in and no more. */
static fault whose(struct request *rq, const char *person, const char **ret_person)
{
	*ret_person = person != NULL ? person : rq->caller.person;
	if (strcmp(*ret_person, rq->caller.person) != 0 && !(rq->caller.roles & ROLE_ORGANISER))
		return &fault_denied;
	return OK;
}

fault registration_cancel(struct request *rq)
{
	const struct own_params *p = rq->params;
	const char *person;
	fault f = whose(rq, p->person, &person);

	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_REGISTRATION_CANCEL, PARAMS(person));
}

fault registration_substitute(struct request *rq)
{
	const struct own_params *p = rq->params;
	struct code_parts c = code_parts_new(rq);
	const char *person;
	fault f = whose(rq, p->person, &person);

	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_REGISTRATION_SUBSTITUTE,
			PARAMS(person, p->email, p->name, c.lookup, c.row, c.sealed));
}

fault waiting_join(struct request *rq)
{
	const struct own_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_WAITING_JOIN, PARAMS(p->mode));
}

fault waiting_leave(struct request *rq)
{
	return db_write(rq, LANE_PUBLIC, SQL_WAITING_LEAVE, NULL, 0);
}

fault invitation_accept(struct request *rq)
{
	const struct own_params *p = rq->params;
	struct code_parts c = code_parts_new(rq);
	const char *answers = NULL;
	fault f = answers_read(rq, p->answers, &answers);

	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_INVITATION_ACCEPT,
			PARAMS(p->invitation, p->mode, answers, c.lookup, c.row, c.sealed));
}

fault invitation_decline(struct request *rq)
{
	const struct own_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_INVITATION_DECLINE, PARAMS(p->invitation));
}
