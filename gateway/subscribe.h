/* gateway: channel.subscribe: what a client missed, or the state of things, and from then on every
 * event. */
#ifndef GATEWAY_SUBSCRIBE_H
#define GATEWAY_SUBSCRIBE_H

#include "gateway/channel.h"
#include "gateway/conn.h"

#include <jansson.h>

/* Answers by itself, with a reply of that id (JSON text). channels as in docs/protocol.md. */
void subscribe(struct conn *c, const char *id, const json_t *channels);

/* Frees what is kept of a channel's snapshot. */
void snapshot_forget(struct channel *ch);

#endif
