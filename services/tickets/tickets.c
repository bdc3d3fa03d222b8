/* services/tickets: the tables of the service. */
#include "services/tickets/tickets.h"
#include "services/tickets/parts.h"

#include <stddef.h>

#define AT(type, member) offsetof(struct type, member)
#define SIZE(type)	 sizeof(struct type)

static const struct field snapshot_fields[] = {
    {"list", FIELD_UUID, AT(snapshot_params, list), 0, 0, 0, NULL},
    {"since", FIELD_INSTANT, AT(snapshot_params, since), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field code_fields[] = {
    {"person", FIELD_UUID, AT(code_params, person), 0, 0, 0, NULL},
    {"mail", FIELD_BOOL, AT(code_params, mail), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field unlock_fields[] = {
    {"pin", FIELD_RAW, AT(pin_params, pin), 0, 16, 0, NULL}, {0}};

static const struct field pin_fields[] = {
    {"station", FIELD_UUID, AT(pin_params, station), 0, 0, 0, NULL},
    {"pin", FIELD_RAW, AT(pin_params, pin), 0, 8, 0, NULL},
    {0}};

enum { ROOM = 400, OPTIONAL_TEXT = FIELD_OPTIONAL | FIELD_AS_TEXT };

#define NUMBER(member, least)                                                                      \
	{                                                                                          \
#member, FIELD_INT, AT(heartbeat_params, member), OPTIONAL_TEXT, INT64_MAX, least, \
		    NULL                                                                           \
	}
#define MOMENT(member, flags)                                                                      \
	{                                                                                          \
#member, FIELD_INSTANT, AT(heartbeat_params, member), flags, 0, 0, NULL            \
	}
#define ANYTHING(member)                                                                           \
	{                                                                                          \
#member, FIELD_JSON, AT(heartbeat_params, member), FIELD_OPTIONAL, ROOM, 0, NULL   \
	}

static const struct field heartbeat_fields[] = {
    {"boot_id", FIELD_UUID, AT(heartbeat_params, boot_id), 0, 0, 0, NULL},
    MOMENT(sent_at, 0),
    NUMBER(mono, 0),
    NUMBER(offset_ms, INT64_MIN),
    NUMBER(uncert_ms, 0),
    NUMBER(queue, 0),
    MOMENT(oldest_at, FIELD_OPTIONAL),
    ANYTHING(snapshot),
    MOMENT(offline_since, FIELD_OPTIONAL),
    NUMBER(scans_minute, 0),
    ANYTHING(verdicts),
    NUMBER(p95_ms, 0),
    {"version", FIELD_TEXT, AT(heartbeat_params, version), FIELD_OPTIONAL, 60, 1, NULL},
    {"jumped", FIELD_BOOL, AT(heartbeat_params, jumped), OPTIONAL_TEXT, 0, 0, NULL},
    ANYTHING(printer),
    ANYTHING(camera),
    {0}};

static const struct method methods[] = {
    {"snapshot.get", DOOR, METHOD_FILE, snapshot_fields, SIZE(snapshot_params), snapshot_get,
     RATE_READ, "All tickets for a list's stations, each opened by its code only."},
    {"entry_code.issue", STAFF, METHOD_KEY, code_fields, SIZE(code_params), entry_code_issue,
     RATE_WRITE, "A new entry code for somebody; the ones before are superseded."},
    {"entry_code.revoke", STAFF, METHOD_KEY, code_fields, SIZE(code_params), entry_code_revoke,
     RATE_WRITE, "No code of somebody's opens the door until there is a new one."},
    {"entry_code.mine", ROLE_ANY_PERSON, 0, NULL, 0, entry_code_mine, RATE_READ,
     "One's own entry code."},
    {"station.heartbeat", ROLE_STATION, METHOD_OWN_ID, heartbeat_fields, SIZE(heartbeat_params),
     station_heartbeat, RATE_READ, "What a station says of itself; how late it is."},
    {"station.unlock", ROLE_STATION, 0, unlock_fields, SIZE(pin_params), station_unlock, RATE_WRITE,
     "Is this the station's PIN? Counted: five wrong ones lock it."},
    {"station.pin", STAFF, METHOD_KEY, pin_fields, SIZE(pin_params), station_pin, RATE_WRITE,
     "Another PIN for a station, or none; unlocks it."},
    {"station.board", STAFF | ROLE_BOARD, 0, NULL, 0, station_board, RATE_READ,
     "All stations, zones and lists as they are now."},
    {0}};

static const struct event_type events[] = {
    {"ticket.changed", "door",
     "A ticket was issued, revoked or superseded, or says something new."},
    {"code.changed", "person", "One's own entry code is another one, or none."},
    {"station.changed", "station", "What staff set on a station: its PIN."},
    {0}};

static const struct channel_kind channels[] = {
    {"door", NULL, DOOR, SCOPE_NONE, SQL_TICKETS_DOOR_SNAPSHOT, false, NULL, SQL_NONE}, {0}};

const struct fault station_locked = {"station.locked", FAULT_STATE,
				     "Too many wrong PINs. Staff can give this station a new one."};
const struct fault station_wrong_pin = {"station.pin", FAULT_STATE, "That PIN is wrong."};

static const struct fault code_not_registered = {"entry_code.not_registered", FAULT_STATE,
						 "Who is not registered has no entry code."};

static fault const faults[] = {&code_not_registered, &station_locked, &station_wrong_pin, NULL};

const struct service tickets_service = {
    .name = "tickets",
    .methods = methods,
    .events = events,
    .channels = channels,
    .faults = faults,
};
