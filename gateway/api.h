/* gateway: what the calls over HTTP share: an exchange that waits for the database. Inside api*.c
 * only. */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include "gateway/http.h"
#include "gateway/session.h"

#include <jansson.h>

/* What is needed to go on after an async step. */
struct exchange {
	uint64_t conn;
	char *id;	 /* JSON text of the call's id */
	json_t *message; /* the body */
	char slug[48];
	char conference[UUID_SIZE];
	session_found_fn *found; /* of exchange_begin */
};

/* Owned by whoever waits; freed with exchange_free. */
struct exchange *exchange_create(struct conn *c);
void exchange_free(struct exchange *x);

/*
 * Finds out who calls, by bearer token, by the cookie of x->slug (the conference's real slug) or as
 * the guest the address names; then found runs with x. It is freed here when the answer is given
 * here.
 */
void exchange_find_caller(struct conn *c, struct exchange *x, session_found_fn *found);

/* The same after finding out which conference the address means; x belongs to this now. */
void exchange_begin(struct conn *c, struct exchange *x, session_found_fn *found);

bool http_is_json(const struct http *h);

#endif
