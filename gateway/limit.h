/* gateway: token buckets: per person (by login) for calls, per address before sign-in. Per worker:
 * with N workers a budget is at most N times as large. */
#ifndef GATEWAY_LIMIT_H
#define GATEWAY_LIMIT_H

#include "services/core/service.h"

#include <stdbool.h>
#include <stdint.h>

/* Takes one token; when there is none, says how long until there is. owner is a login id or an
 * address. */
bool limit_take(const char *owner, enum rate_class rate, int64_t *ret_wait_ms);
/* A calendar, by the hash of its token. */
bool limit_take_feed(const char *hash, int64_t *ret_wait_ms);
/* Before sign-in: venue addresses stand for a hall full of people. */
bool limit_take_address(const char *address, bool venue, int64_t *ret_wait_ms);
/* Signing in with what a screen at the door showed, venue or not. */
bool limit_take_door(const char *address, int64_t *ret_wait_ms);

#endif
