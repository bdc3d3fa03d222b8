/* services/registration: invitations, registrations, the waiting list, and people as staff sees
 * them. */
#ifndef REGISTRATION_H
#define REGISTRATION_H

#include "services/core/service.h"

extern const struct service registration_service, person_service;

#endif
