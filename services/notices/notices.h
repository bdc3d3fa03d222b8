/* services/notices: stars, announcements, and news of changes. */
#ifndef NOTICES_H
#define NOTICES_H

#include "services/core/service.h"

extern const struct service notices_service;

#endif
