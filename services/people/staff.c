/* services/people: the conference's own data and its staff, edited by organisers in a page. */
#include "services/people/parts.h"
#include "services/people/people.h"

#include <string.h>

struct edit_params {
	const char *title, *subtitle, *venue, *zone, *starts, *ends, *info, *expect_version;
};

struct grant_params {
	const char *person, *email, *name, *role, *value;
};

struct assign_params {
	const char *person, *room, *session, *value;
};

enum { INFO_MAX = 14000 };

#define AT(type, member) offsetof(struct type, member)

static const struct field edit_fields[] = {
    {"title", FIELD_TEXT, AT(edit_params, title), FIELD_OPTIONAL, 300, 1, NULL},
    {"subtitle", FIELD_TEXT, AT(edit_params, subtitle), FIELD_OPTIONAL, 500, 0, NULL},
    {"venue", FIELD_TEXT, AT(edit_params, venue), FIELD_OPTIONAL, 500, 0, NULL},
    {"zone", FIELD_RAW, AT(edit_params, zone), FIELD_OPTIONAL, 64, 0, NULL},
    {"starts", FIELD_RAW, AT(edit_params, starts), FIELD_OPTIONAL, 10, 0, NULL},
    {"ends", FIELD_RAW, AT(edit_params, ends), FIELD_OPTIONAL, 10, 0, NULL},
    {"info", FIELD_JSON, AT(edit_params, info), FIELD_OPTIONAL, INFO_MAX, 0, NULL},
    {"expect_version", FIELD_INT, AT(edit_params, expect_version), FIELD_AS_TEXT, INT32_MAX, 0,
     NULL},
    {0}};

static const struct field grant_fields[] = {
    {"person", FIELD_UUID, AT(grant_params, person), FIELD_OPTIONAL, 0, 0, NULL},
    {"email", FIELD_EMAIL, AT(grant_params, email), FIELD_OPTIONAL, 254, 0, NULL},
    {"name", FIELD_TEXT, AT(grant_params, name), FIELD_OPTIONAL, 200, 1, NULL},
    {"role", FIELD_CHOICE, AT(grant_params, role), 0, 0, 0,
     "attendee|speaker|moderator|desk|reviewer|organiser|juror"},
    {"value", FIELD_BOOL, AT(grant_params, value), FIELD_AS_TEXT, 0, 0, NULL},
    {0}};

static const struct field assign_fields[] = {
    {"person", FIELD_UUID, AT(assign_params, person), 0, 0, 0, NULL},
    {"room", FIELD_UUID, AT(assign_params, room), FIELD_OPTIONAL, 0, 0, NULL},
    {"session", FIELD_UUID, AT(assign_params, session), FIELD_OPTIONAL, 0, 0, NULL},
    {"value", FIELD_BOOL, AT(assign_params, value), FIELD_AS_TEXT, 0, 0, NULL},
    {0}};

static fault conference_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_GET, NULL, 0);
}

static fault conference_edit(struct request *rq)
{
	const struct edit_params *p = rq->params;

	if (p->starts != NULL && !people_date_ok(p->starts))
		rq->fault_field = "starts";
	else if (p->ends != NULL && !people_date_ok(p->ends))
		rq->fault_field = "ends";
	else if (p->info != NULL && p->info[0] != '{')
		rq->fault_field = "info";
	if (rq->fault_field != NULL)
		return &fault_bad_request;
	return db_write(rq, LANE_PUBLIC, SQL_PEOPLE_CONFERENCE_EDIT,
			PARAMS(p->title, p->subtitle, p->venue, p->zone, p->starts, p->ends,
			       p->info, p->expect_version));
}

static fault people_grant(struct request *rq)
{
	const struct grant_params *p = rq->params;
	const char *name = p->name;

	if ((p->person != NULL) == (p->email != NULL)) {
		rq->fault_field = "person";
		return &fault_bad_request;
	}
	if (name == NULL && p->email != NULL)
		name = arena_strndup(rq->arena, p->email, strcspn(p->email, "@"));
	return db_write(rq, LANE_PUBLIC, SQL_PEOPLE_GRANT,
			PARAMS(p->person, p->email, name, p->role, p->value));
}

static fault people_assign(struct request *rq)
{
	const struct assign_params *p = rq->params;

	if ((p->room != NULL) == (p->session != NULL)) {
		rq->fault_field = "room";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_PUBLIC, SQL_PEOPLE_ASSIGN,
			PARAMS(p->person, p->room, p->session, p->value));
}

static fault people_staff(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_PEOPLE_STAFF, NULL, 0);
}

static const struct method methods[] = {
    {"conference.get", ROLE_ORGANISER, 0, NULL, 0, conference_get, RATE_READ,
     "The conference's own data, to be edited."},
    {"conference.edit", ROLE_ORGANISER, METHOD_KEY, edit_fields, sizeof(struct edit_params),
     conference_edit, RATE_WRITE, "Changes the conference's own data, for everybody at once."},
    {"people.grant", ROLE_ORGANISER, METHOD_KEY, grant_fields, sizeof(struct grant_params),
     people_grant, RATE_WRITE, "Gives somebody a role or takes it."},
    {"people.assign", ROLE_ORGANISER, METHOD_KEY, assign_fields, sizeof(struct assign_params),
     people_assign, RATE_WRITE, "Names a moderator for a room or a session, or no more."},
    {"people.staff", ROLE_ORGANISER, 0, NULL, 0, people_staff, RATE_READ,
     "Everybody with a role beyond attendee."},
    {0}};

static const struct event_type events[] = {
    {"conference.edited", "schedule draft", "The conference's own data: the conference."}, {0}};

static const struct fault people_self = {"people.self", FAULT_STATE,
					 "You cannot take the role organiser from yourself."};

static const struct fault people_not_moderator = {
    "people.not_moderator", FAULT_STATE, "Only a moderator can be named for a room or session."};

static fault const faults[] = {&people_self, &people_not_moderator, NULL};

const struct service staff_service = {
    .name = "staff",
    .methods = methods,
    .events = events,
    .faults = faults,
};
