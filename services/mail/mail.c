/* services/mail: the tables of the service. */
#include "services/mail/mail.h"
#include "services/mail/parts.h"

#include <stddef.h>

static const struct fault mail_placeholder = {"mail.placeholder", FAULT_CALLER,
					      "There is no such placeholder in this mail."};
static const struct fault mail_state = {"mail.state", FAULT_STATE,
					"That mail is in no state for this."};
static const struct fault segment_changed = {
    "segment.changed", FAULT_STATE, "Other people meet the condition than the ones you saw."};
static const struct fault segment_exists = {"segment.exists", FAULT_STATE,
					    "There is a segment of that name already."};

struct mail_params {
	const char *mail, *kind, *language, *subject, *body, *state, *text, *reason, *before;
	int64_t expect_version;
};

struct segment_params {
	const char *segment, *mail, *name, *condition, *subject, *text, *subject_da, *text_da,
	    *seen;
	int64_t expect_version;
};

enum { SUBJECT = 200, BODY = 8000, CONDITION = 1000 };

#define AT(member)	offsetof(struct mail_params, member)
#define SEGMENT(member) offsetof(struct segment_params, member)

static const struct field save_fields[] = {
    {"kind", FIELD_RAW, AT(kind), 0, 60, 1, NULL},
    {"language", FIELD_CHOICE, AT(language), 0, 0, 0, "en|da"},
    {"subject", FIELD_TEXT, AT(subject), FIELD_OPTIONAL, SUBJECT, 1, NULL},
    {"body", FIELD_LINES, AT(body), FIELD_OPTIONAL, BODY, 1, NULL},
    {"expect_version", FIELD_INT, AT(expect_version), 0, INT32_MAX, 0, NULL},
    {0}};
static const struct field preview_fields[] = {
    {"kind", FIELD_RAW, AT(kind), 0, 60, 1, NULL},
    {"language", FIELD_CHOICE, AT(language), 0, 0, 0, "en|da"},
    {"subject", FIELD_TEXT, AT(subject), 0, SUBJECT, 1, NULL},
    {"body", FIELD_LINES, AT(body), 0, BODY, 1, NULL},
    {0}};
static const struct field list_fields[] = {
    {"state", FIELD_CHOICE, AT(state), FIELD_OPTIONAL, 0, 0, "waiting|retrying|sent|bounced"},
    {"text", FIELD_TEXT, AT(text), FIELD_OPTIONAL, 100, 1, NULL},
    {"before", FIELD_UUID, AT(before), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field retry_fields[] = {{"mail", FIELD_UUID, AT(mail), 0, 0, 0, NULL}, {0}};
static const struct field bounce_fields[] = {{"mail", FIELD_UUID, AT(mail), 0, 0, 0, NULL},
					     {"reason", FIELD_TEXT, AT(reason), 0, 250, 1, NULL},
					     {0}};

static const struct field segment_save_fields[] = {
    {"segment", FIELD_UUID, SEGMENT(segment), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, SEGMENT(name), 0, 100, 1, NULL},
    {"condition", FIELD_JSON, SEGMENT(condition), 0, CONDITION, 0, NULL},
    {"expect_version", FIELD_INT, SEGMENT(expect_version), FIELD_OPTIONAL, INT32_MAX, 0, NULL},
    {0}};
static const struct field segment_fields[] = {
    {"segment", FIELD_UUID, SEGMENT(segment), 0, 0, 0, NULL}, {0}};

#define WORDS                                                                                      \
	{"subject", FIELD_TEXT, SEGMENT(subject), 0, SUBJECT, 1, NULL},                            \
	    {"text", FIELD_LINES, SEGMENT(text), 0, BODY, 1, NULL},                                \
	    {"subject_da", FIELD_TEXT, SEGMENT(subject_da), FIELD_OPTIONAL, SUBJECT, 1, NULL},     \
	{                                                                                          \
		"text_da", FIELD_LINES, SEGMENT(text_da), FIELD_OPTIONAL, BODY, 1, NULL            \
	}

static const struct field segment_preview_fields[] = {
    {"segment", FIELD_UUID, SEGMENT(segment), 0, 0, 0, NULL}, WORDS, {0}};
static const struct field segment_send_fields[] = {
    {"mail", FIELD_UUID, SEGMENT(mail), 0, 0, 0, NULL},
    {"segment", FIELD_UUID, SEGMENT(segment), 0, 0, 0, NULL},
    WORDS,
    {"seen", FIELD_RAW, SEGMENT(seen), 0, 40, 1, NULL},
    {0}};

#define MAIL_SIZE    sizeof(struct mail_params)
#define SEGMENT_SIZE sizeof(struct segment_params)

static const struct method methods[] = {
    {"mail.templates", ROLE_ORGANISER, 0, NULL, 0, mail_templates, RATE_READ,
     "What every kind of mail says, and the conference's own words."},
    {"mail.save", ROLE_ORGANISER, METHOD_KEY, save_fields, MAIL_SIZE, mail_save, RATE_WRITE,
     "Own words for a kind of mail in one language, or those that come with Plenum."},
    {"mail.preview", ROLE_ORGANISER, 0, preview_fields, MAIL_SIZE, mail_preview, RATE_READ,
     "What somebody would read."},
    {"mail.list", ROLE_ORGANISER, 0, list_fields, MAIL_SIZE, mail_list, RATE_READ,
     "The outbox: what waits, left, came back, and why."},
    {"mail.retry", ROLE_ORGANISER, METHOD_KEY, retry_fields, MAIL_SIZE, mail_retry, RATE_WRITE,
     "Tries a mail at once that waits or was refused."},
    {"mail.bounce", ROLE_ORGANISER, METHOD_KEY, bounce_fields, MAIL_SIZE, mail_bounce, RATE_WRITE,
     "Keeps that a mail came back later."},
    {"segment.list", ROLE_ORGANISER, 0, NULL, 0, segment_list, RATE_READ,
     "Conditions under a name, and how many people meet each."},
    {"segment.save", ROLE_ORGANISER, METHOD_KEY, segment_save_fields, SEGMENT_SIZE, segment_save,
     RATE_WRITE, "Makes or changes a segment."},
    {"segment.remove", ROLE_ORGANISER, METHOD_KEY, segment_fields, SEGMENT_SIZE, segment_remove,
     RATE_WRITE, "Takes a segment away; what was sent stays."},
    {"segment.preview", ROLE_ORGANISER, 0, segment_preview_fields, SEGMENT_SIZE, segment_preview,
     RATE_READ, "Exactly who would get a mail, and one of them as it would be read."},
    {"segment.send", ROLE_ORGANISER, METHOD_KEY, segment_send_fields, SEGMENT_SIZE, segment_send,
     RATE_WRITE, "Writes to those who were seen, once."},
    {0}};

static const struct event_type events[] = {{0}};

static const struct db_fault constraints[] = {
    {"segment_name_once", &segment_exists},	{"segment_condition_size", &fault_size},
    {"segment_mail_key", &fault_busy},		{"mail_template_subject", &fault_bad_request},
    {"mail_template_body", &fault_bad_request}, {NULL, NULL}};

static fault const faults[] = {&mail_placeholder, &mail_state, &segment_changed, &segment_exists,
			       NULL};

const struct service mail_service = {
    .name = "mail",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};

fault mail_templates(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_MAIL_TEMPLATES, NULL, 0);
}

fault mail_save(struct request *rq)
{
	const struct mail_params *p = rq->params;

	return db_write(
	    rq, LANE_PUBLIC, SQL_MAIL_SAVE,
	    PARAMS(p->kind, p->language, p->subject, p->body, p_int(rq, p->expect_version)));
}

fault mail_preview(struct request *rq)
{
	const struct mail_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_MAIL_PREVIEW,
		       PARAMS(p->kind, p->language, p->subject, p->body));
}

fault mail_list(struct request *rq)
{
	const struct mail_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_MAIL_LIST, PARAMS(p->state, p->text, p->before));
}

fault mail_retry(struct request *rq)
{
	const struct mail_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_MAIL_RETRY, PARAMS(p->mail));
}

fault mail_bounce(struct request *rq)
{
	const struct mail_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_MAIL_BOUNCE, PARAMS(p->mail, p->reason));
}

fault segment_list(struct request *rq)
{
	return db_read(rq, LANE_SLOW, SQL_SEGMENT_LIST, NULL, 0);
}

fault segment_save(struct request *rq)
{
	const struct segment_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_SEGMENT_SAVE,
			PARAMS(p->segment, p->name, p->condition, p_int(rq, p->expect_version)));
}

fault segment_remove(struct request *rq)
{
	const struct segment_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_SEGMENT_REMOVE, PARAMS(p->segment));
}

fault segment_preview(struct request *rq)
{
	const struct segment_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_SEGMENT_PREVIEW,
		       PARAMS(p->segment, p->subject, p->text, p->subject_da, p->text_da));
}

fault segment_send(struct request *rq)
{
	const struct segment_params *p = rq->params;

	return db_write(
	    rq, LANE_SLOW, SQL_SEGMENT_SEND,
	    PARAMS(p->mail, p->segment, p->subject, p->text, p->subject_da, p->text_da, p->seen));
}
