/* gateway: one way into every method, whatever it came over: roles, parameters, key, handler, log
 * line. Knows no sockets. */
#ifndef GATEWAY_DISPATCH_H
#define GATEWAY_DISPATCH_H

#include "services/core/request.h"
#include "services/core/service.h"

#include <jansson.h>

enum dispatch_via {
	VIA_RPC,  /* a socket or POST /rpc */
	VIA_AUTH, /* POST /auth/… and the gateway's own session calls */
	VIA_FILE, /* an address of its own, for METHOD_FILE */
	VIA_CLI	  /* the command line: every method */
};

/* A new request; arena_limit bounds what it may ever hold. The caller sets caller, end and the rest
 * before dispatch(). */
struct request *request_create(size_t arena_limit);
void request_destroy(struct request *rq);

/*
 * Runs a method. rq->end is called exactly once, perhaps before this returns; rq may be gone
 * afterwards. params may be NULL; it is not needed after the call.
 */
void dispatch(struct request *rq, const char *method, const json_t *params, enum dispatch_via via);

/* Requests that have begun and not ended: the drain waits for them. */
int dispatch_under_way(void);

/* The answer as a JSON-RPC message in the request's arena. id is JSON text. */
const char *rpc_message(struct request *rq, const char *id, size_t *ret_size);

#endif
