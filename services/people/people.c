/* services/people: the tables of the service. */
#include "services/people/people.h"
#include "services/people/parts.h"

const struct fault auth_code = {"auth.code", FAULT_STATE, "That code is wrong, used or too old."};
const struct fault conference_exists = {"conference.exists", FAULT_STATE,
					"There is a conference of that name already."};
const struct fault conference_clock_back = {
    "conference.clock", FAULT_STATE, "Once a conference has begun its clock never goes back."};

enum {
	IMPORT_SIZE = 16 * 1024,
	BULK_SIZE = 64 * 1024 * 1024,
	INFO_SIZE = 256 * 1024,
	LISTED_SIZE = 64 * 1024
};

#define PROFILES "self_service|desk|gate|print|board"

#define AT(type, member) offsetof(struct type, member)
#define SLUG(type)                                                                                 \
	{                                                                                          \
		"slug", FIELD_RAW, AT(type, slug), FIELD_OPTIONAL, 40, 0, NULL                     \
	}

static const struct field slug_fields[] = {SLUG(slug_params), {0}};

static const struct field by_ticket_fields[] = {
    {"ticket", FIELD_RAW, AT(by_ticket_params, ticket), 0, 64, 0, NULL}, {0}};

static const struct field by_login_fields[] = {
    {"login", FIELD_UUID, AT(by_login_params, login), 0, 0, 0, NULL},
    {"kind", FIELD_CHOICE, AT(by_login_params, kind), FIELD_OPTIONAL, 0, 0,
     "session|device|script"},
    {0}};

static const struct field start_fields[] = {
    SLUG(start_params),
    {"email", FIELD_EMAIL, AT(start_params, email), 0, 254, 0, NULL},
    {"name", FIELD_TEXT, AT(start_params, name), FIELD_OPTIONAL, 200, 1, NULL},
    {"language", FIELD_CHOICE, AT(start_params, language), FIELD_OPTIONAL, 0, 0, "en|da"},
    {0}};

static const struct field finish_fields[] = {
    {"request", FIELD_UUID, AT(finish_params, request), 0, 0, 0, NULL},
    {"code", FIELD_RAW, AT(finish_params, code), 0, 16, 0, NULL},
    {0}};

static const struct field entry_fields[] = {
    SLUG(entry_params),
    {"email", FIELD_EMAIL, AT(entry_params, email), 0, 254, 0, NULL},
    {"entry_code", FIELD_RAW, AT(entry_params, entry_code), 0, 64, 0, NULL},
    {0}};

static const struct field desk_fields[] = {
    SLUG(desk_params), {"code", FIELD_RAW, AT(desk_params, code), 0, 32, 0, NULL}, {0}};

static const struct field door_fields[] = {
    {"token", FIELD_RAW, AT(door_params, token), 0, 64, 1, NULL}, {0}};

static const struct field device_fields[] = {
    SLUG(device_params),
    {"kind", FIELD_CHOICE, AT(device_params, kind), 0, 0, 0, "kiosk|stage"},
    {0}};

static const struct field chair_fields[] = {
    SLUG(chair_code_params), {"code", FIELD_RAW, AT(chair_code_params, code), 0, 64, 1, NULL}, {0}};

static const struct field poll_fields[] = {
    {"device_code", FIELD_RAW, AT(poll_params, device_code), 0, 64, 0, NULL}, {0}};

static const struct field issue_fields[] = {
    {"person", FIELD_UUID, AT(issue_params, person), 0, 0, 0, NULL}, {0}};

static const struct field confirm_fields[] = {
    {"user_code", FIELD_RAW, AT(confirm_params, user_code), 0, 32, 0, NULL},
    {"name", FIELD_TEXT, AT(confirm_params, name), 0, 80, 1, NULL},
    {"list", FIELD_UUID, AT(confirm_params, list), FIELD_OPTIONAL, 0, 0, NULL},
    {"room", FIELD_UUID, AT(confirm_params, room), FIELD_OPTIONAL, 0, 0, NULL},
    {"profile", FIELD_CHOICE, AT(confirm_params, profile), FIELD_OPTIONAL, 0, 0, PROFILES},
    {"pin", FIELD_RAW, AT(confirm_params, pin), FIELD_OPTIONAL, 8, 0, NULL},
    {0}};

static const struct field station_fields[] = {
    {"station", FIELD_UUID, AT(station_params, station), 0, 0, 0, NULL}, {0}};

static const struct field kiosk_fields[] = {
    {"name", FIELD_TEXT, AT(kiosk_params, name), 0, 80, 1, NULL},
    {"kind", FIELD_CHOICE, AT(kiosk_params, kind), 0, 0, 0, "kiosk|stage"},
    {"list", FIELD_UUID, AT(kiosk_params, list), FIELD_OPTIONAL, 0, 0, NULL},
    {"room", FIELD_UUID, AT(kiosk_params, room), FIELD_OPTIONAL, 0, 0, NULL},
    {"profile", FIELD_CHOICE, AT(kiosk_params, profile), FIELD_OPTIONAL, 0, 0, PROFILES},
    {"pin", FIELD_RAW, AT(kiosk_params, pin), FIELD_OPTIONAL, 8, 0, NULL},
    {0}};

static const struct field find_fields[] = {
    {"text", FIELD_TEXT, AT(find_params, text), 0, 100, 3, NULL}, {0}};

static const struct field import_fields[] = {
    {"rows", FIELD_JSON, AT(import_params, rows), 0, IMPORT_SIZE, 0, NULL},
    {"dry_run", FIELD_BOOL, AT(import_params, dry_run), FIELD_OPTIONAL, 0, 0, NULL},
    {"partial", FIELD_BOOL, AT(import_params, partial), FIELD_OPTIONAL, 0, 0, NULL},
    {"mail", FIELD_BOOL, AT(import_params, mail), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field bulk_fields[] = {
    {"rows", FIELD_JSON, AT(import_params, rows), 0, BULK_SIZE, 0, NULL},
    {"dry_run", FIELD_BOOL, AT(import_params, dry_run), FIELD_OPTIONAL, 0, 0, NULL},
    {"partial", FIELD_BOOL, AT(import_params, partial), FIELD_OPTIONAL, 0, 0, NULL},
    {"mail", FIELD_BOOL, AT(import_params, mail), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field erase_fields[] = {
    {"email", FIELD_EMAIL, AT(erase_params, email), 0, 254, 0, NULL},
    {"conference", FIELD_RAW, AT(erase_params, conference), FIELD_OPTIONAL, 40, 0, NULL},
    {"dry_run", FIELD_BOOL, AT(erase_params, dry_run), FIELD_OPTIONAL, 0, 0, NULL},
    {"force", FIELD_BOOL, AT(erase_params, force), FIELD_OPTIONAL, 0, 0, NULL},
    {"by", FIELD_TEXT, AT(erase_params, by), FIELD_OPTIONAL, 80, 1, NULL},
    {"erasure", FIELD_UUID, AT(erase_params, erasure), FIELD_OPTIONAL, 0, 0, NULL},
    {"listed", FIELD_JSON, AT(erase_params, listed), FIELD_OPTIONAL, LISTED_SIZE, 0, NULL},
    {0}};

static const struct field again_fields[] = {
    {"erasure", FIELD_UUID, AT(erase_again_params, erasure), 0, 0, 0, NULL},
    {"at", FIELD_INSTANT, AT(erase_again_params, at), 0, 0, 0, NULL},
    {"conference", FIELD_UUID, AT(erase_again_params, conference), FIELD_OPTIONAL, 0, 0, NULL},
    {"persons", FIELD_JSON, AT(erase_again_params, persons), 0, LISTED_SIZE, 0, NULL},
    {"email", FIELD_EMAIL, AT(erase_again_params, email), FIELD_OPTIONAL, 254, 0, NULL},
    {"dry_run", FIELD_BOOL, AT(erase_again_params, dry_run), FIELD_OPTIONAL, 0, 0, NULL},
    {"by", FIELD_TEXT, AT(erase_again_params, by), FIELD_OPTIONAL, 80, 1, NULL},
    {0}};

static const struct field export_fields[] = {
    {"format", FIELD_CHOICE, AT(export_params, format), FIELD_OPTIONAL, 0, 0, "json|csv"}, {0}};

static const struct field codes_fields[] = {
    {"emails", FIELD_JSON, AT(codes_params, emails), FIELD_OPTIONAL, 1024 * 1024, 0, NULL},
    {"limit", FIELD_INT, AT(codes_params, limit), FIELD_OPTIONAL, 10000, 1, NULL},
    {0}};

static const struct field conference_fields[] = {
    {"slug", FIELD_RAW, AT(conference_params, slug), 0, 40, 0, NULL},
    {"title", FIELD_TEXT, AT(conference_params, title), 0, 300, 1, NULL},
    {"subtitle", FIELD_TEXT, AT(conference_params, subtitle), FIELD_OPTIONAL, 500, 0, NULL},
    {"venue", FIELD_TEXT, AT(conference_params, venue), FIELD_OPTIONAL, 500, 0, NULL},
    {"zone", FIELD_RAW, AT(conference_params, zone), 0, 64, 0, NULL},
    {"starts", FIELD_RAW, AT(conference_params, starts), 0, 10, 0, NULL},
    {"ends", FIELD_RAW, AT(conference_params, ends), 0, 10, 0, NULL},
    {"is_default", FIELD_BOOL, AT(conference_params, is_default), FIELD_OPTIONAL, 0, 0, NULL},
    {"info", FIELD_JSON, AT(conference_params, info), FIELD_OPTIONAL, INFO_SIZE, 0, NULL},
    {0}};

static const struct field clock_fields[] = {
    {"at", FIELD_INSTANT, AT(clock_params, at), FIELD_OPTIONAL, 0, 0, NULL},
    /* As text: no seconds is not the same as none given. */
    {"offset_seconds", FIELD_JSON, AT(clock_params, offset_seconds), FIELD_OPTIONAL, 12, 0, NULL},
    {0}};

static const struct field token_fields[] = {
    {"role", FIELD_CHOICE, AT(token_params, role), 0, 0, 0,
     "attendee|speaker|moderator|desk|reviewer|organiser|juror"},
    {"email", FIELD_EMAIL, AT(token_params, email), 0, 254, 0, NULL},
    {"name", FIELD_TEXT, AT(token_params, name), FIELD_OPTIONAL, 200, 1, NULL},
    {0}};

enum { STAFF = ROLE_DESK | ROLE_ORGANISER, ALL = ROLE_EVERYONE, SHELL = ROLE_ORGANISER };

#define SIZE(type) sizeof(struct type)

static const struct method methods[] = {
    {"session.by_ticket", ALL, METHOD_AUTH, by_ticket_fields, SIZE(by_ticket_params),
     people_session_by_ticket, RATE_AUTH, "Opens the session a ticket was made for, once."},
    {"session.by_login", ALL, METHOD_AUTH, by_login_fields, SIZE(by_login_params),
     people_session_by_login, RATE_AUTH, "Opens the session of a verified token."},
    {"session.by_guest", ALL, METHOD_AUTH, slug_fields, SIZE(slug_params), people_session_by_guest,
     RATE_AUTH, "Opens a guest's session."},
    {"auth.start", ALL, METHOD_AUTH, start_fields, SIZE(start_params), auth_start, RATE_AUTH,
     "Mails a sign-in code if the address is on file, or may join by the name given."},
    {"auth.finish", ALL, METHOD_AUTH, finish_fields, SIZE(finish_params), auth_finish, RATE_AUTH,
     "Signs in with a mailed code."},
    {"auth.entry", ALL, METHOD_AUTH, entry_fields, SIZE(entry_params), auth_entry, RATE_AUTH,
     "Signs in with address and entry code."},
    {"auth.desk", ALL, METHOD_AUTH, desk_fields, SIZE(desk_params), auth_desk, RATE_AUTH,
     "Signs in with a code from the desk."},
    {"auth.door", ALL, METHOD_AUTH, door_fields, SIZE(door_params), auth_door, RATE_AUTH,
     "Signs in with what a screen at the door showed."},
    {"auth.ticket", ALL, METHOD_AUTH, slug_fields, SIZE(slug_params), auth_ticket, RATE_AUTH,
     "A one-use ticket for session.open, 30 s."},
    {"auth.logout", ALL, METHOD_AUTH, slug_fields, SIZE(slug_params), auth_logout, RATE_AUTH,
     "Ends the session of this device."},
    {"auth.device", ALL, METHOD_AUTH, device_fields, SIZE(device_params), auth_device, RATE_AUTH,
     "A kiosk or a stage screen asks to be paired."},
    {"auth.device_poll", ALL, METHOD_AUTH, poll_fields, SIZE(poll_params), auth_device_poll,
     RATE_AUTH, "Has staff confirmed the device? Then its token, once."},
    {"auth.chair", ALL, METHOD_AUTH, chair_fields, SIZE(chair_code_params), auth_chair, RATE_AUTH,
     "Makes a phone the chair's of one session, with the code that staff showed."},
    {"login.issue", STAFF, METHOD_KEY, issue_fields, SIZE(issue_params), login_issue, RATE_WRITE,
     "A one-use sign-in code for somebody at the desk."},
    {"device.confirm", STAFF, METHOD_KEY, confirm_fields, SIZE(confirm_params), device_confirm,
     RATE_WRITE, "Pairs the kiosk or stage screen that shows a code."},
    {"device.revoke", STAFF, METHOD_KEY, station_fields, SIZE(station_params), device_revoke,
     RATE_WRITE, "Sends a device away; its socket is closed."},
    {"device.list", STAFF, 0, NULL, 0, device_list, RATE_READ, "Kiosks and stage screens."},
    {"people.find", STAFF, 0, find_fields, SIZE(find_params), people_find, RATE_READ,
     "Finds people by name or address, 8 at most."},
    {"people.get", ROLE_SIGNED_IN, 0, NULL, 0, people_get, RATE_READ, "Oneself."},
    {"people.import", ROLE_ORGANISER, METHOD_KEY, import_fields, SIZE(import_params), people_import,
     RATE_WRITE, "Creates and updates people by e-mail, 100 rows at most."},
    {"people.import_bulk", SHELL, METHOD_CLI, bulk_fields, SIZE(import_params), people_import,
     RATE_WRITE, "The same, any number of rows."},
    {"people.export", SHELL, METHOD_CLI, export_fields, SIZE(export_params), people_export,
     RATE_READ, "Everyone, as people.import takes them."},
    {"people.codes", SHELL, METHOD_CLI, codes_fields, SIZE(codes_params), people_codes, RATE_WRITE,
     "New entry codes, in the clear; the ones before are superseded."},
    {"person.erase", SHELL, METHOD_CLI, erase_fields, SIZE(erase_params), person_erase, RATE_WRITE,
     "Erases a person by address, here or in one conference."},
    {"person.erase_again", SHELL, METHOD_CLI, again_fields, SIZE(erase_again_params),
     person_erase_again, RATE_WRITE, "An erasure once more, where a backup came from before it."},
    {"person.addresses", SHELL, METHOD_CLI, NULL, 0, person_addresses, RATE_READ,
     "Every address of every conference."},
    {"conference.create", ROLE_ORGANISER, METHOD_KEY, conference_fields, SIZE(conference_params),
     conference_create, RATE_WRITE, "Another conference; who makes it is its first organiser."},
    {"conference.list", SHELL, METHOD_CLI, NULL, 0, conference_list, RATE_READ, "All conferences."},
    {"conference.clock", SHELL, METHOD_CLI, clock_fields, SIZE(clock_params), conference_clock,
     RATE_WRITE, "Moves conference time."},
    {"token.create", SHELL, METHOD_CLI, token_fields, SIZE(token_params), token_create, RATE_WRITE,
     "A script's token for a person, 30 days."},
    {"kiosk.create", SHELL, METHOD_CLI, kiosk_fields, SIZE(kiosk_params), kiosk_create, RATE_WRITE,
     "A station and its token without pairing, 30 days."},
    {0}};

static const struct event_type events[] = {
    {"station.revoked", "station", "This device was sent away."}, {0}};

static const struct channel_kind channels[] = {{"person", NULL, ROLE_SIGNED_IN, SCOPE_PERSON,
						SQL_PEOPLE_PERSON_SNAPSHOT, false, NULL, SQL_NONE},
					       {"station", NULL, ROLE_STATION | STAFF,
						SCOPE_STATION, SQL_PEOPLE_STATION_SNAPSHOT, false,
						NULL, SQL_NONE},
					       {0}};

static const struct document documents[] = {{"conference.json", conference_document, 5000, NULL},
					    {0}};

static const struct db_fault constraints[] = {{"conference_slug_once", &conference_exists},
					      {"conference_slug_form", &fault_bad_request},
					      {"conference_days", &fault_bad_request},
					      {"conference_default_once", &fault_busy},
					      {"person_conference", &fault_not_found},
					      {"person_email_once", &fault_busy},
					      {"sign_in_desk_once", &fault_busy},
					      {"pairing_user_code_once", &fault_busy},
					      {"entry_code_once", &fault_busy},
					      {"entry_code_lookup_once", &fault_busy},
					      {NULL, NULL}};

static fault const faults[] = {
    &auth_code,	     &conference_exists, &conference_clock_back, &erase_last_organiser,
    &erase_on_stage, &erase_published,	 &erase_unlisted,	 NULL};

const struct service people_service = {
    .name = "people",
    .methods = methods,
    .events = events,
    .channels = channels,
    .documents = documents,
    .constraints = constraints,
    .faults = faults,
};
