/* services/schedule: the programme — draft, releases, files in and out, calendar. Four services
 * in the registry: what everybody reads, what organisers edit, what they release, and what runs. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "services/core/service.h"

#include <jansson.h>

extern const struct service schedule_service, draft_service, release_service, live_service;

enum { SCHEDULE_FILE_MAX = 16 << 20 };

/* The static bundle (gateway/bundle.c): each replies with a file's bytes. */
request_fn bundle_page, bundle_streams;

/* One whose turn it is; lives in the request's arena. */
struct bundle_claim {
	const char *conference, *slug, *lease;
};
/* Finishes with rq->params = the claim; not_found: nothing is due. */
request_fn bundle_claim;
fault bundle_done(struct request *rq, const struct bundle_claim *claim, bool written);

/*
 * Reads a frab file, XML or JSON, or a spreadsheet's CSV, into the document that schedule.import
 * takes; zone may be NULL. The document belongs to the caller (json_decref). Its "report" has one
 * entry a row that was refused, repaired or noted: {"line"|"path", "row", "why", "action"}. A fault
 * means the file as a whole cannot be read: *ret_why says where and why, and lives in the arena.
 */
fault schedule_parse(struct arena *arena, const char *bytes, size_t n, const char *zone,
		     json_t **ret_doc, const char **ret_why);

#endif
