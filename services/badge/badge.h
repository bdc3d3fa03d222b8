/* services/badge: badges on paper: who has one, what waits for which printer, boxes, door lists. */
#ifndef BADGE_H
#define BADGE_H

#include "services/core/service.h"

extern const struct service badge_service;

#endif
