/* services/desk: tables and handlers; the rules are in sql/functions/desk. */
#include "services/desk/desk.h"
#include "services/core/token.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	BACKSTAGE = MODERATORS | ROLE_CHAIR,
	CODE_SIZE = 32 /* hexadecimal digits: 128 bits */
};

static const struct fault desk_held = {"desk.held", FAULT_STATE, "Somebody else leads this desk."};
static const struct fault desk_state = {"desk.state", FAULT_STATE,
					"This desk was not offered to you, or cannot be."};
static const struct fault chair_over = {"chair.over", FAULT_STATE,
					"This session is over, or not in the programme."};

struct desk_params {
	const char *session, *to, *note;
	bool leave, decline;
};

struct claim_params {
	const char *question;
	bool value, force;
};

struct message_params {
	const char *message, *session, *audience, *text;
};

struct chair_params {
	const char *session, *name, *station;
};

struct mute_params {
	const char *person, *question, *entry, *how;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field claim_fields[] = {
    {"question", FIELD_UUID, AT(claim_params, question), 0, 0, 0, NULL},
    {"value", FIELD_BOOL, AT(claim_params, value), 0, 0, 0, NULL},
    {"force", FIELD_BOOL, AT(claim_params, force), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field here_fields[] = {
    {"session", FIELD_UUID, AT(desk_params, session), 0, 0, 0, NULL},
    {"leave", FIELD_BOOL, AT(desk_params, leave), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field take_fields[] = {
    {"session", FIELD_UUID, AT(desk_params, session), 0, 0, 0, NULL}, {0}};

static const struct field offer_fields[] = {
    {"session", FIELD_UUID, AT(desk_params, session), 0, 0, 0, NULL},
    {"to", FIELD_UUID, AT(desk_params, to), FIELD_OPTIONAL, 0, 0, NULL},
    {"note", FIELD_TEXT, AT(desk_params, note), FIELD_OPTIONAL, 300, 0, NULL},
    {0}};

static const struct field accept_fields[] = {
    {"session", FIELD_UUID, AT(desk_params, session), 0, 0, 0, NULL},
    {"decline", FIELD_BOOL, AT(desk_params, decline), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field send_fields[] = {
    {"message", FIELD_UUID, AT(message_params, message), 0, 0, 0, NULL},
    {"session", FIELD_UUID, AT(message_params, session), 0, 0, 0, NULL},
    {"audience", FIELD_CHOICE, AT(message_params, audience), 0, 0, 0, "desk|chair|speaker|all"},
    {"text", FIELD_TEXT, AT(message_params, text), 0, 300, 1, NULL},
    {0}};

static const struct field ack_fields[] = {
    {"message", FIELD_UUID, AT(message_params, message), 0, 0, 0, NULL}, {0}};

static const struct field invite_fields[] = {
    {"session", FIELD_UUID, AT(chair_params, session), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(chair_params, name), 0, 80, 1, NULL},
    {0}};

static const struct field revoke_fields[] = {
    {"station", FIELD_UUID, AT(chair_params, station), 0, 0, 0, NULL}, {0}};

static const struct field mute_fields[] = {
    {"person", FIELD_UUID, AT(mute_params, person), FIELD_OPTIONAL, 0, 0, NULL},
    {"question", FIELD_UUID, AT(mute_params, question), FIELD_OPTIONAL, 0, 0, NULL},
    {"entry", FIELD_UUID, AT(mute_params, entry), FIELD_OPTIONAL, 0, 0, NULL},
    {"how", FIELD_CHOICE, AT(mute_params, how), 0, 0, 0, "hard|silent|off"},
    {0}};

static fault qa_claim(struct request *rq)
{
	const struct claim_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_CLAIM,
			PARAMS(p->question, p_bool(p->value), p_bool(p->force)));
}

static fault qa_here(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_HERE, PARAMS(p->session, p_bool(p->leave)));
}

static fault desk_take(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_TAKE, PARAMS(p->session));
}

static fault desk_offer(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_OFFER, PARAMS(p->session, p->to, p->note));
}

static fault desk_accept(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_ACCEPT, PARAMS(p->session, p_bool(p->decline)));
}

static fault desk_list(struct request *rq)
{
	return db_read(rq, LANE_MODERATE, SQL_DESK_LIST, NULL, 0);
}

static fault backstage_send(struct request *rq)
{
	const struct message_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_SEND,
			PARAMS(p->message, p->session, p->audience, p->text));
}

static fault backstage_ack(struct request *rq)
{
	const struct message_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_ACK, PARAMS(p->message));
}

static fault invited(struct request *rq, const struct rows *rows)
{
	return request_reply(rq, arena_printf(rq->arena, "{\"code\":\"%s\",%s",
					      (const char *)rq->params,
					      rows_text(rows, 0, "reply") + 1));
}

/* A repeat of the call must give the same code, and no code is stored: so it comes out of the
 * call's own key. */
static fault chair_invite(struct request *rq)
{
	const struct chair_params *p = rq->params;
	const char *actor = caller_actor(&rq->caller);
	const char *made = code_hash(
	    rq->arena, "chair code",
	    arena_printf(rq->arena, "%s:%s:%s", rq->caller.conference, actor != NULL ? actor : "",
			 rq->key != NULL ? rq->key : random_uuid(rq->arena)));
	const char *code = arena_strndup(rq->arena, made + 2, CODE_SIZE);

	rq->params = (void *)code;
	return db_write_then(rq, LANE_MODERATE, SQL_DESK_CHAIR_INVITE, invited,
			     PARAMS(p->session, p->name, code_hash(rq->arena, "chair", code)));
}

static fault chair_revoke(struct request *rq)
{
	const struct chair_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DESK_CHAIR_REVOKE, PARAMS(p->station));
}

static fault person_mute(struct request *rq)
{
	const struct mute_params *p = rq->params;

	if ((p->person != NULL) + (p->question != NULL) + (p->entry != NULL) != 1) {
		rq->fault_field = "person";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_MODERATE, SQL_DESK_MUTE,
			PARAMS(p->person, p->question, p->entry, p->how));
}

#define SIZE(type) sizeof(struct type)

static const struct method methods[] = {
    {"qa.claim", MODERATORS, METHOD_OWN_ID, claim_fields, SIZE(claim_params), qa_claim, RATE_WRITE,
     "Says that one is on a question, for 30 seconds."},
    {"qa.here", MODERATORS, METHOD_OWN_ID, here_fields, SIZE(desk_params), qa_here, RATE_WRITE,
     "Says that one has a session's desk open."},
    {"desk.list", MODERATORS, 0, NULL, 0, desk_list, RATE_READ,
     "The desks that have something waiting or somebody there."},
    {"desk.take", MODERATORS, METHOD_KEY, take_fields, SIZE(desk_params), desk_take, RATE_WRITE,
     "Leads a session's desk from now on."},
    {"desk.offer", MODERATORS, METHOD_KEY, offer_fields, SIZE(desk_params), desk_offer, RATE_WRITE,
     "Offers the desk to somebody else."},
    {"desk.accept", MODERATORS, METHOD_KEY, accept_fields, SIZE(desk_params), desk_accept,
     RATE_WRITE, "Takes over a desk that was offered, with what the other was on."},
    {"backstage.send", BACKSTAGE, METHOD_OWN_ID, send_fields, SIZE(message_params), backstage_send,
     RATE_WRITE, "A word to those who run a session, to be acknowledged."},
    {"backstage.ack", BACKSTAGE | ROLE_ANY_PERSON, METHOD_OWN_ID, ack_fields, SIZE(message_params),
     backstage_ack, RATE_WRITE, "Says that a message has been read."},
    {"chair.invite", MODERATORS, METHOD_KEY, invite_fields, SIZE(chair_params), chair_invite,
     RATE_WRITE, "A code that makes a phone the chair's of one session, once."},
    {"chair.revoke", MODERATORS, METHOD_KEY, revoke_fields, SIZE(chair_params), chair_revoke,
     RATE_WRITE, "Sends a chair's phone away; its socket is closed."},
    {"person.mute", MODERATORS, METHOD_KEY, mute_fields, SIZE(mute_params), person_mute, RATE_WRITE,
     "Silences somebody, told or not, or lets them speak again."},
    {0}};

static const struct event_type events[] = {
    {"claim.changed", "talk:mod", "Somebody is on a question, or nobody any more."},
    {"moderator.changed", "desk", "Somebody has come to the desk or left it."},
    {"desk.changed", "desk", "Who leads the desk, and to whom it is offered."},
    {"desk.waiting", "desk person", "Questions wait and nobody moderates."},
    {"desk.settled", "desk person", "They do not any more."},
    {"backstage.sent", "desk chair person", "A word to those who run the session."},
    {"backstage.acked", "desk chair person", "It has been read."},
    {"chair.changed", "desk", "The chairs' phones of the session."},
    {"person.muted", "person", "One may not ask or vote, or may again."},
    {0}};

static const struct channel_kind channels[] = {
    {"desk", NULL, MODERATORS, SCOPE_ASKED, SQL_DESK_SNAPSHOT, false, NULL, SQL_DESK_MAY},
    {"chair", NULL, BACKSTAGE, SCOPE_ASKED, SQL_DESK_CHAIR_SNAPSHOT, false, NULL, SQL_DESK_MAY},
    {0}};

static const struct db_fault constraints[] = {{"backstage_key", &fault_key_reused},
					      {"chair_invite_key", &fault_busy},
					      {"mute_person_once", &fault_busy},
					      {"mute_pseudonym_once", &fault_busy},
					      {NULL, NULL}};

static fault const faults[] = {&desk_held, &desk_state, &chair_over, NULL};

const struct service desk_service = {
    .name = "desk",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
