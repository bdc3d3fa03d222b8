/* services/streams: the virtual side of rooms: what plays there, captions, and who is watching. */
#ifndef STREAMS_H
#define STREAMS_H

#include "services/core/service.h"

extern const struct service streams_service;

#endif
