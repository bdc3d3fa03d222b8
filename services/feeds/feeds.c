/* services/feeds: the methods: a person's own calendars, each with an address of its own. */
#include "services/feeds/feeds.h"
#include "services/core/token.h"
#include "services/feeds/cache.h"
#include "services/feeds/ics.h"
#include "services/feeds/parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 20 };

static const char *base = "";

void feeds_start(const char *base_url)
{
	base = base_url;
}

const char *feeds_self_test(void)
{
	return ics_self_test();
}

void feeds_stop(void)
{
	cache_clear();
}

const char *feeds_base(void)
{
	return base;
}

static unsigned hex_at(const char *text)
{
	char pair[3] = {text[0], text[1], 0};

	return (unsigned)strtoul(pair, NULL, 16);
}

/*
 * 160 bits in base32. Made from who asks and the key of the call, so that a repeat of the call
 * gives the same address although nothing of it is stored.
 */
static const char *token_of(struct request *rq)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	const char *what = arena_printf(rq->arena, "%s:%s", caller_actor(&rq->caller), rq->key);
	const char *hash = code_hash(rq->arena, "feed", what) + 2;
	char *token = arena_alloc(rq->arena, TOKEN_BYTES * 8 / 5 + 1);
	unsigned held = 0, bits = 0, n = 0;

	for (int i = 0; i < TOKEN_BYTES; i++) {
		held = held << 8 | hex_at(hash + (size_t)2 * (size_t)i);
		for (bits += 8; bits >= 5; bits -= 5)
			token[n++] = digits[held >> (bits - 5) & 31];
	}
	return token;
}

static const char *hash_of(struct request *rq, const char *token)
{
	return sha256_bytea(rq->arena, token, strlen(token));
}

static const char *encoded(struct request *rq, const char *text)
{
	char *out = arena_alloc(rq->arena, 3 * strlen(text) + 1), *at = out;

	for (; *text != 0; text++) {
		unsigned char c = (unsigned char)*text;

		if (isalnum(c) || strchr("-._~", c) != NULL)
			*at++ = (char)c;
		else
			at += sprintf(at, "%%%02X", c);
	}
	return out;
}

/*
 * How each client is told. Google wants webcal:// in cid= (calagator#556); Outlook strips that
 * scheme from links (asap-hub#4998).
 */
static fault tell_address(struct request *rq, const struct rows *rows)
{
	const char *token = token_of(rq), *reply = rows_text(rows, 0, "reply");
	const char *url = arena_printf(rq->arena, "%s/c/%s/schedule.ics", base, token);
	const char *rest = strstr(base, "://");
	const char *webcal = arena_printf(rq->arena, "webcal%s/c/%s/schedule.ics",
					  rest != NULL ? rest : "://", token);
	size_t n = strlen(reply);

	if (n < 2 || reply[n - 1] != '}')
		return &fault_internal;
	return request_reply(
	    rq,
	    arena_printf(rq->arena,
			 "%.*s,\"url\":\"%s\",\"webcal\":\"%s\",\"google\":\"https://"
			 "calendar.google.com/calendar/r?cid=%s\",\"outlook\":\"https://"
			 "outlook.live.com/calendar/0/addfromweb?url=%s\"}",
			 (int)(n - 1), reply, url, webcal, encoded(rq, webcal), encoded(rq, url)));
}

fault feed_create(struct request *rq)
{
	const struct create_params *p = rq->params;

	return db_write_then(rq, LANE_PUBLIC, SQL_FEED_CREATE, tell_address,
			     PARAMS(hash_of(rq, token_of(rq)), p->label, p->scope, p->of,
				    p_int(rq, p->alarm), p->cancelled, p->time, p->place));
}

fault feed_edit(struct request *rq)
{
	const struct edit_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_FEED_EDIT,
			PARAMS(p->feed, p->label, p->alarm, p->cancelled, p->time, p->place));
}

fault feed_rotate(struct request *rq)
{
	const struct rotate_params *p = rq->params;

	if (p->keep_hours != 0 && p->keep_hours != 24) {
		rq->fault_field = "keep_hours";
		return &fault_bad_request;
	}
	return db_write_then(rq, LANE_PUBLIC, SQL_FEED_ROTATE, tell_address,
			     PARAMS(hash_of(rq, token_of(rq)), p->feed, p_int(rq, p->keep_hours)));
}

fault feed_revoke(struct request *rq)
{
	const struct feed_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_FEED_REVOKE, PARAMS(p->feed));
}

fault feed_list(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_FEED_LIST, NULL, 0);
}

fault feed_export(struct request *rq)
{
	struct feeds_job *job = arena_alloc(rq->arena, sizeof(*job));

	job->conference = rq->caller.conference;
	job->scope = "all";
	job->path = "/schedule.ics";
	job->reply = true;
	rq->params = job;
	return feeds_render(rq);
}

static const struct field create_fields[] = {
    {.name = "label",
     .type = FIELD_TEXT,
     .at = offsetof(struct create_params, label),
     .max = 80,
     .min = 1},
    {.name = "scope",
     .type = FIELD_CHOICE,
     .at = offsetof(struct create_params, scope),
     .choices = "stars|speaking|all|room|track|speaker"},
    {.name = "of",
     .type = FIELD_UUID,
     .at = offsetof(struct create_params, of),
     .flags = FIELD_OPTIONAL},
    {.name = "alarm",
     .type = FIELD_INT,
     .at = offsetof(struct create_params, alarm),
     .flags = FIELD_OPTIONAL,
     .max = 10080},
    {.name = "cancelled",
     .type = FIELD_CHOICE,
     .at = offsetof(struct create_params, cancelled),
     .flags = FIELD_OPTIONAL,
     .choices = "keep|drop"},
    {.name = "time",
     .type = FIELD_CHOICE,
     .at = offsetof(struct create_params, time),
     .flags = FIELD_OPTIONAL,
     .choices = "utc|venue"},
    {.name = "place",
     .type = FIELD_CHOICE,
     .at = offsetof(struct create_params, place),
     .flags = FIELD_OPTIONAL,
     .choices = "room|link"},
    {0},
};
static const struct field edit_fields[] = {
    {.name = "feed", .type = FIELD_UUID, .at = offsetof(struct edit_params, feed)},
    {.name = "label",
     .type = FIELD_TEXT,
     .at = offsetof(struct edit_params, label),
     .flags = FIELD_OPTIONAL,
     .max = 80},
    /* As text: 0 means none, and absent as it is. */
    {.name = "alarm",
     .type = FIELD_JSON,
     .at = offsetof(struct edit_params, alarm),
     .flags = FIELD_OPTIONAL,
     .max = 8},
    {.name = "cancelled",
     .type = FIELD_CHOICE,
     .at = offsetof(struct edit_params, cancelled),
     .flags = FIELD_OPTIONAL,
     .choices = "keep|drop"},
    {.name = "time",
     .type = FIELD_CHOICE,
     .at = offsetof(struct edit_params, time),
     .flags = FIELD_OPTIONAL,
     .choices = "utc|venue"},
    {.name = "place",
     .type = FIELD_CHOICE,
     .at = offsetof(struct edit_params, place),
     .flags = FIELD_OPTIONAL,
     .choices = "room|link"},
    {0},
};
static const struct field rotate_fields[] = {
    {.name = "feed", .type = FIELD_UUID, .at = offsetof(struct rotate_params, feed)},
    {.name = "keep_hours",
     .type = FIELD_INT,
     .at = offsetof(struct rotate_params, keep_hours),
     .flags = FIELD_OPTIONAL,
     .max = 24},
    {0},
};
static const struct field feed_fields[] = {
    {.name = "feed", .type = FIELD_UUID, .at = offsetof(struct feed_params, feed)},
    {0},
};

static const struct method methods[] = {
    {"feed.create", ROLE_ANY_PERSON, METHOD_KEY, create_fields, sizeof(struct create_params),
     feed_create, RATE_WRITE, "A calendar of one's own, at a secret address."},
    {"feed.edit", ROLE_ANY_PERSON, METHOD_KEY, edit_fields, sizeof(struct edit_params), feed_edit,
     RATE_WRITE, "Other options for one's own calendar."},
    {"feed.rotate", ROLE_ANY_PERSON, METHOD_KEY, rotate_fields, sizeof(struct rotate_params),
     feed_rotate, RATE_WRITE, "Another address for one's own calendar."},
    {"feed.revoke", ROLE_ANY_PERSON, METHOD_KEY, feed_fields, sizeof(struct feed_params),
     feed_revoke, RATE_WRITE, "Switches off one's own calendar."},
    {"feed.list", ROLE_ANY_PERSON, 0, NULL, 0, feed_list, RATE_READ,
     "One's own calendars, and who fetched them last."},
    {"feed.export", ROLE_ORGANISER, METHOD_CLI, NULL, 0, feed_export, RATE_READ,
     "The public calendar as a file."},
    {0},
};

static const struct event_type events[] = {{0}};

/* As a file of the static bundle; over HTTP the gateway has its own way with calendars. */
static const struct document documents[] = {
    {"schedule.ics", feed_export, 300000, "cache-control: public, max-age=300\r\n"},
    {0},
};

const struct fault feed_zone = {"feed.zone", FAULT_STATE,
				"Venue time is there for conferences in Europe/Copenhagen only."};
const struct fault feed_limit = {"feed.limit", FAULT_STATE,
				 "You have 50 calendars; switch one off first."};
const struct fault feed_revoked = {"feed.revoked", FAULT_STATE, "This calendar is switched off."};

static const struct db_fault constraints[] = {
    {"feed_label_size", &fault_bad_request},
    {"feed_alarm", &fault_bad_request},
    {"feed_subject", &fault_bad_request},
    {"feed_token_once", &fault_conflict},
    {0},
};

static fault const faults[] = {&feed_zone, &feed_limit, &feed_revoked, NULL};

const struct service feeds_service = {
    .name = "feeds",
    .methods = methods,
    .events = events,
    .documents = documents,
    .constraints = constraints,
    .faults = faults,
};
