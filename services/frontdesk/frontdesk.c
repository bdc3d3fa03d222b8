/* services/frontdesk: the tables of the service. */
#include "services/frontdesk/frontdesk.h"
#include "services/frontdesk/parts.h"

#include <stddef.h>
#include <stdint.h>

static const struct fault checkin_letters = {"checkin.letters", FAULT_CALLER,
					     "Three letters of the name at least."};
static const struct fault checkin_known = {
    "checkin.known", FAULT_STATE, "That address is registered already: find them by name."};
static const struct fault checkin_refused = {"checkin.refused", FAULT_STATE,
					     "The door does not let them in now."};
static const struct fault registration_full = {"registration.full", FAULT_STATE,
					       "Every place on site is taken."};
static const struct fault registration_inside = {
    "registration.inside", FAULT_STATE,
    "They are inside: take the admission back first, or let them leave."};
static const struct fault registration_state = {"registration.state", FAULT_STATE,
						"That registration is cancelled."};

#define AT(member)   offsetof(struct desk_params, member)
#define NOTE(member) offsetof(struct note_params, member)

static const struct field search_fields[] = {{"list", FIELD_UUID, AT(list), 0, 0, 0, NULL},
					     {"text", FIELD_TEXT, AT(text), 0, 100, 1, NULL},
					     {0}};
static const struct field by_name_fields[] = {
    {"list", FIELD_UUID, AT(list), 0, 0, 0, NULL},
    {"person", FIELD_UUID, AT(person), 0, 0, 0, NULL},
    {"scan_id", FIELD_UUID, AT(scan_id), 0, 0, 0, NULL},
    {"second", FIELD_CHOICE, AT(second), 0, 0, 0, "code|mail|organisation|document|known"},
    {0}};
static const struct field walk_in_fields[] = {
    {"list", FIELD_UUID, AT(list), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(name), 0, 200, 1, NULL},
    {"email", FIELD_EMAIL, AT(email), FIELD_OPTIONAL, 254, 0, NULL},
    {"category", FIELD_UUID, AT(category), FIELD_OPTIONAL, 0, 0, NULL},
    {"scan_id", FIELD_UUID, AT(scan_id), 0, 0, 0, NULL},
    {0}};
static const struct field merge_fields[] = {
    {"conflict", FIELD_UUID, AT(conflict), 0, 0, 0, NULL},
    {"person", FIELD_UUID, AT(person), FIELD_OPTIONAL, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(name), FIELD_OPTIONAL, 200, 1, NULL},
    {"email", FIELD_EMAIL, AT(email), FIELD_OPTIONAL, 254, 0, NULL},
    {"category", FIELD_UUID, AT(category), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field scan_fields[] = {{"scan_id", FIELD_UUID, AT(scan_id), 0, 0, 0, NULL},
					   {0}};
static const struct field switch_fields[] = {
    {"person", FIELD_UUID, AT(person), FIELD_OPTIONAL, 0, 0, NULL},
    {"scan_id", FIELD_UUID, AT(scan_id), FIELD_OPTIONAL, 0, 0, NULL},
    {"mode", FIELD_CHOICE, AT(mode), 0, 0, 0, "on_site|online"},
    {"list", FIELD_UUID, AT(list), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field seats_fields[] = {
    {"seats", FIELD_INT, AT(seats), FIELD_OPTIONAL | FIELD_AS_TEXT, INT32_MAX, 1, NULL}, {0}};
static const struct field rename_fields[] = {
    {"person", FIELD_UUID, AT(person), 0, 0, 0, NULL},
    {"name", FIELD_TEXT, AT(name), 0, 200, 1, NULL},
    {"expect", FIELD_TEXT, AT(expect), FIELD_OPTIONAL, 200, 1, NULL},
    {0}};
static const struct field list_sign_in_fields[] = {
    {"list", FIELD_UUID, AT(list), 0, 0, 0, NULL},
    {"on", FIELD_BOOL, AT(on), FIELD_AS_TEXT, 0, 0, NULL},
    {0}};
static const struct field note_save_fields[] = {
    {"note", FIELD_UUID, NOTE(note), FIELD_OPTIONAL, 0, 0, NULL},
    {"list", FIELD_UUID, NOTE(list), FIELD_OPTIONAL, 0, 0, NULL},
    {"category", FIELD_UUID, NOTE(category), FIELD_OPTIONAL, 0, 0, NULL},
    {"person", FIELD_UUID, NOTE(person), FIELD_OPTIONAL, 0, 0, NULL},
    {"text", FIELD_TEXT, NOTE(text), 0, 200, 1, NULL},
    {"text_da", FIELD_TEXT, NOTE(text_da), FIELD_OPTIONAL, 200, 1, NULL},
    {"confirm", FIELD_BOOL, NOTE(confirm), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};
static const struct field note_fields[] = {{"note", FIELD_UUID, NOTE(note), 0, 0, 0, NULL}, {0}};
static const struct field confirm_fields[] = {{"scan_id", FIELD_UUID, NOTE(scan_id), 0, 0, 0, NULL},
					      {"note", FIELD_UUID, NOTE(note), 0, 0, 0, NULL},
					      {0}};

#define DESK_SIZE sizeof(struct desk_params)
#define NOTE_SIZE sizeof(struct note_params)

static const struct method methods[] = {
    {"checkin.search", DESK, 0, search_fields, DESK_SIZE, checkin_search, RATE_READ,
     "Finds people by name at the door, 8 at most; every search is kept."},
    {"checkin.admit_person", DESK, METHOD_OWN_ID, by_name_fields, DESK_SIZE, checkin_admit_person,
     RATE_SCAN, "Judges somebody who was found by name, as a scan of their code."},
    {"checkin.walk_in", DESK, METHOD_OWN_ID, walk_in_fields, DESK_SIZE, checkin_walk_in, RATE_SCAN,
     "Registers somebody without a ticket and lets them in, while there is room."},
    {"checkin.walk_in_merge", STAFF, METHOD_KEY, merge_fields, DESK_SIZE, checkin_walk_in_merge,
     RATE_WRITE, "Says who it was that a station let in without a network."},
    {"checkin.confirm", DOOR, METHOD_OWN_ID, confirm_fields, NOTE_SIZE, checkin_confirm, RATE_WRITE,
     "Says that what a note asks for was done."},
    {"checkin.sign_in", ROLE_KIOSK, 0, scan_fields, DESK_SIZE, checkin_sign_in, RATE_SCAN,
     "A one-use token that signs in whoever was let in just now, 30 s."},
    {"registration.switch_mode", DESK | ROLE_ANY_PERSON, METHOD_KEY, switch_fields, DESK_SIZE,
     registration_switch_mode, RATE_WRITE, "Registers somebody, or oneself, as here or online."},
    {"registration.seats", ROLE_ORGANISER, METHOD_KEY, seats_fields, DESK_SIZE, registration_seats,
     RATE_WRITE, "How many may be on site in all."},
    {"person.rename", DESK, METHOD_KEY, rename_fields, DESK_SIZE, person_rename, RATE_WRITE,
     "Corrects how a name is written."},
    {"list.sign_in", ROLE_ORGANISER, METHOD_KEY, list_sign_in_fields, DESK_SIZE, list_sign_in,
     RATE_WRITE, "Whether the screens of a list sign people in."},
    {"note.save", ROLE_ORGANISER, METHOD_KEY, note_save_fields, NOTE_SIZE, note_save, RATE_WRITE,
     "What is to be done for whoever comes in at a list, of a category, or for one person."},
    {"note.remove", ROLE_ORGANISER, METHOD_KEY, note_fields, NOTE_SIZE, note_remove, RATE_WRITE,
     "Takes a note away."},
    {"note.list", STAFF, 0, NULL, 0, note_list, RATE_READ, "The notes of the door."},
    {0}};

static const struct event_type events[] = {
    {"note.changed", "door", "A note that names nobody was saved or taken away."}, {0}};

static const struct db_fault constraints[] = {{"door_note_list", &fault_not_found},
					      {"door_note_category", &fault_not_found},
					      {"door_note_person", &fault_not_found},
					      {"door_sign_in_hash_once", &fault_busy},
					      {NULL, NULL}};

static fault const faults[] = {&checkin_letters,
			       &checkin_known,
			       &checkin_refused,
			       &registration_full,
			       &registration_inside,
			       &registration_state,
			       NULL};

const struct service frontdesk_service = {
    .name = "frontdesk",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};

const char *desk_station(const struct request *rq)
{
	return rq->caller.person[0] == 0 ? rq->caller.station : NULL;
}

const char *desk_staff(const struct request *rq)
{
	return rq->caller.person[0] != 0 ? rq->caller.person : NULL;
}

fault desk_fault(struct request *rq, const struct rows *rows)
{
	const char *name = rows_count(rows) > 0 ? rows_text(rows, 0, "fault") : NULL;
	const char *current = name != NULL ? rows_text(rows, 0, "current") : NULL;
	fault f = name != NULL ? fault_by_code(name) : OK;

	if (current != NULL)
		rq->fault_current = arena_strdup(rq->arena, current);
	return name != NULL && f == NULL ? &fault_internal : f;
}
