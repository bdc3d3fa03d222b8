/* gateway: who is behind a connection: opening a session, and what changes it afterwards. */
#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include "gateway/conn.h"
#include "services/core/fault.h"
#include "services/core/request.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Finds out who is calling, by ticket, token or as guest. done is called exactly once, perhaps at
 * once; public_json is the result of session.open without what the gateway adds, valid during the
 * call.
 */
typedef void session_found_fn(fault f, const struct caller *who, int64_t expires,
			      const char *public_json, void *data);

void session_by_ticket(const char *ticket, session_found_fn *done, void *data);
void session_by_token(const char *token, session_found_fn *done, void *data);
void session_by_guest(const char *slug, session_found_fn *done, void *data);

/* session.open on a socket: params as sent, id as JSON text. Answers by itself. */
void session_open(struct conn *c, const char *id, const json_t *params);

/* An event of the internal channel `worker`: roles changed, logins revoked, clocks moved. */
void session_worker_event(const char *conference, const char *type, const char *data, size_t size);

#endif
