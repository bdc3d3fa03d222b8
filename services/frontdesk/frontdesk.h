/* services/frontdesk: what staff do at the door besides scanning: finding by name, people without a
 * ticket, corrections, notes, and screens that sign people in. */
#ifndef FRONTDESK_H
#define FRONTDESK_H

#include "services/core/service.h"

extern const struct service frontdesk_service;

#endif
