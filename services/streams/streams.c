/* services/streams: tables and handlers; the rules are in sql/functions/streams and in constraints.
 */
#include "services/streams/streams.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	STAFF = ROLE_MODERATOR | ROLE_DESK | ROLE_ORGANISER,
	WATCHERS = ROLE_ATTENDEE | ROLE_SPEAKER | STAFF,
	LISTENERS = WATCHERS | ROLE_KIOSK,
	URL_MAX = 400
};

static const struct fault stream_host = {"stream.host", FAULT_CALLER,
					 "This host is not on the conference's list."};
static const struct fault stream_url = {
    "stream.url", FAULT_CALLER,
    "An address begins with https:// and holds no blanks, quotes or control characters."};

struct set_params {
	const char *stream, *room, *kind, *url, *label, *language, *starts, *ends, *audio_url,
	    *captions_url;
	int64_t latency_ms, expect_version;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field set_fields[] = {
    {"stream", FIELD_UUID, AT(set_params, stream), 0, 0, 0, NULL},
    {"room", FIELD_UUID, AT(set_params, room), 0, 0, 0, NULL},
    {"kind", FIELD_CHOICE, AT(set_params, kind), 0, 0, 0, "hls|embed|link"},
    {"url", FIELD_RAW, AT(set_params, url), 0, URL_MAX, 1, NULL},
    {"label", FIELD_TEXT, AT(set_params, label), FIELD_OPTIONAL, 80, 0, NULL},
    {"language", FIELD_RAW, AT(set_params, language), FIELD_OPTIONAL, 35, 0, NULL},
    {"latency_ms", FIELD_INT, AT(set_params, latency_ms), FIELD_OPTIONAL, 600000, 0, NULL},
    {"starts", FIELD_WHEN, AT(set_params, starts), FIELD_OPTIONAL, 0, 0, NULL},
    {"ends", FIELD_WHEN, AT(set_params, ends), FIELD_OPTIONAL, 0, 0, NULL},
    {"audio_url", FIELD_RAW, AT(set_params, audio_url), FIELD_OPTIONAL, URL_MAX, 1, NULL},
    {"captions_url", FIELD_RAW, AT(set_params, captions_url), FIELD_OPTIONAL, URL_MAX, 1, NULL},
    {"expect_version", FIELD_INT, AT(set_params, expect_version), FIELD_OPTIONAL, INT32_MAX, 1,
     NULL},
    {0}};

static const struct field remove_fields[] = {
    {"stream", FIELD_UUID, AT(set_params, stream), 0, 0, 0, NULL},
    {"expect_version", FIELD_INT, AT(set_params, expect_version), 0, INT32_MAX, 1, NULL},
    {0}};

struct live_params {
	const char *room, *stream, *slot, *text, *back_at;
	bool hold;
};

static const struct field switch_fields[] = {
    {"room", FIELD_UUID, AT(live_params, room), 0, 0, 0, NULL},
    {"stream", FIELD_UUID, AT(live_params, stream), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field hold_fields[] = {
    {"room", FIELD_UUID, AT(live_params, room), 0, 0, 0, NULL},
    {"hold", FIELD_BOOL, AT(live_params, hold), 0, 0, 0, NULL},
    {"text", FIELD_JSON, AT(live_params, text), FIELD_OPTIONAL, 4000, 0, NULL},
    {"back_at", FIELD_WHEN, AT(live_params, back_at), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field get_fields[] = {
    {"room", FIELD_UUID, AT(live_params, room), 0, 0, 0, NULL}, {0}};
static const struct field join_fields[] = {
    {"slot", FIELD_UUID, AT(live_params, slot), 0, 0, 0, NULL}, {0}};

struct lists_params {
	const char *embed, *media, *slug;
};

static const struct field hosts_fields[] = {
    {"embed", FIELD_JSON, AT(lists_params, embed), FIELD_OPTIONAL, 6000, 0, NULL},
    {"media", FIELD_JSON, AT(lists_params, media), FIELD_OPTIONAL, 6000, 0, NULL},
    {0}};
static const struct field policy_fields[] = {
    {"slug", FIELD_RAW, AT(lists_params, slug), 0, 48, 0, NULL}, {0}};

struct caption_params {
	const char *room, *text, *language, *at;
};

static const struct field caption_fields[] = {
    {"room", FIELD_UUID, AT(caption_params, room), 0, 0, 0, NULL},
    {"text", FIELD_TEXT, AT(caption_params, text), 0, 500, 1, NULL},
    {"language", FIELD_TEXT, AT(caption_params, language), FIELD_OPTIONAL, 16, 0, NULL},
    {"at", FIELD_INSTANT, AT(caption_params, at), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

struct player_params {
	const char *room, *state, *stream;
	int64_t notice;
	bool value;
};

static const struct field report_fields[] = {
    {"room", FIELD_UUID, AT(player_params, room), 0, 0, 0, NULL},
    {"state", FIELD_CHOICE, AT(player_params, state), 0, 0, 0, "joined|playing|stalled|left"},
    {"stream", FIELD_UUID, AT(player_params, stream), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field consent_fields[] = {
    {"value", FIELD_BOOL, AT(player_params, value), 0, 0, 0, NULL},
    {"notice", FIELD_INT, AT(player_params, notice), FIELD_OPTIONAL, INT32_MAX, 1, NULL},
    {0}};

static fault stream_set(struct request *rq)
{
	const struct set_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_STREAM_SET,
			PARAMS(p->stream, p->room, p->kind, p->url, p->label, p->language,
			       p_int(rq, p->latency_ms), p->starts, p->ends, p->audio_url,
			       p->captions_url,
			       p->expect_version > 0 ? p_int(rq, p->expect_version) : NULL));
}

static fault stream_remove(struct request *rq)
{
	const struct set_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_STREAM_REMOVE,
			PARAMS(p->stream, p_int(rq, p->expect_version)));
}

static fault stream_switch(struct request *rq)
{
	const struct live_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_STREAM_SWITCH, PARAMS(p->room, p->stream));
}

static fault stream_hold(struct request *rq)
{
	const struct live_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_STREAM_HOLD,
			PARAMS(p->room, p_bool(p->hold), p->text, p->back_at));
}

static fault stream_get(struct request *rq)
{
	const struct live_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_STREAM_GET, PARAMS(p->room));
}

static fault stream_join(struct request *rq)
{
	const struct live_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_STREAM_JOIN, PARAMS(p->slot));
}

static fault stream_hosts(struct request *rq)
{
	const struct lists_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_STREAM_HOSTS, PARAMS(p->embed, p->media));
}

static fault policy_read(struct request *rq, const struct rows *rows)
{
	if (rows_count(rows) == 0)
		return &fault_not_found;
	return request_reply(rq, arena_strdup(rq->arena, rows_text(rows, 0, "reply")));
}

static fault stream_policy(struct request *rq)
{
	const struct lists_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_STREAM_POLICY, policy_read, PARAMS(p->slug));
}

static fault stream_plan(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_STREAM_PLAN, NULL, 0);
}

static fault caption_add(struct request *rq)
{
	const struct caption_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_CAPTION_ADD,
			PARAMS(p->room, p->text, p->language, p->at));
}

static fault player_report(struct request *rq)
{
	const struct player_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_PLAYER_REPORT, PARAMS(p->room, p->state, p->stream));
}

static fault presence_consent(struct request *rq)
{
	const struct player_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_PRESENCE_CONSENT,
			PARAMS(p_bool(p->value), p_int(rq, p->notice)));
}

static fault presence_get(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_PRESENCE_GET, NULL, 0);
}

static fault presence_export(struct request *rq)
{
	return db_read(rq, LANE_SLOW, SQL_PRESENCE_EXPORT, NULL, 0);
}

#define LIVE sizeof(struct live_params)
static const struct method methods[] = {
    {"stream.set", STAFF, METHOD_KEY, set_fields, sizeof(struct set_params), stream_set, RATE_WRITE,
     "Makes or changes an entry of a room's virtual side."},
    {"stream.remove", STAFF, METHOD_KEY, remove_fields, sizeof(struct set_params), stream_remove,
     RATE_WRITE, "Takes an entry away."},
    {"stream.switch", STAFF, METHOD_KEY, switch_fields, LIVE, stream_switch, RATE_WRITE,
     "This entry plays now, whatever the clock says; null: the clock says again."},
    {"stream.hold", STAFF, METHOD_KEY, hold_fields, LIVE, stream_hold, RATE_WRITE,
     "Every player stops and says why and until when, or goes on."},
    {"stream.get", WATCHERS, 0, get_fields, LIVE, stream_get, RATE_READ,
     "A room's entries with all their addresses."},
    {"stream.join", WATCHERS, 0, join_fields, LIVE, stream_join, RATE_READ,
     "Where one slot can be watched now."},
    {"stream.hosts", ROLE_ORGANISER, METHOD_KEY, hosts_fields, sizeof(struct lists_params),
     stream_hosts, RATE_WRITE, "Which hosts the attendees' page may embed and play from."},
    {"stream.policy", ROLE_EVERYONE, METHOD_AUTH, policy_fields, sizeof(struct lists_params),
     stream_policy, RATE_READ, "What the page's policy is made of."},
    {"stream.plan", ROLE_ORGANISER, METHOD_CLI, NULL, 0, stream_plan, RATE_READ,
     "What the uplink is computed from."},
    {"caption.add", STAFF, METHOD_KEY, caption_fields, sizeof(struct caption_params), caption_add,
     RATE_WRITE, "One line of live captions."},
    {"player.report", WATCHERS, METHOD_OWN_ID, report_fields, sizeof(struct player_params),
     player_report, RATE_VOTE, "How one's player stands."},
    {"presence.consent", WATCHERS, METHOD_KEY, consent_fields, sizeof(struct player_params),
     presence_consent, RATE_WRITE, "Whether one's attendance is kept."},
    {"presence.get", WATCHERS, 0, NULL, 0, presence_get, RATE_READ,
     "One's own attendance, as far as it is kept."},
    {"presence.export", ROLE_ORGANISER, METHOD_CLI, NULL, 0, presence_export, RATE_READ,
     "Attendance of those who agreed, as CSV."},
    {0}};

static const struct event_type events[] = {
    {"stream.changed", "room", "What plays in a room, or why nothing does: as stream.get."},
    {"caption.added", "captions", "A line of live captions: {text, language, at}."},
    {0}};

static const struct channel_kind channels[] = {
    {"room", "mod", STAFF, SCOPE_ID, SQL_STREAM_MOD_SNAPSHOT, true, NULL, SQL_NONE},
    {"captions", NULL, LISTENERS, SCOPE_ID, SQL_CAPTION_SNAPSHOT, false, NULL, SQL_NONE},
    {0}};

static const struct db_fault constraints[] = {{"stream_url", &stream_url},
					      {"stream_audio_url", &stream_url},
					      {"stream_captions_url", &stream_url},
					      {"stream_url_size", &fault_size},
					      {"stream_label_size", &fault_size},
					      {"stream_window", &fault_bad_request},
					      {"stream_language", &fault_bad_request},
					      {"stream_sides", &fault_bad_request},
					      {"stream_host_form", &stream_host},
					      {"player_person", &fault_denied},
					      {"presence_consent_person", &fault_denied},
					      {0}};

static fault const faults[] = {&stream_host, &stream_url, NULL};

const struct service streams_service = {
    .name = "streams",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
