/* services/badge: entry codes for paper: the database has them sealed, a badge shows them. */
#include "services/badge/parts.h"
#include "services/core/fault.h"
#include "services/core/ticket.h"

#include <jansson.h>
#include <stdlib.h>

/* What cannot be opened, of a key that is gone or of codes from before there were any, is left
 * out: a badge without a code is a badge. */
static void open_one(json_t *thing, int last)
{
	const char *sealed = json_string_value(json_object_get(thing, "sealed"));
	char code[ENTRY_CODE_SIZE + 1];

	if (sealed == NULL)
		return;
	if (code_open(sealed, code))
		json_object_set_new(thing, last > 0 ? "last" : "code",
				    json_string(last > 0 ? code + ENTRY_CODE_SIZE - last : code));
	json_object_del(thing, "sealed");
}

fault badge_opened(struct request *rq, const struct rows *rows, const char *list, int last)
{
	const char *text = rows_count(rows) > 0 ? rows_text(rows, 0, "reply") : NULL;
	json_t *reply = text != NULL ? json_loads(text, 0, NULL) : NULL;
	json_t *thing;
	size_t i;
	char *bytes;

	if (text == NULL)
		return &fault_not_found;
	if (reply == NULL)
		return &fault_internal;
	json_array_foreach(json_object_get(reply, list), i, thing) open_one(thing, last);
	bytes = json_dumps(reply, JSON_COMPACT);
	json_decref(reply);
	text = arena_strdup(rq->arena, bytes);
	free(bytes);
	return request_reply(rq, text);
}
