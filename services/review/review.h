/* services/review: abstracts read and judged by reviewers; who reviews what, and who may not. */
#ifndef REVIEW_H
#define REVIEW_H

#include "services/core/service.h"

extern const struct service review_service;	  /* what reviewers do */
extern const struct service review_board_service; /* what organisers do about them */

#endif
