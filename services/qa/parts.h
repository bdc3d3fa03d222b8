/* services/qa: what its files share: parameters and handlers. Inside services/qa only. */
#ifndef QA_PARTS_H
#define QA_PARTS_H

#include "services/core/service.h"
#include "services/db/db.h"

#include <stdint.h>

/* Whatever is a text of a number or a truth is NULL when it was not given. */
struct ask_params {
	const char *question, *talk, *session, *text, *whole, *named, *quote, *behind_ms;
};

struct vote_params {
	const char *question;
	int64_t value, seq;
};

struct talk_params {
	const char *talk;
};

/* Every command on one question: its arguments are NULL where it has none. */
struct move_params {
	const char *question, *reason, *text, *talk, *into, *silent, *open, *decline;
	const char *expect_version; /* NULL only for qa.undo */
};

struct window_params {
	const char *talk, *session, *ask, *vote, *show, *mic, *paused, *joint;
};

struct settings_params {
	const char *session, *identity, *moderated, *auto_approve_s, *report_threshold, *joint,
	    *mic_policy;
	int64_t expect_version;
};

/* ask.c */
request_fn qa_ask, qa_vote, qa_list, qa_mine, qa_withdraw, qa_revise;
/* moderate.c */
request_fn qa_approve, qa_dismiss, qa_hold, qa_edit, qa_accept, qa_stage, qa_answer, qa_reopen,
    qa_skip, qa_move, qa_merge, qa_unmerge, qa_restore, qa_undo, qa_prepare, qa_note_spoken;
/* scope.c */
request_fn qa_close, qa_window, qa_settings, qa_settings_get;

#endif
