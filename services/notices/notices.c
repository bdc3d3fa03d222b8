/* services/notices: tables and handlers of stars, announcements and news; the rules are in
 * sql/queries/{star,notice,news} and sql/functions/notices. */
#include "services/notices/notices.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	STAFF = ROLE_MODERATOR | ROLE_DESK | ROLE_ORGANISER,
	TELLERS = ROLE_DESK | ROLE_ORGANISER,
	READERS = ROLE_ANY_PERSON | ROLE_KIOSK,
	TEXT_SIZE = 5000,
	TEXT_JSON_SIZE = 16 * 1024
};

static const struct fault notice_until = {"notice.until", FAULT_STATE,
					  "That time is over already."};
static const struct fault notice_state = {"notice.state", FAULT_STATE,
					  "This announcement was withdrawn."};

static request_fn star_set, notice_publish, notice_edit, notice_withdraw, notice_read, notice_list,
    news_read;

struct star_params {
	const char *session;
	bool value;
};

static const struct field star_fields[] = {
    {.name = "session", .type = FIELD_UUID, .at = offsetof(struct star_params, session)},
    {.name = "value", .type = FIELD_BOOL, .at = offsetof(struct star_params, value)},
    {0}};

struct notice_params {
	const char *notice, *audience, *room, *role, *urgency, *until, *text;
	int64_t expect_version;
	bool mail;
};

#define AT(member) offsetof(struct notice_params, member)
#define NOTICE                                                                                     \
	{                                                                                          \
		.name = "notice", .type = FIELD_UUID, .at = AT(notice)                             \
	}
#define VERSION                                                                                    \
	{                                                                                          \
		.name = "expect_version", .type = FIELD_INT, .at = AT(expect_version),             \
		.max = INT32_MAX, .min = 1                                                         \
	}
#define URGENCIES "info|important|urgent"

static const struct field publish_fields[] = {
    NOTICE,
    {.name = "audience",
     .type = FIELD_CHOICE,
     .at = AT(audience),
     .choices = "all|on_site|online|room|role"},
    {.name = "room", .type = FIELD_UUID, .at = AT(room), .flags = FIELD_OPTIONAL},
    {.name = "role",
     .type = FIELD_CHOICE,
     .at = AT(role),
     .flags = FIELD_OPTIONAL,
     .choices = "attendee|speaker|moderator|desk|reviewer|organiser|juror"},
    {.name = "urgency", .type = FIELD_CHOICE, .at = AT(urgency), .choices = URGENCIES},
    {.name = "until", .type = FIELD_INSTANT, .at = AT(until), .flags = FIELD_OPTIONAL},
    {.name = "text", .type = FIELD_JSON, .at = AT(text), .max = TEXT_JSON_SIZE},
    {.name = "mail", .type = FIELD_BOOL, .at = AT(mail), .flags = FIELD_OPTIONAL},
    {0}};
static const struct field edit_fields[] = {
    NOTICE,
    VERSION,
    {.name = "text",
     .type = FIELD_JSON,
     .at = AT(text),
     .flags = FIELD_OPTIONAL,
     .max = TEXT_JSON_SIZE},
    {.name = "urgency",
     .type = FIELD_CHOICE,
     .at = AT(urgency),
     .flags = FIELD_OPTIONAL,
     .choices = URGENCIES},
    {.name = "until", .type = FIELD_INSTANT, .at = AT(until), .flags = FIELD_OPTIONAL},
    {0}};
static const struct field withdraw_fields[] = {NOTICE, VERSION, {0}};
static const struct field read_fields[] = {NOTICE, {0}};

struct text_params {
	const char *en, *da;
};

static const struct field text_fields[] = {{.name = "en",
					    .type = FIELD_LINES,
					    .at = offsetof(struct text_params, en),
					    .max = TEXT_SIZE,
					    .min = 1},
					   {.name = "da",
					    .type = FIELD_LINES,
					    .at = offsetof(struct text_params, da),
					    .flags = FIELD_OPTIONAL,
					    .max = TEXT_SIZE,
					    .min = 1},
					   {0}};

struct news_params {
	const char *news;
};

static const struct field news_fields[] = {
    {.name = "news", .type = FIELD_UUID, .at = offsetof(struct news_params, news)}, {0}};

static const struct method methods[] = {
    {"star.set", ROLE_ANY_PERSON, METHOD_KEY, star_fields, sizeof(struct star_params), star_set,
     RATE_WRITE, "Marks a session as one's own, or no longer."},
    {"notice.publish", TELLERS, METHOD_KEY, publish_fields, sizeof(struct notice_params),
     notice_publish, RATE_WRITE, "Announces something to an audience."},
    {"notice.edit", TELLERS, METHOD_KEY, edit_fields, sizeof(struct notice_params), notice_edit,
     RATE_WRITE, "Changes an announcement."},
    {"notice.withdraw", TELLERS, METHOD_KEY, withdraw_fields, sizeof(struct notice_params),
     notice_withdraw, RATE_WRITE, "Takes an announcement back."},
    {"notice.read", READERS, METHOD_OWN_ID, read_fields, sizeof(struct notice_params), notice_read,
     RATE_WRITE, "Says that an announcement was read."},
    {"notice.list", TELLERS, 0, NULL, 0, notice_list, RATE_READ,
     "The announcements and how many people have read them."},
    {"news.read", ROLE_ANY_PERSON, METHOD_OWN_ID, news_fields, sizeof(struct news_params),
     news_read, RATE_WRITE, "Clears one piece of one's own news."},
    {0}};

static const struct event_type events[] = {
    {"star.changed", "person", "A session was starred, or no longer is: {session, value}."},
    {"notice.published", "notice room", "An announcement."},
    {"notice.edited", "notice room", "An announcement reads differently, or holds longer."},
    {"notice.withdrawn", "notice room", "An announcement was taken back."},
    {"notice.listed", "notice", "For organisers: a row of notice.list, new or changed."},
    {"news.added", "person", "A slot that concerns this person has changed."},
    {"news.read", "person", "A piece of news was cleared: {id}."},
    {0}};

static const struct audience audiences[] = {{"all", ROLE_EVERYONE, NULL},
					    {"on-site", STAFF | ROLE_STATION, "on_site"},
					    {"online", STAFF, "online"},
					    {"attendee", ROLE_ATTENDEE | ROLE_ORGANISER, NULL},
					    {"speaker", ROLE_SPEAKER | ROLE_ORGANISER, NULL},
					    {"moderator", ROLE_MODERATOR | ROLE_ORGANISER, NULL},
					    {"desk", ROLE_DESK | ROLE_ORGANISER, NULL},
					    {"reviewer", ROLE_REVIEWER | ROLE_ORGANISER, NULL},
					    {"juror", ROLE_JUROR | ROLE_ORGANISER, NULL},
					    {"organiser", ROLE_ORGANISER, NULL},
					    {0}};

static const struct channel_kind channels[] = {
    {"notice", NULL, ROLE_EVERYONE, SCOPE_AUDIENCE, SQL_NOTICE_SNAPSHOT, true, NULL, SQL_NONE},
    {0}};

static const struct db_fault constraints[] = {{"notice_key", &fault_conflict},
					      {"notice_text_size", &fault_size},
					      {"notice_for", &fault_bad_request},
					      {0}};

static fault const faults[] = {&notice_until, &notice_state, NULL};

const struct service notices_service = {
    .name = "notices",
    .methods = methods,
    .events = events,
    .channels = channels,
    .audiences = audiences,
    .constraints = constraints,
    .faults = faults,
};

static fault star_set(struct request *rq)
{
	const struct star_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_STAR_SET, PARAMS(p->session, p_bool(p->value)));
}

/* The texts of both languages cleaned like any other; *text is then their JSON in the arena. */
static fault take_text(struct request *rq, const char **text)
{
	struct text_params texts = {0};
	const char *field = NULL;
	json_t *doc = json_loads(*text, JSON_DECODE_ANY, NULL), *clean;
	char *bytes;
	fault bad;

	rq->fault_field = "text";
	if (!json_is_object(doc)) {
		json_decref(doc);
		return &fault_bad_request;
	}
	bad = fields_decode(rq->arena, text_fields, doc, &texts, &field);
	json_decref(doc);
	if (bad != OK) {
		rq->fault_field = arena_printf(rq->arena, "text.%s", field);
		return bad;
	}
	clean = json_pack("{s:s,s:s*}", "en", texts.en, "da", texts.da);
	bytes = json_dumps(clean, JSON_COMPACT);
	json_decref(clean);
	*text = arena_strdup(rq->arena, bytes);
	free(bytes);
	rq->fault_field = NULL;
	return OK;
}

/* A room where the audience is a room, a role where it is a role, and neither elsewhere. */
static const char *misplaced(const struct notice_params *p)
{
	if ((strcmp(p->audience, "room") == 0) != (p->room != NULL))
		return "room";
	return (strcmp(p->audience, "role") == 0) != (p->role != NULL) ? "role" : NULL;
}

static fault notice_publish(struct request *rq)
{
	struct notice_params *p = rq->params;
	fault bad = take_text(rq, &p->text);

	if (bad != OK)
		return bad;
	rq->fault_field = misplaced(p);
	if (rq->fault_field != NULL)
		return &fault_bad_request;
	return db_write(rq, p->mail ? LANE_SLOW : LANE_MODERATE, SQL_NOTICE_PUBLISH,
			PARAMS(p->notice, p->audience, p->room, p->role, p->urgency, p->until,
			       p->text, p_bool(p->mail)));
}

static fault notice_edit(struct request *rq)
{
	struct notice_params *p = rq->params;
	fault bad = p->text != NULL ? take_text(rq, &p->text) : OK;

	if (bad != OK)
		return bad;
	return db_write(
	    rq, LANE_MODERATE, SQL_NOTICE_EDIT,
	    PARAMS(p->notice, p_int(rq, p->expect_version), p->urgency, p->until, p->text));
}

static fault notice_withdraw(struct request *rq)
{
	const struct notice_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_NOTICE_WITHDRAW,
			PARAMS(p->notice, p_int(rq, p->expect_version)));
}

static fault notice_read(struct request *rq)
{
	const struct notice_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_NOTICE_READ,
			PARAMS(p->notice, p_bool(rq->caller.person[0] == 0)));
}

static fault notice_list(struct request *rq)
{
	return db_read(rq, LANE_MODERATE, SQL_NOTICE_LIST, NULL, 0);
}

static fault news_read(struct request *rq)
{
	const struct news_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_NEWS_READ, PARAMS(p->news));
}
