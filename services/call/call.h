/* services/call: the call for abstracts and what is handed in to it. */
#ifndef CALL_CALL_H
#define CALL_CALL_H

#include "services/core/service.h"

extern const struct service call_service;

enum { ABSTRACTS_FILE_MAX = 64 << 20 };

/*
 * A file of abstracts, JSON (ours, or HotCRP's data.json) or CSV, as rows for abstract.import_bulk.
 * zone: of times without an offset in it is the conference's own. bad_request or size: *ret_why
 * says why. The caller owns *ret_rows.
 */
fault abstracts_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			const char **ret_why);

#endif
