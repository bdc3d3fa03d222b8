/* tests/services: a door with a desk station besides its kiosks; people with codes that are sealed.
 */
#ifndef TESTS_FRONTDESK_H
#define TESTS_FRONTDESK_H

#include "services/core/ticket.h"
#include "tests/services/checkin_door.h"

static inline struct caller desk_station(const struct door *d)
{
	struct caller who = kiosk(d, "Desk 1", "kiosk");

	call_sql("update station set profile = 'desk' where id = '%s'", who.station);
	who.roles = ROLE_KIOSK | ROLE_DOOR_DESK;
	return who;
}

/* A new code as people.import stores one. */
static inline const char *sealed_code(const struct door *d, const char *person)
{
	const char *code = entry_code_make(d->arena);

	call_sql("insert into entry_code (conference, person, generation, lookup, row_key, sealed) "
		 "select '%s', '%s', coalesce(max(generation), 0) + 1, '%s', '%s', '%s' from "
		 "entry_code where person = '%s'",
		 d->conference, person, code_hash(d->arena, "entry", code),
		 ticket_row(d->arena, d->conference, code), code_seal(d->arena, code), person);
	return call_text("%s", code);
}

static inline struct caller guest(const struct door *d, const char *name)
{
	return call_person(d->conference, name, ROLE_ATTENDEE);
}

static inline struct call_result search(const struct door *d, const char *text,
					const struct caller *who)
{
	return call_method("checkin.search",
			   call_text("{\"list\":\"%s\",\"text\":\"%s\"}", d->list, text), who);
}

static inline json_t *hit(const struct call_result *r, size_t i)
{
	if (r->fault != NULL)
		fail_msg("search: %s", r->fault);
	return json_array_get(json_object_get(r->json, "hits"), i);
}

static inline size_t hits(const struct call_result *r)
{
	(void)hit(r, 0);
	return json_array_size(json_object_get(r->json, "hits"));
}

static inline const char *text_of(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s != NULL ? s : "";
}

static inline struct call_result keyed(const char *method, const struct caller *who,
				       const char *params)
{
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", params, call_uuid()), who);
}

#endif
