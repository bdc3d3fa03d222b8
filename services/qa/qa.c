/* services/qa: the tables: methods with their parameters, events, channels, faults. Handlers are in
 * ask.c, moderate.c and scope.c; the rules are in sql/functions/qa. */
#include "services/qa/qa.h"
#include "services/qa/parts.h"

#include <stddef.h>

enum {
	ASKERS = ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_MODERATOR | ROLE_ORGANISER,
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	/* The chair's phone of a session, within that session: qa_may() sees to it. */
	RUNNING = MODERATORS | ROLE_CHAIR,
	READERS = ASKERS | ROLE_DESK | ROLE_KIOSK | ROLE_CHAIR,
	WATCHERS = ASKERS | ROLE_KIOSK | ROLE_CHAIR
};

enum {
	TEXT_MAX = 500,
	ANSWER_MAX = 2000,
	BEHIND_MAX_MS = 120000,
	WAIT_MAX_S = 3600,
	REPORTS_MAX = 1000
};

enum { MAYBE = FIELD_OPTIONAL, MAYBE_TEXT = FIELD_OPTIONAL | FIELD_AS_TEXT };

static const struct fault qa_closed = {"qa.closed", FAULT_STATE,
				       "Questions are closed for this talk."};
static const struct fault qa_paused = {"qa.paused", FAULT_STATE,
				       "Questions are paused for this talk."};
static const struct fault qa_duplicate = {"qa.duplicate", FAULT_STATE,
					  "You have asked that already."};
static const struct fault qa_muted = {"qa.muted", FAULT_STATE,
				      "You cannot take part in the questions."};
static const struct fault qa_state = {"qa.state", FAULT_STATE,
				      "That cannot be done with the question as it is now."};
static const struct fault qa_claimed = {"qa.claimed", FAULT_STATE,
					"Somebody else is writing the answer."};
static const struct fault qa_identity = {"qa.identity", FAULT_STATE,
					 "There are questions already: who sees whose stays."};
static const struct fault qa_undo_late = {"qa.undo", FAULT_STATE,
					  "That can no longer be taken back."};

#define AT(type, member) offsetof(struct type, member)
#define WINDOW(name)                                                                               \
	{                                                                                          \
#name, FIELD_CHOICE, AT(window_params, name), MAYBE, 0, 0, "auto|open|closed"      \
	}
#define QUESTION                                                                                   \
	{                                                                                          \
		"question", FIELD_UUID, AT(move_params, question), 0, 0, 0, NULL                   \
	}
#define STEP                                                                                       \
	QUESTION,                                                                                  \
	{                                                                                          \
		"expect_version", FIELD_INT, AT(move_params, expect_version), FIELD_AS_TEXT,       \
		    INT32_MAX, 1, NULL                                                             \
	}
#define TALK(flags)                                                                                \
	{                                                                                          \
		"talk", FIELD_UUID, AT(move_params, talk), flags, 0, 0, NULL                       \
	}
#define TEXT(flags, max)                                                                           \
	{                                                                                          \
		"text", FIELD_LINES, AT(move_params, text), flags, max, 1, NULL                    \
	}

static const struct field ask_fields[] = {
    {"question", FIELD_UUID, AT(ask_params, question), 0, 0, 0, NULL},
    {"talk", FIELD_UUID, AT(ask_params, talk), MAYBE, 0, 0, NULL},
    {"session", FIELD_UUID, AT(ask_params, session), MAYBE, 0, 0, NULL},
    {"text", FIELD_LINES, AT(ask_params, text), 0, TEXT_MAX, 1, NULL},
    {"whole", FIELD_BOOL, AT(ask_params, whole), MAYBE_TEXT, 0, 0, NULL},
    {"named", FIELD_BOOL, AT(ask_params, named), MAYBE_TEXT, 0, 0, NULL},
    {"quote", FIELD_CHOICE, AT(ask_params, quote), MAYBE, 0, 0, "no|without_name|with_name"},
    {"behind_ms", FIELD_INT, AT(ask_params, behind_ms), MAYBE_TEXT, BEHIND_MAX_MS, 0, NULL},
    {0}};

static const struct field vote_fields[] = {
    {"question", FIELD_UUID, AT(vote_params, question), 0, 0, 0, NULL},
    {"value", FIELD_INT, AT(vote_params, value), 0, 1, 0, NULL},
    {"seq", FIELD_INT, AT(vote_params, seq), 0, INT64_MAX, 1, NULL},
    {0}};

static const struct field list_fields[] = {
    {"talk", FIELD_UUID, AT(talk_params, talk), 0, 0, 0, NULL}, {0}};
static const struct field mine_fields[] = {
    {"talk", FIELD_UUID, AT(talk_params, talk), MAYBE, 0, 0, NULL}, {0}};

static const struct field step_fields[] = {STEP, {0}};
static const struct field undo_fields[] = {
    QUESTION,
    {"expect_version", FIELD_INT, AT(move_params, expect_version), MAYBE_TEXT, INT32_MAX, 1, NULL},
    {0}};
static const struct field text_fields[] = {STEP, TEXT(0, TEXT_MAX), {0}};
static const struct field dismiss_fields[] = {
    STEP,
    {"reason", FIELD_CHOICE, AT(move_params, reason), MAYBE, 0, 0,
     "off_topic|duplicate|rude|spam|other"},
    {"silent", FIELD_BOOL, AT(move_params, silent), MAYBE_TEXT, 0, 0, NULL},
    {0}};
static const struct field accept_fields[] = {
    STEP, {"decline", FIELD_BOOL, AT(move_params, decline), MAYBE_TEXT, 0, 0, NULL}, {0}};
static const struct field answer_fields[] = {
    STEP,
    TEXT(MAYBE, ANSWER_MAX),
    {"public", FIELD_BOOL, AT(move_params, open), MAYBE_TEXT, 0, 0, NULL},
    {0}};
static const struct field move_fields[] = {STEP, TALK(0), {0}};
static const struct field merge_fields[] = {
    STEP, {"into", FIELD_UUID, AT(move_params, into), 0, 0, 0, NULL}, {0}};
static const struct field made_fields[] = {QUESTION, TALK(0), TEXT(0, TEXT_MAX), {0}};

static const struct field scope_fields[] = {
    {"talk", FIELD_UUID, AT(window_params, talk), MAYBE, 0, 0, NULL},
    {"session", FIELD_UUID, AT(window_params, session), MAYBE, 0, 0, NULL},
    {0}};
static const struct field window_fields[] = {
    {"talk", FIELD_UUID, AT(window_params, talk), MAYBE, 0, 0, NULL},
    {"session", FIELD_UUID, AT(window_params, session), MAYBE, 0, 0, NULL},
    WINDOW(ask),
    WINDOW(vote),
    WINDOW(show),
    WINDOW(mic),
    {"paused", FIELD_BOOL, AT(window_params, paused), MAYBE_TEXT, 0, 0, NULL},
    {"joint", FIELD_BOOL, AT(window_params, joint), MAYBE_TEXT, 0, 0, NULL},
    {0}};
static const struct field settings_fields[] = {
    {"session", FIELD_UUID, AT(settings_params, session), MAYBE, 0, 0, NULL},
    {"expect_version", FIELD_INT, AT(settings_params, expect_version), 0, INT32_MAX, 0, NULL},
    {"identity", FIELD_CHOICE, AT(settings_params, identity), MAYBE, 0, 0,
     "named|masked|anonymous|choice"},
    {"moderated", FIELD_BOOL, AT(settings_params, moderated), MAYBE_TEXT, 0, 0, NULL},
    {"auto_approve_s", FIELD_INT, AT(settings_params, auto_approve_s), MAYBE_TEXT, WAIT_MAX_S, 0,
     NULL},
    {"report_threshold", FIELD_INT, AT(settings_params, report_threshold), MAYBE_TEXT, REPORTS_MAX,
     1, NULL},
    {"joint", FIELD_BOOL, AT(settings_params, joint), MAYBE_TEXT, 0, 0, NULL},
    {"mic_policy", FIELD_CHOICE, AT(settings_params, mic_policy), MAYBE, 0, 0,
     "alternate|first_time_first|fifo|manual"},
    {0}};
static const struct field settings_get_fields[] = {
    {"session", FIELD_UUID, AT(settings_params, session), MAYBE, 0, 0, NULL}, {0}};

#define ASKING(name, fields, handler, text)                                                        \
	{                                                                                          \
		name, ASKERS, METHOD_KEY, fields, sizeof(struct move_params), handler, RATE_WRITE, \
		    text                                                                           \
	}
#define RUNNING_IT(name, handler, text)                                                            \
	{                                                                                          \
		name, RUNNING, METHOD_KEY, step_fields, sizeof(struct move_params), handler,       \
		    RATE_WRITE, text                                                               \
	}
#define MODERATING(name, fields, handler, text)                                                    \
	{                                                                                          \
		name, MODERATORS, METHOD_KEY, fields, sizeof(struct move_params), handler,         \
		    RATE_WRITE, text                                                               \
	}

static const struct method methods[] = {
    {"qa.ask", ASKERS, METHOD_OWN_ID, ask_fields, sizeof(struct ask_params), qa_ask, RATE_WRITE,
     "Asks a question of a talk or a session; it waits for a moderator."},
    {"qa.vote", ASKERS, METHOD_OWN_ID, vote_fields, sizeof(struct vote_params), qa_vote, RATE_VOTE,
     "Sets one's vote on a question."},
    {"qa.list", READERS, 0, list_fields, sizeof(struct talk_params), qa_list, RATE_READ,
     "The visible questions of a talk."},
    {"qa.mine", ASKERS, 0, mine_fields, sizeof(struct talk_params), qa_mine, RATE_READ,
     "One's own questions and how many wait ahead of them."},
    ASKING("qa.withdraw", step_fields, qa_withdraw, "Takes one's own question back."),
    ASKING("qa.revise", text_fields, qa_revise, "Puts one's own question differently."),
    MODERATING("qa.approve", step_fields, qa_approve, "Makes a question visible."),
    MODERATING("qa.dismiss", dismiss_fields, qa_dismiss,
	       "Refuses a question or takes it from view."),
    MODERATING("qa.hold", step_fields, qa_hold, "Takes a question back into the queue."),
    MODERATING("qa.edit", text_fields, qa_edit,
	       "Changes a question's words; its asker's are kept."),
    MODERATING("qa.accept", accept_fields, qa_accept,
	       "Takes or declines what its asker wants it to say."),
    RUNNING_IT("qa.stage", qa_stage, "Puts a question on stage; the one before becomes answered."),
    {"qa.answer", RUNNING | ROLE_ANY_PERSON, METHOD_KEY, answer_fields, sizeof(struct move_params),
     qa_answer, RATE_WRITE, "Marks a question as answered, or answers it in writing."},
    RUNNING_IT("qa.reopen", qa_reopen, "Puts a question back among the visible ones."),
    RUNNING_IT("qa.skip", qa_skip, "Passes a question over: behind the others."),
    MODERATING("qa.move", move_fields, qa_move, "Takes a question to another talk with its votes."),
    MODERATING("qa.merge", merge_fields, qa_merge, "Lets another question stand for this one."),
    MODERATING("qa.unmerge", step_fields, qa_unmerge, "Lets a question stand for itself again."),
    MODERATING("qa.restore", step_fields, qa_restore, "Takes a question out of the archive."),
    MODERATING("qa.undo", undo_fields, qa_undo, "Takes back one's own last action on a question."),
    MODERATING("qa.prepare", made_fields, qa_prepare, "Keeps a question of the moderators' own."),
    MODERATING("qa.note_spoken", made_fields, qa_note_spoken,
	       "Notes a question that was asked aloud, straight on stage."),
    {"qa.close", MODERATORS, METHOD_KEY, scope_fields, sizeof(struct window_params), qa_close,
     RATE_WRITE, "Archives what waits or was not asked and counts the votes anew."},
    {"qa.window", MODERATORS, METHOD_KEY, window_fields, sizeof(struct window_params), qa_window,
     RATE_WRITE, "Opens, closes or pauses asking, voting, showing and the microphones."},
    {"qa.settings", MODERATORS, METHOD_KEY, settings_fields, sizeof(struct settings_params),
     qa_settings, RATE_WRITE, "Sets who sees whose question it is and what a moderator decides."},
    {"qa.settings_get", MODERATORS, 0, settings_get_fields, sizeof(struct settings_params),
     qa_settings_get, RATE_READ, "What holds for a session's questions, and where it was said."},
    {0}};

static const struct event_type events[] = {
    {"question.added", "talk talk:mod", "A question can be seen now; for moderators: was asked."},
    {"question.updated", "talk talk:mod person", "A question has changed."},
    {"question.removed", "talk talk:mod", "A question can no longer be seen here."},
    {"question.staged", "stage", "Another question, or none, is on this stage."},
    {"window.changed", "talk talk:mod", "Asking, voting, showing or the microphones changed."},
    {"settings.changed", "talk talk:mod desk", "What holds for a session's questions changed."},
    {0}};

static const struct channel_kind channels[] = {
    {"talk", NULL, READERS, SCOPE_ID, SQL_QA_TALK_SNAPSHOT, true, NULL, SQL_NONE},
    {"talk", "mod", MODERATORS, SCOPE_ASKED, SQL_QA_MOD_SNAPSHOT, false, "talk", SQL_QA_MOD_MAY},
    {"stage", NULL, WATCHERS, SCOPE_ID, SQL_QA_STAGE_SNAPSHOT, false, NULL, SQL_NONE},
    {0}};

static const struct db_fault constraints[] = {{"question_text_size", &fault_size},
					      {"question_duplicate", &qa_duplicate},
					      {"question_pseudonym_duplicate", &qa_duplicate},
					      {"question_nth", &fault_rate},
					      {"question_nth_once", &fault_busy},
					      {"question_pseudonym_nth", &fault_busy},
					      {"question_key", &fault_busy},
					      {"question_key_taken", &fault_key_reused},
					      {"question_stage_once", &fault_conflict},
					      {"question_step", &qa_state},
					      {"question_person", &fault_denied},
					      {NULL, NULL}};

static fault const faults[] = {&qa_closed,  &qa_paused,	  &qa_duplicate, &qa_muted, &qa_state,
			       &qa_claimed, &qa_identity, &qa_undo_late, NULL};

const struct service qa_service = {
    .name = "qa",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
