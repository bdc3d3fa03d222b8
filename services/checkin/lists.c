/* services/checkin: lists, zones, categories and rules, as the organiser edits them. */
#include "services/checkin/parts.h"

#include <stddef.h>

#define SEATS_MAX  1000000
#define ORD_MAX	   100000
#define MAYBE	   FIELD_OPTIONAL
#define MAYBE_TEXT (FIELD_OPTIONAL | FIELD_AS_TEXT)

struct list_params {
	const char *id, *name, *opens, *closes, *capacity, *zone, *day_ends, *expect;
};

struct zone_params {
	const char *id, *name, *part_of, *capacity, *expect;
};

struct category_params {
	const char *id, *name, *color, *ord, *expect;
};

struct rule_params {
	const char *id, *list, *category, *day, *opens, *until;
};

#define LIST(name)     offsetof(struct list_params, name)
#define ZONE(name)     offsetof(struct zone_params, name)
#define CATEGORY(name) offsetof(struct category_params, name)
#define RULE(name)     offsetof(struct rule_params, name)
#define EXPECT(at, flags)                                                                          \
	{                                                                                          \
		"expect_version", FIELD_INT, at, flags, INT32_MAX, 1, NULL                         \
	}

/* Texts that may be empty: that takes a value away. PostgreSQL reads the rest of them. */
static const struct field list_fields[] = {
    {"list", FIELD_UUID, LIST(id), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, LIST(name), 0, 120, 1, NULL},
    {"opens", FIELD_RAW, LIST(opens), MAYBE, 40, 0, NULL},
    {"closes", FIELD_RAW, LIST(closes), MAYBE, 40, 0, NULL},
    {"capacity", FIELD_INT, LIST(capacity), MAYBE_TEXT, SEATS_MAX, 0, NULL},
    {"zone", FIELD_RAW, LIST(zone), MAYBE, 36, 0, NULL},
    {"day_ends", FIELD_RAW, LIST(day_ends), MAYBE, 5, 0, NULL},
    EXPECT(LIST(expect), MAYBE_TEXT),
    {0}};

static const struct field list_remove_fields[] = {
    {"list", FIELD_UUID, LIST(id), 0, 0, 0, NULL}, EXPECT(LIST(expect), FIELD_AS_TEXT), {0}};

static const struct field zone_fields[] = {
    {"zone", FIELD_UUID, ZONE(id), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, ZONE(name), 0, 120, 1, NULL},
    {"part_of", FIELD_RAW, ZONE(part_of), MAYBE, 36, 0, NULL},
    {"capacity", FIELD_INT, ZONE(capacity), MAYBE_TEXT, SEATS_MAX, 0, NULL},
    EXPECT(ZONE(expect), MAYBE_TEXT),
    {0}};

static const struct field zone_remove_fields[] = {
    {"zone", FIELD_UUID, ZONE(id), 0, 0, 0, NULL}, EXPECT(ZONE(expect), FIELD_AS_TEXT), {0}};

static const struct field category_fields[] = {
    {"category", FIELD_UUID, CATEGORY(id), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, CATEGORY(name), 0, 60, 1, NULL},
    {"color", FIELD_RAW, CATEGORY(color), MAYBE, 7, 0, NULL},
    {"ord", FIELD_INT, CATEGORY(ord), MAYBE_TEXT, ORD_MAX, 0, NULL},
    EXPECT(CATEGORY(expect), MAYBE_TEXT),
    {0}};

static const struct field category_remove_fields[] = {
    {"category", FIELD_UUID, CATEGORY(id), 0, 0, 0, NULL},
    EXPECT(CATEGORY(expect), FIELD_AS_TEXT),
    {0}};

static const struct field rule_fields[] = {
    {"rule", FIELD_UUID, RULE(id), 0, 0, 0, NULL},
    {"list", FIELD_UUID, RULE(list), 0, 0, 0, NULL},
    {"category", FIELD_UUID, RULE(category), MAYBE, 0, 0, NULL},
    {"day", FIELD_RAW, RULE(day), MAYBE, 10, 0, NULL},
    {"opens", FIELD_RAW, RULE(opens), MAYBE, 5, 0, NULL},
    {"until", FIELD_RAW, RULE(until), MAYBE, 5, 0, NULL},
    {0}};

static const struct field rule_remove_fields[] = {{"rule", FIELD_UUID, RULE(id), 0, 0, 0, NULL},
						  {0}};

static request_fn list_save, list_remove, zone_save, zone_remove, category_save, category_remove,
    rule_save, rule_remove, checkin_settings;

#define EDIT(name, fields, type, run, summary)                                                     \
	{                                                                                          \
		name, ROLE_ORGANISER, METHOD_KEY, fields, sizeof(struct type), run, RATE_WRITE,    \
		    summary                                                                        \
	}

static const struct method methods[] = {
    EDIT("list.save", list_fields, list_params, list_save, "A list, new or changed."),
    EDIT("list.remove", list_remove_fields, list_params, list_remove,
	 "Removes a list that nobody was scanned at."),
    EDIT("zone.save", zone_fields, zone_params, zone_save, "A zone, new or changed."),
    EDIT("zone.remove", zone_remove_fields, zone_params, zone_remove, "Removes a zone."),
    EDIT("category.save", category_fields, category_params, category_save,
	 "A category of people, new or changed."),
    EDIT("category.remove", category_remove_fields, category_params, category_remove,
	 "Removes a category that no rule names."),
    EDIT("rule.save", rule_fields, rule_params, rule_save, "Who may come in when."),
    EDIT("rule.remove", rule_remove_fields, rule_params, rule_remove, "Removes a rule."),
    {"checkin.settings", ROLE_ORGANISER, 0, NULL, 0, checkin_settings, RATE_READ,
     "Lists with their rules, zones, categories."},
    {0}};

static const struct fault checkin_used = {"checkin.used", FAULT_STATE,
					  "Something at the door rests on it."};
static const struct fault checkin_loop = {"checkin.loop", FAULT_STATE,
					  "A zone cannot be part of itself."};
static const struct fault name_taken = {"name.taken", FAULT_STATE,
					"There is one of that name already."};

static const struct db_fault constraints[] = {{"zone_name_once", &name_taken},
					      {"category_name_once", &name_taken},
					      {"zone_itself", &checkin_loop},
					      {"category_color", &fault_bad_request},
					      {"list_rule_times", &fault_bad_request},
					      {"checkin_list_key", &fault_not_found},
					      {"zone_key", &fault_not_found},
					      {"category_key", &fault_not_found},
					      {NULL, NULL}};

static fault const faults[] = {&checkin_used, &checkin_loop, NULL};

const struct service lists_service = {
    .name = "lists", .methods = methods, .constraints = constraints, .faults = faults};

static fault list_save(struct request *rq)
{
	const struct list_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_LIST_SAVE,
			PARAMS(p->id, p->name, p->opens, p->closes, p->capacity, p->zone,
			       p->day_ends, p->expect));
}

static fault list_remove(struct request *rq)
{
	const struct list_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_LIST_REMOVE, PARAMS(p->id, p->expect));
}

static fault zone_save(struct request *rq)
{
	const struct zone_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_ZONE_SAVE,
			PARAMS(p->id, p->name, p->part_of, p->capacity, p->expect));
}

static fault zone_remove(struct request *rq)
{
	const struct zone_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_ZONE_REMOVE, PARAMS(p->id, p->expect));
}

static fault category_save(struct request *rq)
{
	const struct category_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_CATEGORY_SAVE,
			PARAMS(p->id, p->name, p->color, p->ord, p->expect));
}

static fault category_remove(struct request *rq)
{
	const struct category_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_CATEGORY_REMOVE, PARAMS(p->id, p->expect));
}

static fault rule_save(struct request *rq)
{
	const struct rule_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_RULE_SAVE,
			PARAMS(p->id, p->list, p->category, p->day, p->opens, p->until));
}

static fault rule_remove(struct request *rq)
{
	const struct rule_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_RULE_REMOVE, PARAMS(p->id));
}

static fault checkin_settings(struct request *rq)
{
	return db_read(rq, LANE_MODERATE, SQL_CHECKIN_SETTINGS, NULL, 0);
}
