/* gateway: one timer for all sockets: pings, silence, slow readers, sessions that end. lws's own
 * timers are one sorted list: linear. */
#ifndef GATEWAY_HEARTBEAT_H
#define GATEWAY_HEARTBEAT_H

#include "gateway/conn.h"

#include <uv.h>

void heartbeat_start(uv_loop_t *loop);
void heartbeat_stop(void);

/* A socket that has just connected: it has 5 s for session.open. Then again when it is open: pings.
 */
void heartbeat_watch_opening(struct conn *c);
void heartbeat_add(struct conn *c);
void heartbeat_remove(struct conn *c);
void heartbeat_heard(struct conn *c);

#endif
