/* gateway: JSON-RPC over a socket: messages in, replies out. */
#ifndef GATEWAY_RPC_H
#define GATEWAY_RPC_H

#include "gateway/conn.h"
#include "services/core/fault.h"

#include <stddef.h>

enum { MESSAGE_MAX = 16 << 10, OPEN_MESSAGE_MAX = 2560, CALLS_MAX = 64 };

/* One whole message from a socket. */
void rpc_message_in(struct conn *c, const char *bytes, size_t size);

/* id is JSON text. */
void rpc_result(struct conn *c, const char *id, const char *json, size_t size);
void rpc_fault(struct conn *c, const char *id, fault f);

/* The notification that roles have changed. */
void rpc_session_changed(struct conn *c);

/* Sends a notification of ours. params is JSON text. */
void rpc_notify(struct conn *c, const char *method, const char *params);

/* The rate class of a method against this caller's budget. OK or limit.rate with the wait in ms. */
fault rpc_rate(const struct caller *who, const char *method, int64_t *ret_wait_ms);

#endif
