/* services/people: a person erased by address, from the command line. */
#include "services/people/parts.h"

const struct fault erase_last_organiser = {
    "erase.last_organiser", FAULT_STATE,
    "They are the last organiser of a conference: name another one first."};
const struct fault erase_on_stage = {
    "erase.on_stage", FAULT_STATE,
    "They are speaking, at a microphone or being asked about on a stage just now."};
const struct fault erase_published = {
    "erase.published", FAULT_STATE,
    "They stand in a published programme: take them out of it, or say that you mean it."};

const struct fault erase_unlisted = {
    "erase.unlisted", FAULT_STATE,
    "The list of erasures does not have everybody of that address: plenum erase writes it."};

static fault erased(struct request *rq, const struct rows *rows)
{
	const char *field = rows_text(rows, 0, "field");

	if (field != NULL)
		rq->fault_field = arena_strdup(rq->arena, field);
	return people_replied(rq, rows);
}

/* An array of ids: SQL looks at each. */
static bool ids_ok(struct request *rq, const char *name, const char *ids)
{
	if (ids == NULL || ids[0] == '[')
		return true;
	rq->fault_field = name;
	return false;
}

fault person_erase(struct request *rq)
{
	const struct erase_params *p = rq->params;
	const char *params[] = {
	    p->email,	p->conference, p->dry_run ? "t" : "f", p->force ? "t" : "f", p->by,
	    p->erasure, p->listed};

	if (!ids_ok(rq, "listed", p->listed))
		return &fault_bad_request;
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_ERASE, erased, params, 7);
}

fault person_erase_again(struct request *rq)
{
	const struct erase_again_params *p = rq->params;
	const char *params[] = {
	    p->erasure, p->at, p->conference, p->persons, p->email, p->dry_run ? "t" : "f", p->by};

	if (!ids_ok(rq, "persons", p->persons))
		return &fault_bad_request;
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_ERASE_AGAIN, erased, params, 7);
}

fault person_addresses(struct request *rq)
{
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_ADDRESSES, people_replied, NULL, 0);
}
