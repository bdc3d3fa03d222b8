/* services/qa: questions to speakers, the votes on them and what moderators do with them. */
#ifndef QA_H
#define QA_H

#include "services/core/service.h"

extern const struct service qa_service;

#endif
