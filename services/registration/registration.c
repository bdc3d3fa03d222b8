/* services/registration: the tables of the service. */
#include "services/registration/registration.h"
#include "services/registration/parts.h"

#include <stddef.h>
#include <stdint.h>

static const struct fault registration_closed = {"registration.closed", FAULT_STATE,
						 "Registration is not open."};
static const struct fault registration_registered = {"registration.registered", FAULT_STATE,
						     "They are registered already."};
static const struct fault registration_decided = {
    "registration.decided", FAULT_STATE, "What was asked has been answered: see your page."};
static const struct fault registration_nights = {
    "registration.nights", FAULT_STATE,
    "More nights than are covered, or too far from the conference."};
static const struct fault registration_beds = {"registration.beds", FAULT_STATE,
					       "Every bed of one of these nights is taken."};
static const struct fault registration_consent = {
    "registration.consent", FAULT_STATE,
    "What tells of somebody's health is kept only with their consent."};
static const struct fault registration_offered = {
    "registration.offered", FAULT_STATE, "A place is on offer to you: take it or let it pass."};
static const struct fault invitation_expired = {"invitation.expired", FAULT_STATE,
						"That invitation has run out."};
static const struct fault invitation_state = {"invitation.state", FAULT_STATE,
					      "That invitation has been answered."};
static const struct fault person_address = {"person.address", FAULT_STATE,
					    "That address is somebody else's: merge the two."};
static const struct fault person_self = {
    "person.self", FAULT_STATE, "Nobody is merged with themselves, or away while signed in."};

#define OWN(member)   offsetof(struct own_params, member)
#define STAFF(member) offsetof(struct staff_params, member)
#define SET(member)   offsetof(struct settings_params, member)
#define P(member)     offsetof(struct person_params, member)

#define MODES "on_site|online"
#define WHATS "keynote|panel|chair|talk|poster|open"

enum { ANSWERS_MAX = 8000, COVERS_MAX = 2000 };

static const struct field accept_fields[] = {
    {"invitation", FIELD_UUID, OWN(invitation), 0, 0, 0, NULL},
    {"mode", FIELD_CHOICE, OWN(mode), FIELD_OPTIONAL, 0, 0, MODES},
    {"answers", FIELD_JSON, OWN(answers), FIELD_OPTIONAL, ANSWERS_MAX, 0, NULL},
    {0}};
static const struct field decline_fields[] = {
    {"invitation", FIELD_UUID, OWN(invitation), 0, 0, 0, NULL}, {0}};
static const struct field open_fields[] = {
    {"mode", FIELD_CHOICE, OWN(mode), 0, 0, 0, MODES},
    {"text", FIELD_LINES, OWN(text), FIELD_OPTIONAL, 2000, 0, NULL},
    {"answers", FIELD_JSON, OWN(answers), FIELD_OPTIONAL, ANSWERS_MAX, 0, NULL},
    {0}};
static const struct field answer_fields[] = {
    {"answers", FIELD_JSON, OWN(answers), 0, ANSWERS_MAX, 0, NULL}, {0}};
static const struct field cancel_fields[] = {
    {"person", FIELD_UUID, OWN(person), FIELD_OPTIONAL, 0, 0, NULL}, {0}};
static const struct field substitute_fields[] = {
    {"person", FIELD_UUID, OWN(person), FIELD_OPTIONAL, 0, 0, NULL},
    {"email", FIELD_EMAIL, OWN(email), 0, 254, 0, NULL},
    {"name", FIELD_TEXT, OWN(name), 0, 200, 1, NULL},
    {0}};
static const struct field waiting_fields[] = {{"mode", FIELD_CHOICE, OWN(mode), 0, 0, 0, MODES},
					      {0}};

static const struct field send_fields[] = {
    {"email", FIELD_EMAIL, STAFF(email), 0, 254, 0, NULL},
    {"name", FIELD_TEXT, STAFF(name), 0, 200, 1, NULL},
    {"what", FIELD_CHOICE, STAFF(what), 0, 0, 0, WHATS},
    {"mode", FIELD_CHOICE, STAFF(mode), 0, 0, 0, MODES},
    {"expires", FIELD_INSTANT, STAFF(expires), FIELD_OPTIONAL, 0, 0, NULL},
    {"session", FIELD_UUID, STAFF(session), FIELD_OPTIONAL, 0, 0, NULL},
    {"language", FIELD_CHOICE, STAFF(language), FIELD_OPTIONAL, 0, 0, "en|da"},
    {0}};
static const struct field withdraw_fields[] = {
    {"invitation", FIELD_UUID, STAFF(invitation), 0, 0, 0, NULL}, {0}};
static const struct field decide_fields[] = {
    {"person", FIELD_UUID, STAFF(person), 0, 0, 0, NULL},
    {"verdict", FIELD_CHOICE, STAFF(verdict), 0, 0, 0, "accept|refuse"},
    {"reason", FIELD_LINES, STAFF(reason), FIELD_OPTIONAL, 1000, 0, NULL},
    {0}};
static const struct field save_fields[] = {
    {"open", FIELD_CHOICE, SET(open), 0, 0, 0, "closed|approval|open"},
    {"seats", FIELD_INT, SET(seats), FIELD_OPTIONAL | FIELD_AS_TEXT, INT32_MAX, 1, NULL},
    {"seats_online", FIELD_INT, SET(seats_online), FIELD_OPTIONAL | FIELD_AS_TEXT, INT32_MAX, 1,
     NULL},
    {"beds", FIELD_INT, SET(beds), FIELD_OPTIONAL | FIELD_AS_TEXT, INT32_MAX, 1, NULL},
    {"invite_days", FIELD_INT, SET(invite_days), FIELD_AS_TEXT, 120, 1, NULL},
    {"offer_hours", FIELD_INT, SET(offer_hours), FIELD_AS_TEXT, 336, 1, NULL},
    {"questions", FIELD_JSON, SET(questions), 0, 200, 0, NULL},
    {"covers", FIELD_JSON, SET(covers), 0, COVERS_MAX, 0, NULL},
    {"expect_version", FIELD_INT, SET(expect_version), FIELD_AS_TEXT, INT32_MAX, 0, NULL},
    {0}};

static const struct field list_fields[] = {
    {"text", FIELD_TEXT, P(text), FIELD_OPTIONAL, 100, 0, NULL},
    {"state", FIELD_CHOICE, P(state), FIELD_OPTIONAL, 0, 0,
     "registered|waiting|invited|asked|cancelled|none"},
    {"mode", FIELD_CHOICE, P(mode), FIELD_OPTIONAL, 0, 0, MODES},
    {"skip", FIELD_INT, P(skip), FIELD_OPTIONAL | FIELD_AS_TEXT, 1000000, 0, NULL},
    {0}};
static const struct field show_fields[] = {{"person", FIELD_UUID, P(person), 0, 0, 0, NULL}, {0}};
static const struct field person_save_fields[] = {
    {"person", FIELD_UUID, P(person), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, P(name), 0, 200, 1, NULL},
    {"email", FIELD_EMAIL, P(email), 0, 254, 0, NULL},
    {"organisation", FIELD_TEXT, P(organisation), FIELD_OPTIONAL, 200, 0, NULL},
    {"category", FIELD_UUID, P(category), FIELD_OPTIONAL, 0, 0, NULL},
    {"language", FIELD_CHOICE, P(language), FIELD_OPTIONAL, 0, 0, "en|da"},
    {"expect_version", FIELD_INT, P(expect_version), FIELD_AS_TEXT, INT32_MAX, 1, NULL},
    {0}};
static const struct field merge_fields[] = {{"person", FIELD_UUID, P(person), 0, 0, 0, NULL},
					    {"into", FIELD_UUID, P(into), 0, 0, 0, NULL},
					    {0}};
static const struct field export_fields[] = {
    {"what", FIELD_CHOICE, P(what), 0, 0, 0, "people|rooming|catering"},
    {"format", FIELD_CHOICE, P(format), FIELD_OPTIONAL, 0, 0, "json|csv"},
    {0}};

#define OWN_SIZE    sizeof(struct own_params)
#define STAFF_SIZE  sizeof(struct staff_params)
#define SET_SIZE    sizeof(struct settings_params)
#define PERSON_SIZE sizeof(struct person_params)

static const struct method methods[] = {
    {"registration.mine", ROLE_SIGNED_IN, 0, NULL, 0, registration_mine, RATE_READ,
     "Everything about one's own way to the conference, with all that was mailed."},
    {"registration.public", ROLE_EVERYONE, 0, NULL, 0, registration_public, RATE_READ,
     "Whether one can register, and whether there is room."},
    {"registration.open", ROLE_SIGNED_IN, METHOD_KEY, open_fields, OWN_SIZE, registration_open,
     RATE_WRITE, "Registers whoever asks, or asks for it where that is how it is done."},
    {"registration.answer", ROLE_SIGNED_IN, METHOD_KEY, answer_fields, OWN_SIZE,
     registration_answer, RATE_WRITE, "What the form asks, said again."},
    {"registration.cancel", ROLE_SIGNED_IN, METHOD_KEY, cancel_fields, OWN_SIZE,
     registration_cancel, RATE_WRITE, "Gives a place back; it goes to the next."},
    {"registration.substitute", ROLE_SIGNED_IN, METHOD_KEY, substitute_fields, OWN_SIZE,
     registration_substitute, RATE_WRITE, "Somebody else comes instead, under a new code."},
    {"registration.settings", ROLE_ORGANISER, 0, NULL, 0, registration_settings, RATE_READ,
     "Whether registration is open, places, beds, and what is covered."},
    {"registration.save", ROLE_ORGANISER, METHOD_KEY, save_fields, SET_SIZE, registration_save,
     RATE_WRITE, "Saves these; places that were added are offered at once."},
    {"registration.decide", ROLE_ORGANISER, METHOD_KEY, decide_fields, STAFF_SIZE,
     registration_decide, RATE_WRITE, "Lets somebody who asked come, or says why not."},
    {"waiting.join", ROLE_SIGNED_IN, METHOD_KEY, waiting_fields, OWN_SIZE, waiting_join, RATE_WRITE,
     "Waits for a place, behind all who are there."},
    {"waiting.leave", ROLE_SIGNED_IN, METHOD_KEY, NULL, 0, waiting_leave, RATE_WRITE,
     "Waits no more; an offer goes on to the next."},
    {"invitation.accept", ROLE_SIGNED_IN, METHOD_KEY, accept_fields, OWN_SIZE, invitation_accept,
     RATE_WRITE, "Takes a place that was offered, while there is one."},
    {"invitation.decline", ROLE_SIGNED_IN, METHOD_KEY, decline_fields, OWN_SIZE, invitation_decline,
     RATE_WRITE, "Lets an offer pass; it goes to the next."},
    {"invitation.send", ROLE_ORGANISER, METHOD_KEY, send_fields, STAFF_SIZE, invitation_send,
     RATE_WRITE, "Invites a keynote, a panellist, a chair, or anybody."},
    {"invitation.withdraw", ROLE_ORGANISER, METHOD_KEY, withdraw_fields, STAFF_SIZE,
     invitation_withdraw, RATE_WRITE, "Takes back an invitation that nobody has answered."},
    {0}};

static const struct method person_methods[] = {
    {"person.list", ROLE_ORGANISER, 0, list_fields, PERSON_SIZE, person_list, RATE_READ,
     "People, 100 at a time, with how far they have come."},
    {"person.show", ROLE_ORGANISER, 0, show_fields, PERSON_SIZE, person_show, RATE_READ,
     "Everything about one."},
    {"person.save", ROLE_ORGANISER, METHOD_KEY, person_save_fields, PERSON_SIZE, person_save,
     RATE_WRITE, "Corrects name, address, organisation, category, language."},
    {"person.merge", ROLE_ORGANISER, METHOD_KEY, merge_fields, PERSON_SIZE, person_merge,
     RATE_WRITE, "Makes one person of two."},
    {"person.resend", ROLE_ORGANISER, METHOD_KEY, show_fields, PERSON_SIZE, person_resend,
     RATE_WRITE, "Mails somebody their entry code again."},
    {"person.export", ROLE_ORGANISER, 0, export_fields, PERSON_SIZE, person_export, RATE_READ,
     "Everybody, who sleeps where, who eats what: as a table or for paper."},
    {0}};

static const struct event_type events[] = {
    {"registration.changed", "person",
     "Something of one's invitation or registration changed: registration.mine says what."},
    {0}};

static const struct db_fault constraints[] = {
    {"registration_answer_consent", &registration_consent},
    {"registration_setting_questions", &fault_bad_request},
    {"cover_rule_what", &fault_bad_request},
    {"cover_rule_nights", &fault_bad_request},
    {"invitation_live_once", &fault_busy},
    {"waiting_once", &fault_busy},
    {NULL, NULL}};

static fault const faults[] = {&registration_closed,  &registration_registered,
			       &registration_decided, &registration_nights,
			       &registration_beds,    &registration_consent,
			       &registration_offered, &invitation_expired,
			       &invitation_state,     NULL};

static fault const person_faults[] = {&person_address, &person_self, NULL};

const struct service registration_service = {
    .name = "registration",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};

const struct service person_service = {
    .name = "person",
    .methods = person_methods,
    .faults = person_faults,
};
