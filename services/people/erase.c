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

static fault erased(struct request *rq, const struct rows *rows)
{
	const char *field = rows_text(rows, 0, "field");

	if (field != NULL)
		rq->fault_field = arena_strdup(rq->arena, field);
	return people_replied(rq, rows);
}

fault person_erase(struct request *rq)
{
	const struct erase_params *p = rq->params;
	const char *params[] = {p->email, p->conference, p->dry_run ? "t" : "f",
				p->force ? "t" : "f", p->by};

	return db_query(rq, LANE_SLOW, SQL_PEOPLE_ERASE, erased, params, 5);
}
