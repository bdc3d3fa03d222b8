/* services/polls: polls of a talk's audience, and the votes in them. */
#ifndef POLLS_H
#define POLLS_H

#include "services/core/service.h"

extern const struct service polls_service;

#endif
