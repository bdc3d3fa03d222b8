/* services/mic: one queue for the microphones in the hall and for those who are elsewhere. */
#ifndef MIC_H
#define MIC_H

#include "services/core/service.h"

extern const struct service mic_service;

#endif
