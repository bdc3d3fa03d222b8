/* services/tickets: entry codes, what the stations at the door know of them, and the stations
 * themselves. */
#ifndef TICKETS_H
#define TICKETS_H

#include "services/core/service.h"

extern const struct service tickets_service;

#endif
