/* services/selection: what becomes of abstracts: places, decisions staged and applied, their log.
 */
#ifndef SELECTION_SELECTION_H
#define SELECTION_SELECTION_H

#include "services/core/service.h"

extern const struct service selection_service;

#endif
