/* gateway: rpc.discover. */
#include "gateway/discover.h"
#include "services/core/json.h"
#include "services/core/service.h"

#include <string.h>

static const char *const field_types[] = {
    [FIELD_UUID] = "\"type\":\"string\",\"format\":\"uuid\"",
    [FIELD_TEXT] = "\"type\":\"string\"",
    [FIELD_LINES] = "\"type\":\"string\"",
    [FIELD_RAW] = "\"type\":\"string\"",
    [FIELD_EMAIL] = "\"type\":\"string\",\"format\":\"email\"",
    [FIELD_INT] = "\"type\":\"integer\"",
    [FIELD_BOOL] = "\"type\":\"boolean\"",
    [FIELD_INSTANT] = "\"type\":\"string\",\"format\":\"date-time\"",
    [FIELD_WHEN] = "\"type\":\"string\"",
    [FIELD_CHOICE] = "\"type\":\"string\"",
    [FIELD_JSON] = "\"description\":\"any JSON\"",
};

static const char *const own_methods[] = {"session.open",	 "session.close",
					  "rpc.discover",	 "channel.subscribe",
					  "channel.unsubscribe", "pong"};

static void add_choices(struct buffer *b, const char *choices)
{
	buffer_text(b, ",\"enum\":[");
	for (const char *s = choices; *s != 0;) {
		size_t n = strcspn(s, "|");

		buffer_printf(b, "%s\"%.*s\"", s > choices ? "," : "", (int)n, s);
		s += n + (s[n] == '|');
	}
	buffer_text(b, "]");
}

static void add_param(struct buffer *b, const struct field *f, bool first)
{
	buffer_printf(b, "%s{\"name\":\"%s\",\"required\":%s,\"schema\":{%s", first ? "" : ",",
		      f->name, f->flags & FIELD_OPTIONAL ? "false" : "true", field_types[f->type]);
	if (f->max > 0 && f->type != FIELD_INT && f->type != FIELD_JSON)
		buffer_printf(b, ",\"maxLength\":%lld", (long long)f->max);
	if (f->type == FIELD_CHOICE)
		add_choices(b, f->choices);
	buffer_text(b, "}}");
}

static void add_method(struct buffer *b, const struct method *m)
{
	static const char *const roles[] = {
	    "guest", "attendee", "speaker", "moderator", "desk",  "kiosk", "reviewer", "organiser",
	    "juror", "chair",	 "gate",    "door_desk", "print", "board", "applicant"};
	bool first = true;

	buffer_printf(b, ",{\"name\":\"%s\",\"summary\":", m->name);
	buffer_json(b, m->summary != NULL ? m->summary : "");
	buffer_text(b, ",\"paramStructure\":\"by-name\",\"params\":[");
	for (const struct field *f = m->fields; f != NULL && f->type != FIELD_END; f++) {
		add_param(b, f, first);
		first = false;
	}
	if (m->flags & METHOD_KEY)
		buffer_printf(b, "%s{\"name\":\"key\",\"required\":true,\"schema\":{%s}}",
			      first ? "" : ",", field_types[FIELD_UUID]);
	buffer_text(
	    b, "],\"result\":{\"name\":\"result\",\"schema\":{\"type\":\"object\"}},\"x-roles\":[");
	first = true;
	for (unsigned i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (m->roles & role_of(roles[i])) {
			buffer_printf(b, "%s\"%s\"", first ? "" : ",", roles[i]);
			first = false;
		}
	}
	buffer_text(b, "]}");
}

static void add_events(struct buffer *b)
{
	bool first = true;

	buffer_text(b, "],\"x-events\":[");
	for (int i = 0; services[i] != NULL; i++) {
		for (const struct event_type *e = services[i]->events; e != NULL && e->type != NULL;
		     e++) {
			buffer_printf(b, "%s{\"type\":\"%s\",\"channel\":\"%s\",\"summary\":",
				      first ? "" : ",", e->type, e->channel);
			buffer_json(b, e->summary != NULL ? e->summary : "");
			buffer_text(b, "}");
			first = false;
		}
	}
	buffer_text(b, "]}");
}

const char *discover_json(void)
{
	static struct buffer b;

	if (b.size > 0)
		return b.bytes;
	buffer_text(&b, "{\"openrpc\":\"1.2.6\",\"info\":{\"title\":\"Plenum\",\"version\":"
			"\"plenum.v1\"},\"methods\":[");
	for (size_t i = 0; i < sizeof(own_methods) / sizeof(own_methods[0]); i++)
		buffer_printf(&b,
			      "%s{\"name\":\"%s\",\"params\":[],\"result\":{\"name\":\"result\","
			      "\"schema\":{\"type\":"
			      "\"object\"}},\"x-roles\":[\"guest\"]}",
			      i > 0 ? "," : "", own_methods[i]);
	for (int i = 0; services[i] != NULL; i++)
		for (const struct method *m = services[i]->methods; m->name != NULL; m++)
			if (!(m->flags & (METHOD_AUTH | METHOD_CLI | METHOD_FILE)))
				add_method(&b, m);
	add_events(&b);
	return b.bytes;
}
