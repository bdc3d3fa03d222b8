/* services/talks: the talks of a session on the day: which one is on. */
#ifndef TALKS_H
#define TALKS_H

#include "services/core/service.h"

extern const struct service talks_service;

#endif
