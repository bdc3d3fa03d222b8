/* services/call: what its files share. */
#ifndef CALL_PARTS_H
#define CALL_PARTS_H

#include "services/call/call.h"
#include "services/core/json.h"
#include "services/db/db.h"

enum {
	TITLE_MAX = 300,
	BODY_MAX = 6000, /* of a draft; what is handed in has the call's own limit */
	AUTHORS_MAX = 30,
	TRACKS_MAX = 8,
	CONSENTS_MAX = 12,
	CONTENT_SIZE = 16 << 10
};

struct call_save_params {
	const char *opens, *closes, *answers, *answers_da, *intro, *intro_da, *consents;
	int64_t grace_s, limit, expect_version;
};

struct late_params {
	const char *email, *until, *reason;
};

struct abstract_params {
	const char *abstract, *content, *consents, *redacted;
	int64_t expect_version;
};

struct abstract_list_params {
	const char *state, *track, *text, *after;
};

struct abstract_import_params {
	const char *rows;
	bool dry_run, partial;
};

request_fn call_get, call_settings, call_save, call_late;
request_fn abstract_save, abstract_submit, abstract_withdraw, abstract_redact, abstract_mine,
    abstract_get, abstract_list, abstract_export, abstract_import;

/*
 * content.c: what people wrote, cleaned, as compact JSON in the arena. On a fault *ret_field says
 * where, in the arena.
 */
fault content_clean(struct arena *arena, const json_t *content, const char **ret_json,
		    const char **ret_field);
/* Of an import's row, the same object for the caller to own. */
fault content_decode(struct arena *arena, const json_t *content, json_t **ret_content,
		     const char **ret_field);
/* [{kind, version, given}] of abstract.submit; NULL text is []. */
fault consents_clean(struct request *rq, const char **consents);
/* [{kind, given, version?, at?}] of an import's row, for the caller to own; NULL is []. False: it
 * is none. */
bool consents_decode(struct arena *arena, const json_t *consents, json_t **ret_consents);
/* [{kind, text, text_da?, required}] of call.save. */
fault consent_texts_clean(struct request *rq, const char **consents);
/* {text, label, zone} of a deadline. */
fault deadline_clean(struct request *rq, const char *name, const char **deadline);

#endif
