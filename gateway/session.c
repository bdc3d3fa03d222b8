/* gateway: sessions. */
#include "gateway/session.h"
#include "gateway/channel.h"
#include "gateway/dispatch.h"
#include "gateway/document.h"
#include "gateway/heartbeat.h"
#include "gateway/rpc.h"
#include "services/core/clock.h"
#include "services/core/json.h"
#include "services/core/log.h"
#include "services/core/token.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PING_S = 25, PING_KIOSK_S = 10 };

struct lookup {
	session_found_fn *done;
	void *data;
	struct token token; /* of by_token */
	bool by_token;
};

static void copy_text(char *to, size_t room, const json_t *caller, const char *name)
{
	const char *value = json_string_value(json_object_get(caller, name));

	if (value != NULL && strlen(value) < room)
		memcpy(to, value, strlen(value) + 1);
}

static struct caller read_caller(const json_t *json)
{
	struct caller who = {.roles = 0};
	const json_t *role;
	size_t i;

	copy_text(who.conference, UUID_SIZE, json, "conference");
	copy_text(who.login, UUID_SIZE, json, "login");
	copy_text(who.person, UUID_SIZE, json, "person");
	copy_text(who.station, UUID_SIZE, json, "station");
	copy_text(who.list, UUID_SIZE, json, "list");
	copy_text(who.room, UUID_SIZE, json, "room");
	copy_text(who.mode, MODE_SIZE, json, "mode");
	json_array_foreach(json_object_get(json, "roles"), i, role) who.roles |=
	    role_of(json_string_value(role) != NULL ? json_string_value(role) : "");
	return who;
}

static int64_t read_instant(const char *text)
{
	struct tm t = {0};

	if (text == NULL || strptime(text, "%Y-%m-%dT%H:%M:%S", &t) == NULL)
		return 0;
	return (int64_t)timegm(&t);
}

static void found(struct request *rq)
{
	struct lookup *lookup = rq->end_data;
	fault f = rq->fault;
	json_t *json = f == OK ? json_loadb(rq->result, rq->result_size, 0, NULL) : NULL;

	if (f == OK && json == NULL)
		f = &fault_internal;
	/* A login that is not there any more is a session that has ended. */
	if (f != OK && f->kind == FAULT_CALLER)
		f = &fault_auth_expired;
	if (f == OK) {
		struct caller who = read_caller(json_object_get(json, "caller"));
		int64_t expires = read_instant(json_string_value(json_object_get(json, "expires")));
		char *text = json_dumps(json_object_get(json, "public"), JSON_COMPACT);

		if (lookup->by_token && strcmp(who.conference, lookup->token.conference) != 0)
			lookup->done(&fault_auth_required, NULL, 0, NULL, lookup->data);
		else
			lookup->done(OK, &who, expires, text, lookup->data);
		free(text);
	} else {
		lookup->done(f, NULL, 0, NULL, lookup->data);
	}
	json_decref(json);
	free(lookup);
	request_destroy(rq);
}

static void look_up(const char *method, json_t *params, struct lookup lookup)
{
	struct request *rq = request_create(1 << 18);
	struct lookup *kept = xcalloc(1, sizeof(*kept));

	*kept = lookup;
	rq->end = found;
	rq->end_data = kept;
	if (lookup.by_token)
		memcpy(rq->caller.conference, lookup.token.conference, UUID_SIZE);
	dispatch(rq, method, params, VIA_AUTH);
	json_decref(params);
}

void session_by_ticket(const char *ticket, session_found_fn *done, void *data)
{
	look_up("session.by_ticket", json_pack("{s:s}", "ticket", ticket),
		(struct lookup){.done = done, .data = data});
}

void session_by_guest(const char *slug, session_found_fn *done, void *data)
{
	look_up("session.by_guest", json_pack("{s:s}", "slug", slug),
		(struct lookup){.done = done, .data = data});
}

void session_by_token(const char *token, session_found_fn *done, void *data)
{
	static const char *const kinds[TOKEN_KINDS] = {"session", "device", "script"};
	struct lookup lookup = {.done = done, .data = data, .by_token = true};
	fault f = token_verify(token, clock_unix(), &lookup.token);

	if (f != OK) {
		done(f, NULL, 0, NULL, data);
		return;
	}
	look_up(
	    "session.by_login",
	    json_pack("{s:s,s:s}", "login", lookup.token.login, "kind", kinds[lookup.token.kind]),
	    lookup);
}

struct opening {
	uint64_t conn;
	char *id;
};

static void opened(fault f, const struct caller *who, int64_t expires, const char *public_json,
		   void *data)
{
	struct opening *opening = data;
	struct conn *c = conn_find(opening->conn);

	if (c != NULL && c->state == CONN_OPENING) {
		c->session_busy = false;
		if (f != OK) {
			rpc_fault(c, opening->id, f);
			conn_close(c,
				   f == &fault_auth_expired ? 4450
				   : f->kind == FAULT_BUSY  ? 4500
							    : 4401,
				   f->code);
		} else {
			struct buffer b = {0};

			c->caller = xcalloc(1, sizeof(*c->caller));
			*c->caller = *who;
			c->expires = expires;
			c->state = CONN_OPEN;
			c->ping_s = who->roles & ROLE_STATION ? PING_KIOSK_S : PING_S;
			heartbeat_add(c);
			/* public is an object with members: the gateway's own go to its end. */
			buffer_add(&b, public_json, strlen(public_json) - 1);
			buffer_printf(&b, ",\"epoch\":\"%s\",\"ping\":%u}", channels_epoch(),
				      (unsigned)c->ping_s);
			rpc_result(c, opening->id, b.bytes, b.size);
			buffer_finish(&b);
		}
	}
	free(opening->id);
	free(opening);
}

void session_open(struct conn *c, const char *id, const json_t *params)
{
	const char *ticket = json_string_value(json_object_get(params, "ticket"));
	const char *token = json_string_value(json_object_get(params, "token"));
	const char *guest = json_string_value(json_object_get(params, "guest"));
	struct opening *opening;

	if (c->session_busy || (ticket != NULL) + (token != NULL) + (guest != NULL) != 1) {
		rpc_fault(c, id, &fault_bad_request);
		conn_close(c, 4401, "session.open");
		return;
	}
	opening = xcalloc(1, sizeof(*opening));
	opening->conn = c->id;
	opening->id = xstrdup(id);
	c->session_busy = true;
	if (ticket != NULL)
		session_by_ticket(ticket, opened, opening);
	else if (token != NULL)
		session_by_token(token, opened, opening);
	else
		session_by_guest(guest, opened, opening);
}

/* A change of role or mode: the session is looked at again, and what it may no longer hear is taken
 * away.
 */

/* One channel that the database decides on, while it does. */
struct doubt {
	uint64_t conn;
	struct channel *channel; /* held */
};

/* Refused or unknown: the page starts that channel over, and is told there. */
static void doubt_ended(struct request *rq)
{
	struct doubt *doubt = rq->end_data;
	struct conn *c = conn_find(doubt->conn);
	struct sub *sub = c != NULL ? channel_sub_of(c, doubt->channel) : NULL;

	if (rq->fault != OK && sub != NULL && !sub->joining)
		channel_resync(sub);
	doubt->channel->holds--;
	free(doubt);
	request_destroy(rq);
}

static void drop_forbidden(struct conn *c)
{
	for (int i = c->subs_n - 1; i >= 0 && i < c->subs_n; i--) {
		struct channel *ch = c->subs[i]->channel;

		if (ch->kind != NULL && !channel_may_hear(c->caller, ch->kind, ch->subject)) {
			channel_leave(c->subs[i]);
		} else if (ch->kind != NULL && ch->kind->scope == SCOPE_ASKED) {
			struct doubt *doubt = xcalloc(1, sizeof(*doubt));

			*doubt = (struct doubt){.conn = c->id, .channel = ch};
			ch->holds++;
			channel_ask(c->caller, ch, doubt_ended, doubt);
		}
	}
}

static void rechecked(fault f, const struct caller *who, int64_t expires, const char *public_json,
		      void *data)
{
	uint64_t *id = data;
	struct conn *c = conn_find(*id);

	(void)public_json;
	free(id);
	if (c == NULL || c->caller == NULL || c->state == CONN_CLOSING)
		return;
	if (f != OK && f->kind != FAULT_DENIED)
		return;
	if (f != OK) {
		conn_close(c, 4451, "session ended");
		return;
	}
	*c->caller = *who;
	c->expires = expires;
	drop_forbidden(c);
	rpc_session_changed(c);
}

struct change {
	const char *conference, *person, *login;
};

static void recheck_one(struct conn *c, void *data)
{
	const struct change *change = data;
	struct lookup lookup = {.done = rechecked, .by_token = true};
	uint64_t *id;

	if (c->caller == NULL || strcmp(c->caller->conference, change->conference) != 0)
		return;
	if (change->login != NULL && strcmp(c->caller->login, change->login) == 0)
		conn_close(c, 4451, "session ended");
	if (change->person == NULL || strcmp(c->caller->person, change->person) != 0 ||
	    c->caller->login[0] == 0)
		return;
	id = xcalloc(1, sizeof(*id));
	*id = c->id;
	lookup.data = id;
	memcpy(lookup.token.conference, change->conference, UUID_SIZE);
	look_up("session.by_login", json_pack("{s:s}", "login", c->caller->login), lookup);
}

void session_worker_event(const char *conference, const char *type, const char *data, size_t size)
{
	json_t *json = json_loadb(data, size, 0, NULL);
	struct change change = {.conference = conference,
				.person = json_string_value(json_object_get(json, "person")),
				.login = json_string_value(json_object_get(json, "login"))};

	if (strcmp(type, "clock.changed") == 0)
		document_forget(conference);
	else if (change.person != NULL || change.login != NULL)
		conn_each(recheck_one, &change);
	json_decref(json);
}
