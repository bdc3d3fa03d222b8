/* services/checkin: the door: who may come in, who came in, and what was taken back. */
#ifndef CHECKIN_H
#define CHECKIN_H

#include "services/core/service.h"

extern const struct service checkin_service, lists_service;

#endif
