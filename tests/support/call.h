/* tests/support: calls methods of the services straight from a test, on a real loop and a real
 * database. */
#ifndef TESTS_CALL_H
#define TESTS_CALL_H

#include "services/core/service.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* All of it lives until call_stop(). */
struct call_result {
	const char *fault;   /* dotted name, or NULL when it worked */
	const char *field;   /* with bad_request */
	const char *current; /* with conflict */
	const char *text;    /* the reply's bytes; NULL with a fault */
	size_t size;
	json_t *json; /* the reply parsed; NULL with a fault or when it is no JSON */
	const char *cookie;
	const char *etag;
	const char *content_type;
	int http_status;
	int64_t retry_after_ms;
	int64_t last_modified;
};

struct call {
	const char *method;
	const char *params;	  /* JSON */
	const struct caller *who; /* NULL: nobody, no conference */
};

/*
 * Opens the database PLENUM_TEST_DSN (migrated) and makes keys in a folder of its own. False when
 * the variable is not set; anything else that goes wrong ends the test program.
 */
bool call_start(void);
void call_stop(void);

/* One call, as the dispatcher makes it: roles, fields, key and body hash; returns with its answer.
 */
struct call_result call_method(const char *method, const char *params, const struct caller *who);
/* Many calls begun in one turn of the loop, so that merged methods meet in one batch. ret has n
 * places. */
void call_methods(const struct call *calls, int n, struct call_result *ret);
/* When the first bytes of the calls from now on came, in Unix ms; 0: from no socket. */
void call_came(int64_t unix_ms);
/* A document by name: "now.json". */
struct call_result call_document(const char *name, const struct caller *who);
/* Anything else that ends a request: run is called with data. */
struct call_result call_job(fault (*run)(struct request *rq, void *data), void *data);
/* A channel's snapshot: NULL when there is no row; else {"head","snapshot","tally"}. */
json_t *call_snapshot(const char *kind, const char *suffix, const char *conference, const char *id);

/* One SQL statement on a connection of the test's own: the first column of the first row, or NULL.
 * An error ends the program. */
const char *call_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Text in memory that lives until call_stop(). */
const char *call_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *call_uuid(void);

/* A conference of today's date in Europe/Copenhagen, and its people: made by SQL alone. */
const char *call_conference(const char *slug);
struct caller call_person(const char *conference, const char *name, unsigned roles);

#endif
