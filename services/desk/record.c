/* services/desk: what a hall's questions leave behind: words that hold them, reports, what nobody
 * answered, the export. */
#include "services/desk/desk.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	ASKERS = ROLE_ATTENDEE | ROLE_SPEAKER | MODERATORS,
	WORDS_SIZE = 15 * 1024
};

struct words_params {
	const char *language, *words;
};

struct report_params {
	const char *question, *reason;
};

struct export_params {
	const char *session, *talk, *format, *part, *after;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field words_fields[] = {
    {"language", FIELD_RAW, AT(words_params, language), 0, 3, 2, NULL},
    {"words", FIELD_JSON, AT(words_params, words), 0, WORDS_SIZE, 0, NULL},
    {0}};

static const struct field report_fields[] = {
    {"question", FIELD_UUID, AT(report_params, question), 0, 0, 0, NULL},
    {"reason", FIELD_CHOICE, AT(report_params, reason), FIELD_OPTIONAL, 0, 0,
     "off_topic|duplicate|rude|spam|other"},
    {0}};

static const struct field export_fields[] = {
    {"session", FIELD_UUID, AT(export_params, session), FIELD_OPTIONAL, 0, 0, NULL},
    {"talk", FIELD_UUID, AT(export_params, talk), FIELD_OPTIONAL, 0, 0, NULL},
    {"format", FIELD_CHOICE, AT(export_params, format), 0, 0, 0, "csv|ndjson"},
    {"part", FIELD_CHOICE, AT(export_params, part), FIELD_OPTIONAL, 0, 0,
     "questions|trail|polls|summary"},
    {"after", FIELD_RAW, AT(export_params, after), FIELD_OPTIONAL, 100, 0, NULL},
    {0}};

static fault qa_words(struct request *rq)
{
	const struct words_params *p = rq->params;

	if (p->words[0] != '[') {
		rq->fault_field = "words";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_MODERATE, SQL_DESK_WORDS, PARAMS(p->language, p->words));
}

static fault qa_words_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_DESK_WORDS_GET, NULL, 0);
}

static fault qa_report(struct request *rq)
{
	const struct report_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_DESK_REPORT, PARAMS(p->question, p->reason));
}

static fault qa_unanswered(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_DESK_UNANSWERED, NULL, 0);
}

static fault qa_export(struct request *rq)
{
	const struct export_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_DESK_EXPORT,
		       PARAMS(p->session, p->talk, p->format, p->part, p->after));
}

#define SIZE(type) sizeof(struct type)

static const struct method methods[] = {
    {"qa.words", ROLE_ORGANISER, METHOD_KEY, words_fields, SIZE(words_params), qa_words, RATE_WRITE,
     "The words of a language that hold a question until a moderator has looked at it."},
    {"qa.words_get", MODERATORS, 0, NULL, 0, qa_words_get, RATE_READ, "All of those words."},
    {"qa.report", ASKERS, METHOD_OWN_ID, report_fields, SIZE(report_params), qa_report, RATE_WRITE,
     "Says that a question should not stand there."},
    {"qa.unanswered", ROLE_ANY_PERSON, 0, NULL, 0, qa_unanswered, RATE_READ,
     "What nobody answered, of one's own talks, for 14 days."},
    {"qa.export", MODERATORS, 0, export_fields, SIZE(export_params), qa_export, RATE_READ,
     "Questions, what was done with them and polls, a page of a file."},
    {0}};

static const struct event_type events[] = {
    {"report.raised", "talk:mod", "A question was reported so often that it is hidden."}, {0}};

static const struct db_fault constraints[] = {{"word_list_language", &fault_bad_request},
					      {"word_list_word_size", &fault_bad_request},
					      {"question_report_person", &fault_denied},
					      {NULL, NULL}};

const struct service record_service = {
    .name = "record",
    .methods = methods,
    .events = events,
    .constraints = constraints,
};
