/* services/desk: who runs a session's questions: claims, presence, hand-over, messages behind the
 * stage, chairs, mutes. */
#ifndef DESK_H
#define DESK_H

#include "services/core/service.h"

extern const struct service desk_service, record_service;

#endif
