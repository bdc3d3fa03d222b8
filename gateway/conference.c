/* gateway: conferences by slug. */
#include "gateway/conference.h"
#include "gateway/session.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN = 64, FRESH_MS = 10000, SLUG_SIZE = 48 };

static struct known {
	char asked[SLUG_SIZE], slug[SLUG_SIZE], id[UUID_SIZE];
	uint64_t at_ms;
} known[KNOWN];

struct lookup {
	char asked[SLUG_SIZE];
	conference_fn *done;
	void *data;
};

static void remember(const char *asked, const char *slug, const char *id)
{
	struct known *oldest = &known[0];

	for (int i = 0; i < KNOWN; i++) {
		if (strcmp(known[i].asked, asked) == 0 && known[i].at_ms != 0) {
			oldest = &known[i];
			break;
		}
		if (known[i].at_ms < oldest->at_ms)
			oldest = &known[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	text_copy(oldest->asked, SLUG_SIZE, asked);
	text_copy(oldest->slug, SLUG_SIZE, slug);
	text_copy(oldest->id, UUID_SIZE, id);
	oldest->at_ms = clock_ms();
}

static void found(fault f, const struct caller *who, int64_t expires, const char *public_json,
		  void *data)
{
	struct lookup *lookup = data;
	json_t *json = f == OK ? json_loads(public_json, 0, NULL) : NULL;
	const char *slug =
	    json_string_value(json_object_get(json_object_get(json, "conference"), "slug"));

	(void)expires;
	if (f == OK && slug != NULL) {
		remember(lookup->asked, slug, who->conference);
		lookup->done(OK, who->conference, slug, lookup->data);
	} else {
		lookup->done(f == OK		     ? &fault_internal
			     : f->kind == FAULT_BUSY ? f
						     : &fault_not_found,
			     NULL, NULL, lookup->data);
	}
	json_decref(json);
	free(lookup);
}

void conference_of(const char *slug, conference_fn *done, void *data)
{
	struct lookup *lookup;

	if (strlen(slug) >= SLUG_SIZE) {
		done(&fault_not_found, NULL, NULL, data);
		return;
	}
	for (int i = 0; i < KNOWN; i++) {
		if (known[i].at_ms != 0 && clock_ms() - known[i].at_ms < FRESH_MS &&
		    strcmp(known[i].asked, slug) == 0) {
			struct known copy = known[i];

			done(OK, copy.id, copy.slug, data);
			return;
		}
	}
	lookup = xcalloc(1, sizeof(*lookup));
	strcpy(lookup->asked, slug);
	lookup->done = done;
	lookup->data = data;
	session_by_guest(slug, found, lookup);
}

const char *conference_slug(const char *id)
{
	for (int i = 0; i < KNOWN; i++)
		if (known[i].at_ms != 0 && strcmp(known[i].id, id) == 0)
			return known[i].slug;
	return NULL;
}
