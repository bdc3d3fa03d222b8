/* services/call: the tables of the service, and the call itself. What holds is in
 * sql/functions/call. */
#include "services/call/parts.h"

static const struct fault call_closed = {"call.closed", FAULT_STATE, "The call has closed."};
static const struct fault call_not_open = {"call.not_open", FAULT_STATE,
					   "The call has not opened yet."};
static const struct fault call_label = {
    "call.label", FAULT_STATE,
    "On that date the clocks of that zone go by another name: one of the two is wrong."};
static const struct fault abstract_incomplete = {"abstract.incomplete", FAULT_STATE,
						 "Something is missing in this abstract."};
static const struct fault abstract_decided = {"abstract.decided", FAULT_STATE,
					      "This abstract has been decided on."};

enum { IMPORT_SIZE = 16 * 1024, BULK_SIZE = 64 << 20 };

#define AT(type, member) offsetof(struct type, member)
#define VERSION(type, least)                                                                       \
	{                                                                                          \
		"expect_version", FIELD_INT, AT(type, expect_version), 0, INT32_MAX, least, NULL   \
	}
#define ABSTRACT                                                                                   \
	{                                                                                          \
		"abstract", FIELD_UUID, AT(abstract_params, abstract), 0, 0, 0, NULL               \
	}
#define WORDS(name, most)                                                                          \
	{                                                                                          \
#name, FIELD_LINES, AT(call_save_params, name), FIELD_OPTIONAL, most, 0, NULL      \
	}

static const struct field save_fields[] = {
    {"opens", FIELD_JSON, AT(call_save_params, opens), 0, 1000, 0, NULL},
    {"closes", FIELD_JSON, AT(call_save_params, closes), 0, 1000, 0, NULL},
    {"grace_s", FIELD_INT, AT(call_save_params, grace_s), FIELD_OPTIONAL, 86400, 0, NULL},
    {"limit", FIELD_INT, AT(call_save_params, limit), 0, 4000, 100, NULL},
    WORDS(answers, 200),
    WORDS(answers_da, 200),
    WORDS(intro, 3000),
    WORDS(intro_da, 3000),
    {"consents", FIELD_JSON, AT(call_save_params, consents), 0, CONTENT_SIZE, 0, NULL},
    VERSION(call_save_params, 0),
    {0}};

static const struct field late_fields[] = {
    {"email", FIELD_EMAIL, AT(late_params, email), 0, 254, 0, NULL},
    {"until", FIELD_WHEN, AT(late_params, until), 0, 0, 0, NULL},
    {"reason", FIELD_TEXT, AT(late_params, reason), 0, 500, 1, NULL},
    {0}};

static const struct field abstract_save_fields[] = {
    ABSTRACT,
    {"content", FIELD_JSON, AT(abstract_params, content), 0, CONTENT_SIZE, 0, NULL},
    VERSION(abstract_params, 0),
    {0}};
static const struct field submit_fields[] = {
    ABSTRACT,
    {"content", FIELD_JSON, AT(abstract_params, content), FIELD_OPTIONAL, CONTENT_SIZE, 0, NULL},
    {"consents", FIELD_JSON, AT(abstract_params, consents), FIELD_OPTIONAL, 4000, 0, NULL},
    VERSION(abstract_params, 0),
    {0}};
static const struct field withdraw_fields[] = {ABSTRACT, VERSION(abstract_params, 1), {0}};
static const struct field redact_fields[] = {
    ABSTRACT,
    {"redacted", FIELD_LINES, AT(abstract_params, redacted), FIELD_OPTIONAL, BODY_MAX, 1, NULL},
    VERSION(abstract_params, 1),
    {0}};
static const struct field abstract_fields[] = {ABSTRACT, {0}};

static const struct field list_fields[] = {
    {"state", FIELD_CHOICE, AT(abstract_list_params, state), FIELD_OPTIONAL, 0, 0,
     "draft|submitted|withdrawn"},
    {"track", FIELD_UUID, AT(abstract_list_params, track), FIELD_OPTIONAL, 0, 0, NULL},
    {"text", FIELD_TEXT, AT(abstract_list_params, text), FIELD_OPTIONAL, 100, 0, NULL},
    {"after", FIELD_UUID, AT(abstract_list_params, after), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

#define IMPORT(most)                                                                               \
	{"rows", FIELD_JSON, AT(abstract_import_params, rows), 0, most, 0, NULL},                  \
	    {"dry_run", FIELD_BOOL, AT(abstract_import_params, dry_run), FIELD_OPTIONAL, 0,        \
	     0,		NULL},                                                                     \
	{                                                                                          \
		"partial", FIELD_BOOL, AT(abstract_import_params, partial), FIELD_OPTIONAL, 0, 0,  \
		    NULL                                                                           \
	}

static const struct field import_fields[] = {IMPORT(IMPORT_SIZE), {0}};
static const struct field bulk_fields[] = {IMPORT(BULK_SIZE), {0}};

#define SIZE(type) sizeof(struct type)
#define ORGANISER  ROLE_ORGANISER
#define WRITER	   ROLE_SIGNED_IN

static const struct method methods[] = {
    {"call.get", ROLE_EVERYONE, 0, NULL, 0, call_get, RATE_READ,
     "The call for abstracts: deadlines, topics, the words of its consents."},
    {"call.settings", ORGANISER, 0, NULL, 0, call_settings, RATE_READ,
     "The call as organisers keep it, its versions and late entries."},
    {"call.save", ORGANISER, METHOD_KEY, save_fields, SIZE(call_save_params), call_save, RATE_WRITE,
     "Makes or changes the call; a deadline that moves opens or shuts the gate at once."},
    {"call.late", ORGANISER, METHOD_KEY, late_fields, SIZE(late_params), call_late, RATE_WRITE,
     "Lets somebody by name hand in until an instant of their own."},
    {"abstract.save", WRITER, METHOD_KEY, abstract_save_fields, SIZE(abstract_params),
     abstract_save, RATE_WRITE, "Keeps a draft as it is typed."},
    {"abstract.submit", WRITER, METHOD_KEY, submit_fields, SIZE(abstract_params), abstract_submit,
     RATE_WRITE, "Hands an abstract in, or what has changed in one."},
    {"abstract.withdraw", WRITER, METHOD_KEY, withdraw_fields, SIZE(abstract_params),
     abstract_withdraw, RATE_WRITE, "Takes an abstract back."},
    {"abstract.mine", WRITER, 0, NULL, 0, abstract_mine, RATE_READ,
     "One's own abstracts and drafts."},
    {"abstract.get", WRITER, 0, abstract_fields, SIZE(abstract_params), abstract_get, RATE_READ,
     "One abstract: one's own, or any to an organiser."},
    {"abstract.list", ORGANISER, 0, list_fields, SIZE(abstract_list_params), abstract_list,
     RATE_READ, "All abstracts, 200 a page."},
    {"abstract.export", ORGANISER, 0, list_fields, SIZE(abstract_list_params), abstract_export,
     RATE_READ, "All abstracts with their words, 200 a page."},
    {"abstract.import", ORGANISER, METHOD_KEY, import_fields, SIZE(abstract_import_params),
     abstract_import, RATE_WRITE, "Abstracts of a call run elsewhere, 100 rows at most."},
    {"abstract.import_bulk", ORGANISER, METHOD_CLI, bulk_fields, SIZE(abstract_import_params),
     abstract_import, RATE_WRITE, "The same, any number of rows."},
    {"abstract.redact", ORGANISER, METHOD_KEY, redact_fields, SIZE(abstract_params),
     abstract_redact, RATE_WRITE, "The copy that does not tell who wrote it."},
    {0}};

static const struct event_type events[] = {
    {"abstract.changed", "person", "One's own abstract was handed in, changed or taken back."},
    {"call.changed", "draft", "The call, a late entry or an abstract has changed."},
    {0}};

static const struct db_fault constraints[] = {{"call_order", &fault_bad_request},
					      {"call_once", &fault_busy},
					      {"call_revision_once", &fault_busy},
					      {"consent_text_once", &fault_busy},
					      {"consent_text_kind", &fault_bad_request},
					      {"abstract_key", &fault_conflict},
					      {"abstract_number_once", &fault_busy},
					      {"abstract_draft_size", &fault_size},
					      {"abstract_author_email_form", &fault_bad_request},
					      {NULL, NULL}};

static fault const faults[] = {&call_closed,	     &call_not_open,	&call_label,
			       &abstract_incomplete, &abstract_decided, NULL};

const struct service call_service = {
    .name = "call",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};

fault call_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_CALL_GET, NULL, 0);
}

fault call_settings(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_CALL_SETTINGS, NULL, 0);
}

static const char *words_of(struct request *rq, const struct call_save_params *p)
{
	struct buffer b = {0};
	const char *kept;

	buffer_text(&b, "{\"answers\":");
	buffer_json(&b, p->answers != NULL ? p->answers : "");
	buffer_text(&b, ",\"answers_da\":");
	buffer_json(&b, p->answers_da != NULL ? p->answers_da : "");
	buffer_text(&b, ",\"intro\":");
	buffer_json(&b, p->intro != NULL ? p->intro : "");
	buffer_text(&b, ",\"intro_da\":");
	buffer_json(&b, p->intro_da != NULL ? p->intro_da : "");
	buffer_text(&b, "}");
	kept = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	return kept;
}

fault call_save(struct request *rq)
{
	struct call_save_params *p = rq->params;
	fault f = deadline_clean(rq, "opens", &p->opens);

	if (f == OK)
		f = deadline_clean(rq, "closes", &p->closes);
	if (f == OK)
		f = consent_texts_clean(rq, &p->consents);
	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_CALL_SAVE,
			PARAMS(p_int(rq, p->expect_version), p->opens, p->closes,
			       p_int(rq, p->grace_s), p_int(rq, p->limit), words_of(rq, p),
			       p->consents));
}

fault call_late(struct request *rq)
{
	const struct late_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_CALL_LATE, PARAMS(p->email, p->until, p->reason));
}
