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

static const struct method methods[] = {
    {"snapshot.get", DOOR, METHOD_FILE, snapshot_fields, SIZE(snapshot_params), snapshot_get,
     RATE_READ, "All tickets for a list's stations, each opened by its code only."},
    {0}};

static const struct event_type events[] = {
    {"ticket.changed", "door",
     "A ticket was issued, revoked or superseded, or says something new."},
    {0}};

static const struct channel_kind channels[] = {
    {"door", NULL, DOOR, SCOPE_NONE, SQL_TICKETS_DOOR_SNAPSHOT, false, NULL, SQL_NONE}, {0}};

static fault const faults[] = {NULL};

const struct service tickets_service = {
    .name = "tickets",
    .methods = methods,
    .events = events,
    .channels = channels,
    .faults = faults,
};
